"""What a careful second extractor would check, beyond the schema: one module a subject.

Each rule is a function from a `Dataset` to the problems it finds; `RULES` lists them all. Rules
look at whole columns, so that their cost grows with the rows and not with the studies.
"""

from __future__ import annotations

from . import characteristics, editions, eligibility, flow, outcomes, reports, sources
from .dataset import Dataset, flag

RULES = (
    *outcomes.RULES,
    *characteristics.RULES,
    *reports.RULES,
    *eligibility.RULES,
    *flow.RULES,
    *editions.RULES,
    *sources.RULES,
)

__all__ = ["RULES", "Dataset", "flag"]
