"""Rules for what belongs together: nothing of an interval, a range or an appraisal stands alone."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import WARNING, Dataset, flag
from review.dataset.printed import intervals as intervals_of
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED
from review.dataset.states import NOT_ESTIMABLE

T = "outcomes"
# without a value, an interval still says something of these: the limit that was reached
OPEN = ("not reached", "not estimable")


def ranges(d: Dataset) -> Iterator[Problem]:
    """A range of patients has both ends, and the value that it goes with."""
    rows = d[T]
    low, high = rows["range_low"], rows["range_high"]
    for one, other, field in ((low, high, "range_high"), (high, low, "range_low")):
        yield from flag(d, T, one.notna() & other.isna(), field, "half a range",
                        "the range is {range_low!r} to {range_high!r}",
                        "give both ends; a single limit is a bound")
    yield from flag(d, T, low.notna() & high.notna() & _without_value(rows), "value",
                    "range without value", "the range {range_low} to {range_high} has no value",
                    "fill in the value, or empty the range")


def intervals(d: Dataset) -> Iterator[Problem]:
    """An interval goes with a value; its level, its print and its status go with limits."""
    rows = d[T]
    limits = rows["ci_low"].notna() | rows["ci_high"].notna()
    yield from flag(d, T, limits & _without_value(rows), "value", "interval without value",
                    "the interval {ci_low} to {ci_high} has no value",
                    "fill in the value, or say in status that it was not reached")
    # printed as NR–NR: an interval whose limits are words
    words = (rows["ci_status"] == NOT_ESTIMABLE).fillna(False)
    for field, what in (("ci_level", "level"), ("ci_printed", "printed interval")):
        yield from flag(d, T, rows[field].notna() & ~limits & ~words, field, f"{what} alone",
                        f"the {what} {{{field}}} stands without limits",
                        "fill in ci_low and ci_high, or empty it; where neither limit is printed "
                        f"as a number, write {NOT_ESTIMABLE} into ci_status")
    yield from flag(d, T, words & intervals_of(rows["ci_printed"])[["low", "high"]].notna().any(
        axis=1), "ci_status", "print disagrees",
        "{ci_printed!r} is printed and ci_status says {ci_status}",
        "fill in the limits and write value into ci_status")
    yield from flag(d, T, rows["ci_high_status"].notna() & (rows["ci_status"] != "value"),
                    "ci_high_status", "status alone",
                    "ci_high_status says {ci_high_status} and ci_status {ci_status}",
                    "write value into ci_status, or empty ci_high_status")


def brackets(d: Dataset) -> Iterator[Problem]:
    """The name of a bracket, such as range, goes with its numbers."""
    rows = d["characteristics"]
    named = rows["spread"].notna() & (rows["spread"] != "not reported")
    empty = rows["low"].isna() & rows["high"].isna()
    yield from flag(d, "characteristics", named & empty, "spread", "bracket without numbers",
                    "spread says {spread}, and low and high are empty",
                    "fill in both, or empty spread")
    given = rows["low"].notna() & rows["high"].notna()
    yield from flag(d, "characteristics", given & _without_value(rows), "value",
                    "range without value", "the bracket {low} to {high} has no value",
                    "fill in the value, or empty the bracket")


def _without_value(rows: pd.DataFrame) -> pd.Series:
    """Rows with no value although none of the states is the reason that leaves an interval."""
    return rows["value"].isna() & ~rows["status"].isin(OPEN)


def appraisals(d: Dataset) -> Iterator[Problem]:
    """A study that a later edition adds is appraised, or it is shown that it is not; so is one
    whose appraisal went with a retracted report."""
    if "quality" not in d.resources:
        return
    rows = d["studies"]
    all_ = d["quality"]
    counts = all_.loc[all_[SUPERSEDED].isna(), "study_id"] if SUPERSEDED in all_ \
        else all_["study_id"]
    taken_out = rows["study_id"].isin(all_["study_id"]) & ~rows["study_id"].isin(counts)
    here = rows[SUPERSEDED].isna()
    wrong = here & ~rows["study_id"].isin(counts) & (~d.frozen("studies") | taken_out)
    yield from flag(d, "studies", wrong, "study_id", "no appraisal",
                    "{study_id} has no row in quality.csv",
                    "add one; until then its table says that no appraisal is recorded", WARNING)


RULES = (ranges, intervals, brackets, appraisals)
