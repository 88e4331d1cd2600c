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
UNITS = {"days": (r"d|days?", DAY), "weeks": (r"w|wks?|weeks?", WEEK),
         "months": (r"m|mo|mos|mths?|months?", 1.0), "years": (r"y|yrs?|years?", YEAR)}
TIME = re.compile(numbers.NUMBER + r"\s*-?(?:" + "|".join(
    f"(?P<{name}>{words})" for name, (words, _) in UNITS.items()) + r")\b", re.IGNORECASE)
# what stands in brackets beside a value and is no confidence interval
OTHER_BRACKET = (r"\b(?:IQR|IQ range|inter-?quartile|quartiles?|Q1|range|min|max|SD|SEM|"
                 r"standard (?:deviation|error))\b|±|\+/-")
CONFIDENCE = r"\b(?:CI|C\.I\.|CrI|confidence|credible)\b"
BRACKETS = {"range": r"\b(?:IQR|inter-?quartile|quartiles?)\b|" + CONFIDENCE,
            "iqr": r"(?<!interquartile )(?<!inter-quartile )\brange\b|\bmin\b|\bmax\b|"
                   + CONFIDENCE,
            "95% CI": r"\b(?:IQR|inter-?quartile|range|min|max)\b"}
REACHED = r"^\W*not (?:yet )?reached\W*$|^\W*∞\W*$"
ESTIMABLE = r"^\W*(?:not (?:yet )?(?:estimable|evaluable|calculable)|N\.?/?E\.?)\W*$"
DASH = r"\s*(?:-|–|—|to)\s*"
RANGE = rf"^\s*\d+(?:[.,·]\d+)?{DASH}\d+(?:[.,·]\d+)?\s*(?:%|[a-z]+)?\s*$"
COUNTS = re.compile(r"(?<![\d.,/])(\d+)\s*(?:/|\b(?:out )?of\b)\s*(?:the )?(\d+)(?![\d.,/])")
ALONE = re.compile(rf"\W*{COUNTS.pattern}\s*(?:pts?|patients?)?\W*", re.IGNORECASE)
OF_TOTAL = re.compile(r"%\)?\s*of\s*(?:the )?(\d+)(?![\d.,/])")
NAMED = re.compile(r"\bn\s*=\s*(\d+)(?![\d.,/])", re.IGNORECASE)
# names of a number that is no median, and of one that is no percentage and no time
MEAN = r"\b(?:mean|average)\b"
# OR and RR are response rates more often than ratios
RATIO = r"\b(?:a?HR|[Hh]azard ratio|[Oo]dds ratio|[Rr]elative risk)\b\s*[:=]?\s*\d"
SPREAD = r"±|\+/-|\bSD\b"
# what stands before a number that is given roughly
ROUGHLY = r"(?:[~∼≈≅]|(?:approx(?:imately)?|about|ca|circa|c|around|roughly|nearly|almost)\b\.?)"


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
    read = [_time(text) if isinstance(text, str) else (None, None) for text in plain_cells(printed)]
    return (pd.Series([unit for unit, _ in read], index=printed.index, dtype="string"),
            pd.Series([months for _, months in read], index=printed.index, dtype="Float64"))


def _time(text: str) -> tuple[str | None, float | None]:
    """Unit of the first number of a print and its time in months, with what is added to it: "5
    months 24 days" is one time, in months and days."""
    first, found = re.search(numbers.NUMBER, text), TIME.search(text)
    if first is None or found is None or found.start() != first.start():
        return None, None
    units, months, end = list[str](), 0.0, found.start()
    while found and re.fullmatch(r"[\s,]*(?:and\s+)?", text[end:found.start()]) \
            and found.lastgroup not in units:
        units.append(str(found.lastgroup))
        months, end = months + float(found[1]) * UNITS[units[-1]][1], found.end()
        found = TIME.search(text, end)
    return " and ".join(units), months


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


def count_alone(printed: pd.Series) -> pd.Series:
    """Whether a print is a count and its total, without the percentage."""
    return pd.Series([isinstance(text, str) and ALONE.fullmatch(text) is not None
                      for text in printed], index=printed.index, dtype=bool)


