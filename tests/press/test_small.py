"""Small books for single questions."""

import pytest
from page_policy import style


@pytest.fixture
def two(small):
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - two.qmd")
    small.path("two.qmd").write_text(
        "# Two\n\n## Summary\n\n[Mine](#summary), [theirs](index.qmd#summary).\n", "utf-8")
    small.append("index.qmd", "## Summary\n\n[Mine](#summary), [theirs](two.qmd#summary).\n")
    return small


def test_headings_of_the_same_words(two):
    done = two.press("render", "--to", "html")
    assert done.status == 0, done.err
    links = [(a.get_text(), a["href"]) for a in two.page.main.find_all("a")]
    assert links == [("Mine", "#summary"), ("theirs", "#summary-1"),
                     ("Mine", "#summary-1"), ("theirs", "#summary")]
    assert [h.get_text() for h in two.page.main.find_all("h2")] == ["1.1 Summary", "2.1 Summary"]


def test_an_id_given_twice_is_an_error(two):
    two.edit("index.qmd", "## Summary", "## Summary {#sec-sum}")
    two.edit("two.qmd", "## Summary", "## Other {#sec-sum}")
    done = two.press("render", "--to", "html")
    assert "index.qmd:5: the label `sec-sum` is given twice" in done.err
    assert "two.qmd:3: the label `sec-sum` is given twice" in done.err


def test_a_book_without_bibliography_has_no_references(small):
    assert small.press("render").status == 0
    assert "References" not in small.page.main.get_text()
    assert sorted(small.output()) == ["_book/book.pdf", "_book/index.html"]


def test_tables_without_a_number_have_boxes_with_different_names(small):
    small.append("index.qmd", "| A |\n|---|\n| 1 |\n\n| B |\n|---|\n| 2 |\n\n: Titled\n")
    assert small.press("render").status == 0
    boxes = small.page.find_all(class_="table-scroll")
    assert [box["aria-label"] for box in boxes] == ["Table in: One", "Titled"]


def test_a_long_line_does_not_set_the_widths_of_a_pipe_table(small):
    small.append("index.qmd", f"| A | B |\n|---|---|\n| 1 | {'word ' * 40} |\n")
    assert small.press("render", "--to", "html").status == 0
    assert not [col for col in small.page.find_all("col") if style(small.page, col)]


def test_what_goes_at_the_end_of_the_page(small):
    small.append("_quarto.yml", "format:\n  html:\n    include-after-body: end.html\n")
    done = small.press("render")
    assert done.status == 1
    assert "`format.html.include-after-body`: end.html does not exist" in done.err
    small.path("end.html").write_text("<script>/* $x$ & <end> */</script>\n", "utf-8")
    assert small.press("render").status == 0
    page = small.read("_book/index.html")
    assert "<script>/* $x$ & <end> */</script>" in page.partition("</main>")[2]
    small.path("end.html").write_text("<p>Other</p>\n", "utf-8")
    assert small.press("render").status == 0
    assert "<p>Other</p>" in small.read("_book/index.html").partition("</main>")[2]


def test_titles_with_markup_characters(small):
    small.edit("_quarto.yml", "title: Small", 'title: "A < B & C"')
    assert small.press("render").status == 0
    assert small.page.title.string == "A < B & C"
    assert small.page.find("h1").get_text() == "A < B & C"


