"""The words of one review that the engine needs: settings, outcomes, characteristics, units.

The codes themselves are the closed vocabularies of data/datapackage.json; an article says here what
each is called and how it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setting:
    """A kind of study that the review keeps apart, such as randomised trials.

    one, many: nouns for prose. title: heading. table: label of the table that lists its studies.
    """

    one: str
    many: str
    title: str
    table: str


@dataclass(frozen=True)
class Outcome:
    """An outcome of the review. label: short name. statistic, unit: how the review gives it.

    survival: a time counted from the start of the therapy to an event, so that its median can be
    compared with the follow-up. asked: a new study's template has a row for it. synthesised:
    whether it enters counts and ranges; one that does not is kept with use context. within: the
    outcome of which it is a part, so that no group has more of it.
    """

    label: str
    statistic: str
    unit: str
    survival: bool = False
    asked: bool = False
    synthesised: bool = True
    within: str = ""


@dataclass(frozen=True)
class Panel:
    """A figure of the article that rows of outcomes.csv may be filed under: what it draws."""

    setting: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Characteristic:
    """A characteristic of a study or group. unit: of every value of it. label: how a sentence about
    its values begins.

    statistic: the usual one; where it is given, a new study's template has a row for it.
    """

    unit: str
    statistic: str | None = None
    label: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """Words by code. most: by unit, the largest value that anybody had; what lies above was a date,
    a count or another unit. therapy: the code in arms.csv of the therapy that the review is about.
    appraisal_tool: how studies are appraised. comparison_figures: figures that show groups of the
    results a second time, beside others; their rows enter no count and no range. panels: by label
    of the figure, what a row whose `figure` it is can be of. kept_statistics: statistics of any
    outcome that are kept with use context and enter no range, with their unit and what the note of
    such a row has to say.
    """

    settings: Mapping[str, Setting]
    outcomes: Mapping[str, Outcome]
    characteristics: Mapping[str, Characteristic]
    most: Mapping[str, float]
    therapy: str
    appraisal_tool: str
    comparison_figures: tuple[str, ...] = ()
    kept_statistics: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    panels: Mapping[str, Panel] = field(default_factory=dict)

    def measure(self, code: str) -> str:
        """What is measured of an outcome, as a sentence begins with it: "Median PFS", "ORR"."""
        outcome = self.outcomes[code]
        return f"Median {outcome.label}" if outcome.statistic == "median" else outcome.label

    def measured(self, code: str, statistic: str) -> str:
        """What a row gives of an outcome, by its own statistic: "Median PFS", "PFS, hazard ratio".
        The code stands for an outcome that the review does not know."""
        if statistic in (self.statistic(code), ""):
            return self.measure(code)
        return f"{self.outcome_label(code)}, {statistic}"

    def statistic(self, code: str) -> str | None:
        """How the review gives an outcome; None for one that it does not know."""
        return self.outcomes[code].statistic if code in self.outcomes else None

    def outcome_label(self, code: str) -> str:
        """Short name of an outcome; the code itself where the article gives none."""
        return self.outcomes[code].label if code in self.outcomes else code
