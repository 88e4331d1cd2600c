"""What an edition knows of one outcome in one setting: the quantities behind its sentences.

Each row is in one of the states of `dataset.states`. Values alone enter a range, and what is not
reported counts as no report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import pandas as pd

from review.audit.answers import record_keys
from review.dataset.load import Review
from review.dataset.states import NOT_REPORTED, VALUE
from review.dataset.views import Record, group_records, groups
from review.wording import between


@dataclass(frozen=True, eq=False)
class OutcomeRows:
    """The groups of one outcome in one setting, those of the synthesis, each once.

    records: one a group, cells by column of `views.results`. studies: how many studies the edition
    includes in the setting. frame: makes the rows of the records as a frame.
    """

    outcome: str
    setting: str
    records: Sequence[Record]
    studies: int
    frame: Callable[[], pd.DataFrame]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The groups as a frame, one row each."""
        return self.frame()

    @cached_property
    def told(self) -> Sequence[Record]:
        """The records of the groups for which the outcome is reported."""
        return [row for row in self.records if row["state"] != NOT_REPORTED]

    def said(self, state: str) -> Sequence[Record]:
        """The records of the groups in one state, in the order of the dataset."""
        return [row for row in self.records if row["state"] == state]

    def of(self, state: str) -> pd.DataFrame:
        """The groups in one state, in the order of the dataset."""
        return self.rows[self.rows["state"] == state]

    @cached_property
    def values(self) -> pd.DataFrame:
        """The groups with a value."""
        return self.of(VALUE)

    @cached_property
    def reported(self) -> pd.DataFrame:
        """The groups for which the outcome is reported, with a value or without."""
        return self.rows[self.rows["state"] != NOT_REPORTED]

    @property
    def reporting_studies(self) -> int:
        """Studies with at least one group for which the outcome is reported."""
        return len({row["study_id"] for row in self.told})

    @property
    def sizes(self) -> pd.Series:
        """Patients of the groups for which the outcome is reported; <NA> where not stated."""
        return self.reported["n_total"]

    @cached_property
    def low(self) -> pd.DataFrame:
        """The group or groups with the lowest value; none where no value is known."""
        return self._at(self.values["value"].min())

    @cached_property
    def high(self) -> pd.DataFrame:
        """The group or groups with the highest value; none where no value is known."""
        return self._at(self.values["value"].max())

    @property
    def span(self) -> str:
        """The lowest to the highest value as printed: "24.6 to 90.0%"; "" where none is known."""
        if not (values := self.said(VALUE)):
            return ""
        low, high = (end[0] for end in at_ends(values))
        return between(low["value"], high["value"], low["unit"], (low["printed"], high["printed"]))

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the rows."""
        return record_keys(self.records)

    def _at(self, value: float) -> pd.DataFrame:
        return self.values[self.values["value"] == value]


def at_ends(rows: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """The rows with the lowest value and those with the highest; none of no value."""
    valued = [row for row in rows if row["value"] is not None]
    ends = [choose((row["value"] for row in valued), default=None) for choose in (min, max)]
    low, high = ([row for row in valued if row["value"] == end] for end in ends)
    return low, high


@lru_cache(maxsize=128)
def outcome_rows(r: Review, outcome: str, setting: str) -> OutcomeRows:
    """What the edition knows of `outcome` in `setting`.

    Groups of the synthesis count, each once; those that a figure of comparisons shows beside
    others are the same patients a second time and do not, unless they are all that is known of
    their study.
    """
    rows, places = group_records(r, outcome, setting), None
    if figures := r.contents.vocabulary.comparison_figures:
        once = {row["study_id"] for row in rows if row["figure"] not in figures}
        places = [place for place, row in enumerate(rows)
                  if row["figure"] not in figures or row["study_id"] not in once]
        rows = [rows[place] for place in places]
    studies = int((r.studies["setting"] == setting).sum())
    return OutcomeRows(outcome, setting, rows, studies,
                       partial(_frame, r, outcome, setting, places))


def _frame(r: Review, outcome: str, setting: str, places: list[int] | None) -> pd.DataFrame:
    rows = groups(r, outcome, setting)
    return rows if places is None else rows.iloc[places].reset_index(drop=True)
