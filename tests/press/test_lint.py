"""The common subset: each rule finds its fault on its line, and clean text passes."""

import pytest

CELL = "```{{python}}\n{}\n```\n"

FAULTS = [
    ("A `{python}\nx` B.", 3, "on one line"),
    ("A `{python} x +\ny` B.", 3, "on one line"),
    ("A `{python} x``{python} y` B.", 3, "two inline expressions touch"),
    ("A `{python} ` B.", 3, "empty or has no end"),
    ("A `{python} x B.", 3, "empty or has no end"),
    ("A\x0bb", 3, "the control character U+000B cannot be shown"),
    ("```\nA \x1b[1m\n```", 4, "the control character U+001B"),
    ("-\u00a0item", 3, "the space behind `-` is one that joins words"),
    ("##Head", 3, "this heading would be printed as it stands; put a space behind `##`"),
    ("##\u00a0Head", 3, "the space behind `##`"),
    ("@sec-a-@sec-b", 3, "`@sec-a-@sec-b`: the hyphen is read as a mark"),
    ("{{< include other.qmd >}}", 3, "the shortcode {{< include other.qmd >}} is not supported"),
    ("{{< embed nb.ipynb#fig-x >}}", 3, "is not supported"),
    ("See @fig-a [@knuth1984].", 3, "read as one citation"),
    ("See [@knuth1984; @fig-a].", 3, "read as one citation"),
    ("See [see @fig-a; @knuth1984].", 3, "read as one citation"),
    ("[a](/chapters/x.qmd#y)", 3, "dead link in Quarto's PDF"),
    ("[a](x.html)", 3, "link to the source"),
    ("::: {.callout-note}\nText", 3, "this div is never closed"),
    ("Text\n\n:::", 5, "closes a div that was not opened"),
    ("::: {.panel-tabset}\nText\n:::", 3, "tabs have no form on paper"),
    ("::: {layout-ncol=2}\nText\n:::", 3, "`layout-ncol` is not supported"),
    ("```python\nx", 3, "this fence is never closed"),
    ("```{r}\nx\n```", 3, "a cell is ```{python}"),
    ("```{python, echo=FALSE}\nx\n```", 3, "a cell is ```{python}"),
    ("- a\n\n  ```{python}\n  x\n  ```", 5, "has to begin at the start of a line"),
    ("- a\n\n    ```{python}\n    x\n    ```", 5, "has to begin at the start of a line"),
    ("# Two", 3, "a second level-1 heading"),
    (CELL.format("#| echo: maybe\nx"), 4, "must be one of true, false"),
    (CELL.format("#| fig-width: 3\nx"), 4, "cell option `fig-width` is not supported"),
    (CELL.format("#| echo: !expr x\nx"), 3, "not valid YAML"),
    (CELL.format("#| label: Fig_A\nx"), 4, "small letters, digits and single hyphens"),
    (CELL.format("#| label: eq-a\nx"), 4, "`eq-` is not for cells"),
    (CELL.format("#| label: fig-a\n#| fig-cap: A\nx"), 4, "has no `fig-alt`"),
    (CELL.format("#| label: fig-a\n#| fig-alt: A\nx"), 4, "has no `fig-cap`"),
    (CELL.format("#| label: tbl-a\nx"), 4, "has no `tbl-cap`"),
    (CELL.format("#| label: tbl-a\n#| tbl-cap: `{python} n` rows\nx"), 3, "not valid YAML"),
    (CELL.format("#| label: tbl-a\n#| tbl-cap: N `{python} n`\nx"), 5, "inline code in `tbl-cap`"),
    (CELL.format("x;"), 4, "does not hide its value"),
    (CELL.format("#| label: a\nx") + "\n" + CELL.format("#| label: a\nx"), 9, "is taken by"),
    (CELL.format("#| echo: true\n#| fig-width: 3\nx"), 5, "cell option `fig-width`"),
]


@pytest.mark.parametrize("text, line, message", FAULTS, ids=[f[2][:34] for f in FAULTS])
def test_each_rule(small, text, line, message):
    small.path("index.qmd").write_text(f"# One\n\n{text}\n", "utf-8")
    done = small.press("lint")
    assert done.status == 1
    assert any(p.startswith(f"index.qmd:{line}: ") and message in p
               for p in done.err.splitlines()), done.err


@pytest.mark.parametrize("text, message", [
    ("Text without a heading.\n", "begins with a level-1 heading"),
    ("## Two\n", "begins with a level-1 heading"),
    ("---\ntitle: A\nabstract: B\n---\n", "front matter `abstract` is not supported"),
    ("---\ntitle: A `{python} x`\n---\n", "inline code in front matter"),
])
def test_the_beginning_of_a_chapter(small, text, message):
    small.path("index.qmd").write_text(text, "utf-8")
    assert message in small.press("lint").err


def test_what_is_shown_is_not_linted(small):
    small.path("index.qmd").write_text(
        "# One\n\nSee @fig-a and [@knuth1984], [@fig-a; @tbl-b], [@a; @b].\n\n"
        "Write `` `{python} x` `` or `{{< meta x >}}` or `#|`.\n\n"
        "````markdown\n::: {.panel-tabset}\n# Two\n{{< include x >}}\n`{python}\n````\n", "utf-8")
    done = small.press("lint")
    assert (done.status, done.err) == (0, "")


def test_the_demonstration_is_clean(demo):
    assert demo.press("lint").status == 0


def test_everything_is_reported_at_once(small):
    small.path("index.qmd").write_text("Text\n\n{{< a >}}\n\n:::\n", "utf-8")
    small.edit("_quarto.yml", "  type: book", "  type: book\n  bogus: 1")
    done = small.press("lint")
    assert done.err.count("\n") == 5
    assert "4 problems" in done.err


@pytest.mark.parametrize("old, new, what", [
    ('class="in-text"', 'class="note"', "puts citations into notes"),
    ("<citation", '<citation vertical-align="sup"', "raises citations"),
])
def test_a_style_that_moves_citations(book, old, new, what):
    style = book.read("numeric.csl")
    assert old in style
    line = style[:style.index(old)].count("\n") + 1
    book.edit("numeric.csl", old, new)
    done = book.press("lint")
    assert done.status == 1
    assert f"numeric.csl:{line if 'sup' in new else 2}: this style {what}" in done.err


def test_the_front_matter_is_told_by_its_lines(small):
    small.path("index.qmd").write_text("---\ntitle: One\nauthor: Me\n---\n\nText.\n", "utf-8")
    assert "index.qmd:3: front matter `author` is not supported" in small.press("lint").err
