"""The quantities of an edition, each defined once and right on every edition: what a comparison of
two editions compares.

They follow from the vocabulary: studies and reports, and for each setting the known range of every
outcome and of every characteristic that has a sentence of its own, with who sets its ends. An
article adds its own (`Contents.quantities`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import pandas as pd

from review.audit.answers import keys
from review.audit.outcomes import outcome_rows
from review.dataset import states
from review.dataset.load import Review
from review.dataset.views import comparable, traits
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
            yield Quantity(f"{code}-{setting}-groups", f"{where}: groups with a known value",
                           f"{len(summary.values)} of {len(summary.reported)}",
                           keys(summary.reported))
            yield Quantity(f"{code}-{setting}-range", f"{where}: known range",
                           _range(summary.values), keys(summary.values))
            unreached = summary.of(states.NOT_REACHED)
            yield Quantity(f"{code}-{setting}-not-reached", f"{where}: not reached",
                           _studies(unreached), keys(unreached))


def _characteristics(r: Review) -> Iterator[Quantity]:
    words = r.contents.vocabulary
    for code, one in words.characteristics.items():
        if not one.label:
            continue
        for setting, noun in words.settings.items():
            rows = comparable(r, traits(r, code, setting))
            yield Quantity(f"{code}-{setting}-range", f"{one.label} in {noun.many}: known range",
                           _range(rows), keys(rows))


def _range(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "none known"
    rows = rows[["value", "unit", "printed", "study"]]
    ends = [rows[rows["value"] == value] for value in (rows["value"].min(), rows["value"].max())]
    texts = [f"{_amount(end.iloc[0])} ({_studies(end)})" for end in ends]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _amount(row: pd.Series) -> str:
    printed = None if pd.isna(row["printed"]) else str(row["printed"])
    return amount(row["value"], str(row["unit"]), printed)


def _studies(rows: pd.DataFrame) -> str:
    # sorted: a row that is carried over stands behind those that stay
    return listed(sorted(set(map(str, rows["study"])))) or "none"
