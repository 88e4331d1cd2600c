"""A render that cannot be right stops, names chapter and line, and leaves the output as it was."""

import pytest

DATA = "chapters/01-data.qmd"


def failed(book, *messages, count=None):
    """Render, and expect each message; the output stays untouched."""
    before = book.output()
    done = book.press("render")
    assert done.status == 1, done.err
    assert "Traceback" not in done.err
    for message in messages:
        assert message in done.err, done.err
    assert done.err.rstrip().endswith("the output is as it was.")
    if count is not None:
        assert f"{count} problem" in done.err, done.err
    assert book.output() == before
    return done


TEXTS = [
    ("See @fig-none.", "`@fig-none` leads nowhere"),
    ("See [-@sec-none; @tbl-heights].", "`@sec-none` leads nowhere"),
    ("See [x](#none).", "`#none` leads nowhere"),
    ("See [x](02-heights.qmd#none).", "`02-heights.qmd#none` leads nowhere"),
    ("See [x](99-none.qmd).", "`99-none.qmd` leads nowhere"),
    ("See [x](../data/none.csv).", "the link to `data/none.csv` leads to no file"),
    ("As said [@nobody1999].", "`@nobody1999` is cited but is not in the bibliography"),
    ("![A picture](../wave.svg){#fig-none-alt fig-alt=\"\"}", "the image"),
    ("### Deep {#sec-heights-deep}\n\n##### Deeper", "leaves out a level"),
    ("::: {#fig-bare}\n![](../wave.svg){fig-alt=\"A wave.\"}\n:::", "`fig-bare` has no caption"),
    ("[Words]{#a-place}", "the label `a-place` is given twice"),
    ("Here []{#nothing}.", "`[]{#nothing}` holds nothing"),
]


@pytest.mark.parametrize("text, message", TEXTS, ids=[t[1][:40] for t in TEXTS])
def test_text_that_leads_nowhere(book, text, message):
    line = book.append(DATA, text)
    done = failed(book, message)
    offset = text.partition("#####")[0].count("\n") if "#####" in text else 0
    assert f"{DATA}:{line + offset}: " in done.err, done.err


def test_all_of_them_at_once(book):
    first = book.append(DATA, "See @fig-none and [@nobody1999].")
    second = book.append("chapters/90-rows.qmd", "See @tbl-none.")
    failed(book, f"{DATA}:{first}: `@fig-none`", f"{DATA}:{first}: `@nobody1999`",
           f"chapters/90-rows.qmd:{second}: `@tbl-none`", count=3)


def test_what_a_cell_writes_is_checked_and_its_line_named(book):
    line = book.append(DATA, '```{python}\nMarkdown("See @fig-none and [@nobody1999].")\n```')
    made = book.append(DATA, '```{python}\nMarkdown("See @" + "tbl-made.")\n```')
    failed(book, f"{DATA}:{line + 1}: `@fig-none` leads nowhere",
           f"{DATA}:{line + 1}: `@nobody1999` is cited",
           f"{DATA}:{made}: `@tbl-made` leads nowhere", count=3)


def test_failed_cells_in_two_chapters(book):
    first = book.append(DATA, "```{python}\n#| label: broken\nx = 1\nrows['none']\n```")
    second = book.append("chapters/90-rows.qmd", "A `{python} 1 / 0` number.")
    failed(book, f"{DATA}:{first + 3}: cell `broken` failed: KeyError: 'none'",
           f"chapters/90-rows.qmd:{second}: inline expression `1 / 0` failed: ZeroDivisionError: "
           "division by zero", count=2)


def test_each_failed_value_of_a_paragraph(book):
    line = book.append(DATA, "A `{python} 1 / 0`,\na `{python} none` and a `{python} 1 +` number.")
    failed(book, f"{DATA}:{line}: inline expression `1 / 0` failed: ZeroDivisionError",
           f"{DATA}:{line + 1}: inline expression `none` failed: NameError: name 'none' is not",
           f"{DATA}:{line + 1}: inline expression `1 +` failed: SyntaxError", count=3)


def test_a_cell_that_is_not_python(book):
    line = book.append(DATA, "```{python}\n#| label: broken\nx = (\n```")
    failed(book, f"{DATA}:{line + 2}: cell `broken` failed: SyntaxError", count=1)


