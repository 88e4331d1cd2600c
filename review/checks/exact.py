"""Exact limits of a proportion, by quantiles of two beta distributions (Clopper and Pearson).

Written out and not taken from scipy, whose import takes longer than the limits of a dataset; a
test compares the two.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

STEPS = 200  # far more than any sum or search here takes


@lru_cache(maxsize=4096)
def limits(n: int, total: int, level: float) -> tuple[float, float]:
    """Limits in percent (0 to 100) of n of total, at a level in percent.

    At 0/n the lower limit is 0, at n/n the upper is 100, and the other limit still uses half of
    what the level leaves.
    """
    tail = (1 - level / 100) / 2
    low = 0.0 if n == 0 else quantile(n, total - n + 1, tail)
    high = 1.0 if n == total else quantile(n + 1, total - n, 1 - tail)
    return 100 * low, 100 * high


def quantile(a: int, b: int, share: float) -> float:
    """Where the beta distribution with a and b reaches a share (above 0, below 1): Newton's steps,
    and halves of what is left where a step leads out of it."""
    weight = lgamma(a + b) - lgamma(a) - lgamma(b)
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(STEPS):
        density = exp(weight + (a - 1) * log(x) + (b - 1) * log1p(-x))
        below = _below(a, b, x, density)
        low, high = (x, high) if below < share else (low, x)
        then = x - (below - share) / density if density else low
        if not low < then < high:
            then = (low + high) / 2
        if abs(then - x) <= 1e-12 * x:
            return then
        x = then
    return x


def _below(a: int, b: int, x: float, density: float) -> float:
    """The share below x. The fraction converges fast on the side of x that is used here."""
    edge = density * x * (1 - x)
    if x < (a + 1) / (a + b + 2):
        return edge / a * _fraction(a, b, x)
    return 1 - edge / b * _fraction(b, a, 1 - x)


def _fraction(a: int, b: int, x: float) -> float:
    """The continued fraction of the incomplete beta function, from its first term on (Lentz)."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, STEPS + max(a, b)):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            c, d = 1 + step / c, 1 / (1 + step * d)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
