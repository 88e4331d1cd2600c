"""Rules for editions: order, what supersedes what, and the rows that never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from review.checks.rule import WARNING, Dataset, flag
from review.dataset import freeze
from review.dataset.paths import PUBLISHED, RESERVED
from review.dataset.problems import Problem
from review.dataset.schema import ADDED, SUPERSEDED, line

# the rule without which an edition has rows of nothing
OUTLIVES = "rests on a superseded row"


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
    if "conferences_to" in rows:
        yield from flag(d, "editions", rows["conferences_to"] > rows["released_on"],
                        "conferences_to", "released before the search ended",
                        "conferences are searched to {conferences_to} and the edition is released "
                        "on {released_on}", "correct the date")
    if "next_search_due" in rows:
        yield from flag(d, "editions", rows["next_search_due"] <= rows["search_to"],
                        "next_search_due", "due before it was searched",
                        "the next search is due on {next_search_due}, and this one runs to "
                        "{search_to}", "correct the date")
    yield from flag(d, "editions", (rows["type"] == "update") & rows["change_class"].isna(),
                    "change_class", "change not classed", "{edition_id} does not say what changed",
                    "write what review changes finds", WARNING)


def rows_in_order(d: Dataset) -> Iterator[Problem]:
    """A row is superseded after it was added, carried by an edition that carries rows."""
    predecessors = d["editions"].loc[d["editions"]["type"] == "predecessor", "edition_id"]
    for name in d.living:
        rows = d[name]
        added, gone = d.span(name)
        yield from flag(d, name, gone <= added, SUPERSEDED, "superseded too early",
                        "added in {edition_added} and superseded in {edition_superseded}",
                        "name a later edition")
        yield from flag(d, name, rows[ADDED].isin(predecessors), ADDED,
                        "rows of a predecessor", "{edition_added} is a predecessor without rows",
                        "name the edition that added the row")


def parents_count(d: Dataset) -> Iterator[Problem]:
    """A row rests on rows that count as long as it does."""
    for name, field, parent in _parents(d):
        added, gone = d.span(name)
        key = d[parent][field]
        first = key.notna() & ~key.duplicated()
        base, until = (d[name][field].map(pd.Series(place[first].array, key[first]))
                       for place in d.span(parent))
        yield from flag(d, name, base > added, field, "older than what it rests on",
                        f"the row counts from {{edition_added}} and {{{field}}} only later",
                        "correct edition_added of one of them")
        outlives = until.notna() & (gone.isna() | (gone > until))
        yield from flag(d, name, outlives, field, OUTLIVES,
                        f"{{{field}}} no longer counts and this row still does",
                        "supersede it too, or let it rest on a row that counts")


def _parents(d: Dataset) -> Iterator[tuple[str, str, str]]:
    """Table, its key to another table, that table: of every two tables whose rows come and go."""
    for name in d.living:
        for field, parent, _ in d.resources[name].foreign_keys:
            if parent in d.living:
                yield name, field, parent


def successors(d: Dataset) -> Iterator[Problem]:
    """What supersedes a row is there, or its note or the table of supersessions says why nothing
    is."""
    reasons = d["supersessions"]
    told = set(reasons["table"] + "/" + reasons["key"])
    for name in d.living:
        rows, identity = d[name], d.resources[name].successor
        gone = rows[SUPERSEDED].notna()
        if not gone.any():
            continue
        arrived = pd.MultiIndex.from_frame(rows[[*identity, ADDED]].astype("string"))
        wanted = pd.MultiIndex.from_frame(rows[[*identity, SUPERSEDED]].astype("string"))
        note = rows["note"].isna() if "note" in rows else pd.Series(True, index=rows.index)
        note &= ~(name + "/" + d.text[name][d.resources[name].primary_key[0]]).isin(told)
        yield from flag(d, name, gone & note & ~pd.Series(wanted.isin(arrived), index=rows.index),
                        SUPERSEDED, "no successor",
                        "superseded in {edition_superseded}, which adds no row in its place",
                        "add the row that takes its place, or say in note why there is none",
                        WARNING)


def released_rows(d: Dataset) -> Iterator[Problem]:
    """A released edition is frozen: none of its rows is changed, added or removed."""
    if not d.digests:
        return
    carrying = d["editions"].loc[d["editions"]["type"] != "predecessor", "edition_id"].dropna()
    for edition in dict.fromkeys([*carrying, *d.digests]):
        if edition not in set(carrying):
            yield Problem(f"{edition}{freeze.SUFFIX}", 0, "", "", "frozen edition",
                          f"the file is of an edition {edition} that is not in editions.csv",
                          "restore the edition, or remove the file")
        elif edition not in d.digests:
            yield from flag(d, "editions", d["editions"]["edition_id"] == edition, "edition_id",
                            "edition not frozen", f"there is no {edition}{freeze.SUFFIX}, so a "
                            "change of a released row would not be seen",
                            f"run python -m review.dataset.freeze {edition}", WARNING)
        else:
            yield from _thawed(d, edition, d.digests[edition])


def _thawed(d: Dataset, edition: str, kept: Mapping[str, str]) -> Iterator[Problem]:
    """Rows of an edition that are not as they were when it was frozen."""
    record = (f"after correcting a misreading, run python -m review.dataset.freeze {edition}")
    present = set()
    for name, table in freeze.digests(d.resources, d.text, edition).items():
        resource = d.resources[name]
        present |= {label for label, _ in table}
        for index, (label, digest) in table.items():
            key, mark = _key(label)
            if kept.get(label) == digest:
                continue
            if label in kept and not mark:
                field, told, remedy = "", "has been changed", (
                    "restore it and put the new value into a row of a later edition that "
                    f"supersedes it; {record}")
            elif label in kept:
                continue  # its own edition tells of the change
            elif mark:
                field, told, remedy = "edition_superseded", (
                    "was not superseded when it was frozen"), "name a later edition"
            else:
                field, told, remedy = resource.primary_key[0], (
                    "was not there when it was frozen"), (
                    f"name a later edition; if {edition} is not published yet, run "
                    f"python -m review.dataset.freeze {edition}")
            yield Problem(resource.path, line(index), field, key, "frozen row",
                          f"{key} belongs to the edition {edition} and {told}", remedy)
    for label in kept:
        name, (key, mark) = label.partition("/")[0], _key(label)
        if label not in present and name in d.resources:
            message, remedy = (
                (f"the edition {edition} superseded {key}, and the row counts again",
                 f"write {edition} into its edition_superseded") if mark else
                (f"{key} belongs to the edition {edition} and is gone",
                 "restore the row; to take it out of later editions, name one in "
                 "edition_superseded"))
            resource = d.resources[name]
            rows = d.text[name]
            found = rows.index[(rows[resource.primary_key[0]] == key).fillna(False)]
            yield Problem(resource.path, line(found[0]) if len(found) else 0,
                          resource.primary_key[0], key, "frozen row", message, remedy)


def _key(label: str) -> tuple[str, bool]:
    """Key of a row, and whether it is named as superseded, from its label in a file of digests."""
    key = label.partition("/")[2]
    return key.removesuffix(" superseded"), key.endswith(" superseded")


def keys(d: Dataset) -> Iterator[Problem]:
    """An edition has a name of its own: not one that stands for another in commands."""
    rows = d["editions"]
    reserved = rows["edition_id"].isin(RESERVED)
    yield from flag(d, "editions", reserved, "edition_id", "reserved key",
                    "{edition_id} is a word with a meaning of its own in commands",
                    "give the edition a key such as 2026-1")
    named = rows["edition_id"] == PUBLISHED
    yield from flag(d, "editions", named != (rows["type"] == "published"), "edition_id",
                    "reserved key", f"{PUBLISHED} is the key of the published edition, which has "
                    "no other, and {edition_id} is of type {type}",
                    "correct edition_id or type")


RULES = (history, keys, rows_in_order, parents_count, successors, released_rows)
