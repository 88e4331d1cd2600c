"""Joined views of a review: what claims, figures and tables start from."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from .data import Review

_STUDY = ["study_id", "label", "setting", "design", "regimen", "table_position"]
_ARM = ["arm_id", "study_id", "label", "regimen", "population", "therapy", "exposure", "line",
        "refractory_printed", "refractory_percent"]
_REPORT = ["report_id", "ref", "citekey", "type"]
# what claims and conclusions read of a result, in the order of `results`: they select rows
# hundreds of times, and each selection copies every column
_GROUP = ["outcome_id", "arm_id", "report_id", "use", "status", "kind", "value", "unit", "printed",
          "bound_low", "bound_high", "ci_status", "ci_low", "ci_high", "ci_high_status",
          "ci_printed", "n", "n_total", "n_total_kind", "time_zero", "figure", "figure_row",
          "study_id", "arm", "population", "therapy", "exposure", "refractory_printed",
          "refractory_percent", "study", "ref"]
# the same of a characteristic, in the order of `described`
_TRAIT = ["characteristic_id", "study_id", "report_id", "arm_id", "detail", "status", "kind",
          "value", "printed", "bound_low", "bound_high", "study", "lead"]


@lru_cache(maxsize=8)  # a review is frozen and compared by identity; callers filter, never write
def results(r: Review) -> pd.DataFrame:
    """Every outcome row with its treatment group, study and report beside it.

    Adds to the columns of outcomes: study_id, study (label), setting, design, study_position,
    study_regimen; arm (label), regimen, population, therapy, exposure, line, refractory_printed,
    refractory_percent; ref, citekey, report_type (of the report that carries the result).
    """
    studies = r.studies[_STUDY].rename(columns={
        "label": "study", "regimen": "study_regimen", "table_position": "study_position"})
    arms = r.arms[_ARM].rename(columns={"label": "arm"})
    reports = r.reports[_REPORT].rename(columns={"type": "report_type"})
    return (
        r.outcomes.merge(arms, on="arm_id", how="left", validate="many_to_one")
        .merge(studies, on="study_id", how="left", validate="many_to_one")
        .merge(reports, on="report_id", how="left", validate="many_to_one")
    )


@lru_cache(maxsize=256)
def groups(r: Review, outcome: str, setting: str | None = None,
           use: str | None = "synthesis") -> pd.DataFrame:
    """Treatment groups with a row for `outcome` (pfs, os, orr, ...), one row each, with the columns
    that statements rest on; `results` has the rest.

    setting: clinical or rwe, None for both. use: synthesis (results of the review for retreated
    patients, also those not reached or not transcribed), comparator, context, or None for all.
    """
    rows = results(r)
    keep = _where(rows, outcome=outcome, setting=setting, use=use)
    return rows[_GROUP][keep].reset_index(drop=True)


@lru_cache(maxsize=256)
def traits(r: Review, characteristic: str, setting: str | None = None, detail: str | None = None,
           use: str | None = "synthesis", lead: bool = True) -> pd.DataFrame:
    """Rows of one characteristic, with the columns that statements rest on; `described` has the
    rest.

    lead=True keeps the rows that stand for their study: those of its lead report or of no report
    in particular. detail=None keeps every detail.
    """
    rows = described(r)
    keep = _where(rows, characteristic=characteristic, setting=setting, detail=detail, use=use)
    if lead:
        keep &= rows["lead"].fillna(True)
    return rows[_TRAIT][keep].reset_index(drop=True)


def _where(rows: pd.DataFrame, **wanted: str | None) -> pd.Series:
    """Whether each row has the wanted value in every column named; None is any value."""
    keep = pd.Series(True, index=rows.index, dtype="boolean")
    for column, value in wanted.items():
        if value is not None:
            keep &= rows[column] == value
    return keep


@lru_cache(maxsize=8)
def described(r: Review) -> pd.DataFrame:
    """Every characteristic with study, setting, report reference and lead beside it."""
    studies = r.studies[["study_id", "label", "setting", "design", "table_position"]].rename(
        columns={"label": "study", "table_position": "study_position"})
    reports = r.reports[["report_id", "ref", "citekey", "lead"]]
    return r.characteristics.merge(studies, on="study_id", validate="many_to_one").merge(
        reports, on="report_id", how="left", validate="many_to_one")


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold a value: no bound, nothing unreached or unreported enters a range."""
    return rows[(rows["status"] == "value") & (rows["kind"] != "bound")]