def counts(d: Dataset) -> Iterator[Problem]:
    """Counts and limits that are printed beside a value are those that are filled in."""
    for table in TABLES:
        rows = d[table]
        there = rows["value"].notna() & (rows["unit"] == "percent")
        found = [COUNTS.search(text) if isinstance(text, str) else None for text in rows["printed"]]
        alone = count_alone(rows["printed"])
        for part, field in ((1, "n"), (2, "n_total")):
            shown = pd.Series([int(one[part]) if one else None for one in found], index=rows.index,
                              dtype="Int64")
            # a count without a percentage says what the value is computed from
            differs = (shown != rows[field]).fillna(False) | (
                alone & shown.notna() & rows[field].isna())
            yield from flag(d, table, there & differs, field,
                            "print disagrees",
                            f"{{printed!r}} is printed and {field} is {{{field}!r}}",
                            "correct the one that is not as in the source; where the percentage "
                            "has another denominator, both counts are those that are printed with "
                            "it")
        yield from flag(d, table, there & alone & (rows["kind"] == "reported"), "kind",
                        "percentage not printed", "{printed!r} is printed, and {value} is computed "
                        "from it", "write derived into kind, and the arithmetic into note")
        total = rows["printed"].str.extract(OF_TOTAL, expand=False).astype("Int64")
        yield from flag(d, table, there & (total != rows["n_total"]), "n_total", "print disagrees",
                        "{printed!r} is printed and n_total is {n_total!r}",
                        "correct the one that is not as in the source", WARNING)
        # of an n nobody says whether it is the count or the total
        named = rows["printed"].str.extract(NAMED, expand=False).astype("Int64")
        neither = (named != rows["n"]) & (named != rows["n_total"])
        yield from flag(d, table, there & neither.fillna(False), "n", "print disagrees",
                        "{printed!r} is printed, n is {n!r} and n_total {n_total!r}",
                        "correct the one that is not as in the source", WARNING)
        lost = rows["n"].notna() & rows["n_total"].notna() & rows["value"].isna() \
            & (rows["unit"] == "percent") & rows["status"].isin(["not reported", "not applicable"])
        yield from flag(d, table, lost & (rows["kind"] != "bound"), "status",
                        "count without its percentage",
                        "{n} of {n_total} is given and the status says {status}",
                        "write the percentage into value, value into status, derived into kind and "
                        "the arithmetic into note")
    rows = d["outcomes"]
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


def statistics(d: Dataset) -> Iterator[Problem]:
    """What print calls a mean or a ratio is none of a median or a percentage; what is given roughly
    is told to be."""
    for table in TABLES:
        rows = d[table]
        there, printed = rows["value"].notna(), rows["printed"]
        median = there & (rows["statistic"] == "median")
        mean = printed.str.contains(MEAN, case=False) & ~printed.str.contains("median", case=False)
        remedy = ("write mean into statistic" if table == "characteristics" else "a mean is not "
                  "kept here: empty the value, write not reported into status, and the mean into "
                  "note")
        yield from flag(d, table, median & mean.fillna(False), "statistic",
                        "statistic of another name", "{printed!r} is printed and the row is a "
                        "median", remedy)
        ratio = there & (rows["unit"] != "ratio") & printed.str.contains(RATIO)
        yield from flag(d, table, ratio.fillna(False), "statistic", "statistic of another name",
                        "{printed!r} is printed and the row is a {statistic}",
                        "write the number that is one, or give the ratio as a row of its own")
        spread = median & ~mean.fillna(False) & printed.str.contains(SPREAD)
        yield from flag(d, table, spread.fillna(False), "printed", "spread of a mean",
                        "{printed!r} is printed and the row is a median",
                        "check the source: a mean is mostly printed so; if it is a median, keep it",
                        WARNING)
        roughly = there & printed.str.contains(rf"^\s*{ROUGHLY}\s*\d", case=False).fillna(False)
        yield from flag(d, table, roughly & blank(rows["note"]), "note", "given roughly",
                        "{printed!r} is printed, and the page gives {value} as it gives any other "
                        "value", "say in note that the source gives it roughly", WARNING)


RULES = (time_units, brackets, words, ranges, counts, shares, statistics)
