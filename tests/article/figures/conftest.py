"""The published edition, and its figures drawn once."""

import pytest

from article import figures
from review.dataset.load import load


@pytest.fixture(scope="session")
def r():
    return load("published")


@pytest.fixture(scope="session")
def built(r):
    made = {}

    def build(label):
        if label not in made:
            made[label] = figures.figure(label, r)
        return made[label]

    return build
