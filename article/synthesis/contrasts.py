"""Comparisons within studies: retreated patients beside others of the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

import pandas as pd

from article.vocabulary import VOCABULARY
from review.audit.answers import record_keys
from review.audit.quantities import Quantity
from review.dataset.load import Review
from review.dataset.states import LIMITS, NOT_REACHED, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record, as_frame, as_records, result_records
from review.synthesis.difference import newcombe
from review.synthesis.knowledge import knowledge
from review.synthesis.ranges import value_text
from review.wording import amount, listed

HIGHER, LOWER, EQUAL, OPEN = "higher", "lower", "equal", "not known"
UNSTATED = "not stated"
# groups that are not separate, or may not be, make no interval
SEPARATE = ("separate", "nested")
# what two groups that stand beside each other share
PAIRED_BY = ("study_id", "outcome", "statistic", "unit", "report_id", "time_zero")
COLUMNS = ["position", "study_id", "study", "design", "status", "outcome", "group", "beside",
           "value", "size", "value_beside", "size_beside", "direction", "difference", "interval",
           "pairing", "caveat", "outcome_id", "source_id", "locator"]


@lru_cache(maxsize=8)  # a review is compared by identity; callers read, never write
def contrast_rows(r: Review) -> pd.DataFrame:
    """One row a retreated group and the group beside it, in the order of the dataset.

    A pair shares study, report, outcome, its usual statistic and time zero; one side has
    retreatment, the other another therapy, or patients naive to it. direction: of the retreated
    group against the other.
    difference: in months or percentage points; interval: 95%, where both rates have events and
    patients and the groups are separate. status: synthesis, or context for results beside the
    review and for a study that is not included.
    """
    rows = [row for row in result_records(r)
            if row["state"] in (VALUE, NOT_TRANSCRIBED, LIMITS, NOT_REACHED)
            # a ratio compares two groups already, and rates of two times are not told apart
            and row["statistic"] == VOCABULARY.statistic(row["outcome"])]
    included = dict(zip(r.studies["label"], r.studies["study_id"], strict=True))
    notes = _notes(r, included)
    records = []
    for beside in rows:
        if beside["therapy"] != "comparator" or beside["use"] not in ("comparator", "context"):
            continue
        wanted = "context" if beside["use"] == "context" else "synthesis"
        for row in rows:
            if (row["therapy"], row["use"]) != ("retreatment", wanted) \
                    or any(row[name] != beside[name] for name in PAIRED_BY):
                continue
            note = notes.get((str(row["study_id"]), row["outcome"]))
            records.append(_pair(row, beside, note))
    facts = {fact["fact_id"]: fact for fact in as_records(r.facts)}
    records += [_from_facts(note, facts) for note in as_records(r.contrasts)
                if note["fact_id"] is not None and note["label"] not in included
                and {note["fact_id"], note["fact_beside"]} <= set(facts)]
    for position, record in enumerate(records, start=1):
        record["position"] = position
    return as_frame(records, COLUMNS,
                    dict.fromkeys(["position", "size", "size_beside"], "Int64"))


def quantities(r: Review) -> Iterator[Quantity]:
    """The comparisons within included studies, by outcome: one that a new report tears apart or
    adds is told beside the counts and ranges."""
    rows = [row for row in as_records(contrast_rows(r)) if row["study_id"] is not None]
    everything = result_records(r)
    for code, outcome in VOCABULARY.outcomes.items():
        if not outcome.synthesised:
            continue
        own = Counter(row["study"] for row in rows if row["outcome"] == code)
        told = [study if n == 1 else f"{study} ({n})" for study, n in sorted(own.items())]
        yield Quantity(f"{code}-comparisons", f"{outcome.label}: comparisons within studies",
                       listed(told) or "none",
                       record_keys(row for row in everything if row["outcome"] == code))


def _notes(r: Review, included: dict[str, str]) -> dict[tuple[str, str], Record]:
    """What is noted of the groups of an included study, by study and outcome. Of a study that was
    quoted as context and is included by now, how the groups came about stands; the rest was said of
    a study outside the review."""
    notes: dict[tuple[str, str], Record] = {}
    for note in as_records(r.contrasts):
        study = note["study_id"]
        if study is None and note["label"] in included:
            study, note = included[note["label"]], note | {"caveat": UNSTATED}
        notes[str(study), note["outcome"]] = note
    return notes


def allotted_by_chance(r: Review) -> list[str]:
    """The included studies with a comparison of groups that were allotted by chance."""
    rows = contrast_rows(r)
    return list(dict.fromkeys(rows.loc[(rows["pairing"] == "randomised")
                                       & rows["study_id"].notna(), "study"]))


def _pair(row: Record, beside: Record, note: Record | None) -> Record:
    pairing = UNSTATED if note is None else str(note["pairing"])
    record = {
        "study_id": row["study_id"], "study": row["study"], "design": row["design"],
        "status": row["use"], "outcome": row["outcome"], "group": row["arm"],
        "beside": beside["arm"], "value": _told(row), "value_beside": _told(beside),
        "size": row["n_total"], "size_beside": beside["n_total"], "pairing": pairing,
        "caveat": UNSTATED if note is None else note["caveat"], "direction": OPEN,
        "difference": None, "interval": None, "outcome_id": row["outcome_id"],
        "source_id": row["source_id"], "locator": row["locator"]}
    if direction := _longer(row, beside):
        record["direction"] = direction
    if row["state"] == beside["state"] == VALUE:
        record |= _difference(record["value"], record["value_beside"], str(row["unit"]))
        record["interval"] = _interval(row, beside, pairing)
    return record


def _longer(row: Record, beside: Record) -> str | None:
    """Which of two medians is longer, where one was reached and the other is known not to have been
    by then; None where that decides nothing."""
    for unreached, reached, direction in ((row, beside, HIGHER), (beside, row, LOWER)):
        if (unreached["state"], reached["state"]) == (NOT_REACHED, VALUE):
            least = unreached["bound_low"]
            if least is not None and float(least) >= float(reached["value"]):
                return direction
    return None


def _told(row: Record) -> str:
    return value_text(row) if row["state"] == VALUE else str(row["state"])


def _difference(value: str, beside: str, unit: str) -> Record:
    """How far one amount lies from another, with as many decimals as the finer of them."""
    gap = _number(value) - _number(beside)
    direction = EQUAL if gap == 0 else HIGHER if gap > 0 else LOWER
    sign = "" if gap == 0 else "+" if gap > 0 else "−"
    size = amount(float(abs(gap)), "points" if unit == "percent" else unit, str(abs(gap)))
    return {"direction": direction, "difference": f"{sign}{size}"}


def _number(text: str) -> Decimal:
    return Decimal(text.partition(" ")[0].removesuffix("%"))


def _interval(row: Record, beside: Record, pairing: str) -> str | None:
    """Newcombe's interval for two rates of separate groups; why there is none for other rates."""
    if row["unit"] != "percent":
        return None
    if pairing not in SEPARATE:
        return "no CI: paired" if pairing == "paired" else "no CI: pairing not known"
    first, second = knowledge(row), knowledge(beside)
    if not (first and second and first.counted and second.counted):
        return "no CI: counts not known"
    found = newcombe(first.events or 0, first.total or 0, second.events or 0, second.total or 0)
    return f"{_signed(found.low)} to {_signed(found.high)}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.0f}"


def _from_facts(note: Record, facts: Mapping[str, Record]) -> Record:
    """A pair of a study that is not included, from quoted facts."""
    first, second = facts[note["fact_id"]], facts[note["fact_beside"]]
    unit = str(first["unit"])
    value, beside = (amount(float(fact["value"]), unit, str(fact["printed"]).removesuffix("%"))
                     for fact in (first, second))
    return {
        "study_id": None, "study": note["label"], "design": str(note["pairing"]),
        "status": "not included", "outcome": note["outcome"],
        "group": "with the antibody", "beside": "without it",
        "size": None, "size_beside": None, "pairing": note["pairing"],
        "caveat": note["caveat"], "interval": None, "outcome_id": None,
        "source_id": note["source_id"], "locator": note["locator"],
        "value": value, "value_beside": beside, **_difference(value, beside, unit)}


def outcome_of(code: str) -> str:
    """Name of an outcome for a column."""
    return VOCABULARY.outcome_label(code)
