"""Sentences about one outcome in one setting, built for the edition rendered.

Whose value it is (study, group, design, citation), how many patients, with which interval, how many
of which unit: all of it comes from the rows, and nothing of one study stands in a sentence about
another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from review.audit.conclusions import Link, as_text
from review.audit.outcomes import OutcomeRows, outcome_rows
from review.dataset import states
from review.dataset.load import Review
from review.dataset.printed import ends
from review.markdown import escape
from review.wording import (
    amount,
    capital,
    counted,
    decimals_of,
    listed,
    patients,
    reports,
    share,
    word,
)

NO_LINKS: Mapping[str, str] = {}


def paragraph(r: Review, outcome: str, setting: str, claims: Mapping[str, str] = NO_LINKS,
              link: Link = as_text) -> str:
    """What the edition's rows say of an outcome in a setting, as Markdown.

    claims: the statement of the article that a part restates, by part: reported, sizes, low, high.
    link: makes words a quote of that statement.
    """
    summary = outcome_rows(r, outcome, setting)
    quote = _Quote(claims, link)
    label = r.contents.vocabulary.measure(outcome)
    if summary.reported.empty:
        return f"{label} is reported for {_of_studies(r, summary)}."
    sentences = [_reported(r, summary, inside(label), quote), *_values(summary, quote),
                 *_without_value(summary)]
    return " ".join(sentences)


def inside(measure: str) -> str:
    """What is measured, as it stands inside a sentence: "median PFS", "ORR"."""
    return measure[0].lower() + measure[1:] if measure.startswith("Median") else measure


def short_range(r: Review, outcome: str, setting: str) -> str:
    """Lowest and highest known value with their owners, as the rest of a clause for an abstract:
    "ranged from 2.2 months (ICARIA-MM) to 19.4 months (TRIMM-2), known for three of six groups"."""
    summary = outcome_rows(r, outcome, setting)
    known = summary.of(states.VALUE)
    if summary.reported.empty:
        return "is not reported"
    groups = share(len(known), len(summary.reported), "group", "groups")
    if known.empty:
        return f"is reported for {counted(len(summary.reported), 'group', 'groups')} and known " \
            "for none"
    low, high = summary.low, summary.high
    lowest = f"{_amount(low.iloc[0])} ({_studies(low)})"
    if low["value"].iloc[0] == high["value"].iloc[0]:
        return f"was {lowest}, known for {groups}"
    return (f"ranged from {lowest} to {_amount(high.iloc[0])} ({_studies(high)}), known for "
            f"{groups}")


class _Quote:
    """Words of a part, as a quote of the statement that the part restates, if there is one."""

    def __init__(self, claims: Mapping[str, str], link: Link):
        self.claims, self.link = claims, link

    def __call__(self, part: str, words: str) -> str:
        return self.link(self.claims[part], words) if part in self.claims else escape(words)


def _reported(r: Review, summary: OutcomeRows, label: str, quote: _Quote) -> str:
    groups = counted(len(summary.reported), "group", "groups")
    sizes = summary.sizes
    stated = sizes.dropna()
    told = (f"{quote('reported', capital(_of_studies(r, summary)))} "
            f"{reports(summary.reporting_studies)} {label}, in {groups}")
    if stated.empty:
        return f"{told} whose sizes are not stated." if len(sizes) > 1 else \
            f"{told} whose size is not stated."
    smallest, largest = int(stated.min()), int(stated.max())
    span = f"{smallest:,}" if smallest == largest else f"{smallest:,} to {largest:,}"
    told += f" of {quote('sizes', span)} {'patient' if largest == 1 else 'patients'}"
    missing = len(sizes) - len(stated)
    if missing:
        told += f" (size not stated for {counted(missing, 'group', 'groups')})"
    return f"{told}."


def _of_studies(r: Review, summary: OutcomeRows) -> str:
    noun = r.contents.vocabulary.settings[summary.setting]
    if not summary.studies:
        return f"no {noun.one}, as none is included"
    return share(summary.reporting_studies, summary.studies, noun.one, noun.many)


def _values(summary: OutcomeRows, quote: _Quote) -> list[str]:
    """The sentences on the known values: how many, the lowest and the highest with their owners."""
    known = summary.of(states.VALUE)
    if known.empty:
        return ["No value is known."]
    low, high = summary.low, summary.high
    if len(known) == 1:
        return [f"One value is known: {_owned(summary, low, quote, 'low')}."]
    many = counted(len(known), "value", "values")
    start = f"{capital(many)} are known"
    if low["value"].iloc[0] == high["value"].iloc[0]:
        return [f"{start}, all of them {_owned(summary, low, quote, 'low')}."]
    return [f"{start}.", f"The lowest is {_owned(summary, low, quote, 'low')}.",
            f"The highest is {_owned(summary, high, quote, 'high')}."]


def _owned(summary: OutcomeRows, rows: pd.DataFrame, quote: _Quote, part: str) -> str:
    """A value with every group that has it."""
    value = quote(part, _amount(rows.iloc[0]))
    owners = [f"in {_owner(summary, row)}" for row in rows.to_dict("records")]
    return f"{value} {listed(owners)}"


def _owner(summary: OutcomeRows, row: Mapping[str, Any]) -> str:
    """The group that a value belongs to: study, design, group where the study has several,
    interval, patients, and the report that gives it."""
    several = (summary.rows["study_id"] == row["study_id"]).sum() > 1
    details = [escape(str(row["design"])),
               *([f"group “{escape(str(row['arm']))}”"] if several else []), *_precision(row)]
    cited = "" if pd.isna(row["citekey"]) else f" [@{row['citekey']}]"
    return f"{escape(str(row['study']))} ({'; '.join(details)}){cited}"


def _precision(row: Mapping[str, Any]) -> list[str]:
    """Interval and patients of a value, as far as they are known."""
    parts = []
    if row["ci_status"] == "value":
        parts.append(f"{row['ci_level']:g}% CI {' to '.join(ends(row))}")
    if pd.notna(row["n"]) and pd.notna(row["n_total"]) \
            and not states.other_denominator(row):
        parts.append(f"{row['n']:,} of {patients(row['n_total'])}")
    elif pd.notna(row["n_total"]):
        parts.append(patients(row["n_total"]))
    return parts


def _without_value(summary: OutcomeRows) -> list[str]:
    """The sentences on groups without a value, each kind by itself."""
    limits = summary.of(states.LIMITS)
    sentences = []
    if len(limits):
        groups = counted(len(limits), "group", "groups")
        sentences.append(f"For {groups} only limits are known: {_limits(limits)}.")
    for state, words in ((states.NOT_REACHED, "It was not reached in"),
                         (states.NOT_ESTIMABLE, "It could not be estimated in"),
                         (states.NOT_TRANSCRIBED, "It is reported and not transcribed for"),
                         (states.NOT_REPORTED, "It is not reported for")):
        rows = summary.of(state)
        if len(rows):
            groups = counted(len(rows), "group", "groups")
            sentences.append(f"{words} {groups} ({_studies(rows)}).")
    return sentences


def _limits(rows: pd.DataFrame) -> str:
    """Limits with the studies that share them, in the order of the dataset."""
    same = rows.groupby([rows["bound_low"].astype("Float64"), rows["bound_high"].astype("Float64")],
                        sort=False, dropna=False)
    return "; ".join(f"{_between(part.iloc[0])} for {_studies(part)}" for _, part in same)


def _between(row: Any) -> str:
    low, high, unit = row["bound_low"], row["bound_high"], row["unit"]
    if pd.isna(low):
        return f"at most {amount(high, unit)}"
    if pd.isna(high):
        return f"at least {amount(low, unit)}"
    if low == high:  # a single count is left: still a limit, in no range
        return f"{amount(low, unit)}, the one value that fits,"
    decimals = max(decimals_of(low), decimals_of(high))
    mark = "%" if unit == "percent" else f" {unit}"
    return f"between {low:.{decimals}f} and {high:.{decimals}f}{mark}"


def _studies(rows: pd.DataFrame) -> str:
    """The studies of groups; how many groups, where a study has several of them."""
    counts = rows["study"].value_counts(sort=False)
    return listed([escape(str(study)) if n == 1 else f"{word(n)} groups of {escape(str(study))}"
                   for study, n in counts.items()])


def _amount(row: Any) -> str:
    printed = None if pd.isna(row["printed"]) else row["printed"]
    return amount(row["value"], row["unit"], printed)
