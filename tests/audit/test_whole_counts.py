"""Order and whole counts: the fixed point is what trying every combination leaves."""

import itertools
import random
from fractions import Fraction

import pytest

from review.audit.intervals import possible_counts
from review.audit.whole_counts import Contradiction, Left, PanelRow, Premises, narrow

PREMISES = [Premises(*three) for three in itertools.product((True, False), repeat=3)]


def by_trying(rows, premises):
    """Rates left of each row by trying every combination; None where none fits."""
    choices = []
    for row in rows:
        totals = () if row.size_inferred and not premises.inferred else row.totals
        if premises.one_not_evaluable:
            totals = {*totals, *(total - 1 for total in totals if total > 1)}
        printed = "" if row.value_inferred and not premises.inferred else row.printed
        choices.append({Fraction(n, total) for total in totals for n in range(total + 1)
                        if not printed or n in possible_counts(printed, total)})
    fitting = [rates for rates in itertools.product(*choices)
               if all(a > b or (a == b and premises.ties) for a, b in itertools.pairwise(rates))]
    return [set(column) for column in zip(*fitting, strict=True)] if fitting else None


def made(seed):
    """A small panel: sizes of 2 to 7, one or two of them, some rates printed, some inferred."""
    rng = random.Random(seed)
    rows = []
    for _ in range(rng.randint(2, 4)):
        total = rng.randint(2, 7)
        printed = f"{100 * rng.randint(0, total) / total:.{rng.choice((0, 1))}f}" \
            if rng.random() < 0.35 else ""
        more = (rng.randint(2, 7),) if rng.random() < 0.2 else ()
        rows.append(PanelRow((total, *more), printed, rng.random() < 0.3, False))
    return rows


@pytest.mark.parametrize("premises", PREMISES, ids=str)
def test_the_fixed_point_is_what_trying_everything_leaves(premises):
    decided = 0
    for seed in range(250):
        rows = made(seed)
        expected = by_trying(rows, premises)
        if expected is None:
            with pytest.raises(Contradiction):
                narrow(rows, premises)
            continue
        found = narrow(rows, premises)
        assert [{Fraction(n, total) for n, total in left.counts} for left in found] == expected
        assert [(left.low, left.high) for left in found] == [
            (min(rates), max(rates)) for rates in expected]
        decided += 1
    assert decided > 50


def test_each_premise_changes_what_is_left():
    rows = [PanelRow((2,), "50"), PanelRow((4,)), PanelRow((4,), "25", value_inferred=True)]
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    assert narrow(rows)[1] == Left(quarter, half, ((1, 4), (2, 4)))
    with pytest.raises(Contradiction, match="left with no rate"):
        narrow(rows, Premises(ties=False))
    assert narrow(rows, Premises(one_not_evaluable=True))[1].counts == (
        (1, 4), (2, 4), (1, 3))
    assert narrow(rows, Premises(inferred=False))[1].counts == ((0, 4), (1, 4), (2, 4))


def test_a_row_without_a_size_lies_between_its_neighbours():
    rows = [PanelRow((10,), "90.0"), PanelRow(), PanelRow((57,), "24.6")]
    assert narrow(rows)[1] == Left(Fraction(14, 57), Fraction(9, 10))
    assert narrow(rows)[1].percents == (24.6, 90.0)


def test_an_inferred_size_holds_nothing_without_its_premise():
    rows = [PanelRow((10,), "90.0"), PanelRow((3,), size_inferred=True), PanelRow((2,), "50")]
    assert narrow(rows)[1].counts == ((2, 3),)
    assert narrow(rows, Premises(inferred=False))[1] == Left(Fraction(1, 2), Fraction(9, 10))
