"""Rows in the place of others under another key, and what still names the old one.

A study that is corrected gets a key of its own, as every row does. Tables whose rows do not come
and go (overlaps, comparisons, footnotes) go on naming the first one: they speak of the same study.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from review.dataset.schema import ADDED


def heirs(tables: Mapping[str, pd.DataFrame], until: int) -> dict[str, dict[str, str]]:
    """By table, the key that stands now for each key in whose place another row stands. until: the
    place in the history of the edition asked about."""
    why = tables["supersessions"]
    place = tables["editions"].set_index("edition_id")["position"]
    told = why[why["successor"].notna() & (why["edition_id"].map(place) <= until).fillna(False)]
    found: dict[str, dict[str, str]] = {}
    for table, key, successor in zip(told["table"], told["key"], told["successor"], strict=True):
        found.setdefault(str(table), {})[str(key)] = str(successor)
    return {table: {key: _last(step, key) for key in step} for table, step in found.items()}


def heir(tables: Mapping[str, pd.DataFrame], until: int, table: str, key: str) -> str:
    """The key of the row that stands in the place of one; its own where none does."""
    return heirs(tables, until).get(table, {}).get(key, key)


def _last(step: Mapping[str, str], key: str) -> str:
    """The end of a row of successors; no key is used twice, so that it has one."""
    seen = {key}
    while (after := step.get(key)) is not None and after not in seen:
        seen.add(key := after)
    return key


def followed(tables: Mapping[str, pd.DataFrame], until: int) -> dict[str, pd.DataFrame]:
    """The tables, of which those whose rows do not come and go name the rows that stand now."""
    own = heirs(tables, until)
    if not own:
        return dict(tables)
    columns = {tables[name].columns[0]: step for name, step in own.items() if name in tables}
    made = dict(tables)
    for name, table in tables.items():
        if ADDED in table or name == "supersessions":
            continue
        for column in columns.keys() & set(table.columns):
            now = table[column].map(columns[column], na_action="ignore")
            made[name] = made[name].assign(**{column: now.astype(table[column].dtype).fillna(
                table[column])})
    return made
