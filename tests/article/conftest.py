"""Copies of the published edition with one cell changed."""

import pytest


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
