"""Results by treatment group for a phone: one block a group, words above and the plot below.

Plain HTML: marks stand at shares of the width, so that the scale is as wide as the window.
"""

from __future__ import annotations

from html import escape

import pandas as pd

from article.figures.results import Record
from article.vocabulary import AXIS_TITLES
from review.dataset.views import as_records

# an unreached median is drawn at the end, off the scale
ROOM = 1.06
STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
MOST_TICKS = 5


def narrow(rows: pd.DataFrame) -> str:
    """The figure of `results.group_rows` as HTML; empty without rows."""
    if rows.empty:
        return ""
    records = as_records(rows)
    records.sort(key=lambda row: (row["section"] != "", row["mark"] not in ("point", "arrow")))
    highest = 100.0 if records[0]["unit"] == "percent" else ROOM * max(
        [float(row[name]) for row in records for name in ("value", "low", "high", "bound_low",
                                                          "bound_high") if row[name] is not None]
        or [1.0])
    step = next((step for step in STEPS if highest / step <= MOST_TICKS), STEPS[-1])
    ticks = [step * n for n in range(int(highest // step) + 1)]
    unit = "%" if records[0]["unit"] == "percent" else "months"
    lines = "".join(f'<i style="left:{_share(tick, highest)}"></i>' for tick in ticks)
    groups = "\n".join(_group(row, highest, lines) for row in records)
    scale = "".join(f'<span style="left:{_share(tick, highest)}">{tick}</span>' for tick in ticks)
    title = f"{AXIS_TITLES[records[0]['outcome']]}, {unit}"
    axis = f'<div class="narrow-scale" aria-hidden="true">{scale}</div>'
    return (f'<p class="narrow-title">{escape(title)}</p>\n{axis}\n'
            f'<ul class="narrow-rows">\n{groups}\n</ul>\n{axis}')


def _group(row: Record, highest: float, lines: str) -> str:
    ref = row["ref_options"] or row["ref"]
    name = f"<b>{escape(row['name'])}</b>{'' if ref is None else f' [{ref}]'}"
    # a row that may be one of several studies leads to none of them
    if not row["place"]:
        name = f'<a href="#row-outcomes-{escape(row["outcome_id"])}">{name}</a>'
    size = "" if row["n_total"] is None else f"; N {row['n_total']}"
    value = ", ".join(words for words in (row["text"], row["detail"]) if words)
    return (f"<li>{name} "
            f'<span class="narrow-value">{escape(value)}</span>'
            f'<small>{escape(row["arm"])}{size}</small>'
            f'<span class="narrow-track" aria-hidden="true">{lines}{_marks(row, highest)}'
            "</span></li>")


def _marks(row: Record, highest: float) -> str:
    if row["mark"] == "point":
        bar = ""
        if row["interval"] in ("reported", "computed", "open"):
            high = highest if row["high"] is None else row["high"]
            bar = _bar("interval", row["low"], high, highest)
        return f'{bar}<b class="point" style="left:{_share(row["value"], highest)}"></b>'
    if row["mark"] == "bound":
        low = 0.0 if row["bound_low"] is None else row["bound_low"]
        return _bar("limits", low, row["bound_high"] or highest, highest)
    return '<b class="arrow">→</b>' if row["mark"] == "arrow" else ""


def _bar(kind: str, low: float, high: float, highest: float) -> str:
    return (f'<b class="{kind}" style="left:{_share(low, highest)};'
            f'width:{_share(high - low, highest)}"></b>')


def _share(value: float, highest: float) -> str:
    return f"{100 * float(value) / highest:.1f}%"
