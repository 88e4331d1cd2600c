"""The binomial-normal model and its two-step neighbour: published results, and the traps."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, norm

from review.synthesis import binomial_normal, logit_reml
from review.synthesis.binomial_normal import NotEstimable, fit, log_likelihood

# Catheter infections of 18 trials, events and patients: Niël-Weise 2007, as analysed by Stijnen,
# Hamza and Özdemir, Stat Med 2010;29:3046, Table II (binomial-normal model, maximum likelihood)
CONTROL = [(3, 117), (3, 35), (9, 195), (7, 136), (6, 157), (4, 139), (3, 177), (2, 39), (19, 103),
           (2, 122), (7, 64), (1, 58), (5, 175), (11, 180), (0, 105), (1, 262), (3, 362), (1, 69)]
TREATED = [(0, 116), (1, 44), (2, 208), (0, 130), (5, 151), (1, 98), (1, 174), (1, 74), (1, 97),
           (1, 113), (0, 66), (0, 70), (3, 188), (6, 187), (0, 118), (0, 252), (1, 345), (4, 64)]
# Pritz 1997: rebleeding prevented in 14 groups, data set dat.pritz1997 of the R package metadat,
# whose reference page gives the summary by REML on the logit scale
PRITZ = [(16, 17), (10, 12), (4, 8), (43, 58), (10, 10), (25, 42), (13, 14), (12, 12), (22, 41),
         (4, 5), (5, 6), (18, 23), (58, 68), (6, 10)]
HETEROGENEOUS = [(43, 57), (0, 18), (2, 44), (5, 20)]
LARGE_BESIDE_ZERO = [(43, 57), (0, 18), (0, 32), (2, 44), (5, 20)]


@cache
def _fitted(groups):
    return fit(*zip(*groups, strict=True))


def fitted(groups):
    return _fitted(tuple(groups))


def dense(groups, mu, tau, points=40_001, width=12.0):
    """The log-likelihood by a fine trapezoid over twelve standard deviations, for comparison."""
    z = np.linspace(-width, width, points)
    p = 1 / (1 + np.exp(-(mu + tau * z)))
    return sum(np.log(np.trapezoid(binom.pmf(y, n, p) * norm.pdf(z), z)) for y, n in groups)


@pytest.mark.parametrize(("groups", "mu", "se", "tau2", "interval"), [
    (CONTROL, -3.50, 0.26, 0.81, (0.018, 0.048)), (TREATED, -4.81, 0.36, 0.83, (0.004, 0.016))])
def test_published_table_of_stijnen_2010(groups, mu, se, tau2, interval):
    found = fitted(groups)
    assert found.mu == pytest.approx(mu, abs=0.005)
    assert found.se == pytest.approx(se, abs=0.005)
    assert found.tau2 == pytest.approx(tau2, abs=0.005)
    assert [limit / 100 for limit in found.wald.percent] == pytest.approx(interval, abs=0.0005)


def test_published_logit_reml_of_pritz_1997():
    found = logit_reml.summarise(*zip(*PRITZ, strict=True))
    assert found.interval.percent == pytest.approx((66.05, 83.37), abs=0.005)
    assert 100 / (1 + np.exp(-found.mu)) == pytest.approx(75.75, abs=0.005)
    # the reference page gives the prediction interval by the normal
    assert found.prediction_normal.percent == pytest.approx((46.61, 91.79), abs=0.005)
    assert found.prediction.percent[0] < 46.61
    assert found.corrected == 2


@pytest.mark.parametrize("groups", [CONTROL, PRITZ, HETEROGENEOUS, LARGE_BESIDE_ZERO])
def test_the_likelihood_is_that_of_a_fine_grid(groups):
    found = fitted(groups)
    tau = found.tau2**0.5
    assert found.log_likelihood == pytest.approx(dense(groups, found.mu, tau), abs=1e-6)
    for mu, other in ((found.mu + 0.05, tau), (found.mu - 0.05, tau), (found.mu, tau + 0.05),
                      (found.mu, max(tau - 0.05, 0.0))):
        assert dense(groups, mu, other) < found.log_likelihood


def test_a_large_group_beside_groups_of_zero_converges():
    """A Newton step for the nodes' centres overshoots here; halving cannot."""
    found = fitted(LARGE_BESIDE_ZERO)
    assert 0 < found.percent < 30 and 5 < found.tau2 < 10
    assert found.profile.low < found.wald.low and np.isfinite(found.profile.low)


