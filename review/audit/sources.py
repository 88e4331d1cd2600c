"""The sources behind a claim, figure or table: document and place in it.

Rows name a source and a locator; claims name rows ("outcomes/smith-2023-os").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from review.audit import displays, registry
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import as_records


@dataclass(frozen=True, order=True)
class Place:
    """A place in a document. source_id: key of sources. locator: section, table, row, panel."""

    source_id: str
    locator: str


@lru_cache(maxsize=8)
def article(r: Review) -> str:
    """The reviewed article's own source_id."""
    key: str = r.sources.loc[r.sources["type"] == "reviewed article", "source_id"].iloc[0]
    return key


def behind(r: Review, name: str) -> list[Place]:
    """Places behind a claim id or the label of a figure or table, in order of appearance.

    Raises UnknownLabel for a name that is neither.
    """
    if name in set(r.claims["claim_id"]):
        return of_rows(r, registry.entry(r, name).rows)
    return of_frame(displays.rows(name, r))


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
    return re.split(r"[:,](?=\s)", document(r, source_id)["description"])[0]


def citation(r: Review, source_id: str) -> str:
    """A document in one line of text: what it is, what was read, where."""
    source = document(r, source_id)
    ref = "" if pd.isna(source.get("ref")) else f" [ref {source['ref']}]"
    url = "" if pd.isna(source["url"]) else f". {source['url']}"
    return f"{source['description']}{ref}{url}"


def calculated(r: Review, source_id: str) -> bool:
    """Whether the source is arithmetic of the project itself: the reference beside it is that of a
    method, in which no value of a row can be found."""
    return str(document(r, source_id)["type"]) == "own arithmetic"


def citekey(r: Review, source_id: str) -> str:
    """The document's key in references.bib."""
    return str(document(r, source_id)["citekey"])


def grouped(places: Iterable[Place]) -> dict[str, list[str]]:
    """Locators by source, both in order of appearance."""
    by_source: dict[str, list[str]] = {}
    for place in places:
        by_source.setdefault(place.source_id, []).append(place.locator)
    return by_source


def document(r: Review, source_id: str) -> Mapping[str, Any]:
    """The document's row of sources; KeyError for a source_id that is not there."""
    return _documents(r)[source_id]


@lru_cache(maxsize=8)
def _documents(r: Review) -> dict[str, Mapping[str, Any]]:
    return {row["source_id"]: row for row in as_records(r.sources)}


@lru_cache(maxsize=8)
def _places(r: Review) -> dict[str, Place]:
    """Place of every row by its name; the reference list is the article's own."""
    places: dict[str, Place] = {}
    for table in r.tables.values():
        if {"source_id", "locator"} <= set(table):
            for row, source, where in table[[ROW, "source_id", "locator"]].itertuples(index=False):
                # of rows that tell more of another table's row, the place of that row counts
                places.setdefault(row, Place(source, where))
    own = article(r)
    return places | {row: Place(own, f"Reference list, entry {ref}")
                     for row, ref in zip(r.references[ROW], r.references["ref"], strict=True)}
