"""A copy of the dataset that a test may change."""

from pathlib import Path

import as_published
import pytest
from uncompared import CHANGED

from review.update import accept


@pytest.fixture
def data(tmp_path) -> Path:
    """The dataset in a folder of its own, with the bibliography beside it."""
    return as_published.copied(tmp_path / "project" / "data")


@pytest.fixture(scope="session")
def dataset() -> Path:
    """The dataset for tests that leave it as it is: it is read once for all of them."""
    return as_published.dataset()


@pytest.fixture
def quick(monkeypatch):
    """Nothing is compared when an edition is accepted."""
    monkeypatch.setattr(accept, "_compared", lambda *_: CHANGED)
