"""Joined views of a review: what claims, figures and tables start from.

Each is there as a frame, for columns at once, and as records (cells by column, None where there is
nothing), for what goes over rows: a filter of a wide frame copies every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from review.dataset.load import Review
from review.dataset.schema import ADDED, ROW, SUPERSEDED
from review.dataset.states import VALUE, with_state

Record = dict[str, Any]

# what rows of several tables have of their own: it stays that of the table a view starts from
_OWN = {"source_id", "locator", "note", SUPERSEDED, ADDED, ROW}


@lru_cache(maxsize=8)  # a review is frozen and compared by identity; callers filter, never write
def results(r: Review) -> pd.DataFrame:
    """Every outcome row of the edition, whatever its use and status, with its treatment group,
    study and report beside it. A value is in the unit of its row.

    Adds to the columns of outcomes those of the other three: of the group with its label as arm, of
    the study with its label as study, its regimen as study_regimen and its table_position as
    study_position, of the report with its type as report_type; and state, what the row says
    (`states.state`). A column that several tables have is that of the table named first.
    """
    rows = _beside(r.outcomes, r.arms.rename(columns={"label": "arm"}), "arm_id")
    studies = r.studies.rename(columns={
        "label": "study", "regimen": "study_regimen", "table_position": "study_position"})
    rows = _beside(rows, studies, "study_id")
    reports = r.reports.rename(columns={"type": "report_type"}).drop(
        columns=["label", "table_position", "study_id"], errors="ignore")
    return with_state(_beside(rows, reports, "report_id"))


def _beside(rows: pd.DataFrame, others: pd.DataFrame, key: str) -> pd.DataFrame:
    """Rows with the columns of the row of another table that they name, and that they lack."""
    more = [name for name in others if name not in rows and name not in _OWN]
    return rows.merge(others[[key, *more]], on=key, how="left", validate="many_to_one")


@lru_cache(maxsize=8)
def result_records(r: Review) -> list[Record]:
    """The rows of `results` as records; not to be written to."""
    return as_records(results(r))


@lru_cache(maxsize=256)
def groups(r: Review, outcome: str, setting: str | None = None,
           use: str | None = "synthesis") -> pd.DataFrame:
    """Treatment groups with a row for `outcome` by the statistic of the review (a hazard ratio or a
    rate at a time is no median), one row each, with the columns of `results`.

    setting: that of the studies, None for any. use: synthesis (results on the therapy that the
    review is about), comparator, context, or None for all. Rows without a value (not reached, not
    estimable, not reported, not transcribed) are among them; `known` leaves them out.
    """
    return _at(results(r), _group_places(r, outcome, setting, use))


def group_records(r: Review, outcome: str, setting: str | None = None,
                  use: str | None = "synthesis") -> list[Record]:
    """The rows of `groups` as records; not to be written to."""
    rows = result_records(r)
    return [rows[place] for place in _group_places(r, outcome, setting, use)]


def _group_places(r: Review, outcome: str, setting: str | None, use: str | None) -> list[int]:
    return _where(result_records(r), outcome=outcome, setting=setting, use=use,
                  statistic=r.contents.vocabulary.statistic(outcome))


@lru_cache(maxsize=256)
def traits(r: Review, characteristic: str, setting: str | None = None, detail: str | None = None,
           use: str | None = "synthesis", lead: bool = True) -> pd.DataFrame:
    """Rows of one characteristic, with the columns of `described`; each in its own unit.

    lead=True keeps the rows that stand for their study: those of its lead report or of no report
    in particular. detail=None keeps every detail. setting and use as in `groups`. Limits and
    what is not reported are among the rows; `known` leaves them out.
    """
    return _at(described(r), _trait_places(r, characteristic, setting, detail, use, lead))


def trait_records(r: Review, characteristic: str, setting: str | None = None,
                  detail: str | None = None, use: str | None = "synthesis",
                  lead: bool = True) -> list[Record]:
    """The rows of `traits` as records; not to be written to."""
    rows = described_records(r)
    return [rows[place] for place in _trait_places(r, characteristic, setting, detail, use, lead)]


def _trait_places(r: Review, characteristic: str, setting: str | None, detail: str | None,
                  use: str | None, lead: bool) -> list[int]:
    rows = described_records(r)
    places = _where(rows, characteristic=characteristic, setting=setting, detail=detail, use=use)
    return [place for place in places if not (lead and rows[place]["lead"] is False)]


def _where(rows: Sequence[Record], **wanted: str | None) -> list[int]:
    """The places of the rows with the wanted value in every column named; None is any value."""
    asked = [(column, value) for column, value in wanted.items() if value is not None]
    return [place for place, row in enumerate(rows)
            if all(row[column] == value for column, value in asked)]


def _at(rows: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    return rows.iloc[places].reset_index(drop=True)


@lru_cache(maxsize=8)
def described(r: Review) -> pd.DataFrame:
    """Every characteristic row of the edition with study, setting and report beside it, with state,
    what the row says (`states.state`), and with read_in, the report that it was read in."""
    studies = r.studies[["study_id", "label", "setting", "design", "table_position"]].rename(
        columns={"label": "study", "table_position": "study_position"})
    reports = r.reports[[name for name in ("report_id", "ref", "citekey", "lead")
                         if name in r.reports]]
    rows = r.characteristics.assign(read_in=read_in(r).array)
    return with_state(rows.merge(
        studies, on="study_id", validate="many_to_one").merge(
        reports, on="report_id", how="left", validate="many_to_one"))


@lru_cache(maxsize=8)
def described_records(r: Review) -> list[Record]:
    """The rows of `described` as records; not to be written to."""
    return as_records(described(r))


def read_in(r: Review) -> pd.Series:
    """The report in which each characteristic of the edition was read, in the order of the table:
    the one under which it stands; where its source is not that of this report and is that of others
    of the study, as of a row that was carried over to a report which leads now, the other one, or
    "" where several have the source; <NA> where it stands under none."""
    places = ("study_id", "report_id", "source_id")
    if not {*places} <= set(r.reports) & set(r.characteristics):
        return r.characteristics["report_id"].astype("string")
    by_source: dict[tuple[str, str], list[str]] = {}
    source: dict[str, str] = {}
    for study, report, document in zip(*(r.reports[name] for name in places), strict=True):
        by_source.setdefault((study, document), []).append(report)
        source[report] = document
    told = []
    for study, report, document in zip(*(r.characteristics[name] for name in places), strict=True):
        others = by_source.get((study, document), [])
        elsewhere = pd.notna(report) and source.get(report, document) != document and others
        told.append(report if not elsewhere else others[0] if len(others) == 1 else "")
    return pd.Series(told, index=r.characteristics.index, dtype="string")


def as_records(rows: pd.DataFrame) -> list[Record]:
    """Rows as cells by column, None where there is nothing."""
    # nothing is <NA>, or it is the one thing that is not equal to itself: NaN or NaT
    columns = [[None if cell is pd.NA or cell != cell else cell for cell in cells.tolist()]
               for _, cells in rows.items()]
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def as_frame(records: Sequence[Record], columns: Iterable[str],
             kinds: Mapping[str, str]) -> pd.DataFrame:
    """Records as columns, <NA> where there is nothing. kinds: types by column; the others are
    text."""
    return pd.DataFrame({name: pd.array([record.get(name) for record in records],
                                        dtype=kinds.get(name, "string")) for name in columns})


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold a value. What is not reached, not estimable, not reported or not
    transcribed, and what is only a limit, is left out, so that it enters no range."""
    return rows[(rows["status"] == "value") & (rows["kind"] != "bound")]


def arrived(r: Review, table: str) -> pd.Series:
    """Which rows of a table are new in the edition: added by it, and not in the place of a row that
    was there before under another key."""
    rows, why = r.tables[table], r.supersessions
    taking = why.loc[(why["table"] == table) & (why["edition_id"] == r.name), "successor"].dropna()
    key = rows[rows.columns[0]]
    return ((rows[ADDED] == r.name) & ~key.isin(taking)).fillna(False).astype(bool)


def comparable(r: Review, rows: Iterable[Record]) -> list[Record]:
    """The records of characteristics that hold a value by the statistic of the review: a mean does
    not enter a range of medians."""
    words = r.contents.vocabulary.characteristics
    return [row for row in rows if row["state"] == VALUE and row["characteristic"] in words
            and row["statistic"] == words[row["characteristic"]].statistic]
