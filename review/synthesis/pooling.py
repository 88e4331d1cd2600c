"""A pooled rate, behind its gate, with what has to stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from review.audit.outcomes import OutcomeRows
from review.dataset.views import Record
from review.synthesis import binomial_normal, logit_reml
from review.synthesis.binomial_normal import Fit, NotEstimable
from review.synthesis.gate import Gate, gate, named_ends
from review.synthesis.identified import IdentifiedSet, identified
from review.synthesis.knowledge import Knowledge, knowledge
from review.synthesis.logit_reml import LogitSummary


@dataclass(frozen=True, eq=False)
class Stratum:
    """Groups of one outcome that are looked at together.

    name: of the stratum. rows: the groups that report the outcome, of `views.result_records`.
    known: what is known of each, in their order. gate, identified: see there.
    """

    name: str
    rows: Sequence[Record]
    known: tuple[Knowledge, ...]
    gate: Gate
    identified: IdentifiedSet

    @property
    def counted(self) -> list[Knowledge]:
        """What is known of the groups with events and patients."""
        return [one for one in self.known if one.counted]


@dataclass(frozen=True)
class Pooled:
    """A pooled rate: by maximum likelihood, and by REML on the logit scale as sensitivity.

    problem: why the model has no estimate, instead of the first.
    """

    fit: Fit | None
    reml: LogitSummary
    problem: str = ""


@lru_cache(maxsize=64)  # outcomes and strata are frozen and compared by identity
def strata(outcome: OutcomeRows, by: str = "design") -> list[Stratum]:
    """The strata of a rate in one setting, by a column of its rows, in the order of the dataset."""
    parts: dict[str, list[tuple[Record, Knowledge]]] = {}
    for row in outcome.records:
        if (known := knowledge(row)) and row[by] is not None:
            parts.setdefault(row[by], []).append((row, known))
    ends = named_ends(outcome.records)
    return [stratum(name, [row for row, _ in part], [known for _, known in part], ends)
            for name, part in parts.items()]


def stratum(name: str, rows: Sequence[Record], known: Sequence[Knowledge],
            ends: frozenset[str] = frozenset()) -> Stratum:
    """A stratum of groups whose knowledge is given, in the order of `rows`. ends: of
    `gate.named_ends`."""
    return Stratum(name, rows, tuple(known), gate(rows, known, ends), identified(known))


@lru_cache(maxsize=64)
def pooled(one: Stratum) -> Pooled | None:
    """The pooled rate of a stratum; None while its gate is closed."""
    return pool(one.counted) if one.gate.open else None


def pool(known: Sequence[Knowledge]) -> Pooled:
    """The pooled rate of groups with events and patients, whatever the gate says.

    NotEstimable for fewer than two groups.
    """
    events = [one.events or 0 for one in known]
    totals = [one.total or 0 for one in known]
    reml = logit_reml.summarise(events, totals)
    try:
        return Pooled(binomial_normal.fit(events, totals), reml)
    except NotEstimable as error:
        return Pooled(None, reml, str(error))
