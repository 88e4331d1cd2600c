"""A released edition is frozen: a change by hand is told with its row."""

import json
import shutil

import as_published
import pandas as pd
import pytest
from layers import first

from review.checks.validate import validate
from review.dataset import freeze
from review.dataset.problems import DataError

DATA = as_published.dataset()
PFS = "nooka-2019-retreated-pfs"


@pytest.fixture
def folder(tmp_path):
    """The dataset with a second edition, which adds a group and a result and replaces a result."""
    made = tmp_path / "data"
    shutil.copytree(DATA, made, ignore=shutil.ignore_patterns("rows", "candidates", ".checked"))
    shutil.copy(DATA.parent / "references.bib", tmp_path)
    copied(made, "editions", "published", edition_id="2099-1", position="90", type="update",
           change_class="correction", status="current")
    change(made, "editions", "published", status="superseded")
    change(made, "outcomes", PFS, edition_superseded="2099-1")
    copied(made, "outcomes", PFS, outcome_id="corrected-pfs", edition_added="2099-1",
           edition_superseded="", value="3.4", printed="3.4")
    freeze.record(made, ["2099-1"])
    return made


def rows_of(folder, table):
    return pd.read_csv(folder / f"{table}.csv", dtype="string", keep_default_na=False)


def change(folder, table, key, **cells):
    rows = rows_of(folder, table)
    for column, value in cells.items():
        rows.loc[rows.iloc[:, 0] == key, column] = value
    rows.to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")


def copied(folder, table, key, **cells):
    rows = rows_of(folder, table)
    row = rows[rows.iloc[:, 0] == key].assign(**cells)
    pd.concat([rows, row]).to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")


def frozen(folder):
    return [(p.file, p.field, p.value, p.severity) for p in validate(folder)
            if p.rule in ("frozen row", "frozen edition", "edition not frozen")]


def test_an_edition_as_it_was_released(folder):
    assert frozen(folder) == []


@pytest.mark.parametrize(("table", "key", "cells", "field"), first(1, [
    ("outcomes", "corrected-pfs", {"value": "3.5", "printed": "3.5"}, ""),
    ("outcomes", PFS, {"edition_superseded": ""}, "outcome_id"),
    ("outcomes", "kostopoulos-2023-retreated-os", {"edition_superseded": "2099-1"},
     "edition_superseded"),
    ("outcomes", "kostopoulos-2023-retreated-os", {"edition_added": "2099-1"}, "outcome_id"),
    ("editions", "2099-1", {"search_to": "2024-01-01"}, ""),
]))
def test_a_change_by_hand_is_told(folder, table, key, cells, field):
    change(folder, table, key, **cells)
    assert (f"{table}.csv", field, key, "error") in frozen(folder)


def test_a_row_that_is_gone(folder):
    rows = rows_of(folder, "outcomes")
    rows[rows["outcome_id"] != "corrected-pfs"].to_csv(folder / "outcomes.csv", index=False)
    assert ("outcomes.csv", "outcome_id", "corrected-pfs", "error") in frozen(folder)


def test_the_next_edition_may_supersede_and_follow(folder):
    change(folder, "editions", "2099-1", status="superseded")
    copied(folder, "editions", "2099-1", edition_id="2099-2", position="91", status="current")
    change(folder, "outcomes", "corrected-pfs", edition_superseded="2099-2")
    assert frozen(folder) == [("editions.csv", "edition_id", "2099-2", "warning")]
    freeze.record(folder, ["2099-2"])
    assert frozen(folder) == []


def test_a_misreading_is_corrected_and_recorded(folder, monkeypatch, capsys):
    change(folder, "outcomes", "corrected-pfs", value="3.6", printed="3.6")
    monkeypatch.setenv("REVIEW_DATA", str(folder))
    assert freeze.main(["2099-1"]) == 0
    assert frozen(folder) == []
    assert freeze.main(["2031-1"]) == 1
    assert "no edition '2031-1'" in capsys.readouterr().err


def test_digests_of_an_edition_that_is_not_there(folder):
    shutil.copy(folder / "2099-1.sha256", folder / "2098-1.sha256")
    assert ("2098-1.sha256", "", "", "error") in frozen(folder)


def test_the_published_digests_are_what_is_recorded_now():
    text = (DATA / "published.sha256").read_text("ascii")
    assert freeze.read(DATA)["published"] and text.endswith("\n")


def test_a_column_that_comes_later_changes_no_digest(folder):
    before = frozen(folder)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    outcomes = next(one for one in package["resources"] if one["name"] == "outcomes")
    outcomes["schema"]["fields"].append({"name": "later", "type": "string",
                                         "description": "A column that came later.",
                                         "example": "x"})
    path.write_text(json.dumps(package), "utf-8")
    rows_of(folder, "outcomes").assign(later="").to_csv(folder / "outcomes.csv", index=False)
    assert frozen(folder) == before


def test_a_line_that_is_no_digest(folder):
    with (folder / "published.sha256").open("a") as file:
        file.write("nothing\n")
    with pytest.raises(DataError, match=r"published\.sha256:\d+: the line is no digest"):
        freeze.read(folder)
