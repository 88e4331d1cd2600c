"""The stored list of numbers whose slip nobody notices: complete, and right where it is tried."""

import random
from dataclasses import replace

import pytest

from review.audit import slips, witnesses
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
    assert slips.incomplete(bench, stored) == []


def test_what_tells_of_a_later_edition_is_no_number_of_the_published_one(bench, monkeypatch):
    r = bench.world.review
    key = r.editions["edition_id"].iloc[-1]
    before = dict(bench.column("editions", "position"))
    assert f"editions/{key}" in before
    earlier = r.edition.copy()
    earlier["position"] = r.editions["position"].max() - 1
    monkeypatch.setattr(bench, "world", replace(bench.world, review=replace(r, edition=earlier)))
    assert f"editions/{key}" not in dict(bench.column("editions", "position"))


class Noticing:
    """A bench on which the slips of some cells are noticed, each by a witness of its own."""

    def __init__(self, *rows):
        self.rows = rows

    def noticed(self, cells, names=None):
        return next((f"rule {cell.row}" for cell in cells if cell.row in self.rows
                     and (names is None or f"rule {cell.row}" in names)), "")


@pytest.mark.parametrize("noticed", [(), ("3",), ("0", "1", "6"), tuple("0123456")])
@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_cells_that_are_tried_at_once_are_told_apart(noticed, size):
    cells = [Cell("outcomes", str(n), field, "1", "2") for field in ("n", "value")
             for n in range(size)]
    found = list(slips.tried(Noticing(*noticed), cells))
    assert {(slip.row, slip.field) for slip in found} == {(cell.row, cell.field) for cell in cells}
    assert len(found) == len(cells)
    for slip in found:
        assert (slip.kind, slip.by) == (("rule", slip.row) if slip.row in noticed else ("", ""))


def test_the_list_is_stored_in_the_order_of_the_cells(published, tmp_path):
    r = replace(published, data=tmp_path)
    cells = [Cell("outcomes", row, "n", "1", "2") for row in ("b", "a")]
    for _ in range(2):  # into a folder that is not there, and over a list that is
        slips.store(r, cells, reversed([slips.Slip(cell.row, "n", "1", "2", "rule", "x")
                                        for cell in cells]))
        assert [slip.row for slip in slips.stored(r)] == ["b", "a"]


def test_a_list_that_is_missing_short_or_in_disorder_is_seen(bench, stored):
    first, second, *others = stored
    assert len(slips.incomplete(bench, [])) == len(stored)
    (lacks,) = slips.incomplete(bench, [second, *others])
    assert lacks.message == f"{first.row}, {first.field}: the list lacks it"
    assert [one.message for one in slips.incomplete(bench, [first, *stored])] == [
        f"{first.row}, {first.field}: the list has it, and the edition has not"]
    assert len(slips.incomplete(bench, [replace(first, value="77"), second, *others])) == 2
    (order,) = slips.incomplete(bench, [second, first, *others])
    assert "another order" in order.message


@pytest.mark.parametrize("cut", [0, 1])
def test_the_command_fails_for_a_list_that_is_missing_or_short(published, bench, stored,
                                                               monkeypatch, capsys, cut):
    kept = stored[cut:] if cut else []
    monkeypatch.setattr(slips, "load", lambda edition: published)
    monkeypatch.setattr(slips, "Bench", lambda r: bench)
    monkeypatch.setattr(slips, "different", lambda bench, slips: iter(()))
    monkeypatch.setattr(slips, "stored", lambda r: stored)
    assert slips.main([]) == 0
    monkeypatch.setattr(slips, "stored", lambda r: kept)
    assert slips.main([]) == 1
    assert f"run {slips.COMMAND}" in capsys.readouterr().err


def test_a_sample_of_what_is_noticed_is_noticed_again(bench, stored):
    sample = CHOICE.sample([slip for slip in stored if not slip.silent], 40)
    assert list(map(str, slips.different(bench, sample))) == []


@pytest.mark.nightly
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
    ("5.8", "5.9"), ("9", "8"), ("10", "11"), ("-0.9", "-0.8"), ("100", "101"), ("12.", "13.")])
def test_a_slip_changes_the_last_digit(value, other):
    assert slips.slipped(value) == other


def test_each_witness_has_a_name_of_its_own(bench, published):
    assert len(bench.witnesses) == len(list(witnesses._witnesses(published)))


def test_a_witness_is_asked_only_about_tables_that_it_looked_at(bench, monkeypatch):
    class Asked(Exception):
        pass

    def asked(world):
        raise Asked

    monkeypatch.setitem(bench.witnesses, "rule characteristics.counts", asked)
    assert "references" not in bench.looked["rule characteristics.counts"]
    cell = Cell("references", "references/24", "year_printed", "2021", "2022")
    assert bench.noticed([cell], ["rule characteristics.counts"]) == ""
    looked_at = next(cell for cell in slips.numbers(bench)
                     if cell.table == "characteristics" and cell.field == "n")
    assert "characteristics" in bench.looked["rule characteristics.counts"]
    with pytest.raises(Asked):
        bench.noticed([looked_at], ["rule characteristics.counts"])


@pytest.mark.nightly
def test_the_first_witness_in_their_order_is_told(bench, stored):
    slip = next(slip for slip in stored if slip.kind == "rule")
    cell = Cell(slip.row.split("/")[0], slip.row, slip.field, slip.value, slip.slipped)
    all_that_notice = [name for name in bench.witnesses if bench.noticed([cell], [name])]
    assert bench.noticed([cell]) == all_that_notice[0]


def test_the_report_lists_them_with_their_place(published, stored, monkeypatch):
    text = told.listing(published)
    silent = [slip for slip in stored if slip.silent]
    assert f"for {len(stored) - len(silent):,} of {len(stored):,} numbers" in text
    assert f"other {len(silent):,} it is noticed by nobody" in text
    assert sum(line.startswith("| ") for line in text.splitlines()) == (
        len(silent) + 2 * text.count("{.sortable}"))
    monkeypatch.setattr(told, "stored", lambda r: [])
    assert told.listing(published) == "The list was not made for this dataset."
