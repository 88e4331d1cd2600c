"""A copy of the dataset that a test may change."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path) -> Path:
    """The dataset in a folder of its own, with the bibliography beside it."""
    shutil.copytree(ROOT / "data", tmp_path / "project" / "data",
                    ignore=shutil.ignore_patterns(".checked", "rows"))
    shutil.copy(ROOT / "references.bib", tmp_path / "project")
    return tmp_path / "project" / "data"
