"""Medians against the follow-up they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from article.figures import COLUMNS as COLUMNS_SHOWN
from article.figures.results import follow_up as follow_up_of
from article.figures.results import group_rows
from article.figures.words import counted, group, listed
from article.vocabulary import VOCABULARY
from review.audit.displays import Figure
from review.dataset.load import Review
from review.dataset.views import results

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "Medians against median follow-up"
OUTCOMES = {code: outcome.label for code, outcome in VOCABULARY.outcomes.items()
            if outcome.survival}
COLUMNS = ["position", "study_id", "study", "name", "ref", "arm_id", "arm", "setting", "n_total",
           "outcome", "follow_up", "value", "immature", "text", "outcome_id", "source_id",
           "locator"]


def follow_up_rows(r: Review) -> pd.DataFrame:
    """Retreated groups with a median of PFS or OS and a median follow-up, both in months.

    immature: the median lies beyond the median follow-up, so that fewer than half of the patients
    were followed to it. Medians not reached and follow-up not reported or given as a limit have
    no place in the plot.
    """
    frame = results(r)
    chosen = frame["outcome"].isin(list(OUTCOMES)) & (frame["use"] == "synthesis")
    rows = group_rows(r, chosen.fillna(False))
    rows = rows[rows["mark"] == "point"].drop(columns="follow_up")
    beside = frame[["outcome_id", "setting", "study_id", "report_id", "arm_id", "outcome",
                    "follow_up_printed"]].set_index("outcome_id").loc[rows["outcome_id"]]
    months = [follow_up_of(r, one)[1] for one in beside.to_dict("records")]
    rows["follow_up"] = pd.array(months, dtype="Float64")
    rows["setting"] = beside["setting"].astype("string").array
    rows = rows[rows["follow_up"].notna()].sort_values(
        ["outcome", "value", "follow_up"], ascending=[False, True, True]).reset_index(drop=True)
    rows["immature"] = (rows["value"] > rows["follow_up"]).astype("boolean")
    rows["position"] = pd.array(range(1, len(rows) + 1), dtype="Int64")
    return rows[COLUMNS]


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: how many medians, and which lie beyond their follow-up."""
    records = rows.to_dict("records")
    beyond = [f"{group(x)} median {OUTCOMES[x['outcome']]} {x['value']:g} after {x['follow_up']:g}"
              for x in records if x["immature"]]
    text = f"{TITLE}, in months: {counted(len(records), 'median')} of treatment groups."
    if beyond:
        text += f" Beyond the follow-up, and so immature: {listed(beyond)}."
    within = [f"{group(x)} median {OUTCOMES[x['outcome']]} {x['value']:g} after {x['follow_up']:g}"
              for x in records if not x["immature"]]
    return text + (f" Within it: {listed(within)}." if within else "")


def finding(rows: pd.DataFrame) -> str:
    """How many medians lie beyond their follow-up, and whose."""
    beyond = rows[rows["immature"].fillna(False)]
    told = f"{len(beyond)} of {counted(len(rows), 'median')} beyond the median follow-up"
    return f"{told}: {listed(list(beyond['name']))}." if len(beyond) else f"{told}."


def draw(rows: pd.DataFrame) -> Drawing:
    """Scatter of median against follow-up, with the line on which both are equal."""
    from article.figures import theme
    from article.figures.scatter import draw as scatter

    with theme.style():
        return theme.nothing() if rows.empty else scatter(rows)


follow_up = Figure("fig-follow-up", TITLE, follow_up_rows, draw, describe, COLUMNS_SHOWN,
                   finding=finding)
