"""The quantities of an edition, each defined once and right on every edition: what a comparison of
two editions compares.

They follow from the vocabulary: studies and reports, and for each setting the known range of every
outcome and of every characteristic that has a sentence of its own, with who sets its ends. An
article adds its own (`Contents.quantities`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from review.audit.answers import keys, record_keys
from review.audit.outcomes import at_ends, outcome_rows
from review.dataset import states
from review.dataset.load import Review
from review.dataset.views import Record, comparable, trait_records
from review.wording import amount, listed


@dataclass(frozen=True)
class Quantity:
    """A count or range of an edition.

    quantity_id: the same on every edition. what: what it is, in words. text: its value with units
    and owners; "none known" where no row holds a value. rows: names of the rows it rests on.
    """

    quantity_id: str
    what: str
    text: str
    rows: tuple[str, ...]


@lru_cache(maxsize=4)  # one edition is compared with several, such as the dry runs of a folder
def evaluate(r: Review) -> tuple[Quantity, ...]:
    """Every quantity of an edition, in the order of the vocabulary, then those of the article."""
    return (
        Quantity("studies", "Included studies", f"{len(r.studies):,}", keys(r.studies)),
        Quantity("reports", "Included reports", f"{len(r.reports):,}", keys(r.reports)),
        *_outcomes(r), *_characteristics(r),
        *(one for module in r.contents.quantities for one in import_module(module).quantities(r)))


def _outcomes(r: Review) -> Iterator[Quantity]:
    words = r.contents.vocabulary
    included = {setting: keys(r.studies[r.studies["setting"] == setting])
                for setting in words.settings}
    for code, outcome in words.outcomes.items():
        if not outcome.synthesised:
            continue  # kept as context: a count of the results of the review would say "none"
        for setting, noun in words.settings.items():
            summary = outcome_rows(r, code, setting)
            where = f"{words.measure(code)} in {noun.many}"
            rows = summary.keys
            yield Quantity(f"{code}-{setting}-studies", f"{where}: studies that report it",
                           f"{summary.reporting_studies} of {summary.studies}",
                           tuple(dict.fromkeys([*rows, *included[setting]])))
            values, unreached = summary.said(states.VALUE), summary.said(states.NOT_REACHED)
            yield Quantity(f"{code}-{setting}-groups", f"{where}: groups with a known value",
                           f"{len(values)} of {len(summary.told)}", record_keys(summary.told))
            yield Quantity(f"{code}-{setting}-range", f"{where}: known range",
                           _range(values), record_keys(values))
            yield Quantity(f"{code}-{setting}-not-reached", f"{where}: not reached",
                           _studies(unreached), record_keys(unreached))


def _characteristics(r: Review) -> Iterator[Quantity]:
    words = r.contents.vocabulary
    for code, one in words.characteristics.items():
        if not one.label:
            continue
        for setting, noun in words.settings.items():
            rows = comparable(r, trait_records(r, code, setting))
            yield Quantity(f"{code}-{setting}-range", f"{one.label} in {noun.many}: known range",
                           _range(rows), record_keys(rows))


def _range(rows: Sequence[Record]) -> str:
    if not rows:
        return "none known"
    texts = [f"{amount(end[0]['value'], end[0]['unit'], end[0]['printed'])} ({_studies(end)})"
             for end in at_ends(rows)]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _studies(rows: Sequence[Record]) -> str:
    # sorted: a row that is carried over stands behind those that stay
    return listed(sorted({row["study"] for row in rows})) or "none"
