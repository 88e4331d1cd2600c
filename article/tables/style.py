"""One look for every table, in HTML and through Typst."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT, loc, style

from review.dataset.printed import plain as pointed

STATUS_TEXT = {
    "not reached": "not reached", "not estimable": "not estimable", "not reported": "NR",
    "not applicable": "n/a", "not transcribed": "not transcribed",
}


def plain_table(rows: pd.DataFrame, label: str, group_by: str | None = None) -> GT:
    """A great_tables table with a fixed id (so that two renders are identical) and our style.

    rows: text columns in display order; <NA> shows as an empty cell. group_by: column whose
    values head the groups of lines.
    """
    shown = rows.astype("string").fillna("")
    return (
        GT(shown, id=label, groupname_col=group_by)
        .opt_table_font(font=["inherit"])
        .tab_options(
            table_width="100%", table_font_size="90%", table_border_top_style="solid",
            column_labels_font_weight="bold", row_group_font_weight="bold",
            heading_align="left", data_row_padding="4px", source_notes_font_size="90%",
        )
    )


def unbroken(table: GT, columns: list[str]) -> GT:
    """The table with no line break inside the cells of these columns, such as dates."""
    return table.tab_style(style.css("white-space: nowrap;"), loc.body(columns=columns))


def value_text(row: Any) -> str:
    """What a row of characteristics says: as printed, with decimal points, else its value or
    limits, else why there is none."""
    if row.status == "value" or row.kind == "bound":
        if pd.notna(row.printed):
            return pointed(str(row.printed))
        if row.status == "value":
            return f"{row.value:g}"
        limits = [(sign, end) for sign, end in (("≥", row.bound_low), ("≤", row.bound_high))
                  if pd.notna(end)]
        return ", ".join(f"{sign}{end:g}" for sign, end in limits)
    return STATUS_TEXT[row.status]
