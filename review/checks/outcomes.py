"""Rules for results: value, bound, print, interval, count, group and follow-up of each row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks import notations, numbers
from review.checks.rule import WARNING, Dataset, blank, flag
from review.dataset.printed import intervals as intervals_of
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED
from review.wording import amount

T = "outcomes"


def value_and_status(d: Dataset, table: str = T) -> Iterator[Problem]:
    """A value stands exactly where the status says so."""
    rows = d[table]
    there = rows["value"].notna()
    yield from flag(
        d, table, ~there & (rows["status"] == "value"), "value", "value missing",
        "the status says that there is a value, and the cell is empty",
        "fill in the value, or say in status why there is none (not reached, not reported, ...)")
    yield from flag(
        d, table, there & (rows["status"] != "value"), "status", "value with a status of none",
        "the value is {value} and the status says {status}",
        "write value into status, or empty the value")


def bounds(d: Dataset, table: str = T) -> Iterator[Problem]:
    """A bound is never a value: limits stand in bound_low and bound_high, the value is empty."""
    rows = d[table]
    limited = rows["bound_low"].notna() | rows["bound_high"].notna()
    is_bound = rows["kind"] == "bound"
    yield from flag(
        d, table, is_bound & rows["value"].notna(), "value", "bound as value",
        "the row is a bound and has the value {value}",
        "empty the value and keep the limit in bound_low or bound_high")
    yield from flag(
        d, table, numbers.is_limit(rows["printed"]) & rows["value"].notna(), "value",
        "bound as value", "{printed!r} is a limit and is given as the value {value}",
        "empty the value, write kind bound, status not reported, and the limit into bound_low or "
        "bound_high")
    yield from flag(
        d, table, is_bound & ~limited, "kind", "bound without limit",
        "the row is a bound without a limit", "fill in bound_low or bound_high")
    yield from flag(
        d, table, ~is_bound & limited, "kind", "limit without bound",
        "limits are filled in and kind is {kind}", "write bound into kind, or empty the limits")
    yield from flag(
        d, table, rows["bound_low"] > rows["bound_high"], "bound_low", "bound reversed",
        "the lower limit {bound_low} is above the upper limit {bound_high}", "exchange them")


def printed(d: Dataset, table: str = T) -> Iterator[Problem]:
    """The printed string begins with the value."""
    rows = d[table]
    there = rows["value"].notna()
    nothing = blank(rows["printed"])
    percent = (rows["unit"] == "percent").fillna(False)
    # a print in another unit of time, and one of a count alone, is looked at by other rules
    unit = notations.printed_unit(rows["printed"])[0]
    other = (unit.notna() & (unit != rows["unit"])).fillna(False) & ~percent
    other |= percent & notations.count_alone(rows["printed"])
    given = numbers.gives(rows["printed"], rows["value"])
    for shown in (numbers.percents(rows["printed"]),
                  numbers.after_count(rows["printed"], rows["n"])):
        given |= percent & numbers.gives(shown, rows["value"])
    yield from flag(
        d, table, there & nothing & (rows["kind"] == "reported"), "printed", "print missing",
        "the value {value} is given without what is printed",
        "copy the string as printed, with its zeros: they say how exactly it is known")
    yield from flag(
        d, table, there & ~nothing & ~other & ~given, "printed", "print disagrees",
        "{printed!r} is printed and {value} is the value",
        "correct the one that is not as in the source")


def intervals(d: Dataset) -> Iterator[Problem]:
    """Interval and patients' range lie around the value, low before high."""
    rows = d[T]
    for low, high, what in (("ci_low", "ci_high", "interval"),
                            ("range_low", "range_high", "range of patients")):
        reversed_ = rows[low] > rows[high]
        yield from flag(d, T, reversed_, low, "interval reversed",
                        f"the {what} runs from {{{low}}} to {{{high}}}", "exchange its limits")
        outside = ((rows[low] > rows["value"]) | (rows[high] < rows["value"])).fillna(False)
        yield from flag(
            d, T, outside & ~reversed_.fillna(False), low, "interval not around the value",
            f"the value {{value}} lies outside its {what} {{{low}}} to {{{high}}}",
            "correct value or limits from the source")


def interval_parts(d: Dataset) -> Iterator[Problem]:
    """An interval has its level, both limits (or why not) and its status."""
    rows = d[T]
    given = rows["ci_low"].notna() | rows["ci_high"].notna()
    stated = rows["ci_status"] == "value"
    yield from flag(d, T, given & rows["ci_level"].isna(), "ci_level", "level missing",
                    "the interval {ci_low} to {ci_high} has no level",
                    "write the level as printed, for example 95; leave out an interval whose level "
                    "is not stated and say so in note")
    yield from flag(d, T, given & ~stated, "ci_status", "interval with a status of none",
                    "limits are filled in and ci_status says {ci_status}",
                    "write value into ci_status, or empty the limits")
    yield from flag(d, T, stated & rows["ci_low"].isna(), "ci_low", "limit missing",
                    "ci_status says that there is an interval, and its lower limit is empty",
                    "fill it in, or write not reported into ci_status, or not estimable where "
                    "neither limit is printed as a number")
    there = rows["ci_high_status"] == "value"
    yield from flag(d, T, stated & rows["ci_high"].isna() & (rows["ci_high_status"].isna() | there),
                    "ci_high", "limit missing", "the upper limit of the interval is empty",
                    "fill it in, or write not reached or not estimable into ci_high_status")
    yield from flag(d, T, rows["ci_high"].notna() & ~there, "ci_high_status",
                    "limit with no status",
                    "the upper limit is {ci_high} and ci_high_status says {ci_high_status!r}",
                    "write value into ci_high_status, or empty ci_high")


