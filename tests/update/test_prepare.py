"""Folders for a correction, a retraction and a further report: complete at the first attempt."""

import pandas as pd
import pytest

from article.synthesis.contrasts import contrast_rows
from review.audit import displays
from review.checks.validate import validate
from review.dataset.load import load
from review.dataset.problems import DataError, errors
from review.report import studies
from review.update import accept, dry_run, prepare, template
from review.update.changes import CORRECTION, RETRACTION, changes
from review.update.validate_folder import validate_folder

pytestmark = pytest.mark.slow
EDITION = accept.Edition(key="2026-1", search_to="2026-01-31", released_on="2026-02-28")


def _write(folder, name, key, **cells):
    path = folder / f"{name}.csv"
    rows = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    rows.loc[rows.iloc[:, 0] == key, list(cells)] = list(cells.values())
    rows.to_csv(path, index=False)


def changed(folder, dataset):
    """What the rows of a folder change, without the figures and tables."""
    base = load("published", dataset)
    return changes(base, dry_run.tried_on(folder, base))


def test_a_correction_takes_the_place_of_one_row_and_says_why(data, tmp_path):
    folder = tmp_path / "correction"
    prepare.correct("outcomes", "image-refractory-pfs", folder, "misread", data)
    assert [p.rule for p in validate_folder(folder, data)] == ["nothing corrected"]
    _write(folder, "outcomes", "image-refractory-pfs-v2", value="3.2", printed="3.2")
    assert validate_folder(folder, data) == []

    done = accept.accept([folder], EDITION, data)
    assert done.changes.change_class == CORRECTION and done.superseded == 1
    r = load("2026-1", data)
    kept = r.supersessions.iloc[0]
    assert (kept["kind"], kept["reason"], kept["successor"]) == (
        "correction", "misread", "image-refractory-pfs-v2")
    new = r.outcomes.set_index("outcome_id").loc["image-refractory-pfs-v2"]
    assert (new["figure"], new["figure_row"], new["value"]) == ("fig-rwe-pfs", 12, 3.2)
    move = done.changes.moves.iloc[0]
    assert (move["change"], move["reason"]) == ("corrected", "misread")
    # a corrected row can be corrected again
    again = tmp_path / "again"
    prepare.correct("outcomes", "image-refractory-pfs-v2", again, "once more", data)
    assert "image-refractory-pfs-v3" in (again / "outcomes.csv").read_text("utf-8-sig")


def test_who_read_the_wrong_value_did_not_read_the_right_one(data, tmp_path):
    _write(data, "outcomes", "image-refractory-pfs", extracted_by="A. Name", checked_by="B. Name")
    prepare.correct("outcomes", "image-refractory-pfs", tmp_path / "correction", "misread", data)
    row = pd.read_csv(tmp_path / "correction" / "outcomes.csv", dtype="string",
                      encoding="utf-8-sig").iloc[0]
    assert row[["extracted_by", "checked_by"]].isna().all() and row["printed"] == "3.0"


def test_a_corrected_group_takes_its_results_along(dataset, tmp_path):
    folder = tmp_path / "correction"
    prepare.correct("arms", "image-refractory", folder, "wrong label", dataset)
    _write(folder, "arms", "image-refractory-v2", population="other patients")
    assert errors(validate_folder(folder, dataset)) == []
    tried = changed(folder, dataset)
    assert tried.change_class == CORRECTION
    assert set(tried.moves["change"]) == {"corrected", "carried over"}


def test_a_retraction_takes_every_row_and_keeps_the_reason(data, tmp_path):
    folder = tmp_path / "retraction"
    prepare.retract("icaria-mm", "withdrawn by the journal", folder, data)
    assert errors(validate_folder(folder, data)) == []
    done = accept.accept([folder], EDITION, data)
    assert done.changes.change_class == RETRACTION
    r = load("2026-1", data)
    for table in ("studies", "reports", "arms", "characteristics", "quality"):
        assert "icaria-mm" not in set(r.tables[table]["study_id"]), table
    assert set(r.supersessions["reason"]) == {"withdrawn by the journal"}
    assert set(done.changes.moves["change"]) == {"retracted"}
    assert "icaria-mm" in set(load("published", data).studies["study_id"])


