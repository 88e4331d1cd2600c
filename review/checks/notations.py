"""Rules for what a print says beside its number: its unit, the kind of its bracket, a word in the
place of a number, the counts in it. Each can make another statement of the number that is filled in
than the source makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from review.checks import numbers
from review.checks.rule import ERROR, WARNING, Dataset, blank, flag
from review.dataset.printed import intervals, plain_cells
from review.dataset.problems import Problem
from review.dataset.states import NOT_ESTIMABLE, NOT_REACHED

TABLES = ("outcomes", "characteristics")
# in months
DAY, WEEK, YEAR = 12 / 365.25, 7 * 12 / 365.25, 12.0
UNITS = ((rf"{numbers.NUMBER}\s*-?(?:d|days?)\b", "days", DAY),
         (rf"{numbers.NUMBER}\s*-?(?:w|wks?|weeks?)\b", "weeks", WEEK),
         (rf"{numbers.NUMBER}\s*-?(?:mo|mos|mths?|months?)\b", "months", 1.0),
         (rf"{numbers.NUMBER}\s*-?(?:y|yrs?|years?)\b", "years", YEAR))
# what stands in brackets beside a value and is no confidence interval
OTHER_BRACKET = (r"\b(?:IQR|IQ range|inter-?quartile|quartiles?|Q1|range|min|max|SD|SEM|"
                 r"standard (?:deviation|error))\b|±|\+/-")
CONFIDENCE = r"\b(?:CI|C\.I\.|CrI|confidence|credible)\b"
BRACKETS = {"range": r"\b(?:IQR|inter-?quartile|quartiles?)\b|" + CONFIDENCE,
            "iqr": r"(?<!interquartile )(?<!inter-quartile )\brange\b|" + CONFIDENCE,
            "95% CI": r"\b(?:IQR|inter-?quartile|range)\b"}
REACHED = r"^\W*not (?:yet )?reached\W*$|^\W*∞\W*$"
ESTIMABLE = r"^\W*(?:not (?:yet )?(?:estimable|evaluable|calculable)|N\.?/?E\.?)\W*$"
DASH = r"\s*(?:-|–|—|to)\s*"
RANGE = rf"^\s*\d+(?:[.,·]\d+)?{DASH}\d+(?:[.,·]\d+)?\s*(?:%|[a-z]+)?\s*$"
COUNTS = re.compile(r"(?<![\d.,/])(\d+)\s*(?:/|\bof\b)\s*(\d+)(?![\d.,/])")


def time_units(d: Dataset) -> Iterator[Problem]:
    """A time printed in another unit than its row has is given in the row's, with arithmetic."""
    for table in TABLES:
        rows = d[table]
        unit, months = printed_unit(rows["printed"])
        other = rows["value"].notna() & unit.notna() & rows["unit"].isin(["months", "years"]) \
            & (unit != rows["unit"])
        derived = (rows["kind"] == "derived").fillna(False)
        there = months.where(rows["unit"] == "months", months / YEAR)
        places = rows["value"].map(lambda one: len(f"{one:g}".partition(".")[2]),
                                   na_action="ignore").fillna(0).astype(int)
        # a month has 28 to 31 days: what was divided by any of them is the same statement
        fits = numbers.rounds_to(there, rows["value"], places) \
            | ((there - rows["value"]).abs() <= 0.03 * there).fillna(False)
        yield from flag(d, table, other & ~(derived & fits), "printed", "print in another unit",
                        "{printed!r} is printed and the value is {value} {unit}",
                        "write the value in {unit}, derived into kind, and the arithmetic into "
                        "note")
    rows = d["outcomes"]
    unit, _ = printed_unit(rows["follow_up_printed"])
    yield from flag(d, "outcomes", unit.notna() & (unit != "months"), "follow_up_printed",
                    "print in another unit", "{follow_up_printed!r} is a follow-up in {unit_}",
                    "write it in months, and what is printed into note", unit_=unit)


