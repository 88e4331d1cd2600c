"""The words for limits of a result."""

from __future__ import annotations


def limits_text(low: float | None, high: float | None) -> str:
    """One limit or two: "within 1.0–2.8", "at least 5", "at most 7"; "only 33.3" where both are
    one."""
    if low is None or high is None:
        return f"at most {high:g}" if low is None else f"at least {low:g}"
    if low == high:
        return f"only {low:g}"
    return f"within {span(low, high)}"


def span(low: float, high: float) -> str:
    """Two limits with the same number of decimals."""
    decimals = max(len(f"{limit:g}".partition(".")[2]) for limit in (low, high))
    return f"{low:.{decimals}f}–{high:.{decimals}f}"
