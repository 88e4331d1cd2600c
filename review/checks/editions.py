"""Rules for editions: order, what supersedes what, and the rows that never change."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import WARNING, Dataset, flag
from review.dataset import freeze
from review.dataset.problems import Problem
from review.dataset.schema import ADDED, SUPERSEDED, line


def history(d: Dataset) -> Iterator[Problem]:
    """One published edition, updates after it, one of them current, dates in order."""
    rows = d["editions"]
    published = rows["type"] == "published"
    yield from flag(d, "editions", published & published.cumsum().gt(1), "type",
                    "several published editions", "{edition_id} is a second published edition",
                    "write update")
    place = rows.loc[published, "position"].min()
    yield from flag(d, "editions", (rows["type"] == "update") & (rows["position"] < place),
                    "position", "update before the published edition",
                    "{edition_id} is an update and stands before what it updates",
                    "give it a later position")
    now = rows["status"] == "current"
    yield from flag(d, "editions", now & (rows["position"] < rows.loc[now, "position"].max()),
                    "status", "several current editions",
                    "{edition_id} is called current and is not the newest",
                    "write superseded", WARNING)
    latest = rows.sort_values("position")["search_to"].cummax().reindex(rows.index)
    yield from flag(d, "editions", rows["search_to"] < latest, "search_to", "search goes back",
                    "searched to {search_to}, and an edition before it further", "correct the date")
    yield from flag(d, "editions", rows["search_to"] > rows["released_on"], "released_on",
                    "released before the search ended",
                    "searched to {search_to} and released on {released_on}", "correct the date")
    yield from flag(d, "editions", (rows["type"] == "update") & rows["change_class"].isna(),
                    "change_class", "change not classed", "{edition_id} does not say what changed",
                    "write what review changes finds", WARNING)


def rows_in_order(d: Dataset) -> Iterator[Problem]:
    """A row is superseded after it was added, carried by an edition that carries rows."""
    predecessors = d["editions"].loc[d["editions"]["type"] == "predecessor", "edition_id"]
    for name in d.living:
        rows = d[name]
        added = rows[ADDED].map(d.positions)
        gone = rows[SUPERSEDED].map(d.positions)
        yield from flag(d, name, gone <= added, SUPERSEDED, "superseded too early",
                        "added in {edition_added} and superseded in {edition_superseded}",
                        "name a later edition")
        yield from flag(d, name, rows[ADDED].isin(predecessors), ADDED,
                        "rows of a predecessor", "{edition_added} is a predecessor without rows",
                        "name the edition that added the row")


def parents_count(d: Dataset) -> Iterator[Problem]:
    """A row rests on rows that count as long as it does."""
    for name, field, parent in _parents(d):
        rows = d[name]
        added = rows[ADDED].map(d.positions)
        gone = rows[SUPERSEDED].map(d.positions)
        base = rows[field].map(d.lookup(parent, field, ADDED)).map(d.positions)
        until = rows[field].map(d.lookup(parent, field, SUPERSEDED)).map(d.positions)
        yield from flag(d, name, base > added, field, "older than what it rests on",
                        f"the row counts from {{edition_added}} and {{{field}}} only later",
                        "correct edition_added of one of them")
        outlives = until.notna() & (gone.isna() | (gone > until))
        yield from flag(d, name, outlives, field, "rests on a superseded row",
                        f"{{{field}}} no longer counts and this row still does",
                        "supersede it too, or let it rest on a row that counts")


def _parents(d: Dataset) -> Iterator[tuple[str, str, str]]:
    """Table, its key to another table, that table: of every two tables whose rows come and go."""
    for name in d.living:
        for field, parent, _ in d.resources[name].foreign_keys:
            if parent in d.living:
                yield name, field, parent


def successors(d: Dataset) -> Iterator[Problem]:
    """What supersedes a row is there, or the row says why nothing is."""
    for name in d.living:
        rows, identity = d[name], d.resources[name].successor
        gone = rows[SUPERSEDED].notna()
        if not gone.any():
            continue
        arrived = pd.MultiIndex.from_frame(rows[[*identity, ADDED]].astype("string"))
        wanted = pd.MultiIndex.from_frame(rows[[*identity, SUPERSEDED]].astype("string"))
        note = rows["note"].isna() if "note" in rows else pd.Series(True, index=rows.index)
        yield from flag(d, name, gone & note & ~pd.Series(wanted.isin(arrived), index=rows.index),
                        SUPERSEDED, "no successor",
                        "superseded in {edition_superseded}, which adds no row in its place",
                        "add the row that takes its place, or say in note why there is none",
                        WARNING)


def published_rows(d: Dataset) -> Iterator[Problem]:
    """The published edition is frozen: none of its rows is changed, added or removed."""
    if d.digests is None or d.published is None:
        return
    now = freeze.digests(d.resources, d.text, d.published)
    for name, table in now.items():
        resource, key = d.resources[name], d.resources[name].primary_key[0]
        text = d.text[name]
        for index, (label, digest) in table.items():
            kept = d.digests.get(label)
            if kept == digest:
                continue
            known = kept is not None
            yield Problem(
                resource.path, line(index), key if not known else "", str(text.at[index, key]),
                "frozen row", "the row belongs to the published edition and "
                + ("has been changed" if known else "was not there when it was frozen"),
                "restore it and put the new value into a row of a later edition that supersedes it;"
                " after correcting a misreading of the article itself, run "
                "python -m review.dataset.freeze"
                if known else "name a later edition in edition_added")
    present = {label for table in now.values() for label, _ in table}
    for label in d.digests:
        name, _, key = label.partition("/")
        if label not in present and name in d.resources:
            yield Problem(d.resources[name].path, 0, d.resources[name].primary_key[0], key,
                          "frozen row", f"{key} belongs to the published edition and is gone",
                          "restore the row; to take it out of later editions, name one in "
                          "edition_superseded")


RULES = (history, rows_in_order, parents_count, successors, published_rows)
