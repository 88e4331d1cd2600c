"""Rules for percentages: their size, their count, and the interval around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from review.checks import numbers
from review.checks.rule import ERROR, WARNING, Dataset, flag
from review.dataset.problems import Problem

T = "outcomes"


def proportions(d: Dataset) -> Iterator[Problem]:
    """A percentage is at most 100, equals n/n_total, and is possible for n_total (GRIM)."""
    rows = d[T]
    percent = rows["value"].where(rows["statistic"] == "proportion")
    yield from flag(d, T, percent > 100, "value", "above 100 percent", "{value} percent",
                    "correct the value; a proportion is given in percent, 0 to 100")
    places = numbers.decimals(rows["printed"])
    zero = places * 0
    exact = (100 * rows["n"] / rows["n_total"]).round(2)
    counted = percent.notna() & exact.notna()
    whole = numbers.rounds_to(exact, percent, zero)
    wrong = counted & ~numbers.rounds_to(exact, percent, places)
    told = denominator_told(rows, places)
    wrong &= whole | ~told
    yield from flag(d, T, wrong & ~whole, "value", "percentage not n/n_total",
                    "{n} of {n_total} is {exact}%, not {value}%",
                    "check both in the source; if they are printed so, keep them and say in note "
                    "which denominator the percentage has, as a number", as_printed(rows),
                    exact=exact)
    yield from flag(d, T, wrong & whole, "printed", "more decimals than the count has",
                    "{printed!r} is printed, and {n} of {n_total} is {exact}%: only the whole "
                    "percent agrees", "check the count; if the print is so, keep it", WARNING,
                    exact=exact)
    yield from impossible(d, T, percent, places, told)


def impossible(d: Dataset, table: str, percent: pd.Series, places: pd.Series, told: pd.Series,
               ) -> Iterator[Problem]:
    """A percentage (0 to 100, <NA> where a row of the table has none) without a count that no whole
    number of its patients gives. places: its decimals; told: whether its note names another
    denominator."""
    rows = d[table]
    asked = percent.between(0, 100) & rows["n_total"].notna() & rows["n"].isna()
    wrong = asked & ~numbers.possible(percent, rows["n_total"], places) & ~told
    yield from flag(d, table, wrong, "value", "percentage impossible",
                    "no whole count of {n_total} patients prints as {printed}%",
                    "check both in the source; if they are printed so, keep them and say in note "
                    "which denominator the percentage has, as a number", WARNING)


def as_printed(rows: pd.DataFrame) -> pd.Series:
    """Severity by row of a contradiction between two numbers: a flag where the source prints both,
    an error where one was computed here."""
    computed = (rows["kind"] == "derived").fillna(False)
    if "n_kind" in rows:
        computed |= (rows["n_kind"] == "derived").fillna(False)
    return computed.map({True: ERROR, False: WARNING})


def denominator_told(rows: pd.DataFrame, places: pd.Series) -> pd.Series:
    """Whether the note names the denominator of a percentage that n/n_total does not give: a whole
    number of patients of which the count, or where there is none some count, prints as it."""
    told = []
    cells = zip(rows["note"], rows["value"], rows["n"], rows["n_total"], places, strict=True)
    for note, value, n, total, decimals in cells:
        named = {int(text) for text in re.findall(r"(?<![\d.,])\d{1,6}(?![\d%]|[.,]\d)",
                                                  note if isinstance(note, str) else "")}
        if pd.notna(total):
            named -= {int(total)}
        told.append(pd.notna(value) and any(
            _gives(float(value), None if pd.isna(n) else int(n), of, int(decimals))
            for of in named if of))
    return pd.Series(told, index=rows.index, dtype=bool)


def _gives(percent: float, n: int | None, total: int, places: int) -> bool:
    count = round(percent * total / 100) if n is None else n
    return count <= total and abs(100 * count / total - percent) <= 0.5 * 10 ** -places + 1e-9


def level_of_interval(d: Dataset) -> Iterator[Problem]:
    """Limits called 95% that are the exact (Clopper-Pearson) 90% limits of the count."""
    rows = d[T]
    total = rows["n_total"].astype("Float64")
    n = rows["n"].astype("Float64").fillna((rows["value"] * total / 100).round())
    asked = ((rows["statistic"] == "proportion") & (rows["ci_level"] == 95) & n.notna()
             & total.notna() & rows["ci_low"].notna() & rows["ci_high"].notna() & (n <= total))
    asked = asked.fillna(False).astype(bool)
    rows, n, total = rows[asked], n[asked].astype(float), total[asked].astype(float)
    places = numbers.decimals(rows["ci_printed"].fillna(rows["printed"]))
    fits = {}
    for level in (90, 95):
        low, high = exact_limits(n, total, level)
        fits[level] = (numbers.rounds_to(low, rows["ci_low"].astype(float), places)
                       & numbers.rounds_to(high, rows["ci_high"].astype(float), places))
    wrong = (fits[90] & ~fits[95]).reindex(d[T].index, fill_value=False)
    yield from flag(d, T, wrong, "ci_level", "limits of another level",
                    "{ci_low} to {ci_high} is called a {ci_level}% interval and is the exact 90% "
                    "interval of {n} of {n_total}",
                    "check the level in the source; if it is printed so, say in note what the "
                    "limits are", WARNING)


def exact_limits(n: pd.Series, total: pd.Series, level: float) -> tuple[pd.Series, pd.Series]:
    """Exact limits in percent (0 to 100) of n of total, for whole columns.

    The arithmetic of `audit.intervals.clopper_pearson`, which takes one proportion at a time.
    """
    tail = (1 - level / 100) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(n == 0, 0.0, betaincinv(n.clip(lower=1), total - n + 1, tail))
        high = np.where(n == total, 1.0, betaincinv(n + 1, (total - n).clip(lower=1), 1 - tail))
    return pd.Series(100 * low, n.index), pd.Series(100 * high, n.index)


RULES = (proportions, level_of_interval)
