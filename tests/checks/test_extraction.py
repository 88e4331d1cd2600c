"""Who read a value and who checked it: what makes no sense is found, the rest told for each
study."""

from dataclasses import replace

import as_published
import pytest

from article.contents import CONTENTS
from review.checks import extraction, validate
from review.dataset import schema
from review.dataset.load import read_text
from review.report import studies

DATA = as_published.dataset()
ROW, STUDY = "nooka-2019-retreated-pfs", "nooka-2019"


@pytest.fixture(scope="module")
def whole():
    resources = schema.read_schema(DATA)
    return validate.dataset(CONTENTS, resources, read_text(DATA, resources), DATA)


def read_by(whole, **cells):
    """The dataset with these cells beside one value."""
    rows = whole.text["outcomes"].copy()
    rows.loc[rows["outcome_id"] == ROW, list(cells)] = list(cells.values())
    typed = schema.typed(whole.resources["outcomes"], rows)
    return replace(whole, text={**whole.text, "outcomes": rows},
                   tables={**whole.tables, "outcomes": typed})


def found(whole, **cells):
    """The rules of this subject that tell something of these cells, which keep the schema."""
    spoilt = read_by(whole, **cells)
    assert schema.breaches(whole.resources["outcomes"], spoilt.text["outcomes"]) == []
    return [problem.rule for rule in extraction.RULES for problem in rule(spoilt)]


def told(published, whole, **cells):
    """What is said of the study of this value."""
    new = read_by(whole, **cells).tables["outcomes"]
    ours = new["outcome_id"].isin(published.outcomes["outcome_id"])
    r = published.with_tables(outcomes=new[ours])
    return studies.section(r, r.studies.set_index("study_id", drop=False).loc[STUDY])


@pytest.mark.parametrize(("cells", "rule"), [
    ({"extracted_on": "2026-03-02"}, "day without a person"),
    ({"checked_on": "2026-03-02"}, "day without a person"),
    ({"extracted_by": "A", "extracted_on": "2026-03-02", "checked_by": "B",
      "checked_on": "2026-03-01"}, "checked before it was read"),
    ({"extracted_by": "A. Name", "checked_by": "a. name"}, "checked by the same person"),
])
def test_what_makes_no_sense(whole, cells, rule):
    assert rule in found(whole, **cells)


def test_two_people_are_fine_and_told(published, whole):
    cells = {"extracted_by": "A. Name", "extracted_on": "2026-03-02", "checked_by": "B. Name",
             "checked_on": "2026-03-05"}
    assert found(whole, **cells) == []
    assert ("one value extracted by A. Name on 2 March 2026, checked by B. Name on 5 March 2026"
            in told(published, whole, **cells))


@pytest.mark.nightly
def test_that_nobody_checked_is_told(published, whole):
    assert ("one value extracted by A. Name on 2 March 2026 (who checked is not recorded)"
            in told(published, whole, extracted_by="A. Name", extracted_on="2026-03-02"))


def test_what_is_not_recorded_is_told(published):
    for _, study in list(published.studies.iterrows())[:3]:
        assert "**Extraction:** who extracted and who checked " in studies.section(
            published, study)
