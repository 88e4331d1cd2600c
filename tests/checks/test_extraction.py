"""Who read a value and who checked it: what makes no sense is found, the rest told for each
study."""

import as_published
import pandas as pd
import pytest

from review.checks.validate import validate
from review.dataset.load import load
from review.report import studies

ROW = "nooka-2019-retreated-pfs"


@pytest.fixture
def read_by(tmp_path):
    """read_by(**cells): a dataset in which these cells are beside one value."""
    data = as_published.copied(tmp_path / "data", "published.sha256")

    def make(**cells):
        rows = pd.read_csv(data / "outcomes.csv", dtype="string", keep_default_na=False)
        rows.loc[rows["outcome_id"] == ROW, list(cells)] = list(cells.values())
        rows.to_csv(data / "outcomes.csv", index=False, lineterminator="\n")
        return data

    return make


@pytest.mark.parametrize(("cells", "rule"), [
    ({"extracted_on": "2026-03-02"}, "day without a person"),
    ({"checked_on": "2026-03-02"}, "day without a person"),
    ({"extracted_by": "A", "extracted_on": "2026-03-02", "checked_by": "B",
      "checked_on": "2026-03-01"}, "checked before it was read"),
    ({"extracted_by": "A. Name", "checked_by": "a. name"}, "checked by the same person"),
])
def test_what_makes_no_sense(read_by, cells, rule):
    found = [p.rule for p in validate(read_by(**cells)) if p.file == "outcomes.csv"]
    assert rule in found


def test_two_people_are_fine_and_told(read_by):
    data = read_by(extracted_by="A. Name", extracted_on="2026-03-02", checked_by="B. Name",
                   checked_on="2026-03-05")
    assert not [p for p in validate(data) if p.field in ("extracted_by", "checked_by",
                                                        "checked_on")]
    told = studies.sections(load("published", data))
    assert ("one value extracted by A. Name on 2 March 2026, checked by B. Name on 5 March 2026"
            in told)


def test_that_nobody_checked_is_told(read_by):
    told = studies.sections(load("published", read_by(extracted_by="A. Name",
                                                      extracted_on="2026-03-02")))
    assert "one value extracted by A. Name on 2 March 2026 (who checked is not recorded)" in told


def test_what_is_not_recorded_is_told(published):
    told = studies.sections(published)
    assert told.count("**Extraction:** who extracted and who checked ") == 24
