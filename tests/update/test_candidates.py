"""The worked examples beside the dataset: sound enough to be tried, and in no edition."""

import as_published
import pandas as pd
import pytest

from review.dataset.problems import errors
from review.update import merge
from review.update.validate_folder import validate_folder

DATA = as_published.dataset()
CANDIDATES = sorted(path for path in (DATA / "candidates").iterdir() if path.is_dir())


def test_there_are_candidates():
    assert CANDIDATES


@pytest.mark.parametrize("folder", CANDIDATES, ids=lambda folder: folder.name)
def test_candidates_can_be_tried(folder):
    assert errors(validate_folder(folder, DATA)) == []
    tables = merge.dataset_with(folder, DATA)
    assert folder.name in set(tables["studies"]["study_id"])
    assert tables["editions"]["edition_id"].iloc[-1] == merge.CANDIDATE


@pytest.mark.parametrize("folder", CANDIDATES, ids=lambda folder: folder.name)
def test_candidates_are_marked_and_in_no_edition(folder):
    assert "not vetted, part of no edition" in (folder / "README.md").read_text("utf-8")
    assert folder.name not in set(pd.read_csv(DATA / "studies.csv")["study_id"])
