"""Page and PDF say what the source says: signs, looks, paragraphs, long lines, tables."""

import pytest
from page_policy import style
from pypdf import PdfReader

from press import html_tables
from press.conditional import for_format, marks_restored
from press.pandoc import elements
from press.pipe_tables import faults
from press.qmd import parse, unbalanced
from press.subset import included_classes, style_classes

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


def pages(book):
    return [page.extract_text() for page in PdfReader(book.path("_book/book.pdf")).pages]


def content(book):
    """The operators of the PDF's pages, which have its colours and its letters' places."""
    return "\n".join(page.get_contents().get_data().decode("latin-1")
                     for page in PdfReader(book.path("_book/book.pdf")).pages)


def refused(book, text, *expected):
    """Each of ``expected`` is reported at its line of the text, and nothing else is."""
    first = book.append("index.qmd", text)
    done = book.press("render", "--to", "html")
    assert done.status == 1
    for line, message in expected:
        assert f"index.qmd:{first + line}: {message}" in done.err, done.err
    assert done.err.count("index.qmd:") == len(expected), done.err


def test_signs_are_those_of_the_source(small):
    small.path("a.svg").write_text(SVG, "utf-8")
    small.append("index.qmd", "The 1980's were -5 and *-4*, @fig-a's 5'10\".\n\n"
                 "| A number |\n|---|\n| (-6) |\n\n![It's -3](a.svg){#fig-a}\n\n"
                 "```{python}\n#| echo: false\nfrom IPython.display import HTML\n"
                 "HTML('<p>cell’s -2</p><table><td>(-7)<td>a...b...c</table>')\n```\n")
    assert small.press("render").status == 0
    page, paper = small.page.main.get_text(), " ".join("\n".join(pages(small)).split())
    for words in ("The 1980’s were -5 and -4, Figure\u00a01.1’s 5’10”.", "It’s -3", "cell’s -2",
                  "(-6)", "(-7)", "a...b...c"):
        assert words in page
        assert words.replace("\u00a0", " ") in paper.replace("\u00a0", " ")
    assert small.page.find("img")["alt"] == "It’s -3"


def test_the_alternative_of_an_image_stays_one_text():
    tree = [{"t": "Image", "c": [["", [], []], [{"t": "Str", "c": "-5"}], ["a.svg", ""]]},
            {"t": "Str", "c": "-5’"}]
    image, hyphen, rest = for_format(tree, "typst")
    assert image["c"][1:] == tree[0]["c"][1:]
    assert (hyphen["c"], marks_restored(rest["c"])) == (["typst", "\\-"], "5’")
    assert for_format(tree, "html") == tree


def test_an_image_in_a_line_stays_in_it_whatever_is_around_it():
    image = {"t": "Image", "c": [["", [], []], [], ["a.svg", ""]]}
    marked = {"t": "Image", "c": [["", [], [["inline", "true"]]], [], ["a.svg", ""]]}
    word = {"t": "Str", "c": "w"}
    for kind, around in (("Emph", []), ("Quoted", [{"t": "DoubleQuote"}])):
        tree = [{"t": "Para", "c": [{"t": kind, "c": [*around, [image, word]] if around else
                                     [image, word]}]}]
        assert marked in list(elements(for_format(tree, "typst")))
    assert for_format([{"t": "Para", "c": [image]}], "typst") == [{"t": "Para", "c": [image]}]
    assert marked in list(elements(for_format([{"t": "Header", "c": [2, ["", [], []], [image]]}],
                                              "typst")))


def test_paragraphs_stay_apart_in_print(small):
    small.append("index.qmd", "Term\n:   First one.\n\n    Second one.\n\n```{python}\n"
                 "#| echo: false\nfrom IPython.display import HTML\n"
                 "HTML('<div>Before<p>Between</p>After</div>')\n```\n")
    assert small.press("render").status == 0
    lines = [line.strip() for page in pages(small) for line in page.splitlines()]
    for words in ("First one.", "Second one.", "Before", "Between", "After"):
        assert words in lines


def test_code_that_has_no_space_does_not_leave_the_page(small):
    word = "https://example.org/" + "/".join(f"part{n}" for n in range(30))
    small.append("index.qmd", f"```python\nx = \"{word}\"\n```\n\n```{{python}}\n"
                 f"#| echo: false\nprint('ACGT' * 40)\n```\n")
    assert small.press("render").status == 0
    paper = "".join("".join(pages(small)).split()).replace("\u200b", "")
    assert word in paper
    assert "ACGT" * 40 in paper
    assert len([line for page in pages(small) for line in page.splitlines()
                if "ACGT" in line]) > 1
    assert "\u200b" not in small.read("_book/index.html")


