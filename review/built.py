"""What a builder of figures or tables returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Built:
    """A figure or table with the rows behind it.

    label: cross-reference label and stem of the CSV (fig-rwe-pfs, tbl-rwe). artist: the
    matplotlib Figure or great_tables GT. rows: exactly what was drawn, one row a mark or table
    line, with source_id and locator; the same rows are printed for nbval, offered as a CSV and
    tested. alt: text alternative made from the rows. sources: source_ids in order of appearance.
    """

    label: str
    artist: Any
    rows: pd.DataFrame
    alt: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.rows["source_id"].dropna())) \
            if "source_id" in self.rows else ()
