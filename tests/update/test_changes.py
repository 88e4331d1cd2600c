"""What changed from one edition to the next: rows, quantities, conclusions, and its kind."""

import re

import pandas as pd
import pytest

from review.dataset.load import load
from review.dataset.problems import DataError
from review.report.changes import text
from review.update import changes, moves


@pytest.fixture(scope="module")
def found(update):
    """What that edition changed."""
    return changes.since_previous(update)


@pytest.fixture
def quiet(bare_data, append_rows, next_edition):
    """A dataset whose new edition has no rows yet."""
    append_rows(bare_data, "editions", next_edition)
    return bare_data


def _supersede(data, table, key, by):
    path = data / f"{table}.csv"
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    rows.loc[rows.iloc[:, 0] == key, "edition_superseded"] = by
    rows.to_csv(path, index=False, lineterminator="\n")
    return rows[rows.iloc[:, 0] == key].iloc[0].to_dict()


def _correct(data, append_rows, outcome_id, value):
    """A published outcome superseded by the same result with another value."""
    row = _supersede(data, "outcomes", outcome_id, "2026-1")
    row = {name: cell for name, cell in row.items() if cell and name != "edition_superseded"}
    append_rows(data, "outcomes", {
        **row, "edition_added": "2026-1", "outcome_id": f"{outcome_id}-2", "value": value,
        "printed": value})


# --- the predecessor ----------------------------------------------------------------------------


def test_a_predecessor_is_compared_by_counts_alone(published):
    found = changes.since_previous(published)
    before = published.previous
    assert before["type"] == "predecessor" and found.by_counts
    assert found.change_class == changes.UNKNOWN and found.moves.empty and found.quantities.empty
    counts = found.counts.set_index("what")
    assert counts.loc["Reports"].tolist() == [
        str(before["reports"]), str(published.edition["reports"])]


def test_editions_are_found_by_name_and_a_predecessor_too(published):
    found = changes.between("ispor-2024", "current", published.data)
    assert (found.old["edition_id"], found.new["edition_id"]) == ("ispor-2024", "published")
    with pytest.raises(DataError, match="no edition 'nonesuch'"):
        changes.between("nonesuch", "current", published.data)


def test_an_edition_against_itself_is_no_new_evidence(published):
    found = changes.changes(published, load("published"))
    assert found.change_class == changes.NO_EVIDENCE
    assert found.moves.empty and found.quantities.empty and found.conclusions.empty
    assert "no row was added" in text(found)


# --- an update with rows ------------------------------------------------------------------------


def test_a_study_that_flips_a_conclusion(found):
    assert found.change_class == changes.CHANGED
    assert found.of("studies")["study"].tolist() == ["Newcomer 2026"]
    assert found.of("outcomes")["new"].tolist() == ["21.0 months"]
    flipped = found.flipped.set_index("conclusion_id")
    assert {"os-ceiling", "os-included-records", "benefit-limited"} == set(flipped.index)
    assert flipped.loc["os-ceiling", "why"] == "Newcomer 2026"
    assert (flipped.loc["os-ceiling", ["old_truth", "new_truth"]].tolist()
            == ["holds", "does not hold"])
    longest = found.quantities.set_index("quantity_id").loc["os-rwe-range"]
    assert longest["old"].endswith("to 19.0 months (Kostopoulos 2023)")
    assert longest["new"].endswith("to 21.0 months (Newcomer 2026)")
    assert longest["why"] == "Newcomer 2026"
    counts = found.quantities.set_index("quantity_id")[["old", "new"]]
    assert counts.loc["studies"].tolist() == ["24", "25"]
    assert counts.loc["os-rwe-groups"].tolist() == ["2 of 7", "3 of 8"]


def test_a_study_that_flips_nothing(updated, published):
    found = changes.changes(published, load("2026-1", updated(pfs="4.0")))
    assert found.change_class == changes.SAME and found.flipped.empty
    # the sentence counts one study more, so it is shown with its old and new wording
    assert "rwe-pfs-ceiling" in set(found.conclusions["conclusion_id"])
    counts = found.quantities.set_index("quantity_id")[["old", "new"]]
    assert counts.loc["pfs-rwe-studies"].tolist() == ["9 of 18", "10 of 19"]
    assert "pfs-rwe-range" not in counts.index  # the new value lies inside it


