"""Numbers of one sentence taken together: they have to hold under one rule.

Each number of a sentence has a claim of its own, which may hold under a rule that another number
of the same sentence does not.
"""

from __future__ import annotations

import pandas as pd

from article import quantities
from review.audit import compare
from review.audit.answers import Answer, Number, Several, count, keys, several, span
from review.audit.printed import together, tokens
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import groups, known


@claim("AB-28")
def rwe_follow_up_together(r: Review) -> Several:
    """Shortest and longest median follow-up in Table 2 and how many report one, all three by one
    unit and one treatment of upper limits; where no such rule gives the print, by studies whose
    medians are of all their patients."""
    return _follow_up(r, "rwe", "AB-28")


@claim("AB-29")
def clinical_follow_up_together(r: Review) -> Several:
    """As AB-28, for the trials of Table 1."""
    return _follow_up(r, "clinical", "AB-29")


def _follow_up(r: Review, setting: str, claim_id: str) -> Several:
    lines = quantities.follow_up(r, setting, lead=False)
    units = {"studies, medians of all their patients": (lines[lines["arm_id"].isna()], "study"),
             "studies, by their lead report": (quantities.follow_up(r, setting), "study"),
             "publication lines": (lines, "report_id")}
    rules = {f"{unit}, limits {'counted as medians' if limits else 'left out'}":
             _ends_and_count(cells, limits, by)
             for unit, (cells, by) in units.items() for limits in (False, True)}
    chosen = next((answer for answer in rules.values()
                   if compare.matches(answer, tokens(r, claim_id))),
                  next(iter(rules.values())))
    return chosen.explained("; ".join(
        f"{name}: {low.text} to {high.text} in {n.text}"
        for name, answer in rules.items() for low, high, n in (answer.parts,)))


def _ends_and_count(cells: pd.DataFrame, limits: bool, by: str) -> Several:
    number = cells["value"].fillna(cells["bound_high"]) if limits else cells["value"]
    rows = cells.assign(number=number)[[ROW, by, "number"]].dropna(subset=["number"])
    low, high = (Number(float(end), rows=keys(rows))
                 for end in (rows["number"].min(), rows["number"].max()))
    return several(low, high, count(rows, by))


@claim("R3.5-48")
def rwe_pfs_together(r: Review) -> Several:
    """Studies that report median PFS, and the range over the groups of these studies, which the
    sentence names."""
    rows = groups(r, "pfs", "rwe")
    return together(count(rows), span(known(rows)))


@claim("R3.5-49")
def rwe_os_together(r: Review) -> Answer:
    """Studies of Figure 2B, the sizes of their groups and the range of the reached medians."""
    return _panel(r, "os")


@claim("R3.5-50")
def rwe_orr_together(r: Review) -> Answer:
    """Studies of Figure 2C, the sizes of their groups and the range of the rates."""
    return _panel(r, "orr")


def _panel(r: Review, outcome: str) -> Several:
    rows = groups(r, outcome, "rwe")
    rows = rows[rows["figure"] == f"fig-rwe-{outcome}"]
    return together(count(rows), span(rows, "n_total"), span(known(rows)))
