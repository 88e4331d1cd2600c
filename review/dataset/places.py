"""Where the article draws a result: a corrected row stands in the place of the row it corrects."""

from __future__ import annotations

import pandas as pd

from review.dataset.schema import ADDED, SUPERSEDED

SUBJECT = ["arm_id", "outcome", "statistic", "use"]
PLACE = ["figure", "figure_row", "figure_row_options"]


def carried(rows: pd.DataFrame, position: pd.Series) -> pd.DataFrame:
    """Outcomes of every edition; a row that leaves its figure empty and takes the place of another
    has that row's. Without it, a correction of a result that the article shows a second time would
    enter counts and ranges as a result of its own.

    position: place in the history by edition. Within an edition the first row that leaves a
    subject (SUBJECT) makes place for the first that comes, and so on.
    """
    shown = [name for name in PLACE if name in rows]
    if not shown:
        return rows
    both = set(rows[ADDED]) & set(rows[SUPERSEDED])
    drawn = rows[[*SUBJECT, ADDED, SUPERSEDED, *shown]].copy()
    for edition in position.sort_values().index:
        if edition not in both:
            continue
        came, gone = drawn[drawn[ADDED] == edition], drawn[drawn[SUPERSEDED] == edition]
        pairs = _numbered(came[came[shown[0]].isna()], came).merge(
            _numbered(gone, gone), on=[*SUBJECT, "place"], suffixes=("", "_gone"))
        for name in shown:
            drawn.loc[pairs["index"], name] = drawn.loc[pairs["index_gone"], name].to_numpy()
    return rows.assign(**{name: drawn[name] for name in shown})


def _numbered(wanted: pd.DataFrame, among: pd.DataFrame) -> pd.DataFrame:
    """Subjects of the wanted rows with their index and number among the rows of a subject."""
    keys = among[SUBJECT].astype("string")
    keys["place"] = keys.groupby(SUBJECT).cumcount()
    return keys.loc[wanted.index].reset_index()
