"""An edition without some of its studies or results, by rules that a reader can choose.

A result counts when its study is not left out and the result passes every filter. The same rules
are written once more in the page's script (assets/without.html); a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from review.dataset.load import Review
from review.dataset.problems import ReviewError
from review.dataset.views import results

ALL, PART, NONE, UNSTATED = "all", "part", "none", "not stated"


class UnknownStudy(ReviewError):
    """A study to leave out that the edition does not have; the message lists those it has."""


@dataclass(frozen=True)
class Selection:
    """What is left out.

    studies: keys of studies. designs, report_types, refractoriness: words of the rows (of the
    study, of the report a result was read from, of `refractory_class`). smallest: results of fewer
    patients are left out; those whose size is not stated stay, because nothing shows that they are
    small.
    """

    studies: frozenset[str] = frozenset()
    designs: frozenset[str] = frozenset()
    report_types: frozenset[str] = frozenset()
    refractoriness: frozenset[str] = frozenset()
    smallest: int = 0

    @property
    def of_results(self) -> bool:
        """Whether it leaves out results of studies that stay."""
        return bool(self.designs or self.report_types or self.refractoriness or self.smallest)


def refractory_class(percent: object) -> str:
    """all, part, none or not stated: the share of a group that is refractory, in percent."""
    if pd.isna(percent):
        return UNSTATED
    share = float(str(percent))
    return ALL if share == 100 else NONE if share == 0 else PART


def passing(rows: pd.DataFrame, chosen: Selection) -> pd.Series:
    """Which rows of `views.results` a selection leaves."""
    keep = ~rows["study_id"].isin(chosen.studies)
    keep &= ~rows["design"].astype("string").isin(chosen.designs).fillna(False)
    keep &= ~rows["report_type"].astype("string").isin(chosen.report_types).fillna(False)
    if chosen.refractoriness:
        share = rows["refractory_percent"] if "refractory_percent" in rows else pd.Series(
            pd.NA, index=rows.index)
        keep &= ~share.map(refractory_class).isin(chosen.refractoriness)
    if chosen.smallest:
        keep &= ~(rows["n_total"] < chosen.smallest).fillna(False)
    return keep.astype(bool)


def without(r: Review, chosen: Selection) -> Review:
    """The edition without what is left out; UnknownStudy for a study that it does not have.

    Studies go with their reports, groups, results and characteristics; a filter takes results
    alone, so that a study that it leaves without a result is still an included study.
    """
    known = set(r.studies["study_id"])
    if unknown := sorted(chosen.studies - known):
        raise UnknownStudy(f"there is no study {', '.join(map(repr, unknown))} in this edition; "
                           f"there are {', '.join(sorted(known))}")
    kept = {name: _without_studies(r, frame, chosen.studies)
            for name, frame in r.tables.items() if "study_id" in frame or "arm_id" in frame}
    if chosen.of_results:
        rows = results(r)
        passed = rows.loc[passing(rows, chosen), "outcome_id"]
        outcomes = kept["outcomes"]
        kept["outcomes"] = outcomes[outcomes["outcome_id"].isin(passed)].reset_index(drop=True)
    return r.with_tables(**kept)


def _without_studies(r: Review, frame: pd.DataFrame, studies: frozenset[str]) -> pd.DataFrame:
    if "study_id" in frame:
        gone = frame["study_id"].isin(studies)
    else:
        arms = r.arms.loc[r.arms["study_id"].isin(studies), "arm_id"]
        gone = frame["arm_id"].isin(arms)
    return frame[~gone.fillna(False).astype(bool)].reset_index(drop=True)
