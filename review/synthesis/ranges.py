"""Ranges of an outcome with what stands behind them: who sets each end, and how many patients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from review.audit.outcomes import OutcomeRows
from review.dataset.states import NOT_REACHED, NOT_REPORTED, VALUE
from review.dataset.views import Record
from review.wording import amount


@dataclass(frozen=True)
class End:
    """One end of a range: its value as text with the unit, the studies that have it, and whether
    every one of them is known from an abstract alone."""

    value: float
    text: str
    owners: tuple[str, ...]
    abstract_only: bool


@dataclass(frozen=True)
class Range:
    """What is known of one outcome in one setting.

    groups: that report it; values: of them with a value; unreached: without a median. patients: of
    the groups with a value; sized: how many of these state their size. low, high: None where no
    value is known.
    """

    outcome: str
    setting: str
    studies: int
    groups: int
    values: int
    unreached: int
    patients: int
    sized: int
    low: End | None
    high: End | None

    @property
    def most_known(self) -> bool:
        """Whether at least half of the groups that report it have a value, as a middle needs."""
        return self.groups > 0 and 2 * self.values >= self.groups


def known_range(outcome: OutcomeRows) -> Range:
    """The range of an outcome; a group whose size is not stated adds no patient."""
    return range_of(outcome.records, outcome.outcome, outcome.setting)


def range_of(rows: Sequence[Record], outcome: str, setting: str) -> Range:
    """The same of groups as records."""
    reported = [row for row in rows if row["state"] != NOT_REPORTED]
    values = [row for row in rows if row["state"] == VALUE]
    sizes = [int(row["n_total"]) for row in values if row["n_total"] is not None]
    return Range(
        outcome, setting, len({row["study_id"] for row in reported}),
        len(reported), len(values), sum(row["state"] == NOT_REACHED for row in rows), sum(sizes),
        len(sizes), _end(values, min), _end(values, max))


def _end(rows: list[Record], choose: Callable[[Iterable[float]], float]) -> End | None:
    if not rows:
        return None
    value = choose(row["value"] for row in rows)
    own = [row for row in rows if row["value"] == value]
    owners = tuple(dict.fromkeys(str(row["study"]) for row in own))
    abstract_only = all(row["report_type"] == "abstract" for row in own)
    return End(float(value), value_text(own[0]), owners, abstract_only)


def value_text(row: Any) -> str:
    """A value with its unit, as its source prints it."""
    printed = None if pd.isna(row["printed"]) else str(row["printed"])
    return amount(float(row["value"]), str(row["unit"]), printed)