def test_what_cells_show_is_checked(book):
    lines = [book.append(DATA, text) for text in (
        '```{python}\nMarkdown("n = `{python} n`")\n```',
        "```{python}\nGT(rows)\n```",
        "```{python}\n#| label: fig-two\n#| fig-cap: Two\n#| fig-alt: Two\n"
        "heights(rows)\nprint('more')\n```",
        "```{python}\n#| label: tbl-none\n#| tbl-cap: None\nx = 1\n```",
        "A `{python} None` value.",
    )]
    failed(book,
           f"{DATA}:{lines[0]}: the cell's Markdown holds inline code",
           f"{DATA}:{lines[1]}: a great_tables table with a random id",
           f"{DATA}:{lines[2]}: cell `fig-two` shows 2 outputs",
           f"{DATA}:{lines[3]}: cell `tbl-none` shows nothing",
           f"{DATA}:{lines[4]}: inline expression `None` shows nothing", count=5)


def test_a_label_twice(book):
    book.edit(DATA, "{#tbl-by-hand}", "{#tbl-heights}")
    book.edit(DATA, "@tbl-by-hand", "@tbl-heights")
    done = failed(book, f"{DATA}:44: the label `tbl-heights` is given twice")
    assert done.err.count("is given twice") == 2


def test_the_lint_comes_first(book):
    line = book.append(DATA, "{{< include x >}}")
    failed(book, f"{DATA}:{line}: the shortcode", count=1)


def test_a_failing_pre_render_stops_with_its_message(book):
    book.path("data/tides.csv").write_text("harbour\n", "utf-8")
    failed(book, "pre-render `python lib/check.py` ended with exit status 1",
           "data/tides.csv: no rows; put the measurements back")


def test_a_pre_render_that_does_not_exist(book):
    book.edit("_quarto.yml", "python lib/check.py", "no-such-program")
    failed(book, "pre-render `no-such-program`: No such file")


def test_bad_configuration(book):
    book.edit("_quarto.yml", "numeric.csl", "none.csl")
    failed(book, "_quarto.yml:27: `csl`: none.csl does not exist", count=1)


def test_broken_typst_is_reported_without_a_traceback(book):
    book.append(DATA, "```{=typst}\n#no-such-function()\n```")
    failed(book, "Typst: unknown variable: no-such-function")


def test_a_broken_bibliography(book):
    book.path("references.bib").write_text("@article{a,", "utf-8")
    failed(book, "references.bib")


def test_what_pandoc_warns_of_is_an_error(book):
    line = book.append(DATA, "[^1]: A second note of that name.")
    failed(book, f"{DATA}:{line}: Duplicate note reference '1'")


def test_what_is_wrong_with_the_html_of_cells_has_a_line(small):
    html = ("```{{python}}\nfrom IPython.display import HTML, display\n"
            "display(HTML({}))\n```\n")
    small.path("gone.png").write_bytes(b"")
    first = small.append("index.qmd", html.format("'<p id=' + 'x>a</p>'"))
    second = small.append("index.qmd", html.format("'<p id=' + 'x>a</p>'"))
    told = small.press("render", "--to", "html").err
    assert {f"index.qmd:{first}", f"index.qmd:{second}"} == {
        line.partition(": ")[0] for line in told.splitlines() if "the label `x` is given" in line}
    text = html.format("'<img src=' + 'gone.png>'")
    small.path("index.qmd").write_text(f"# One\n\n{text}", "utf-8")
    assert "index.qmd:3: the image `gone.png` has no text alternative" in small.press("render").err


def test_a_fault_of_syntax_names_no_file_that_is_not_there(small):
    line = small.append("index.qmd", "`{python} x[`\n\n```{python}\nprint(1\n```\n")
    told = small.press("render").err
    assert (f"index.qmd:{line}: inline expression `x[` failed: SyntaxError: '[' was never closed\n"
            in told)
    small.edit("index.qmd", "`{python} x[`\n\n", "")
    told = small.press("render").err
    assert "cell `cell-1` failed: SyntaxError: incomplete input\n" in told


def test_a_class_of_a_cell_is_told_at_its_option(small):
    for given in ("lost", "[small, \"lost\"]", "small lost"):
        small.path("index.qmd").write_text(
            f"# One\n\n```{{python}}\n#| echo: false\n#| classes: {given}\n1\n```\n", "utf-8")
        told = small.press("render", "--to", "html").err
        assert "index.qmd:5: the class `lost` is not supported" in told
