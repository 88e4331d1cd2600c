"""The PRISMA flow as the CSV of the PRISMA2020 package, and the sums that its boxes imply."""

import csv
import io
import shutil

import as_published
import pandas as pd
import pytest
from uncompared import CHANGED

from review.checks.flow import sums
from review.checks.validate import validate
from review.dataset.load import load
from review.dataset.problems import DataError, errors
from review.update import accept, prisma_csv

HEAD = "data,node,box,description,boxtext,tooltips,url,n\n"


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """The dataset with an update that adds one study. Not to be changed."""
    data = as_published.copied(tmp_path_factory.mktemp("accepted") / "data")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accept, "_compared", lambda *_: CHANGED)
        accept.accept([data / "candidates" / "lynx"], accept.Edition("2026-1", "2026-01-31",
                                                                     "2026-02-28"), data)
    return data.parent


@pytest.fixture
def updated(accepted, tmp_path):
    """A copy of it."""
    return shutil.copytree(accepted, tmp_path / "project") / "data"


def test_an_update_states_what_it_found_and_what_it_added(updated):
    rows = {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(
        prisma_csv.export("2026-1", updated)))}
    assert (rows["previous_studies"], rows["new_studies"], rows["total_studies"]) == (
        "24", "1", "25")
    assert (rows["previous_reports"], rows["new_reports"]) == ("34", "1")
    from article.figures.prisma import prisma_rows
    drawn = prisma_rows(load("2026-1", updated)).set_index("data")["n"]
    assert (drawn["previous_studies"], drawn["new_studies"]) == (24, 1)


def test_boxes_and_reasons_are_taken_in_and_come_out_again(updated, tmp_path):
    file = tmp_path / "flow.csv"
    file.write_text(HEAD + "database_results,node7,box2,x,Databases,x,u,512\n"
                    'dbr_excluded,node14,box9,x,x,x,u,"Wrong population, 60; No outcome, 50"\n'
                    "register_results,,,,,,,xxx\n")
    assert prisma_csv.complete(file, "2026-1", updated) == 4
    assert not [p for p in errors(validate(updated)) if p.file in ("flow.csv", "editions.csv")]
    r = load("2026-1", updated)
    own = r.flow[r.flow["edition_id"] == "2026-1"]
    assert own.loc[own["data"] == "dbr_excluded_reason", "n"].tolist() == [60, 50]
    assert own.loc[own["data"] == "dbr_excluded", "n"].tolist() == [110]
    assert r.edition["records"] == 512
    assert '"Wrong population, 60; No outcome, 50"' in prisma_csv.export("2026-1", updated)


def test_a_count_that_is_stated_is_not_changed(updated, tmp_path):
    file = tmp_path / "flow.csv"
    file.write_text(HEAD + "database_results,,,,,,,512\n")
    assert prisma_csv.complete(file, "2026-1", updated) == 1
    assert prisma_csv.complete(file, "2026-1", updated) == 0
    file.write_text(HEAD + "database_results,,,,,,,513\nduplicates,,,,,,,7\n")
    before = (updated / "flow.csv").read_bytes()
    with pytest.raises(DataError, match="512 in the released edition"):
        prisma_csv.complete(file, "2026-1", updated)
    assert (updated / "flow.csv").read_bytes() == before


def test_a_flow_goes_into_the_folder_of_the_next_edition(data, tmp_path, quick):
    file = tmp_path / "made.csv"
    file.write_text(HEAD + 'database_results,,,,,,,512\ndbr_excluded,,,,,,,"No outcome, 50"\n')
    folder = data / "candidates" / "lynx"
    assert prisma_csv.into_folder(file, folder, data) == 3
    accept.accept([folder], accept.Edition("2026-2", "2026-01-31", "2026-02-28"), data)
    r = load("2026-2", data)
    assert r.edition["records"] == 512
    assert r.flow[r.flow["edition_id"] == "2026-2"]["n"].tolist() == [512, 50, 50]


def test_a_file_of_semicolons_is_read_and_counts_of_each_database_are_told(data, tmp_path, run):
    (tmp_path / "next").mkdir()
    file = tmp_path / "flow.csv"
    file.write_text(HEAD.replace(",", ";") + "database_results;;;;;;;512\n"
                    'database_specific_results;;;;;;;"Medline, 300; Embase, 212"\n')
    status, _, said = run("flow", "--import", file, "--into", tmp_path / "next", "--data", data)
    assert status == 0 and "1 count taken in" in said
    assert "not taken in: database_specific_results (Medline, 300; Embase, 212)" in said


