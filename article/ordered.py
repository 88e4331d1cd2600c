"""Panels of the article whose rows run from high to low, and what that order says of a row.

The order is a premise: it was read from the rows whose values the text gives, not stated by the
article. Rows outside these stretches, such as those of one study by line of therapy, are in none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from review.audit.whole_counts import PanelRow
from review.dataset.load import Review
from review.dataset.views import Record

# first and last row of the stretch, by panel
STRETCHES: Mapping[str, tuple[int, int]] = {
    "fig-rwe-pfs": (1, 7), "fig-rwe-os": (1, 6), "fig-rwe-orr": (1, 14)}


def own_range(rows: Sequence[Record]) -> list[bool]:
    """Which results are known only as lying inside a range that the article gives for all.

    rows: of `views.result_records`. A row of an ordered stretch below a row with a value is held by
    that value; any other row that the article draws, and that nobody has read, is held by the
    article's range alone. Rows with a value, and limits that a report of its own gives, are not
    among them.
    """
    return [row["kind"] == "bound" and row["figure"] is not None and not _held(row, rows)
            for row in rows]


def places(row: Mapping[str, object]) -> list[int]:
    """Rows of the panel that a result may stand in: one, several, or none known."""
    if not pd.isna(row["figure_row"]):
        return [int(str(row["figure_row"]))]
    options = row["figure_row_options"]
    return [] if pd.isna(options) else [int(place) for place in str(options).split(";")]


def _held(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    first, last = STRETCHES.get(str(row["figure"]), (1, 0))
    own = [place for place in places(row) if first <= place <= last]
    if not own or row["bound_high"] is None:
        return False
    return any(one["status"] == "value" and one["kind"] != "bound"
               and one["figure"] == row["figure"]
               and one["figure_row"] is not None and first <= one["figure_row"] < min(own)
               and one["value"] is not None and one["value"] <= row["bound_high"]
               for one in rows)


def row_reports(r: Review, row: Mapping[str, Any]) -> list[int]:
    """References that a row of a panel may be from, where the article does not settle it; empty
    where it does."""
    if pd.isna(row["figure"]) or pd.isna(row["figure_row"]):
        return []
    return _printed_refs(r).get((str(row["figure"]), int(row["figure_row"])), [])


@lru_cache(maxsize=8)
def _printed_refs(r: Review) -> dict[tuple[str, int], list[int]]:
    """References of the rows of panels that may be from several, by panel and row."""
    rows = r.panels.dropna(subset=["figure", "figure_row", "refs"])
    return {(str(row.figure), int(row.figure_row)): [int(ref) for ref in row.refs.split(";")]
            for row in rows.itertuples()}


def response_rows(r: Review, figure: str) -> list[PanelRow]:
    """The rows of an ordered panel of responses, from its top, as `whole_counts.narrow` takes them.

    The size is the panel's; where the text gives another one for the same row, both are possible.
    """
    rows = r.outcomes[(r.outcomes["figure"] == figure) & r.outcomes["figure_row"].notna()]
    by_place = {int(row["figure_row"]): row for row in rows.to_dict("records")}
    printed = r.panels[r.panels["figure"] == figure].set_index("figure_row")
    first, last = STRETCHES[figure]
    made = []
    for place in range(first, last + 1):
        row = by_place.get(place)
        drawn = printed["n_total"].get(place)
        sizes = [drawn, row["n_total"] if row else None]
        totals = tuple(dict.fromkeys(int(size) for size in sizes if size is not None
                                     and not pd.isna(size)))
        read = row is not None and row["status"] == "value" and row["kind"] != "bound"
        rate = str(row["printed"]) if row is not None and read else ""
        inferred = row is not None and row["kind"] == "inferred"
        made.append(PanelRow(totals, rate, value_inferred=inferred))
    return made
