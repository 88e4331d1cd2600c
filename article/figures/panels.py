"""The article's panels of results by treatment group, and the comparisons of its supplement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from article.figures import COLUMNS
from article.figures.narrow import narrow
from article.figures.results import group_rows, panel_rows
from article.figures.words import describe, finding
from review.audit.displays import Figure
from review.dataset.load import Review
from review.dataset.views import Record, result_records

if TYPE_CHECKING:
    from article.figures.theme import Drawing


def image_rows(r: Review) -> pd.DataFrame:
    """PFS of the study of Figure S2 by earlier daratumumab: refractory, exposed, naive.

    The article draws the retreated groups in its Figure 2A and the naive one in S2 alone.
    """
    rows = result_records(r)
    studies = {row["study_id"] for row in rows if row["figure"] == "fig-image"}
    chosen = {row["outcome_id"] for row in rows if row["study_id"] in studies
              and row["outcome"] == "pfs" and row["use"] != "context"}
    return group_rows(r, chosen, _by_exposure)


def best_response_rows(r: Review) -> pd.DataFrame:
    """Complete response or better of retreated patients in real-world studies, from high to low."""
    return panel_rows(r, "fig-best-response", "cr_or_better", "rwe")


def naive_rows(r: Review) -> pd.DataFrame:
    """ORR of naive patients and of the retreated patients of the same report, study by study."""
    rates = [row for row in result_records(r) if row["outcome"] == "orr"]
    naive = [row for row in rates if (row["use"], row["exposure"]) == ("comparator", "naive")]
    reports = {row["report_id"] for row in naive} - {None}
    chosen = [*naive, *(row for row in rates
                        if row["use"] == "synthesis" and row["report_id"] in reports)]
    return group_rows(r, {row["outcome_id"] for row in chosen},
                      lambda record: (record["_study_position"], *_by_exposure(record)))


def _by_exposure(record: Record) -> tuple[int, float]:
    order = ["naive", "exposed, not refractory", "exposed", "mixed", "refractory", "not reported"]
    return order.index(record["exposure"]), -(record["value"] or 0)


def _draw(rows: pd.DataFrame, together: str | None = None) -> Drawing:
    # the drawing libraries load when something is drawn, not when rows are read
    from article.figures import forest

    return forest.draw(rows, together)


def _figure(label: str, title: str, rows: Callable[[Review], pd.DataFrame],
            together: str | None = None) -> Figure:
    return Figure(label, title, rows, partial(_draw, together=together),
                  partial(describe, title=title), COLUMNS, finding=finding,
                  narrow=partial(narrow, together=together))


def _panel(setting: str, outcome: str, title: str) -> Figure:
    label = f"fig-{setting}-{outcome}"
    return _figure(label, title,
                   partial(panel_rows, label=label, outcome=outcome, setting=setting))


clinical_pfs = _panel("clinical", "pfs", "Progression-free survival in clinical trials")
clinical_os = _panel("clinical", "os", "Overall survival in clinical trials")
clinical_orr = _panel("clinical", "orr", "Response in clinical trials")
rwe_pfs = _panel("rwe", "pfs", "Progression-free survival in real-world studies")
rwe_os = _panel("rwe", "os", "Overall survival in real-world studies")
rwe_orr = _panel("rwe", "orr", "Response in real-world studies")
image = _figure("fig-image", "Progression-free survival in IMAGE by earlier daratumumab",
                image_rows)
best_response = _figure("fig-best-response", "Complete response or better in real-world studies",
                        best_response_rows)
naive = _figure("fig-naive", "Response of naive and of retreated patients", naive_rows,
                together="study_id")
