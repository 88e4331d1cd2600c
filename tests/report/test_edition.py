"""What a page says of its edition: dates, citation, and what changed."""

from review.dataset.load import load
from review.report import edition


def test_the_first_page_names_edition_search_age_and_status(published):
    told = edition.status_line(published)
    row = published.edition
    days = (row["released_on"] - row["search_to"]).days
    for piece in (row["name"], f"{row['released_on']:%Y-%m-%d}",
                  f"to {row['search_to']:%Y-%m-%d}", f"{days} days", str(row["status"]),
                  "Medline, Medline In-Process and Embase", "five conferences of 2016 to 2023",
                  "which studies these are is not known"):
        assert piece in told


def test_days_are_counted_to_the_release_and_not_to_today(update):
    assert "30 days from the last day" in edition.status_line(update)


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
