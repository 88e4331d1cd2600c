"""The printed book, as far as it can be read back."""

import re

import pytest
from pypdf import PdfReader


@pytest.fixture(scope="module")
def pdf(demo):
    return PdfReader(demo.path("_book/tides.pdf"))


@pytest.fixture(scope="module")
def pages(pdf):
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pdf.pages]


@pytest.fixture(scope="module")
def words(pages):
    return " ".join(pages)


def page_of(pages, part):
    return next(number for number, page in enumerate(pages) if part in page)


def test_it_claims_pdf_ua_and_pdf_a_and_is_tagged(demo, pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<", xmp)
    assert re.search(r"pdfaid:part>3<", xmp) and re.search(r"pdfaid:conformance>A<", xmp)
    assert pdf.metadata.title == "Tides at three harbours"


def test_its_date_is_that_of_the_book(pdf):
    assert pdf.metadata["/CreationDate"].startswith("D:20260131")


def test_title_page_and_contents(pages):
    for part in ("Tides at three harbours", "Ada Marsh, Ben Strand", "2026-01-31", "invented data"):
        assert part in pages[0]
    assert "Contents" in pages[1]
    for entry in ("Preface", "1 Data", "1.1 Reading the gauges", "2 Heights", "A Rows"):
        assert entry in pages[1].replace("A. Rows", "A Rows"), entry
    assert "A-1" not in pages[1]


def test_numbers_are_those_of_the_page(demo, words):
    for figure in demo.page.find_all("figure"):
        number = figure.find(class_="float-number").get_text().replace("\u00a0", " ")
        assert number in words, number
    for part in ("Chapter 1", "Section 1.1", "Equation 2.1", "(2.1)", "Appendix A"):
        assert part in words


def test_values_are_those_of_the_page(words):
    for part in ("describes 3 harbours", "There are 9 rows", "The highest water was 4.6 m",
                 "Mean high water of 3 harbours", "5 < 6 * 2 [x] #1 @me _y_ $z$"):
        assert part in words, part


def test_tables_keep_groups_spanners_marks_and_notes(words):
    for part in ("Height (m)", "Harbour Month", "north", "south", "not measured",
                 "Source: invented for this", "Above chart datum."):
        assert part in words, part


def test_code_is_left_out_unless_it_is_text(words):
    assert "heights(rows)" not in words
    assert "shown, not run" in words
    assert "a line" in words


def test_what_is_for_this_format_alone(words):
    assert "Only in print." in words and "Only on the page." not in words
    assert "Raw Typst." in words and "Raw HTML." not in words


def test_wide_tables_lie_on_their_side(pdf, pages):
    wide = pdf.pages[page_of(pages, "All rows.")]
    assert wide.mediabox.width > wide.mediabox.height
    assert pdf.pages[0].mediabox.width < pdf.pages[0].mediabox.height


def test_running_heads_and_page_numbers(pages):
    assert pages[2].startswith("Preface")  # none above the title of a chapter
    assert pages[3].startswith("1 Data Tides at three harbours")
    assert pages[4].startswith("2 Heights Tides at three harbours")
    assert re.search(r"\b5$", pages[4])


def test_a_chapter_begins_on_the_page_of_the_one_before_where_there_is_room(pages):
    assert pages[2].startswith("Preface") and "Chapter 1 Data" in pages[2]


@pytest.mark.parametrize(("paragraphs", "page"), [(5, 2), (8, 3)])
def test_a_title_never_stands_alone_at_the_foot_of_a_page(small, paragraphs, page):
    small.append("index.qmd", "\n\n".join([60 * "word "] * paragraphs))
    small.path("two.qmd").write_text("# Two {#sec-two}\n\nText.\n", "utf-8")
    small.edit("_quarto.yml", "- index.qmd", "- index.qmd\n    - two.qmd")
    assert small.press("render").status == 0
    pages = PdfReader(small.path("_book/book.pdf")).pages
    assert [n for n, one in enumerate(pages) if "Chapter 2" in one.extract_text()] == [page]


def test_bookmarks(pdf):
    def titles(outline):
        for item in outline:
            yield from titles(item) if isinstance(item, list) else [item.title]

    assert list(titles(pdf.outline)) == [
        "Preface", "1 Data", "1.1 Reading the gauges", "2 Heights", "2.1 Made by a cell",
        "A Rows", "A.1 Explained", "References"]


def test_links_lead_inside(pdf):
    inside = sum(1 for page in pdf.pages for a in page.get("/Annots", [])
                 if a.get_object().get("/Subtype") == "/Link" and (
                     "/Dest" in a.get_object() or a.get_object()["/A"].get("/S") == "/GoTo"))
    assert inside > 20


def structure(node, kind):
    """All elements of one kind in the structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from structure(child, kind)
    elif hasattr(node, "get"):
        if node.get("/S") == kind:
            yield node
        if "/K" in node:
            yield from structure(node["/K"], kind)


def test_figures_and_formulas_have_text_alternatives(pdf):
    root = pdf.trailer["/Root"]["/StructTreeRoot"]
    alternatives = [str(n.get("/Alt", "")) for n in structure(root, "/Figure")]
    assert any(a.startswith("Three lines") for a in alternatives)
    assert "A wave between two walls." in alternatives
    formulas = [str(n.get("/Alt", "")) for n in structure(root, "/Formula")]
    assert any("h_{\\max}" in a for a in formulas)
    assert all(formulas)


def test_tables_are_tables(pdf):
    root = pdf.trailer["/Root"]["/StructTreeRoot"]
    assert len(list(structure(root, "/Table"))) == 5
    assert len(list(structure(root, "/TH"))) >= 15


def test_a_line_about_a_figure_stays_with_it(pages):
    assert "Rows: CSV." in pages[page_of(pages[2:], "Figure 1.1: ") + 2]
