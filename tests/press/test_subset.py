"""What is outside of the subset is refused with file and line; what is in it keeps its meaning."""

import json

import pytest
from layers import first
from page_policy import style

from press import subset
from press.bibliography import entries
from press.pandoc import run
from press.raw_html import native


def lint_or_render(small, text, *formats):
    line = small.append("index.qmd", text)
    return line, small.press("render", *(["--to", *formats] if formats else []))


@pytest.mark.parametrize("text, message", [
    ('::: {.content-visible when-meta="draft"}\nx\n:::', "the attribute `when-meta`"),
    ('::: {.content-hidden unless-profile="a"}\nx\n:::', "the attribute `unless-profile`"),
    ('::: {.content-visible when-format="hmtl"}\nx\n:::', 'when-format="hmtl"`: there is no such'),
    ("::: {.panel-tabset-like}\nx\n:::", "the class `panel-tabset-like` is not supported"),
    ("::: {.callout-danger}\nx\n:::", "the class `callout-danger` is not supported"),
    ("::: {.callout}\nx\n:::", "the class `callout` is not supported"),
    ('::: {.callout-note collapse="maybe"}\nx\n:::', 'collapse="maybe"'),
    ('::: {.callout-note appearance="big"}\nx\n:::', 'appearance="big"'),
    ('::: {.small icon="false"}\nx\n:::', "attribute `icon`"),
    ("\\begin{align}\na &= b\n\\end{align}", "put a formula between `$$`"),
    ("::: {#thm-a}\nx\n:::", "`thm-a`: `thm-` blocks are not supported"),
    ("::: {#fig-empty}\nOnly a caption.\n:::", "`fig-empty` holds nothing but a caption"),
    ("A [word]{.aside}.", "the class `aside` is not supported: there is no margin"),
    ("A \\textbf{word} in TeX.", "raw TeX (`\\textbf{word}`)"),
    ("\\newpage", "raw TeX (`\\newpage`)"),
    ("```{=docx}\nx\n```", "raw docx (`x`)"),
    ('```{.python filename="a.py"}\nx\n```', "the attribute `filename`"),
    ('![a](w.svg){fig-alt="a" fig-align="left"}', "the attribute `fig-align`"),
    ("![a](https://example.org/w.png)", "the image https://example.org/w.png is no file"),
    ("Text ![a](w.svg){#fig-in} in a line", "`fig-in` is at an image without a caption or within"),
    ('![](w.svg){#fig-in fig-alt="x"}', "`fig-in` is at an image without a caption or within"),
    ("## {#sec-b}", "a heading without words"),
    ("A <blink>word</blink>.", "the raw HTML `<blink>` is lost in print"),
    ("$x + \\undefinedmacro{y}$", "the formula `x + \\undefinedmacro{y}` cannot be read "
     "(unexpected control sequence \\undefinedmacro)"),
])
def test_what_is_not_supported_is_refused_at_its_line(small, text, message):
    small.path("w.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    line, done = lint_or_render(small, text)
    assert done.status == 1
    assert any(one.startswith(f"index.qmd:{line}: ") and message in one
               for one in done.err.splitlines()), done.err


def test_raw_html_blocks_are_refused_by_the_lint(small):
    line = small.append("index.qmd", "<p>A paragraph.</p>\n\n<https://example.org> <b>bold</b>\n\n"
                        "<sup>a</sup>\n")
    done = small.press("lint")
    assert f"index.qmd:{line}: the raw HTML <p> is lost in print" in done.err
    assert "1 problem" in done.err


def test_what_is_set_in_the_midst_of_a_chapter(small):
    line = small.append("index.qmd", "---\nkeywords: [a]\n---\n\nText.\n")
    done = small.press("render", "--to", "html")
    assert f"index.qmd:{line + 1}: `keywords` is set in the midst" in done.err


def test_a_class_of_a_style_sheet_is_known(small):
    small.path("own.css").write_text(".mine { color: red }\n", "utf-8")
    small.append("index.qmd", "::: {.mine .column-page}\nText.\n:::\n")
    assert small.press("render", "--to", "html").status == 1
    small.append("_quarto.yml", "format:\n  html:\n    css: own.css\n")
    assert small.press("render", "--to", "html").status == 0
    small.path("own.css").write_text(".other { color: red }\n", "utf-8")
    assert small.press("render", "--to", "html").status == 1


def test_parts_of_a_figure_have_no_numbers(small):
    tree, _ = run(["--from=markdown", "--to=json"], small.root,
                  "::: {#fig-a}\n![x](a.svg){#fig-b}\n\nCaption.\n:::\n")
    findings = subset.check(json.loads(tree), "index.qmd", set())
    assert ["`fig-b` is inside of `fig-a`" in one.what for one in findings] == [True]


VALUES = [
    ("Text {{< pagebreak >}}.", True), ("Text `{{< code >}}`.", False),
    ("```\n{{< code >}}\n```", False), (r"A name: \{\{\< x \>\}\}.", False),
    (r"A name: \`\{python\} 1/0\`.", False),
    ("```{=html}\n<p>`{python} 1/0` {{&lt; x</p>\n```", False),
]


@pytest.mark.parametrize(("text", "refused", "inline"), first(3, [
    (*value, inline) for value in VALUES for inline in (True, False)
    if not (inline and value[0].startswith("```"))]))  # a block is no value in a text
def test_shortcodes_that_come_from_values(small, text, refused, inline):
    shown = f"Markdown({text!r})"
    small.append("index.qmd", "```{python}\n#| echo: false\nfrom IPython.display import Markdown\n"
                 + ("```\n\nIt is `{python} " + shown.replace("`", r"\x60")
                    + "`.\n" if inline else f"{shown}\n```\n"))
    done = small.press("render", "--to", "html")
    assert done.status == refused and ("shortcode" in done.err) == refused, done.err
    if not refused:
        told = small.page.main.get_text()
        assert "{{<" in told or "{python} 1/0" in told


@pytest.mark.parametrize("html, kind", [
    ("m<sup>2</sup>", "Superscript"), ("H<SUB>2</SUB>O", "Subscript"), ("<b>a</b>", "Strong"),
    ("a<br>b", "LineBreak"), ("a<br />b", "LineBreak"), ("<i>a <b>c</b></i>", "Emph"),
    ("<a href='x'>a</a>", "Link"), ("<img src='a.svg' alt='b'>", "Image"),
    ("<kbd>a b</kbd>", "Code"), ("<q>a</q>", "DoubleQuote"), ("<mark>a</mark>", "mark"),
    ("<b id='x'>a</b>", "Span"),
])
def test_tags_in_a_text_become_elements(tmp_path, html, kind):
    tree, _ = run(["--from=markdown", "--to=json"], tmp_path, html)
    changed = json.dumps(native(json.loads(tree)))
    assert f'"{kind}"' in changed
    assert "RawInline" not in changed


def test_a_tag_without_its_partner_stays_to_be_refused(tmp_path):
    tree, _ = run(["--from=markdown", "--to=json"], tmp_path, "a <b>c and d</i>")
    assert json.dumps(native(json.loads(tree))).count("RawInline") == 2


def test_text_level_html_is_in_both_documents(small):
    from pypdf import PdfReader

    small.path("a b.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "utf-8")
    small.append("index.qmd", "Area <b>9</b> m<sup>2</sup><br>next. "
                 "<img alt='square' class=x src=\"a b.svg\">\n\n"
                 "[again](<a b.svg>)\n")
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: ['a b.svg']\n")
    small.edit("index.qmd", " class=x", "")
    assert small.press("render").status == 0
    image = small.page.main.find("img")
    assert image["src"].startswith("data:image/svg+xml") and image["alt"] == "square"
    assert small.page.main.find("a", string="again")["href"] == "a%20b.svg"
    page = "".join(one.extract_text() for one in PdfReader(small.path("_book/book.pdf")).pages)
    assert "Area 9 m2" in page


def test_an_image_in_a_block_of_html_is_embedded(small):
    small.path("a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    small.append("index.qmd", "```{=html}\n<figure><img class=x src=a.svg alt=''></figure>\n"
                 "<a href=\"none.html\">x</a> <a href='#nowhere'>y</a>\n```\n")
    done = small.press("render", "--to", "html")
    assert "the link to `none.html` leads to no file" in done.err
    assert "`#nowhere` leads nowhere" in done.err
    small.edit("index.qmd", "<a href=\"none.html\">x</a> <a href='#nowhere'>y</a>\n", "")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.main.find("img")["src"].startswith("data:")


def test_names_with_spaces_and_letters_of_other_scripts(small):
    small.path("chapters").mkdir()
    for name in ("my chapter", "Ünï", "章"):
        small.path(f"chapters/{name}.qmd").write_text(f"# {name}\n\n## B {{#sec-{len(name)}}}\n",
                                                      "utf-8")
    small.append("_quarto.yml", "    - chapters/my chapter.qmd\n    - chapters/Ünï.qmd\n"
                 "    - chapters/章.qmd\n")
    small.append("index.qmd", "[a](<chapters/my chapter.qmd>), "
                 "[b](chapters/my%20chapter.qmd#sec-10), [c](chapters/Ünï.qmd), "
                 "[d](chapters/%E7%AB%A0.qmd#sec-1)\n")
    done = small.press("render", "--to", "html")
    assert done.status == 0, done.err
    assert [a["href"] for a in small.page.main.find_all("a")] == [
        "#my-chapter", "#sec-10", "#ünï", "#sec-1"]


@pytest.mark.parametrize("key, message", [
    ("number-sections: false", "`number-sections: false` must be true"),
    ("crossref: {fig-title: Fig.}", "`crossref` is not supported"),
    ("reference-section-title: Read", "`reference-section-title` is not supported"),
    ("jupyter: julia-1.10", "`jupyter: julia-1.10` must be python3"),
    ("lang: tlh", "`lang: tlh` is not known here"),
    ("format: {docx: default}", "`format.docx` is not supported"),
    ("format: pdf", "`format: pdf` must be one of html, typst"),
    ("format: {html: {toc: false}}", "`format.html.toc: false` must be true"),
    ("format: {typst: {papersize: us-letter}}", "`format.typst.papersize: us-letter` must be a4"),
    ("execute: {enabled: false}", "`execute.enabled: false` must be true"),
    ("metadata-files: [a.yml]", "`metadata-files`: a.yml does not exist"),
])
def test_keys_that_change_the_text_are_not_passed_over(small, key, message):
    line = small.append("_quarto.yml", f"{key}\n")
    done = small.press("lint")
    assert f"_quarto.yml:{line}: {message}" in done.err


def test_more_than_a_name_of_an_author(small):
    line = small.append("_quarto.yml", "  author: {name: A, orcid: 0}\n")
    assert f"_quarto.yml:{line}: `book.author` has `orcid`" in small.press("lint").err


@pytest.mark.parametrize("name", ["_metadata.yml", "_quarto-draft.yml", "_environment"])
def test_files_that_quarto_applies(small, name):
    small.path(name).write_text("a: 1\n", "utf-8")
    assert f"{name}: Quarto applies this file" in small.press("lint").err


def test_the_first_chapter_is_the_index(small):
    small.path("one.qmd").write_text("# One\n", "utf-8")
    small.edit("_quarto.yml", "    - index.qmd", "    - one.qmd\n    - index.qmd")
    assert "_quarto.yml:6: the first chapter is one.qmd; Quarto wants" in small.press("lint").err


@pytest.mark.parametrize("data, message", [
    ("# Größe\n".encode("latin-1"), "index.qmd:1: is not UTF-8: the byte 0xf6"),
    ("# One\n\nText.\n".encode("utf-16"), "index.qmd:1: is UTF-16, not UTF-8"),
])
def test_other_encodings_are_named(small, data, message):
    small.path("index.qmd").write_bytes(data)
    assert message in small.press("render").err
    assert message in small.press("lint").err


def test_a_configuration_in_another_encoding(small):
    small.path("_quarto.yml").write_bytes("book:\n  title: Größe\n".encode("latin-1"))
    assert "_quarto.yml:2: is not UTF-8" in small.press("render").err


def test_a_mark_at_the_beginning_and_other_line_ends(small):
    for name in ("index.qmd", "_quarto.yml"):
        text = small.read(name).replace("\n", "\r\n")
        small.path(name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert small.press("render", "--to", "html").status == 0
    assert "1 One" in small.page.main.get_text()


def test_a_key_given_twice_in_the_bibliography(small):
    small.path("refs.bib").write_text(
        "@string{j = {J}}\n@article{a, title={An @article{a, in braces}}, year=2001}\n"
        "@Book(b, title=\"B\", year=2002)\n@article{ a ,title={X}}\n", "utf-8")
    small.append("_quarto.yml", "bibliography: refs.bib\n")
    assert "refs.bib:4: the key `a` is taken by refs.bib:2" in small.press("lint").err
    assert entries(small.read("refs.bib")) == [("a", 2), ("b", 3), ("a", 4)]


def test_entries_that_are_cited_nowhere(small):
    small.path("refs.bib").write_text("@book{a, title={First}, author={Ann Alm}, year={2001}}\n"
                                      "@book{b, title={Second}, author={Bo Birk}, year={2002}}\n",
                                      "utf-8")
    small.append("_quarto.yml", "bibliography: refs.bib\nnocite: '@b'\n")
    small.append("index.qmd", "Said by @a.\n")
    assert small.press("render", "--to", "html").status == 0
    assert {"ref-a", "ref-b"} <= {div["id"] for div in small.page.find_all(id=True)}


def test_words_in_the_language_of_the_book(small):
    from pypdf import PdfReader

    small.append("_quarto.yml", "lang: de-AT\n")
    small.append("index.qmd", "::: {.callout-note}\nText.\n:::\n\n| A |\n|---|\n| 1 |\n\n"
                 ": Werte {#tbl-a}\n\nSiehe @tbl-a in @sec-one.\n")
    assert small.press("render").status == 0
    text = small.page.get_text(" ", strip=True)
    for words in ("Hinweis", "Tabelle\u00a01.1: Werte", "Siehe Tabelle\u00a01.1 in Kapitel\u00a01"):
        assert words in text
    assert small.page.html["lang"] == "de-AT"
    printed = "".join(one.extract_text() for one in PdfReader(small.path("_book/book.pdf")).pages)
    assert "Inhaltsverzeichnis" in printed and "Kapitel 1" in printed
    assert "Contents" not in printed and "Chapter" not in printed


def test_lists_in_the_cells_of_a_table(small):
    from pypdf import PdfReader

    small.append("index.qmd", "+----------+---+\n| A        | B |\n+==========+===+\n"
                 "| - Nausea | 1 |\n| - Rash   |   |\n+----------+---+\n"
                 "| 1. one   | 2 |\n| 2. two   |   |\n+----------+---+\n")
    assert small.press("render", "--to", "pdf").status == 0
    text = "".join(one.extract_text() for one in PdfReader(small.path("_book/book.pdf")).pages)
    assert all(f"{mark}\u00a0{word}" in text for mark, word in (
        ("•", "Nausea"), ("•", "Rash"), ("1.", "one"), ("2.", "two")))
    assert "NauseaRash" not in text


def test_what_typst_refuses_has_its_chapter_and_line(small):
    line = small.append("index.qmd", "```{=typst}\n#no-such-function()\n```\n")
    done = small.press("render", "--to", "pdf")
    assert f"index.qmd:{line + 1}: Typst: unknown variable: no-such-function" in done.err


def test_a_table_has_the_widths_and_bootstrap_classes_of_its_caption(small):
    line, done = lint_or_render(
        small, '| a | b |\n|---|---|\n| 1 | 2 |\n\n: {.striped tbl-colwidths="[75,25]"}\n')
    assert done.status == 0, (line, done.err)
    written, = small.path(".press/fragments").glob("index*.typst.json")
    assert "data-table((348fr, 116fr" in written.read_text("utf-8")
    assert [style(small.page, col) for col in small.page.find_all("col")] == [
        "width: 75%", "width: 25%"]
    assert "tbl-colwidths" not in str(small.page.table)
    small.edit("index.qmd", "[75,25]", "[75]")
    assert f"index.qmd:{line + 4}: `tbl-colwidths=" in small.press("render").err
