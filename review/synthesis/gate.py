"""Whether the groups of a stratum may be pooled: a predicate on what is known of them.

A rate over the groups that happen to be known is a rate of the groups that somebody chose to name.
So most groups of the stratum have to be known, and none of them because it is an end of a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from review.audit.outcomes import VALUE, state
from review.synthesis.knowledge import Knowledge

LEAST_GROUPS = 5
LEAST_SHARE = (2, 3)  # known groups to all, as a fraction


@dataclass(frozen=True)
class Gate:
    """The state of a stratum: its groups, those whose events and patients are known, and the
    studies among them that are known as an end from which limits of other groups were read."""

    groups: int
    known: int
    named: tuple[str, ...]

    @property
    def enough_groups(self) -> bool:
        """At least LEAST_GROUPS groups are known."""
        return self.known >= LEAST_GROUPS

    @property
    def enough_share(self) -> bool:
        """The known ones are at least LEAST_SHARE of the stratum's groups."""
        return LEAST_SHARE[1] * self.known >= LEAST_SHARE[0] * self.groups

    @property
    def unchosen(self) -> bool:
        """No known group is known as an end of the range."""
        return not self.named

    @property
    def open(self) -> bool:
        """Whether all three conditions hold."""
        return self.enough_groups and self.enough_share and self.unchosen


def gate(rows: pd.DataFrame, known: Sequence[Knowledge | None]) -> Gate:
    """The gate of a stratum. rows: its groups; known: what is known of each, in the same order.

    A group whose rate is not reported (None) is not a group of the stratum.
    """
    pairs = [(row, one) for row, one in zip(rows.to_dict("records"), known, strict=True) if one]
    counted = [row for row, one in pairs if one.counted]
    limits = [float(row[end]) for row, one in pairs if state(row) != VALUE
              for end in ("bound_low", "bound_high") if pd.notna(row[end])]
    values = [float(row["value"]) for row, _ in pairs if state(row) == VALUE]
    ends = {min(values), max(values)} if values else set()
    named = dict.fromkeys(
        str(row["study"]) for row in counted if state(row) == VALUE
        and float(row["value"]) in ends
        and any(abs(limit - float(row["value"])) < 1e-9 for limit in limits))
    return Gate(len(pairs), len(counted), tuple(named))
