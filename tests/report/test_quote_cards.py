"""The cards of quoted claims in a real browser, without a script on the page."""

from pathlib import Path

import pypandoc
import pytest
from chromium import browser_only

from review.dataset.load import PUBLISHED, load
from review.report.quote import Quotes

STYLE = Path(__file__).parents[2] / "assets" / "report.css"
pytestmark = browser_only
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cards</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ margin: 1rem; font: 17px/1.5 serif; }} main {{ max-width: 40rem; }} {style}
</style></head><body><main>{text}<p style="height: 60rem">End.</p></main></body></html>"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    q = Quotes(load(PUBLISHED))
    words = "A paragraph that is long enough to put a quote at the far end of its line, where "
    text = (f"First {q('DI-10', 0).data} of the line.\n\n{words}{words}{q('DI-20', 3).data}.\n\n"
            f"- item {q('DI-12', 0).data}\n\n| a | b |\n|---|---|\n| x | {q('RF-04').data} |\n")
    html = pypandoc.convert_text(text, "html", format="markdown")
    path = tmp_path_factory.mktemp("cards") / "page.html"
    path.write_text(PAGE.format(style=STYLE.read_text("utf-8"), text=html), "utf-8")
    return path


@pytest.fixture(params=[(1280, False), (400, True)], ids=["desktop", "phone"])
def page(request, browser, page_file):
    width, touch = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=touch,
                                  is_mobile=touch, java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    return page


def cards(page):
    """Which cards are open."""
    return [card.is_visible() for card in page.locator(".claim-card").all()]


def closed(page):
    return not any(cards(page))


def wait_for(page, number):
    page.locator(".claim-card").nth(number).wait_for(state="visible", timeout=2000)


def test_cards_are_closed_at_first_and_out_of_the_accessibility_tree(page):
    assert closed(page)
    assert "Recomputed" not in page.locator("main").aria_snapshot()


@pytest.mark.parametrize("number", range(4))
def test_a_card_opens_on_focus_and_stays_within_the_window(page, number):
    page.locator(".claim-link").nth(number).focus()
    wait_for(page, number)
    assert cards(page) == [n == number for n in range(4)]
    box, width = page.locator(".claim-card").nth(number).bounding_box(), page.viewport_size["width"]
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert "Recomputed" in page.locator("main").aria_snapshot()


def test_a_card_is_one_stop_of_the_keyboard_and_leaving_closes_it(page):
    page.keyboard.press("Tab")
    wait_for(page, 0)
    assert cards(page)[0]
    page.keyboard.press("Tab")
    page.locator(".claim-card").first.wait_for(state="hidden", timeout=2000)
    assert cards(page)[1]


def test_hover_opens_and_the_pointer_can_move_into_the_card(page):
    if page.viewport_size["width"] < 500:
        pytest.skip("a phone has no pointer that hovers")
    page.locator(".claim-link").first.hover()
    wait_for(page, 0)
    page.locator(".claim-card").first.hover()
    page.wait_for_timeout(300)  # longer than a card takes to close
    assert cards(page)[0]
    page.mouse.move(1200, 700)
    page.locator(".claim-card").first.wait_for(state="hidden", timeout=2000)


@pytest.mark.parametrize("number", range(4))
def test_a_tap_opens_the_card_and_does_not_leave_the_page(page, number):
    if page.viewport_size["width"] > 500:
        pytest.skip("this window has no touch")
    link = page.locator(".claim-link").nth(number)
    link.scroll_into_view_if_needed()
    before, box = page.url, link.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for(page, number)
    assert page.url == before


def test_an_open_card_does_not_widen_the_page(page):
    page.locator(".claim-link").nth(1).focus()
    wait_for(page, 1)
    main = page.locator("main").bounding_box()
    assert main["x"] + main["width"] <= page.viewport_size["width"]
