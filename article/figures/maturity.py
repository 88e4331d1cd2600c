"""Medians against follow-up on the same clock, and the medians that have none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from article.figures import narrow_synthesis
from article.figures.results import OF_STUDY, follow_up, shown
from article.figures.words import counted, listed
from article.vocabulary import VOCABULARY
from review.audit.displays import Figure
from review.audit.intervals import symmetric
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.printed import ends
from review.dataset.states import VALUE
from review.dataset.views import Record, as_frame, as_records

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "Medians against follow-up on the same clock"
SURVIVAL = [code for code, one in VOCABULARY.outcomes.items() if one.survival]
SAME, WHOLE, OTHER, UNSTATED = (
    "from the start of the retreatment",
    "follow-up of the whole study, of which the group is a part",
    "follow-up of another line or with another start",
    "follow-up not stated")
# of whom the study's follow-up is that of the retreated patients: they are the study
OWN_POPULATION = ("all", "share")
COLUMNS = ["position", "study_id", "study", "ref", "arm_id", "arm", "setting", "outcome", "n_total",
           "value", "low", "high", "interval", "form", "follow_up", "clock", "immature", "text",
           "outcome_id", "source_id", "locator"]


def maturity_rows(r: Review) -> pd.DataFrame:
    """Every known median of PFS and OS of retreated groups, in months, with its follow-up.

    clock: of the follow-up. It is the median's own only where the study consists of the retreated
    patients, or reports them as one with the others; where the group is a part of the study, the
    follow-up is that of all and may start elsewhere. immature: the median lies beyond a follow-up
    on its own clock; <NA> on any other. form: what the reported interval looks like: symmetric
    about the median, cut at zero, open, not symmetric, or not known.
    """
    records = []
    for outcome in SURVIVAL:
        for setting in VOCABULARY.settings:
            rows = outcome_rows(r, outcome, setting).said(VALUE)
            records += [_record(r, row) for row in rows]
    records.sort(key=lambda one: (one["clock"] != SAME, SURVIVAL.index(one["outcome"]),
                                  one["value"], str(one["study"])))
    for position, record in enumerate(records, start=1):
        record["position"] = position
    kinds: dict[str, str] = dict.fromkeys(["position", "ref", "n_total"], "Int64")
    kinds |= dict.fromkeys(["value", "low", "high", "follow_up"], "Float64")
    return as_frame(records, COLUMNS, kinds | {"immature": "boolean"})


def _record(r: Review, row: Record) -> Record:
    told, months = follow_up(r, row)
    if months is None:
        clock = WHOLE if told.endswith(OF_STUDY) else UNSTATED
    elif row["time_zero"] is not None:
        clock = OTHER
    else:
        clock = SAME if row["mixed_population"] in OWN_POPULATION else WHOLE
    printed = f"{shown(row['value'], row['printed'])}"
    return {
        **{name: row.get(name) for name in COLUMNS},
        "low": row["ci_low"], "high": row["ci_high"], "interval": _interval(row),
        "form": interval_form(row), "follow_up": months, "clock": clock,
        "immature": row["value"] > months if clock == SAME and months is not None else None,
        "text": printed}


def _interval(row: Record) -> str:
    if row["ci_status"] != "value":
        return str(row["ci_status"])
    return " to ".join(ends(row))


def interval_form(row: Record) -> str:
    """What the interval of a median looks like: the usual one is not symmetric and not cut."""
    if row["ci_status"] != "value":
        return "not known"
    if row["ci_high"] is None:
        return "open above"
    if row["ci_low"] == 0:
        return "cut at zero or touching it"
    return "symmetric" if symmetric(row["value"], row["ci_low"], row["ci_high"]) \
        else "not symmetric"


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: medians within and beyond the follow-up, and those on other clocks."""
    records = as_records(rows)
    placed = [row for row in records if row["clock"] == SAME]
    text = (f"{TITLE}, in months: {counted(len(placed), 'median')} of "
            f"{counted(len(records), 'known median')}.")
    for immature, words in ((True, "Beyond the follow-up"), (False, "Within it")):
        part = [f"{row['study']} {VOCABULARY.outcome_label(row['outcome'])} {row['text']} after "
                f"{row['follow_up']:g}" for row in placed if row["immature"] is immature]
        if part:
            text += f" {words}: {listed(part)}."
    rest = [f"{row['study']} {VOCABULARY.outcome_label(row['outcome'])} {row['text']}, "
            f"{row['clock']}" for row in records if row["clock"] != SAME]
    return text + (f" Not in the plot: {listed(rest)}." if rest else "")


def finding(rows: pd.DataFrame) -> str:
    """How many medians that share a clock with their follow-up lie beyond it, and whose."""
    placed = [row for row in as_records(rows) if row["clock"] == SAME]
    if not placed:
        return ""
    beyond = [f"{row['study']} ({VOCABULARY.outcome_label(row['outcome'])} {row['text']} months, "
              f"follow-up {row['follow_up']:g})" for row in placed if row["immature"]]
    told = f": {listed(beyond)}" if beyond else ""
    return (f"Of {counted(len(placed), 'median')} with follow-up on the same clock, {len(beyond)} "
            f"{'lies' if len(beyond) == 1 else 'lie'} beyond that follow-up{told}.")


def draw(rows: pd.DataFrame) -> Drawing:
    """The medians on their own clock, with the line on which median and follow-up are equal."""
    from article.figures import theme
    from article.figures.scatter import draw as scatter

    placed = in_the_plot(rows).assign(name=rows["study"])
    with theme.style():
        return theme.nothing() if placed.empty else scatter(placed)


def in_the_plot(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a place in the plot."""
    return rows[rows["clock"] == SAME]


COLUMNS_SHOWN: dict[str, Any] = {"arm": "", "outcome": "", "n_total": "N ", "text": "median ",
                                 "interval": "95% CI ", "form": "", "follow_up": "follow-up ",
                                 "clock": ""}
maturity = Figure("fig-maturity", TITLE, maturity_rows, draw, describe, COLUMNS_SHOWN,
                  finding=finding, placed=in_the_plot,
                  narrow=partial(narrow_synthesis.maturity, clock=SAME))
