"""The line under a figure or table, the stored rows, and the appendix of rows."""

import re

import pandas as pd
import pytest
from figure_reading import changed

from article import figures
from review.dataset.load import ROOT, load
from review.markdown import escape
from review.report import provenance


@pytest.fixture(scope="module")
def current():
    return load("current", ROOT / "data")


def test_stored_rows_are_in_step_with_the_dataset(current):
    assert provenance.stale(current) == [], "run python -m review.provenance --write"


def test_a_changed_cell_leaves_the_stored_rows_behind(current):
    after = changed(current, "outcomes", "zhou-2022-retreated-os", value=8.5)
    assert "fig-rwe-os" in provenance.stale(after)
    assert "fig-clinical-os" not in provenance.stale(after)


def test_a_file_of_no_figure_is_reported(current, tmp_path):
    provenance.write(current, tmp_path)
    assert provenance.stale(current, tmp_path) == []
    (tmp_path / "fig-gone.csv").write_text("x\n")
    (tmp_path / "fig-rwe-os.csv").unlink()
    assert provenance.stale(current, tmp_path) == ["fig-rwe-os", "fig-gone"]


def test_a_csv_holds_every_cell(r, tmp_path):
    rows = provenance.rows("fig-rwe-pfs", r)
    path = tmp_path / "rows.csv"
    path.write_bytes(provenance.csv_text(rows).encode())
    back = pd.read_csv(path, dtype="string", keep_default_na=False)
    pd.testing.assert_frame_equal(back, provenance.as_text(rows).astype("string"))
    assert b"\r" not in path.read_bytes()


def test_the_line_names_rows_code_and_sources(r, built):
    line = provenance.provenance(built("fig-clinical-pfs"), r)
    html, typst = line.split('when-format="typst"')
    assert "(../data/rows/fig-clinical-pfs.csv)" in html and ".csv" not in typst
    assert "(94-rows.qmd#rows-fig-clinical-pfs)" in typst
    assert "`clinical_pfs` in [`review/figures/panels.py`](../review/figures/panels.py)" in html
    assert "`clinical_pfs` in `review/figures/panels.py`" in typst
    assert "[@gay2025; @frerichs2021atra]" in html and "[@gay2025; @frerichs2021atra]" in typst


@pytest.mark.parametrize("label", provenance.labels())
def test_the_code_that_is_named_exists(label):
    path, builder = provenance.code(label)
    source = (ROOT / path).read_text("utf-8")
    assert re.search(rf"^(def {builder}\(|{builder} = )", source, re.M)


@pytest.mark.parametrize("label", provenance.labels())
def test_the_appendix_has_a_section_for_each_label(current, label):
    text = provenance.section(label, current)
    frame = provenance.rows(label, current)
    assert f"{{#rows-{label} " in text and f"@{label}" in text
    assert text.count("\n|") == len(frame) + 2
    if label in figures.FIGURES:
        assert escape(figures.recipe(label).describe(frame)) in text
    assert "<NA>" not in text and "nan" not in re.findall(r"\w+", text)
    if "locator" in frame:
        for locator in frame["locator"].dropna():
            assert escape(locator) in text


def test_printed_rows_are_complete_and_plain(built, capsys):
    provenance.show_rows(built("fig-rwe-os"))
    printed = capsys.readouterr().out
    text = provenance.as_text(built("fig-rwe-os").rows)
    for value in text.to_numpy().ravel():
        assert value in printed
    assert printed.splitlines()[-1].startswith("7 rows; empty: section")
    assert "..." not in printed and all(line == line.rstrip() for line in printed.splitlines())


def test_cells_as_text():
    frame = pd.DataFrame({
        "a": pd.array([1, None], dtype="Int64"), "b": pd.array([5.0, 0.1], dtype="Float64"),
        "c": pd.array([True, None], dtype="boolean"),
        "d": pd.to_datetime(["2023-12-08", None]), "e": ["x, y", ""]})
    assert provenance.as_text(frame).to_numpy().tolist() == [
        ["1", "5", "true", "2023-12-08", "x, y"], ["", "0.1", "", "", ""]]


def test_every_label_is_told_once():
    labels = provenance.labels()
    assert len(labels) == len(set(labels)) and set(figures.FIGURES) <= set(labels)


def test_the_command_says_what_is_out_of_step(monkeypatch, capsys, current, tmp_path):
    monkeypatch.setattr(provenance, "stale", lambda r: ["fig-rwe-os"])
    assert provenance.main([]) == 1
    assert "data/rows/fig-rwe-os.csv is out of step" in capsys.readouterr().err