def test_a_retracted_lead_report_hands_the_study_on(dataset, tmp_path):
    folder = tmp_path / "retraction"
    prepare.retract("ref-27", "withdrawn", folder, dataset)
    assert errors(validate_folder(folder, dataset)) == []
    rows = pd.read_csv(folder / "reports.csv", dtype="string", encoding="utf-8-sig")
    assert rows["report_id"].str.endswith("-v2").all() and rows["lead"].tolist() == ["true"]
    moves = changed(folder, dataset).moves
    # the heir is the same report, which nobody corrected
    assert "corrected" not in set(moves["change"])


def test_a_study_keeps_the_name_of_a_retracted_report_and_says_so(data, tmp_path, quick):
    _write(data, "studies", "icaria-mm", label="Richardson 2022")
    prepare.retract("ref-27", "withdrawn", tmp_path / "lead", data)
    asked = {p.rule: p for p in validate_folder(tmp_path / "lead", data)}
    assert asked["named after a retracted report"].severity == "warning"
    assert "review correct studies icaria-mm" in asked["named after a retracted report"].remedy
    (data / "published.sha256").unlink()
    accept.accept([tmp_path / "lead"], EDITION, data)
    r = load("2026-1", data)
    section = studies.section(r, r.studies.set_index("study_id", drop=False).loc["icaria-mm"])
    assert "### Richardson 2022" in section
    assert ("- Richardson, 2022 [@richardson2022]: article, retracted in Update 2026-1, lead "
            "report until then, from which the study keeps its name.") in section
    before = load("published", data)
    assert "retracted" not in studies.section(
        before, before.studies.set_index("study_id", drop=False).loc["icaria-mm"])


def test_a_study_that_was_taken_out_comes_in_again_under_another_key(data, tmp_path, quick):
    prepare.retract("image", "withdrawn", tmp_path / "out", data)
    accept.accept([tmp_path / "out"], EDITION, data)
    way = "review new-study image-v2 --setting rwe"
    with pytest.raises(prepare.Unprepared, match=way):
        prepare.new_report("image", True, tmp_path / "report", data)
    with pytest.raises(template.UnusableKey, match=way):
        template.write("image", "rwe", tmp_path / "image", data)
    with pytest.raises(prepare.Unprepared, match="nothing took its place"):
        prepare.retract("ref-29", "again", tmp_path / "again", data)
    assert template.write("image-v2", "rwe", tmp_path / "image-v2", data)


def test_what_is_said_of_a_study_is_said_of_the_row_in_its_place(data, tmp_path, quick):
    for study in ("image", "kostopoulos-2023", "trimm-2"):
        prepare.correct("studies", study, tmp_path / study, "wrong country", data)
        _write(tmp_path / study, "studies", f"{study}-v2", country="Other")
    folders = [tmp_path / study for study in ("image", "kostopoulos-2023", "trimm-2")]
    tried = dry_run.what_if(*folders, data=data)
    assert tried.changes.quantities.empty and tried.changes.conclusions.empty
    assert set(tried.changes.moves["change"]) == {"corrected", "carried over"}
    accept.accept(folders, EDITION, data)
    published, r = load("published", data), load("2026-1", data)
    said = ["study", "group", "pairing", "caveat"]
    before, after = (set(contrast_rows(one)[said].itertuples(index=False, name=None))
                     for one in (published, r))
    assert before == after
    one, other = (displays.rows("tbl-sensitivity", each) for each in (published, r))
    assert one.equals(other)
    assert set(r.overlaps["study_id"]) & {"kostopoulos-2023-v2"}
    # a correction of the correction, and the published edition as it was
    prepare.correct("studies", "image-v2", tmp_path / "again", "wrong again", data)
    _write(tmp_path / "again", "studies", "image-v3", country="Another")
    accept.accept([tmp_path / "again"],
                  accept.Edition("2026-2", "2026-01-31", "2026-03-31"), data)
    assert "image-v3" in set(load("2026-2", data).contrasts["study_id"])
    assert "image" in set(load("published", data).contrasts["study_id"])


