"""Row checks on groups of patients: whether two are one, and whether their sizes fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from review.audit.row_checks import Find, row_check
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import described, known, results
from review.wording import patients, plain


@row_check("same-group-twice", "Two groups with the same size, value and spread")
def same_group_twice(r: Review) -> Iterator[Find]:
    """Two groups of which size, value and interval or range are the same may be the same patients
    twice."""
    rows = known(results(r))
    rows = rows[rows["ci_low"].notna() & rows["n_total"].notna()]
    yield from _twins(rows, ["outcome", "statistic", "value", "ci_low", "ci_high", "n_total"],
                      "arm_id", "ci_printed", "outcome")
    cells = known(described(r))
    cells = cells[(cells["low"].notna()) & (cells["use"] == "synthesis")]
    cells = cells.assign(n_total=[_size(r, cell) for cell in cells.to_dict("records")])
    cells = cells[cells["n_total"].notna()].assign(
        group=cells["report_id"].astype("string") + cells["arm_id"].astype("string").fillna(""))
    yield from _twins(cells, ["characteristic", "value", "low", "high", "n_total"], "group",
                      "printed", "characteristic")


def _twins(rows: pd.DataFrame, same: list[str], group: str, shown: str,
           what: str) -> Iterator[Find]:
    for _, part in rows.groupby(same, sort=False, dropna=False, observed=True):
        if part[group].nunique() < 2:
            continue
        first = part.iloc[0]
        who = " and ".join(_who(row) for row in part.to_dict("records"))
        value = f"{plain(first['value'])} ({first[shown]})" if what == "outcome" else first[shown]
        yield Find(f"{who}: each {patients(int(first['n_total']))} with "
                   f"{str(first[what]).replace('_', ' ')} {value}", tuple(part[ROW]))


def _who(row: dict[str, Any]) -> str:
    name = str(row["study"])
    if pd.notna(row.get("ref")):
        name += f" (reference {row['ref']})"
    return f"{name}, group {row['arm_id']}" if pd.notna(row["arm_id"]) else name


def _size(r: Review, cell: dict[str, Any]) -> int | None:
    """Patients of the group that a cell describes: the arm's, else the one size that the results
    of its report have; None where there is no single one."""
    if pd.notna(cell["arm_id"]):
        sizes = r.arms.loc[r.arms["arm_id"] == cell["arm_id"], "n_total"].dropna().unique()
    else:
        own = results(r)
        own = own[(own["report_id"] == cell["report_id"]) & (own["use"] == "synthesis")]
        sizes = own["n_total"].dropna().unique()
    return int(sizes[0]) if len(sizes) == 1 else None


@row_check("two-denominators", "One study, two sizes of its retreated patients")
def two_denominators(r: Review) -> Iterator[Find]:
    """Results of one study, one a group and outcome, are given for different numbers of patients,
    and how these relate is not told by two groups of their own."""
    rows = results(r)
    words = r.contents.vocabulary
    compared = rows["figure"].astype("string").isin(words.comparison_figures) \
        if words.comparison_figures else False
    rows = rows[(rows["use"] == "synthesis") & ~compared]
    for study, part in rows.groupby("study", sort=False):
        single = part.groupby("outcome", observed=True).filter(lambda own: len(own) == 1)
        single = single[single["n_total"].notna()]
        if single["n_total"].nunique() > 1:
            told = ", ".join(f"{words.outcome_label(row.outcome)} {row.n_total}"
                             for row in single.itertuples())
            yield Find(f"{study}: {told} patients", tuple(single[ROW]))


@row_check("share-of-another-group", "A share that no whole number of the group gives")
def share_of_another_group(r: Review) -> Iterator[Find]:
    """A percentage printed for a study whose retreated patients are one group is no whole count of
    that group within rounding: it describes another population, or the size is another one."""
    rows = results(r)
    rows = rows[rows["use"] == "synthesis"]
    alone = rows.groupby("study_id")["arm_id"].transform("nunique") == 1
    rows = rows[alone & rows["n_total"].notna()].drop_duplicates(["arm_id", "n_total"])
    cells = known(described(r))
    cells = cells[(cells["unit"] == "percent") & (cells["use"] == "synthesis")]
    for row in rows.to_dict("records"):
        own = cells[cells["study_id"] == row["study_id"]]
        own = own[own["report_id"].isna() | (own["report_id"] == row["report_id"])]
        total = int(row["n_total"])
        wrong = [cell for cell in own.to_dict("records") if not _possible(cell["value"], total)]
        if wrong:
            told = " and ".join(f"{plain(cell['value'])}% ({_near(cell['value'], total)})"
                                for cell in wrong)
            yield Find(f"{row['study']}, {patients(total)}: no whole number gives "
                       f"{told}", (row[ROW], *(cell[ROW] for cell in wrong)))


def _possible(percent: float, total: int) -> bool:
    return any(abs(100 * n / total - percent) <= 0.5 for n in range(total + 1))


def _near(percent: float, total: int) -> str:
    n = min(range(total + 1), key=lambda n: abs(100 * n / total - percent))
    return f"nearest {n}/{total} = {100 * n / total:.1f}%"
