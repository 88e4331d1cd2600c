"""Rules for results that a group of patients can hardly have: of one row by itself, and of two rows
of one group beside each other. What is printed so is kept: each is a flag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from review.checks import proportions
from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED
from review.dataset.states import NOT_ESTIMABLE, NOT_REACHED
from review.dataset.vocabulary import Outcome

T = "outcomes"
# The interval of a median of exponential times runs from m/f to m*f with f = exp(z * 1.44/sqrt(n)).
# Times that crowd around their median give a narrower one, and this many times narrower none.
CROWDED = 4
# an interval of a percentage is that of no usual method where it is so many times wider or
# narrower than the exact one
ODD = 2


def zero(d: Dataset) -> Iterator[Problem]:
    """A median of nothing is a cell that was left at nought, or a number that was cut off."""
    for table in (T, "characteristics"):
        rows = d[table]
        wrong = (rows["statistic"] == "median") & (rows["value"] == 0)
        yield from flag(d, table, wrong, "value", "median of zero", "a median of {value} {unit}",
                        "check the source; where nothing is printed, empty the value and say in "
                        "status why there is none", WARNING)


def open_above(d: Dataset) -> Iterator[Problem]:
    """Where the upper limit of a time was reached, so was its median."""
    rows = d[T]
    wrong = (rows["status"] == NOT_REACHED) & rows["ci_high"].notna()
    yield from flag(d, T, wrong, "ci_high", "upper limit of a median that was not reached",
                    "the median was not reached and its interval ends at {ci_high}",
                    "check both; a limit that was not reached has ci_high_status not reached",
                    WARNING)


def width_of_median(d: Dataset) -> Iterator[Problem]:
    """The interval of a median is as wide as so many patients make it."""
    rows = d[T]
    asked = ((rows["statistic"] == "median") & (rows["ci_low"] > 0) & rows["n_total"].notna()
             & (rows["ci_high"] >= rows["ci_low"])).fillna(False).astype(bool)
    width = np.log((rows["ci_high"] / rows["ci_low"])[asked].astype(float))
    total = rows.loc[asked, "n_total"].astype(float)
    z = ndtri(0.5 + rows.loc[asked, "ci_level"].fillna(95).astype(float) / 200)
    usual = 2 * z / (np.log(2) * np.sqrt(total))
    wrong = pd.Series(False, index=rows.index)
    wrong[width.index] = width < usual / CROWDED
    yield from flag(d, T, wrong, "ci_low", "interval too narrow for its patients",
                    "{ci_low} to {ci_high} is a narrow interval for a median of {n_total} patients",
                    "check limits and patients in the source: is it another bracket, or of more "
                    "patients? if they are printed so, keep them", WARNING)


def width_of_proportion(d: Dataset) -> Iterator[Problem]:
    """The interval of a percentage is as wide as its patients make it, by one method or another."""
    rows = d[T]
    asked = ((rows["statistic"] == "proportion") & rows["value"].between(0, 100)
             & rows["ci_high"].notna() & rows["ci_low"].notna() & rows["n_total"].notna())
    asked = asked.fillna(False).astype(bool)
    own = rows[asked]
    total = own["n_total"].astype(float)
    count = (own["value"].astype(float) * total / 100).round()
    low, high = proportions.exact_limits(count, total, own["ci_level"].fillna(95).astype(float))
    ratio = (own["ci_high"] - own["ci_low"]).astype(float) / (high - low)
    wrong = pd.Series(False, index=rows.index)
    wrong[own.index] = ~ratio.between(1 / ODD, ODD)
    exact = pd.Series(pd.NA, index=rows.index, dtype="string")
    exact[own.index] = [f"{one:.1f} to {other:.1f}" for one, other in zip(low, high, strict=True)]
    yield from flag(d, T, wrong, "ci_low", "interval of other patients",
                    "{ci_low} to {ci_high} is printed, and the exact interval of {value}% of "
                    "{n_total} patients is {exact}",
                    "check limits and patients in the source; if they are printed so, keep them",
                    WARNING, exact=exact)


def within(d: Dataset) -> Iterator[Problem]:
    """What is a part of another result of the same group is no more than it: a complete response
    is a response, who has progressed or died is no longer progression-free and may be alive."""
    rows, outcomes = d[T], d.contents.vocabulary.outcomes
    rows = rows[rows[SUPERSEDED].isna() & (rows["use"] != "context")]
    code = rows["outcome"].astype("string")
    rows = rows[rows["statistic"] == code.map({name: one.statistic
                                               for name, one in outcomes.items()})]
    found: dict[tuple[str, str], tuple[int, float, float]] = {}
    for index, row in rows.iterrows():
        found.setdefault((str(row["arm_id"]), str(row["outcome"])), (index, *_ends(row)))
    said = pd.Series(pd.NA, index=d[T].index, dtype="string")
    other = said.copy()
    for (group, name), (index, low, _) in found.items():
        for whole in _wholes(outcomes, name):
            at, _, high = found.get((group, whole), (index, 0.0, np.inf))
            if low > high and _clock(d, index) == _clock(d, at):
                said[index] = f"{outcomes[name].label} is {_said(d[T].loc[index])}"
                other[index] = f"{outcomes[whole].label} is {_said(d[T].loc[at])}"
                break
    yield from flag(d, T, other.notna(), "value", "more than what it is a part of",
                    "{said} and {other} in the same group",
                    "check both in the source; if they are printed so, keep them", WARNING,
                    said=said, other=other)


def _clock(d: Dataset, index: int) -> str:
    """The day from which a time is counted, where the row names one."""
    cell = d[T].at[index, "time_zero"]
    return "" if pd.isna(cell) else str(cell)


def _wholes(outcomes: Mapping[str, Outcome], name: str) -> Iterator[str]:
    """What an outcome is a part of, from the nearest on."""
    while whole := outcomes[name].within:
        yield whole
        name = whole


def _ends(row: pd.Series) -> tuple[float, float]:
    """The least and the most that a row says its value is."""
    if pd.notna(row["value"]):
        return float(row["value"]), float(row["value"])
    if row["status"] == NOT_REACHED:
        return np.inf, np.inf
    low, high = (row[f"bound_{end}"] for end in ("low", "high"))
    return (-np.inf if pd.isna(low) else float(low)), (np.inf if pd.isna(high) else float(high))


def _said(row: pd.Series) -> str:
    if row["status"] in (NOT_REACHED, NOT_ESTIMABLE):
        return str(row["status"])
    low, high = _ends(row)
    unit = "%" if row["unit"] == "percent" else f" {row['unit']}"
    told = f"{low:g}" if low == high else f"at most {high:g}" if low == -np.inf else \
        f"at least {low:g}" if high == np.inf else f"{low:g} to {high:g}"
    return told + unit


RULES = (zero, open_above, width_of_median, width_of_proportion, within)
