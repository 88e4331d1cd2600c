"""The rendered report: complete, nothing leaked, every reference resolved, HTML and PDF equal.

One file, because a worker that has rendered the book should use it for all of these.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
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
    for card in copy(class_="claim-card"):
        card.decompose()
    return copy


@pytest.fixture(scope="session")
def pages(book) -> list[str]:
    return [p.extract_text() for p in PdfReader(book / PDF).pages]


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


def test_pdf_has_the_same_figures_and_tables(page, pages):
    text = " ".join(pages).replace("\xa0", " ")
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


def test_every_figure_has_a_text_alternative(page):
    for label in labels("fig"):
        figure = page.find(id=label)
        image = figure.find(["img", "svg"])
        text = image.get("alt") or image.get("aria-label") or ""
        assert len(text) > 40, label


def test_headings_do_not_skip_a_level(page):
    levels = [int(h.name[1]) for h in page.find("main").find_all(re.compile(r"^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_numbers_in_prose_are_the_same_in_the_pdf(prose, pages):
    """Each paragraph's numbers stand in the PDF in the same order, page furniture aside."""
    stream = " ".join(NUMBER.findall(_without_furniture(pages)))
    compared = 0
    for paragraph in prose.find_all("p"):
        if paragraph.find_parent(class_=re.compile("provenance|content-visible|filter")):
            continue
        numbers = NUMBER.findall(paragraph.get_text("").replace("\u2060", ""))
        if 3 <= len(numbers):
            compared += 1
            found = " ".join(numbers) in stream or _across_pages(numbers, stream)
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


def test_pdf_is_tagged_and_titled(book):
    reader = PdfReader(book / PDF)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata.title and str(catalog["/Lang"]).startswith("en")


def test_first_page_says_edition_audit_and_citation(prose):
    start = prose.get_text(" ")[:12000]
    for words in ("Published article", "reproduce", "How to cite", "2023-12-08"):
        assert words in start, words


def test_two_renders_are_identical(book, tmp_path):
    again = tmp_path / "again"
    subprocess.run([sys.executable, "-m", "press", "render", "--output", str(again), str(ROOT)],
                   check=True, capture_output=True, cwd=ROOT, timeout=300)
    names = sorted(p.relative_to(book) for p in book.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [n for n in names if (book / n).read_bytes() != (again / n).read_bytes()] == []


# --- the page in a browser -------------------------------------------------------------------

BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, (shutil.which(name) for name in BROWSERS if name)), None)
browser_only = [pytest.mark.browser,
                pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield chromium
        chromium.close()


def opened(browser, book, **context):
    tab = browser.new_context(**context).new_page()
    tab.goto((book / "index.html").as_uri())
    return tab


class TestBrowser:
    pytestmark = browser_only

    @pytest.mark.parametrize("width", [1280, 400])
    def test_page_does_not_scroll_sideways(self, browser, book, width):
        tab = opened(browser, book, viewport={"width": width, "height": 900})
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width

    def test_axe_finds_nothing(self, browser, book):
        from axe_playwright_python.sync_playwright import Axe

        tab = opened(browser, book, viewport={"width": 1280, "height": 900})
        found = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []

    def test_card_shows_on_hover_and_focus_without_a_script(self, browser, book):
        tab = opened(browser, book, viewport={"width": 1280, "height": 900},
                     java_script_enabled=False)
        claim = tab.locator("main p .claim").first
        card = claim.locator(".claim-card")
        assert not card.is_visible()
        claim.scroll_into_view_if_needed()
        claim.hover()
        assert card.is_visible()
        tab.mouse.move(0, 0)
        claim.locator("a").first.focus()
        assert card.is_visible()

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
