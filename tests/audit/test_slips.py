"""The stored list of numbers whose slip nobody notices: complete, and right where it is tried."""

import random
from dataclasses import replace

import pytest

from review.audit import slips
from review.audit.witnesses import Bench, Cell
from review.report import slips as told

CHOICE = random.Random(20250312)  # `make soak` tries every cell


@pytest.fixture(scope="module")
def bench(published):
    return Bench(published)


@pytest.fixture(scope="module")
def stored(published):
    return slips.stored(published)


def test_the_list_has_every_number_of_the_published_edition(bench, stored):
    assert [(slip.row, slip.field, slip.value, slip.slipped) for slip in stored] == [
        (cell.row, cell.field, cell.value, cell.slipped) for cell in slips.numbers(bench)
    ], f"run {slips.COMMAND}"


def test_a_sample_of_what_is_noticed_is_noticed_again(bench, stored):
    sample = CHOICE.sample([slip for slip in stored if not slip.silent], 40)
    assert list(map(str, slips.different(bench, sample))) == []


def test_a_sample_of_what_nobody_notices_is_noticed_by_nobody(bench, stored):
    sample = CHOICE.sample([slip for slip in stored if slip.silent], 3)
    assert list(map(str, slips.different(bench, sample))) == []


def test_a_wrong_line_of_the_list_is_seen(bench, stored):
    noticed = next(slip for slip in stored if slip.kind == "rule")
    wrong = [replace(noticed, kind="", by=""), replace(noticed, kind="verdict", by="AB-01")]
    found = list(slips.different(bench, wrong))
    assert "notices it" in found[0].message and "no longer notices it" in found[1].message
    assert len(found) == 2


@pytest.mark.parametrize(("value", "other"), [
    ("5.8", "5.9"), ("9", "8"), ("10", "11"), ("-0.9", "-0.8"), ("100", "101")])
def test_a_slip_changes_the_last_digit(value, other):
    assert slips.slipped(value) == other


def test_a_witness_is_asked_only_about_tables_that_it_looked_at(bench):
    cell = Cell("references", "references/24", "year_printed", "2021", "2022")
    assert "references" not in bench.looked["rule counts"]
    assert "rule counts" not in {bench.noticed([cell], [name]) for name in bench.order
                                 if name == "rule counts"}


def test_the_report_lists_them_with_their_place(published, stored, monkeypatch):
    text = told.listing(published)
    silent = [slip for slip in stored if slip.silent]
    assert f"of {len(stored):,} numbers" in text and f"other {len(silent)} it is noticed" in text
    assert sum(line.startswith("| [") or line.startswith("| ") for line in text.splitlines()) == (
        len(silent) + 2 * text.count("{.sortable}"))
    monkeypatch.setattr(told, "stored", lambda r: [])
    assert told.listing(published) == "The list was not made for this dataset."
