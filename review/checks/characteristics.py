"""Rules for what describes studies and groups, such as follow-up and age."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks import numbers, outcomes, proportions
from review.checks.rule import WARNING, Dataset, blank, flag
from review.dataset.printed import plain_cells
from review.dataset.problems import Problem

T = "characteristics"


def shared(d: Dataset) -> Iterator[Problem]:
    """Value, bound and print obey the same rules as results do."""
    for rule in (outcomes.value_and_status, outcomes.bounds, outcomes.printed):
        yield from rule(d, T)


def spread(d: Dataset) -> Iterator[Problem]:
    """The bracket beside a value is named, whole, around the value, and as printed."""
    rows = d[T]
    given = rows["low"].notna() | rows["high"].notna()
    yield from flag(d, T, given & (rows["low"].isna() | rows["high"].isna()), "low",
                    "half a bracket", "the bracket is {low!r} to {high!r}",
                    "give both numbers; where one of them is a word, empty low, high and spread "
                    "and keep the bracket in printed")
    yield from flag(d, T, given & (rows["spread"].isna() | (rows["spread"] == "not reported")),
                    "spread", "bracket without name",
                    "the bracket {low} to {high} is not named",
                    "write range, iqr or 95% CI into spread")
    reversed_ = (rows["low"] > rows["high"]).fillna(False)
    outside = ((rows["low"] > rows["value"]) | (rows["high"] < rows["value"])).fillna(False)
    yield from flag(d, T, reversed_, "low", "interval reversed",
                    "the bracket runs from {low} to {high}", "exchange its numbers")
    yield from flag(d, T, outside & ~reversed_, "low", "interval not around the value",
                    "the value {value} lies outside its bracket {low} to {high}",
                    "correct value or bracket from the source")
    # the 25th of "25th–75th percentile" names the bracket
    bare = plain_cells(rows["printed"]).str.replace(r"\d+(?:st|nd|rd|th)\b", "", regex=True)
    shown = bare.str.extractall(numbers.NUMBER)[0].unstack()
    shown = shown.reindex(index=rows.index, columns=range(3)).astype("Float64")
    differs = (shown[1] != rows["low"]) | (shown[2] != rows["high"])
    yield from flag(d, T, given & rows["printed"].notna() & differs.fillna(True), "printed",
                    "print disagrees", "{printed!r} is printed and the bracket is {low} to {high}",
                    "correct the one that is not as in the source")


def units(d: Dataset) -> Iterator[Problem]:
    """Each characteristic has its unit and a plausible size."""
    rows = d[T]
    words = d.contents.vocabulary
    unit = rows["characteristic"].astype("string").map(
        {code: one.unit for code, one in words.characteristics.items()})
    given = rows["unit"].astype("string")
    counted = rows["statistic"] == "count"
    wrong = unit.notna() & (unit != given) & ~(counted & (given == "patients"))
    yield from flag(d, T, wrong, "unit",
                    "unit of another characteristic", "{characteristic} in {unit}",
                    "give it in {expected}", expected=unit)
    part = (given == "patients") & (rows["value"] % 1 != 0)
    yield from flag(d, T, part, "value", "part of a patient", "{value} patients",
                    "correct it: patients are counted in whole numbers")
    most = given.map(words.most).astype("Float64")
    yield from flag(d, T, rows["value"] > most, "value", "implausible", "{value} {unit}",
                    "check the source: is it in another unit, or did a spreadsheet turn it into a "
                    "date?")


def counts(d: Dataset) -> Iterator[Problem]:
    """Counts fit their denominators and percentages."""
    rows = d[T]
    yield from flag(d, T, rows["n"] > rows["n_total"], "n", "n above n_total",
                    "{n} patients of {n_total}", "correct n or n_total from the source")
    percent = rows["value"].where(rows["statistic"] == "percent")
    exact = (100 * rows["n"] / rows["n_total"]).round(2)
    places = numbers.decimals(rows["printed"])
    told = proportions.denominator_told(rows, places)
    wrong = percent.notna() & exact.notna() & ~numbers.rounds_to(exact, percent, places) & ~told
    yield from flag(d, T, wrong, "value", "percentage not n/n_total",
                    "{n} of {n_total} is {exact}%, not {value}%",
                    "check both in the source; if they are printed so, keep them and say in note "
                    "which denominator the percentage has", proportions.as_printed(rows),
                    exact=exact)
    yield from proportions.impossible(d, T, percent, places, told)


def parents(d: Dataset) -> Iterator[Problem]:
    """Report and group belong to the study."""
    rows = d[T]
    for column, table in (("report_id", "reports"), ("arm_id", "arms")):
        study = rows[column].map(d.lookup(table, column, "study_id"))
        yield from flag(d, T, study.notna() & (study != rows["study_id"]), column,
                        "row of another study", f"{{{column}}} belongs to {{study}}, not to "
                        "{study_id}", "correct the key", study=study)


def group_sizes(d: Dataset) -> Iterator[Problem]:
    """The size of a group says how it is known."""
    rows = d["arms"]
    yield from flag(d, "arms", rows["n_total"].notna() != rows["n_total_kind"].notna(),
                    "n_total_kind", "count without kind",
                    "n_total is {n_total!r} and n_total_kind is {n_total_kind!r}",
                    "give both or neither: how the size is known belongs to it")
    results = d["outcomes"].dropna(subset=["n_total"])
    told = set(zip(results["arm_id"], results["n_total"], strict=True))
    stated = rows["n_total"].notna() & rows["arm_id"].isin(results["arm_id"])
    alone = [pair not in told for pair in zip(rows["arm_id"], rows["n_total"], strict=True)]
    yield from flag(d, "arms", stated & pd.Series(alone, index=rows.index, dtype=bool), "n_total",
                    "size of no result", "the group has {n_total} patients and none of its results "
                    "is given for as many",
                    "check both; if every result leaves patients out, keep them", WARNING)


def reasons(d: Dataset) -> Iterator[Problem]:
    """What was derived or inferred says how, in the note."""
    rows = d[T]
    own = rows["kind"].isin(["derived", "inferred"])
    yield from flag(d, T, own & blank(rows["note"]), "note", "reason missing",
                    "the row is {kind} and does not say how",
                    "write the arithmetic or the reasoning into note")


RULES = (shared, spread, units, counts, parents, group_sizes, reasons)