def test_footnotes_of_two_chapters_have_ids_of_their_own(two):
    for name in ("index.qmd", "two.qmd"):
        two.append(name, "A note.[^1]\n\n[^1]: Of this chapter.\n")
    assert two.press("render", "--to", "html").status == 0
    ids = [element["id"] for element in two.page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    notes = [a["href"][1:] for a in two.page.find_all("a", role="doc-noteref")]
    assert notes == ["fn1-index", "fn1-two"]
    for note in notes:
        back = two.page.find(id=note).find("a", role="doc-backlink")
        assert two.page.find(id=back["href"][1:])["href"] == f"#{note}"


def test_a_chapter_without_a_number_takes_none(two):
    two.edit("index.qmd", "# One {#sec-one}", "# One {#sec-one .unnumbered}")
    two.append("two.qmd", "See @sec-one and @sec-there.\n\n### There {#sec-there}\n")
    assert two.press("render").status == 0
    assert [h.get_text() for h in two.page.main.find_all(["h1", "h2", "h3"])] == [
        "Small", "One", "Summary", "1 Two", "1.1 Summary", "1.1.1 There"]
    assert "See One and Section\u00a01.1.1." in two.page.main.get_text()


def test_a_second_title_made_by_a_cell(two):
    line = two.append("two.qmd", "```{python}\nfrom IPython.display import Markdown\n"
                      "Markdown('# Three')\n```\n")
    done = two.press("render")
    assert done.status == 1
    assert f"two.qmd:{line}: the heading \"Three\" is a second one of level 1" in done.err


def test_references_where_a_chapter_puts_them(two):
    two.edit("_quarto.yml", "book:", "bibliography: refs.bib\nbook:")
    two.path("refs.bib").write_text(
        "@book{a, title={First}, author={Ann Alm}, year={2001}}\n"
        "@book{b, title={Second}, author={Bo Birk}, year={2002}}\n", "utf-8")
    two.append("index.qmd", "::: {.callout-note title=\"After @b\"}\nText.\n:::\n\n"
               "::: {#refs}\n:::\n")
    two.append("two.qmd", "Said by @a, also [see @b, p. 3; @a].\n")
    assert two.press("render").status == 0
    main = two.page.main
    assert main.find(id="sec-one").find(id="refs").find(id="ref-a")
    assert len(main.find_all(id="refs")) == 1
    assert "References" not in main.get_text()
    assert main.find(class_="callout-title").get_text().strip() == "After Birk (2002)"
    assert "Said by Alm (2001), also (see Birk 2002, 3; Alm 2001)." in main.get_text()


def test_only_what_changed_is_written_again(two):
    two.edit("_quarto.yml", "    - two.qmd", "    - two.qmd\n    - three.qmd")
    two.path("three.qmd").write_text("# Three\n\n## Summary\n", "utf-8")
    assert two.press("render").status == 0

    def pieces():
        folder = two.path(".press/fragments")
        return {p.name: p.read_bytes() for p in folder.iterdir()}

    before = pieces()
    two.append("two.qmd", "One more sentence.\n")
    assert two.press("render").status == 0
    after = pieces()
    assert {name.split(".")[0] for name in set(after) - set(before)} == {"two"}
    assert set(before) <= set(after)
    assert "One more sentence." in two.page.main.get_text()
    # A chapter that is numbered anew is not written anew.
    two.edit("_quarto.yml", "    - two.qmd\n    - three.qmd", "    - three.qmd\n    - two.qmd")
    assert two.press("render").status == 0
    assert pieces() == after
    assert [h.get_text() for h in two.page.main.find_all("h2")] == [
        "1.1 Summary", "2.1 Summary", "3.1 Summary"]


REFERENCES = """\
@book{a, title={First}, author={Ann Alm}, year={2001}}
@book{b, title={Second}, author={Bo Birk}, year={2002}}
"""


@pytest.fixture
def cited(two):
    two.edit("_quarto.yml", "book:", "bibliography: refs.bib\nbook:")
    two.path("refs.bib").write_text(REFERENCES, "utf-8")
    return two


def test_a_link_inside_a_citation(cited):
    cited.append("index.qmd", "Said [see [there](two.qmd#summary) @a, p. 3; @b].\n")
    assert cited.press("render").status == 0
    assert cited.page.find("a", string="there")["href"] == "#summary-1"
    assert "pressX" not in cited.read("_book/index.html")


def test_a_citation_in_a_heading_is_no_link_in_the_contents(cited):
    cited.append("index.qmd", "## As in @sec-one and [@a] {#sec-as}\n")
    assert cited.press("render", "--to", "html").status == 0
    entry = cited.page.find(id="toc-sec-as")
    assert entry.get_text() == "1.2 As in Chapter\u00a01 and (Alm 2001)"
    assert not entry.find("a")
    heading = cited.page.find(id="sec-as").find("h2")
    assert [a["href"] for a in heading.find_all("a")] == ["#sec-one", "#ref-a"]


def test_a_caption_with_a_citation_is_no_text_alternative(cited):
    cited.path("wave.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    line = cited.append("index.qmd", "Here ![After @a](wave.svg) it is.\n")
    done = cited.press("render", "--to", "html")
    assert done.status == 1
    assert f"index.qmd:{line}: the image `wave.svg` has no text alternative" in done.err


def test_a_footnote_inside_a_citation(cited):
    line = cited.append("index.qmd", "Said [see^[a note] @a].\n")
    done = cited.press("render", "--to", "html")
    assert f"index.qmd:{line}: the citation of `a` has a footnote inside" in done.err


def test_citations_without_a_bibliography(two):
    line = two.append("two.qmd", "Said [@a].\n")
    done = two.press("render")
    assert done.status == 1
    assert f"two.qmd:{line}: `@a` is cited but is not in the bibliography" in done.err


def test_headings_named_as_what_the_renderer_adds(cited):
    for name in ("index.qmd", "two.qmd"):
        cited.append(name, "## Footnotes\n\n## References\n\nA note [@a].[^1]\n\n[^1]: Text.\n\n"
                     "[n](#footnotes), [r](#references).\n")
    assert cited.press("render").status == 0
    ids = [element["id"] for element in cited.page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for link in cited.page.find_all("a", href=lambda h: h and h.startswith("#")):
        assert link["href"][1:] in ids, link
    shown = [a["href"] for a in cited.page.main.find_all("a", string=["n", "r"])]
    assert shown == ["#footnotes", "#references-1", "#footnotes-1", "#references-2"]
    assert cited.page.find(id="references").h1.get_text() == "References"


def test_ids_of_raw_html_and_of_odd_file_names(small):
    small.path("index-1.qmd").write_text("# Two\n\n```python\nx = 1\n```\n", "utf-8")
    small.path("a b.qmd").write_text("# Three\n\nA note.[^1]\n\n[^1]: Text.\n", "utf-8")
    small.edit("_quarto.yml", "    - index.qmd",
               "    - index.qmd\n    - index-1.qmd\n    - a b.qmd")
    small.append("index.qmd", "```{=html}\n<p id=\"details\">Raw.</p>\n```\n\n## Details\n\n"
                 "```python\nx = 1\ny = 2\n```\n")
    assert small.press("render", "--to", "html").status == 0
    ids = [element["id"] for element in small.page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert not [name for name in ids if " " in name]
    assert {"details", "details-1"} <= set(ids)


@pytest.mark.nightly
def test_more_appendices_than_letters(small):
    names = [f"z{n}.qmd" for n in range(28)]
    for name in names:
        small.path(name).write_text(f"# {name} {{#sec-{name[:-4]}}}\n", "utf-8")
    small.append("_quarto.yml", "  appendices: [" + ", ".join(names) + "]\n")
    small.append("index.qmd", "See @sec-z25, @sec-z26 and @sec-z27.\n")
    assert small.press("render", "--to", "html").status == 0
    assert "Appendix\u00a0Z, Appendix\u00a0AA and Appendix\u00a0AB" in small.page.main.get_text()


def test_what_an_expression_displays_besides_is_dropped(small):
    small.append("index.qmd", "A `{python} (display({'application/json': 1}, raw=True), 4)[1]` "
                 "value and [x](index.qmd){.xref} link.\n")
    assert small.press("render", "--to", "html").status == 0
    assert "A 4 value" in small.page.main.get_text()
    assert small.page.find("a", string="x")["href"] == "#sec-one"


def test_a_damaged_piece_is_made_again(cited):
    cited.append("index.qmd", "Said [@a].\n")
    assert cited.press("render").status == 0
    before = cited.output()
    for piece in cited.path(".press/fragments").glob("*.json"):
        piece.write_text("", "utf-8")
    assert cited.press("render", "--force").status == 0
    assert cited.output() == before


def test_an_image_that_changed(small):
    small.path("wave.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    small.edit("_quarto.yml", "project:", "press:\n  inputs: [index.qmd]\nproject:")
    small.append("index.qmd", "![A wave](wave.svg)\n")
    assert small.press("render", "--to", "html").status == 0
    before = small.read("_book/index.html")
    small.path("wave.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", "utf-8")
    assert small.press("render", "--to", "html").status == 0
    assert small.read("_book/index.html") != before


def test_a_pandoc_that_lets_nothing_be_told_about_its_memory(tmp_path, monkeypatch):
    from press import pandoc

    fake = tmp_path / "pandoc"
    fake.write_text("#!/bin/sh\n[ \"$1\" != +RTS ]\n", "utf-8")
    fake.chmod(0o755)
    asked = pandoc.memory_options.__wrapped__
    assert asked()[0] == "+RTS"
    monkeypatch.setattr(pandoc, "binary", lambda: str(fake))
    assert asked() == []


def test_chapters_take_their_turn_in_order():
    import asyncio

    from press.execute import _StartingOrder

    admitted = []

    async def chapter(order, number, ready):
        try:
            await asyncio.sleep(.1 if number == 1 else ready)
            if number == 1:
                raise OSError("no kernel")
            async with order.turn(number):
                admitted.append(number)
                await asyncio.sleep(.02)
        finally:
            order.let_next(number)

    async def every():
        order = _StartingOrder(2, 4)
        return await asyncio.wait_for(asyncio.gather(
            *(chapter(order, n, (3 - n) / 50) for n in range(4)), return_exceptions=True), 5)

    asyncio.run(every())
    assert admitted == [0, 2, 3]


def test_a_bibliography_that_nothing_cites_makes_no_list(small):
    small.append("_quarto.yml", "bibliography: r.bib\n")
    small.path("r.bib").write_text("@misc{a, title={A}, author={B}, year=2020}\n", "utf-8")
    assert small.press("render", "--to", "html,docx").status == 0
    assert "References" not in small.page.get_text()
    small.append("_quarto.yml", "nocite: '@a'\n")
    assert small.press("render", "--to", "html").status == 0
    assert small.page.find(id="ref-a")


def test_the_marks_of_a_list_are_those_of_the_source(small):
    small.append("index.qmd", "(1) a\n(2) b\n\nText\n\na) d\n\n1. e\n")
    assert small.press("render", "--to", "html").status == 0
    assert [ol.parent.get("class") for ol in small.page.main.find_all("ol")] == [
        ["two-decimal"], ["one-lower-alpha"], ["level1"]]


@pytest.mark.parametrize(("date", "told"), [
    ("2024-02-30", "is no day of the calendar"), ("2024-2-3", ""), ("Spring 2024", "")])
def test_a_date_is_a_day_of_the_calendar(small, date, told):
    small.edit("_quarto.yml", "  title: Small", f"  title: Small\n  date: {date}")
    done = small.press("lint")
    assert done.status == bool(told) and told in done.err


def test_a_chapter_given_twice(small):
    small.append("_quarto.yml", "    - index.qmd\n")
    assert "index.qmd is given twice; a chapter is in the book once" in small.press("lint").err


def test_what_is_copied_beside_the_page_is_there_and_nothing_that_a_render_makes(small):
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: ['*', gone.csv, '*.zip']\n")
    told = small.press("render", "--to", "html").err
    assert "_quarto.yml:2: `project.resources`: there is no gone.csv" in told
    assert "there is no *.zip" in told
    small.edit("_quarto.yml", ", gone.csv, '*.zip'", "")
    for _ in range(2):
        assert small.press("render", "--to", "html", "--force").status == 0
    assert sorted(small.output()) == ["_book/_quarto.yml", "_book/index.html", "_book/index.qmd"]
    small.path("book.pdf").write_text("mine", "utf-8")
    assert "book.pdf has the name of a document" in small.press("render", "--to", "html").err


@pytest.mark.parametrize(("old", "new", "told"), [
    ("project:", "project:\n  resources: ../a.csv", "leaves the project by `../a.csv`"),
    ("book:", "book:\n  output-file: a/b", "must be a name without folders"),
    ("book:", "book:\n  output-file: a.pdf", "must be without `.pdf`"),
    ("title: Small", "title: 'N `{python} 1`'", "holds inline code"),
    ("title: Small", "title: 'N {{< meta x >}}'", "holds a shortcode"),
])
def test_values_that_would_be_taken_otherwise(small, old, new, told):
    small.edit("_quarto.yml", old, new)
    done = small.press("lint")
    assert done.status == 1 and told in done.err


def test_a_doi_is_no_address(small):
    small.append("_quarto.yml", "bibliography: r.bib\n")
    small.path("r.bib").write_text("@misc{a,\n title={A},\n doi={https://doi.org/10.1/x},\n}\n")
    assert "r.bib:3: the DOI begins with `https://doi.org/`" in small.press("lint").err
