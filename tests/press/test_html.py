"""The page: numbers, references, values and structure."""

import re

import pytest
from page_policy import style


@pytest.fixture(scope="module")
def page(demo):
    return demo.page


def text(element):
    return " ".join(element.get_text(" ", strip=True).replace("\u00a0", " ").split())


def test_the_page_is_whole_and_stands_alone(demo, page):
    html = demo.read("_book/index.html")
    assert html.startswith("<!DOCTYPE html>")
    for tag, attribute in (("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src")):
        for element in page.find_all(tag):
            assert element.get(attribute, "data:").startswith("data:"), element
    html = re.sub(r'"data:[^"]*"', "", html)
    assert "url(" not in html
    assert "@import" not in html


def test_landmarks_and_titles(page):
    assert page.html["lang"] == "en"
    assert page.title.string == "Tides at three harbours"
    assert page.find("nav")["aria-label"] == "Contents"
    assert len(page.find_all("main")) == 1
    assert page.find("a", class_="skip")["href"] == "#main"
    assert page.find(id="main").name == "main"
    header = text(page.find("header"))
    for part in ("Ada Marsh", "Ben Strand", "2026-01-31", "invented data", "A small book"):
        assert part in header


def test_ids_are_unique_and_every_internal_link_arrives(page):
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for link in page.find_all("a", href=re.compile("^#")):
        assert link["href"][1:] in ids, link


def test_links_to_files_lead_to_what_was_copied(demo, page):
    files = {link["href"] for link in page.find_all("a", href=True)
             if not link["href"].startswith(("#", "https:"))}
    assert files == {"data/tides.csv", "tides.pdf", "figures/fig-heights.svg"}
    assert demo.read("_book/data/tides.csv") == demo.read("data/tides.csv")


def test_headings_are_numbered_by_chapter(page):
    headings = [text(h) for h in page.main.find_all(["h1", "h2", "h3"])]
    assert headings == ["Tides at three harbours", "Preface", "1 Data", "1.1 Reading the gauges",
                        "2 Heights", "2.1 Made by a cell", "Appendix A Rows", "A.1 Explained",
                        "A-1", "References"]


def test_the_contents_list_what_is_numbered(page):
    entries = [text(a) for a in page.find(id="contents-list").find_all("a")]
    assert entries == ["Preface", "1 Data", "1.1 Reading the gauges", "2 Heights",
                       "2.1 Made by a cell", "Appendix A Rows", "A.1 Explained", "References",
                       "PDF of this report"]


def test_figures_and_tables_are_numbered_by_chapter(page):
    captions = {f["id"]: text(f.figcaption) for f in page.find_all("figure")}
    assert captions == {
        "fig-heights": "Figure 1.1: High water by month, after [ 2 ] and Table 1.2 .",
        "tbl-heights": "Table 1.1: High and low water, in metres.",
        "tbl-by-hand": "Table 1.2: Written by hand, see Section 1.1",
        "fig-drawn": "Figure 2.1: A drawing that is no plot.",
        "tbl-mean": "Table 2.1: Mean high water of 3 harbours.",
        "tbl-rows": "Table A.1: All rows.",
    }


def test_references_say_what_they_lead_to(page):
    shown = {(a["href"], a.get_text()) for a in page.find_all("a", class_="xref")}
    assert {("#sec-data", "Chapter\u00a01"), ("#sec-rows", "Appendix\u00a0A"),
            ("#sec-gauges", "Section\u00a01.1"), ("#fig-heights", "Figure\u00a01.1"),
            ("#eq-range", "Equation\u00a02.1"), ("#sec-explained", "Section\u00a0A.1"),
            ("#fig-heights", "1.1"), ("#fig-drawn", "Figure\u00a02.1"),
            ("#sec-made", "Section\u00a02.1")} <= shown
    assert "(2.1)" in text(page.find(id="eq-range"))


def test_citations_are_numbers_that_lead_to_the_list(page):
    entries = [text(e) for e in page.find_all(class_="csl-entry")]
    assert [e[:8] for e in entries] == ["1. Knuth", "2. Tufte"]
    assert page.find("a", href="#ref-knuth1984").get_text() == "1"


