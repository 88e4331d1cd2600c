"""The sensitivity analyses: which results of an edition each of them keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from article.eligibility import threshold
from review.audit.outcomes import OutcomeRows, outcome_rows
from review.audit.printed import limit
from review.dataset.load import Review
from review.dataset.states import VALUE
from review.synthesis.ranges import Range, known_range

Keep = Callable[[Review, pd.DataFrame], pd.DataFrame]

# what an analysis chooses by, and what a range tells; a row has sixty columns
NEEDED = ["study_id", "report_id", "study", "report_type", "n_total", "refractory_percent", "kind",
          "state", "value", "printed", "unit"]
# studies that the article sets apart from the others, by key
SET_APART = "trimm-2"


@dataclass(frozen=True)
class Variant:
    """A sensitivity analysis. about: what it keeps, in words. keep: from the groups of an outcome,
    one row each, to those that stay."""

    name: str
    about: str
    keep: Keep


def variants(r: Review) -> list[Variant]:
    """Every analysis in the order of the table, the whole edition first."""
    share = limit(r, "R3.5-08")  # what the article calls a high share, in percent
    least = threshold(r.eligibility, "retreated_count") or 0  # patients that it asks for
    return [
        Variant("all", "all groups", lambda r, rows: rows),
        Variant("without-set-apart", f"without {_label(r, SET_APART)}",
                lambda r, rows: rows[rows["study_id"] != SET_APART]),
        Variant("not-small", f"without groups known to have fewer than {least:g} patients",
                lambda r, rows: rows[~(rows["n_total"] < least).fillna(False)]),
        Variant("full-articles", "results read from full articles only",
                lambda r, rows: rows[(rows["report_type"].astype("string") == "article")
                                     .fillna(False)]),
        Variant("refractory", f"groups with more than {share:g}% refractory patients",
                lambda r, rows: rows[(rows["refractory_percent"] > share).fillna(False)]),
        Variant("not-inferred", "without inferred values",
                lambda r, rows: rows[~((rows["kind"] == "inferred")
                                       & (rows["state"] == VALUE)).fillna(False)]),
        Variant("cohorts", "one group a cohort, the largest", _one_a_cohort),
        Variant("reports", "one group a report, the largest",
                lambda r, rows: largest(rows, rows["study_id"].astype(str) + "/"
                                        + rows["report_id"].astype("string").fillna(""))),
        Variant("studies", "one group a study, the largest",
                lambda r, rows: largest(rows, rows["study_id"].astype(str))),
    ]


def kept(r: Review, one: Variant, outcome: str, setting: str) -> Range:
    """The known range of an outcome in a setting under an analysis."""
    whole = outcome_rows(r, outcome, setting)
    rows = one.keep(r, whole.rows[NEEDED])
    return known_range(OutcomeRows(outcome, setting, rows, whole.studies))


def largest(rows: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """One group of each unit: the one with a value and most patients, the first where several.

    A group whose size is not stated comes after those that state theirs.
    """
    order = rows.assign(unit=unit, valued=rows["state"] == VALUE,
                        size=rows["n_total"].fillna(-1)).sort_values(
        ["valued", "size"], ascending=False, kind="stable")
    first = order.drop_duplicates("unit").index
    return rows.loc[rows.index.isin(first)]


def cohorts(r: Review) -> dict[str, str]:
    """Cohort by study, from the overlaps of the dataset; a study without one is its own."""
    return {str(row.study_id): str(row.cohort) for row in r.overlaps.itertuples()}


def _one_a_cohort(r: Review, rows: pd.DataFrame) -> pd.DataFrame:
    own = cohorts(r)
    return largest(rows, rows["study_id"].astype(str).map(lambda key: own.get(key, key)))


def _label(r: Review, study_id: str) -> str:
    """The study's name; that it is not there where the edition has no such study."""
    found = r.studies.loc[r.studies["study_id"] == study_id, "label"]
    return str(found.iloc[0]) if len(found) else f"{study_id} (not in this edition)"
