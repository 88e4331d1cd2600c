"""What order and whole counts say of rates that a panel of responses shows only as bars.

The rows of a panel run from high to low, and each rate is a whole number of patients over the size
printed beside it. Together the two leave a row few rates, sometimes a single one. What comes out
are limits: they rest on the premises below, and no limit enters a range, not even where a single
count is left, which is inferred and not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from review.audit.intervals import possible_counts
from review.dataset.problems import ReviewError


@dataclass(frozen=True)
class Premises:
    """What is taken as given. ties: neighbours may have the same rate. one_not_evaluable: a rate
    may leave one patient of the printed size out. inferred: rows whose value or size is inferred
    count as if they were printed; otherwise they hold nothing."""

    ties: bool = True
    one_not_evaluable: bool = False
    inferred: bool = True


@dataclass(frozen=True)
class PanelRow:
    """A row of a panel. totals: the sizes it may have, none where no size is known. printed: its
    rate in percent as printed, "" where the bar alone shows it. value_inferred, size_inferred:
    whether the rate or the size is inferred."""

    totals: tuple[int, ...] = ()
    printed: str = ""
    value_inferred: bool = False
    size_inferred: bool = False


@dataclass(frozen=True)
class Left:
    """What is left of a row. low, high: its least and greatest rate, as shares of 1. counts: the
    counts with their totals that are left; empty where no size is known."""

    low: Fraction
    high: Fraction
    counts: tuple[tuple[int, int], ...] = ()

    @property
    def percents(self) -> tuple[float, float]:
        """The limits in percent, to one decimal."""
        return round(float(100 * self.low), 1), round(float(100 * self.high), 1)


class Contradiction(ReviewError):
    """No rates fit the rows under the premises."""


def narrow(rows: Sequence[PanelRow], premises: Premises = Premises()) -> list[Left]:
    """What order and whole counts leave of each row, from the top of a panel to its end.

    The fixed point: each rate that is left has one in every other row that fits it. Raises
    Contradiction where a row is left with nothing.
    """
    domains = [_domain(row, premises) for row in rows]
    ceiling, highs = Fraction(1), []
    for place, domain in enumerate(domains):
        strict = not premises.ties and place > 0
        domain[:] = [rate for rate in domain
                     if rate < ceiling or (rate == ceiling and not strict)]
        if domain:
            ceiling = max(domain)
        elif _sized(rows[place], premises):
            raise Contradiction(f"row {place + 1} of the panel is left with no rate")
        highs.append(ceiling)
    floor, lows = Fraction(0), []
    for place in reversed(range(len(rows))):
        domain = domains[place]
        strict = not premises.ties and place < len(rows) - 1
        domain[:] = [rate for rate in domain if rate > floor or (rate == floor and not strict)]
        if domain:
            floor = min(domain)
        elif _sized(rows[place], premises):
            raise Contradiction(f"row {place + 1} of the panel is left with no rate")
        lows.append(floor)
    return [_left(row, premises, domain, low, high) for row, domain, low, high in
            zip(rows, domains, reversed(lows), highs, strict=True)]


def _left(row: PanelRow, premises: Premises, domain: list[Fraction], low: Fraction,
          high: Fraction) -> Left:
    if not domain:
        return Left(low, high)
    kept = set(domain)
    counts = tuple((n, total) for total in _totals(row, premises) for n in range(total + 1)
                   if Fraction(n, total) in kept)
    return Left(min(domain), max(domain), counts)


def _domain(row: PanelRow, premises: Premises) -> list[Fraction]:
    """Every rate that a row can have by itself; empty where no size is known."""
    told = row.printed if premises.inferred or not row.value_inferred else ""
    rates = {Fraction(n, total) for total in _totals(row, premises)
             for n in (possible_counts(told, total) if told else range(total + 1))}
    return sorted(rates)


def _totals(row: PanelRow, premises: Premises) -> tuple[int, ...]:
    if row.size_inferred and not premises.inferred:
        return ()
    less = [total - 1 for total in row.totals if premises.one_not_evaluable and total > 1]
    return tuple(dict.fromkeys([*row.totals, *less]))


def _sized(row: PanelRow, premises: Premises) -> bool:
    return bool(_totals(row, premises))
