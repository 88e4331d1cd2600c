"""Row checks on medians over time: their intervals and the follow-up they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from review.audit.intervals import symmetric
from review.audit.row_checks import Find, row_check
from review.dataset import printed
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import known, results, traits
from review.wording import amount, plain


@row_check("interval-beyond-follow-up", "A limit of an interval beyond the longest follow-up")
def interval_beyond_follow_up(r: Review) -> Iterator[Find]:
    """The upper limit of a median's interval lies beyond the last day on which anybody was
    followed, on the same clock."""
    for row in _medians(r):
        cell = follow_up_of(r, row)
        if cell is None or cell["spread"] != "range" or pd.isna(cell["high"]):
            continue
        if pd.notna(row["ci_high"]) and row["ci_high"] > cell["high"]:
            yield Find(f"{_named(row)}: the interval ends at {plain(row['ci_high'])} and the "
                       f"follow-up of the longest-followed patient at {plain(cell['high'])} "
                       f"{row['unit']}", (row[ROW], cell[ROW]))


@row_check("median-beyond-follow-up", "A median beyond the median follow-up")
def median_beyond_follow_up(r: Review) -> Iterator[Find]:
    """The median lies beyond the median follow-up on the same clock: fewer than half of the
    patients were followed to it."""
    for row in _medians(r):
        cell = follow_up_of(r, row)
        if cell is not None and row["value"] > cell["value"]:
            yield Find(f"{_named(row)} after a median follow-up of "
                       f"{amount(cell['value'], cell['unit'])}", (row[ROW], cell[ROW]))


@row_check("interval-cut-at-zero", "An interval that reaches zero")
def interval_cut_at_zero(r: Review) -> Iterator[Find]:
    """The lower limit of a median is 0, as a normal interval cut at zero gives; the usual interval
    of a median ends at the time of an event."""
    for row in _medians(r):
        if pd.notna(row["ci_low"]) and row["ci_low"] == 0:
            text = f"{_named(row)}: the interval begins at 0"
            if pd.notna(row["ci_high"]):
                mirrored = round(2 * row["value"] - row["ci_high"], 2)
                text += (f"; as far below the median as its end is above, it would begin at "
                         f"{plain(mirrored)}")
            yield Find(text, (row[ROW],))


@row_check("interval-symmetric", "An interval with the median in its middle")
def interval_symmetric(r: Review) -> Iterator[Find]:
    """The median lies in the middle of its interval as exactly as print can say, the mark of a
    normal approximation, which the usual interval of a median is not."""
    for row in _medians(r):
        if pd.isna(row["ci_low"]) or pd.isna(row["ci_high"]):
            continue
        value, low, high = (float(row[name]) for name in ("value", "ci_low", "ci_high"))
        if symmetric(value, low, high):
            yield Find(f"{_named(row)}: {plain(round(value - low, 2))} below and "
                       f"{plain(round(high - value, 2))} above the median", (row[ROW],))


def follow_up_of(r: Review, row: dict[str, Any]) -> dict[str, Any] | None:
    """The follow-up cell that runs on the clock of a result: its group's, else the study's, for
    this outcome first. None where there is none with a median, where the result has another time
    zero, or where what is printed beside it is of another population."""
    beside = row["follow_up_printed"]
    if pd.notna(row["time_zero"]) or (pd.notna(beside) and not _number(str(beside))):
        return None
    cells = known(traits(r, "follow_up", lead=False))
    cells = cells[cells["study_id"] == row["study_id"]]
    cells = cells[cells["detail"].isna() | (cells["detail"] == row["outcome"])]
    own = cells[cells["arm_id"] == row["arm_id"]]
    cells = own if len(own) else cells[cells["arm_id"].isna() & (
        cells["read_in"].isna() | (cells["read_in"] == row["report_id"]))]
    if cells.empty:
        return None
    return dict(cells.sort_values("detail", na_position="last").iloc[0])


def _medians(r: Review) -> list[dict[str, Any]]:
    """Medians of survival with a value, whoever's; what was seen in another source included. A
    hazard ratio or a rate at a time is no median."""
    rows = known(results(r))
    survival = [code for code, one in r.contents.vocabulary.outcomes.items() if one.survival]
    rows = rows[rows["outcome"].isin(survival) & (rows["statistic"] == "median")]
    return [dict(row) for row in rows.to_dict("records")]


def _named(row: dict[str, Any]) -> str:
    shown = plain(row["value"]) if pd.isna(row["printed"]) else printed.plain(row["printed"])
    interval = f" ({printed.plain(row['ci_printed'])})" if pd.notna(row["ci_printed"]) else ""
    return f"{row['study']} (“{row['arm']}”), median {row['outcome'].upper()} {shown}{interval}"


def _number(text: str) -> bool:
    return printed.plain(text.strip()).replace(".", "", 1).isdigit()
