"""The rows behind figures and tables as text, and the files of them beside the dataset."""

import pandas as pd
import pytest

from review.audit import displays, stored_rows
from review.dataset.load import ROOT, load


@pytest.fixture(scope="module")
def current():
    return load("current", ROOT / "data")


def test_stored_rows_are_in_step_with_the_dataset(current):
    assert stored_rows.stale(current) == [], f"run {stored_rows.COMMAND}"


def test_a_changed_cell_leaves_the_stored_rows_behind(current):
    outcomes = current.outcomes.copy()
    outcomes.loc[outcomes["outcome_id"] == "zhou-2022-retreated-os", "value"] = 8.5
    after = current.with_tables(outcomes=outcomes)
    assert "fig-rwe-os" in stored_rows.stale(after)
    assert "fig-clinical-os" not in stored_rows.stale(after)


def test_a_file_of_no_figure_is_reported(current, tmp_path):
    stored_rows.write(current, tmp_path)
    assert stored_rows.stale(current, tmp_path) == []
    (tmp_path / "fig-gone.csv").write_text("x\n")
    (tmp_path / "fig-rwe-os.csv").unlink()
    assert stored_rows.stale(current, tmp_path) == ["fig-rwe-os", "fig-gone"]


def test_a_csv_holds_every_cell(published, tmp_path):
    rows = displays.rows("fig-rwe-pfs", published)
    path = tmp_path / "rows.csv"
    path.write_bytes(stored_rows.csv_text(rows).encode())
    back = pd.read_csv(path, dtype="string", keep_default_na=False)
    pd.testing.assert_frame_equal(back, stored_rows.as_text(rows).astype("string"))
    assert b"\r" not in path.read_bytes()


def test_cells_as_text():
    frame = pd.DataFrame({
        "a": pd.array([1, None], dtype="Int64"), "b": pd.array([5.0, 0.1], dtype="Float64"),
        "c": pd.array([True, None], dtype="boolean"),
        "d": pd.to_datetime(["2023-12-08", None]), "e": ["x, y", ""]})
    assert stored_rows.as_text(frame).to_numpy().tolist() == [
        ["1", "5", "true", "2023-12-08", "x, y"], ["", "0.1", "", "", ""]]


def test_the_command_says_what_is_out_of_step(monkeypatch, capsys, current, tmp_path):
    monkeypatch.setattr(stored_rows, "stale", lambda r: ["fig-rwe-os"])
    assert stored_rows.main([]) == 1
    assert "data/rows/fig-rwe-os.csv is out of step" in capsys.readouterr().err
