"""Every value has a source and a place in it; every source is in the bibliography and used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

import pandas as pd

from review.checks.rule import WARNING, Dataset, blank, flag
from review.dataset.problems import Problem

# a place nobody can look up
EMPTY_WORDS = re.compile(
    r"^(?:[-–?.]+|n/?a|none|unknown|tbd|todo|see (?:text|source|above|paper|article))$", re.I)


def places(d: Dataset) -> Iterator[Problem]:
    """A locator leads a reader to the place."""
    for name, resource in d.resources.items():
        if "locator" not in resource.names:
            continue
        cells = d[name]["locator"]
        vague = pd.Series([isinstance(cell, str) and EMPTY_WORDS.search(cell.strip()) is not None
                           for cell in cells], cells.index, dtype=bool)
        yield from flag(d, name, (blank(cells) & cells.notna()) | vague, "locator",
                        "locator missing", "{locator!r} leads to no place in the source",
                        "write section, table and row, figure panel or part of the abstract")


def bibliography(d: Dataset) -> Iterator[Problem]:
    """Every citekey is in references.bib."""
    if d.citekeys is None:
        return
    for name, resource in d.resources.items():
        if "citekey" not in resource.names:
            continue
        cells = d[name]["citekey"]
        lost = cells.notna() & ~cells.isin(d.citekeys)
        near = cells[lost].map(
            lambda key: next(iter(get_close_matches(key, d.citekeys or [], 1, 0.7)), ""))
        yield from flag(d, name, lost, "citekey",
                        "not in the bibliography", "{citekey} is not in references.bib",
                        "add the entry, or correct the key{hint}",
                        hint=near.map(lambda key: f"; is it {key}?" if key else ""))


def used(d: Dataset) -> Iterator[Problem]:
    """A source that no row names."""
    named: set[str] = set()
    for name, resource in d.resources.items():
        if name != "sources" and "source_id" in resource.names:
            named |= set(d[name]["source_id"].dropna())
    yield from flag(d, "sources", ~d["sources"]["source_id"].isin(named), "source_id",
                    "source not used", "no row names {source_id}",
                    "remove it, or name it where it was read", WARNING)


RULES = (places, bibliography, used)