def test_a_comparison_that_a_new_report_tears_apart_is_told(dataset, tmp_path):
    folder = tmp_path / "report"
    prepare.new_report("abdallah-2023", True, folder, dataset)
    _write(folder, "sources", "abdallah-2023-source-1", citekey="abdallah2026",
           type="primary article", description="The full article")
    _write(folder, "reports", "abdallah-2023-report-1", citekey="abdallah2026",
           label="Abdallah, 2026", type="article", year="2026", found_via="database",
           locator="Title")
    (folder / "references.bib").write_text("@article{abdallah2026, author = {A, B}, title = {T}, "
                                           "journal = {J}, year = {2026}}")
    assert validate_folder(folder, dataset) == []
    _write(folder, "outcomes", "abdallah-2023-retreated-orr-v2", locator="Table 2",
           report_id="abdallah-2023-report-1", source_id="abdallah-2023-source-1")
    assert [(p.file, p.rule, p.severity) for p in validate_folder(folder, dataset)] == [
        ("outcomes.csv", "compared with nothing", "warning")]
    told = changed(folder, dataset).quantities.set_index("quantity_id").loc["orr-comparisons"]
    assert "Abdallah 2023" in told["old"] and "Abdallah 2023" not in told["new"]
    assert told["why"] == "Abdallah 2023"


def test_a_folder_is_named_once(data, tmp_path):
    prepare.retract("image", "withdrawn", tmp_path / "out", data)
    with pytest.raises(DataError, match="named twice"):
        accept.accept([tmp_path / "out", tmp_path / "." / "out"], EDITION, data)


def test_an_appraisal_goes_with_the_lead_report_that_it_judged(data, tmp_path, quick):
    prepare.retract("ref-27", "withdrawn", tmp_path / "lead", data)
    asked = validate_folder(tmp_path / "lead", data)
    assert ("studies.csv", "no appraisal") in {(p.file, p.rule) for p in asked}
    accept.accept([tmp_path / "lead"], EDITION, data)
    r = load("2026-1", data)
    assert "icaria-mm" in set(r.studies["study_id"])
    assert "icaria-mm" not in set(r.tables["quality"]["study_id"])


def test_an_appraisal_stays_where_another_report_goes(dataset, tmp_path):
    prepare.retract("ref-58", "withdrawn", tmp_path / "other", dataset)
    assert "quality" not in (tmp_path / "other" / "supersedes.csv").read_text("utf-8-sig")


def test_what_is_carried_over_to_a_new_lead_is_told_of_the_report_it_was_read_in(
        data, tmp_path, quick):
    folder = tmp_path / "report"
    prepare.new_report("image", True, folder, data)
    _write(folder, "reports", "image-report-1", citekey="decaux2026", label="Decaux, 2026",
           type="article", year="2026", found_via="database", locator="Title")
    _write(folder, "sources", "image-source-1", citekey="decaux2026", type="primary article",
           description="Full text")
    _write(folder, "outcomes", "image-refractory-pfs-v2", report_id="image-report-1",
           source_id="image-source-1", locator="Results", follow_up_printed="")
    (folder / "references.bib").write_text(
        "@article{decaux2026, author = {D, O}, title = {Full report}, year = {2026},"
        " journal = {Blood}}\n")
    accept.accept([folder], EDITION, data)
    r = load("2026-1", data)
    lines = displays.rows("tbl-rwe", r).set_index("publication")
    cells = lines.loc["IMAGE: Decaux, 2026", ["follow_up", "prior_lines", "refractory"]]
    assert cells.str.endswith(", in Decaux, 2022").all()
    drawn = displays.rows("fig-rwe-pfs", r).set_index("outcome_id")["follow_up"]
    # the follow-up of the older report is none of the newer result
    assert drawn["image-refractory-pfs-v2"] == "NR"
    assert drawn["image-exposed-pfs-v2"] == "14.2"
    published = displays.rows("tbl-rwe", load("published", data))
    assert not published["follow_up"].str.contains(", in ").any()


