"""What the page adds to the chapters: links back, drawings as part of it, a PDF apart."""

import re

import pytest
from pypdf import PdfReader

from press import pdf, svg
from press.backlinks import with_backlinks

BOX = '<span class="backlinks" data-to="claim-1" data-of="quote"></span>'
DRAWING = (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
           b'xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="9pt" '
           b'viewBox="0 0 9 9"><desc>Two dots.</desc><defs><path id="dot" d="M0 0"/></defs>'
           b'<use xlink:href="#dot"/><a href="#row-1"><text>One</text></a></svg>')


def test_a_box_is_filled_with_the_sections_that_link():
    body = with_backlinks(
        '<h2><span>1.1</span> First</h2><p><a class="quote" href="#claim-1">x</a> '
        '<a href="#claim-1">no quote</a></p><h2>Second</h2>'
        f'<p><a href="#claim-1" class="quote wide">y</a></p>{BOX}', "en")
    assert body.endswith('<span class="backlinks">Quoted in <a href="#from-claim-1-1">1.1 First'
                         '</a>, <a href="#from-claim-1-2">Second</a>.</span>')
    assert re.findall(r'<a id="([^"]+)"', body) == ["from-claim-1-1", "from-claim-1-2"]


def test_a_section_that_links_twice_is_named_once():
    body = with_backlinks('<h2>First</h2><a class="quote" href="#claim-1">x</a>'
                          f'<a class="quote" href="#claim-1">y</a>{BOX}', "en")
    assert '<a href="#from-claim-1-1">First</a>, <a href="#from-claim-1-2">(2)</a>.' in body


def test_a_box_that_nothing_leads_to_is_left_out():
    assert with_backlinks(f"<p>None.</p>{BOX}", "en") == "<p>None.</p>"
    assert with_backlinks("<p>No box.</p>", "en") == "<p>No box.</p>"


def test_a_drawing_becomes_part_of_the_page_with_ids_of_its_own():
    made = svg.inlined(DRAWING, "fig-a", 'Dots & "more"', "")
    assert 'aria-label="Dots &amp; &quot;more&quot;"' in made
    assert '<desc id="fig-a--desc">Two dots.' in made and 'aria-describedby="fig-a--desc"' in made
    assert 'id="fig-a--dot"' in made and 'xlink:href="#fig-a--dot"' in made
    assert 'href="#row-1"' in made and "width=" not in made and not made.startswith("<?xml")


@pytest.mark.parametrize("change", [
    (b"<text>", b"<g>"), (b"<defs>", b"<style>*{}</style><defs>"), (b' viewBox="0 0 9 9"', b""),
    (b"<defs>", b"<script>1</script><defs>"),
])
def test_other_drawings_stay_images(change):
    assert svg.inlined(DRAWING.replace(*change), "fig-a", "Dots", "") is None


def test_a_link_to_what_another_pdf_holds_leads_there():
    source = '#float("fig", "fig-a")[] #anchor("b"); #link(label("b"))[x] #link(label("c"))[y]'
    assert pdf.between_documents(source, "other.pdf").endswith(
        '#link(label("b"))[x] #link("other.pdf#c")[y]')


def test_chapters_of_the_supplement_are_a_pdf_of_their_own(small):
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - two.qmd")
    small.append("_quarto.yml", "press:\n  supplement: [two.qmd]\n")
    small.append("index.qmd", "[There](two.qmd#sec-two).\n")
    small.path("two.qmd").write_text("# Two {#sec-two}\n\nOnly here. [Back](index.qmd).\n", "utf-8")
    done = small.press("render", "--to", "pdf")
    assert done.status == 0, done.err
    paper, supplement = (PdfReader(small.path(f"_book/book{name}.pdf"))
                         for name in ("", "-supplement"))
    texts = [" ".join(page.extract_text() for page in one.pages) for one in (paper, supplement)]
    assert ["Only here" in text for text in texts] == [False, True]
    assert supplement.metadata.title == "Small: Supplement" and paper.metadata.title == "Small"
    small.edit("_quarto.yml", "press:\n  supplement: [two.qmd]\n", "")
    assert small.press("render", "--to", "pdf").status == 0
    assert sorted(small.output()) == ["_book/book.pdf"]