def printed_unit(printed: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The unit of time that is printed beside the first number, and that number in months; <NA>
    where no unit of time is."""
    text = plain_cells(printed)
    first = numbers.first(printed).astype("Float64")
    unit = pd.Series(pd.NA, index=printed.index, dtype="string")
    months = pd.Series(pd.NA, index=printed.index, dtype="Float64")
    for pattern, name, factor in UNITS:
        shown = text.str.extract(f"(?i){pattern}", expand=False).astype("Float64")
        here = (unit.isna() & (shown == first)).fillna(False)
        unit, months = unit.mask(here, name), months.mask(here, shown * factor)
    return unit, months


def brackets(d: Dataset) -> Iterator[Problem]:
    """What is called an interval is printed as one; a bracket has the name that is printed."""
    rows = d["outcomes"]
    shown = rows["ci_printed"]
    other = shown.str.contains(OTHER_BRACKET, case=False).fillna(False) \
        & ~shown.str.contains(CONFIDENCE, case=False).fillna(False)
    yield from flag(d, "outcomes", other, "ci_printed", "no confidence interval",
                    "{ci_printed!r} is printed, which is no confidence interval",
                    "empty the cells of the interval; a range of patients goes into range_low and "
                    "range_high, anything else into note")
    rows = d["characteristics"]
    for name, pattern in BRACKETS.items():
        wrong = (rows["spread"] == name) & rows["printed"].str.contains(pattern, case=False)
        yield from flag(d, "characteristics", wrong, "spread", "bracket of another name",
                        "{printed!r} is printed and spread says {spread}",
                        "correct the one that is not as in the source")


def words(d: Dataset) -> Iterator[Problem]:
    """Where print has a word in the place of a number, the status says the same."""
    for table in TABLES:
        rows = d[table]
        for pattern, state in ((REACHED, NOT_REACHED), (ESTIMABLE, NOT_ESTIMABLE)):
            said = rows["printed"].str.contains(pattern, case=False).fillna(False)
            yield from flag(d, table, said & rows["value"].isna() & (rows["status"] != state),
                            "status", "print disagrees",
                            "{printed!r} is printed and the status says {status}",
                            f"write {state} into status, or correct printed")
    rows = d["outcomes"]
    end = rows["ci_printed"].str.extract(r"([^\d–—;,-]+?)[\s)\]]*$", expand=False)
    for pattern, state in ((REACHED, NOT_REACHED), (ESTIMABLE, NOT_ESTIMABLE)):
        said = end.str.contains(pattern, case=False).fillna(False)
        said &= rows["ci_high"].isna() & rows["ci_high_status"].notna()
        yield from flag(d, "outcomes", said & (rows["ci_high_status"] != state),
                        "ci_high_status", "print disagrees",
                        "{ci_printed!r} is printed and the upper limit is called {ci_high_status}",
                        f"write {state} into ci_high_status, or correct ci_printed")


def ranges(d: Dataset) -> Iterator[Problem]:
    """Two numbers with a dash are limits, not a value."""
    for table in TABLES:
        rows = d[table]
        wrong = rows["value"].notna() & rows["printed"].str.contains(RANGE, case=False)
        yield from flag(d, table, wrong, "value", "range as value",
                        "{printed!r} is a range and is given as the value {value}",
                        "empty the value, write kind bound, status not reported, and the limits "
                        "into bound_low and bound_high")


def counts(d: Dataset) -> Iterator[Problem]:
    """Counts and limits that are printed beside a value are those that are filled in."""
    rows = d["outcomes"]
    found = [COUNTS.search(text) if isinstance(text, str) else None for text in rows["printed"]]
    for part, field in ((1, "n"), (2, "n_total")):
        shown = pd.Series([int(one[part]) if one else None for one in found], index=rows.index,
                          dtype="Int64")
        yield from flag(d, "outcomes", rows["value"].notna() & (shown != rows[field]), field,
                        "print disagrees", f"{{printed!r}} is printed and {field} is {{{field}}}",
                        "correct the one that is not as in the source; where the percentage has "
                        "another denominator, both counts are those that are printed with it")
    shown = intervals(rows["printed"].where(rows["printed"].str.contains(r"[(\[]")))
    both = shown["low"].notna() & shown["high"].notna() & rows["ci_low"].notna() \
        & rows["ci_high"].notna() & ~rows["printed"].str.contains(OTHER_BRACKET, case=False)
    differs = (shown["low"] != rows["ci_low"]) | (shown["high"] != rows["ci_high"])
    ranged = (shown["low"] == rows["range_low"]) & (shown["high"] == rows["range_high"])
    yield from flag(d, "outcomes", both & differs & ~ranged.fillna(False), "printed",
                    "print disagrees",
                    "{printed!r} is printed and the interval is {ci_low} to {ci_high}",
                    "correct the one that is not as in the source", WARNING)


def shares(d: Dataset) -> Iterator[Problem]:
    """A percentage is given in percent, not as a share of one."""
    for table in TABLES:
        rows = d[table]
        share = (rows["unit"] == "percent") & rows["value"].between(0, 1, inclusive="neither") \
            & ~rows["printed"].str.contains("%").fillna(False) & ~blank(rows["printed"])
        given = rows["n"] / rows["n_total"]
        places = numbers.decimals(rows["printed"])
        as_share = numbers.rounds_to(given, rows["value"], places) \
            & ~numbers.rounds_to(100 * given, rows["value"], places)
        none = rows["n"].isna() & rows["n_total"].notna() \
            & ~numbers.possible(rows["value"], rows["n_total"], places)
        yield from flag(d, table, share & (as_share | none), "value", "share of one",
                        "the value {value} is a share of one, and the unit is percent",
                        "multiply it by 100; if the source prints so small a percentage, write its "
                        "percent sign into printed", ERROR)


RULES = (time_units, brackets, words, ranges, counts, shares)
