"""What stands alone, contradicts, lies in the future, stands twice or elsewhere is found."""

from dataclasses import replace
from datetime import date

import as_published
import only_touched
import pandas as pd
import pytest

from article.contents import CONTENTS
from review.checks import (
    completeness,
    contradictions,
    dates,
    editions,
    places,
    repetitions,
    validate,
)
from review.dataset import schema
from review.dataset.load import read_text

DATA = as_published.dataset()
RESOURCES = schema.read_schema(DATA)
MODULES = (completeness, contradictions, dates, editions, places, repetitions)
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def whole():
    return replace(validate.dataset(CONTENTS, RESOURCES, read_text(DATA, RESOURCES), DATA),
                   digests={}, today=TODAY)


@pytest.fixture(scope="module")
def before(whole):
    return only_touched.clean(whole, [rule for module in MODULES for rule in module.RULES])


def with_rows(d, **tables):
    """The dataset with other rows, as text, in some tables."""
    typed = {name: schema.typed(RESOURCES[name], rows) for name, rows in tables.items()}
    return replace(d, text={**d.text, **tables}, tables={**d.tables, **typed})


def spoil(d, table, key, /, **cells):
    """The dataset with cells of one row changed; None empties a cell."""
    rows = d.text[table].copy()
    index = rows.index[rows[rows.columns[0]] == key]
    assert len(index) == 1, f"{key} is not one row of {table}"
    for column, value in cells.items():
        rows.loc[index, column] = pd.NA if value is None else value
    return with_rows(d, **{table: rows})


def append(d, table, like, /, **cells):
    """The dataset with a copy of a row after the last one, with other cells."""
    rows = d.text[table]
    row = rows[rows[rows.columns[0]] == like].copy()
    assert len(row) == 1
    for column, value in cells.items():
        row[column] = pd.NA if value is None else value
    return with_rows(d, **{table: pd.concat([rows, row], ignore_index=True)})


def later(d, **cells):
    """The dataset with an update after the published edition."""
    before = spoil(d, "editions", "published", status="superseded")
    return append(before, "editions", "published", **{
        "status": "current",
        "edition_id": "2026-1", "position": "3", "type": "update", "change_class": "changed",
        "search_to": "2026-01-31", "released_on": "2026-02-28", **cells})


def found(d):
    return {(p.file, p.field, p.rule): p for module in MODULES for rule in module.RULES
            for p in rule(d)}


def test_nothing_is_found_in_the_dataset_as_it_is(whole):
    assert found(whole) == {}


PFS, ORR = "nooka-2019-retreated-pfs", "yashar-2021-retreated-cr-or-better"
OS, RANGE = "kostopoulos-2023-retreated-os", "abdallah-2023-responders-time-to-retreatment"
BARE = "yashar-2021-5l-pfs"  # a median without an interval
FOLLOW_UP = "kikuchi-2023-follow-up"