def test_styles_and_marks_are_in_print(small):
    small.append("index.qmd", "[red]{style='color: red'} <mark>seen</mark> "
                 "[teal]{style='background: rgb(0, 128, 128)'}\n\n"
                 "::: {style='color: navy; text-align: center'}\nBlue\n:::\n\n```{python}\n"
                 "#| echo: false\nimport pandas as pd\n"
                 "pd.DataFrame({'v': [1, 2]}).style.highlight_max(color='tomato')\n```\n")
    assert small.press("render").status == 0
    drawn = content(small)
    for colour in ("1 0 0", "1 0.9529412 0.6901961", "0 0.5019608 0.5019608", "0 0 0.5019608",
                   "1 0.3882353 0.2784314"):
        assert f"\n{colour} sc" in drawn or f" {colour} sc" in drawn, colour
    assert small.page.find("mark").get_text() == "seen"


def test_heads_with_links_of_tables_over_pages(small):
    rows = "".join(f"| {n} | x |\n" for n in range(80))
    for head in ("[Linked](https://x.org)", "Noted^[A note.]", "Referring @sec-one", "Plain"):
        small.append("index.qmd", f"| {head} | B |\n|---|---|\n{rows}")
    done = small.press("render", "--to", "pdf")
    assert done.status == 0, done.err
    paper = "\n".join(pages(small))
    assert [paper.count(word) for word in ("Linked", "Noted", "Referring")] == [1, 1, 1]
    assert paper.count("Plain") > 1


def test_emphasis_within_italics_is_italic_in_print(small):
    small.append("index.qmd", "[a *within*]{style='font-style: italic'} *b _inside_*\n")
    assert small.press("render", "--to", "pdf").status == 0
    looks = {}

    def note(text, _moved, _placed, font, _size):
        looks[text.strip()] = font and font["/BaseFont"]

    PdfReader(small.path("_book/book.pdf")).pages[-1].extract_text(visitor_text=note)
    assert "Italic" in looks["within"] and "Italic" in looks["inside"]


