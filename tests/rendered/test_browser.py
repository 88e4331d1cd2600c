"""The rendered page in a browser: without a fault for those who see or hear it otherwise."""

from __future__ import annotations

import re

import pytest
from chromium import browser_only
from published_book import opened
from pypdf import PdfReader

pytestmark = browser_only

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
LOOK = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"


def violations(found) -> list[tuple[str, str]]:
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


def test_page_does_not_scroll_sideways(desk):
    for width in (400, 320, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_what_is_folded_and_nothing_to_press(browser, book):
    tab = opened(browser, book, viewport={"width": 1280, "height": 900})
    folded = tab.locator("main details:not([open], .code-fold)")
    before = folded.count()
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert before and folded.count() == 0
    for selector in (".buttons", ".figure-files", ".table-tools", ".without", "#ledger-filter"):
        assert tab.locator(f"{selector}:visible").count() == 0, selector
    assert tab.locator(".bar-part:visible").count() == 4
    assert tab.evaluate(LOOK, [".bar-part", "color"]) == tab.evaluate(LOOK, [".bar", "color"])
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before


def test_paper_repeats_the_head_of_a_table_that_can_be_sorted(browser, book, tmp_path):
    tab = opened(browser, book, viewport={"width": 1280, "height": 900})
    tab.evaluate(KEEP_PARTS, ["#sec-dictionary"])
    tables = tab.locator("#sec-dictionary .sortable th button:text-is('Meaning')").count()
    tab.pdf(path=tmp_path / "paper.pdf", format="A4")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "paper.pdf").pages]
    heads = sum(len(re.findall(r"Field\s*Type\s*Meaning", page)) for page in pages)
    assert heads > tables + len(pages) / 4 > 10


def test_who_asks_for_more_contrast_gets_no_grey(browser, book):
    tab = opened(browser, book, whole=False, contrast="more")
    assert tab.evaluate(LOOK, [".front-line", "color"]) == tab.evaluate(LOOK, ["main", "color"])


@pytest.mark.parametrize("thinned", [
    True, pytest.param(False, marks=pytest.mark.nightly)], ids=["a-few-of-each", "all"])
def test_axe_finds_nothing(browser, book, thinned):
    from axe_playwright_python.sync_playwright import Axe

    tab = opened(browser, book, viewport={"width": 1280, "height": 900})
    if thinned:
        assert 2_000 < tab.evaluate(THIN_OUT) < 15_000
    # what is far from the window has no place yet, and would be measured over its neighbours
    tab.evaluate(LAY_OUT)
    assert violations(Axe().run(tab, options=WCAG)) == []


def test_the_page_is_set_in_its_own_fonts(desk):
    session = desk.context.new_cdp_session(desk)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for place in (".title", "#sec-brief > ul > li", "td", "figcaption", ".front-line",
                  "code", "#fig-rwe-os svg text", ".button", "h2", "em", "summary",
                  "#search"):
        desk.locator(place).first.evaluate("element => element.scrollIntoView()")
        desk.wait_for_timeout(100)  # what was far away is laid out
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": place})["nodeId"]
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert {font["isCustomFont"] for font in used} == {True}, place


def test_card_shows_on_hover_and_focus_without_a_script(browser, book):
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


def test_escape_closes_a_card_until_the_pointer_leaves(browser, book):
    tab = opened(browser, book, whole=False, viewport={"width": 1280, "height": 900})
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
    assert tab.evaluate("document.activeElement.className") == "claim-link"


def test_escape_among_results_goes_back_to_the_search(desk):
    desk.locator("#search").fill("talquetamab")
    desk.locator("#search-results a").first.focus()
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.id") == "search"
    assert not desk.locator("#search-results").is_visible()


def test_card_shows_on_tap_and_stays_inside_the_phone(browser, book):
    tab = opened(browser, book, whole=False, viewport={"width": 400, "height": 800}, has_touch=True,
                 is_mobile=True)
    claim = tab.locator("main p .claim").nth(3)
    claim.scroll_into_view_if_needed()
    claim.tap()
    card = claim.locator(".claim-card")
    # a card opens after a moment
    card.wait_for(state="visible", timeout=3000)
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 400


def test_quoted_number_leads_to_its_ledger_entry(desk):
    link = desk.locator("main p .claim a").first
    target = link.get_attribute("href")
    link.click()
    assert desk.evaluate("location.hash") == target
    assert desk.locator(target.replace(".", r"\.")).count() == 1


@pytest.mark.nightly
@pytest.mark.parametrize(("width", "look"), [
    (400, {"color_scheme": "light"}), (400, {"color_scheme": "dark"}),
    (1280, {"color_scheme": "dark"}), (400, {"forced_colors": "active"})])
def test_axe_finds_nothing_in_any_look(browser, book, width, look):
    """What depends on width and colours, on a part of each kind; the whole page once above."""
    from axe_playwright_python.sync_playwright import Axe

    tab = opened(browser, book, viewport={"width": width, "height": 900}, **look)
    assert [part for part in PARTS if tab.locator(part).count() != 1] == []
    tab.evaluate(KEEP_PARTS, PARTS)  # axe takes minutes for the page
    tab.evaluate(LAY_OUT)  # as above
    context = {"include": [[part] for part in PARTS]}
    # the contents now lead to sections that were taken out
    options = WCAG | {"rules": {"skip-link": {"enabled": False}}}
    assert violations(Axe().run(tab, context=context, options=options)) == []


def test_marks_are_seen_in_forced_colours(browser, book):
    """Where the system takes the colours away, what a fill told has an edge or a sign."""
    tab = opened(browser, book, viewport={"width": 400, "height": 900}, forced_colors="active")
    canvas = tab.evaluate(LOOK, [".figure-narrow", "backgroundColor"])
    for mark in (".point", ".interval", ".limits"):
        assert tab.evaluate(LOOK, [f".narrow-track > {mark}", "backgroundColor"]) != canvas
    assert tab.evaluate(LOOK, [".bar-part", "borderTopStyle"]) == "solid"
    assert tab.evaluate(LOOK, [".narrow-matrix .shade-2", "borderTopStyle"]) == "solid"


def test_figures_follow_the_page_into_the_dark(browser, book):
    tab = opened(browser, book, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    ink = "getComputedStyle(document.querySelector('#fig-rwe-os svg text')).fill"
    assert tab.evaluate(ink) == tab.evaluate("getComputedStyle(document.body).color")
    tab.locator("#scheme").click()
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
