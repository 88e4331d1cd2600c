"""What a row of results or characteristics says: one of six states, by one rule for every count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

VALUE, LIMITS, NOT_REACHED = "value", "limits", "not reached"
NOT_ESTIMABLE, NOT_TRANSCRIBED, NOT_REPORTED = "not estimable", "not transcribed", "not reported"
STATED_BY = ["status", "kind", "bound_low", "bound_high"]


def with_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of results or characteristics with `state` beside them, in a column of that name.

    They need the columns of `STATED_BY`; KeyError where one is missing.
    """
    told_by = rows[STATED_BY].to_dict("records")  # a row has sixty columns, and these tell
    return rows.assign(state=pd.array([state(row) for row in told_by], dtype="string"))


def other_denominator(row: Mapping[str, Any]) -> bool:
    """Whether a percentage is not that of the count beside it: not even its whole percent is
    n/n_total. It has a denominator of its own, and no interval of the count is one of it.

    row: its cells by column. Where value, count or size is missing nothing contradicts.
    """
    value, n, total = (row[name] for name in ("value", "n", "n_total"))
    if row["unit"] != "percent" or pd.isna(value) or pd.isna(n) or pd.isna(total) or not total:
        return False
    return bool(abs(100 * int(n) / int(total) - float(value)) > 0.5 + 1e-9)


def state(row: Mapping[str, Any]) -> str:
    """What one row of results or characteristics says: a value; only limits; not reached; not
    estimable; nothing that was transcribed; or, where none of these, not reported.

    row: its cells by column, those of `STATED_BY` at least; None and <NA> are a missing limit. A
    row with the status of a value and the kind of a bound says no value. What was not transcribed
    and has limits says limits.
    """
    limited = pd.notna(row["bound_low"]) or pd.notna(row["bound_high"])
    if row["status"] == "value" and row["kind"] != "bound":
        return VALUE
    if row["status"] in (NOT_REACHED, NOT_ESTIMABLE):
        return str(row["status"])
    if limited:
        return LIMITS
    return NOT_TRANSCRIBED if row["status"] == NOT_TRANSCRIBED else NOT_REPORTED
