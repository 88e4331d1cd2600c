"""Readers' ways through the rendered page, in a browser."""

from __future__ import annotations

import zipfile
from pathlib import Path

import page_policy
import pytest
from chromium import browser_only
from layers import first
from published_book import CLICK, SOURCES, early, opened, place_at_rest

pytestmark = browser_only


@pytest.fixture(scope="module")
def phone(started_browser, book):
    """The whole page on a phone, for tests that only look at it."""
    return opened(started_browser, book, viewport={"width": 400, "height": 800}, has_touch=True,
                  is_mobile=True)


def test_a_clinician_on_a_phone(phone):
    """The answer is on screen one; a plot is readable without scrolling sideways."""
    for finding in phone.locator("#sec-brief > ul > li > strong").all():
        box = finding.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= 800
    plot = phone.locator("#fig-rwe-os + .figure-narrow")
    plot.scroll_into_view_if_needed()
    assert not phone.locator("#fig-rwe-os svg").is_visible()
    for row in plot.locator("li").all():
        for part in (row.locator(".narrow-value"), row.locator(".narrow-track")):
            box = part.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 400


def test_figures_fit_a_phone(phone):
    """No figure but the one without a form for a phone scrolls sideways."""
    wide = phone.evaluate("""() => [...document.querySelectorAll('figure.figure[id^="fig-"]')]
        .filter((figure) => [...figure.children, figure.nextElementSibling].some((part) =>
            part.matches('.figure-scroll, .figure-narrow')
            && part.checkVisibility() && part.scrollWidth > part.clientWidth))
        .map((figure) => figure.id)""")
    assert set(wide) <= {"fig-follow-up"}
    assert phone.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_reviewer_from_a_point_to_row_source_and_code(desk):
    """From a point of Figure 2B: its row in one click, its source in two, the code in one."""
    caption = desk.locator("figcaption", has_text="Figure 2B of the article")
    figure = desk.locator("figure", has=caption)
    mark = figure.locator("a.mark").first
    target = mark.get_attribute("href")
    desk.mouse.click(*place_at_rest(desk, mark.locator("path, use").first))
    desk.wait_for_function("target => location.hash === target", arg=target)
    row = desk.locator(f'[id="{target[1:]}"]').locator("xpath=ancestor::tr")
    assert row.is_visible()
    row.locator("a[href^='#ref-']").first.click()
    assert desk.evaluate("location.hash").startswith("#ref-")
    desk.locator("a[href='#code-article-figures-panels-rwe_os']").first.click()
    assert desk.locator("[id='code-article-figures-panels-rwe_os'] code").first.is_visible()


def test_a_statistician_takes_everything_in_two_clicks(browser, book):
    tab = opened(browser, book, whole=False, viewport={"width": 1280, "height": 900})
    for words in ("All data (zip)", "Notebooks"):
        href = tab.locator(".buttons a", has_text=words).get_attribute("href")
        assert zipfile.is_zipfile(book / href)


def test_search_finds_text_studies_and_statements_quickly(desk):
    box = desk.locator("#search")
    box.fill("image")  # the first search makes the index
    box.fill("AB-16")
    assert "AB-16" in desk.locator("#search-results a").first.inner_text()
    box.fill("ICARIA-MM")
    assert desk.locator("#search-results a b", has_text="ICARIA-MM").count() >= 1
    milliseconds = desk.evaluate("""() => {
        const box = document.getElementById('search');
        box.value = 'median follow-up';
        const start = performance.now();
        box.dispatchEvent(new Event('input'));
        return performance.now() - start;
    }""")
    assert milliseconds < 200  # 50 on a machine that does nothing else


def test_what_a_search_finds_is_told_in_words_above_the_page(desk):
    desk.locator("#search").fill("retreatment reviewed")
    told = desk.locator("#search-results").inner_text()
    assert "@type" not in told and "Recomputed nothing" not in told
    above = desk.evaluate("""() => [...document.querySelectorAll('#search-results li')]
        .map((item) => item.getBoundingClientRect())
        .filter(({ bottom }) => bottom < document.getElementById('search-results')
            .getBoundingClientRect().bottom)
        .map(({ right, top, height }) => document.elementFromPoint(right - 8, top + height / 2))
        .filter((element) => !element.closest('#search-results')).length""")
    assert above == 0


@pytest.mark.parametrize("target", first(1, ["claim-R3.5-25", "study-image", "fig-rwe-os"]))
def test_a_linked_place_is_seen_also_when_the_page_is_loaded_again(browser, book, target):
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tab.goto((book / "index.html").as_uri() + f"#{target}")
    place = tab.locator(f'[id="{target}"]')
    for _ in range(2):
        tab.wait_for_function("() => !document.querySelector('noscript.later')", timeout=120_000)
        tab.wait_for_timeout(500)
        top = place.bounding_box()["y"]
        assert 0 <= top < 300
        seen = tab.evaluate("""(id) => {
            const { left, top } = document.getElementById(id).getBoundingClientRect();
            return Boolean(document.elementFromPoint(left + 40, top + 12).closest(`[id="${id}"]`));
        }""", target)
        assert seen
        tab.reload()


