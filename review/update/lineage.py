"""Which rows rest on which, and the same rows under new keys.

A row of a released edition never changes. To correct it, another row takes its place, and every row
that rests on it (the outcomes of a group, the groups of a study) has to name the new key, so that
it needs a row in its place too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from review.dataset.schema import SUPERSEDED, Resource
from review.update.spreadsheet import LATER

VERSION = re.compile(r"-v(\d+)$")

# rows by table, each by the table's primary key
Tables = Mapping[str, pd.DataFrame]


def counting(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that count in the newest edition."""
    return table[table[SUPERSEDED].isna()]


def instead(text: Tables, table: str, key: str) -> str:
    """What to do where a row no longer counts: name what took its place, or take its study in
    again under another key, as none is used twice."""
    rows, why = text[table], text.get("supersessions", pd.DataFrame(columns=["table", "key"]))
    told = why[((why["table"] == table) & (why["key"] == key)).fillna(False)]
    if told.empty:
        return "name the row that took its place"
    if pd.notna(heir := told["successor"].iloc[0]):
        return f"{heir} took its place"
    if table != "studies":
        return "nothing took its place"
    setting = rows.loc[rows["study_id"] == key, "setting"].iloc[0]
    fresh = next_key(key, set(rows["study_id"].dropna()))
    return f"to take the study in again: review new-study {fresh} --setting {setting}"


def resting(resources: Mapping[str, Resource], text: Tables, table: str,
            keys: Sequence[str]) -> dict[str, list[str]]:
    """Keys of the rows named and of all that rest on them, by table in the schema's order.

    table, keys: rows of a table whose rows come and go. Only rows that still count are followed.
    """
    found = {table: list(keys)}
    waiting = [table]
    while waiting:
        parent = waiting.pop()
        for name, resource in resources.items():
            if not resource.living:
                continue
            rows = counting(text[name])
            for field, other, _ in resource.foreign_keys:
                if other != parent:
                    continue
                more = rows.loc[rows[field].isin(found[parent]), resource.primary_key[0]]
                more = [key for key in more.tolist() if key not in found.get(name, [])]
                if more:
                    found.setdefault(name, []).extend(more)
                    waiting.append(name)
    return {name: found[name] for name in resources if name in found}


def copies(resources: Mapping[str, Resource], text: Tables,
           keys: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[dict[str, str]]],
                                                       dict[str, dict[str, str]]]:
    """The rows named by table and key, under new keys that name each other, and the new keys.

    Every cell stays but keys and the columns that are filled in at acceptance, which are empty.
    """
    renamed: dict[str, dict[str, str]] = {}
    for name in resources:
        own = {field for field, _, _ in resources[name].foreign_keys}
        if name in keys and resources[name].primary_key[0] not in own:
            taken = set(text[name][resources[name].primary_key[0]].dropna())
            renamed[name] = {key: next_key(key, taken) for key in keys[name]}
    for name in keys:
        # a table whose key is that of another table follows it
        for field, other, _ in resources[name].foreign_keys:
            if field == resources[name].primary_key[0] and name not in renamed:
                renamed[name] = {key: renamed[other][key] for key in keys[name]}
    rows: dict[str, list[dict[str, str]]] = {}
    for name, chosen in keys.items():
        resource = resources[name]
        table = counting(text[name])
        table = table[table[resource.primary_key[0]].isin(chosen)]
        rows[name] = []
        for cells in table.fillna("").to_dict("records"):
            row = {str(field): str(cell) for field, cell in cells.items() if field not in LATER}
            key = resource.primary_key[0]
            row[key] = renamed[name][row[key]]
            for field, other, _ in resource.foreign_keys:
                if field != key:
                    row[field] = renamed.get(other, {}).get(row.get(field, ""), row.get(field, ""))
            rows[name].append(row)
    return rows, renamed


def next_key(key: str, taken: set[str]) -> str:
    """The key of the next version of a row: x, x-v2, x-v3."""
    version = VERSION.search(key)
    root = VERSION.sub("", key)
    number = int(version[1]) + 1 if version else 2
    while f"{root}-v{number}" in taken:
        number += 1
    return f"{root}-v{number}"
