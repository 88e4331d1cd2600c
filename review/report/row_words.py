"""A row of the dataset in words: its result, and all else that it holds.

`details` tells each cell that has no place elsewhere; `told` says which ones `result` tells. So
no cell is lost between them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from review.audit.stored_rows import cell_text
from review.dataset.printed import ends
from review.dataset.states import NOT_ESTIMABLE, NOT_REACHED, other_denominator
from review.dataset.views import Record
from review.markdown import escape
from review.wording import amount, decimals_of, number

# what is so as a rule, and not said of each row
USUAL = {
    "use": ("synthesis",), "kind": ("reported", "bound"), "n_kind": ("reported",),
    "n_total_kind": ("reported",), "ci_status": ("not reported", "value"),
    "spread": ("not reported",), "scope": ("overall",), "exposure_point": ("not stated",)}
_INTERVAL = ("ci_level", "ci_low", "ci_high", "ci_high_status", "ci_printed")


def result(row: Record) -> str:
    """What an outcome or characteristic row holds, in its unit: the value with its interval, else
    the limits that are known, else its status."""
    return _result(row)[0]


def told(row: Record) -> set[str]:
    """The fields of an outcome or characteristic row that `result` tells."""
    return _result(row)[1]


def details(row: Record, elsewhere: Collection[str]) -> str:
    """The cells of a row by field, without those that have a place of their own (elsewhere: their
    fields) and what is so as a rule (USUAL). The bracket beside a value is one: "range 2 to 10"."""
    left = [field for field in row if field not in elsewhere]
    parts = []
    if {"low", "high"} <= {field for field in left if cell_text(row[field])}:
        kind = cell_text(row.get("spread"))
        parts.append(f"{kind or 'bracket'} {row['low']:g} to {row['high']:g}")
        left = [field for field in left if field not in ("spread", "low", "high")]
    for field in left:
        cell = cell_text(row[field])
        if cell and cell not in USUAL.get(field, ()):
            parts.append(f"{field.replace('_', ' ')}: {cell}")
    return escape("; ".join(" ".join(part.split()) for part in parts))


def _result(row: Record) -> tuple[str, set[str]]:
    """The words of `result` and the fields that they tell."""
    unit = "" if _none(row.get("unit")) else row["unit"]
    fields = {"status", "value", "unit"}
    if row.get("status") == "value" and not _none(row.get("value")):
        printed = row.get("printed") if isinstance(row.get("printed"), str) else None
        parts = [amount(row["value"], unit, printed)]
        fields |= {"kind"} | ({"printed"} if number(row["value"], printed) == printed else set())
        if not _none(row.get("ci_low")):
            parts.append(_interval(row))
            fields |= {*_INTERVAL}
        if not _none(row.get("n")) and not _none(row.get("n_total")):
            parts.append(f"({row['n']}/{row['n_total']} patients, and the percentage has another "
                         "denominator)" if other_denominator(row) else
                         f"({row['n']}/{row['n_total']})")
            fields |= {"n", "n_total"}
        elif not _none(row.get("n_total")):
            parts.append(f"(N {row['n_total']})")
            fields |= {"n_total"}
        return " ".join(parts) + ("" if row["kind"] == "reported" else f", {row['kind']}"), fields
    words = cell_text(row.get("status"))
    if not _none(row.get("ci_low")):  # of a median that was not reached a lower limit is given
        words += f" {_interval(row)}"
        fields |= {*_INTERVAL}
    if not _none(row.get("n_total")) and row["status"] in (NOT_REACHED, NOT_ESTIMABLE):
        words += f" (N {row['n_total']})"
        fields |= {"n_total"}
    low, high = row.get("bound_low"), row.get("bound_high")
    if not (_none(low) and _none(high)):
        words += f"; {_limits(low, high, unit)}"
        fields |= {"bound_low", "bound_high"}
    return words, fields


def _none(cell: Any) -> bool:
    return cell is None or bool(pd.isna(cell))


def _interval(row: Record) -> str:
    """The interval of a result, whose upper limit may be a status."""
    return f"({row['ci_level']:g}% CI {' to '.join(ends(row))})"


def _limits(low: Any, high: Any, unit: str) -> str:
    sign = "%" if unit == "percent" else f" {unit}"
    if _none(low):
        return f"at most {high:g}{sign}"
    if _none(high):
        return f"at least {low:g}{sign}"
    places = max(decimals_of(low), decimals_of(high))
    return f"within {low:.{places}f} to {high:.{places}f}{sign}"
