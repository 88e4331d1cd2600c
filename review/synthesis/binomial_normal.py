"""The binomial-normal model: a logistic regression with one random intercept for each group.

Events of group i are binomial with probability expit(mu + tau z), z standard normal. Its likelihood
has no closed form; here each group's integral is taken by Gauss-Hermite nodes around the mode of
its integrand, and the number of nodes is doubled until the answer no longer moves.

Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, ndtri, roots_hermite, stdtrit

from review.dataset.problems import ReviewError

Vector = NDArray[np.float64]

FIRST_NODES, MOST_NODES = 20, 320
AGREE = 1e-6  # of mu and of tau, between a fit and the one with twice the nodes
LARGEST_TAU = 12.0  # on the logit scale: no rate of a group is then any guide to another's
CHI_SQUARE_95 = 3.841458820694124  # one degree of freedom


class NotEstimable(ReviewError):
    """The model has no finite estimate on these counts; the message says why."""


@dataclass(frozen=True)
class Interval:
    """Limits on the logit scale; infinite where the likelihood never falls far enough."""

    low: float
    high: float

    @property
    def percent(self) -> tuple[float, float]:
        """The limits as rates, in percent (0 to 100)."""
        return 100 * float(expit(self.low)), 100 * float(expit(self.high))


@dataclass(frozen=True)
class Fit:
    """A fit by maximum likelihood, on the logit scale.

    mu: logit of the rate in the middle group. se: from the observed information. tau2: variance
    between groups. wald, profile: 95% intervals of mu. prediction: 95% interval for the rate of a
    further group, by t with k-2 degrees of freedom; None for two groups, which leave none. k:
    groups. log_likelihood: with the binomial coefficients. nodes: of the integrals, after which
    twice as many changed nothing.
    """

    mu: float
    se: float
    tau2: float
    wald: Interval
    profile: Interval
    prediction: Interval | None
    k: int
    log_likelihood: float
    nodes: int

    @property
    def percent(self) -> float:
        """The rate in the middle group, in percent."""
        return 100 * float(expit(self.mu))


def fit(events: Sequence[int], totals: Sequence[int]) -> Fit:
    """The model on groups of `totals` patients with `events` of them responding.

    Raises NotEstimable for fewer than two groups (nothing tells the spread between them), and where
    no group or every group has an event in nobody (or in everybody), so that mu runs to infinity.
    Raises it too where the integrals do not settle within MOST_NODES nodes.
    """
    groups = _Groups.of(events, totals)
    nodes, before = FIRST_NODES, _maximum(groups, FIRST_NODES)
    while nodes < MOST_NODES:
        nodes *= 2
        now = _maximum(groups, nodes)
        if max(abs(a - b) for a, b in zip(before, now, strict=True)) < AGREE:
            return _described(groups, *now, nodes)
        before = now
    raise NotEstimable(f"the integrals do not settle within {MOST_NODES} nodes")


def log_likelihood(events: Sequence[int], totals: Sequence[int], mu: float, tau: float,
                   nodes: int = FIRST_NODES) -> float:
    """Log-likelihood at mu and tau (tau >= 0, logit scale), with `nodes` nodes a group."""
    return _log_likelihood(_Groups.of(events, totals), mu, tau, nodes)


@dataclass(frozen=True, eq=False)
class _Groups:
    y: Vector
    n: Vector
    constant: float  # the binomial coefficients

    @classmethod
    def of(cls, events: Sequence[int], totals: Sequence[int]) -> _Groups:
        y, n = np.asarray(events, float), np.asarray(totals, float)
        if len(y) != len(n) or (y < 0).any() or (y > n).any() or (n < 1).any():
            raise NotEstimable("events and patients make no proportions")
        if len(y) < 2:
            raise NotEstimable("fewer than two groups tell nothing of the spread between groups")
        if not y.any() or (y == n).all():
            who = "nobody" if not y.any() else "everybody"
            raise NotEstimable(f"every group has the event in {who}: no finite rate on the logit "
                               "scale")
        return cls(y, n, float(-(np.log(n + 1) + betaln(y + 1, n - y + 1)).sum()))


@lru_cache(maxsize=8)
def _nodes(number: int) -> tuple[Vector, Vector]:
    """Nodes, and the logarithm of their weights without the kernel exp(-x^2)."""
    x, weights = roots_hermite(number)
    held = weights > 0  # far out the weights are smaller than any float: nothing is lost
    return x[held], np.log(weights[held]) + x[held] ** 2


def _log_likelihood(groups: _Groups, mu: float, tau: float, nodes: int) -> float:
    if tau == 0:
        return float(_log_binomial(groups.y, groups.n, mu).sum()) + groups.constant
    mode = _modes(groups, mu, tau)
    p = expit(mu + tau * mode)
    scale = np.sqrt(2 / (1 + tau**2 * groups.n * p * (1 - p)))
    x, log_weight = _nodes(nodes)
    z = mode[:, None] + scale[:, None] * x
    inside = _log_binomial(groups.y[:, None], groups.n[:, None], mu + tau * z) - z**2 / 2
    terms = inside + log_weight
    top = terms.max(axis=1)
    logs = np.log(np.exp(terms - top[:, None]).sum(axis=1)) + top
    return float((logs + np.log(scale)).sum() - len(groups.y) * np.log(2 * np.pi) / 2
                 + groups.constant)


def _log_binomial(y: Vector, n: Vector, logit: Vector | float) -> Vector:
    """y log p + (n-y) log(1-p) without a loss of digits at either end."""
    return np.asarray(y * logit - n * np.logaddexp(0, logit), float)


def _modes(groups: _Groups, mu: float, tau: float) -> Vector:
    """Where each group's integrand is highest: the root of tau (y - n p(z)) - z.

    The root lies between tau (y - n) and tau y, and the function falls throughout, so that it is
    found by halving. A Newton step overshoots where a large group with a high rate stands beside
    groups without an event.
    """
    low, high = tau * (groups.y - groups.n), tau * groups.y
    for _ in range(45):
        middle = (low + high) / 2
        rising = tau * (groups.y - groups.n * expit(mu + tau * middle)) > middle
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return np.asarray((low + high) / 2, float)


def _maximum(groups: _Groups, nodes: int) -> tuple[float, float]:
    """mu and tau of the highest likelihood."""
    profile = _ridge(lambda tau: _best_mu(groups, tau, nodes)[1])
    tau = profile[0]
    return _best_mu(groups, tau, nodes)[0], tau


def _best_mu(groups: _Groups, tau: float, nodes: int) -> tuple[float, float]:
    """The best mu for a tau, with its log-likelihood, which is concave in mu."""
    from scipy.optimize import minimize_scalar

    rates = (groups.y + 0.5) / (groups.n + 1)
    logits = np.log(rates / (1 - rates))
    found = minimize_scalar(
        lambda mu: -_log_likelihood(groups, float(mu), tau, nodes), method="bounded",
        bounds=(float(logits.min()) - 3 * tau - 1, float(logits.max()) + 3 * tau + 1),
        options={"xatol": 1e-8})
    return float(found.x), -float(found.fun)


def _ridge(value: Callable[[float], float]) -> tuple[float, float]:
    """The tau with the highest value, 0 included, and that value.

    A coarse walk first, because the ridge may be flat near 0; then the best stretch is searched.
    """
    from scipy.optimize import minimize_scalar

    steps = np.concatenate([[0.0], np.geomspace(0.1, LARGEST_TAU, 8)])
    heights = [value(float(tau)) for tau in steps]
    best = int(np.argmax(heights))
    low, high = float(steps[max(best - 1, 0)]), float(steps[min(best + 1, len(steps) - 1)])
    found = minimize_scalar(lambda tau: -value(float(tau)), method="bounded", bounds=(low, high),
                            options={"xatol": 1e-8})
    if -float(found.fun) <= heights[0]:
        return 0.0, heights[0]
    return float(found.x), -float(found.fun)


def _described(groups: _Groups, mu: float, tau: float, nodes: int) -> Fit:
    k = len(groups.y)
    highest = _log_likelihood(groups, mu, tau, nodes)
    se = _standard_error(groups, mu, tau, nodes)
    z = float(ndtri(0.975))
    prediction = None
    if k > 2:
        half = float(stdtrit(k - 2, 0.975)) * (tau**2 + se**2) ** 0.5
        prediction = Interval(mu - half, mu + half)
    return Fit(mu, se, tau**2, Interval(mu - z * se, mu + z * se),
               _profile(groups, mu, se, highest, nodes), prediction, k, highest, nodes)


def _standard_error(groups: _Groups, mu: float, tau: float, nodes: int) -> float:
    """From the second differences of the log-likelihood; at tau = 0 those along mu alone."""
    h = 1e-3

    def at(a: float, b: float) -> float:
        return _log_likelihood(groups, a, b, nodes)

    here = at(mu, tau)
    along_mu = (at(mu + h, tau) - 2 * here + at(mu - h, tau)) / h**2
    if tau <= h:
        return float((-1 / along_mu) ** 0.5)
    along_tau = (at(mu, tau + h) - 2 * here + at(mu, tau - h)) / h**2
    across = (at(mu + h, tau + h) - at(mu + h, tau - h) - at(mu - h, tau + h)
              + at(mu - h, tau - h)) / (4 * h**2)
    return float((-along_tau / (along_mu * along_tau - across**2)) ** 0.5)


def _profile(groups: _Groups, mu: float, se: float, highest: float, nodes: int) -> Interval:
    """The mu whose best log-likelihood over tau lies CHI_SQUARE_95 / 2 below the highest."""
    from scipy.optimize import brentq

    def excess(value: float) -> float:
        best = _ridge(lambda tau: _log_likelihood(groups, value, tau, nodes))[1]
        return highest - best - CHI_SQUARE_95 / 2

    ends = []
    for sign in (-1.0, 1.0):
        far = mu + sign * 2 * se
        while excess(far) < 0 and abs(far - mu) < 40:
            far = mu + 2 * (far - mu)
        open_end = excess(far) < 0
        ends.append(sign * float("inf") if open_end
                    else float(brentq(excess, mu, far, xtol=1e-7)))
    return Interval(ends[0], ends[1])
