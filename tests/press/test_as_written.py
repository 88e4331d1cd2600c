"""Words stay the words of the source in both documents, and what cannot be shown is refused."""

import re

import pytest
from pypdf import PdfReader

CELL = "```{{python}}\n#| echo: false\n{}\n```\n"


def shown(small, text):
    """The words of page and PDF of a chapter with this text."""
    small.append("index.qmd", text)
    done = small.press("render")
    assert done.status == 0, done.err
    paper = " ".join(page.extract_text() for page in
                     PdfReader(small.path("_book/book.pdf")).pages[2:])
    return re.sub(r"\s+", " ", small.page.main.get_text(" ")), re.sub(r"\s+", " ", paper)


WRITTEN = """CD38-?, BCMA-?, https://x.org/-?a=b.

## 1. First {#sec-first}

- \\+ plus
- = equal
- / slash
- `{python} "- dash"`
- `{python} "+ 5 more"`

[1. Link](#sec-first) and [\\- mark]{.mark} with a note.^[= noted]

`{python} 7`. January it was.

(`{python} 8`) in brackets.

::: {.callout-note title="2024. A *year* `{python} "a *b* c @k"`"}
Body.
:::
"""


def test_no_word_becomes_a_mark_in_print(small):
    page, paper = shown(small, WRITTEN)
    for words in ("CD38-?, BCMA-?", "/-?a=b", "1. First", "+ plus", "= equal", "/ slash", "- dash",
                  "+ 5 more", "1. Link", "- mark", "= noted", "7. January it was",
                  "(8) in brackets", "2024. A year a *b* c @k"):
        close = words.replace(" ", "")
        assert close in page.replace(" ", ""), words
        assert close in paper.replace(" ", ""), words
    assert not small.page.main.select("section:not(.footnotes) > ol")


def test_html_of_a_cell_keeps_its_words_in_print(small):
    _, paper = shown(small, CELL.format(
        "from IPython.display import HTML\nHTML('<ul><li>+ plus</li><li>1. one</li></ul>"
        "<table><tr><td>- cell</td><td>CD38-?</td></tr></table>')"))
    for words in ("+ plus", "1. one", "- cell", "CD38-?"):
        assert words.replace(" ", "") in paper.replace(" ", ""), words


def test_every_equation_of_a_paragraph_has_its_label(small):
    page, paper = shown(small, "$$a$$ {#eq-a}\n$$b$$ {#eq-b}\n\n$$c$$ {#eq-größe}\n\n"
                               "See @eq-a, @Eq-b, @eq-größe.\n")
    for text in (page, paper):
        assert "{#eq" not in text
        assert "(1.3)" in text.replace(" ", "") and "Equation 1.2" in text.replace("\u00a0", " ")


def test_lists_in_cells_count_as_they_are_written(small):
    _, paper = shown(small, "+-----------+\n| a. alpha  |\n| b. beta   |\n+-----------+\n"
                            "| iv) four  |\n+-----------+\n| (2) two   |\n+-----------+\n")
    for words in ("a. alpha", "b. beta", "iv) four", "(2) two"):
        assert words.replace(" ", "") in paper.replace(" ", ""), words


def test_what_is_hidden_or_a_remark_is_in_neither_document(small):
    page, paper = shown(small, 'Abc [hidden]{style="display:none"} def.\n\n'
                               '::: {style="display: none"}\nUNSEEN\n:::\n\n'
                               'X <!-- remark --> y.\n\n'
                               "<!-- a block of remarks -->\n")
    assert "hidden" not in paper and "UNSEEN" not in paper
    assert "remark" not in small.read("_book/index.html")


def test_languages_of_spans_have_their_quotation_marks(small):
    _, paper = shown(small, 'She "said" [he "sagte"]{lang=de}.\n')
    assert "“said”" in paper and "„sagte“" in paper


def test_a_callout_holds_its_headings(small):
    shown(small, '::: {.callout-note collapse="true" appearance="simple" icon="false" title='
                 '"Fold"}\n## Inside\n\nwords\n:::\n\n'
                 "## After {#sec-after}\n\nmore\n")
    fold = small.page.select_one("details.callout")
    assert fold.find("h2").get_text() == "1.1 Inside" and "words" in fold.get_text()
    assert "more" not in fold.get_text()
    assert small.page.select_one("section#sec-after h2")
    assert small.page.select_one("details.callout section") is None


def test_results_that_look_like_objects_are_shown(small):
    page, paper = shown(small, CELL.format(
        "import enum\nclass C(enum.Enum): RED=1\nC.RED") + "\n" + CELL.format(
        "#| label: named\nfrom IPython.display import HTML, display\n"
        "display(HTML('<p>one</p>'))\ndisplay(None)"))
    assert "<C.RED: 1>" in page and "<C.RED: 1>" in paper
    assert "None" in page and "None" in paper


