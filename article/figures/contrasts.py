"""Effect directions of the comparisons within studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from article.figures import narrow_synthesis
from article.figures.words import counted, listed
from article.synthesis.contrasts import contrast_rows, outcome_of
from review.audit.displays import Figure

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "Comparisons within studies"


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: each comparison with both values, direction and pairing."""
    if rows.empty:
        return f"{TITLE}: no study of this edition compares retreated with other patients."
    told = [f"{row['study']}, {outcome_of(row['outcome'])}, {row['group']} {row['value']} against "
            f"{row['value_beside']} ({row['beside']}): {row['direction']}, groups "
            f"{row['pairing']}" for row in rows.to_dict("records")]
    return f"{TITLE}: {counted(len(rows), 'comparison')}. {listed(told)}."


def finding(rows: pd.DataFrame) -> str:
    """How many comparisons have groups made by chance, and how many an interval; the directions
    are not counted."""
    if rows.empty:
        return ""
    own = rows[rows["status"] != "not included"]
    chance = int((own["pairing"] == "randomised").sum())
    intervals = int(own["interval"].str.contains(" to ").fillna(False).sum())
    return (f"Of {counted(len(own), 'comparison')} in included studies, {chance or 'none'} "
            f"{'is' if chance < 2 else 'are'} of groups made by chance; "
            f"an interval of the difference can be computed for {intervals or 'none'}.")


def draw(rows: pd.DataFrame) -> Drawing:
    """The effect-direction plot of the rows."""
    from article.figures import theme
    from article.figures.directions import draw as directions

    with theme.style():
        return theme.nothing() if rows.empty else directions(rows)


contrasts = Figure("fig-contrasts", TITLE, contrast_rows, draw, describe, {
    "outcome": "", "group": "", "value": " ", "beside": "beside ", "value_beside": " ",
    "direction": "", "difference": " ", "interval": "95% CI ", "pairing": "groups ",
    "caveat": ""},
    finding=finding, narrow=narrow_synthesis.contrasts)
