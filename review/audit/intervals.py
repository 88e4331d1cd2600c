"""Measures for proportions and medians: intervals, possibility of a percentage, symmetry.

Nothing here pools medians or proportions: groups differ in population, regimen and time zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# scipy.special and not scipy.stats: the same functions without a second of imports
from scipy.special import betaincinv, ndtri

from review.audit.compare import rounding_interval
from review.dataset.problems import ReviewError

LEVELS = (80.0, 90.0, 95.0, 99.0)


class NoProportion(ReviewError):
    """Numbers that make no proportion: more events than patients, or a percentage in words."""


@dataclass(frozen=True)
class Interval:
    """Limits in percent (0 to 100)."""

    low: float
    high: float


def clopper_pearson(n: int, total: int, level: float = 95.0) -> Interval:
    """Exact interval of a proportion, in percent: quantiles of two beta distributions.

    n: events, 0 <= n <= total; total: patients; level: in percent. At 0/n the lower limit is 0,
    at n/n the upper is 100, and the other limit still uses alpha/2. Raises NoProportion when n
    and total make none. Clopper and Pearson, Biometrika 1934;26:404.
    """
    _check(n, total)
    tail = (1 - level / 100) / 2
    low = 0.0 if n == 0 else float(betaincinv(n, total - n + 1, tail))
    high = 1.0 if n == total else float(betaincinv(n + 1, total - n, 1 - tail))
    return Interval(100 * low, 100 * high)


def wilson(n: int, total: int, level: float = 95.0) -> Interval:
    """Score interval of a proportion, in percent.

    n: events, 0 <= n <= total; total: patients; level: in percent. The limits are those p at which
    the score test of n/total is at the edge of alpha; they never leave 0 to 100. At 9 to 50
    patients its average coverage is nearer the level than the exact interval's. Raises NoProportion
    when n and total make none. Wilson, J Am Stat Assoc 1927;22:209.
    """
    _check(n, total)
    z = float(ndtri(1 - (1 - level / 100) / 2))
    p = n / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * (p * (1 - p) / total + z * z / (4 * total * total)) ** 0.5 / (1 + z * z / total)
    return Interval(100 * max(0.0, centre - half), 100 * min(1.0, centre + half))


def possible_counts(percent: str, total: int) -> tuple[int, ...]:
    """Whole counts of `total` that give the percentage as printed (GRIM).

    percent: the printed string, because its zeros count: "90.0" needs 89.95 to 90.05. An empty
    tuple says that no count of patients gives it. Brown and Heathers, Soc Psychol Personal Sci
    2017;8:363. Raises NoProportion for words.
    """
    interval = rounding_interval(percent)
    if interval is None:
        raise NoProportion(f"{percent!r} is no percentage")
    low, high = interval
    return tuple(n for n in range(total + 1) if low <= Decimal(100 * n) / Decimal(total) <= high)


@dataclass(frozen=True)
class Origin:
    """A count, a total, a method and a level that give a printed proportion and its interval."""

    n: int
    total: int
    method: str
    level: float


def origins(percent: str, low: str, high: str, largest_total: int,
            levels: tuple[float, ...] = LEVELS) -> tuple[Origin, ...]:
    """Every n/total up to `largest_total`, method and level that give the printed triple.

    percent, low, high: printed strings in percent; each computed value must round to its print.
    levels: in percent. Methods: exact (Clopper-Pearson) and Wilson score. An empty tuple says that
    none fits, also where a limit is printed in words. Raises NoProportion where percent is words.
    """
    wanted = rounding_interval(low), rounding_interval(high)
    fitting = []
    for total in range(1, largest_total + 1):
        for n in possible_counts(percent, total):
            for level in levels:
                for method, interval in (("exact", clopper_pearson), ("Wilson", wilson)):
                    limits = interval(n, total, level)
                    if _within(limits.low, wanted[0]) and _within(limits.high, wanted[1]):
                        fitting.append(Origin(n, total, method, level))
    return tuple(fitting)


def symmetric(value: float, low: float, high: float, decimals: int = 1) -> bool:
    """Whether a median lies in the middle of its interval as exactly as print can say.

    That is the mark of a normal approximation, which the usual interval of a median is not. value,
    low and high: in the same unit, each rounded to `decimals`. A limit not reached or not estimable
    has no number: do not ask.
    """
    return abs((high - value) - (value - low)) <= 2 * 10.0**-decimals + 1e-9


def _within(value: float, interval: tuple[Decimal, Decimal] | None) -> bool:
    return interval is not None and interval[0] <= Decimal(value) <= interval[1]


def _check(n: int, total: int) -> None:
    if not 0 <= n <= total or total < 1:
        raise NoProportion(f"{n} of {total} is no proportion")
