"""Tables show their rows: every cell, every footnote, nothing else."""

from __future__ import annotations

import html
import re

import pytest
from bs4 import BeautifulSoup

from article.contents import CONTENTS
from review.audit import displays
from review.audit.displays import build


def text_of(built) -> str:
    soup = BeautifulSoup(built.artist.as_raw_html(), "html.parser")
    for style in soup("style"):
        style.decompose()
    return re.sub(r"\s+", " ", html.unescape(soup.get_text(" ")))


@pytest.mark.parametrize("label", CONTENTS.tables)
def test_every_table_builds_the_same_twice(published, label):
    make = displays.builder(CONTENTS, label)
    first, second = make(published), make(published)
    assert first.label == label
    assert first.artist.as_raw_html() == second.artist.as_raw_html()
    assert len(first.rows) > 0


@pytest.mark.parametrize("label", CONTENTS.tables)
def test_no_table_leaks_a_missing_value(published, label):
    assert not re.search(r"\b(nan|None|NaT|<NA>)\b|\d\.0 of", text_of(build(label, published)))


@pytest.mark.parametrize(("label", "setting"), [("tbl-clinical", "clinical"), ("tbl-rwe", "rwe")])
def test_included_studies_show_every_cell_and_report(published, label, setting):
    shown = text_of(build(label, published))
    cells = published.characteristics[published.characteristics["table"] == label]
    assert len(cells) > 10
    missing = [cell for cell in cells["printed"] if cell not in shown]
    assert missing == []
    studies = published.studies[published.studies["setting"] == setting]
    reports = published.reports[published.reports["study_id"].isin(studies["study_id"])]
    assert [r for r in reports["label"] if r not in shown] == []
    assert all(re.search(rf"[\[ ]{ref} ?[,\]]", shown) for ref in reports["ref"])
    for regimen in studies["regimen"]:
        assert regimen in shown


@pytest.mark.parametrize("label", ["tbl-clinical", "tbl-rwe"])
def test_included_studies_carry_every_footnote(published, label):
    shown = text_of(build(label, published))
    notes = published.footnotes[published.footnotes["table"] == label]
    assert len(notes) >= 2
    for note in notes["text"]:
        assert note in shown


def test_footnote_marks_stand_on_the_cells_that_name_them(published):
    soup = BeautifulSoup(build("tbl-clinical", published).artist.as_raw_html(), "html.parser")
    marks = {td.get_text(): td.find(class_="gt_footnote_marks") for td in soup("td")}
    marked = {text for text, mark in marks.items() if mark is not None}
    named = published.characteristics.query("table == 'tbl-clinical' and footnote.notna()")
    assert len(named) == 3
    for printed in named["printed"]:
        assert any(text.startswith(printed) for text in marked)


def test_a_changed_cell_changes_the_table(published):
    rows = published.characteristics.copy()
    cell = rows.index[rows["characteristic_id"] == "kikuchi-2023-follow-up"][0]
    rows.loc[cell, "printed"] = "9.9 (0.2–31.0)"
    changed = text_of(build("tbl-rwe", published.with_tables(characteristics=rows)))
    assert "9.9 (0.2–31.0)" in changed
    assert "9.9 (0.2–31.0)" not in text_of(build("tbl-rwe", published))


def test_picos_shows_every_criterion(published):
    shown = text_of(build("tbl-picos", published))
    for criterion in published.eligibility["criterion"]:
        assert criterion.lower() in shown.lower()


def test_quality_shows_no_rating_that_is_not_published(published):
    built = build("tbl-quality", published)
    assert len(built.rows) == len(published.studies)
    assert text_of(built).count("not reported") == len(published.studies)


def test_patients_leaves_out_the_cells_of_the_articles_own_tables(published):
    rows = build("tbl-patients", published).rows
    assert rows["table"].isna().all()
    assert "leblanc-2022" in set(rows["study_id"])


def test_search_says_not_reported_instead_of_zero(published):
    rows = build("tbl-search", published).rows
    assert rows["hits"].isna().all()
    assert text_of(build("tbl-search", published)).count("not reported") == len(rows)


def test_editions_are_oldest_first(published):
    built = build("tbl-editions", published)
    assert built.rows["position"].is_monotonic_increasing
    assert "2023-07-10" in text_of(built)


def test_abbreviations_are_complete_and_sorted(published):
    rows = build("tbl-abbreviations", published).rows
    assert len(rows) == len(published.abbreviations)
    assert list(rows["abbreviation"]) == sorted(rows["abbreviation"], key=str.casefold)
