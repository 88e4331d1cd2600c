"""Statements of the discussion."""

from review.audit.answers import Answer, NotRecomputable, Truth, keys
from review.audit.printed import limit
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known


@claim("DI-01")
def recovery_within_the_limit(r: Review) -> Answer:
    """Every median that was reached is at most the limit of the statement."""
    rows = known(groups(r, "recovery"))
    longest = rows["value"].max()
    return Truth(bool(longest <= limit(r, "DI-01")), rows=keys(rows),
                 because=f"the longest median is {longest:g} days")


@claim("DI-02")
def quality_of_the_evidence(r: Review) -> Answer:
    """An opinion."""
    return NotRecomputable("judgement")
