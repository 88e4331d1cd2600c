"""The CSV for R's meta and metafor: what is known as numbers, what is not as NA."""

import csv
import io
import re

import pandas as pd
import pytest

from review.audit.outcomes import outcome_rows
from review.dataset.states import VALUE
from review.formats.metafor import text
from review.formats.metafor_columns import COLUMNS, NA
from review.synthesis.knowledge import COUNTED

NUMBERS = ("xi", "ni", "est", "ci.level", "ci.lb", "ci.ub", "refractory")


def read(made):
    return list(csv.DictReader(io.StringIO(made)))


@pytest.fixture(scope="module")
def rows(made):
    return read(made["metafor"])


@pytest.fixture(scope="module")
def cells():
    """The cells of outcomes.csv by the name of their row."""
    with open("data/outcomes.csv", encoding="utf-8", newline="") as file:
        return {f"outcomes/{line['outcome_id']}": line for line in csv.DictReader(file)}


def test_every_group_of_the_synthesis_is_there_once(rows, published):
    words = published.contents.vocabulary
    expected = [key for outcome in words.outcomes for setting in words.settings
                for key in outcome_rows(published, outcome, setting).keys]
    assert [row["row"] for row in rows] == expected and len(set(expected)) == len(expected) > 50


def test_columns_are_names_in_r_and_explained(rows):
    assert list(rows[0]) == list(COLUMNS)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9._]*", name) for name in COLUMNS)
    assert all(COLUMNS.values())


def test_numbers_are_numbers_and_nothing_is_empty(rows):
    for row in rows:
        assert all(value.strip() for value in row.values())
        for name in NUMBERS:
            assert row[name] == NA or re.fullmatch(r"\d+(\.\d+)?", row[name]), (name, row[name])


def test_an_estimate_is_the_cell_of_its_row_and_a_limit_is_none(rows, cells):
    limited = 0
    for row in rows:
        cell = cells[row["row"]]
        if row["status"] == VALUE:
            assert float(row["est"]) == float(cell["value"]) and row["unit"] == cell["unit"]
        else:
            assert row["est"] == row["ci.lb"] == row["ci.ub"] == NA
            limited += bool(cell["bound_low"] or cell["bound_high"])
    assert limited > 10


def test_events_and_patients_give_the_rate(rows):
    counted = [row for row in rows if row["xi"] != NA]
    assert counted and {row["statistic"] for row in counted} == {"proportion"}
    for row in counted:
        assert row["known"] in COUNTED
        rate = 100 * int(row["xi"]) / int(row["ni"])
        if row["est"] != NA:
            assert abs(rate - float(row["est"])) <= 1
    assert any(row["known"] not in COUNTED and row["xi"] == NA for row in rows
               if row["statistic"] == "proportion")


def test_an_upper_end_that_was_not_reached_is_told_apart(rows, cells):
    open_ended = [row for row in rows if row["ci.ub.status"] not in (NA, "value")]
    assert open_ended
    for row in open_ended:
        assert row["ci.ub"] == NA != row["ci.lb"]
        assert row["ci.ub.status"] == cells[row["row"]]["ci_high_status"]


def test_an_interval_lies_around_its_estimate(rows):
    whole = [row for row in rows if NA not in (row["ci.lb"], row["ci.ub"])]
    assert whole
    for row in whole:
        assert float(row["ci.lb"]) <= float(row["est"]) <= float(row["ci.ub"])


def test_pandas_reads_it_with_the_types_that_r_would_find(made):
    frame = pd.read_csv(io.StringIO(made["metafor"]), na_values=[NA], keep_default_na=False)
    assert all(pd.api.types.is_numeric_dtype(frame[name]) for name in NUMBERS)


def test_an_update_brings_its_groups(update):
    new = [row for row in read(text(update)) if row["row"] == "outcomes/newcomer-2026-os"]
    assert [(row["est"], row["study"]) for row in new] == [("21", "Newcomer 2026")]
