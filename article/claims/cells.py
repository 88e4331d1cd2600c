"""Rows of Tables 1 and 2 rebuilt from typed numbers, and checked with the rest of the article.

A row answers in the order of the register's tokens: all follow-up cells, then all prior-lines
cells, then all refractory cells; inside a column by printed line; inside a cell the value and
then its bracket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from review.audit import compare
from review.audit.answers import Answer, NoValue, Several, record_keys
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import Record, as_records, result_records
from review.wording import plain

COLUMNS = ("follow_up", "prior_lines", "refractory")
MISSING = "NR"
BRACKETS = {"iqr": ", IQR", "95% CI": ", 95% CI"}


@dataclass(frozen=True)
class Cell(Answer):
    """A table cell: its numbers and words as tokens, its text as the table would print it."""

    values: tuple[Any, ...]
    words: str

    @property
    def atoms(self) -> tuple[Any, ...]:
        """Numbers and words of the cell, in printed order."""
        return self.values

    @property
    def text(self) -> str:
        """The cell as the table would print it."""
        return self.words


def cell(row: Mapping[str, Any]) -> Cell:
    """One row of characteristics as a cell, from its typed numbers alone.

    A bound stands as ">3" or "≤53", what is not reported as NR, also inside the bracket. The
    printed string only lends its decimals, where it holds the same numbers.
    """
    typed = [float(row[name]) for name in ("value", "low", "high") if pd.notna(row[name])]
    shown = _with_printed_decimals(typed, row["printed"])
    values: list[float | str]
    if pd.notna(row["bound_high"]):
        values, words = [f"≤{plain(row['bound_high'])}"], f"≤{plain(row['bound_high'])}"
    elif pd.notna(row["bound_low"]):
        values, words = [f">{plain(row['bound_low'])}"], f">{plain(row['bound_low'])}"
    elif not typed:
        values, words = [MISSING], MISSING
    else:
        values, words = [*typed], shown[0]
    if len(typed) == 3:
        words += f" ({shown[1]}–{shown[2]}{BRACKETS.get(row['spread'], '')})"
    elif pd.notna(row["spread"]):
        values, words = [*values, MISSING], f"{words} ({MISSING})"
    elif row["unit"] == "percent" and typed:
        words += f"% {_kind(row['detail'])} ref"
    return Cell(tuple(values), words, rows=(str(row[ROW]),))


def row(r: Review, study_id: str, **in_text: str) -> Several:
    """The row of a study in Table 1 or 2, checked with every other print of its cells.

    Follow-up is compared with the one the text gives beside a result, a refractory share with
    the label of the study's row in Figure 2, and with `told`: the text's tokens by detail (dara,
    penta, ...). A cell that another place contradicts answers with words that name both, which
    agree with no token. Raises NoValue without a row.
    """
    printed, own = ([line for line in lines if line["study_id"] == study_id]
                    for lines in (_printed(r), _beside_results(r)))
    if not printed:
        raise NoValue(f"no table row for {study_id}")
    parts, notes = [], []
    for line in printed:
        part = cell(line)
        for place, token in _elsewhere(line, printed, own, in_text):
            notes.append(f"{part.text}: the {place} has {token}")
            if token != MISSING and not compare.agrees(part.values[0], token):
                words = f"{part.text} here, {token} in the {place}"
                part = replace(part, values=(words, *part.values[1:]), words=words)
        parts.append(part)
    because = "; ".join(dict.fromkeys(notes)) or "no other part of the article gives these cells"
    return Several(tuple(parts), rows=record_keys(printed), because=because)


@lru_cache(maxsize=8)
def _printed(r: Review) -> list[Record]:
    """Cells of both tables in printed order: by column, then by the place of the report."""
    place = {row["report_id"]: row["table_position"] for row in as_records(r.reports)}
    rows = [row for row in as_records(r.characteristics)
            if row["table"] is not None and row["characteristic"] in COLUMNS]
    return sorted(rows, key=lambda row: (COLUMNS.index(row["characteristic"]),
                                         place.get(row["report_id"]) is None,
                                         place.get(row["report_id"]) or 0))


def _beside_results(r: Review) -> list[Record]:
    """Results of the review, of which the article prints follow-up and refractoriness too."""
    return [row for row in result_records(r) if row["use"] == "synthesis"]


def _elsewhere(line: Record, cells: Sequence[Record], rows: Sequence[Record],
               in_text: dict[str, str]) -> list[tuple[str, str]]:
    """Other prints of a cell's number, from the study's cells and outcomes: (place, token).

    A follow-up that names an outcome is compared with that outcome alone. What the text says is
    not reported beside one result may be reported for the study: listed, never a contradiction.
    """
    if line["characteristic"] == "follow_up" and line["arm_id"] is None:
        named = {row["detail"] for row in cells if row["characteristic"] == "follow_up"}
        its = [row for row in rows if (row["outcome"] not in named if line["detail"] is None
                                       else row["outcome"] == line["detail"])]
        # the table's cell is of the overall population too
        return [("text", row["follow_up_printed"].removesuffix(", overall study population"))
                for row in its if row["follow_up_printed"] is not None]
    if line["characteristic"] == "refractory":
        labels = dict.fromkeys(row["refractory_printed"] for row in rows
                               if row["figure"] in ("fig-rwe-os", "fig-rwe-orr"))
        kind = MISSING if line["detail"] is None else line["detail"]
        drawn = [("figure", share) for label in labels if label is not None
                 for share, name in shares(label) if name == kind]
        return drawn + [("text", token) for name, token in in_text.items() if name == kind]
    return []


def shares(label: str) -> list[tuple[str, str]]:
    """(share, kind) pairs of a figure's label: "97% Dara ref, 55% penta ref" gives two; what is
    not reported gives one of NR."""
    if label == MISSING:
        return [(MISSING, MISSING)]
    return [(share, "dara" if kind == "Dara" else kind)
            for share, kind in re.findall(r"(\d+)% ([\w-]+) ref", label)]


def _kind(detail: str) -> str:
    return detail.replace("dara", "Dara").replace("pom", "Pom")


def _with_printed_decimals(typed: list[float], printed: str) -> list[str]:
    shown = re.findall(r"\d+(?:\.\d+)?", printed)[: len(typed)]
    same = [float(number) for number in shown] == typed
    return shown if same else [plain(number) for number in typed]
