"""Measures against published reference values, and the project's own worked examples."""

import itertools

import pytest
from scipy.stats import binomtest

from review.audit.intervals import (
    Interval,
    NoProportion,
    Origin,
    clopper_pearson,
    origins,
    possible_counts,
    symmetric,
    wilson,
)


def limits(interval: Interval, digits: int) -> tuple[float, float]:
    return round(interval.low, digits), round(interval.high, digits)


# SciPy, documentation of binomtest: 7 of 50, exact interval
SCIPY = (7, 50, 5.819170033997342, 26.739600249700846)

# R package binom, as kept in the tests of statsmodels (results_proportion.py), 95%
R_EXACT = [(18, 20, 68.30173, 98.76515), (4, 20, 5.73340, 43.66140), (1, 30, 0.08435709, 17.216946)]
R_WILSON = [(18, 20, 69.89664, 97.21335), (4, 20, 8.06577, 41.60174), (1, 30, 0.590859, 16.670391)]

# Newcombe's examples (Stat Med 1998;17:857), 95%: Wilson, Clopper-Pearson
NEWCOMBE = [(81, 263, (25.53, 36.62), (25.27, 36.76)), (15, 148, (6.24, 16.05), (5.78, 16.17))]

# Counts that the dataset holds, exact 95%
PROJECT = [
    (9, 10, 55.50, 99.75), (14, 57, 14.13, 37.76), (21, 43, 33.31, 64.54), (2, 44, 0.56, 15.47),
    (5, 20, 8.66, 49.10), (43, 57, 62.24, 85.87), (1, 49, 0.05, 10.85), (8, 39, 9.30, 36.46),
    (0, 18, 0.0, 18.53), (0, 32, 0.0, 10.89),
]


def test_exact_interval_of_scipy_documentation():
    n, total, low, high = SCIPY
    assert clopper_pearson(n, total) == Interval(pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(("n", "total", "low", "high"), R_EXACT)
def test_exact_interval_of_r_binom(n, total, low, high):
    found = clopper_pearson(n, total)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(("n", "total", "low", "high"), R_WILSON)
def test_wilson_interval_of_r_binom(n, total, low, high):
    found = wilson(n, total)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)


def test_no_event_of_30_in_r_binom():
    assert clopper_pearson(0, 30) == Interval(0.0, pytest.approx(11.570331, abs=1e-6))
    assert wilson(0, 30) == Interval(pytest.approx(0.0, abs=1e-9),
                                     pytest.approx(11.351339, abs=1e-6))


@pytest.mark.parametrize(("n", "total", "score", "exact"), NEWCOMBE)
def test_newcombe_examples(n, total, score, exact):
    assert limits(wilson(n, total), 2) == score
    assert limits(clopper_pearson(n, total), 2) == exact


@pytest.mark.parametrize(("n", "total", "low", "high"), PROJECT)
def test_counts_of_the_project(n, total, low, high):
    assert limits(clopper_pearson(n, total), 2) == (low, high)


@pytest.mark.parametrize("level", [80.0, 90.0, 95.0, 99.0])
@pytest.mark.parametrize(("method", "ours"), [("exact", clopper_pearson), ("wilson", wilson)])
def test_same_as_scipy_for_every_count_of_a_small_group(method, ours, level):
    for n, total in itertools.product(range(13), [12]):
        theirs = binomtest(n, total).proportion_ci(level / 100, method=method)
        found = ours(n, total, level)
        assert (found.low, found.high) == pytest.approx((100 * theirs.low, 100 * theirs.high),
                                                        abs=1e-9)


@pytest.mark.parametrize(("n", "total"), [(-1, 10), (11, 10), (0, 0)])
@pytest.mark.parametrize("measure", [clopper_pearson, wilson])
def test_what_is_no_proportion_is_an_error(measure, n, total):
    with pytest.raises(NoProportion, match="no proportion"):
        measure(n, total)


# GRIM (Brown and Heathers 2017), worked by hand
@pytest.mark.parametrize(("percent", "total", "counts"), [
    ("24.6", 38, ()), ("24.6", 57, (14,)), ("90.0", 57, ()), ("90.0", 10, (9,)),
    ("4.5", 44, (2,)), ("75", 57, (43,)), ("75", 65, (49,)), ("49", 43, (21,)), ("65", 43, (28,)),
    ("20.5", 39, (8,)), ("2", 49, (1,)), ("70.0", 38, ()), ("70.0", 58, ()), ("0", 18, (0,)),
    # 251 of 250 would be 100.4%, which rounds to it
    ("100", 250, (249, 250)),
])
def test_possible_counts(percent, total, counts):
    assert possible_counts(percent, total) == counts


@pytest.mark.parametrize("percent", ["89.0", "33.0"])
def test_percentages_that_no_group_of_6_to_49_gives(percent):
    assert [total for total in range(6, 50) if possible_counts(percent, total)] == []


def test_a_printed_zero_counts():
    assert possible_counts("33", 12) == (4,)
    assert possible_counts("33.0", 12) == ()


def test_both_sides_of_a_tie_are_possible():
    assert possible_counts("12", 8) == (1,)  # 12.5 rounds to 12 or 13, by the rule used
    assert possible_counts("13", 8) == (1,)


def test_possible_counts_of_words_is_an_error():
    with pytest.raises(NoProportion, match="no percentage"):
        possible_counts("NR", 10)


# LYNX (NCT03871829): printed as 95% intervals, given by 90% exact limits alone
@pytest.mark.parametrize(("percent", "low", "high", "n", "total"), [
    ("48.8", "35.1", "62.6", 20, 41), ("46.2", "32.3", "60.4", 18, 39),
])
def test_lynx_intervals_are_exact_90_percent(percent, low, high, n, total):
    assert origins(percent, low, high, largest_total=88) == (Origin(n, total, "exact", 90.0),)


@pytest.mark.parametrize(("n", "total", "low", "high"), [
    (20, 41, 32.88, 64.87), (18, 39, 30.09, 62.82),
])
def test_exact_95_percent_of_lynx_is_wider(n, total, low, high):
    assert limits(clopper_pearson(n, total), 2) == (low, high)


def test_wilson_limits_never_leave_0_to_100():
    """Also where the arithmetic of binary fractions would."""
    for total in range(1, 300):
        assert wilson(0, total).low >= 0 and wilson(total, total).high <= 100


def test_interval_without_origin():
    assert origins("48.8", "10.0", "20.0", largest_total=60) == ()


def test_origins_from_one_patient_to_the_largest_total():
    assert origins("100", "2.5", "100", 1) == (Origin(1, 1, "exact", 95.0),)
    assert origins("50.0", "1.3", "98.7", 2) == (Origin(1, 2, "exact", 95.0),)
    assert origins("50.0", "1.3", "98.7", 1) == ()


@pytest.mark.parametrize(("value", "low", "high", "expected"), [
    (19.0, 13.5, 24.5, True), (8.4, 6.7, 10.0, True), (3.3, 0.0, 6.9, False),
    (19.1, 15.0, 23.1, True), (2.2, 0.1, 7.6, False), (10.7, 8.0, 19.0, False),
    # as far apart as three rounded numbers may be, and farther
    (8.5, 6.7, 10.1, True), (8.5, 6.7, 10.5, True), (8.5, 6.7, 10.0, False),
    (8.5, 6.7, 10.6, False),
])
def test_symmetry_of_an_interval(value, low, high, expected):
    assert symmetric(value, low, high) is expected