def test_the_box_of_a_table_is_named_in_words(small):
    small.append("index.qmd", "## Two with @sec-one and *words*\n\n| a |\n|---|\n| 1 |\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.find(class_="table-scroll")["aria-label"] == "Table in: Two with and words"


def test_the_note_of_a_heading_is_not_in_the_contents(small):
    small.append("index.qmd", "## Two^[A note.]\n\nText^[Another.].\n")
    assert small.press("render").status == 0
    contents, chapter = pages(small)[-2:]
    assert "A note." not in contents
    assert chapter.count("A note.") == 1
    assert "1A note." in chapter.replace(" note", " note")


def test_ids_of_code_and_links_are_targets(small):
    small.append("index.qmd", "```{.python #listing}\nx = 1\n```\n\n[out](https://x.org){#out}\n\n"
                 "[code](#listing) [link](#out)\n")
    done = small.press("render")
    assert done.status == 0, done.err
    assert {a["href"] for a in small.page.main.find_all("a")} >= {"#listing", "#out"}
    assert small.page.find(id="listing") and small.page.find(id="out")


def test_a_warning_is_the_same_in_every_run(small):
    small.append("index.qmd", "```{python}\nimport warnings\nwarnings.warn('old')\n```\n")
    assert small.press("render", "--to", "html").status == 0
    assert "cell:2: UserWarning: old" in small.page.main.get_text()


@pytest.mark.parametrize("text, wrong", [
    ("::: {.small}\nx\n:::", ""), ("::: {.small}\nx", "opens a div"), ("x\n:::", "closes a div"),
    ("```\n:::\n```", ""), ("```python\nx", "opens a fence"), ("~~~\n```\n~~~", ""), ("", ""),
])
def test_what_a_piece_of_markdown_leaves_open(text, wrong):
    assert unbalanced(text).startswith(wrong)
    assert bool(unbalanced(text)) == bool(wrong)


def test_a_cell_closes_what_it_opens(small):
    line = small.append("index.qmd", "```{python}\nfrom IPython.display import Markdown\n"
                        "Markdown('::: {.callout-note}\\nwords')\n```\n")
    done = small.press("render", "--to", "html")
    assert (f"index.qmd:{line}: the cell's Markdown opens a div (`:::`) that it does not close"
            in done.err)


def test_a_div_may_be_open_over_outputs_of_a_cell(small):
    small.append("index.qmd", "```{python}\n#| output: asis\nfrom IPython.display import *\n"
                 "print('::: {.callout-note}')\ndisplay(HTML('<p>inside</p>'))\n"
                 "print(':::')\n```\n")
    assert small.press("render", "--to", "html").status == 0
    assert "inside" in small.page.find(class_="callout").get_text()


def test_outputs_stay_in_their_order(small):
    small.append("index.qmd", "```{python}\n#| output: asis\n#| echo: false\nimport sys\n"
                 "from IPython.display import HTML, display\nfor name in 'AB':\n"
                 "    print(f'## Part {name}\\n')\n    print('err', name, file=sys.stderr)\n"
                 "    display(HTML(f'<p>table {name}</p>'))\n```\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.main.get_text(" ", strip=True).endswith(
        "1.1 Part A err A table A 1.2 Part B err B table B")


@pytest.mark.parametrize("table, found", [
    ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", [(3, 3, 2)]),
    ("a | b\n--|--\n1 | 2 | 3", [(3, 3, 2)]), ("| a | b |\n|---|---|\n| 1 |", []),
    ("| a | b |\n|---|---|\n| `x|y` | $|z|$ |\n| x\\|y | |", []),
    ("```\n| a |\n|---|\n| 1 | 2 |\n```", []), ("| a | b | c |\n|---|---|\n| 1 |", [(1, 3, 2)]),
    ("| a |\n|---|\n\n| line | block | it is", []),
])
def test_rows_that_are_too_long(table, found):
    assert [(line, message.split(",")[0]) for line, message in faults(table)] == [
        (line, f"this row has {cells} cells and its table {columns} columns")
        for line, cells, columns in found]


def test_the_tag_of_a_block_in_a_row_is_refused(small):
    refused(small, "| a |\n|---|\n| <b>x</b> y<br>z |\n| <ul><li>lost</ul> |\n",
            (3, "the raw HTML <ul> and what follows it in its cell would be lost"),
            (3, "the raw HTML <li> and what"))


def test_words_with_two_lines_and_a_term_of_two_lines(small):
    small.append("index.qmd", "[~~both~~]{.underline} <s><u>ways</u></s> [styled]{style='"
                 "text-decoration: underline line-through'}\n\nTerm<br>goes on\n: Definition\n\n"
                 "Formula $$x^2$$ too\n: Another\n")
    done = small.press("render")
    assert done.status == 0, done.err
    paper = "\n".join(pages(small))
    assert all(word in paper for word in ("both ways styled", "goes on", "Definition", "too"))


def test_markup_around_nothing_and_numbers_that_are_not_there(small):
    refused(small, "Use of ~~~ tildes.\n", (0, "`~~` is read as markup around nothing"))
    small.path("index.qmd").write_text("# One\n\n## Two {.unnumbered #sec-two}\n", "utf-8")
    refused(small, "See [-@sec-two].\n", (0, "`@sec-two` has no number"))


def test_ids_in_html_are_targets_however_they_are_written(small):
    small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import HTML\n"
                 "HTML('<p id=\"a\">x</p><p id=b>y</p>' + \"<p id='c'>z</p>\")\n```\n\n"
                 "[a](#a) [b](#b) [c](#c)\n")
    assert small.press("render", "--to", "html").status == 0


def test_notes_in_notes_and_annotations_of_code(small):
    refused(small, "A^[note ^[lost]].\n\n```python\nx = 1  # <1>\n```\n",
            (0, "a note inside of a note"), (3, "`<1>` is an annotation of code"))


def test_a_row_that_is_too_long_is_refused_at_its_line(small):
    refused(small, "| a |\n|---|\n| 1 | lost |\n", (2, "this row has 2 cells and its table 1"))


def test_pandoc_names_the_line(small):
    refused(small, "A[^1].\n\n[^1]: one\n[^1]: two\n\n[^2]: lost\n",
            (3, "Duplicate note reference '1'"), (5, "Note with key '2' defined but not used."))


def test_tables_in_code_by_its_indentation_are_code(small):
    small.append("index.qmd", "Text:\n\n    ---\n    title: x\n    ---\n\n    | a |\n    |---|\n"
                 "    | 1 | 2 |\n\n    +--+--+\n    | a | b|\n    +--+--+\n")
    done = small.press("render", "--to", "html")
    assert done.status == 0, done.err
    refused(small, "- item\n\n    | a |\n    |---|\n    | 1 | 3 |\n", (4, "this row has 2"))


def test_an_icon_and_a_heading_without_words_are_found(small):
    refused(small, "<i class='bi'></i> with **bold**\n\n##\n\n### Words\n",
            (0, "the raw HTML `<i class='bi'>` is lost"), (2, "a heading without words"))


