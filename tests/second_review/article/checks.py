"""What this field asks of a study."""

from collections.abc import Iterator

from review.checks.rule import Dataset, flag
from review.dataset.problems import Problem


def braced(d: Dataset) -> Iterator[Problem]:
    """Only patients given a brace count in a range."""
    rows = d.outcomes
    wrong = (rows["use"] == "synthesis") & (rows["therapy"] != d.contents.vocabulary.therapy)
    yield from flag(d, "outcomes", wrong, "use", "not bracing",
                    "the group {arm_id} was given no brace", "write comparator into use")


RULES = (braced,)
