"""Breaches of the schema are all told at once, with the nearest word or key."""


import as_published
import pandas as pd
import pytest
from layers import first

from article.contents import CONTENTS
from review.audit import stored_rows
from review.audit.displays import labels, rows
from review.checks import validate
from review.dataset import characters, schema
from review.dataset.load import read_all, read_text

DATA = as_published.dataset()


@pytest.fixture(scope="module")
def problems():
    resources = schema.read_schema(DATA)
    text = dict(read_text(DATA, resources))
    rows = text["outcomes"] = text["outcomes"].copy()
    rows.loc[0, "status"] = "not trancribed"
    rows.loc[1, "value"] = "2,2"
    rows.loc[2, "arm_id"] = "icaria-mm-non-darra"
    rows.loc[3, "outcome_id"] = rows.loc[4, "outcome_id"]
    rows.loc[5, "unit"] = pd.NA
    rows.loc[6, "bound_low"] = "-1"
    text["editions"] = text["editions"].assign(released_on=["", "12.03.2025"])
    return {(p.file, p.row, p.field): p for p in validate.check(CONTENTS, resources, text, DATA)}


def test_vocabulary_names_the_nearest_word(problems):
    problem = problems["outcomes.csv", 2, "status"]
    assert problem.rule == "vocabulary"
    assert "did you mean 'not transcribed'?" in problem.remedy


def test_type(problems):
    assert problems["outcomes.csv", 3, "value"].message == (
        "'2,2' is not a number with a decimal point")
    assert problems["editions.csv", 3, "released_on"].rule == "type"


def test_dangling_key_names_the_nearest(problems):
    assert problems["outcomes.csv", 4, "arm_id"].remedy == "did you mean icaria-mm-non-dara?"


def test_duplicate_key(problems):
    assert problems["outcomes.csv", 6, "outcome_id"].rule == "duplicate key"


def test_required(problems):
    assert problems["outcomes.csv", 7, "unit"].rule == "required"


def test_minimum(problems):
    assert problems["outcomes.csv", 8, "bound_low"].rule == "minimum"


def test_a_row_that_breaks_the_schema_breeds_no_further_problems(problems):
    assert [p for (file, row, _), p in problems.items() if (file, row) == ("outcomes.csv", 3)] == [
        problems["outcomes.csv", 3, "value"]]


@pytest.mark.parametrize(("table", "key", "wrong"), first(1, [
    ("arms", "image-refractory", "Image refractory"), ("studies", "image", "Image"),
    ("outcomes", "image-refractory-pfs", "image_refractory_PFS")]))
def test_a_key_in_another_form_is_told_once_and_leads_where_it_should(table, key, wrong):
    resources = schema.read_schema(DATA)
    text = dict(read_text(DATA, resources))
    rows = text[table] = text[table].copy()
    column = resources[table].primary_key[0]
    rows.loc[rows[column] == key, column] = wrong
    found = [p for p in validate.check(CONTENTS, resources, text, DATA)
             if p.severity == "error" and p.rule != "frozen row"]
    assert [(p.file, p.value, p.rule) for p in found] == [(f"{table}.csv", wrong, "pattern")]
    assert found[0].remedy == f"write it as {key}"


def test_a_key_in_another_form_is_no_key_that_is_taken():
    resources = schema.read_schema(DATA)
    text = dict(read_text(DATA, resources))
    rows = text["studies"] = text["studies"].copy()
    rows.loc[rows["study_id"] == "zhou-2022", "study_id"] = "IMAGE"
    rules = {p.rule for p in validate.check(CONTENTS, resources, text, DATA)}
    assert {"pattern", "unknown key"} <= rules and "duplicate key" not in rules


def test_a_bibliography_that_cannot_be_read_lacks_nothing(tmp_path):
    """What stands behind a brace that is open is not known to be missing."""
    bib = as_published.copied(tmp_path / "data").parent / "references.bib"
    resources = schema.read_schema(DATA)
    text = read_text(DATA, resources)
    bib.write_text(bib.read_text("utf-8").replace("= {2024}", "= {2024", 1), "utf-8")
    found = [p for p in validate.check(CONTENTS, resources, text, tmp_path / "data")
             if p.severity == "error"]
    assert [(p.file, p.rule) for p in found] == [("references.bib", "citation")]


def test_missing_column_is_told_alone():
    resources = schema.read_schema(DATA)
    text = dict(read_text(DATA, resources))
    text["arms"] = text["arms"].rename(columns={"exposure": "exposur"})
    found = validate.check(CONTENTS, resources, text, DATA)
    assert {(p.rule, p.field) for p in found} == {("missing column", "exposure"),
                                                  ("unknown column", "exposur")}
    assert any("rename it to exposure" in p.remedy for p in found)


def test_missing_file_is_a_problem_not_an_exception(tmp_path):
    (tmp_path / "datapackage.json").write_bytes((DATA / "datapackage.json").read_bytes())
    found = validate.validate(tmp_path)
    assert "outcomes.csv" in {p.file for p in found}
    assert {p.rule for p in found} == {"missing file"}
    assert validate.validate(tmp_path / "nowhere")[0].file == "datapackage.json"


def test_a_checked_dataset_is_checked_again_once_a_byte_differs(tmp_path):
    paths = [resource.path for resource in schema.read_schema(DATA).values()]
    for name in (*paths, "datapackage.json"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    read_all(tmp_path)
    assert "unit" not in {p.field for p in validate.validate(tmp_path)}
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text(outcomes.read_text("utf-8").replace(",months,", ",moons,", 1), "utf-8")
    assert "vocabulary" in {p.rule for p in validate.validate(tmp_path)}


@pytest.mark.parametrize("cell", [
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "+1+HYPERLINK(\"x\")",
    " =A1", "\uff1dA1", "-sum"])
def test_a_formula_is_refused_whatever_column_it_stands_in(cell):
    _, rule, _, remedy = characters.breach(cell, notation=False, address=False)
    assert rule == "formula" and "put a word before it" in remedy


@pytest.mark.parametrize("cell", ["-0.3", "+13.3 months", "-73 to -18", "\u22124", "-", "a=b",
                                  "x@y", "5 (3+2)", "- 3.1"])
def test_a_sign_before_a_number_is_no_formula(cell):
    assert characters.breach(cell, notation=False, address=False) is None


def test_no_csv_of_ours_holds_a_formula(published):
    """Rows behind figures and tables are opened in spreadsheets too."""
    for label in labels(CONTENTS):
        frame = stored_rows.as_text(rows(label, published))
        for name in frame:
            found = [characters.breach(cell, False, False) for cell in frame[name]]
            assert [one for one in found if one and one[1] == "formula"] == [], f"{label}, {name}"


def test_new_rows_alone_are_checked_and_against_all():
    """What is unique is so among all rows; what is wrong before the new ones was told before."""
    resources = schema.read_schema(DATA)
    name, field = next((name, field.name) for name, resource in resources.items()
                       for field in resource.fields if field.constraints.get("unique"))
    text = read_text(DATA, resources)[name].dropna(subset=[field])
    again = pd.concat([text, text.tail(1)], ignore_index=True)
    found = schema.breaches(resources[name], again, len(text))
    assert ("unique", field) in {(p.rule, p.field) for p in found}
    assert {p.row for p in found} == {len(again) + 1}
    spoilt = again.copy()
    spoilt.loc[0, field] = "= 1"
    assert schema.breaches(resources[name], spoilt, len(text)) == found
    assert len(schema.breaches(resources[name], spoilt)) > len(found)
