"""What changed from one edition to the next: rows, quantities, conclusions.

An edition before this dataset (a predecessor) carries no rows: it is compared by its stated
counts alone, and what that leaves unknown is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from review.audit import conclusions, quantities
from review.contents import Contents, project_contents
from review.dataset.load import (
    CURRENT,
    Review,
    before,
    data_folder,
    find_edition,
    read_all,
    select,
)
from review.dataset.problems import DataError, Problem
from review.dataset.views import as_records
from review.update.moves import ADDED, MOVES, RETRACTED, living, moves
from review.wording import listed

NO_EVIDENCE = "no new evidence"
SAME = "new evidence, same conclusions"
CHANGED = "changed"
CORRECTION = "correction"
RETRACTION = "retraction"
UNKNOWN = "not known"

SEARCH_TO = "Search to"

QUANTITIES = ["quantity_id", "what", "old", "new", "why"]
CONCLUSIONS = ["conclusion_id", "about", "old_truth", "new_truth", "flipped", "old", "new", "why"]


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed between two editions.

    old, new: rows of editions.csv. by_counts: the older one carries no rows, so that `counts` is
    all there is and the frames are empty. counts: what, old and new, as text. moves: a row of the
    dataset a line (MOVES): added; corrected (another row stands in its place); updated (that of a
    newer report does); carried over (the same under another key); superseded (none stands there) or
    retracted; with the reason where one was given. quantities: counts and ranges that differ
    (QUANTITIES); the claims of the article and their verdicts belong to the published edition and
    are not compared. conclusions:
    headline sentences that differ (CONCLUSIONS); flipped where the truth does. why: the studies
    whose rows moved. change_class: as in editions.csv. nouns: the tables whose rows come and go,
    and what a row of each is, one and many.
    """

    old: pd.Series
    new: pd.Series
    by_counts: bool
    counts: pd.DataFrame
    moves: pd.DataFrame
    quantities: pd.DataFrame
    conclusions: pd.DataFrame
    change_class: str
    nouns: Mapping[str, tuple[str, str]]

    @property
    def flipped(self) -> pd.DataFrame:
        """Conclusions whose truth changed."""
        return self.conclusions[self.conclusions["flipped"].astype(bool)]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "old": self.old["edition_id"], "new": self.new["edition_id"],
            "class": self.change_class, "by_counts_only": self.by_counts,
            "counts": as_records(self.counts), "rows": as_records(self.moves),
            "quantities": as_records(self.quantities), "conclusions": as_records(self.conclusions),
        }

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)


def between(old: str, new: str, data: Path | str | None = None,
            contents: Contents | None = None) -> Changes:
    """What changed between two editions by name; "current" is the newest.

    Raises DataError for an edition that does not exist, and where both are the same one.
    """
    folder, contents = data_folder(data), contents or project_contents()
    tables = read_all(folder)
    editions = tables["editions"]
    before, after = _edition(editions, old), _edition(editions, new)
    if before["edition_id"] == after["edition_id"]:
        raise DataError([Problem("editions.csv", 0, "edition_id", new, "same edition",
                                 f"{old} and {new} are the same edition, {after['edition_id']}",
                                 "name two editions, such as published and current")])
    if "predecessor" in (before["type"], after["type"]):
        return by_counts(before, after, contents)
    return changes(select(tables, before["edition_id"], folder, contents),
                   select(tables, after["edition_id"], folder, contents))


def changes(old: Review, new: Review) -> Changes:
    """What changed between two editions of one dataset, or between an edition and a dry run.

    Within one dataset a row never changes in place (a correction supersedes it by another row),
    so rows are told apart by their keys.
    """
    tables, moved = living(new), moves(old, new)
    why = _movers(moved)
    differing = _quantities(old, new, why)
    concluded = _conclusions(old, new, why)
    counts = _counts(_totals(old), _totals(new), new.contents)
    return Changes(old.edition, new.edition, False, counts, moved, differing, concluded,
                   classify(moved, concluded, [one.name for one in tables if one.evidence]),
                   {one.name: one.noun for one in tables})


def by_counts(old: pd.Series, new: pd.Series, contents: Contents) -> Changes:
    """Two rows of editions.csv compared by what they state, where one carries no rows."""
    then, now = ({name: row[name] for name in counts_of(contents)} for row in (old, new))
    return Changes(old, new, True, _counts(then, now, contents), pd.DataFrame(columns=MOVES),
                   pd.DataFrame(columns=QUANTITIES), pd.DataFrame(columns=CONCLUSIONS), UNKNOWN, {})


