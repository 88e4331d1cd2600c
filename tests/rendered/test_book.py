"""The rendered report: complete, nothing leaked, every reference resolved, HTML and PDF equal.

One file, because a worker that has rendered the book should use it for all of these.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import page_policy
import pytest
import yaml
from bs4 import BeautifulSoup
from chromium import browser_only
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "index.qmd", *sorted((ROOT / "chapters").glob("*.qmd"))]
PDF = "anti-cd38-retreatment.pdf"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("book") / "out"
    run = subprocess.run([sys.executable, "-m", "press", "render", "--output", str(out), str(ROOT)],
                         capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert run.returncode == 0, run.stderr
    return out


@pytest.fixture(scope="session")
def page(book) -> BeautifulSoup:
    return BeautifulSoup((book / "index.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="session")
def prose(page) -> BeautifulSoup:
    """The page's text without code, figures and the cards beside quoted numbers."""
    copy = BeautifulSoup(str(page.find("main")), "html.parser")
    for part in copy(["pre", "code", "svg", "style", "script", "template"]):
        part.decompose()
    for part in copy(class_=["claim-card", "backlinks"]):  # print has neither
        part.decompose()
    return copy


@pytest.fixture(scope="session")
def pages(book) -> list[str]:
    return [p.extract_text() for p in PdfReader(book / PDF).pages]


@pytest.fixture(scope="session")
def all_pages(book, pages) -> list[str]:
    """The paper and, after it, its supplement."""
    supplement = PdfReader(book / PDF.replace(".pdf", "-supplement.pdf"))
    return pages + [p.extract_text() for p in supplement.pages]


def labels(kind: str) -> list[str]:
    found = []
    for source in SOURCES:
        found += re.findall(rf"^#\| label: ({kind}-[a-z0-9-]+)$", source.read_text("utf-8"), re.M)
    return found


def test_every_figure_and_table_is_there_once_and_numbered(page):
    figures, tables = labels("fig"), labels("tbl")
    assert len(figures) >= 9 and len(tables) >= 8
    captions = []
    for label in figures + tables:
        found = page.find_all(id=label)
        assert len(found) == 1, label
        caption = found[0].find(["figcaption", "caption"])
        captions.append(caption.get_text(" ", strip=True))
        kind = "Figure" if label.startswith("fig") else "Table"
        assert re.match(rf"{kind}\s[0-9A-E]+\.\d+", captions[-1].replace("\xa0", " ")), label
    assert len(set(captions)) == len(captions)


def test_pdf_has_the_same_figures_and_tables(page, all_pages):
    text = " ".join(all_pages).replace("\xa0", " ")
    for label in labels("fig") + labels("tbl"):
        caption = page.find(id=label).find(["figcaption", "caption"]).get_text(" ", strip=True)
        number = re.match(r"(Figure|Table)\s\S+\d", caption.replace("\xa0", " "))[0]
        assert f"{number}:" in text or f"{number} " in text, number


@pytest.mark.parametrize("leak", [
    r"\{python\}", r"\?@", r"\bnan\b", r"\bNone\b", r"<NA>", r"\bNaT\b", r"@(fig|tbl|sec|eq)-",
    r"\[@", r":::", r"\bobject at 0x", r"Traceback", r"\{#", r"\{\.", r"\?\?\?",
    r"\d\.0 (of|studies)",
])
def test_nothing_leaks(prose, pages, leak):
    assert not re.search(leak, prose.get_text(" "))
    shown = " ".join(pages)
    if leak not in (r"\bNone\b", r"\[@"):  # code of the rules is printed in the PDF's ledger
        assert not re.search(leak, shown)


def test_every_inner_link_leads_somewhere(page):
    ids = Counter(tag["id"] for tag in page.find_all(id=True))
    assert [name for name, n in ids.items() if n > 1] == []
    targets = {unquote(a["href"][1:]) for a in page.find_all("a", href=True)
               if a["href"].startswith("#")}
    assert len(targets) > 100
    assert sorted(targets - set(ids)) == []


def test_downloads_exist(page, book):
    links = [a["href"] for a in page.find_all("a", href=True)
             if not re.match(r"#|https?:|mailto:", a["href"])]
    assert len(links) >= len(labels("fig"))
    assert [link for link in links if not (book / unquote(link)).is_file()] == []


def test_page_needs_no_network(page):
    assert not page.find_all("script", src=True)
    assert not page.find_all("link", rel="stylesheet")
    assert all(i["src"].startswith("data:") for i in page.find_all("img", src=True))
    style = " ".join(s.get_text() for s in page.find_all("style"))
    assert not re.search(r"url\((?!['\"]?(data:|#))", style) and "@import" not in style


