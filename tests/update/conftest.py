"""A copy of the dataset that a test may change."""

from pathlib import Path

import as_published
import pytest


@pytest.fixture
def data(tmp_path) -> Path:
    """The dataset in a folder of its own, with the bibliography beside it."""
    return as_published.copied(tmp_path / "project" / "data")
