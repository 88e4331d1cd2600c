"""The crude rate over all groups of a stratum, as far as the rows identify it.

Where only limits are known of some groups, the total of events lies between the sum of the least
and the sum of the most counts. That is a set of rates and no estimate: it holds whatever the true
rows are, under the premises of the limits alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.synthesis.knowledge import Knowledge


@dataclass(frozen=True)
class IdentifiedSet:
    """Least and most events of all patients of the groups whose size is known.

    groups: how many of them; unsized: groups left out, because their size is not known.
    """

    least: int
    most: int
    patients: int
    groups: int
    unsized: int

    @property
    def percent(self) -> tuple[float, float] | None:
        """Lowest and highest crude rate in percent; None without a patient."""
        if not self.patients:
            return None
        return 100 * self.least / self.patients, 100 * self.most / self.patients


def identified(known: Iterable[Knowledge | None]) -> IdentifiedSet:
    """The set for the groups of a stratum; a rate that is not reported (None) is no group of it.

    Narrower counts, such as those that the order of a figure's rows proves, go in as `least` and
    `most` of their group.
    """
    groups = [one for one in known if one is not None]
    sized = [one for one in groups if one.total is not None]
    least = sum(0 if one.least is None else one.least for one in sized)
    most = sum(_most(one) for one in sized)
    patients = sum(one.total or 0 for one in sized)
    return IdentifiedSet(least, most, patients, len(sized), len(groups) - len(sized))


def _most(one: Knowledge) -> int:
    return (one.total or 0) if one.most is None else one.most
