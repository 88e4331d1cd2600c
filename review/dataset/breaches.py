"""Where the tables of a dataset, taken together, break its schema."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pandas as pd

from review.dataset.problems import Problem
from review.dataset.schema import Resource, breaches, in_form, line

# rules about the columns of a table: while one is broken, its cells say nothing
HEADER = ("missing column", "unknown column")
# keys of one column that lead nowhere and are told the nearest one: each is looked for in all rows
HINTS = 20


def all_breaches(resources: Mapping[str, Resource],
                 text: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Where tables break the schema: in their columns alone if those are not as described."""
    problems = [p for name in resources for p in breaches(resources[name], text[name])]
    if not any(p.rule in HEADER for p in problems):
        problems += dangling(resources, text)
    return problems


def dangling(resources: Mapping[str, Resource],
             text: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Foreign keys that lead nowhere, with the nearest existing key.

    Two keys that are one in the right form are the same: the wrong form is told where it stands.
    """
    problems = []
    for resource in resources.values():
        table = text[resource.name]
        for field, other, key in resource.foreign_keys:
            if field not in table or key not in text[other]:
                continue
            if set(table[field].array) - {pd.NA} <= set(text[other][key].array):
                continue  # as almost always
            known = text[other][key].dropna()
            cells = table[field].dropna()
            astray = cells[~cells.isin(known)]
            asked, told = resource.field(field), resources[other].field(key)
            forms = {in_form(told, one) for one in known} - {None}
            astray = astray[[in_form(asked, one) not in forms for one in astray]]
            hints = {value: _nearest(value, known, resources[other].path)
                     for value in astray.drop_duplicates().head(HINTS)}
            for index, value in astray.items():
                problems.append(
                    Problem(resource.path, line(index), field, value, "unknown key",
                            f"{value!r} is not in {resources[other].path}",
                            hints.get(value, f"add it to {resources[other].path}"))
                )
    return problems


def _nearest(value: str, known: pd.Series, path: str) -> str:
    near = difflib.get_close_matches(value, known.tolist(), 1)
    return f"did you mean {near[0]}?" if near else f"add it to {path}"