def signs(page, family: str) -> set[int]:
    """Code points that the page's fonts of one family all have."""
    style = " ".join(tag.get_text() for tag in page.find_all("style"))
    rules = re.findall(rf'font-family: "{family}".*?url\(data:font.*?unicode-range: ([^;]+);',
                       style, re.S)
    fonts = []
    for rule in rules:
        ends = [re.findall(r"[0-9A-F]+", part) for part in rule.replace("U+", "").split(",")]
        fonts.append({code for first, *last in ends
                      for code in range(int(first, 16), int((last or [first])[0], 16) + 1)})
    return set.intersection(*fonts)


def test_every_sign_of_the_page_is_in_its_own_fonts(page):
    sans = signs(page, "Report Sans")  # stands behind the two others
    invisible = {ord("\u2060"), ord("\n")}
    seen = BeautifulSoup(str(page), "html.parser")
    for part in seen(["script", "style", "template", "title"]):
        part.decompose()
    code = {ord(sign) for tag in seen(["code", "pre"]) for sign in tag.get_text()}
    text = {ord(sign) for sign in seen.get_text()}
    assert ord("≤") in text and ord("❦") not in sans
    assert {chr(sign) for sign in text - signs(page, "Report Serif") - sans - invisible} == set()
    assert {chr(sign) for sign in code - signs(page, "Report Mono") - sans - invisible} == set()


def test_every_figure_has_a_text_alternative(page):
    for label in labels("fig"):
        figure = page.find(id=label)
        image = figure.find(["img", "svg"])
        text = image.get("alt") or image.get("aria-label") or ""
        assert len(text) > 40, label