def test_the_plainest_styler_is_a_table(small):
    shown(small, CELL.format("import pandas as pd\nfrom IPython.display import display\n"
                             "for n in (1.5, 2.5):\n"
                             "    display(pd.DataFrame({'a': [n]}).style.format('{:.2f}'))"))
    assert [cell.get_text() for cell in small.page.select("td.data")] == ["1.50", "2.50"]
    ids = [element["id"] for element in small.page.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("border", ["2px solid red", "2px solid #ff0000",
                                    "2px solid rgb(255, 0, 0)"])
def test_borders_are_printed_in_their_colour(small, border):
    shown(small, CELL.format("from IPython.display import HTML\nHTML('<table><tr><td style=\""
                             f"border-bottom: {border}\">x</td></tr></table>')"))
    fragment, = small.path(".press/fragments").glob("index.*.typst.json")
    assert "bottom: 1pt + rgb" in fragment.read_text("utf-8").replace("1.0pt", "1pt")
    assert "#ff0000" in fragment.read_text("utf-8")


def test_headings_of_the_same_words_in_two_chapters(small):
    small.path("two.qmd").write_text("# Two\n\n## Größe\n\n## 2024\n\ny\n", "utf-8")
    small.edit("_quarto.yml", "    - index.qmd\n", "    - index.qmd\n    - two.qmd\n")
    shown(small, "## Größe\n\n## 2024\n\nx\n")
    assert len(small.page.select("section > h2")) == 4


@pytest.mark.parametrize(("text", "line", "words"), [
    ("para\n::: {.callout-tip}\nx\n:::\n", 6, "`:::` would be printed as it stands"),
    ("::: callout-note extra\nx\n:::\n", 5, "would be printed as it stands"),
    ("$$d$$ {#eq-d .cls}\n", 5, "would be printed as it stands"),
    ("words {#eq-d}\n", 5, "would be printed as it stands"),
    ("![x](p.svg){#fig-a fig-alt=“x y”}\n", 5, "would be printed as they stand"),
    ("$x \\tag{3}$\n", 5, "`\\tag` in a formula"),
    ('[a]{style="text-transform: uppercase"}\n', 5, "`text-transform: uppercase` of <span>"),
    ('[a]{style="color: hsl(1, 2%, 3%)"}\n', 5, "`color: hsl(1, 2%, 3%)` of <span>"),
    ('::: {style="border: 1px solid red"}\nx\n:::\n', 5, "`border: 1px solid red` of <div>"),
    ("- a\n\n    <pre>LOST</pre>\n", 7, "<pre>LOST</pre>"),
    ("> <ul><li>x</li></ul>\n", 5, "<ul>"),
    ('![a](p.svg "T")\n', 5, 'the title "T" of an image'),
    ("```{python}\n#| output: asis\nprint('<ul><li>x</li></ul>')\n```\n", 7,
     "the raw HTML `<ul>`")])
def test_what_cannot_be_shown_as_written_is_refused(small, text, line, words):
    assert small.append("index.qmd", text) == 5
    done = small.press("render")
    assert done.status == 1 and words in done.err + done.out
    assert f"index.qmd:{line}: " in done.err + done.out
    assert not small.path("_book").exists()


def test_raw_html_that_is_asked_for_is_on_the_page_wherever_it_stands(small):
    page, paper = shown(small, "```{=html}\n<p>one</p>\n```\n\n- a\n\n    ```{=html}\n"
                               "    <p>two</p>\n    ```\n\n> ~~~ {=html}\n> <p>three</p>\n> ~~~\n"
                               "\n        ```{=html}\n        code\n        ```\n")
    assert all(word in page for word in ("one", "two", "three"))
    assert "pressX" not in small.read("_book/index.html") and "pressX" not in paper


@pytest.mark.parametrize(("inside", "words"), [
    ("<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>x</div></foreignObject>",
     "<foreignObject>"),
    ('<image href="a.png" width="1" height="1"/>', "the picture a.png from another file")])
def test_drawings_of_which_a_document_would_show_less_are_refused(small, inside, words):
    small.path("p.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
                                   f"{inside}</svg>", "utf-8")
    small.append("index.qmd", "![words](p.svg)\n")
    done = small.press("render")
    assert done.status == 1 and done.err.count("p.svg holds") == 1
    assert words in done.err and "index.qmd:5: " in done.err


@pytest.mark.parametrize("text", ["::: {.cell-html}\nx\n:::\n",
                                  "```{.python fold=\"true\"}\nx\n```\n"])
def test_names_of_the_renderer_are_no_part_of_a_source(small, text):
    small.append("index.qmd", text)
    done = small.press("render")
    assert done.status == 1 and "index.qmd:5: " in done.err
