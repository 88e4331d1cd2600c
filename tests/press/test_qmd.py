"""Chapters are read as Quarto and jupytext read them, with the lines kept."""

import jupytext
import pytest

from press.qmd import VERBATIM, in_indented_code, parse


def kinds(source):
    return [(unit.kind, unit.line) for unit in source.units]


def test_text_cells_and_inline_code_keep_their_lines():
    source = parse("# A\n\nOne `{python} x` and\ntwo `{python} f('y')`.\n\n"
                   "```{python}\n#| label: fig-a\nplot()\n```\n\nEnd.\n")
    assert kinds(source) == [("inline", 3), ("inline", 4), ("text", 1), ("code", 6), ("text", 10)]
    inline = [unit.source for unit in source.units if unit.kind == "inline"]
    assert inline == ["x", "f('y')"]
    cell = source.units[3]
    assert (cell.label, cell.code, cell.options) == ("fig-a", "plot()", {"label": "fig-a"})
    text = source.units[2]
    assert [text.source[a:b] for a, b in text.spans] == ["`{python} x`", "`{python} f('y')`"]


@pytest.mark.parametrize("text", [
    "`` `{python} x` ``",
    "~~~\n`{python} x`\n~~~",
    "````markdown\n```{python}\nx\n```\n````",
    "```{{python}}\n`{python} x`\n```",
    "`{python}x`",
    "`python x`",
])
def test_what_only_looks_like_code_is_not_run(text):
    assert parse(f"# A\n\n{text}\n").executable() == []


@pytest.mark.parametrize("text, code", [
    ("a \\` b\n\n`c`", ["`c`"]), ("`a\n\nb` c", []), (r"a \\\\`c`", ["`c`"]),
    ("> ```\n> a\n>\n> ` b\n> ```\n> `c`", ["> ```\n> a\n>\n> ` b\n> ```", "`c`"]),
    ("- x\n\n  ~~~\n  a\n\n  b\n  ~~~", ["  ~~~\n  a\n\n  b\n  ~~~"]),
])
def test_what_is_verbatim(text, code):
    assert [found[0] for found in VERBATIM.finditer(text)] == code


def test_a_cell_that_is_not_evaluated_is_not_run():
    source = parse("```{python}\n#| eval: false\nx\n```\n\n```{python}\n#| label: none\n```\n")
    assert source.executable() == []


def test_front_matter_is_not_text():
    source = parse("---\ntitle: T\n---\n\n`{python} x`\n")
    assert source.meta == {"title": "T"}
    assert kinds(source) == [("inline", 5), ("text", 4)]


def test_broken_options_and_front_matter_are_noted():
    assert "YAML" in parse("```{python}\n#| a: [\nx\n```\n").units[0].fault
    assert "YAML" in parse("```{python}\n#| echo: !expr x\nx\n```\n").units[0].fault
    assert "YAML" in parse("---\na: [\n---\n").fault


def test_ids_are_stable_and_follow_labels():
    source = parse("`{python} a`\n\n```{python}\nb\n```\n\n```{python}\n#| label: tbl-c\nc\n```\n")
    assert [unit.id for unit in source.units] == ["inline-1", "text-1", "cell-1", "tbl-c"]


def test_cells_are_split_as_jupytext_splits_them(demo):
    for path in ("index.qmd", *(f"chapters/{n}.qmd" for n in ("01-data", "02-heights", "90-rows"))):
        # jupytext takes raw blocks for cells of a language called `=html`
        text = demo.read(path).partition("```{=")[0]
        ours = [(u.kind, u.source.strip()) for u in parse(text).units if u.kind != "inline"]
        theirs = [({"markdown": "text"}.get(c.cell_type, c.cell_type), c.source.strip())
                  for c in jupytext.reads(text, fmt="Rmd").cells if c.source.strip()]
        assert ours == theirs, path


@pytest.mark.parametrize("text, code", [
    ("A\n\n    `{python} x`", True), ("A\n\n\t`{python} x`", True), ("A\n    `{python} x`", False),
    ("- a\n\n    `{python} x`", False), ("- a\n\n      `{python} x`", True),
    ("1. a\n\n   `{python} x`", False), ("[^1]: a\n\n    `{python} x`", False),
    ("Term\n:   a\n\n    `{python} x`", False), ("- a\n    - b\n\n        `{python} x`", False),
    ("- a\n    - b\n\n            `{python} x`", True), ("# A\n\n   `{python} x`", False),
])
def test_code_by_its_indentation(text, code):
    lines = text.split("\n")
    assert in_indented_code(lines, len(lines)) is code


@pytest.mark.parametrize("text", [
    "- ~~~\n  `{python} x`\n  ~~~", "Term\n: ```\n  `{python} x`\n  ```",
    "[^1]: ```\n    `{python} x`\n    ```", "> - ```\n>   `{python} x`\n>   ```",
    "1. a\n\n    ```\n    - ```\n    `{python} x`\n    ```",
])
def test_fences_in_lists_notes_and_quotations(small, text):
    assert parse(f"# A\n\n{text}\n").executable() == []
    small.append("index.qmd", f"A[^1] b.\n\n{text}\n" if "[^1]" in text else text)
    assert small.press("lint").status == 0


def test_an_escaped_expression_is_told(small):
    line = small.append("index.qmd", "A \\`{python} x\\` and \\\\`{python} 1`.\n\n"
                        "    `{python} 1`\n")
    told = small.press("lint").err
    assert f"index.qmd:{line}: Quarto runs inline code after a backslash too" in told
    assert f"index.qmd:{line + 2}: inline code in an indented block" in told
    assert [unit.code for unit in parse(small.read("index.qmd")).executable()] == ["1", "1"]
