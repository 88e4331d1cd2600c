"""Rules for why rows count no more: each reason belongs to a row that a later edition took out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import Dataset, flag
from review.dataset.problems import Problem

T = "supersessions"


def told_of_rows(d: Dataset) -> Iterator[Problem]:
    """Every reason names a row, and the edition from which that row counts no more."""
    if T not in d.resources:
        return
    rows = d[T]
    gone: dict[str, str] = {}
    known: set[str] = set()
    for name in d.living:
        table = d.text[name]
        names = name + "/" + table[d.resources[name].primary_key[0]]
        known |= set(names.dropna())
        gone |= dict(zip(names, table["edition_superseded"].fillna(""), strict=True))
    names = rows["table"] + "/" + rows["key"]
    yield from flag(d, T, names.notna() & ~names.isin(known), "key", "reason of no row",
                    "{key} is no row of {table} that can be superseded", "correct table or key")
    then = names.map(pd.Series(gone, dtype="string"))
    differs = names.isin(known) & (then != rows["edition_id"].astype("string")).fillna(True)
    yield from flag(d, T, differs, "edition_id", "reason of another edition",
                    "{key} counts no more from {then_}, and {edition_id} is named",
                    "name the edition that stands in edition_superseded of the row",
                    then_=then.replace("", "no edition"))


RULES = (told_of_rows,)
