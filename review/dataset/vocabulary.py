"""The words of one review that the engine needs: settings, outcomes, characteristics, units.

The codes themselves are the closed vocabularies of data/datapackage.json; an article says here what
each is called and how it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
    compared with the follow-up. asked: a new study's template has a row for it.
    """

    label: str
    statistic: str
    unit: str
    survival: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Characteristic:
    """A characteristic of a study or group. unit: of every value of it.

    statistic: the usual one; where it is given, a new study's template has a row for it.
    """

    unit: str
    statistic: str | None = None


@dataclass(frozen=True)
class Vocabulary:
    """Words by code. most: by unit, the largest value that anybody had; what lies above was a date,
    a count or another unit. therapy: the code in arms.csv of the therapy that the review is about.
    appraisal_tool: how studies are appraised.
    """

    settings: Mapping[str, Setting]
    outcomes: Mapping[str, Outcome]
    characteristics: Mapping[str, Characteristic]
    most: Mapping[str, float]
    therapy: str
    appraisal_tool: str

    def outcome_label(self, code: str) -> str:
        """Short name of an outcome; the code itself where the article gives none."""
        return self.outcomes[code].label if code in self.outcomes else code
