"""The paper for a word processor and for a journal's archive: whole, and the same as the page."""

import re
import zipfile
from xml.etree import ElementTree as ET

import pytest

from press import manuscript

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XLINK = "{http://www.w3.org/1999/xlink}"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def paper(demo, tmp_path_factory):
    """The demonstration book in both formats, in a folder of its own."""
    out = tmp_path_factory.mktemp("paper") / "out"
    done = demo.press("render", "--to", "docx,jats", "--output", str(out))
    assert done.status == 0, done.err
    assert sorted(path.name for path in out.iterdir()) == [
        "data", "tides-figures", "tides.docx", "tides.xml"]
    return out


@pytest.fixture(scope="module")
def jats(paper):
    return ET.parse(paper / "tides.xml").getroot()


@pytest.fixture(scope="module")
def word(paper):
    with zipfile.ZipFile(paper / "tides.docx") as packed:
        return ET.fromstring(packed.read("word/document.xml"))


def said(element):
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def told(element):
    """The words of a paragraph of a .docx."""
    return "".join(part.text or "" for part in element.iter(f"{W}t")).replace("\u00a0", " ")


def captions(page):
    return {figure["id"]: " ".join(figure.figcaption.get_text().replace("\u00a0", " ").split())
            for figure in page.find_all("figure")}


def test_every_figure_and_table_is_there_with_its_number(demo, jats, word):
    wanted = captions(demo.page)
    found = {one.get("id"): f"{said(one.find('label'))}: {said(one.find('caption'))}"
             for one in jats.iter() if one.tag in ("fig", "table-wrap") and one.get("id")}
    assert found == wanted and len(wanted) > 5
    paragraphs = [told(one) for one in word.iter(f"{W}p")]
    assert [caption for caption in wanted.values() if caption not in paragraphs] == []


def test_tables_are_tables_with_the_words_of_the_page(demo, jats, word):
    for table in demo.page.select("figure.table"):
        words = [" ".join(cell.get_text().split()) for cell in table.find_all(["td", "th"])]
        twin = next(one for one in jats.iter("table-wrap") if one.get("id") == table["id"])
        assert sorted(said(cell) for cell in twin.iter() if cell.tag in ("td", "th")) \
            == sorted(word.replace("\u00a0", " ") for word in words)
    assert len(list(word.iter(f"{W}tbl"))) == len(demo.page.find_all("table"))


def test_pictures_are_pictures(paper, jats):
    files = [one.get(f"{XLINK}href") for one in jats.iter("graphic")]
    assert files == ["tides-figures/fig-heights.svg", "tides-figures/wave.svg"]
    assert all((paper / name).is_file() for name in files)
    assert all(said(one) for one in jats.iter("alt-text"))
    with zipfile.ZipFile(paper / "tides.docx") as packed:
        images = [packed.read(name) for name in packed.namelist() if "media/" in name]
        document = packed.read("word/document.xml").decode()
    assert len(images) == 2 and all(one.startswith(b"\x89PNG") for one in images)
    assert 'descr="A wave between two walls."' in document


def test_every_reference_leads_somewhere(jats, word):
    ids = {one.get("id") for one in jats.iter() if one.get("id")}
    targets = [one.get("rid") for one in jats.iter("xref")]
    assert len(targets) > 10 and set(targets) <= ids
    kinds = {(one.get("rid").split("-")[0], one.get("ref-type")) for one in jats.iter("xref")}
    assert {("fig", "fig"), ("tbl", "table"), ("sec", "sec"), ("ref", "bibr"),
            ("eq", "disp-formula")} <= kinds
    marks = {one.get(f"{W}name") for one in word.iter(f"{W}bookmarkStart")}
    links = {one.get(f"{W}anchor") for one in word.iter(f"{W}hyperlink")} - {None}
    assert links and links <= marks


def test_tables_are_as_wide_as_the_page_and_wide_ones_lie_across(word):
    for table in word.iter(f"{W}tbl"):
        grid = [int(one.get(f"{W}w")) for one in table.iter(f"{W}gridCol")]
        assert sum(grid) > 7900 and min(grid) > 300
    pages = [one.get(f"{W}orient", "upright") for one in word.iter(f"{W}pgSz")]
    assert pages == ["upright", "landscape", "upright"]


def test_cited_works_are_a_list(demo, jats, word):
    entries = demo.page.select(".csl-entry")
    assert len(jats.findall(".//ref-list/ref")) == len(entries) > 1
    text = " ".join(told(one) for one in word.iter(f"{W}p"))
    assert "Tufte" in text and "[1, see also 2]" in text