def interval_printed(d: Dataset) -> Iterator[Problem]:
    """The printed interval gives the limits that are filled in."""
    rows = d[T]
    shown = intervals_of(rows["ci_printed"])
    asked = rows["ci_printed"].notna() & (rows["ci_low"].notna() | rows["ci_high"].notna())
    wrong = (shown["low"] != rows["ci_low"]).fillna(True)
    wrong |= (shown["high"] != rows["ci_high"]).fillna(False)
    wrong |= shown["high"].isna() != rows["ci_high"].isna()
    yield from flag(d, T, asked & shown["read"] & wrong, "ci_printed", "print disagrees",
                    "{ci_printed!r} is printed and the limits are {ci_low} and {ci_high}",
                    "correct the one that is not as in the source")
    yield from flag(d, T, asked & ~shown["read"], "ci_printed", "print not read",
                    "no interval can be read in {ci_printed!r}",
                    "if it is printed so, keep it; else copy it from the source, such as 4.2–7.9",
                    WARNING)
    other = shown["level"].notna() & (shown["level"] != rows["ci_level"])
    yield from flag(d, T, asked & other, "ci_level", "level disagrees",
                    "{ci_printed!r} is printed and the level is {ci_level}",
                    "correct the one that is not as in the source")


def counts(d: Dataset) -> Iterator[Problem]:
    """A count is no larger than its denominator, and says how it is known."""
    rows = d[T]
    yield from flag(d, T, rows["n"] > rows["n_total"], "n", "n above n_total",
                    "{n} patients of {n_total}", "correct n or n_total from the source")
    for column in ("n", "n_total"):
        yield from flag(
            d, T, rows[column].notna() != rows[f"{column}_kind"].notna(), f"{column}_kind",
            "count without kind", f"{column} is {{{column}!r}} and {column}_kind is "
            f"{{{column}_kind!r}}", f"give both or neither: how {column} is known belongs to it")
    group = rows["arm_id"].map(d.lookup("arms", "arm_id", "n_total"))
    yield from flag(d, T, rows["n_total"] > group, "n_total", "more than the group",
                    "the result is for {n_total} patients and the group has {group}",
                    "check which is meant; if both are printed, say so in note", WARNING,
                    group=group)


def units(d: Dataset) -> Iterator[Problem]:
    """Outcome, statistic and unit fit together; no median is longer than a life."""
    rows = d[T]
    words = d.contents.vocabulary
    statistic = rows["statistic"].astype("string")
    kept = statistic.isin(list(words.kept_statistics))
    expected = rows["outcome"].astype("string").map(
        {code: outcome.statistic for code, outcome in words.outcomes.items()})
    others = "".join(f", {name}" for name in words.kept_statistics)
    yield from flag(d, T, expected.notna() & (expected != statistic) & ~kept,
                    "statistic", "statistic of another outcome",
                    "{outcome} is given as {statistic}, and is a {expected} here",
                    f"write {{expected}}{others.replace(',', ' or', 1) if others else ''} if it is "
                    "one, or correct the outcome", expected=expected)
    unit = statistic.map({
        **{outcome.statistic: outcome.unit for outcome in words.outcomes.values()},
        **{name: unit for name, (unit, _) in words.kept_statistics.items()}})
    yield from flag(d, T, unit.notna() & (unit != rows["unit"].astype("string")), "unit",
                    "unit of another statistic", "a {statistic} in {unit}",
                    "give a {statistic} in {unit_}", unit_=unit)
    most = rows["unit"].astype("string").map(
        {unit: most for unit, most in words.most.items() if unit != "percent"}).astype("Float64")
    yield from flag(d, T, rows["value"] > most, "value", "implausible", "{value} {unit}",
                    "check the source: is it in days or weeks, or did a spreadsheet turn it into a "
                    "date?")


def kept_only(d: Dataset) -> Iterator[Problem]:
    """What the review keeps and does not synthesise enters no range, and says what it is."""
    rows, words = d[T], d.contents.vocabulary
    only = [code for code, outcome in words.outcomes.items() if not outcome.synthesised]
    statistic = rows["statistic"].astype("string")
    kept = statistic.isin(list(words.kept_statistics))
    yield from flag(d, T, (kept | rows["outcome"].isin(only)) & (rows["use"] == "synthesis"), "use",
                    "not synthesised", "{outcome} as {statistic} enters no count and no range here",
                    "write context into use: the row is kept and shown with its study")
    tell = statistic.map({name: what for name, (_, what) in words.kept_statistics.items()})
    yield from flag(d, T, kept & blank(rows["note"]), "note", "reason missing",
                    "a {statistic} without a note", "write into note {tell}", tell=tell)
    figured = (kept | rows["outcome"].isin(only)) & rows["figure"].notna() \
        if "figure" in rows else kept & False
    yield from flag(d, T, figured, "figure", "not synthesised",
                    "{outcome} as {statistic} is drawn in no panel", "empty figure and figure_row")