def test_what_leads_nowhere(small):
    refused(small, "[words]()\n\n[](https://x.org)\n\n![](){fig-alt='x'}\n",
            (0, "a link that leads nowhere"), (2, "the link to https://x.org has no words"),
            (4, "an image without a file"))


def test_what_the_lint_says_of_notes_options_and_other_languages(small):
    refused(small, "A note[^gone], `{r} 1 + 1` and `{python}2`.\n\n```{python}\nx = 1\n"
            "#| echo: false\n```\n\n```{python}\n#| label: a\n#| label: b\ny = 1\n```\n",
            (0, "`[^gone]`: no line"), (0, "`{r} …` would be printed"),
            (0, "`{python}…` would be printed"), (4, "an option has no effect here"),
            (7, "the cell's options are not valid YAML: `label` is given twice"))


def test_a_key_is_given_once(small):
    small.append("_quarto.yml", "lang: en\nlang: de\n")
    done = small.press("render")
    assert "_quarto.yml:9: not valid YAML: `lang` is given twice" in done.err


def test_what_is_commented_out_is_not_checked(small):
    small.append("index.qmd", "<!--\n# Old\n\n::: {.gone}\n{{< pagebreak >}}\n-->\n\n"
                 "`<!--` and text\n")
    done = small.press("render")
    assert done.status == 0, done.err
    assert "pagebreak" not in small.page.main.get_text()


def test_options_with_a_space():
    cell, = parse("```{python}\n# | echo: false\n#|label: x\nx = 1\n```\n").units
    assert (cell.options, cell.code, cell.fault) == ({"echo": False, "label": "x"}, "x = 1", "")
    assert (cell.line_of("label"), cell.line_of("eval")) == (3, 1)


def test_classes_that_a_page_knows():
    assert style_classes(".a, p.b > .c:hover { width: .5em; background: url(x.png) } "
                         "/* .no { } */ @media print { .d { color: red } }") == set("abcd")
    assert included_classes("<style>.a { }</style><script>x.hidden = find('.b');"
                            "y.classList.add('c')</script>") == set("abc")


def test_names_of_the_page_itself_are_no_classes(small):
    refused(small, "::: {.hidden}\nx\n:::\n\n::: warning\ny\n:::\n\n"
            "![c](a.svg){fig-align='center'}\n\n::: {.center}\nx\n:::\n\n"
            "::: {#nte-x .callout-note}\nz\n:::\n",
            (0, "the class `hidden` is not supported"), (4, "the class `warning` is not"),
            (8, "the attribute `fig-align`"), (10, "the class `center` is not supported"),
            (14, "`nte-x`: callouts have no number here"))


def test_one_property_holds_where_a_style_has_it_twice(small):
    small.append("index.qmd", "[x]{style='color: red; color: lime'}\n")
    assert small.press("render").status == 0
    assert "0 1 0 sc" in content(small)
    assert "lime" in style(small.page, small.page.main.find("p").find_next("span"))


def test_titles_are_markdown_in_both_documents(small):
    small.edit("_quarto.yml", "title: Small", "title: \"A_b *c* 5 < 6, 1980's `d`\"\n"
               "  subtitle: \"It's 2*3\"\n  description: '-5 **bold** [l](https://x.org)'")
    done = small.press("render")
    assert done.status == 0, done.err
    header, paper = small.page.find("header"), " ".join(pages(small)[0].split())
    for words in ("A_b c 5 < 6, 1980’s d", "It’s 2*3", "-5 bold l"):
        assert words in header.get_text()
        assert words in paper
    assert header.h1.em.get_text() == "c" and header.find("a")["href"] == "https://x.org"
    assert small.page.title.get_text() == "A_b c 5 < 6, 1980’s d"


def test_raw_html_in_a_title_is_refused(small):
    small.edit("_quarto.yml", "title: Small", "title: A <blink>b</blink>")
    assert "_quarto.yml: the raw HTML `<blink>`" in small.press("render").err


