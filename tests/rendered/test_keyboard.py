"""The page by keyboard: few stops, and every link within reach."""

from __future__ import annotations

import pytest
from chromium import browser_only
from layers import first
from published_book import opened

pytestmark = browser_only

STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, summary, [tabindex]")].filter((one) =>
        one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })).length"""
FIRST = """(selector) => {
    const block = document.querySelector(selector);
    block.scrollIntoView();
    block.querySelector("a[href]:not([tabindex]), summary:not([tabindex])").focus();
    return [...block.querySelectorAll("[data-reached]")].filter(
        (one) => one.checkVisibility({ visibilityProperty: true })).length;
}"""
REACHED = """(selector) => document.querySelector(selector).contains(document.activeElement)
    ? document.activeElement.outerHTML : null"""
ENTRY = "#claim-AB-16"


def tabbed(browser, book, **context):
    """The page after the first Tab, which leads to the link past the contents."""
    tab = opened(browser, book, **context)
    tab.keyboard.press("Tab")
    return tab


@pytest.mark.parametrize("width", first(1, [1280, 400]))
def test_the_whole_page_has_few_stops(browser, book, width):
    tab = tabbed(browser, book, viewport={"width": width, "height": 900})
    links = tab.locator("main a[href]").count()
    assert links > 4_000 and tab.evaluate(STOPS) < 1_100


@pytest.mark.parametrize("block", first(1, [ENTRY, "#study-image .table-scroll"]))
def test_the_arrows_lead_to_every_link_of_a_block(browser, book, block):
    tab = tabbed(browser, book, viewport={"width": 1280, "height": 900})
    number = tab.evaluate(FIRST, block)
    seen = {tab.evaluate(REACHED, block)}
    for _ in range(number - 1):
        tab.keyboard.press("ArrowRight")
        seen.add(tab.evaluate(REACHED, block))
    assert number > 2 and None not in seen
    last = tab.evaluate(REACHED, block)
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(REACHED, block) == last
    tab.keyboard.press("Tab")
    assert tab.evaluate(REACHED, block) is None
    tab.keyboard.press("Shift+Tab")  # back to where the reader was
    assert tab.evaluate(REACHED, block) == last


def test_what_is_unfolded_is_reached_and_what_is_folded_again_is_left(browser, book):
    tab = tabbed(browser, book, viewport={"width": 1280, "height": 900})
    folded = tab.evaluate(FIRST, ENTRY)
    summary = tab.locator(f"{ENTRY} summary").first
    summary.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate(FIRST, ENTRY) > folded
    summary.focus()
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.closest('details[open]') !== null")
    summary.evaluate("one => { one.parentElement.open = false }")
    tab.wait_for_function(f"document.querySelector('{ENTRY} :is(a, summary):not([tabindex])')"
                          ".checkVisibility()")


def test_without_a_script_every_link_is_a_stop(browser, book):
    tab = opened(browser, book, java_script_enabled=False)
    assert tab.locator(f"{ENTRY} [tabindex='-1']:is(a, summary)").count() == 0
    assert tab.locator(f"{ENTRY} a[href]").count() > 2
