"""What a table says of a row of characteristics."""

from __future__ import annotations

from typing import Any

import pandas as pd

from review.dataset.printed import plain as pointed

STATUS_TEXT = {
    "not reached": "not reached", "not estimable": "not estimable", "not reported": "NR",
    "not applicable": "n/a", "not transcribed": "not transcribed",
}


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