def classify(moved: pd.DataFrame, concluded: pd.DataFrame, evidence: Iterable[str]) -> str:
    """The kind of an update. One that brings no new evidence and takes rows out because a study or
    report was retracted is a retraction, whatever follows from it. Else a changed conclusion
    outweighs new evidence, and that a correction.

    evidence: the tables whose new rows are new evidence.
    """
    fresh = ((moved["change"] == ADDED) & moved["table"].isin(list(evidence))).any()
    if (moved["change"] == RETRACTED).any() and not fresh:
        return RETRACTION
    if concluded["flipped"].any():
        return CHANGED
    if fresh:
        return SAME
    return CORRECTION if len(moved) else NO_EVIDENCE


@lru_cache(maxsize=8)
def since_previous(r: Review) -> Changes | None:
    """What changed from the edition before, or None for the first."""
    if r.previous is None:
        return None
    if r.previous["type"] == "predecessor":
        return by_counts(r.previous, r.edition, r.contents)
    old = before(r)
    return None if old is None else changes(old, r)


def history(r: Review) -> list[Changes]:
    """Each edition up to this one against the one before it, newest first."""
    steps, at = [], r
    while (step := since_previous(at)) is not None:
        steps.append(step)
        if (old := before(at)) is None:
            break
        at = old
    return steps


def _edition(editions: pd.DataFrame, name: str) -> pd.Series:
    named = editions[(editions["edition_id"] == name) & (name != CURRENT)]
    return find_edition(editions, name) if named.empty else named.iloc[0]


def counts_of(contents: Contents) -> dict[str, str]:
    """What an edition states of itself, by column of editions.csv, with its words."""
    settings = contents.vocabulary.settings
    return {"search_to": SEARCH_TO, "records": "Records from databases", "reports": "Reports",
            "studies": "Studies", **{code: one.title for code, one in settings.items()}}


def _counts(old: Mapping[str, Any], new: Mapping[str, Any], contents: Contents) -> pd.DataFrame:
    lines = [(what, _count(old[name]), _count(new[name]))
             for name, what in counts_of(contents).items()]
    return pd.DataFrame(lines, columns=["what", "old", "new"])


def _totals(r: Review) -> dict[str, Any]:
    setting = r.studies["setting"]
    return {"search_to": r.edition["search_to"], "records": r.edition["records"],
            "reports": len(r.reports), "studies": len(r.studies),
            **{code: int((setting == code).sum()) for code in r.contents.vocabulary.settings}}


def _count(value: Any) -> str:
    if pd.isna(value):
        return "not stated"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


# --- quantities and conclusions -----------------------------------------------------------------


def _movers(moved: pd.DataFrame) -> dict[str, str]:
    """Study of every row that came or went, by its key."""
    return {key: study for side in ("row_old", "row_new")
            for key, study in zip(moved[side], moved["study"], strict=True) if pd.notna(key)}


def _why(movers: dict[str, str], *rows: Iterable[str]) -> str:
    studies = dict.fromkeys(movers[key] for part in rows for key in part if key in movers)
    return listed(list(studies))


def _quantities(old: Review, new: Review, movers: dict[str, str]) -> pd.DataFrame:
    before = {one.quantity_id: one for one in quantities.evaluate(old)}
    lines = []
    for after in quantities.evaluate(new):
        was = before[after.quantity_id]
        if was.text != after.text:
            lines.append((after.quantity_id, after.what, was.text, after.text,
                          _why(movers, after.rows, was.rows)))
    return pd.DataFrame(lines, columns=QUANTITIES)


def _conclusions(old: Review, new: Review, movers: dict[str, str]) -> pd.DataFrame:
    lines = []
    for was, now in zip(conclusions.evaluate(old), conclusions.evaluate(new), strict=True):
        if (was.truth, was.sentence) != (now.truth, now.sentence):
            lines.append((now.conclusion_id, now.about, conclusions.TRUTH[was.truth],
                          conclusions.TRUTH[now.truth], was.truth is not now.truth, was.sentence,
                          now.sentence, _why(movers, now.rows, was.rows)))
    return pd.DataFrame(lines, columns=CONCLUSIONS)
