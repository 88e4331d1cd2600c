"""Counts and ranges of the review, each written once: abstract, results and discussion call these.

All speak of the edition that `r` is. A range takes the rows that hold a value: what is not reached,
not estimable, not reported or not transcribed, and what is only a limit (such as "up to 53"), does
not enter. A range of nothing raises NoValue; a count of nothing is 0.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from review.audit.answers import Count, NoValue, Number, Reading, Span, count, span
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import groups, known, traits

LEAD = "The value of a study is that of its lead report."
GROUPS = "Treatment groups are counted, not studies."


def studies(r: Review, setting: str | None = None, design: str | None = None) -> Count:
    """Number of included studies, of one setting (clinical, rwe) or design if asked for."""
    rows = r.studies
    if setting is not None:
        rows = rows[rows["setting"] == setting]
    if design is not None:
        rows = rows[rows["design"] == design]
    return count(rows, "label")


def reports(r: Review, kind: str | None = None) -> Count:
    """Number of included reports (publications, not studies), of one type (article, abstract,
    registry) if asked for."""
    rows = r.reports if kind is None else r.reports[r.reports["type"] == kind]
    return count(rows, "report_id")


def follow_up(r: Review, setting: str | None = None, lead: bool = True) -> pd.DataFrame:
    """Cells of median follow-up, in months, of studies.

    lead: only those of the lead reports. Limits and what is not reported are among the rows, with
    the status not reported.
    """
    return traits(r, "follow_up", setting, lead=lead)


def follow_up_range(r: Review, setting: str | None = None) -> Span:
    """Shortest and longest median follow-up in months, one of each study, by its lead report."""
    return span(known(follow_up(r, setting)))


def follow_up_limits(r: Review, setting: str | None = None) -> str:
    """Studies whose follow-up cell prints an upper limit, as printed: no median, in no range."""
    cells = follow_up(r, setting)
    rows = cells[cells["kind"] == "bound"]
    return "; ".join(f"{row.study} prints {row.printed}" for row in rows.itertuples()) or "none"


def follow_up_low(r: Review, setting: str) -> Reading:
    """Shortest median follow-up in months: over the cells of every report, or by lead reports."""
    every, leading = (known(follow_up(r, setting, lead)) for lead in (False, True))
    return Reading(span(every).low_end, LEAD, span(leading).low_end)


def stated_follow_up(r: Review, setting: str, by: str) -> Count:
    """Number of studies (by="study") or reports (by="report_id") with a follow-up cell that is
    filled, with a median or a limit."""
    cells = follow_up(r, setting, lead=False)
    return count(cells[(cells["status"] == "value") | (cells["kind"] == "bound")], by)


def prior_lines_range(r: Review) -> Reading:
    """Fewest and most median prior lines of therapy: over the cells of every report, or by lead
    reports."""
    every, leading = (known(traits(r, "prior_lines", lead=lead)) for lead in (False, True))
    return Reading(span(every), LEAD, span(leading))


def refractory_range(r: Review, detail: str) -> Span:
    """Lowest and highest percentage of patients refractory to `detail` (dara, triple, penta ...),
    over the cells of every report in Tables 1 and 2."""
    return span(known(traits(r, "refractory", detail=detail, lead=False)))


def outcome_range(r: Review, outcome: str, setting: str) -> Span:
    """Lowest and highest known median (months) or rate (percent) of `outcome`, retreated groups.

    The groups are those of the results figures; the comparison with naive patients, which shows
    some patients a second time, is left out.
    """
    return span(known(_drawn(r, outcome, setting)))


def pfs_range_by_group(r: Review, setting: str) -> Reading:
    """Lowest and highest known median PFS in months of retreated groups: over studies with one
    group, or over all groups."""
    rows = _drawn(r, "pfs", setting)
    single = rows.groupby("study_id", observed=True)["arm_id"].transform("size") == 1
    return Reading(span(known(rows[single])), GROUPS, span(known(rows)))


def unreached(r: Review, outcome: str, setting: str) -> Count:
    """Number of studies with a retreated group whose median of `outcome` was not reached."""
    rows = _drawn(r, outcome, setting)
    return count(rows[rows["status"] == "not reached"])


def _drawn(r: Review, outcome: str, setting: str) -> pd.DataFrame:
    rows = groups(r, outcome, setting)
    return rows[rows["figure"].astype("string").fillna("") != "fig-naive"]


def flow(r: Review, *names: str) -> list[Number]:
    """Boxes of the flow of records, in records or reports, of the newest edition that states them.

    Raises NoValue for a box without a number: what is not reported is not zero.
    """
    boxes = _boxes(r)
    missing = [name for name in names if name not in boxes]
    if missing:
        raise NoValue(f"no count of {', '.join(missing)} in the flow of records")
    return [boxes[name] for name in names]


def flow_reports(r: Review) -> Count:
    """Number of reports included by the edition whose flow of records is the newest stated.

    A later edition without a flow of its own adds reports that no box counts.
    """
    positions = r.editions.set_index("edition_id")["position"]
    stated = r.flow.loc[r.flow["n"].notna() & r.flow["edition_id"].isin(
        positions.index[positions <= r.edition["position"]]), "edition_id"].map(positions).max()
    rows = r.reports[r.reports["edition_added"].map(positions) <= stated]
    return count(rows, "report_id")


@lru_cache(maxsize=8)
def _boxes(r: Review) -> dict[str, Number]:
    positions = r.editions.set_index("edition_id")["position"]
    rows = r.flow[r.flow["n"].notna()]
    rows = rows.assign(position=rows["edition_id"].map(positions)).sort_values("position")
    rows = rows[rows["position"] <= r.edition["position"]]
    # the newest edition comes last and replaces the boxes of those before
    return {row.data: Number(int(row.n), rows=(getattr(row, ROW),))
            for row in rows.itertuples()}


def difference(whole: Count | Number, *parts: Count | Number) -> Count:
    """A count less its parts, with the arithmetic in words; of the same unit as they are."""
    value = int(whole.value - sum(part.value for part in parts))
    rows = dict.fromkeys(key for answer in (whole, *parts) for key in answer.rows)
    terms = " − ".join(str(answer.value) for answer in (whole, *parts))
    return Count(value, rows=tuple(rows), because=f"{terms} = {value}")


def total(*parts: Count | Number) -> Count:
    """The sum of counts, with the arithmetic in words; of the same unit as they are."""
    value = int(sum(part.value for part in parts))
    rows = dict.fromkeys(key for part in parts for key in part.rows)
    terms = " + ".join(str(part.value) for part in parts)
    return Count(value, rows=tuple(rows), because=f"{terms} = {value}")
