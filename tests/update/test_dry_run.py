"""A dry run says what would change and changes nothing."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from review.dataset.paths import ROOT
from review.report.proposal import text
from review.update import dry_run, prepare
from review.update.changes import CHANGED, SAME
from review.update.dry_run import WhatIf

pytestmark = pytest.mark.slow
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def flip(newcomer):
    """A dry run that turns a conclusion over, on the project's own dataset."""
    return dry_run.what_if(newcomer(os="21.0"))


def _digest(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.nightly
def test_a_new_trial_that_breaks_a_rule(newcomer):
    found = dry_run.what_if(newcomer("clinical", pfs="10.7"))
    assert found.changes.change_class == CHANGED
    assert "clinical-pfs-ceiling" in set(found.changes.flipped["conclusion_id"])
    counts = found.changes.quantities.set_index("quantity_id")[["old", "new"]]
    assert counts.loc["studies"].tolist() == ["24", "25"]
    assert counts.loc["pfs-clinical-groups"].tolist() == ["3 of 6", "4 of 7"]
    shown = found.displays.set_index("label")
    assert shown.loc["fig-clinical-pfs", "came"] == 1
    assert "Newcomer 2026" in shown.loc["fig-clinical-pfs", "studies"]
    assert "fig-rwe-pfs" not in shown.index and "tbl-rwe" not in shown.index


@pytest.mark.nightly
def test_a_study_that_changes_no_conclusion(newcomer):
    found = dry_run.what_if(newcomer(pfs="4.0"))
    assert found.changes.change_class == SAME and found.changes.flipped.empty
    assert "fig-rwe-pfs" in set(found.displays["label"])


def test_nothing_is_written(second_copy):
    folder = second_copy.candidate("grove-2024", recovery="24")
    second_copy.load()  # leaves the stamp of the checked dataset
    before = _digest(second_copy.root)
    found = dry_run.what_if(folder, data=second_copy.data, contents=second_copy.contents)
    assert not found.displays.empty and _digest(second_copy.root) == before


def test_what_validation_says_comes_first_and_is_placed_in_the_folder(flip):
    # the new folder brings no references.bib, so its citekey leads nowhere
    assert not flip.acceptable
    assert {("reports.csv", 2, "citekey")} <= {(p.file, p.row, p.field) for p in flip.problems}
    assert text(flip).index("Validation") < text(flip).index("Conclusions")


def test_rows_that_cannot_be_read_are_reported_and_not_tried(bare_data, newcomer):
    folder = newcomer(os="21.0")
    path = folder / "studies.csv"
    path.write_text(path.read_text().replace(",rwe,", ",real world,"))
    found = dry_run.what_if(folder, data=bare_data)
    assert found.changes is None and not found.acceptable
    assert any(p.file == "studies.csv" and p.field == "setting" for p in found.problems)
    assert "make no edition" in text(found)


def test_two_folders_of_one_study_that_contradict_each_other_are_told(second_copy):
    """Prepared against the same edition: one gives a report to a study that the other replaces."""
    for make, name in ((lambda to: prepare.new_report("elm-2016", False, to, second_copy.data),
                        "report"),
                       (lambda to: prepare.correct("studies", "elm-2016", to, "Why",
                                                   second_copy.data), "study")):
        make(second_copy.root / name)
    for path, cells in (
            ("report/sources.csv", {"citekey": "ash2011", "type": "primary article",
                                    "description": "Text"}),
            ("report/reports.csv", {"citekey": "ash2011", "label": "Elm, 2024", "type": "article",
                                    "year": "2024", "locator": "Title"}),
            ("study/studies.csv", {"label": "Elm"})):
        rows = pd.read_csv(second_copy.root / path, dtype="string", encoding="utf-8-sig")
        rows.assign(**{name: cell for name, cell in cells.items() if name in rows}).to_csv(
            second_copy.root / path, index=False)
    found = dry_run.what_if(second_copy.root / "report", second_copy.root / "study",
                            data=second_copy.data, contents=second_copy.contents)
    assert found.changes is None and not found.acceptable
    assert ("report/reports.csv", "rests on a superseded row") in {
        (p.file, p.rule) for p in found.problems if p.severity == "error"}


@pytest.mark.nightly
def test_several_folders_are_tried_as_one_update(newcomer):
    found = dry_run.what_if(DATA / "candidates" / "martino-2025", newcomer(os="21.0"))
    counts = found.changes.quantities.set_index("quantity_id")["new"]
    assert counts["studies"] == "26"
    assert text(found).startswith("What martino-2025 and newcomer would change")
    # each problem names the folder that brought it
    assert ("newcomer/reports.csv", 2, "citekey") in {
        (p.file, p.row, p.field) for p in found.problems}


def test_what_is_wrong_with_any_of_several_folders_is_told_at_once(newcomer, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        shutil.copytree(newcomer(os="21.0"), folder)
        path = folder / "arms.csv"
        path.write_text(path.read_text() + "\n\x00")
    found = dry_run.what_if(first, second)
    assert found.changes is None
    assert {p.file for p in found.problems} >= {"first/arms.csv", "second/arms.csv"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_every_form_tells_the_same(flip, form):
    told = {"text": text, "json": WhatIf.json}[form](flip)
    for piece in ("changed", "Newcomer 2026", "21.0", "does not hold", "fig-rwe-os",
                  "Median OS in real-world studies: known range"):
        assert piece in told
    if form == "json":
        assert json.loads(told)["changes"]["class"] == CHANGED


@pytest.mark.nightly
def test_rows_of_the_editions_own_search_are_told(newcomer, append_rows, monkeypatch):
    monkeypatch.setattr(dry_run, "displays", lambda *_: pd.DataFrame(columns=dry_run.COLUMNS))
    folder = newcomer(pfs="4.0")
    row = pd.read_csv(DATA / "search.csv", dtype="string").iloc[0].dropna().to_dict()
    append_rows(folder, "search", {**row, "search_id": "new-ash", "edition_id": ""})
    tried = dry_run.what_if(folder)
    assert dict(tried.own) == {"search": 1}
    assert "the edition's own: one row of search" in text(tried)
