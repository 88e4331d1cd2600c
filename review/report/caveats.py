"""What is missing or doubtful, said in the report itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from review.checks.validate import validate
from review.dataset.load import Review
from review.dataset.views import results
from review.markdown import escape, pipe_table


def not_published(r: Review) -> str:
    """Outcome values that stand only in a figure image, with their limits, as a table."""
    rows, label = results(r), r.contents.vocabulary.outcome_label
    rows = rows[(rows["status"] == "not transcribed") & (rows["use"] != "context")]
    if rows.empty:
        return "Every value of this edition is transcribed."
    lines = [
        [escape(row.study), escape(row.arm), label(row.outcome), _limits(row),
         escape(row.locator)]
        for row in rows.sort_values(["setting", "outcome", "study_position"]).itertuples()
    ]
    return pipe_table(["Study", "Group", "Outcome", "Known limits", "Where it stands"], lines,
                      widths=[18, 24, 12, 16, 30])


def warnings_shown(r: Review) -> str:
    """The validation's warnings about this dataset as a folded note; empty without any."""
    warnings = [p for p in validate(r.data, r.contents) if p.severity == "warning"]
    if not warnings:
        return ""
    lines = "\n".join(f"- `{p.file}`, line {p.row}: {escape(p.message)}." for p in warnings)
    noun = "warning" if len(warnings) == 1 else "warnings"
    return (f'::: {{.callout-note collapse="true"}}\n'
            f"## {len(warnings)} {noun} of the dataset's own checks\n\n{lines}\n:::\n")


def _limits(row: Any) -> str:
    low, high = row.bound_low, row.bound_high
    unit = "%" if row.unit == "percent" else f" {row.unit}"
    if pd.isna(low) and pd.isna(high):
        return "none"
    if pd.isna(low):
        return f"at most {high:g}{unit}"
    if pd.isna(high):
        return f"at least {low:g}{unit}"
    return f"{low:g}{unit} alone" if low == high else f"{low:g} to {high:g}{unit}"
