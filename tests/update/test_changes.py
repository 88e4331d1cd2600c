"""What changed from one edition to the next: rows, quantities, conclusions, and its kind."""

import json
import re
from types import SimpleNamespace

import as_published
import pandas as pd
import pytest

from review.dataset.load import load
from review.dataset.problems import DataError
from review.report.changes import text
from review.update import accept, changes, moves, prepare

pytestmark = pytest.mark.slow
DATA = as_published.dataset()


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


def moved(found, table, change="added"):
    return found.moves[(found.moves["table"] == table) & (found.moves["change"] == change)]


def test_a_study_that_flips_a_conclusion(found):
    assert found.change_class == changes.CHANGED
    assert moved(found, "studies")["study"].tolist() == ["Newcomer 2026"]
    assert moved(found, "outcomes")["new"].tolist() == ["21.0 months"]
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


# --- over several editions ----------------------------------------------------------------------


@pytest.fixture
def told(second_copy, quick):
    """The second review with a table of reasons, and accept(folder, key, table, key of a row,
    cells): one edition more in which that row is corrected, or its study retracted."""
    descriptor = second_copy.data / "datapackage.json"
    both = [json.loads(path.read_text("utf-8")) for path in (descriptor, DATA / descriptor.name)]
    ours, others = ({one["name"]: one for one in each["resources"]} for each in both)
    kinds = [{field["name"]: field for field in each["editions"]["schema"]["fields"]}[
        "change_class"]["constraints"] for each in (ours, others)]
    kinds[0]["enum"] = kinds[1]["enum"]
    both[0]["resources"].append(others["supersessions"])
    descriptor.write_text(json.dumps(both[0]), "utf-8")
    (second_copy.data / "supersessions.csv").write_text(
        "table,key,edition_id,kind,successor,reason\n", "utf-8")

    def update(edition, table, key, **cells):
        folder = second_copy.root / f"for-{edition}"
        if cells:
            prepare.correct(table, key, folder, f"Reason of {edition}", second_copy.data)
            path = folder / f"{table}.csv"
            rows = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
            rows.loc[0, list(cells)] = list(cells.values())
            rows.to_csv(path, index=False)
        else:
            prepare.retract(key, f"Reason of {edition}", folder, second_copy.data)
        accept.accept([folder], accept.Edition(edition, "2024-03-31", "2024-05-01"),
                      second_copy.data, second_copy.contents)

    def between(old, new):
        return changes.between(old, new, second_copy.data, second_copy.contents)

    second_copy.data.joinpath(".checked").unlink(missing_ok=True)
    return SimpleNamespace(update=update, between=between, load=second_copy.load)


def test_what_was_replaced_twice_is_one_move(told):
    """A study's row corrected in two editions: its results keep no key, and nothing is new."""
    told.update("2024-1", "studies", "elm-2016", label="Elm")
    told.update("2024-2", "studies", "elm-2016-v2", note="Elm, again")
    over = told.between("published", "2024-2")
    assert set(over.moves["change"]) == {"corrected", "carried over"}
    assert over.moves["row_old"].notna().all() and over.change_class == changes.CORRECTION
    study = moved(over, "studies", "corrected").iloc[0]
    assert (study["row_new"], study["reason"]) == ("studies/elm-2016-v3", "Reason of 2024-2")
    # retracted after that, it is retracted and not only gone
    told.update("2024-3", "studies", "elm-2016-v3")
    over = told.between("published", "2024-3")
    assert set(over.moves["change"]) == {"retracted"} and over.change_class == changes.RETRACTION


def test_the_reason_is_that_of_the_step_that_changed_the_row(told):
    """Corrected first, carried over then."""
    key = told.load().outcomes.set_index("arm_id")["outcome_id"].filter(like="elm-2016").iloc[0]
    told.update("2024-1", "outcomes", key, note="Read anew")
    told.update("2024-2", "studies", "elm-2016", label="Elm")
    over = told.between("published", "2024-2").moves
    row = over[over["row_old"] == f"outcomes/{key}"].iloc[0]
    assert (row["change"], row["reason"]) == ("corrected", "Reason of 2024-1")


def test_an_edition_knows_nothing_of_those_after_it(told):
    """Neither in what a row says nor in what is said of editions."""
    told.update("2024-1", "studies", "elm-2016")
    before, after = (told.load(name) for name in ("published", "2024-1"))
    assert "elm-2016" in set(before.studies["study_id"]) - set(after.studies["study_id"])
    assert before.studies["edition_superseded"].isna().all()
    assert before.supersessions.empty and set(after.supersessions["edition_id"]) == {"2024-1"}
