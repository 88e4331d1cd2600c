"""The template folder: made from the schema, readable by intake, never over something else."""

import csv
import errno
from pathlib import Path

import as_published
import pytest

from review.dataset import replacing, schema
from review.update import intake, template
from review.update.validate_folder import validate_folder

DATA = as_published.dataset()
RESOURCES = schema.read_schema(DATA)
TABLES = template.asked(RESOURCES)


@pytest.fixture
def folder(tmp_path):
    template.write("martino-2099", "rwe", tmp_path / "new", DATA)
    return tmp_path / "new"


def test_a_new_study_has_rows_in_the_tables_that_it_can_fill():
    assert set(TABLES) == {"studies", "reports", "arms", "outcomes", "characteristics", "quality",
                           "sources"}


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_the_columns_of_the_schema(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == RESOURCES[name].names
    assert all(row["edition_added"] == "" for row in rows if "edition_added" in row)


def test_keys_are_filled_in_and_lead_to_each_other(folder):
    new = intake.read_folder(folder, DATA)
    assert new["studies"]["study_id"].tolist() == ["martino-2099"]
    for name in TABLES:
        for field, other, key in RESOURCES[name].foreign_keys:
            if other in TABLES:
                assert set(new[name][field].dropna()) <= set(new[other][key])


def test_what_is_left_empty_is_what_validation_asks_for(folder):
    problems = validate_folder(folder, DATA)
    assert {p.rule for p in problems} == {"required"}
    assert {p.file for p in problems} == {f"{name}.csv" for name in TABLES}


def test_every_field_is_explained(folder):
    with (folder / intake.GUIDE).open(encoding="utf-8-sig", newline="") as file:
        explained = {(row["table"], row["field"]): row for row in csv.DictReader(file)}
    for name in TABLES:
        for field in RESOURCES[name].fields:
            row = explained[RESOURCES[name].path, field.name]
            assert row["description"] == field.description
            assert row["example"] == field.example
            assert row["unit"] == field.unit
            assert all(word in row["allowed"] for word in field.allowed)
    assert explained["outcomes.csv", "status"]["required"] == "yes"
    assert explained["outcomes.csv", "edition_added"]["required"] == "filled in when accepted"


def test_nothing_is_overwritten(folder):
    (folder / "outcomes.csv").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        template.write("martino-2099", "rwe", folder, DATA)
    assert (folder / "outcomes.csv").read_text() == "mine"


def test_an_interruption_leaves_no_half_of_a_template(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk full"):
        template.write("martino-2099", "rwe", tmp_path / "new", DATA)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_goes_and_what_somebody_made_stays(tmp_path):
    left = tmp_path / f".martino-2099{replacing.MARK}abc"
    left.mkdir()
    (left / "README.md").write_text("half")
    template.write("martino-2099", "rwe", tmp_path / "martino-2099", DATA)
    assert [path.name for path in tmp_path.iterdir()] == ["martino-2099"]
    # made between the question whether it is there and the last step
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "outcomes.csv").write_text("mine")
    with pytest.raises(OSError):
        replacing.put_folder(tmp_path / "mine", {"README.md": b""}, fresh=True)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["outcomes.csv"]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("key", ["Martino 2025", "martino_2025", "-x", ""])
def test_malformed_keys(tmp_path, key):
    with pytest.raises(template.UnusableKey, match="is no key"):
        template.write(key, "rwe", tmp_path / "new", DATA)


def test_taken_key(tmp_path):
    with pytest.raises(template.UnusableKey, match="already a study"):
        template.write("kikuchi-2023", "rwe", tmp_path / "new", DATA)


def test_a_setting_of_another_review(tmp_path):
    with pytest.raises(template.UnusableKey, match="no setting of this review; choose from"):
        template.write("martino-2099", "laboratory", tmp_path / "new", DATA)
