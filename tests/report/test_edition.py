"""What a page says of its edition: dates, citation, and what changed."""

from datetime import date

import pytest

from review.dataset.load import load
from review.report import edition


def test_the_first_page_names_edition_search_age_and_status(published):
    told = edition.status_line(published)
    row = published.edition
    days = (row["released_on"] - row["search_to"]).days
    for piece in (row["name"], "released on 12 March 2025", "to 8 December 2023", f"{days} days",
                  "Medline, Medline In-Process and Embase", "five conferences of 2016 to 2023",
                  "Which studies these are is not known"):
        assert piece in told


def test_days_are_counted_to_the_release_and_not_to_today(update):
    assert "30 days from the last day" in edition.status_line(update)


@pytest.mark.parametrize(("due", "as_of", "told"), [
    (None, None, "no next search is scheduled"),
    ("2026-07-31", None, "on schedule on 2 March 2026, with 151 days to the next search"),
    ("2026-03-01", None, "overdue on 2 March 2026, by one day"),
    ("2026-07-31", "2026-07-31",
     "on schedule on 31 July 2026, the day on which the next search is due"),
    ("2026-07-31", "2026-08-10", "overdue on 10 August 2026, by ten days"),
])
def test_the_living_status_follows_from_dates(bare_data, append_rows, next_edition, due, as_of,
                                              told):
    append_rows(bare_data, "editions", {**next_edition, "next_search_due": due or ""})
    row = load("2026-1", bare_data).edition
    assert edition.living_status(row, as_of and date.fromisoformat(as_of)) == told


def test_an_edition_that_is_not_current_is_what_its_row_says(bare_data, append_rows, next_edition):
    append_rows(bare_data, "editions", {**next_edition, "status": "paused",
                                        "next_search_due": "2026-03-01"})
    told = edition.status_line(load("2026-1", bare_data))
    assert "**Living status:** paused." in told and "**Next search due:** 1 March 2026." in told


def test_a_release_that_is_not_known_is_said(bare_data, append_rows, next_edition):
    append_rows(bare_data, "editions", {**next_edition, "released_on": ""})
    told = edition.status_line(load("2026-1", bare_data))
    assert "release date not known" in told and "not known, because" in told


def test_the_first_page_of_an_update_says_what_it_brought(update):
    told = edition.status_line(update)
    assert "one study, one report, one group and one outcome value added" in told
    assert "three conclusions changed (changed; see @sec-history)" in told


def test_how_to_cite_names_the_edition_and_the_article(published, update, next_edition):
    assert published.edition["citation"] in edition.how_to_cite(published)
    told = edition.how_to_cite(update)
    assert next_edition["citation"] in told and published.edition["citation"] in told


def test_the_history_goes_back_to_the_predecessor(update):
    told = edition.what_changed(update)
    newest, oldest = told.index("#sec-changed-2026-1"), told.index("#sec-changed-published")
    assert newest < oldest


def test_the_history_says_what_a_predecessor_leaves_unknown(published):
    told = edition.what_changed(published)
    assert "carries no rows" in told and "Not known: which studies" in told
