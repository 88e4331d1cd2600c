"""The gate to a pooled response rate in each stratum: its words, and what two editions compare."""

from __future__ import annotations

from collections.abc import Iterator

from article.vocabulary import DESIGN_CATEGORIES, VOCABULARY
from review.audit.answers import record_keys
from review.audit.outcomes import outcome_rows
from review.audit.quantities import Quantity
from review.dataset.load import Review
from review.synthesis.pooling import Pooled, Stratum, pooled, strata
from review.wording import listed

NOT_SHOWN = "not shown"


def quantities(r: Review) -> Iterator[Quantity]:
    """Whether the response rate of each stratum is pooled, with the rate where it is.

    A stratum is named by setting and design; whether any of its groups reports a response rate is
    told as well.
    """
    for setting, noun in VOCABULARY.settings.items():
        found = {one.name: one for one in strata(outcome_rows(r, "orr", setting))}
        for design in DESIGN_CATEGORIES:
            one = found.get(design)
            rate = pooled_words(pooled(one)) if one else "no group"
            yield Quantity(
                f"orr-{setting}-{design}-pooled",
                f"{VOCABULARY.measure('orr')} in {noun.many}, {design}: pooled rate",
                f"{rate}, gate {gate_words(one)}" if one and rate == NOT_SHOWN else rate,
                record_keys(one.rows) if one else ())


def gate_words(one: Stratum) -> str:
    """The state of a gate and what keeps it closed."""
    reasons = [] if one.gate.enough_groups else ["too few groups"]
    if not one.gate.enough_share:
        reasons.append("too small a share")
    if not one.gate.unchosen:
        reasons.append(f"known as an end: {listed(list(one.gate.named))}")
    return "open" if one.gate.open else f"closed ({'; '.join(reasons)})"


def pooled_words(found: Pooled | None) -> str:
    """The pooled rate with its intervals; "not shown" behind a closed gate."""
    if found is None:
        return NOT_SHOWN
    if found.fit is None:
        return f"none: {found.problem}"
    fit, reml = found.fit, found.reml
    prediction = "none" if fit.prediction is None else _limits(fit.prediction.percent)
    return (f"{fit.percent:.1f}% (profile {_limits(fit.profile.percent)}; Wald "
            f"{_limits(fit.wald.percent)}); tau² {fit.tau2:.3f}; prediction {prediction}; "
            f"logit REML {_limits(reml.interval.percent)}, tau² {reml.tau2:.3f}")


def _limits(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.1f} to {limits[1]:.1f}"
