"""Results of treatment groups, for the claims of sections 3.4, 3.5 and 4.

One row, its interval and its share; the extremes of several rows.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from article.claims.cells import Cell
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    NoValue,
    Number,
    Reading,
    Several,
    Text,
    keys,
    number,
    span,
)
from review.audit.printed import limit, together
from review.dataset.load import Review
from review.dataset.printed import ends
from review.dataset.views import groups, known, traits
from review.wording import plain


@lru_cache(maxsize=256)
def group(r: Review, arm_id: str, outcome: str) -> pd.DataFrame:
    """The row of one treatment group and outcome, comparators too; NoValue without one."""
    rows = groups(r, outcome, use=None)
    rows = rows[(rows["arm_id"] == arm_id) & (rows["use"] != "context")]
    if rows.empty:
        raise NoValue(f"no {outcome} of {arm_id}")
    return rows


def as_printed(rows: pd.DataFrame) -> str:
    """The first row's value as its source prints it; as a plain number where print is not kept."""
    line = rows.iloc[0]
    return plain(line["value"]) if pd.isna(line["printed"]) else line["printed"]


def interval(rows: pd.DataFrame) -> Answer:
    """A confidence interval as printed: two limits, a word for one without a number, NR where no
    interval is reported."""
    line = rows.iloc[0]
    if line["ci_status"] != "value":
        return Text("NR", rows=keys(rows))
    limits = [line["ci_high_status"] if pd.isna(line[end]) else float(line[end])
              for end in ("ci_low", "ci_high")]
    return Cell(tuple(limits), "–".join(ends(line)), rows=keys(rows))


def share(rows: pd.DataFrame) -> Number:
    """n of n_total in percent, with the decimals of the printed percentage."""
    n, total = number(rows, "n").value, number(rows, "n_total").value
    value = 100 * n / total
    decimals = len(as_printed(rows).partition(".")[2])
    return Number(value, f"{value:.{decimals}f}", rows=keys(rows),
                  because=f"{n}/{total} = {value:.2f}%")


def sizes(rows: pd.DataFrame, figure: str) -> Answer:
    """Range of group sizes, or why it cannot be told: groups whose size only `figure` shows."""
    stated = span(rows, "n_total")
    unread = rows[rows["n_total"].isna()]
    if unread.empty:
        return stated
    return NotRecomputable(
        "figure image", rows=keys(rows),
        detail=f"sizes that the text gives run from {stated.low.text} ({stated.low_by}) to "
               f"{stated.high.text} ({stated.high_by}); only the image of {figure} shows those of "
               f"{', '.join(unread['study'].unique())}")


def unseen_medians(rows: pd.DataFrame, figure: str) -> str:
    """How many medians stand only in the image of `figure`, and whose; empty where none does.

    A claim on all medians rests on these too. The range that the article gives for them is no
    second source: it is what the claim says.
    """
    unseen = rows[rows["status"] == "not transcribed"]
    if unseen.empty:
        return ""
    return (f"{len(unseen)} of {len(rows)} medians stand only in the image of {figure} "
            f"({', '.join(unseen['study'].unique())})")


def values(rows: pd.DataFrame, column: str = "value") -> str:
    """Studies with their values: "TRIMM-2 75, ICARIA-MM 25"; "none" for no row."""
    return ", ".join(f"{study} {plain(value)}" for study, value in
                     zip(rows["study"], rows[column], strict=True)) or "none"


def lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the smallest known value, the first of equals; NoValue without one."""
    return _first(known(rows), ascending=True)


def highest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the largest known value, the first of equals; NoValue without one."""
    return _first(known(rows), ascending=False)


def _first(rows: pd.DataFrame, ascending: bool) -> pd.DataFrame:
    if rows.empty:
        raise NoValue("no row holds a value")
    return rows.loc[rows["value"].sort_values(ascending=ascending, kind="stable").index[:1]]


def estimate(rows: pd.DataFrame, median: Answer, *rest: Answer) -> Several:
    """Median, interval and the rest, with the group they belong to."""
    parts = together(median, interval(rows), *rest)
    return parts.explained("; ".join(filter(None, (owners(rows), parts.because))))


def owners(rows: pd.DataFrame) -> str:
    """Rows as "study: treatment group"."""
    return "; ".join(f"{study}: {arm}" for study, arm in
                     zip(rows["study"], rows["arm"], strict=True))


def both_readings(plain: Answer, rule: str, ruled: Answer) -> Reading:
    """A statement by its plain reading and under `rule`, with the arithmetic of both."""
    return Reading(plain, rule, ruled,
                   because=f"plain reading: {plain.because}. Under the rule: {ruled.because}")


def uncounted(counted: Count) -> NotRecomputable:
    """A count that the article does not print, set beside the statement."""
    return NotRecomputable("not published", f"the article does not count them; {counted.because}",
                           counted)


def responses(r: Review) -> pd.DataFrame:
    """Response rates of retreated patients, without those given only beside naive patients.

    The comparison with naive patients repeats a cohort in an earlier report.
    """
    rows = groups(r, "orr", "rwe")
    return rows[(rows["figure"] != "fig-naive").fillna(True)]


def refractory_studies(r: Review) -> pd.DataFrame:
    """Cells of real-world studies with more than the stated share refractory to an anti-CD38.

    Every printed kind counts (the antibody, triple, penta): each includes the antibody.
    """
    cells = traits(r, "refractory", "rwe", lead=False)
    return cells[(cells["value"] > limit(r, "R3.5-08")).fillna(False)]
