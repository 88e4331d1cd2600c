"""Two extractions of one study compared, and the folder to adjudicate."""

import json
import shutil

import as_published
import pandas as pd
import pytest

from review.dataset.problems import DataError
from review.update import extractions, prepare
from review.update.intake import read_folder

DATA = as_published.dataset()


@pytest.fixture
def pair(tmp_path):
    """Two copies of a filled-in folder; the second read one median otherwise."""
    for name in "ab":
        shutil.copytree(DATA / "candidates" / "martino-2025", tmp_path / name)
    path = tmp_path / "b" / "outcomes.csv"
    text = path.read_text("utf-8")
    assert ",5.8,months,5.8," in text
    path.write_text(text.replace(",5.8,months,5.8,", ",\"5,9\",months,5.9,"), "utf-8")
    return tmp_path / "a", tmp_path / "b"


def test_differences_and_kappa(pair):
    compared = extractions.compare(*pair, DATA)
    lines = compared.differences.set_index("field")
    assert set(lines.index) == {"value", "printed"}
    assert lines.loc["value", ["first", "second"]].tolist() == ["5.8", "5.9"]
    fields = compared.agreement.set_index(["table", "field"])
    value = fields.loc[("outcomes", "value")]
    assert value["agreed"] == value["compared"] - 1 and value["kappa"] < 1
    assert json.loads(compared.json())["differences"][0]["table"] == "outcomes"
    assert "5.8 | 5.9" in compared.text()


def test_the_folder_to_adjudicate_holds_what_both_say(pair, tmp_path):
    compared = extractions.compare(*pair, DATA)
    extractions.adjudicate(compared, tmp_path / "both", DATA)
    rows = read_folder(tmp_path / "both", DATA)["outcomes"]
    row = rows[rows["outcome"] == "pfs"].iloc[0]
    assert row[["value", "printed"]].isna().all() and row["unit"] == "months"
    assert "5.9" in (tmp_path / "both" / "differences.md").read_text()


def test_a_number_written_otherwise_is_the_same_number(pair):
    for folder, said in zip(pair, ("5.8", "5.80"), strict=True):
        path = folder / "outcomes.csv"
        path.write_text(path.read_text("utf-8").replace(",\"5,9\",months,5.9,", ",5.8,months,5.8,")
                        .replace(",5.8,months,5.8,", f",{said},months,5.8,"), "utf-8")
    compared = extractions.compare(*pair, DATA)
    assert compared.differences.empty
    (outcomes,) = [row for row in compared.agreed["outcomes"] if row["value"] == "5.8"]
    assert outcomes["unit"] == "months"


def test_the_second_reader_checks_the_first(pair, tmp_path):
    for folder, who, day in zip(pair, ("A. Name", "B. Name"), ("2026-03-02", "2026-03-05"),
                                strict=True):
        path = folder / "outcomes.csv"
        rows = pd.read_csv(path, dtype="string").assign(extracted_by=who, extracted_on=day)
        rows.to_csv(path, index=False)
    compared = extractions.compare(*pair, DATA)
    assert set(compared.differences["field"]) == {"value", "printed"}
    extractions.adjudicate(compared, tmp_path / "both", DATA)
    rows = read_folder(tmp_path / "both", DATA)["outcomes"]
    assert set(rows["extracted_by"]) == {"A. Name"} and set(rows["checked_by"]) == {"B. Name"}
    assert set(rows["checked_on"]) == {"2026-03-05"}


def test_what_takes_rows_out_stays_with_the_folder_to_adjudicate(tmp_path):
    for name in "ab":
        prepare.correct("outcomes", "image-refractory-pfs", tmp_path / name, "misread", DATA)
    compared = extractions.compare(tmp_path / "a", tmp_path / "b", DATA)
    assert compared.differences.empty
    extractions.adjudicate(compared, tmp_path / "both", DATA)
    lines = read_folder(tmp_path / "both", DATA)["supersedes"]
    assert lines["successor"].tolist() == ["image-refractory-pfs-v2"]
    assert lines["reason"].tolist() == ["misread"]


@pytest.mark.parametrize(("key", "rule"), [
    ("martino-2025-retreated-pfs", "duplicate key"), (None, "required")])
def test_a_row_that_can_be_matched_with_none_is_refused(pair, key, rule):
    path = pair[1] / "outcomes.csv"
    rows = pd.read_csv(path, dtype="string")
    rows.loc[1, "outcome_id"] = key
    rows.to_csv(path, index=False)
    with pytest.raises(DataError) as caught:
        extractions.compare(*pair, DATA)
    assert [(p.file, p.row, p.field, p.rule) for p in caught.value.problems] == [
        ("b/outcomes.csv", 3, "outcome_id", rule)]


def test_two_citations_of_one_key_are_a_difference(pair):
    path = pair[1] / "references.bib"
    path.write_text(path.read_text("utf-8").replace("{2025}", "{2024}"), "utf-8")
    lines = extractions.compare(*pair, DATA).differences
    lines = lines[lines["table"] == "references.bib"]
    assert lines["key"].tolist() == ["martino2025"] and "{2024}" in lines["second"].iloc[0]


def test_kappa_of_a_worked_example():
    """Cohen's kappa of the 2 x 2 table 20, 5, 10, 15: 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert extractions.kappa(pairs) == pytest.approx(0.4)
    assert extractions.kappa([("y", "y")] * 3) is None


def test_a_row_that_one_alone_has_is_told_with_its_cells_and_stands_with_its_key(pair, tmp_path):
    path = pair[1] / "outcomes.csv"
    rows = pd.read_csv(path, dtype="string")
    rows.iloc[:-1].to_csv(path, index=False)
    gone = rows.iloc[-1]
    (pair[0] / "references.bib").write_text(
        "@article{martino2025x, title = {A title of words}, author = {Name, A.}, year = {2025},\n"
        " journal = {A journal}}\n", "utf-8")
    compared = extractions.compare(*pair, DATA)
    assert compared.alone == 1 and "one row is of one of them alone" in compared.text()
    lines = compared.differences[compared.differences["key"] == gone["outcome_id"]]
    assert lines["field"].tolist()[0] == "" and "value" in set(lines["field"])
    extractions.adjudicate(compared, tmp_path / "both", DATA)
    read = read_folder(tmp_path / "both", DATA)["outcomes"].set_index("outcome_id")
    assert read.loc[gone["outcome_id"]].isna().all()
    assert "martino2025x" in (tmp_path / "both" / "references.bib").read_text("utf-8")