def test_a_retracted_only_report_takes_its_study(dataset, tmp_path):
    made = prepare.retract("ref-25", "withdrawn", tmp_path / "retraction", dataset)
    assert "lesokhin-2023" in made.todo
    assert "studies,lesokhin-2023," in (tmp_path / "retraction" / "supersedes.csv").read_text(
        "utf-8-sig")


def test_a_new_lead_report_asks_for_itself_alone(dataset, tmp_path):
    folder = tmp_path / "report"
    prepare.new_report("kostopoulos-2023", True, folder, dataset)
    asked = {(p.file, p.rule) for p in errors(validate_folder(folder, dataset))}
    assert asked == {("reports.csv", "required"), ("sources.csv", "required")}
    key = "kostopoulos-2023-report-1"
    _write(folder, "reports", key, citekey="kostopoulos2026", label="Kostopoulos, 2026",
           type="article", year="2026", found_via="database", locator="Table 2")
    _write(folder, "sources", "kostopoulos-2023-source-1", citekey="kostopoulos2026",
           type="primary article", description="Full text")
    _write(folder, "outcomes", "kostopoulos-2023-retreated-os-v2", value="21.0", printed="21.0",
           report_id=key, source_id="kostopoulos-2023-source-1", locator="Table 2",
           ci_low="15.0", ci_high="30.0", ci_printed="15.0–30.0")
    (folder / "references.bib").write_text(
        "@article{kostopoulos2026, author = {K, I}, title = {Full report of it}, year = {2026},"
        " journal = {Blood}}\n")
    assert errors(validate_folder(folder, dataset)) == []
    moves = changed(folder, dataset).moves
    updated = moves[moves["change"] == "updated"].set_index("table")
    assert updated.loc["outcomes", ["old", "new"]].tolist() == ["19.0 months", "21.0 months"]
    assert set(moves.loc[moves["table"] == "characteristics", "change"]) <= {"carried over"}


def test_a_successor_must_be_in_the_folder(dataset, tmp_path):
    folder = tmp_path / "correction"
    prepare.correct("outcomes", "image-refractory-pfs", folder, "misread", dataset)
    (folder / "outcomes.csv").unlink()
    assert [(p.file, p.field) for p in validate_folder(folder, dataset)] == [
        ("supersedes.csv", "successor")]


@pytest.mark.parametrize(("make", "says"), [
    (lambda d, f: prepare.correct("outcomes", "image-refractory-pf", f, "", d), "did you mean"),
    (lambda d, f: prepare.correct("sources", "gay2025", f, "", d), "do not come and go"),
    (lambda d, f: prepare.correct("nothing", "x", f, "", d), "choose from"),
    (lambda d, f: prepare.retract("imagine", "why", f, d), "did you mean"),
    (lambda d, f: prepare.retract("image", " ", f, d), "needs its reason"),
    (lambda d, f: prepare.new_report("imge", False, f, d), "did you mean image"),
])
def test_what_no_folder_can_be_made_for(dataset, tmp_path, make, says):
    with pytest.raises(prepare.Unprepared, match=says):
        make(dataset, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_reason_belongs_to_a_row_that_is_gone(data):
    with (data / "supersessions.csv").open("a") as file:
        file.write("outcomes,image-refractory-pfs,ispor-2024,correction,,why\n"
                   "outcomes,nothing,ispor-2024,correction,,why\n")
    assert {p.rule for p in errors(validate(data))} == {"reason of another edition",
                                                        "reason of no row"}
