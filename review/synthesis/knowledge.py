"""What is known of a rate in one group: events and patients, limits, or less.

Five classes, from what a row says alone:

A  events and patients reported;
B  the one whole count that fits, or a size that is inferred;
C  a rate, without one count or without a size;
D  a size, and of the rate only limits;
E  neither a size nor a rate that is assigned to the group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import pandas as pd

from review.audit.intervals import NoProportion, possible_counts
from review.dataset.states import NOT_ESTIMABLE, NOT_REPORTED, VALUE, other_denominator

MEANING = {
    "A": "events and patients reported",
    "B": "the one count that fits, or an inferred size",
    "C": "a rate without one count or without a size",
    "D": "a size, and only limits of the rate",
    "E": "neither size nor rate",
}
COUNTED = ("A", "B")


@dataclass(frozen=True)
class Knowledge:
    """Class of a group, its events and patients where both are known, and the counts that its row
    allows (least to most, both the events where these are known); None for what is not known."""

    letter: str
    events: int | None
    total: int | None
    least: int | None
    most: int | None

    @property
    def counted(self) -> bool:
        """Whether events and patients are both known."""
        return self.letter in COUNTED


def knowledge(row: Mapping[str, Any]) -> Knowledge | None:
    """What a row of results says of a rate; None where the rate is not reported or could not be
    estimated.

    row: of `views.results`. A group's size is that of the result itself: a size given for another
    result of the group is not its denominator. Limits that no whole count meets prove nothing and
    leave every count possible. A percentage of another denominator than its count has neither.
    """
    said = row["state"]
    if said == NOT_REPORTED:
        return None
    total = _whole(row["n_total"])
    if said == NOT_ESTIMABLE:
        return None  # whatever it is, it is no count of these patients
    if said != VALUE:
        if total is None:
            return Knowledge("E", None, None, None, None)
        least, most = whole_counts(row["bound_low"], row["bound_high"], total)
        if least == most:
            return Knowledge("B", least, total, least, most)
        return Knowledge("D", None, total, least, most)
    if other_denominator(row):
        return Knowledge("C", None, total, None, None)
    events = _whole(row["n"])
    if total is not None and events is None:
        fitting = _fitting(row, total)
        events = fitting[0] if len(fitting) == 1 else None
        if events is None and fitting:
            return Knowledge("C", None, total, fitting[0], fitting[-1])
    if total is None or events is None or not 0 <= events <= total:
        return Knowledge("C", None, total, None, None)
    reported = all(pd.notna(row[kind]) and row[kind] == "reported"
                   for kind in ("n_kind", "n_total_kind"))
    return Knowledge("A" if reported else "B", events, total, events, events)


def whole_counts(low: Any, high: Any, total: int) -> tuple[int, int]:
    """Least and most events of `total` patients between two rates in percent, either of which may
    be missing.

    A limit is a rounded number: every rate that rounds to it lies inside.
    """
    least = 0 if pd.isna(low) else _edge(float(low), total, -1)
    most = total if pd.isna(high) else _edge(float(high), total, 1)
    least, most = max(least, 0), min(most, total)
    return (least, most) if least <= most else (0, total)


def _edge(limit: float, total: int, side: int) -> int:
    text = f"{limit:g}"
    half = Decimal(1).scaleb(-len(text.partition(".")[2])) / 2
    edge = (Decimal(text) + side * half) * total / 100
    return int(edge.to_integral_value(ROUND_CEILING if side < 0 else ROUND_FLOOR))


def _fitting(row: Mapping[str, Any], total: int) -> tuple[int, ...]:
    printed = row["printed"]
    text = str(printed) if pd.notna(printed) else f"{row['value']:g}"
    if total < 1:
        return ()
    try:
        return possible_counts(text.removesuffix("%"), total)
    except NoProportion:
        return possible_counts(f"{row['value']:g}", total)


def _whole(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)