def test_headings_do_not_skip_a_level(page):
    levels = [int(h.name[1]) for h in page.find("main").find_all(re.compile(r"^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_numbers_in_prose_are_the_same_in_the_pdf(prose, all_pages):
    """Each paragraph's numbers stand in the PDF in the same order, page furniture aside."""
    stream = " ".join(NUMBER.findall(_without_furniture(all_pages)))
    streams = [f' {" ".join(NUMBER.findall(text))} ' for text in all_pages]
    compared = 0
    for paragraph in prose.find_all("p"):
        if paragraph.find_parent(class_=re.compile("provenance|content-visible|filter")):
            continue
        if "with the rows below" in paragraph.get_text():
            continue  # places that print lists and the page folds
        numbers = NUMBER.findall(paragraph.get_text("").replace("\u2060", ""))
        if 3 <= len(numbers):
            compared += 1
            found = (" ".join(numbers) in stream or _across_pages(numbers, stream)
                     or _around_figures(numbers, streams))
            assert found, paragraph.get_text(" ", strip=True)[:300]
    assert compared > 40


def _without_furniture(pages: list[str]) -> str:
    """Text of all pages without the running head and the page number of each."""
    kept = []
    for text in pages:
        lines = [line for line in text.splitlines() if line.strip()]
        kept.append(" ".join(lines))
    return " ".join(kept)


def _across_pages(numbers: list[str], stream: str) -> bool:
    """Whether the numbers stand in the stream in order with a few others between (a page's end)."""
    pattern = r"\b" + r"(?: \S+){0,3} ".join(map(re.escape, numbers)) + r"\b"
    return re.search(pattern, stream) is not None


def _around_figures(numbers: list[str], streams: list[str]) -> bool:
    """Whether the numbers go on from one page to the next, with a figure at the foot between."""
    cuts = [tuple(f' {" ".join(part)} ' for part in (numbers[:cut], numbers[cut:]))
            for cut in range(1, len(numbers))]
    return any(first in here and rest in after
               for here, after in zip(streams, streams[1:], strict=False) for first, rest in cuts)


def test_pdf_is_tagged_and_titled(book):
    reader = PdfReader(book / PDF)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata.title and str(catalog["/Lang"]).startswith("en")


def test_the_data_package_travels_in_the_pdf(book):
    reader = PdfReader(book / PDF)
    [attached] = reader.attachment_list
    assert attached.name == "data.zip" and attached.content == (
        book / "downloads" / "data.zip").read_bytes()
    assert attached.associated_file_relationship == "/Data"
    assert "pdfaid:part>3<" in reader.trailer["/Root"]["/Metadata"].get_data().decode()


def test_first_page_says_edition_audit_and_citation(prose):
    start = prose.get_text(" ")[:12000]
    for words in ("Published article", "reproduce", "How to cite", "8 December 2023"):
        assert words in start, words


def test_two_renders_are_identical(book, tmp_path):
    again = tmp_path / "again"
    subprocess.run([sys.executable, "-m", "press", "render", "--output", str(again), str(ROOT)],
                   check=True, capture_output=True, cwd=ROOT, timeout=300)
    names = sorted(p.relative_to(book) for p in book.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [n for n in names if (book / n).read_bytes() != (again / n).read_bytes()] == []


# --- the paper as Word and JATS --------------------------------------------------------------

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def paper(book, tmp_path_factory) -> Path:
    """The paper for a word processor and for archives, of what was rendered as a page."""
    out = tmp_path_factory.mktemp("paper") / "out"
    run = subprocess.run([sys.executable, "-m", "press", "render", "--to", "docx,jats", "--output",
                          str(out), str(ROOT)], capture_output=True, text=True, cwd=ROOT,
                         timeout=300)
    assert run.returncode == 0, run.stderr
    return out


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def word(paper):
    with zipfile.ZipFile(paper / "anti-cd38-retreatment.docx") as packed:
        return ElementTree.fromstring(packed.read("word/document.xml"))


@pytest.fixture(scope="module")
def jats(paper):
    return ElementTree.parse(paper / "anti-cd38-retreatment.xml").getroot()


@pytest.fixture(scope="module")
def told(book):
    """The words of the page without what it alone shows."""
    soup = BeautifulSoup((book / "index.html").read_text("utf-8"), "html.parser")
    for part in soup.select(".claim-card, .is-does-not-match > .claim-link sup, svg, script, "
                            ".figure-narrow"):
        part.decompose()
    return without_spaces(soup.main.get_text())


class TestPaper:
    """Every sentence, figure and table of the page is in both, with the same numbers."""

    def test_every_paragraph_with_a_number_is_one_of_the_page(self, word, told):
        paragraphs = ["".join(part.text or "" for part in one.iter(f"{WORD}t"))
                      for one in word.iter(f"{WORD}p")]
        numbered = [one for one in paragraphs if re.search(r"\d", one)
                    and not one.startswith("Data: rows.")]  # the line as print has it
        assert len(numbered) > 500
        assert [one for one in numbered if without_spaces(one) not in told] == []

    def test_both_have_every_figure_and_table_of_the_paper(self, page, jats, word):
        settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
        apart = {label for path in settings["press"]["supplement"] for label in re.findall(
            r"label: ((?:fig|tbl)-[a-z-]+)", (ROOT / path).read_text("utf-8"))}
        wanted = {one["id"]: without_spaces(one.figcaption.get_text()).replace(":", "", 1)
                  for one in page.select("figure.figure[id], figure.table[id]")
                  if one["id"] not in apart}
        found = {one.get("id"): without_spaces("".join(one.find("label").itertext())
                                               + "".join(one.find("caption").itertext()))
                 for one in jats.iter() if one.tag in ("fig", "table-wrap") and one.get("id")}
        assert found == wanted and len(found) > 20
        text = without_spaces("".join(part.text or "" for part in word.iter(f"{WORD}t"))
                              ).replace(":", "")
        assert [label for label, words in wanted.items()
                if words.replace(":", "") not in text] == []
        assert len(list(word.iter(f"{WORD}tbl"))) == len(list(jats.iter("table")))

    def test_every_reference_leads_somewhere(self, paper, jats):
        ids = {one.get("id") for one in jats.iter()}
        assert {one.get("rid") for one in jats.iter("xref")} <= ids
        links = {one.get("{http://www.w3.org/1999/xlink}href") for one in jats.iter()} - {None}
        near = {link.partition("#")[0] for link in links if not re.match("[a-z]+:", link)}
        assert {name for name in near if not name.endswith(".pdf")
                and not (paper / unquote(name)).is_file()} == set()
        assert len(jats.findall(".//ref-list/ref")) > 50

    def test_numbers_of_both_are_the_same(self, word, jats):
        of_word = NUMBER.findall(" ".join(part.text or "" for part in word.iter(f"{WORD}t")))
        of_jats = NUMBER.findall(" ".join(jats.find("body").itertext()))
        body = set(of_jats)
        assert len(body) > 200 and body <= set(of_word)


def test_the_page_keeps_its_policy(book):
    assert page_policy.faults((book / "index.html").read_text("utf-8")) == []


# --- the page in a browser -------------------------------------------------------------------

WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
                                                   "wcag22aa", "best-practice"]}
LAY_OUT = """() => { for (const element of document.querySelectorAll("*"))
    if (getComputedStyle(element).contentVisibility === "auto")
        element.style.contentVisibility = "visible" }"""
PARTS = ("#contents", "#sec-brief", "#fig-rwe-os", "#fig-rwe-os + .figure-narrow",
         "#fig-known", "#fig-known + .figure-narrow", "#fig-prisma", "#fig-prisma + .figure-narrow",
         "#tbl-rwe",
         "#sec-synthesis-without", "#sec-audit-findings", "#ledger-filter", "#claim-AB-16",
         "#study-image")
# of rows, items and entries that are alike a few are enough; sections of a chapter all stay
THIN_OUT = """() => {
    for (const parent of [document.querySelector('main'), ...document.querySelectorAll('main *')]) {
        const seen = {};
        for (const child of parent.isConnected ? [...parent.children] : []) {
            if (child.matches('td, th, col, section.level1, section.level2')) continue;
            const kind = `${child.tagName} ${child.getAttribute('class') ?? ''}`;
            seen[kind] = (seen[kind] ?? 0) + 1;
            if (seen[kind] > 4) child.remove();
        }
    }
    return document.querySelectorAll('main *').length;
}"""
KEEP_PARTS = """(parts) => {
    const kept = parts.map((part) => document.querySelector(part));
    for (const element of [...document.querySelectorAll('main *')]) {
        if (element.isConnected && !kept.some(
            (part) => part.contains(element) || element.contains(part))) element.remove();
    }
}"""
CLICK = """element => element.dispatchEvent(
    new MouseEvent('click', { bubbles: true, cancelable: true }))"""
LOOK = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"


def violations(found) -> list[tuple[str, str]]:
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


def opened(browser, book, **context):
    """The page in a browser with all of it laid in, as when a reader asks for the browser's own
    search: waiting until it has nothing else to do would take longer."""
    tab = browser.new_context(**context).new_page()
    tab.goto((book / "index.html").as_uri())
    if context.get("java_script_enabled", True):
        tab.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true }))")
        assert tab.locator("noscript.later").count() == 0
    return tab


