"""Rules for follow-up, prior lines, refractoriness and other values of studies and groups."""

from __future__ import annotations

from collections.abc import Iterator

from ..problems import Problem
from . import numbers, outcomes
from .dataset import WARNING, Dataset, blank, flag

UNIT = {"population_size": "patients", "follow_up": "months", "prior_lines": "lines",
        "refractory": "percent", "exposed": "percent", "high_risk_cytogenetics": "percent",
        "age": "years", "prior_transplant": "percent", "time_off_anti_cd38": "months"}
# more than anybody had: a date or a count in the wrong column
MOST = {"months": 400, "lines": 40, "percent": 100, "years": 110}
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
                    "give both numbers; a single limit is a bound")
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
    found = rows["printed"].str.extractall(numbers.NUMBER)[0].unstack()
    found = found.reindex(index=rows.index, columns=range(3)).astype("Float64")
    differs = (found[1] != rows["low"]) | (found[2] != rows["high"])
    yield from flag(d, T, given & rows["printed"].notna() & differs.fillna(True), "printed",
                    "print disagrees", "{printed!r} is printed and the bracket is {low} to {high}",
                    "correct the one that is not as in the source")


def units(d: Dataset) -> Iterator[Problem]:
    """Each characteristic has its unit and a plausible size."""
    rows = d[T]
    unit = rows["characteristic"].astype("string").map(UNIT)
    said = rows["unit"].astype("string")
    counted = rows["statistic"] == "count"
    yield from flag(d, T, unit.notna() & (unit != said) & ~(counted & (said == "patients")), "unit",
                    "unit of another characteristic", "{characteristic} in {unit}",
                    "give it in {expected}", expected=unit)
    most = said.map(MOST).astype("Float64")
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
    wrong = percent.notna() & exact.notna() & ~numbers.rounds_to(exact, percent, places)
    yield from flag(d, T, wrong, "value", "percentage not n/n_total",
                    "{n} of {n_total} is {exact}%, not {value}%",
                    "correct the percentage or the count from the source", exact=exact)
    asked = percent.between(0, 100) & rows["n_total"].notna() & rows["n"].isna()
    impossible = asked & ~numbers.possible(percent, rows["n_total"], places)
    yield from flag(d, T, impossible, "value", "percentage impossible",
                    "no whole count of {n_total} patients prints as {printed}%",
                    "check percentage and denominator in the source; if both are printed so, the "
                    "denominator differs for this value", WARNING)


def prior_lines(d: Dataset) -> Iterator[Problem]:
    """Retreated patients had a line before: a minimum of none was counted at the index line."""
    rows = d[T]
    none = ((rows["characteristic"] == "prior_lines")
            & ((rows["low"] < 1) | ((rows["value"] < 1) & (rows["statistic"] != "percent"))))
    again = rows["exposure_point"].isin(["retreatment", "next line"])
    yield from flag(d, T, none & again, "low", "no prior line",
                    "{printed!r}: patients with no prior line before a retreatment",
                    "write index into exposure_point, or correct the bracket")
    yield from flag(d, T, none & (rows["exposure_point"] == "not stated"), "exposure_point",
                    "no prior line",
                    "{printed!r}: retreated patients had at least one line before, so these were "
                    "probably counted before the index therapy",
                    "look in the source when they were counted and write it into exposure_point",
                    WARNING)


def index_values(d: Dataset) -> Iterator[Problem]:
    """A value of the index therapy is not one of retreatment."""
    rows = d[T]
    index = rows["exposure_point"] == "index"
    yield from flag(d, T, index & (rows["scope"] == "retreated"), "exposure_point",
                    "value of the index therapy",
                    "the value describes the retreated patients and was measured before the index "
                    "therapy", "write overall or subgroup into scope, or correct exposure_point")
    yield from flag(d, T, index & (rows["use"] == "synthesis"), "use",
                    "value of the index therapy",
                    "the value was measured before the index therapy and would stand among values "
                    "at retreatment", "write context into use, or correct exposure_point")


def parents(d: Dataset) -> Iterator[Problem]:
    """Report and group belong to the study."""
    rows = d[T]
    for column, table in (("report_id", "reports"), ("arm_id", "arms")):
        study = rows[column].map(d.lookup(table, column, "study_id"))
        yield from flag(d, T, study.notna() & (study != rows["study_id"]), column,
                        "row of another study", f"{{{column}}} belongs to {{study}}, not to "
                        "{study_id}", "correct the key", study=study)


def groups(d: Dataset) -> Iterator[Problem]:
    """A group's refractory share is as printed, and its size says how it is known."""
    rows = d["arms"]
    said = rows["refractory_printed"].str.extract(r"(\d+(?:\.\d+)?)\s*%", expand=False)
    differs = said.astype("Float64") != rows["refractory_percent"]
    yield from flag(d, "arms", said.notna() & differs.fillna(True), "refractory_percent",
                    "print disagrees",
                    "{refractory_printed!r} is printed and {refractory_percent!r} is filled in",
                    "correct the one that is not as in the source")
    yield from flag(d, "arms", rows["n_total"].notna() != rows["n_total_kind"].notna(),
                    "n_total_kind", "count without kind",
                    "n_total is {n_total!r} and n_total_kind is {n_total_kind!r}",
                    "give both or neither: how the size is known belongs to it")
    naive = (rows["therapy"] == "retreatment") & (rows["exposure"] == "naive")
    yield from flag(d, "arms", naive, "exposure", "naive and retreated",
                    "a group given retreatment is called naive",
                    "correct exposure, or write comparator into therapy")


def reasons(d: Dataset) -> Iterator[Problem]:
    """What was derived or inferred says how, in the note."""
    rows = d[T]
    own = rows["kind"].isin(["derived", "inferred"])
    yield from flag(d, T, own & blank(rows["note"]), "note", "reason missing",
                    "the row is {kind} and does not say how",
                    "write the arithmetic or the reasoning into note")


RULES = (shared, spread, units, counts, prior_lines, index_values, parents, groups, reasons)
