"""Small books for single questions."""

import pytest


@pytest.fixture
def two(small):
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - two.qmd")
    small.path("two.qmd").write_text(
        "# Two\n\n## Summary\n\n[Mine](#summary), [theirs](index.qmd#summary).\n", "utf-8")
    small.append("index.qmd", "## Summary\n\n[Mine](#summary), [theirs](two.qmd#summary).\n")
    return small


def test_headings_of_the_same_words(two):
    said = two.press("render", "--to", "html")
    assert said.status == 0, said.err
    links = [(a.get_text(), a["href"]) for a in two.page.main.find_all("a")]
    assert links == [("Mine", "#summary"), ("theirs", "#summary-1"),
                     ("Mine", "#summary-1"), ("theirs", "#summary")]
    assert [h.get_text() for h in two.page.main.find_all("h2")] == ["1.1 Summary", "2.1 Summary"]


def test_an_id_given_twice_is_an_error(two):
    two.edit("index.qmd", "## Summary", "## Summary {#sec-sum}")
    two.edit("two.qmd", "## Summary", "## Other {#sec-sum}")
    said = two.press("render", "--to", "html")
    assert "index.qmd:5: the label `sec-sum` is given twice" in said.err
    assert "two.qmd:3: the label `sec-sum` is given twice" in said.err


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
    assert not small.page.find("col", style=True)


def test_what_goes_at_the_end_of_the_page(small):
    small.append("_quarto.yml", "format:\n  html:\n    include-after-body: end.html\n")
    said = small.press("render")
    assert said.status == 1 and "`include-after-body`: end.html does not exist" in said.err
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
    said = two.press("render")
    assert said.status == 1
    assert f"two.qmd:{line}: the heading \"Three\" is a second one of level 1" in said.err


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
    two.edit("_quarto.yml", "    - index.qmd\n    - two.qmd", "    - two.qmd\n    - index.qmd")
    assert two.press("render").status == 0
    assert pieces() == after
    assert [h.get_text() for h in two.page.main.find_all("h2")] == ["1.1 Summary", "2.1 Summary"]