def early(browser, book, **context):
    """The page in a browser as at first: nothing is laid in but what the reader asks for."""
    tab = browser.new_context(**context).new_page()
    tab.add_init_script("window.requestIdleCallback = () => {}")
    return tab


def place_at_rest(tab, element) -> tuple[float, float]:
    """The middle of an element in the window, once what is laid out on the way has its place."""
    element.evaluate("""async (element) => {
        const frame = () => new Promise(requestAnimationFrame);
        for (let before = null, still = 0; still < 5; ) {
            element.scrollIntoView({ block: "center", behavior: "instant" });
            await frame();
            const { x, y } = element.getBoundingClientRect(), now = `${x} ${y}`;
            still = now === before ? still + 1 : 0;
            before = now;
        }
    }""")
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class TestBrowser:
    pytestmark = browser_only

    @pytest.mark.parametrize("width", [1280, 400])
    def test_page_does_not_scroll_sideways(self, browser, book, width):
        tab = opened(browser, book, viewport={"width": width, "height": 900})
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width

    @pytest.mark.parametrize("thinned", [
        True, pytest.param(False, marks=pytest.mark.nightly)], ids=["a-few-of-each", "all"])
    def test_axe_finds_nothing(self, browser, book, thinned):
        from axe_playwright_python.sync_playwright import Axe

        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        if thinned:
            assert 2_000 < tab.evaluate(THIN_OUT) < 15_000
        # what is far from the window has no place yet, and would be measured over its neighbours
        tab.evaluate(LAY_OUT)
        assert violations(Axe().run(tab, options=WCAG)) == []

    def test_the_page_is_set_in_its_own_fonts(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        session = tab.context.new_cdp_session(tab)
        for domain in ("DOM", "CSS"):
            session.send(f"{domain}.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        for place in (".title", "#sec-brief > ul > li", "td", "figcaption", ".front-line",
                      "code", "#fig-rwe-os svg text", ".button", "h2", "em", "summary",
                      "#search"):
            tab.locator(place).first.evaluate("element => element.scrollIntoView()")
            tab.wait_for_timeout(100)  # what was far away is laid out
            node = session.send("DOM.querySelector", {"nodeId": root, "selector": place})["nodeId"]
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert {font["isCustomFont"] for font in used} == {True}, place

    def test_card_shows_on_hover_and_focus_without_a_script(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900},
                     java_script_enabled=False)
        claim = tab.locator("main p .claim").first
        card = claim.locator(".claim-card")
        assert not card.is_visible()
        claim.scroll_into_view_if_needed()
        claim.hover()
        # a card opens after a moment
        card.wait_for(state="visible", timeout=3000)
        tab.mouse.move(0, 0)
        claim.locator("a").first.focus()
        card.wait_for(state="visible", timeout=3000)

    def test_escape_closes_a_card_until_the_pointer_leaves(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        claim = tab.locator("main p .claim").first
        card = claim.locator(".claim-card")
        claim.scroll_into_view_if_needed()
        claim.hover()
        card.wait_for(state="visible", timeout=2000)
        tab.keyboard.press("Escape")
        card.wait_for(state="hidden", timeout=2000)
        tab.mouse.move(0, 0)
        claim.hover()
        card.wait_for(state="visible", timeout=2000)
        tab.mouse.move(0, 0)
        claim.locator("a").first.focus()
        card.wait_for(state="visible", timeout=2000)
        tab.keyboard.press("Escape")
        card.wait_for(state="hidden", timeout=2000)

    def test_card_shows_on_tap_and_stays_inside_the_phone(self, browser, book):
        tab = opened(browser, book, viewport={"width": 400, "height": 800}, has_touch=True,
                     is_mobile=True)
        claim = tab.locator("main p .claim").nth(3)
        claim.scroll_into_view_if_needed()
        claim.tap()
        box = claim.locator(".claim-card").bounding_box()
        assert claim.locator(".claim-card").is_visible()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 400

    def test_quoted_number_leads_to_its_ledger_entry(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        link = tab.locator("main p .claim a").first
        target = link.get_attribute("href")
        link.click()
        assert tab.evaluate("location.hash") == target
        assert tab.locator(target.replace(".", r"\.")).count() == 1


def keys(table: str) -> list[str]:
    """The first cell of every row of a table of the dataset."""
    text = (ROOT / "data" / f"{table}.csv").read_text("utf-8")
    return [line[0] for line in list(csv.reader(io.StringIO(text)))[1:]]


class TestFirstScreen:
    def test_machines_are_told_of_article_dataset_and_every_statement(self, page):
        graph = json.loads(page.find("script", type="application/ld+json").string)["@graph"]
        kinds = Counter(one["@type"] for one in graph)
        assert kinds == {"ScholarlyArticle": 1, "Dataset": 1, "ClaimReview": len(keys("claims"))}
        ids = {tag["id"] for tag in page.find_all(id=True)}
        assert {one["url"][1:] for one in graph if one["@type"] == "ClaimReview"} <= ids

    def test_the_head_names_the_article_as_the_citation_file_does(self, page):
        told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["references"][0]
        met = {tag["name"]: tag["content"] for tag in page.find_all("meta", attrs={"name": True})}
        assert met["citation_doi"] == told["doi"] and met["citation_title"] == told["title"]
        authors = [tag["content"]
                   for tag in page.find_all("meta", attrs={"name": "citation_author"})]
        assert authors == [f"{one['family-names']}, {one['given-names']}"
                           for one in told["authors"]]
        assert met["description"] and page.find("meta", property="og:title")
        assert page.find("link", rel="icon")["href"].startswith("data:")

    def test_the_page_is_small(self, book):
        html = (book / "index.html").read_bytes()
        assert len(html) <= 4_000_000 and len(gzip.compress(html)) <= 700_000

    def test_the_bar_leads_to_every_verdict(self, page):
        parts = page.select(".bar a")
        assert sum(int(part.strong.get_text()) for part in parts) == len(
            page.select(".ledger-entry"))
        for part in parts:
            assert page.find(id=f"show-{part['data-show']}") is not None


class TestReach:
    def test_every_row_of_a_study_is_on_the_page_and_leads_to_its_statements(self, page):
        there = {element["id"] for element in page.find_all(id=True)}
        for name in ("outcomes", "characteristics", "arms", "reports", "studies"):
            assert [key for key in keys(name) if f"row-{name}-{key}" not in there] == [], name

    def test_a_statement_leads_to_its_rows_and_to_where_it_is_quoted(self, page):
        entry = page.find(id="claim-AB-16")
        rows = [a["href"] for a in entry.select("details li a")]
        assert rows and all(href.startswith("#row-outcomes-") for href in rows)
        assert "#claim-AB-16" in {a["href"] for a in
                                  page.find(id=rows[0][1:]).find_parent("tr").find_all("a")}
        back = [a["href"] for a in entry.select(".backlinks a")]
        assert back
        for href in back:
            assert page.find(id=href[1:])["href"] == "#claim-AB-16"

    def test_the_code_of_a_figure_is_listed_with_what_it_calls(self, page):
        line = page.find(id="fig-rwe-os").find_next(class_="provenance")
        anchor = next(a["href"] for a in line.find_all("a") if a.get_text() == "rwe_os")
        assert page.find(id=anchor[1:]).find("code", class_="sourceCode")
        calls = page.find(id="rows-fig-rwe-os").find_all("a", href=re.compile("#code-"))
        assert {"panel_rows", "group_rows"} <= {a.get_text() for a in calls}


class TestDownloads:
    def test_the_package_is_whole_and_valid(self, book, tmp_path):
        from frictionless import Package, system

        with zipfile.ZipFile(book / "downloads" / "data.zip") as archive:
            archive.extractall(tmp_path)
        with system.use_context(trusted=True):
            report = Package(str(tmp_path / "datapackage.json")).validate()
        assert report.valid, report.flatten(["type", "message"])[:5]
        assert (tmp_path / "rows" / "fig-rwe-os.csv").is_file()

    def test_notebooks_and_references_are_there(self, book):
        with zipfile.ZipFile(book / "downloads" / "notebooks.zip") as archive:
            assert all(name.endswith(".ipynb") for name in archive.namelist())
        ris = (book / "downloads" / "references.ris").read_text("utf-8")
        bib = (ROOT / "references.bib").read_text("utf-8")
        assert ris.count("TY  - ") == ris.count("ER  - ") == len(re.findall(r"^@", bib, re.M))

    def test_figures_are_files_with_text(self, book):
        for label in labels("fig"):
            svg = (book / "figures" / f"{label}.svg").read_text("utf-8")
            assert "<text" in svg and "<desc>" in svg


def test_the_paper_is_short_and_the_supplement_is_a_document_of_its_own(book, pages):
    assert len(pages) <= 45
    supplement = PdfReader(book / PDF.replace(".pdf", "-supplement.pdf"))
    assert supplement.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Supplement" in supplement.metadata.title
    assert not supplement.metadata["/CreationDate"].startswith("D:1970")


def test_figure_text_can_be_found_in_the_pdf(pages):
    text = " ".join(" ".join(pages).split())
    assert "Median OS, months" in text and "Overall response rate, %" in text


class TestJourneys:
    pytestmark = browser_only

    def test_a_clinician_on_a_phone(self, browser, book):
        """The answer is on screen one; a plot is readable without scrolling sideways."""
        tab = opened(browser, book, viewport={"width": 400, "height": 800}, has_touch=True,
                     is_mobile=True)
        for finding in tab.locator("#sec-brief > ul > li > strong").all():
            box = finding.bounding_box()
            assert 0 <= box["y"] and box["y"] + box["height"] <= 800
        plot = tab.locator("#fig-rwe-os + .figure-narrow")
        plot.scroll_into_view_if_needed()
        assert not tab.locator("#fig-rwe-os svg").is_visible()
        for row in plot.locator("li").all():
            for part in (row.locator(".narrow-value"), row.locator(".narrow-track")):
                box = part.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= 400

    def test_figures_fit_a_phone(self, browser, book):
        """No figure but the one without a form for a phone scrolls sideways."""
        tab = opened(browser, book, viewport={"width": 400, "height": 800})
        wide = tab.evaluate("""() => [...document.querySelectorAll('figure.figure[id^="fig-"]')]
            .filter((figure) => [...figure.children, figure.nextElementSibling].some((part) =>
                part.matches('.figure-scroll, .figure-narrow')
                && part.checkVisibility() && part.scrollWidth > part.clientWidth))
            .map((figure) => figure.id)""")
        assert set(wide) <= {"fig-follow-up"}

    def test_a_reviewer_from_a_point_to_row_source_and_code(self, browser, book):
        """From a point of Figure 2B: its row in one click, its source in two, the code in one."""
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        caption = tab.locator("figcaption", has_text="Figure 2B of the article")
        figure = tab.locator("figure", has=caption)
        mark = figure.locator("a.mark").first
        target = mark.get_attribute("href")
        tab.mouse.click(*place_at_rest(tab, mark.locator("path, use").first))
        tab.wait_for_function("target => location.hash === target", arg=target)
        row = tab.locator(f'[id="{target[1:]}"]').locator("xpath=ancestor::tr")
        assert row.is_visible()
        row.locator("a[href^='#ref-']").first.click()
        assert tab.evaluate("location.hash").startswith("#ref-")
        tab.locator("a[href='#code-article-figures-panels-rwe_os']").first.click()
        assert tab.locator("[id='code-article-figures-panels-rwe_os'] code").first.is_visible()

    def test_a_statistician_takes_everything_in_two_clicks(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        for words in ("All data (zip)", "Notebooks"):
            href = tab.locator(".buttons a", has_text=words).get_attribute("href")
            assert zipfile.is_zipfile(book / href)

    def test_search_finds_text_studies_and_statements_quickly(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        box = tab.locator("#search")
        box.fill("image")  # the first search makes the index
        box.fill("AB-16")
        assert "AB-16" in tab.locator("#search-results a").first.inner_text()
        box.fill("ICARIA-MM")
        assert tab.locator("#search-results a b", has_text="ICARIA-MM").count() >= 1
        milliseconds = tab.evaluate("""() => {
            const box = document.getElementById('search');
            box.value = 'median follow-up';
            const start = performance.now();
            box.dispatchEvent(new Event('input'));
            return performance.now() - start;
        }""")
        assert milliseconds < 200  # 50 on a machine that does nothing else

    def test_a_verdict_filters_the_ledger_and_the_count_follows(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        part = tab.locator(".bar .is-does-not-match")
        n = part.locator("strong").inner_text()
        part.click()
        assert tab.locator("#ledger-filter output").inner_text().startswith(f"{n} of ")
        assert tab.locator(".ledger-entry:visible").count() == int(n)

    def test_a_table_of_studies_sorts_and_filters(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        table = tab.locator("#sec-studies .sortable table").first
        table.locator("thead th button").first.click()
        names = table.locator("tbody tr td:first-child").all_inner_texts()
        assert names == sorted(names, key=str.casefold)
        tools = tab.locator("#sec-studies .table-tools").first
        tools.locator("input").fill("randomised")
        left = table.locator("tbody tr:visible").count()
        assert tools.locator("output").inner_text().startswith(f"{left} of ")

    def test_cards_stay_in_the_window_and_can_be_entered(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        for claim in tab.locator("main p > .claim").all()[::24]:
            claim.scroll_into_view_if_needed()
            claim.locator(".claim-link").hover()
            card = claim.locator(".claim-card")
            card.wait_for(state="visible", timeout=2000)
            box = card.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
            assert box["y"] >= 0 and box["y"] + box["height"] <= 900
            tab.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=4)
            assert card.is_visible()
            tab.mouse.move(2, 2)

    def test_what_is_far_away_is_not_laid_out_and_can_be_reached(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        far = tab.evaluate("""() => [...document.querySelectorAll('.ledger-entry')].filter(
            (entry) => !entry.firstElementChild.checkVisibility({ contentVisibilityAuto: true })
        ).length""")
        assert far > 200
        tab.evaluate("location.hash = '#claim-AB-16'")
        tab.wait_for_timeout(500)
        box = tab.locator("#claim-AB-16").bounding_box()
        assert 0 <= box["y"] < 900

    def test_the_appendices_arrive_after_the_first_screen(self, browser, book):
        tab = early(browser, book, viewport={"width": 1280, "height": 900})
        tab.goto((book / "index.html").as_uri())
        assert tab.locator("main > section.level1 > h1").count() == len(SOURCES)
        assert tab.locator("#fig-rwe-os svg").count() == 1
        assert tab.evaluate("document.querySelectorAll('*').length") < 20_000
        whole = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        whole.goto((book / "index.html").as_uri())
        whole.wait_for_function("() => !document.querySelector('noscript.later')", timeout=60_000)
        assert whole.evaluate("document.querySelectorAll('*').length") > 50_000

    def test_the_whole_page_is_there_without_a_script(self, browser, book):
        text = """(main, added) => {
            main.querySelectorAll(added).forEach((element) => element.remove());
            return main.textContent.replace(/\\s+/g, '');
        }"""
        added = ".table-tools, .figure-files button, #ledger-filter output, #without"
        places = """() => ['#claim-AB-16', '#claim-AB-16 p', '#study-image p', '#sec-rows details',
            '#sec-code'].map((part) => {
                const { left, width } = document.querySelector(part).getBoundingClientRect();
                return [part, left, width];
            })"""
        said, placed = [], []
        for script in (False, True):
            tab = opened(browser, book, java_script_enabled=script)
            placed.append(tab.evaluate(places))
            said.append(tab.locator("main").evaluate(text, added))
        assert said[0] == said[1]
        assert placed[0] == placed[1] and all(width > 600 for *_, width in placed[0])

    def test_a_mark_leads_to_its_row_before_all_has_arrived(self, browser, book):
        tab = early(browser, book, viewport={"width": 1280, "height": 900})
        told: list[str] = []
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.goto((book / "index.html").as_uri())
        mark = tab.locator("#fig-rwe-os a.mark").first
        row = mark.get_attribute("href")[1:]
        assert tab.locator(f'[id="{row}"]').count() == 0
        mark.evaluate(CLICK)
        assert tab.locator(f'[id="{row}"]').count() == 1 and told == []

    @pytest.mark.parametrize("way", ["address", "link", "search", "print"])
    def test_a_part_arrives_where_the_reader_goes(self, browser, book, way):
        tab = early(browser, book, viewport={"width": 1280, "height": 900})
        tab.goto((book / "index.html").as_uri() + ("#claim-AB-16" if way == "address" else ""))
        entry = tab.locator("#claim-AB-16")
        if way == "link":
            link = tab.locator("main p .claim a[href='#claim-AB-16']").first
            link.evaluate("link => link.click()")
        if way == "search":
            tab.locator("#search").fill("AB-16")
            tab.locator("#search-results a", has_text="AB-16").first.click()
        if way == "print":
            tab.evaluate("dispatchEvent(new Event('beforeprint'))")
            assert tab.locator("noscript.later").count() == 0
            return
        tab.wait_for_function("""() => {
            const top = document.getElementById('claim-AB-16')?.getBoundingClientRect().top;
            return top >= 0 && top < innerHeight;
        }""")
        assert entry.evaluate("entry => entry.matches(':target, :has(:target)')")

    def test_figures_follow_the_page_into_the_dark(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900}, color_scheme="dark")
        ink = "getComputedStyle(document.querySelector('#fig-rwe-os svg text')).fill"
        assert tab.evaluate(ink) == tab.evaluate("getComputedStyle(document.body).color")
        tab.locator("#scheme").click()
        assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"

    @pytest.mark.parametrize("look", [
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 400, "height": 800}, "has_touch": True, "is_mobile": True,
         "color_scheme": "dark"}])
    def test_a_walk_through_the_page_breaks_no_rule_of_its_policy(self, browser, book, look):
        tab = browser.new_context(**look).new_page()
        told: list[str] = []
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.add_init_script(page_policy.WATCH)
        tab.goto((book / "index.html").as_uri())
        phone = "has_touch" in look
        if phone:
            tab.locator("#contents-toggle").tap()
        tab.locator("#search").fill("refractory")
        tab.locator("#search-results a").first.click()
        if phone:
            tab.locator("#contents-toggle").tap()
        tab.locator("#scheme").click()
        if phone:
            tab.locator("#contents-toggle").tap()
        claim = tab.locator("main p > .claim").nth(3)
        claim.scroll_into_view_if_needed()
        claim.tap() if phone else claim.locator(".claim-link").hover()
        claim.locator(".claim-card").wait_for(state="visible", timeout=5000)
        tab.keyboard.press("Escape")
        tab.locator("#ledger-filter input[type=search]").fill("survival")
        tab.locator("#sec-studies .sortable thead th button").first.click()
        tab.locator("#sec-studies .table-tools input").first.fill("randomised")
        tab.locator('#without input[type="checkbox"]').first.uncheck()
        tab.locator("#without-smallest").fill("50")
        assert "lines change" in tab.locator("#without-told").inner_text()
        tab.locator("#without-all").click()
        with tab.expect_download() as picture:
            tab.locator("#fig-known .figure-files button").click()
        assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG")
        tab.locator("#fig-rwe-os a.mark").first.evaluate(CLICK)
        assert tab.evaluate("window.refused") == [] and told == []

    def test_nothing_is_asked_of_any_host(self, browser, book):
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((book / "index.html").as_uri())
        tab.locator("#search").fill("survival")
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []

    @pytest.mark.parametrize(("width", "look"), [
        (400, {"color_scheme": "light"}), (400, {"color_scheme": "dark"}),
        (1280, {"color_scheme": "dark"}), (400, {"forced_colors": "active"})])
    def test_axe_finds_nothing_in_any_look(self, browser, book, width, look):
        """What depends on width and colours, on a part of each kind; the whole page once above."""
        from axe_playwright_python.sync_playwright import Axe

        tab = opened(browser, book, viewport={"width": width, "height": 900}, **look)
        assert [part for part in PARTS if tab.locator(part).count() != 1] == []
        tab.evaluate(KEEP_PARTS, PARTS)  # axe takes minutes for the page
        context = {"include": [[part] for part in PARTS]}
        # the contents now lead to sections that were taken out
        options = WCAG | {"rules": {"skip-link": {"enabled": False}}}
        assert violations(Axe().run(tab, context=context, options=options)) == []

    def test_marks_are_seen_in_forced_colours(self, browser, book):
        """Where the system takes the colours away, what a fill told has an edge or a sign."""
        tab = opened(browser, book, viewport={"width": 400, "height": 900}, forced_colors="active")
        canvas = tab.evaluate(LOOK, [".figure-narrow", "backgroundColor"])
        for mark in (".point", ".interval", ".limits"):
            assert tab.evaluate(LOOK, [f".narrow-track > {mark}", "backgroundColor"]) != canvas
        assert tab.evaluate(LOOK, [".bar-part", "borderTopStyle"]) == "solid"
        assert tab.evaluate(LOOK, [".narrow-matrix .shade-2", "borderTopStyle"]) == "solid"