@pytest.mark.parametrize("width", first(1, [1280, 400]))
def test_a_reader_who_scrolls_at_once_stays_there(browser, book, width):
    """What is laid out and laid in meanwhile moves nothing in the window."""
    tab = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    tab.goto((book / "index.html").as_uri())
    figure = tab.locator("#fig-rwe-os")
    figure.evaluate("element => element.scrollIntoView()")
    tab.wait_for_function("() => !document.querySelector('noscript.later')", timeout=120_000)
    tab.wait_for_timeout(1000)
    assert 0 <= figure.bounding_box()["y"] <= 120


def test_a_verdict_filters_the_ledger_and_the_count_follows(browser, book):
    tab = opened(browser, book, viewport={"width": 1280, "height": 900})
    part = tab.locator(".bar .is-does-not-match")
    n = part.locator("strong").inner_text()
    part.click()
    assert tab.locator("#ledger-filter output").inner_text().startswith(f"{n} of ")
    assert tab.locator(".ledger-entry:visible").count() == int(n)


def test_a_table_of_studies_sorts_and_filters(browser, book):
    tab = opened(browser, book, viewport={"width": 1280, "height": 900})
    table = tab.locator("#sec-studies .sortable table").first
    tab.mouse.click(*place_at_rest(tab, table.locator("thead th button").first))
    names = table.locator("tbody tr td:first-child").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    tools = tab.locator("#sec-studies .table-tools").first
    tools.locator("input").fill("randomised")
    left = table.locator("tbody tr:visible").count()
    assert tools.locator("output").inner_text().startswith(f"{left} of ")


@pytest.mark.parametrize("every", first(1, [96, 24]))
def test_cards_stay_in_the_window_and_can_be_entered(desk, every):
    for claim in desk.locator("main p > .claim").all()[::every]:
        claim.scroll_into_view_if_needed()
        claim.locator(".claim-link").hover()
        card = claim.locator(".claim-card")
        card.wait_for(state="visible", timeout=2000)
        box = card.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
        assert box["y"] >= 0 and box["y"] + box["height"] <= 900
        desk.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=4)
        assert card.is_visible()
        desk.mouse.move(2, 2)


def test_what_is_far_away_is_not_laid_out_and_can_be_reached(desk):
    far = desk.evaluate("""() => [...document.querySelectorAll('.ledger-entry')].filter(
        (entry) => !entry.firstElementChild.checkVisibility({ contentVisibilityAuto: true })
    ).length""")
    assert far > 200
    desk.evaluate("location.hash = '#claim-AB-16'")
    desk.wait_for_timeout(500)
    box = desk.locator("#claim-AB-16").bounding_box()
    assert 0 <= box["y"] < 900


def test_the_appendices_arrive_after_the_first_screen(browser, book):
    tab = early(browser, viewport={"width": 1280, "height": 900})
    tab.goto((book / "index.html").as_uri())
    assert tab.locator("main > section.level1 > h1").count() == len(SOURCES)
    assert tab.locator("#fig-rwe-os svg").count() == 1
    assert tab.evaluate("document.querySelectorAll('*').length") < 20_000
    whole = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    whole.goto((book / "index.html").as_uri())
    whole.wait_for_function("() => !document.querySelector('noscript.later')", timeout=60_000)
    assert whole.evaluate("document.querySelectorAll('*').length") > 50_000


def test_the_whole_page_is_there_without_a_script(browser, book):
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


def test_a_mark_leads_to_its_row_before_all_has_arrived(browser, book):
    tab = early(browser, viewport={"width": 1280, "height": 900})
    told: list[str] = []
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.goto((book / "index.html").as_uri() + "#fig-rwe-os")
    mark = tab.locator("#fig-rwe-os a.mark").first
    row = mark.get_attribute("href")[1:]
    assert tab.locator(f'[id="{row}"]').count() == 0
    mark.evaluate(CLICK)
    assert tab.locator(f'[id="{row}"]').count() == 1 and told == []


@pytest.mark.parametrize("way", ["address", "link", "search", "print"])
def test_a_part_arrives_where_the_reader_goes(browser, book, way):
    tab = early(browser, viewport={"width": 1280, "height": 900})
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


def test_what_waits_is_seen_by_nobody_and_a_linked_section_is_whole(browser, book):
    """Nobody reads markup, and a section is not its heading alone, while other parts wait."""
    tab = early(browser, viewport={"width": 400, "height": 900})
    tab.goto((book / "index.html").as_uri() + "#study-nooka-2019")
    waiting = tab.locator("noscript.later")
    assert waiting.count() and not waiting.first.is_visible()
    assert "<section" not in tab.evaluate("document.querySelector('main').innerText")
    section = tab.locator("#study-nooka-2019")
    assert section.locator("noscript.later").count() == 0
    assert section.locator("[id='row-outcomes-nooka-2019-retreated-pfs']").is_visible()


@pytest.mark.parametrize("look", first(1, [
    {"viewport": {"width": 1280, "height": 900}},
    {"viewport": {"width": 400, "height": 800}, "has_touch": True, "is_mobile": True,
     "color_scheme": "dark"}]))
def test_a_walk_through_the_page_breaks_no_rule_of_its_policy(browser, book, look):
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


def test_nothing_is_asked_of_any_host(browser, book):
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((book / "index.html").as_uri())
    tab.locator("#search").fill("survival")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