def test_what_cannot_be_read_changes_nothing(updated, tmp_path):
    before = (updated / "flow.csv").read_bytes()
    file = tmp_path / "flow.csv"
    file.write_text(HEAD + "database_result,,,,,,,5\nduplicates,,,,,,,many\n")
    with pytest.raises(DataError) as caught:
        prisma_csv.complete(file, "2026-1", updated)
    assert [(p.row, p.field) for p in caught.value.problems] == [(2, "data"), (3, "n")]
    assert (updated / "flow.csv").read_bytes() == before


def test_the_published_flow_is_frozen(data, tmp_path):
    (tmp_path / "flow.csv").write_text(HEAD + "duplicates,,,,,,,5\n")
    with pytest.raises(DataError, match="released publication"):
        prisma_csv.complete(tmp_path / "flow.csv", "published", data)


@pytest.mark.parametrize(("counts", "wrong"), [
    ({"dbr_sought_reports": 150, "dbr_notretrieved_reports": 10, "dbr_assessed": 130},
     {"dbr_assessed": False}),
    ({"dbr_assessed": 140, "dbr_excluded": 110, "other_assessed": 18, "other_excluded": 8,
      "new_reports": 77}, {"new_reports": False}),
    ({"website_results": 5, "organisation_results": 7, "citations_results": 8,
      "other_sought_reports": 25}, {"other_sought_reports": True}),
    ({"records_screened": 1000, "records_excluded": 852, "dbr_sought_reports": 150,
      "dbr_notretrieved_reports": 10, "dbr_assessed": 140}, {"dbr_sought_reports": True}),
])
def test_sums_have_the_right_base(counts, wrong):
    found = {s.box: s.across for s in sums(counts) if s.total != counts[s.box]}
    assert found == wrong


def test_the_exported_file_has_the_columns_of_the_package(data):
    assert pd.read_csv(io.StringIO(prisma_csv.export("published", data))).columns.tolist() == \
        list(prisma_csv.COLUMNS)


@pytest.mark.parametrize("cell", [
    "Wrong population: 60; No outcome, 50", "Wrong population, 60; No outcome",
    "No outcome, 1,050; Wrong population, 60", f"No outcome, {'9' * 30}"])
def test_no_reason_is_lost_in_silence(data, tmp_path, cell):
    (tmp_path / "next").mkdir()
    (tmp_path / "flow.csv").write_text(f'{HEAD}dbr_excluded,,,,,,,"{cell}"\n')
    with pytest.raises(DataError) as caught:
        prisma_csv.into_folder(tmp_path / "flow.csv", tmp_path / "next", data)
    assert [(p.row, p.field, p.rule) for p in caught.value.problems] == [(2, "n", "type")]
    assert not (tmp_path / "next" / "flow.csv").exists()


def test_a_reason_may_have_a_comma_of_its_own(data, tmp_path):
    (tmp_path / "next").mkdir()
    cell = "No adults, or mixed, 60; x, 5"
    (tmp_path / "flow.csv").write_text(f'{HEAD}dbr_excluded,,,,,,,"{cell}"\n')
    assert prisma_csv.into_folder(tmp_path / "flow.csv", tmp_path / "next", data) == 3
    assert "65" in (tmp_path / "next" / "flow.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(("rows", "line", "rule"), [
    ('dbr_excluded,,,,,,,"=HYPERLINK(""http://x""), 5; Other, 3"', 2, "formula"),
    ("unheard,,,a\u202eb,,,,5", 2, "unknown box"), ("database_results,,,,,,,\"5", 2, "unreadable"),
    (f"database_results,,,,,,,{'9' * 200_000}", 2, "line too long"),
    ("database_results,,,,,,,5,6", 2, "too many cells"), ("x\n" * 30_000, 0, "too large")])
def test_a_file_that_is_no_flow_is_told_with_its_line(data, tmp_path, rows, line, rule):
    (tmp_path / "flow.csv").write_text(f"{HEAD}{rows}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        prisma_csv.into_folder(tmp_path / "flow.csv", tmp_path, data)
    assert {(p.file, p.row, p.rule) for p in caught.value.problems} == {("flow.csv", line, rule)}


@pytest.mark.parametrize(("head", "column"), [("data,n,n", "n"), ("data n", "data")])
def test_a_column_that_is_not_there_once(data, tmp_path, head, column):
    (tmp_path / "flow.csv").write_text(f"{head}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        prisma_csv.into_folder(tmp_path / "flow.csv", tmp_path, data)
    assert column in [p.field for p in caught.value.problems]


def test_a_review_without_a_flow(second, second_contents, tmp_path):
    for ask in (lambda: prisma_csv.export(None, second.data, second_contents),
                lambda: prisma_csv.into_folder(tmp_path / "x.csv", tmp_path, second.data)):
        with pytest.raises(DataError, match="no table flow"):
            ask()
