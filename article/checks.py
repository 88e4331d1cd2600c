"""What this field asks of a study, its groups and its results: retreatment and refractoriness.

The criteria of selection are in `eligibility`; RULES holds both.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from article import eligibility
from review.checks import numbers
from review.checks.rule import WARNING, Dataset, flag
from review.dataset.printed import plain_cells
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED
from review.dataset.views import as_records


def whole(d: Dataset) -> Iterator[Problem]:
    """A study has a group of retreated patients."""
    arms, studies = d["arms"], d["studies"]
    retreated = arms.loc[arms["therapy"] == "retreatment", "study_id"]
    severity = d.lenient("studies")
    yield from flag(d, "studies", ~studies["study_id"].isin(retreated), "study_id",
                    "no retreated group", "{study_id} has no group of retreated patients",
                    "add one to arms.csv with therapy retreatment", severity)


def designs(d: Dataset) -> Iterator[Problem]:
    """Design and phase fit the setting; the retreated share stands where it is needed."""
    rows = d["studies"]
    trial = rows["setting"] == "clinical"
    of_trials = rows["design"].isin(["randomised", "single-arm"])
    yield from flag(d, "studies", trial != of_trials, "design", "design of another setting",
                    "a study of setting {setting} with design {design}",
                    "correct setting or design")
    share = rows["mixed_population"] == "share"
    yield from flag(d, "studies", share & rows["retreated_percent"].isna(), "retreated_percent",
                    "share missing", "the study is eligible by its share of retreated patients, "
                    "and the share is empty", "fill it in, or correct mixed_population")


def retreated(d: Dataset) -> Iterator[Problem]:
    """A result of the review is one of retreated patients."""
    rows = d.outcomes
    counted = rows["use"] == "synthesis"
    yield from flag(
        d, "outcomes", counted & rows["therapy"].isin(["index", "comparator", "any"]), "use",
        "not retreatment",
        "the result would count as one of retreatment, and its group {arm_id} is given as "
        "{therapy}", "write comparator or context into use, or correct therapy in arms.csv",
        therapy=rows["therapy"])
    yield from flag(
        d, "outcomes", counted & (rows["exposure"] == "naive"), "use", "not retreatment",
        "the result would count as one of retreatment, and its group {arm_id} is naive to "
        "anti-CD38 antibodies", "write comparator into use, or correct exposure in arms.csv")


def compared(d: Dataset) -> Iterator[Problem]:
    """A result that stands beside one of retreated patients is of the same report as that: of two
    reports it is compared with nothing."""
    rows = d.outcomes
    needed = ["study_id", "outcome", "statistic", "unit", "therapy", "use", "report_id"]
    rows = rows.loc[rows[SUPERSEDED].isna(), needed]
    other = pd.Series(pd.NA, index=d["outcomes"].index, dtype="string")
    reports: dict[tuple[str, ...], list[str]] = {}
    beside = {}
    for index, row in zip(rows.index, as_records(rows), strict=True):
        *subject, therapy, use, report = row.values()
        if (therapy, use) == ("comparator", "comparator"):
            beside[index] = tuple(subject), report
        elif (therapy, use) == ("retreatment", "synthesis") and report is not None:
            reports.setdefault(tuple(subject), []).append(report)
    for index, (group, report) in beside.items():
        own = reports.get(group, []) if None not in group else []
        if own and report not in own:
            other[index] = " and ".join(dict.fromkeys(own))
    yield from flag(d, "outcomes", other.notna(), "report_id", "compared with nothing",
                    "the comparator's {outcome} is of the report {report_id}, and that of the "
                    "retreated patients of {other}, so that the two are no longer set beside each "
                    "other", "if the new report gives both, write over both rows; else leave it: "
                    "the figure of comparisons leaves the pair out", WARNING, other=other)


def prior_lines(d: Dataset) -> Iterator[Problem]:
    """Retreated patients had a line before: a minimum of none was counted at the index line."""
    rows = d["characteristics"]
    none = ((rows["characteristic"] == "prior_lines")
            & ((rows["low"] < 1) | ((rows["value"] < 1) & (rows["statistic"] != "percent"))))
    again = rows["exposure_point"].isin(["retreatment", "next line"])
    yield from flag(d, "characteristics", none & again, "low", "no prior line",
                    "{printed!r}: patients with no prior line before a retreatment",
                    "write index into exposure_point, or correct the bracket")
    yield from flag(d, "characteristics", none & (rows["exposure_point"] == "not stated"),
                    "exposure_point", "no prior line",
                    "{printed!r}: retreated patients had at least one line before, so these were "
                    "probably counted before the index therapy",
                    "look in the source when they were counted and write it into exposure_point",
                    WARNING)


def index_values(d: Dataset) -> Iterator[Problem]:
    """A value of the index therapy is not one of retreatment."""
    rows = d["characteristics"]
    index = rows["exposure_point"] == "index"
    yield from flag(d, "characteristics", index & (rows["scope"] == "retreated"), "exposure_point",
                    "value of the index therapy",
                    "the value describes the retreated patients and was measured before the index "
                    "therapy", "write overall or subgroup into scope, or correct exposure_point")
    yield from flag(d, "characteristics", index & (rows["use"] == "synthesis"), "use",
                    "value of the index therapy",
                    "the value was measured before the index therapy and would stand among values "
                    "at retreatment", "write context into use, or correct exposure_point")


def refractory_share(d: Dataset) -> Iterator[Problem]:
    """A group's refractory share is as printed, and nobody naive is treated again."""
    rows = d["arms"]
    printed = plain_cells(rows["refractory_printed"])  # a decimal comma is one
    shown = printed.str.extract(r"(\d+(?:\.\d+)?)\s*%", expand=False)
    differs = shown.astype("Float64") != rows["refractory_percent"]
    yield from flag(d, "arms", shown.notna() & differs.fillna(True), "refractory_percent",
                    "print disagrees",
                    "{refractory_printed!r} is printed and {refractory_percent!r} is filled in",
                    "correct the one that is not as in the source")
    naive = (rows["therapy"] == "retreatment") & (rows["exposure"] == "naive")
    yield from flag(d, "arms", naive, "exposure", "naive and retreated",
                    "a group given retreatment is called naive",
                    "correct exposure, or write comparator into therapy")


