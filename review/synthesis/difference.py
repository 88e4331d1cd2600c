"""The difference between two rates of separate groups, with Newcombe's interval."""

from __future__ import annotations

from dataclasses import dataclass

from review.audit.intervals import wilson


@dataclass(frozen=True)
class Difference:
    """First rate less second, in percentage points, with its 95% limits."""

    value: float
    low: float
    high: float


def newcombe(events: int, total: int, beside: int, beside_total: int) -> Difference:
    """Difference of two independent rates by the hybrid of their Wilson intervals.

    Only for separate groups: patients that are in both make another interval. Raises NoProportion
    where counts make no rates. Newcombe, Stat Med 1998;17:873, method 10.
    """
    first, second = wilson(events, total), wilson(beside, beside_total)
    p, q = 100 * events / total, 100 * beside / beside_total
    down = ((p - first.low) ** 2 + (second.high - q) ** 2) ** 0.5
    up = ((first.high - p) ** 2 + (q - second.low) ** 2) ** 0.5
    return Difference(p - q, p - q - down, p - q + up)