def test_numbers_are_those_of_the_page(demo, jats, word):
    page = demo.page.main
    for part in page.select("script, .code-fold, .sourceCode, .only-html, header, .copy, math, "
                            ".backlinks, .figure-files, .csl-entry, #fig-heights svg"):
        part.decompose()
    wanted = set(NUMBER.findall(page.get_text(" ")))
    of_word = set(NUMBER.findall(" ".join(told(one) for one in word.iter(f"{W}p"))))
    of_jats = set(NUMBER.findall(" ".join(jats.find("body").itertext())))
    assert len(wanted) > 20 and wanted - of_word == set() and wanted - of_jats == set()


def test_what_a_page_alone_can_do_is_left_out(paper, jats):
    text = (paper / "tides.xml").read_text("utf-8")
    assert "pressX" not in text and "Raw HTML" not in text and "Raw Typst" not in text
    assert not [one for one in jats.iter() if one.tag in ("label", "title") and not said(one)]
    assert jats.find("front/article-meta/abstract/p") is not None


def test_both_are_the_same_bytes_twice(demo, paper, tmp_path):
    assert demo.press("render", "--to", "jats,docx", "--output", str(tmp_path)).status == 0
    for name in ("tides.docx", "tides.xml"):
        assert (tmp_path / name).read_bytes() == (paper / name).read_bytes()


def test_a_link_to_the_supplement_leads_into_its_pdf(small):
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - two.qmd")
    small.append("_quarto.yml", "press:\n  supplement: [two.qmd]\n")
    small.append("index.qmd", "[There](two.qmd#sec-two), @sec-two, @sec-one.\n")
    small.append("_quarto.yml", "bibliography: own.bib\n")
    small.path("own.bib").write_text("".join(
        f"@book{{{key}, author = {{Marsh, A.}}, title = {{{key}}}, year = 2020}}\n"
        for key in ("one", "two")), "utf-8")
    small.append("index.qmd", "Here [@one].\n")
    small.path("two.qmd").write_text(
        "# Two {#sec-two}\n\nOnly here [@two]. [Back](index.qmd).\n", "utf-8")
    done = small.press("render", "--to", "jats,docx")
    assert done.status == 0, done.err
    text = small.read("_book/book.xml")
    # two works of one name and year are told apart, though one is cited in the supplement alone
    assert "Marsh 2020a" in re.sub("<[^>]*>", "", text)
    assert "Only here" not in text and text.count('xlink:href="book-supplement.pdf#sec-two"') == 2
    assert '<xref ref-type="sec" rid="sec-one">Chapter 1</xref>' in text.replace("\u00a0", " ")


def test_what_was_not_asked_for_stays(book):
    assert book.press("render", "--to", "jats").status == 0
    assert {"_book/index.html", "_book/tides.pdf", "_book/figures/fig-heights.svg",
            "_book/tides.xml", "_book/tides-figures/wave.svg"} <= book.output().keys()
    book.append("index.qmd", "More.\n")
    assert book.press("render", "--to", "html").status == 0
    assert {"_book/tides.xml", "_book/tides-figures/wave.svg"} <= book.output().keys()


def test_what_is_wrong_is_told_with_its_place(small):
    line = small.append("index.qmd", "Look at @fig-nowhere.\n")
    done = small.press("render", "--to", "docx")
    assert done.status == 1 and f"index.qmd:{line}: `@fig-nowhere` leads nowhere" in done.err


def test_colours_of_a_terminal_are_text(small):
    small.append("index.qmd", "```{python}\n#| echo: false\nprint('\\x1b[31mred\\x1b[0m')\n```\n")
    assert small.press("render", "--to", "jats").status == 0
    assert "<preformat>red</preformat>" in small.read("_book/book.xml")


def test_labels_are_taken_out_of_captions():
    made = manuscript._labelled(
        '<fig id="fig-a"><caption><p>pressXlabelXFigure 1pressXlabelX A dot.</p></caption></fig>'
        '<xref alt="Figure 1" rid="fig-a">Figure 1</xref>')
    assert made == ('<fig id="fig-a">\n<label>Figure 1</label>\n<caption><p>A dot.</p></caption>'
                    '</fig><xref ref-type="fig" rid="fig-a">Figure 1</xref>')


def test_pictures_of_one_name_stay_apart_and_a_box_keeps_its_id(small):
    for folder, width in (("a", 10), ("b", 20)):
        small.path(folder).mkdir()
        small.path(f"{folder}/flow.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9"/>', "utf-8")
    small.append("index.qmd", "![A](a/flow.svg) and ![B](b/flow.svg).\n\n"
                 "::: {#note-one .callout-note}\nA note.\n:::\n\nSee [it](#note-one).\n")
    done = small.press("render", "--to", "jats,docx")
    assert done.status == 0, done.err
    root = ET.fromstring(small.read("_book/book.xml"))
    pictures = [one.get(f"{XLINK}href") for one in root.iter() if one.tag.endswith("graphic")]
    assert len(pictures) == 2
    assert [f'width="{width}"' in small.read(f"_book/{name}")
            for name, width in zip(pictures, (10, 20), strict=True)] == [True, True]
    assert "note-one" in {one.get("id") for one in root.iter()}
