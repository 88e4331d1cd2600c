"""A value says the same wherever its expression stands; what has no quotes in YAML is a text."""

import pytest
from pypdf import PdfReader

from press.places import places
from press.qmd import parse
from press.reading import load_yaml
from press.values import inline_value


@pytest.mark.parametrize("text, place", [
    ("a `{python} x` b", ""), ("$`{python} x`$", "math"), ("$a = `{python} f('$')` + 1$", "math"),
    ("$$\na = `{python} x`\n$$", "math"), ("costs $5 and `{python} x` or $6", ""),
    ("<a href='`{python} x`'>y</a>", "tag"), ("a < b `{python} x` > c", ""),
    ("p <alpha and `{python} x` > c", ""), ("from $`{python} x`-$9", ""),
    ("<b>`{python} x`</b>", ""), ("[y](https://x.org/`{python} x`)", "target"),
    ("[y](z) `{python} x` (w)", ""), ("\\$`{python} x`$", ""),
])
def test_where_an_expression_stands(text, place):
    unit = parse(f"# A\n\n{text}\n").units[-1]
    assert list(places(unit.source, unit.spans)) == [place]


@pytest.mark.parametrize("value, place, written", [
    ("5%", "math", r"5\%"), ("-3", "math", "-3"), ("1,234.5", "math", "1{,}234.5"),
    ("1e+20", "math", r"\text{1e+20}"), ("a_b\\", "math", r"\text{a\_b\textbackslash{}}"),
    ('a_b "<', "tag", "a_b &quot;&lt;"), ("my file", "target", "my%20file"), ("a_b", "", r"a\_b"),
])
def test_how_a_value_is_written(value, place, written):
    assert inline_value([{"data": {"text/plain": "?"}, "plain": value}], place) == written


def test_mathematics_in_a_formula():
    assert inline_value([{"data": {"text/latex": r"$\alpha$"}}], "math") == r"\alpha"


@pytest.mark.parametrize("written, read", [
    ("12:30", "12:30"), ("Yes", "Yes"), ("1.10", "1.10"), ("007", "007"), ("0x1F", "0x1F"),
    ("2024-05-01", "2024-05-01"), ("1.5", 1.5), ("-3", -3), ("true", True), ("", None),
])
def test_what_has_no_quotes_is_read_as_written(written, read):
    assert load_yaml(f"a: {written}\n")[0] == {"a": read}


def test_titles_and_captions_that_begin_or_end_like_markup(small):
    small.path("index.qmd").write_text("---\ntitle: In C#\n---\n\n" + "\n\n".join(
        f"```{{python}}\n#| label: tbl-{n}\n#| tbl-cap: {caption!r}\n#| echo: false\n"
        "from IPython.display import Markdown\nMarkdown('| a |\\n|---|\\n| 1 |')\n```"
        for n, caption in enumerate(("# of patients", "> 65 years", "::: x", "1. one", "- 5"))),
        "utf-8")
    done = small.press("render", "--to", "html")
    assert done.status == 0, done.err
    assert small.page.main.section.h1.get_text() == "1 In C#"
    assert [c.get_text().strip().split(": ", 1)[1] for c in small.page.find_all("figcaption")] == [
        "# of patients", "> 65 years", "::: x", "1. one", "- 5"]


def test_a_caption_has_a_label(small):
    line = small.append("index.qmd", "```{python}\n#| fig-cap: Lost\n1\n```\n\n```{python}\n"
                        "#| label: tbl-a\n#| tbl-cap: Kept\n#| fig-cap: Lost\n1\n```\n")
    told = small.press("lint").err
    assert f"index.qmd:{line + 1}: `fig-cap` is not shown without a label `fig-…`" in told
    assert f"index.qmd:{line + 8}: `fig-cap` is not shown without a label" in told


def test_a_value_of_several_lines_is_refused(small):
    line = small.append("index.qmd", "A `{python} __import__('pandas').Series([1, 2])` b, "
                        "`{python} 'x\\ny'` c.\n\n`{python} 'Table: no caption'`\n")
    told = small.press("render", "--to", "html").err
    assert told.count("index.qmd:") == 1 and f"index.qmd:{line}: inline expression" in told


def test_a_caption_is_one_paragraph(small):
    line = small.append("index.qmd", "```{python}\n#| label: tbl-a\n#| tbl-cap: |\n#|   One.\n#|\n"
                        "#|   Two.\n1\n```\n")
    assert (f"index.qmd:{line + 2}: cell option `tbl-cap: One. Two.` must be one paragraph"
            in small.press("lint").err)


def test_a_list_ends_where_a_cell_begins(small):
    small.append("index.qmd", "1. one\n\n```{python}\n#| echo: false\n"
                 "from IPython.display import Markdown, display\n"
                 "display(Markdown('1. again'))\ndisplay(Markdown('1. third'))\n```\n\n1. last\n\n"
                 "- x\n\n```{python}\n#| include: false\n```\n\n- y\n")
    assert small.press("render").status == 0
    assert [len(found.find_all("li")) for found in small.page.main.find_all(["ol", "ul"])] == [
        1, 1, 1, 1, 2]
    paper = PdfReader(small.path("_book/book.pdf")).pages[-1].extract_text()
    assert paper.count("1.") == 4 and "2." not in paper
