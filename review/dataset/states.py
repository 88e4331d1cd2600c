"""What a row of results or characteristics says: one of six states, by one rule for every count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

VALUE, LIMITS, NOT_REACHED = "value", "limits", "not reached"
NOT_ESTIMABLE, NOT_TRANSCRIBED, NOT_REPORTED = "not estimable", "not transcribed", "not reported"
STATED_BY = ["status", "kind", "bound_low", "bound_high"]


def with_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of results with `state` beside them."""
    told_by = rows[STATED_BY].to_dict("records")  # a row has sixty columns, and these tell
    return rows.assign(state=pd.array([state(row) for row in told_by], dtype="string"))


def state(row: Mapping[str, Any]) -> str:
    """What one row of results or characteristics says: a value, only limits, not
    reached, not estimable, not transcribed, or not reported."""
    limited = pd.notna(row["bound_low"]) or pd.notna(row["bound_high"])
    if row["status"] == "value" and row["kind"] != "bound":
        return VALUE
    if row["status"] in (NOT_REACHED, NOT_ESTIMABLE):
        return str(row["status"])
    if limited:
        return LIMITS
    return NOT_TRANSCRIBED if row["status"] == NOT_TRANSCRIBED else NOT_REPORTED