def test_a_title_of_two_lines_is_one_heading(small):
    small.edit("index.qmd", "# One {#sec-one}\n", "---\ntitle: |\n  One\n  heading\n---\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.main.find("section").find("h1").get_text() == "1 One heading"


def test_a_callout_whose_title_is_empty(small):
    small.append("index.qmd", "::: {.callout-tip title=''}\nx\n:::\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.find(class_="callout-title").get_text().strip() == "Tip"


def test_tables_whose_parts_have_no_end(small):
    small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import HTML\n"
                 "HTML('<table><tr><th>A<td>1<tr><th>B<td>2</table>')\n```\n\n```{python}\n"
                 "#| echo: false\nHTML('alone')\n```\n\n```{python}\n#| echo: false\n"
                 "HTML('too')\n```\n")
    assert small.press("render").status == 0
    lines = [line.strip() for page in pages(small) for line in page.splitlines()]
    assert "A 1" in lines and "B 2" in lines and "alone" in lines and "too" in lines
    nested = ("<table><tr><td>a<table><tr><td>n</table>b<td>c</table>")
    assert html_tables.cleaned(nested, "x") == (
        "<table><tr><td>a<table><tr><td>n</td></tr></table>b</td><td>c</td></tr></table>")


def test_what_a_styler_says_of_whole_tables_goes_into_the_cells():
    sheet = ("<style>#T_abcde th { color: green } #T_abcde td.col1, #T_abcde .x "
             "{ color: red; }</style>")
    table = '<table id="T_abcde"><tr><th>h</th><td class="col1 y">1</td><td class="x">2</td>'
    made = html_tables.cleaned(f"{sheet}{table}</tr></table>", "c")
    assert made == ('<table id="c--styled"><tr><th style="color: green;">h</th>'
                    '<td class="col1 y" style="color: red;">1</td>'
                    '<td class="x" style="color: red;">2</td></tr></table>')
    assert "<style" in html_tables.cleaned(f"<style>#T_abcde tr:hover {{ }}</style>{table}", "c")


def test_a_style_sheet_of_a_cell_is_refused(small):
    refused(small, "```{python}\nfrom IPython.display import HTML\n"
            "HTML('<style>.a { color: red }</style><p class=a>x</p>')\n```\n",
            (0, "the page takes no style sheet from a chapter"))


def test_what_is_no_unicode_fails_where_it_is_printed(small):
    line = small.append("index.qmd", "```{python}\nprint('fine')\nprint('\\ud800')\n```\n")
    done = small.press("render", "--to", "html")
    assert f"index.qmd:{line + 2}: cell `cell-1` failed: UnicodeEncodeError" in done.err


@pytest.mark.parametrize("entry, line", [("@book{a,\n title={A}\n", 3), ("@book{a b}\n", 1)])
def test_a_bibliography_that_cannot_be_read_is_named(small, entry, line):
    small.path("r.bib").write_text(entry, "utf-8")
    small.append("_quarto.yml", "bibliography: r.bib\n")
    done = small.press("render")
    assert f"r.bib:{line}: cannot be read: unexpected" in done.err


def test_three_points_and_what_a_page_hides(small):
    small.append("index.qmd", "Wait\\... `{python} 'and so on...'` …\n\n```{python}\n"
                 "#| echo: false\nfrom IPython.display import HTML\n"
                 "HTML('<p>a...b <span hidden>GONE</span> -4... "
                 "<span style=\"display: none\">LOST</span>.</p>')\n```\n")
    assert small.press("render").status == 0
    paper = " ".join(pages(small)[-1].split())
    assert "Wait... and so on... …" in paper and "a...b" in paper and "-4..." in paper
    assert "GONE" not in paper and "LOST" not in paper


def test_an_image_stands_in_its_line(small):
    small.path("a.svg").write_text(SVG, "utf-8")
    small.append("index.qmd", "Before ![a](a.svg) after.\n\n"
                 "[words ![b](a.svg)](https://x.org) end\n")
    done = small.press("render")
    assert done.status == 0, done.err
    lines = [" ".join(line.split()) for line in pages(small)[-1].splitlines()]
    assert "Before after." in lines and "words end" in lines


def test_a_picture_that_is_data_is_in_print(small):
    pixel = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJ"
             "RU5ErkJggg==")
    small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import HTML\n"
                 f"HTML('<img src=\"data:image/png;base64,{pixel}\" alt=\"dot\">')\n```\n")
    done = small.press("render")
    assert done.status == 0, done.err
    assert len(list(PdfReader(small.path("_book/book.pdf")).pages[-1].images)) == 1


def test_an_equation_of_a_tight_list_and_a_file_with_a_query(small):
    small.path("data.csv").write_text("a\n", "utf-8")
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: data.csv\n")
    small.append("index.qmd", "- one $$x$$ {#eq-x}\n- two\n\n@eq-x, [data](data.csv?raw=1#row=2)\n")
    done = small.press("render")
    assert done.status == 0, done.err
    assert "{#eq-x}" not in small.page.main.get_text()
    assert small.page.main.find("a", string="data")["href"] == "data.csv?raw=1#row=2"