def test_a_study_that_opens_the_gate_to_a_pooled_rate(updated, append_rows, published):
    data = updated("clinical", os="4.0")
    studies = pd.read_csv(data / "studies.csv", dtype="string")
    studies.loc[studies["study_id"] == "newcomer-2026", "design"] = "single-arm"
    studies.to_csv(data / "studies.csv", index=False, lineterminator="\n")
    outcomes = pd.read_csv(data / "outcomes.csv", dtype="string")
    row = outcomes.iloc[-1].dropna().to_dict()
    append_rows(data, "outcomes", {
        **row, "outcome_id": "newcomer-2026-orr", "outcome": "orr", "statistic": "proportion",
        "value": "50", "unit": "percent", "printed": "50", "n": "10", "n_kind": "reported",
        "n_total": "20", "n_total_kind": "reported"})
    counts = changes.changes(published, load("2026-1", data)).quantities.set_index("quantity_id")
    gate = counts.loc["orr-clinical-single-arm-pooled"]
    assert gate["old"] == "not shown, gate closed (too few groups)"
    assert re.match(r"\d+\.\d% \(profile ", gate["new"]) and gate["why"] == "Newcomer 2026"
    assert "orr-clinical-randomised-pooled" not in counts.index


def test_a_design_that_comes_with_a_study_is_told_against_no_group(updated, published):
    data = updated("rwe", os="4.0")
    for table in ("studies", "outcomes"):
        rows = pd.read_csv(data / f"{table}.csv", dtype="string")
        if table == "studies":
            rows.loc[rows["study_id"] == "newcomer-2026", "design"] = "prospective"
        else:
            new = rows["outcome_id"] == "newcomer-2026-os"
            rows.loc[new, ["outcome", "statistic", "unit"]] = ["orr", "proportion", "percent"]
        rows.to_csv(data / f"{table}.csv", index=False, lineterminator="\n")
    after = load("2026-1", data)
    there, back = (changes.changes(*pair).quantities.set_index("quantity_id")
                   for pair in ((published, after), (after, published)))
    name = "orr-rwe-prospective-pooled"
    assert there.loc[name, "old"] == "no group" == back.loc[name, "new"]
    assert there.loc[name, "new"].startswith("not shown, gate closed")
    assert there.loc[name, "why"] == "Newcomer 2026" == back.loc[name, "why"]


def test_an_edition_without_rows(quiet, published):
    found = changes.changes(published, load("2026-1", quiet))
    assert found.change_class == changes.NO_EVIDENCE
    assert found.counts.set_index("what").loc["Search to", "new"] == "2026-01-31"


def test_a_correction_pairs_the_row_with_the_one_it_replaces(quiet, append_rows, published):
    _correct(quiet, append_rows, "kostopoulos-2023-retreated-os", "18.0")
    found = changes.changes(published, load("2026-1", quiet))
    assert found.change_class == changes.CORRECTION
    [moved] = found.moves.to_dict("records")
    assert (moved["change"], moved["old"], moved["new"]) == (
        moves.CORRECTED, "19.0 months", "18.0 months")
    assert moved["study"] == "Kostopoulos 2023"
    [longest] = found.quantities.to_dict("records")
    assert longest["quantity_id"] == "os-rwe-range" and longest["why"] == "Kostopoulos 2023"
    assert longest["new"].endswith("to 18.0 months (Kostopoulos 2023)")


def test_a_correction_that_flips_a_conclusion_is_a_change(quiet, append_rows, published):
    _correct(quiet, append_rows, "kostopoulos-2023-retreated-os", "22.0")
    found = changes.changes(published, load("2026-1", quiet))
    assert found.change_class == changes.CHANGED
    assert "os-ceiling" in set(found.flipped["conclusion_id"])


def test_a_row_taken_out_is_superseded(quiet, published):
    _supersede(quiet, "outcomes", "zhou-2022-retreated-os", "2026-1")
    found = changes.changes(published, load("2026-1", quiet))
    [moved] = found.moves.to_dict("records")
    assert moved["change"] == moves.SUPERSEDED and pd.isna(moved["new"])
    assert found.change_class == changes.CORRECTION


def test_the_published_edition_is_untouched_by_an_update(flipped, published):
    again = load("published", flipped)
    for name in ("studies", "reports", "arms", "outcomes", "characteristics"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(published, name))
