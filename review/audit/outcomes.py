"""What an edition knows of one outcome in one setting: the quantities behind its sentences.

Each row is in one of the states of `dataset.states`. Values alone enter a range, and what is not
reported counts as no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from review.audit.answers import keys
from review.dataset.load import Review
from review.dataset.states import NOT_REPORTED, VALUE
from review.dataset.views import groups
from review.wording import between


@dataclass(frozen=True, eq=False)
class OutcomeRows:
    """The groups of one outcome in one setting, those of the synthesis, each once.

    rows: one a group, with the columns of `views.results`. studies: how many studies the edition
    includes in the setting.
    """

    outcome: str
    setting: str
    rows: pd.DataFrame
    studies: int

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
        return int(self.reported["study_id"].nunique())

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
        if self.values.empty:
            return ""
        low, high = self.low.iloc[0], self.high.iloc[0]
        return between(low["value"], high["value"], low["unit"], (low["printed"], high["printed"]))

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the rows."""
        return keys(self.rows)

    def _at(self, value: float) -> pd.DataFrame:
        return self.values[self.values["value"] == value]


@lru_cache(maxsize=128)
def outcome_rows(r: Review, outcome: str, setting: str) -> OutcomeRows:
    """What the edition knows of `outcome` in `setting`.

    Groups of the synthesis count, each once; those that a figure of comparisons shows beside
    others are the same patients a second time and do not, unless they are all that is known of
    their study.
    """
    rows = groups(r, outcome, setting)
    if figures := r.contents.vocabulary.comparison_figures:
        again = rows["figure"].astype("string").isin(figures)
        again &= rows["study_id"].isin(rows.loc[~again, "study_id"])
        rows = rows[~again].reset_index(drop=True)
    studies = int((r.studies["setting"] == setting).sum())
    return OutcomeRows(outcome, setting, rows, studies)
