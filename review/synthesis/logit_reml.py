"""Random-effects summary of rates on the logit scale by restricted maximum likelihood.

The two-step way, kept as a sensitivity analysis: it takes the logit of each observed rate as
normal with a known variance, which small groups and rates near 0 or 100% do not grant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from review.synthesis.binomial_normal import Interval, NotEstimable

LARGEST_TAU2 = 100.0


@dataclass(frozen=True)
class LogitSummary:
    """mu, its standard error and tau2 on the logit scale; interval: 95%, by the normal.

    prediction: 95% interval of a further group by t with k-2 degrees of freedom, None for two
    groups. prediction_normal: the same by the normal, as some programs give it. corrected: groups
    to which half an event was added on either side, because they had none on one.
    """

    mu: float
    se: float
    tau2: float
    interval: Interval
    prediction: Interval | None
    prediction_normal: Interval
    corrected: int


def summarise(events: Sequence[int], totals: Sequence[int]) -> LogitSummary:
    """Summary of groups of `totals` patients with `events`; NotEstimable for fewer than two."""
    from scipy.optimize import minimize_scalar

    x, n = np.asarray(events, float), np.asarray(totals, float)
    if len(x) < 2:
        raise NotEstimable("fewer than two groups tell nothing of the spread between groups")
    bare = (x == 0) | (x == n)
    x, n = x + 0.5 * bare, n + bare
    y, v = np.log(x / (n - x)), 1 / x + 1 / (n - x)
    found = minimize_scalar(lambda tau2: -_restricted(y, v, float(tau2)), method="bounded",
                            bounds=(0, LARGEST_TAU2), options={"xatol": 1e-10})
    tau2 = float(found.x)
    if _restricted(y, v, 0.0) >= -float(found.fun):
        tau2 = 0.0
    weights = 1 / (v + tau2)
    mu, se = float((weights * y).sum() / weights.sum()), float(weights.sum() ** -0.5)
    z, spread = float(ndtri(0.975)), (tau2 + se**2) ** 0.5
    k = len(y)
    t = float(stdtrit(k - 2, 0.975)) if k > 2 else None
    return LogitSummary(
        mu, se, tau2, Interval(mu - z * se, mu + z * se),
        None if t is None else Interval(mu - t * spread, mu + t * spread),
        Interval(mu - z * spread, mu + z * spread), int(bare.sum()))


def _restricted(y: NDArray[np.float64], v: NDArray[np.float64], tau2: float) -> float:
    """The restricted log-likelihood of tau2, up to a constant."""
    weights = 1 / (v + tau2)
    mu = (weights * y).sum() / weights.sum()
    return float(-0.5 * (np.log(v + tau2).sum() + np.log(weights.sum())
                         + (weights * (y - mu) ** 2).sum()))
