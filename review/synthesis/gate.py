"""Whether the groups of a stratum may be pooled: a predicate on what is known of them.

A rate over the groups that happen to be known is a rate of the groups that somebody chose to name.
So most groups of the stratum have to be known, and none of them because it is an end of a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.audit.outcomes import at_ends
from review.dataset.states import LIMITS, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record
from review.synthesis.knowledge import Knowledge

LEAST_GROUPS = 5
LEAST_SHARE = (2, 3)  # known groups to all, as a fraction


@dataclass(frozen=True)
class Gate:
    """The state of a stratum: its groups, those whose events and patients are known, and the
    studies among them that are known as the end of a range."""

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


def gate(rows: Sequence[Record], known: Sequence[Knowledge | None],
         ends: frozenset[str] = frozenset()) -> Gate:
    """The gate of a stratum. rows: its groups; known: what is known of each, in the same order;
    ends: of `named_ends`.

    A group whose rate is not reported (None) is not a group of the stratum.
    """
    pairs = [(row, one) for row, one in zip(rows, known, strict=True) if one]
    counted = [row for row, one in pairs if one.counted]
    named = dict.fromkeys(str(row["study"]) for row in counted if row["outcome_id"] in ends)
    return Gate(len(pairs), len(counted), tuple(named))


def named_ends(rows: Sequence[Record]) -> frozenset[str]:
    """Results that are known as the end of a range: keys.

    rows: all groups of an outcome in a setting. A document that gives the values of some of them
    and leaves those of others to a drawing has chosen whom to name, and its lowest and highest
    value are what a range is told by. A document that gives all of its values has chosen none.
    """
    by_source: dict[str, list[Record]] = {}
    for row in rows:
        by_source.setdefault(row["source_id"], []).append(row)
    return frozenset(
        row["outcome_id"] for part in by_source.values()
        if any(row["state"] in (LIMITS, NOT_TRANSCRIBED) for row in part)
        for end in at_ends(row for row in part if row["state"] == VALUE) for row in end)