def test_inline_values_are_shown(page):
    main = text(page.main)
    for part in ("describes 3 harbours", "There are 9 rows", "edition is current",
                 "5 < 6 * 2 [x] #1 @me _y_ $z$", "first, 2", "Mean high water of 3 harbours"):
        assert part in main
    claim = page.find("a", class_="claim")
    assert (claim["href"], claim["title"], claim.get_text()) == ("#claim-A-1", "Claim A-1", "4.6")
    assert text(page.find(id="tbl-by-hand").find_all("tr")[1]) == "Alder north 3"


def test_code_that_is_shown_is_not_run(page):
    shown = [c.get_text() for c in page.find_all("code")]
    assert "`{python} value`" in shown
    assert any(c.startswith("```{python}") and "not run" in c for c in shown)


def test_links_between_chapters(page):
    links = {text(a): a["href"] for a in page.main.find_all("a")}
    assert links["the rows"] == "#sec-rows"
    assert links["the claim"] == "#claim-A-1"
    assert links["the place"] == "#a-place"


def test_images_have_text_alternatives(page):
    assert all(img["alt"].strip() for img in page.find_all("img"))
    assert page.find(id="fig-heights").img["alt"].startswith("Three lines")
    assert page.find(id="fig-drawn").img["alt"] == "A wave between two walls."


def test_tables_scroll_in_a_box_that_has_a_name(page):
    for table in page.find_all("table"):
        box = table.find_parent(class_="table-scroll")
        assert box["role"] == "group" and box["tabindex"] == "0"
        assert box.get("aria-label") or page.find(id=box["aria-labelledby"])
        assert len(table.find_parents(class_="table-scroll")) == 1


def test_great_tables_keep_what_they_say(page):
    table = page.find(id="tbl-heights").table
    assert [text(th) for th in table.thead.find_all("th")] == [
        "Harbour", "Month", "Height (m) 1", "High", "Low"]
    assert [text(th) for th in table.find_all(class_="gt_group_heading")] == ["north", "south"]
    [filled] = [cell for cell in table.find_all("td")
                if "background-color: #e3eef8" in style(page, cell)]
    assert text(filled).endswith("4.6") and "bold" in style(page, filled)
    assert "not measured" in text(table)
    assert [text(td) for td in table.tfoot.find_all("td")] == [
        "Source: invented for this demonstration .", "1 Above chart datum.",
        "2 The highest of all."]
    assert not table.find("style")
    for cell in table.find_all(headers=True):
        for name in cell.get_attribute_list("headers"):
            assert page.find(id=name), name
    assert all(text(th) for th in page.find_all("th"))


def test_callouts(page):
    titles = [text(t) for t in page.select("p.callout-title, details.callout > summary")]
    assert titles == ["How to read this book", "A folded note", "Warning", "Mind Chapter 1",
                      "Made too"]
    folded = page.find("details", class_="callout")
    assert not folded.has_attr("open")
    assert "not imputed; see Chapter 2" in text(folded)
    for box in page.select("div.callout"):
        assert page.find(id=box["aria-labelledby"])


def test_code_is_folded_but_there(page):
    folds = page.find_all("details", class_="code-fold")
    assert {text(f.summary) for f in folds} == {"Code"}
    assert any("heights(rows)" in f.get_text() for f in folds)
    shown = [p.get_text() for p in page.find_all("pre") if not p.find_parent("details")]
    assert any("a line\nanother" in p for p in shown)
    assert not any("show nothing" in p for p in shown)


def test_what_is_for_this_format_alone(page):
    main = text(page.main)
    assert "Only on the page." in main
    assert "Only in print." not in main and "Hidden on the page." not in main
    assert "Raw HTML." in main and "Raw Typst." not in main


def test_hidden_cells_stay_hidden(demo):
    assert "harbour,month,high" not in demo.read("_book/index.html")


def test_nothing_leaked(page):
    main = page.main.get_text()
    for code in page.find_all("code"):
        main = main.replace(code.get_text(), "")
    for debris in ("{python}", ":::", "@fig", "@tbl", "@sec", "{#", "{.", "<GT", "Figure(", "?@"):
        assert debris not in main, debris


def test_the_project_adds_its_style(demo):
    assert ".claim { color: #0b3d2e; }" in demo.read("_book/index.html")