def reference_years(d: Dataset) -> Iterator[Problem]:
    """A reference whose year is printed otherwise than it is says so; an abstract is of the year of
    its congress."""
    rows = d["references"]
    differs = (rows["year_printed"] != rows["year"]) & rows["printed_defect"].isna()
    yield from flag(d, "references", differs, "year_printed", "another year printed",
                    "{year_printed} is printed, and the reference is of {year}",
                    "correct one of them, or say in printed_defect what is printed wrongly")
    yield from flag(d, "references", rows["congress_year"] != rows["year"], "congress_year",
                    "another year than the congress",
                    "the congress was in {congress_year}, and the reference is of {year}",
                    "check both; if they are so, keep them", WARNING)


def facts_as_printed(d: Dataset) -> Iterator[Problem]:
    """The numbers of a fact stand in what is printed, unless that is in words."""
    rows = d["facts"]
    shown = plain_cells(rows["printed"]).str.findall(numbers.NUMBER)
    for column in ("value", "value_high"):
        given = rows[column].abs()
        other = [bool(texts) and pd.notna(one) and one not in map(float, texts)
                 for texts, one in zip(shown, given, strict=True)]
        yield from flag(d, "facts", pd.Series(other, index=rows.index), column, "print disagrees",
                        f"{{printed!r}} is printed and {{{column}}} is filled in",
                        "correct the one that is not as in the source")


def places_in_tables(d: Dataset) -> Iterator[Problem]:
    """The published studies of a setting, and the reports of a study, are counted from 1 on in the
    order of the article's tables."""
    for name, group in (("studies", "setting"), ("reports", "study_id")):
        rows = d[name][d.frozen(name)]
        counted = rows.groupby(group, observed=True)["table_position"].rank(method="first")
        wrong = (counted != rows["table_position"]).reindex(d[name].index, fill_value=False)
        yield from flag(d, name, wrong, "table_position", "place in a table",
                        "{table_position} leaves a gap or stands twice among the published rows of "
                        f"one {group}", "count the rows of the article's table from 1 on")


RULES = (*eligibility.RULES, whole, designs, retreated, compared, prior_lines, index_values,
         refractory_share, reference_years, facts_as_printed, places_in_tables)
