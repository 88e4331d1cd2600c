"""The sources behind a claim, figure or table: document and place in it.

Rows name a source and a locator; claims name rows ("outcomes/kikuchi-2023-os").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from . import claims
from .answers import KEYS
from .data import Review


@dataclass(frozen=True, order=True)
class Place:
    """A place in a document. source_id: key of sources. locator: section, table, row, panel."""

    source_id: str
    locator: str


def article(r: Review) -> str:
    """The reviewed article's own source_id."""
    return r.sources.loc[r.sources["type"] == "reviewed article", "source_id"].iloc[0]


def behind(r: Review, name: str) -> list[Place]:
    """Places behind a claim id or the label of a figure or table, in order of appearance.

    Raises LookupError for a name that is neither.
    """
    if name in set(r.claims["claim_id"]):
        return of_rows(r, claims.entry(r, name).rows)
    if name.startswith(("fig-", "tbl-")):
        return of_frame(_rows_behind(r, name))
    raise LookupError(f"{name!r} is no claim id and no label of a figure or table")


def of_rows(r: Review, row_keys: Iterable[str]) -> list[Place]:
    """Places of rows given by key; rows that carry no source (a register row) are left out."""
    known = _places(r)
    return list(dict.fromkeys(known[key] for key in row_keys if key in known))


def of_frame(rows: pd.DataFrame) -> list[Place]:
    """Places of a frame with the columns source_id and locator."""
    if not {"source_id", "locator"} <= set(rows):
        return []
    pairs = rows[["source_id", "locator"]].dropna().drop_duplicates()
    return [Place(*pair) for pair in pairs.itertuples(index=False)]


def name(r: Review, source_id: str) -> str:
    """A document in few words: the start of its description, "Blood Adv 2021;5:5128"."""
    return re.split(r"[:,](?=\s)", _source(r, source_id)["description"])[0]


def citation(r: Review, source_id: str) -> str:
    """A document in one line of text: what it is, what was read, where."""
    source = _source(r, source_id)
    ref = "" if pd.isna(source["ref"]) else f" [ref {source['ref']}]"
    url = "" if pd.isna(source["url"]) else f". {source['url']}"
    return f"{source['description']}{ref}{url}"


def citekey(r: Review, source_id: str) -> str:
    """The document's key in references.bib."""
    return _source(r, source_id)["citekey"]


def grouped(places: Iterable[Place]) -> dict[str, list[str]]:
    """Locators by source, both in order of appearance."""
    found: dict[str, list[str]] = {}
    for place in places:
        found.setdefault(place.source_id, []).append(place.locator)
    return found


def _source(r: Review, source_id: str) -> pd.Series:
    return _documents(r).loc[source_id]


@lru_cache(maxsize=8)
def _documents(r: Review) -> pd.DataFrame:
    return r.sources.set_index("source_id")


@lru_cache(maxsize=8)
def _places(r: Review) -> dict[str, Place]:
    """Place of every row by key."""
    found = {}
    for column, table in KEYS.items():
        frame: pd.DataFrame = getattr(r, table)
        if "source_id" in frame:
            places = (Place(*pair) for pair in
                      frame[["source_id", "locator"]].itertuples(index=False))
            found |= zip((f"{table}/{key}" for key in frame[column]), places, strict=True)
        else:
            # the reference list has no source column: it is the article's own
            found |= {f"{table}/{key}": Place(article(r), f"Reference list, entry {key}")
                      for key in frame[column]}
    return found


def _rows_behind(r: Review, label: str) -> pd.DataFrame:
    from .figures import FIGURES, rows
    from .tables import TABLES, table

    if label in FIGURES:
        return rows(label, r)
    if label in TABLES:
        return table(label, r).rows
    known = ", ".join(sorted([*FIGURES, *TABLES]))
    raise LookupError(f"there is no figure or table {label!r}; there are {known}")
