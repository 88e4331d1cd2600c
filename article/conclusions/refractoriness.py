"""Whether PFS is shorter where more patients are refractory."""

from __future__ import annotations

import numpy as np
import pandas as pd

from article.claims.groups import refractory_studies
from article.conclusions.limits import STUDIES, has_value, study_names
from review.audit.answers import keys
from review.audit.conclusions import Link, Verdict, headline
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit
from review.dataset.load import Review
from review.dataset.states import LIMITS, NOT_REACHED, NOT_TRANSCRIBED, VALUE
from review.markdown import escape
from review.wording import amount, between, capital, counted, listed, word


@headline("refractoriness-gradient", "Shorter PFS where more patients are refractory",
          "R3.5-08", "DI-33")
def refractoriness_gradient(r: Review) -> Verdict:
    """The middle of the real-world medians of PFS is lower in groups of studies with more than
    the stated share of refractory patients than in the other groups.

    A value that is not known lies anywhere between its proven limits, and a median that was not
    reached anywhere above the time for which that is known, so each middle is a range; the order
    is decided only where the two ranges do not touch.
    """
    rows = outcome_rows(r, "pfs", "rwe").rows
    rows = rows[rows["state"].isin([VALUE, LIMITS, NOT_TRANSCRIBED, NOT_REACHED])]
    high = rows["study_id"].isin(refractory_studies(r)["study_id"])
    threshold = amount(limit(r, "R3.5-08"), "percent")
    more, others = middle(rows[high]), middle(rows[~high])
    holds = None
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        holds = more[1] < others[0]
    because = "; ".join(
        f"{kind}: {study_names(part) or 'none'}, middle {middle_text(middle)}"
        for kind, part, middle in (
            (f"studies with more than {threshold} refractory", rows[high], more),
            ("other studies", rows[~high], others)))

    def words(link: Link) -> str:
        shorter = link("DI-33", "shorter")
        start = {
            True: f"Median PFS is {shorter} where more patients are refractory",
            False: f"Median PFS is not {shorter} where more patients are refractory",
            None: f"The data do not settle whether median PFS is {shorter} where more patients are "
                  "refractory",
        }[holds]
        if not more or not others:
            return (f"{start}: there are not medians on both sides of {threshold} refractory "
                    "patients.")
        return (f"{start}{limits_alone(rows)}. By the share in each study as a whole, in "
                f"{group_count(rows[high])} with more than {threshold} refractory patients the "
                f"middle of the medians is {middle_text(more)}; in the others "
                f"({group_count(rows[~high])}) it is {middle_text(others)}."
                f"{within_studies(rows)}")

    return Verdict(holds, because, keys(rows) if len(rows) else (), words)


def middle(rows: pd.DataFrame) -> tuple[float, float] | None:
    """Lowest and highest middle of medians that the known values and proven limits allow."""
    if rows.empty:
        return None
    read = has_value(rows)
    low = rows["value"].where(read, rows["bound_low"]).astype(float).fillna(0)
    high = rows["value"].where(read, rows["bound_high"]).astype(float).fillna(np.inf)
    high = high.mask(rows["state"] == NOT_REACHED, np.inf)
    return float(low.median()), float(high.median())


def middle_text(middle: tuple[float, float] | None) -> str:
    """A range of middles in months: "3.3 to 5 months", "above 5 months" where it is open."""
    if middle is None:
        return "none"
    low, high = middle
    return between(low, high, "months") if np.isfinite(high) else f"above {amount(low, 'months')}"


def limits_alone(rows: pd.DataFrame) -> str:
    """How many of the medians have no value, as the end of a clause; empty where all have one."""
    unreached = int((rows["state"] == NOT_REACHED).sum())
    n = int((~has_value(rows)).sum()) - unreached
    parts = []
    if n:
        parts.append(f"{'are' if n > 1 else 'is'} known only by {'their' if n > 1 else 'its'} "
                     "limits")
    if unreached:
        parts.append(f"{'were' if unreached > 1 else 'was'} not reached")
    if not parts:
        return ""
    all_of_them = f"of {counted(len(rows), 'median', 'medians')}"
    numbers = [word(count) for count in (n, unreached) if count]
    told = [f"{numbers[0]} {all_of_them} {parts[0]}",
            *(f"{number} {part}" for number, part in zip(numbers[1:], parts[1:], strict=True))]
    return f": {listed(told)}"


def group_count(rows: pd.DataFrame) -> str:
    """How many studies, and how many groups where some study has several."""
    n = rows["study_id"].nunique()
    studies = counted(n, STUDIES.one, STUDIES.many)
    return studies if len(rows) == n else f"{counted(len(rows), 'group', 'groups')} of {studies}"


def within_studies(rows: pd.DataFrame) -> str:
    """Studies that give both refractory and exposed, not refractory patients, with each median:
    the comparison that no difference between studies can disturb."""
    told = rows[has_value(rows) | (rows["state"] == NOT_REACHED)]
    pairs = []
    for _, study in told.groupby("study_id", sort=False):
        sides = [study[study["exposure"] == exposure] for exposure in (
            "refractory", "exposed, not refractory")]
        if all(len(side) for side in sides):
            refractory, exposed = (listed([_median(row) for _, row in side.iterrows()])
                                   for side in sides)
            pairs.append(f"within {escape(study['study'].iloc[0])}, median PFS was {refractory} in "
                         f"refractory and {exposed} in exposed, not refractory patients")
    return f" {capital(listed(pairs))}." if pairs else ""


def _median(row: pd.Series) -> str:
    if row["state"] == NOT_REACHED:
        return NOT_REACHED
    return amount(row["value"], row["unit"], row["printed"])
