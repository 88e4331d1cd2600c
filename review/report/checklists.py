"""Reporting checklists and appraisal items as Markdown tables, each item linked to its place."""

from __future__ import annotations

import pandas as pd

from review.dataset.load import Review
from review.dataset.problems import ReviewError
from review.markdown import escape, pipe_table
from review.wording import counted, listed, word


class UnknownList(ReviewError):
    """A chapter asks for a list that the dataset does not have."""


def checklist(r: Review, name: str) -> str:
    """The items of a checklist: number, what is asked, whether and where this report meets it.

    UnknownList for a list without an item.
    """
    rows = _of(r.checklists, "checklist", name)
    lines = [[escape(row.number), f"*{escape(row.topic)}.* {escape(row.asks)}", _place(row)]
             for row in rows.itertuples()]
    table = pipe_table(["Item", "What it asks for", "In this report"], lines, [6, 52, 42])
    found = counts(r, name)
    told = listed([f"{word(n)} {'is' if n == 1 else 'are'} {WORDS[state]}"
                   for state, n in found.items() if n])
    return f"Of {counted(len(rows), 'item', 'items')}, {told}.\n\n{table}"


WORDS = {"met": "met", "partly": "met in part", "not met": "not met"}


def _place(row: pd.Series) -> str:
    reason = "" if pd.isna(row.reason) else f": {escape(row.reason)}"
    return f"[{row.status}]({row.chapter}#{row.anchor}){reason}"


def counts(r: Review, name: str) -> dict[str, int]:
    """How many items of a checklist are met, partly met and not met."""
    states = _of(r.checklists, "checklist", name)["status"].value_counts()
    return {state: int(states.get(state, 0)) for state in ("met", "partly", "not met")}


def appraisal(r: Review, tool: str) -> str:
    """The items of an appraisal tool with what the documents show; the judgement is left open."""
    rows = _of(r.appraisals, "tool", tool)
    lines = [[escape(row.number), f"*{escape(row.domain)}.* {escape(row.asks)}",
              f"*{escape(row.seen)}*: {escape(row.evidence)} ({escape(row.locator)})", "open"]
             for row in rows.itertuples()]
    return pipe_table(["Item", "What it asks", "What the documents show", "Judgement"], lines,
                      [6, 32, 52, 10])


def _of(rows: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    found = rows[rows[column].astype("string") == name]
    if found.empty:
        known = ", ".join(dict.fromkeys(rows[column].astype("string")))
        raise UnknownList(f"there is no list {name!r}; there are {known or 'none'}")
    return found
