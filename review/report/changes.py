"""What changed between two editions, told on a terminal and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from review.markdown import escape, pipe_table
from review.update.changes import Changes
from review.update.moves import (
    ADDED,
    CARRIED,
    CORRECTED,
    RETRACTED,
    SUPERSEDED,
    UPDATED,
)
from review.wording import capital, counted, listed, unmarked

# lines of text or of a table on the page; JSON always holds every row
SHOWN = 40


def text(changes: Changes) -> str:
    """For a terminal: what moved, a line each; the longest lists are cut and counted."""
    parts = [f"{changes.old['name']} -> {changes.new['name']}: {changes.change_class}",
             *(f"  {row.what}: {row.old} -> {row.new}" for row in changes.counts.itertuples())]
    if changes.by_counts:
        parts.append(f"  rows: not comparable. {_note(changes.old)}")
        return "\n".join(parts)
    parts += ["", f"Rows: {summary(changes)}",
              *_cut(f"  {_move(row)}" for row in changes.moves.head(SHOWN + 1).itertuples()),
              *_more(changes.moves), *(f"  reason: {reason}" for reason in reasons(changes.moves))]
    parts += ["", f"Counts and ranges that differ: {len(changes.quantities)}",
              *quantity_lines(changes.quantities)]
    parts += ["", *conclusion_lines(changes.conclusions)]
    return "\n".join(parts)


def markdown(changes: Changes) -> str:
    """For the report: the parts of `text` as paragraphs and tables."""
    table = pipe_table(
        ["Count", escape(changes.old["name"]), escape(changes.new["name"])],
        [[row.what, escape(row.old), escape(row.new)] for row in changes.counts.itertuples()],
        widths=[30, 30, 30])
    if changes.by_counts:
        return (f"{escape(changes.old['name'])} carries no rows, so {escape(changes.new['name'])} "
                f"can be compared with it by stated counts alone.\n\n{table}\n\n"
                f"{_note(changes.old)} {_note(changes.new)}\n")
    parts = [f"Kind of update: **{changes.change_class}**. {capital(summary(changes))}.", table]
    if len(changes.moves):
        parts.append(moves_markdown(changes.moves))
    parts += [conclusions_markdown(changes.conclusions), quantities_markdown(changes.quantities)]
    return "\n\n".join(parts) + "\n"


def summary(changes: Changes) -> str:
    """What moved in one line: "one study and two outcome values added, one report superseded"."""
    moved = Counter(zip(changes.moves["table"], changes.moves["change"], strict=True))
    parts = []
    for change in (RETRACTED, ADDED, UPDATED, CORRECTED, SUPERSEDED, CARRIED):
        counts = [counted(moved[table, change], *noun) for table, noun in changes.nouns.items()
                  if moved[table, change]]
        if counts:
            parts.append(f"{listed(counts)} {change}")
    return ", ".join(parts) or "no row was added, corrected or superseded"


def quantity_lines(quantities: pd.DataFrame) -> list[str]:
    """Counts and ranges that differ, a line each, for a terminal."""
    return [f"  {row.what}: {row.old} -> {row.new}" + _rows_of(row.why)
            for row in quantities.itertuples()]


def conclusion_lines(conclusions: pd.DataFrame) -> list[str]:
    """How many conclusions turn and how many say other numbers alone, and each of them, for a
    terminal; those that turn come first."""
    turn = int(conclusions["flipped"].astype(bool).sum())
    lines = [f"Conclusions that turn: {turn}; with other numbers alone: {len(conclusions) - turn}"]
    for row in conclusions.sort_values("flipped", ascending=False, kind="stable").itertuples():
        truth = f"{row.old_truth} -> {row.new_truth}" if row.flipped else \
            f"{row.new_truth} as before, with other numbers"
        lines += [f"  {row.about}: {truth}{_rows_of(row.why)}",
                  f"    old: {unmarked(row.old)}", f"    new: {unmarked(row.new)}"]
    return lines


def moves_markdown(moved: pd.DataFrame) -> str:
    """Rows that came or went, as a table; the rest is counted."""
    lines = [[row.change, row.table, escape(row.study), escape(row.what), _cell(row.old),
              _cell(row.new)] for row in moved.head(SHOWN).itertuples()]
    told = [f"Reasons given: {escape('; '.join(reasons(moved)))}."] if reasons(moved) else []
    return "\n\n".join([pipe_table(["Change", "Table", "Study", "What", "Old", "New"], lines,
                                   widths=[11, 15, 18, 28, 18, 18]), *_more(moved), *told])


def reasons(moved: pd.DataFrame) -> list[str]:
    """Why rows count no more, each reason once, for rows that were not only carried over."""
    told = moved.loc[moved["change"] != CARRIED, "reason"].dropna()
    return [reason.rstrip(". ") for reason in dict.fromkeys(told)]


def conclusions_markdown(conclusions: pd.DataFrame) -> str:
    """Conclusions that differ, as a list: flipped ones with the old and the new sentence."""
    if conclusions.empty:
        return "Every headline sentence of this report is as it was."
    lines = []
    for row in conclusions.sort_values("flipped", ascending=False, kind="stable").itertuples():
        cause = _rows_of(escape(row.why))
        if row.flipped:
            lines += [f"- {escape(row.about)}: **{row.old_truth}, now {row.new_truth}**{cause}.",
                      f"    - Old: {row.old}", f"    - New: {row.new}"]
        else:
            lines.append(f"- {escape(row.about)}: {row.new_truth} as before, with other "
                         f"numbers{cause}.")
    return "\n".join(lines)


def quantities_markdown(quantities: pd.DataFrame) -> str:
    """Counts and ranges that differ, as a table."""
    if quantities.empty:
        return "Every count and range is as it was."
    lines = [[escape(row.what), escape(row.old), escape(row.new), escape(row.why) or "–"]
             for row in quantities.head(SHOWN).itertuples()]
    return "\n\n".join([
        "These counts and ranges differ (the statements of the article and their verdicts belong "
        "to the published edition and stay).",
        pipe_table(["What", "Old", "New", "Rows of"], lines, widths=[34, 25, 25, 16]),
        *_more(quantities)])


def _rows_of(why: str) -> str:
    """Whose rows came or went among those that something rests on. With several studies, which of
    them it needed is not said."""
    return f" (rows of {why})" if why else ""


def _move(row: Any) -> str:
    values = {ADDED: row.new, SUPERSEDED: f"{row.old} -> none", RETRACTED: f"{row.old} -> none",
              CARRIED: row.new}.get(row.change, f"{row.old} -> {row.new}")
    return f"{row.change} {row.table}: {row.study}: {row.what}: {values}"


def _cell(text: Any) -> str:
    return "–" if pd.isna(text) else escape(text)


def _cut(lines: Iterable[str]) -> list[str]:
    return list(lines)[:SHOWN]


def _more(rows: pd.DataFrame) -> list[str]:
    more = len(rows) - SHOWN
    return [f"And {more:,} more, which `review changes --format json` lists."] if more > 0 else []


def _note(edition: pd.Series) -> str:
    return "" if pd.isna(edition["note"]) else escape(edition["note"])

