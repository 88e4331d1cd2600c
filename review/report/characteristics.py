"""A sentence about one characteristic over the studies of a setting, for the edition rendered.

The unit is the study, by its lead report; medians alone enter the range, and limits, what is not
reported and studies without a row are counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from review.audit.conclusions import Link, as_text
from review.audit.outcomes import at_ends
from review.dataset.load import Review
from review.dataset.states import (
    LIMITS,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_REPORTED,
    NOT_TRANSCRIBED,
    VALUE,
)
from review.dataset.views import Record, comparable, trait_records
from review.markdown import escape
from review.wording import amount, between, counted, listed, share

# why a study has no median in the range; what comes first is told where rows of a study differ
OUTSIDE = {
    LIMITS: "only a limit is known", NOT_TRANSCRIBED: "it is reported and not transcribed",
    NOT_REACHED: "it was not reached", NOT_ESTIMABLE: "it could not be estimated",
    VALUE: "another measure is given",
}


def range_sentence(r: Review, code: str, setting: str, claim: str | None = None,
                   link: Link = as_text) -> str:
    """Range of a characteristic over the studies of a setting, with who sets each end.

    claim: the statement of the article that the range restates.
    """
    vocabulary = r.contents.vocabulary
    words, noun = vocabulary.characteristics[code], vocabulary.settings[setting]
    rows = trait_records(r, code, setting)
    values = comparable(r, rows)
    included = r.studies[r.studies["setting"] == setting]
    of = share(len({row["study_id"] for row in values}), len(included), noun.one, noun.many)
    if included.empty:
        return f"{words.label}: no {noun.one} is included."
    others = _others(rows, values, included)
    if not values:
        return f"{words.label} is known for {of}{others}."
    lowest, highest = at_ends(values)
    low, high = lowest[0]["value"], highest[0]["value"]
    span = f"{amount(low, words.unit)} ({_owners(lowest)})"
    if low != high:
        span = f"from {span} to {amount(high, words.unit)} ({_owners(highest)})"
    ran = "was" if low == high else "ran"
    span = link(claim, span) if claim else escape(span)
    return f"{words.label} {ran} {span} in {of}{others}."


def _owners(rows: Sequence[Record]) -> str:
    return listed(list(dict.fromkeys(row["study"] for row in rows)))


def _others(rows: Sequence[Record], values: Sequence[Record], included: pd.DataFrame) -> str:
    """The studies that are not in the range, by why."""
    left = included[~included["study_id"].isin([row["study_id"] for row in values])]
    states: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for row in rows:
        states.setdefault(row["study_id"], []).append((row["state"], row))
    names: dict[str, list[str]] = {}
    for study, label in zip(left["study_id"], left["label"], strict=True):
        own = dict(reversed(states.get(study, [])))
        kind = next((kind for kind in OUTSIDE if kind in own), NOT_REPORTED)
        limit = f" ({_limit(own[kind])})" if kind == LIMITS else ""
        names.setdefault(kind, []).append(escape(str(label)) + limit)
    parts = [f"for {listed(names[kind])} {words}" for kind, words in OUTSIDE.items()
             if kind in names]
    if silent := names.get(NOT_REPORTED):
        verb = "report" if len(silent) > 1 else "reports"
        parts.append(f"{counted(len(silent), 'study', 'studies')} {verb} none ({listed(silent)})")
    return "; " + "; ".join(parts) if parts else ""


def _limit(row: Mapping[str, Any]) -> str:
    """A limit in words: "at most 53 months", "more than 3 lines"; both limits as a range."""
    low, high, unit = row["bound_low"], row["bound_high"], str(row["unit"])
    if pd.isna(low):
        return f"at most {amount(high, unit)}"
    if pd.isna(high):
        return f"more than {amount(low, unit)}"
    return between(low, high, unit)
