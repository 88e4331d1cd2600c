"""What a table says of a row of characteristics."""

from __future__ import annotations

from review.dataset.printed import plain as pointed
from review.dataset.views import Record

STATUS_TEXT = {
    "not reached": "not reached", "not estimable": "not estimable", "not reported": "NR",
    "not applicable": "n/a", "not transcribed": "not transcribed",
}


def value_text(row: Record) -> str:
    """What a row of characteristics says: as printed, with decimal points, else its value or
    limits, else why there is none."""
    if row["status"] == "value" or row["kind"] == "bound":
        if row["printed"] is not None:
            return pointed(row["printed"])
        if row["status"] == "value":
            return f"{row['value']:g}"
        limits = (("≥", row["bound_low"]), ("≤", row["bound_high"]))
        return ", ".join(f"{sign}{end:g}" for sign, end in limits if end is not None)
    return STATUS_TEXT[row["status"]]
