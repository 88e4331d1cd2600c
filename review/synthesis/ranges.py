"""Ranges of an outcome with what stands behind them: who sets each end, and how many patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from review.audit.outcomes import NOT_REACHED, VALUE, OutcomeRows
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
    values = outcome.of(VALUE)
    sizes = values["n_total"].dropna()
    return Range(
        outcome.outcome, outcome.setting, outcome.reporting_studies, len(outcome.reported),
        len(values), len(outcome.of(NOT_REACHED)), int(sizes.sum()), len(sizes),
        _end(outcome.low), _end(outcome.high))


def _end(rows: pd.DataFrame) -> End | None:
    if rows.empty:
        return None
    first = rows.iloc[0]
    types = rows["report_type"].astype("string").fillna("")
    owners = tuple(dict.fromkeys(rows["study"].astype(str)))
    return End(float(first["value"]), value_text(first), owners, bool((types == "abstract").all()))


def value_text(row: Any) -> str:
    """A value with its unit, as its source prints it."""
    printed = None if pd.isna(row["printed"]) else str(row["printed"])
    return amount(float(row["value"]), str(row["unit"]), printed)