def immature(d: Dataset) -> Iterator[Problem]:
    """A median beyond the median follow-up is kept and flagged."""
    rows = d.outcomes
    value = rows["value"].where(rows["outcome"].isin(_survival(d)) & rows["statistic"].eq("median"))
    follow_up = numbers.first(rows["follow_up_printed"]).astype("Float64").fillna(
        rows["study_id"].map(_follow_up(d)).astype("Float64"))
    yield from flag(d, T, value > follow_up, "value", "immature",
                    "the median of {value} {unit} lies beyond the median follow-up of {follow_up}",
                    "check both; if they are printed so, keep them: the result is shown as "
                    "immature", WARNING, follow_up=follow_up.map(
                        lambda n: amount(n, "months"), na_action="ignore"))


def _survival(d: Dataset) -> list[str]:
    """Outcomes that are times from the start of the therapy to an event."""
    return [code for code, outcome in d.contents.vocabulary.outcomes.items() if outcome.survival]


def _follow_up(d: Dataset) -> pd.Series:
    """Median follow-up by study: the lead report's, of no outcome in particular."""
    rows = d["characteristics"]
    lead = rows["report_id"].map(d.lookup("reports", "report_id", "lead")).fillna(True)
    keep = ((rows["characteristic"] == "follow_up") & (rows["statistic"] == "median")
            & rows["value"].notna() & rows["detail"].isna() & (rows["scope"] == "overall")
            & (rows["use"] == "synthesis") & lead.astype(bool))
    return rows[keep.fillna(False)].drop_duplicates("study_id").set_index("study_id")["value"]


def symmetric(d: Dataset) -> Iterator[Problem]:
    """A median in the middle of its interval: the mark of a normal approximation."""
    rows = d[T]
    off = ((rows["ci_high"] - rows["value"]) - (rows["value"] - rows["ci_low"])).abs()
    # a print of another number, such as of the same time in days, says nothing of the decimals
    shown = numbers.gives(rows["printed"], rows["value"])
    places = numbers.decimals(rows["printed"]).where(
        shown, numbers.decimals(rows["value"].astype("string")))
    within = 1.5 * 10.0 ** -places
    yield from flag(d, T, (rows["statistic"] == "median") & (off <= within + 1e-9), "ci_low",
                    "symmetric interval",
                    "the value {value} lies in the middle of {ci_low} to {ci_high}, as a normal "
                    "approximation gives and the usual interval of a median does not",
                    "check the limits in the source; if they are printed so, keep them", WARNING)


def reporting(d: Dataset) -> Iterator[Problem]:
    """A result is carried by a report of its study; times of a range run from the same day."""
    rows = d.outcomes
    counted = rows["use"] == "synthesis"
    study = rows["report_id"].map(d.lookup("reports", "report_id", "study_id"))
    yield from flag(
        d, T, study.notna() & (study != rows["study_id"]), "report_id", "report of another study",
        "{report_id} reports {study} and the group {arm_id} belongs to {study_id}",
        "name a report of {study_id}, or correct the group", study=study,
        study_id=rows["study_id"])
    clock = counted & rows["outcome"].isin(_survival(d)) & rows["time_zero"].notna()
    yield from flag(
        d, T, clock, "time_zero", "another time zero",
        "the {unit} run from {time_zero} and would stand in a range with {unit} from the start of "
        f"{d.contents.vocabulary.therapy}",
        "write context into use, or say in note why they compare", WARNING)


def twice(d: Dataset) -> Iterator[Problem]:
    """The same result of the same group would be counted twice."""
    rows = d[T]
    counts_ = (rows["use"] == "synthesis") & rows[SUPERSEDED].isna()
    again = rows[counts_].duplicated(["arm_id", "outcome", "statistic"])
    again = again.reindex(rows.index, fill_value=False)
    yield from flag(d, T, again, "outcome", "counted twice",
                    "{arm_id} already has a row for {outcome} that counts",
                    "keep one with use synthesis; the other is context, or superseded")


def reasons(d: Dataset) -> Iterator[Problem]:
    """What was derived or inferred says how, in the note."""
    rows = d[T]
    own = rows["kind"].isin(["derived", "inferred"]) | rows["n_kind"].isin(["inferred"])
    yield from flag(d, T, own & blank(rows["note"]), "note", "reason missing",
                    "the row is {kind} and does not say how",
                    "write the arithmetic or the reasoning into note")


RULES = (value_and_status, bounds, printed, intervals, interval_parts, interval_printed, counts,
         units, kept_only, immature, symmetric, reporting, twice, reasons)
