"""Response with exact and Wilson intervals, and every group that has none with the reason."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from article.figures import narrow_synthesis
from article.figures.limits import limits_text
from article.figures.results import refractoriness, shown
from article.figures.words import counted, listed
from review.audit.displays import Figure
from review.audit.intervals import clopper_pearson, wilson
from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.states import LIMITS, VALUE
from review.dataset.views import Record, as_frame, as_records
from review.synthesis.knowledge import Knowledge, knowledge
from review.wording import listed as names

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "Response with intervals where events and patients are known"
DESIGNS = ("randomised", "single-arm", "prospective", "retrospective")
REFRACTORY = ("all refractory", "part refractory", "not refractory", "not reported")
NOT_PUBLISHED = "not published"
COLUMNS = ["position", "block", "study_id", "study", "ref", "arm_id", "arm", "setting", "design",
           "refractoriness", "class", "value", "events", "total", "least", "most", "low", "high",
           "wilson_low", "wilson_high", "text", "reason", "appraised", "outcome", "outcome_id",
           "source_id", "locator"]
UNCOUNTED = "No interval: events or patients are not known"


@lru_cache(maxsize=8)
def response_rows(r: Review) -> pd.DataFrame:
    """One row a group that reports a response rate, in percent, with its class of knowledge.

    Classes A and B: by design, refractoriness and rate, with the exact (low, high) and the Wilson
    interval; then all the others, with the reason why they have none and the counts (least, most)
    that their limits allow. appraised: what is published of the appraisal, item by item.
    """
    records = []
    for setting in r.contents.vocabulary.settings:
        for row in outcome_rows(r, "orr", setting).records:
            found = knowledge(row)
            if found is not None:
                records.append(_record(row, found))
    records.sort(key=_order)
    for position, record in enumerate(records, start=1):
        record["position"] = position
    whole = ["position", "ref", "events", "total", "least", "most"]
    numbers = ["value", "low", "high", "wilson_low", "wilson_high"]
    kinds = dict.fromkeys(whole, "Int64") | dict.fromkeys(numbers, "Float64")
    return as_frame(records, COLUMNS, kinds)


def _order(record: Record) -> tuple[Any, ...]:
    counted_first = record["block"] == UNCOUNTED
    design = DESIGNS.index(record["design"]) if record["design"] in DESIGNS else len(DESIGNS)
    value = -(record["value"] if record["value"] is not None else -1.0)
    return (counted_first, design, REFRACTORY.index(record["refractoriness"]), value)


def _record(row: Record, found: Knowledge) -> Record:
    record = {**dict.fromkeys(COLUMNS), **{name: row.get(name) for name in COLUMNS}}
    record |= {
        "class": found.letter, "events": found.events, "total": found.total,
        "least": found.least, "most": found.most, "appraised": NOT_PUBLISHED,
        "refractoriness": refractoriness(row["refractory_percent"], row["exposure"]),
    }
    if found.events is None or found.total is None or found.total < 1:
        return record | {"block": UNCOUNTED, "reason": _reason(row, found),
                         "text": _known_part(row, found)}
    exact, score = (interval(found.events, found.total) for interval in (clopper_pearson, wilson))
    rate = 100 * found.events / found.total
    printed = shown(row["value"], row["printed"]) if row["value"] is not None else f"{rate:.1f}"
    return record | {
        "block": row["design"], "value": rate if row["value"] is None else row["value"],
        "low": round(exact.low, 1), "high": round(exact.high, 1),
        "wilson_low": round(score.low, 1), "wilson_high": round(score.high, 1),
        "text": f"{printed}% ({found.events}/{found.total})"}


def _reason(row: Record, found: Knowledge) -> str:
    """Why a group has no interval."""
    if found.letter == "C":
        return "size not stated" if found.total is None else "several counts fit the rate"
    if found.letter == "D":
        return "only limits of the rate" if row["state"] == LIMITS else "rate not transcribed"
    return "neither size nor rate assigned"


def _known_part(row: Record, found: Knowledge) -> str:
    """What is known instead."""
    if row["state"] == VALUE:
        return f"{shown(row['value'], row['printed'])}%"
    limits = "" if row["bound_low"] is None and row["bound_high"] is None else \
        f"{limits_text(row['bound_low'], row['bound_high'])}%"
    if found.letter == "D":
        counts = f"{found.least}–{found.most}/{found.total}"
        return f"{counts}; {limits}" if limits else counts
    return limits or "nothing"


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: the rates with their exact intervals, and the groups without."""
    if rows.empty:
        return f"{TITLE}: no group of this edition has the result."
    records = as_records(rows)
    with_counts = [row for row in records if row["block"] != UNCOUNTED]
    told = [f"{row['study']} {row['text']}, exact 95% CI {row['low']:.1f} to {row['high']:.1f}"
            for row in with_counts]
    rest = [f"{row['study']} ({row['reason']}; {row['text']})" for row in records
            if row["block"] == UNCOUNTED]
    text = f"{TITLE}: {counted(len(with_counts), 'group')} of {counted(len(records), 'group')}."
    if told:
        text += f" {listed(told)}."
    return text + (f" Without interval: {listed(rest)}." if rest else "")


def finding(rows: pd.DataFrame) -> str:
    """How many groups have an interval, and the ends of their rates with the owners."""
    records = as_records(rows)
    known = sorted((row for row in records if row["block"] != UNCOUNTED),
                   key=lambda row: row["value"])
    if not known:
        return ""
    ends = []
    for value in dict.fromkeys((known[0]["value"], known[-1]["value"])):
        owners = [row for row in known if row["value"] == value]
        printed = owners[0]["text"].partition("%")[0]
        ends.append(f"{printed}% ({names([row['study'] for row in owners])})")
    return (f"Overall response rate: {' to '.join(ends)}. The {len(known)} of "
            f"{counted(len(records), 'group')} with known events and patients have an interval.")


def draw(rows: pd.DataFrame) -> Drawing:
    """The forest of the rows."""
    from article.figures import theme
    from article.figures.response_forest import draw as forest

    with theme.style():
        return theme.nothing() if rows.empty else forest(rows)


response = Figure("fig-response", TITLE, response_rows, draw, describe, {
    "arm": "", "class": "class ", "text": "", "reason": "", "low": "exact 95% CI ",
    "high": " to ", "wilson_low": "Wilson ", "wilson_high": " to ", "appraised": "appraisal "},
    finding=finding, narrow=narrow_synthesis.response)
