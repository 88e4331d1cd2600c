"""The published edition, and its figures drawn once."""

import pytest

from review.audit import displays
from review.dataset.load import load


@pytest.fixture(scope="session")
def r():
    return load("published")


@pytest.fixture(scope="session")
def built(r):
    return lambda label: displays.build(label, r)