def spread_by_fixed_nodes(groups, number):
    """tau2 by a few nodes that stay where they are, as hasty programs do it, on a grid."""
    x, weights = np.polynomial.hermite.hermgauss(number)
    z = np.sqrt(2) * x
    mu, tau = np.meshgrid(np.linspace(-4, 1, 101), np.linspace(0.2, 3, 141), indexing="ij")
    p = 1 / (1 + np.exp(-(mu[..., None] + tau[..., None] * z)))
    height = sum(np.log((binom.pmf(y, n, p) * weights).sum(axis=-1)) for y, n in groups)
    return float(tau.flat[height.argmax()] ** 2)


def test_few_fixed_nodes_move_the_spread_by_half_and_ours_do_not():
    few, many = (spread_by_fixed_nodes(HETEROGENEOUS, n) for n in (7, 61))
    assert many / few > 1.5  # fixed nodes have not settled even at 61
    found = fitted(HETEROGENEOUS)
    events, totals = zip(*HETEROGENEOUS, strict=True)
    tau = found.tau2**0.5
    assert log_likelihood(events, totals, found.mu, tau, found.nodes) == pytest.approx(
        log_likelihood(events, totals, found.mu, tau, 2 * found.nodes), abs=1e-8)


def test_equal_rates_put_the_spread_on_its_boundary():
    found = fitted([(5, 10), (5, 10), (5, 10), (50, 100)])
    assert found.tau2 == 0
    assert found.percent == pytest.approx(50, abs=1e-4)
    assert found.se == pytest.approx((1 / (130 * 0.25)) ** 0.5, rel=1e-4)


@pytest.mark.parametrize(("groups", "words"), [
    ([(0, 18), (0, 32), (0, 9)], "nobody"), ([(9, 9), (4, 4)], "everybody"),
    ([(5, 20)], "fewer than two"), ([], "fewer than two"), ([(7, 5), (1, 2)], "no proportions"),
    ([(1, 0), (1, 2)], "no proportions")])
def test_what_has_no_estimate_says_why(groups, words):
    events, totals = ([one[i] for one in groups] for i in (0, 1))
    with pytest.raises(NotEstimable, match=words):
        fit(events, totals)


def test_two_groups_leave_no_prediction():
    found = fitted([(3, 10), (9, 10)])
    assert found.prediction is None and found.k == 2 and found.tau2 > 0
    assert logit_reml.summarise([3, 9], [10, 10]).prediction is None


@pytest.mark.parametrize(("groups", "quantile"), [
    ([(3, 10), (9, 10), (5, 10)], 12.7062), ([(3, 10), (9, 10), (5, 10), (1, 10)], 4.3027)])
def test_the_prediction_has_two_degrees_of_freedom_less_than_groups(groups, quantile):
    """Quantiles of t with 1 and 2 degrees of freedom, from its tables."""
    found = fitted(groups)
    half = quantile * (found.tau2 + found.se**2) ** 0.5
    assert found.prediction.high - found.mu == pytest.approx(half, rel=1e-4)


def test_none_and_all_beside_others():
    found = fitted([(0, 9), (12, 12), (5, 10)])
    assert np.isfinite([found.mu, found.se, found.tau2]).all()
    assert found.profile.low < found.mu < found.profile.high


def test_the_intervals_grow_with_what_they_say():
    found = fitted(PRITZ)
    assert found.prediction.low < found.profile.low < found.mu < found.profile.high
    assert found.prediction.high > found.profile.high
    assert found.mu == pytest.approx(1.3766, abs=5e-5) and found.tau2 == pytest.approx(
        0.5893, abs=5e-5)  # by a dense grid of our own


def test_integrals_that_do_not_settle_are_refused(monkeypatch):
    monkeypatch.setattr(binomial_normal, "MOST_NODES", 40)
    monkeypatch.setattr(binomial_normal, "AGREE", 1e-14)
    with pytest.raises(NotEstimable, match="do not settle within 40 nodes"):
        fit(*zip(*LARGE_BESIDE_ZERO, strict=True))


@pytest.mark.parametrize("groups", [[], [(1, 3)]])
def test_reml_needs_two_groups(groups):
    with pytest.raises(NotEstimable, match="fewer than two"):
        logit_reml.summarise([y for y, _ in groups], [n for _, n in groups])
