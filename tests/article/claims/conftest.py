"""The published edition, and copies of it with one cell changed."""

from dataclasses import replace

import pytest

from review.dataset.load import PUBLISHED, load


@pytest.fixture(scope="session")
def published():
    return load(PUBLISHED)


@pytest.fixture(scope="session")
def changed(published):
    """The published edition with one cell changed: changed("outcomes", row key, column, value)."""

    def change(table, key, column, value):
        frame = getattr(published, table).copy()
        hit = frame[frame.columns[0]] == key
        assert hit.sum() == 1, f"{table}/{key} is {hit.sum()} rows"
        frame.loc[hit, column] = value
        return published.with_tables(**{table: frame})

    return change