DEFECTS = [
    # alone
    ("outcomes", RANGE, {"range_low": None}, "range_low", "half a range"),
    ("outcomes", RANGE, {"range_high": None}, "range_high", "half a range"),
    ("outcomes", RANGE, {"value": None, "status": "not reported", "printed": None}, "value",
     "range without value"),
    ("outcomes", OS, {"value": None, "status": "not reported", "printed": None}, "value",
     "interval without value"),
    ("outcomes", BARE, {"ci_level": "95"}, "ci_level", "level alone"),
    ("outcomes", BARE, {"ci_printed": "1.0–2.0"}, "ci_printed", "printed interval alone"),
    ("outcomes", BARE, {"ci_high_status": "not reached"}, "ci_high_status", "status alone"),
    ("characteristics", FOLLOW_UP, {"low": None, "high": None}, "spread",
     "bracket without numbers"),
    ("characteristics", FOLLOW_UP, {"value": None, "status": "not reported", "printed": None},
     "value", "range without value"),
    # contradictions
    ("outcomes", ORR, {"ci_high": "120", "ci_low": "1"}, "ci_high", "above 100 percent"),
    ("outcomes", ORR, {"bound_high": "101"}, "bound_high", "above 100 percent"),
    ("outcomes", PFS, {"value": None, "status": "not reached"}, "printed", "print disagrees"),
    ("characteristics", FOLLOW_UP, {"value": None, "status": "not reported"}, "printed",
     "print disagrees"),
    ("characteristics", "perez-de-acha-2023-follow-up", {"bound_high": "54"}, "bound_high",
     "print disagrees"),
    ("characteristics", "lesokhin-2023-prior-lines", {"bound_low": None, "bound_high": "3"},
     "bound_low", "print disagrees"),
    ("outcomes", PFS, {"printed": "3.3%"}, "unit", "print disagrees"),
    ("outcomes", PFS, {"follow_up_printed": "—"}, "follow_up_printed", "no number printed"),
    ("outcomes", PFS, {"follow_up_printed": "45691"}, "follow_up_printed", "implausible"),
    ("flow", "published-duplicates", {"printed": "131"}, "printed", "print disagrees"),
    # days and years
    ("editions", "published", {"search_to": "2026-06-02"}, "search_to", "in the future"),
    ("editions", "ispor-2024", {"conferences_to": "2030-01-01"}, "conferences_to",
     "in the future"),
    ("editions", "published", {"released_on": "2031-01-01"}, "released_on", "in the future"),
    ("editions", "published", {"conferences_to": "2025-04-01"}, "conferences_to",
     "released before the search ended"),
    ("outcomes", PFS, {"extracted_by": "A. Name", "extracted_on": "2027-01-01"}, "extracted_on",
     "in the future"),
    ("search", "published-embase", {"to_date": "2027-01-01"}, "to_date", "in the future"),
    ("search", "published-embase", {"to_date": "2024-01-01"}, "to_date", "beyond its edition"),
    ("search", "published-embase", {"from_year": "2024"}, "from_year", "ends before it begins"),
    ("search", "published-ash", {"from_year": "2024"}, "from_year", "ends before it begins"),
    ("search", "published-ash", {"to_year": "2027"}, "to_year", "in the future"),
    ("search", "published-embase", {"to_year": "2022"}, "to_year", "two ends"),
    ("search", "published-embase", {"hits": "5"}, "hits", "value and status disagree"),
    ("references", "1", {"accessed": "2026-12-24"}, "accessed", "in the future"),
    ("reports", "ref-25", {"year": "2099"}, "year", "in the future"),
    # twice
    ("reports", "ref-36", {"doi": "10.1182/BLOOD-2021-144387"}, "doi", "same doi"),
    ("reports", "ref-36", {"doi": "10.1182/blood-2021-144387."}, "doi", "same doi"),
    ("reports", "ref-36", {"doi": "10.1182/blood-2021-144387."}, "doi", "doi with a tail"),
    ("reports", "ref-36", {"doi": "https://doi.org/10.1182/blood-2021-144387"}, "doi",
     "same doi"),
    ("sources", "ispor2024", {"url": "http://dx.doi.org/10.3389/FONC.2025.1550644."}, "url",
     "same address"),
    ("flow", "published-duplicates", {"data": "excluded_other"}, "data", "told twice"),
    ("search", "published-embase", {"name": "MEDLINE"}, "from_year", "told twice"),
    ("characteristics", "kastritis-2023-prior-lines-index", {"exposure_point": "next line"},
     "characteristic", "told twice"),
    ("footnotes", "tbl-clinical-regimen", {"footnote": "icaria-arms"}, "footnote", "told twice"),
    # places
    ("outcomes", PFS, {"figure": "fig-clinical-pfs"}, "figure", "figure of another setting"),
    ("outcomes", PFS, {"figure": "fig-rwe-os"}, "figure", "figure of another outcome"),
    ("outcomes", PFS, {"figure": None, "figure_row": "3"}, "figure_row", "row without figure"),
    ("outcomes", PFS, {"figure_row": "3", "figure_row_options": "3;4"}, "figure_row_options",
     "row known and open"),
    ("characteristics", FOLLOW_UP, {"table": "tbl-clinical"}, "table", "table of another setting"),
    ("characteristics", FOLLOW_UP, {"footnote": "daggers"}, "footnote", "unknown footnote"),
    ("studies", "trimm-2", {"table_position": "1"}, "table_position", "place taken"),
    # keys
    ("editions", "ispor-2024", {"edition_id": "current"}, "edition_id", "reserved key"),
    ("editions", "ispor-2024", {"edition_id": "candidate"}, "edition_id", "reserved key"),
    ("editions", "published", {"edition_id": "first"}, "edition_id", "reserved key"),
]


@pytest.mark.parametrize(("table", "key", "cells", "field", "rule"), DEFECTS,
                         ids=lambda x: str(x)[:40])
def test_defect_is_found(before, table, key, cells, field, rule):
    spoilt = spoil(before.dataset, table, key, **cells)
    problem = only_touched.told(before, spoilt.text, field, rule)
    assert problem is not None and problem.file == f"{table}.csv"
    assert problem.row > 1 and problem.message and problem.remedy


def test_a_median_not_reached_may_have_a_lower_limit(whole):
    open_ended = spoil(whole, "outcomes", OS, value=None, status="not reached", printed="NR",
                       ci_high=None, ci_high_status="not reached")
    assert found(open_ended) == {}


def test_a_row_in_the_place_of_another_keeps_its_table(whole):
    replaced = spoil(later(whole), "characteristics", FOLLOW_UP, edition_superseded="2026-1")
    new = {"characteristic_id": "new", "edition_added": "2026-1", "edition_superseded": None}
    lost = found(append(replaced, "characteristics", FOLLOW_UP, **new, table=None))
    assert "tbl-rwe" in lost["characteristics.csv", "table", "place lost"].remedy
    assert found(append(replaced, "characteristics", FOLLOW_UP, **new)) == {}


def test_a_new_study_is_appraised_or_it_is_said(whole):
    new = append(later(whole), "studies", "zhou-2022", study_id="new", label="New",
                 table_position="99", edition_added="2026-1")
    problem = found(new)["studies.csv", "study_id", "no appraisal"]
    assert problem.severity == "warning"
    assert "quality.csv" in problem.message


def test_a_report_is_not_younger_than_the_edition_that_found_it(whole):
    late = append(later(whole), "reports", "ref-25", report_id="new", year="2027", doi=None,
                  edition_added="2026-1")
    assert found(late)["reports.csv", "year", "in the future"].severity == "error"
    fine = append(later(whole), "reports", "ref-25", report_id="new", year="2026", doi=None,
                  edition_added="2026-1")
    assert found(fine) == {}
