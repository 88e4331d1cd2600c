"""One look for every table, in HTML and through Typst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:  # it takes long to import, and rows alone do without
    from great_tables import GT


def plain_table(rows: pd.DataFrame, label: str, group_by: str | None = None) -> GT:
    """A great_tables table with a fixed id (so that two renders are identical) and our style.

    rows: text columns in display order; <NA> shows as an empty cell. group_by: column whose
    values head the groups of lines.
    """
    from great_tables import GT

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
    from great_tables import loc, style

    return table.tab_style(style.css("white-space: nowrap;"), loc.body(columns=columns))
