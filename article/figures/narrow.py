"""Results by treatment group for a phone: one block a group, words above and the plot below.

Plain HTML: marks stand at shares of the width, so that the scale is as wide as the window. What
other figures need for their own form on a phone is here, too.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

import pandas as pd

from article.figures.results import set_apart
from article.vocabulary import AXIS_TITLES
from review.dataset.views import Record, as_records

# an unreached median is drawn at the end, off the scale
ROOM = 1.06
STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
MOST_TICKS = 5


def narrow(rows: pd.DataFrame, together: str | None = None) -> str:
    """The figure of `results.group_rows` as HTML; empty without rows. together: as in `forest`."""
    if rows.empty:
        return ""
    records = as_records(rows)
    if not together:
        set_apart(records)
    highest = 100.0 if records[0]["unit"] == "percent" else ROOM * max(
        [float(row[name]) for row in records for name in ("value", "low", "high", "bound_low",
                                                          "bound_high") if row[name] is not None]
        or [1.0])
    unit = "%" if records[0]["unit"] == "percent" else "months"
    axis, lines = scale(highest)
    sections = "\n".join(_section(head, list(part), highest, lines)
                         for head, part in groupby(records, key=lambda row: row["section"]))
    title = f"{AXIS_TITLES[records[0]['outcome']]}, {unit}"
    return (f'<p class="narrow-title">{escape(title)}</p>\n{axis}\n'
            f"{sections}\n{axis}")


def scale(highest: float) -> tuple[str, str]:
    """The axis from 0 to a highest value, and the lines of its ticks for each row."""
    step = next((step for step in STEPS if highest / step <= MOST_TICKS), STEPS[-1])
    ticks = [step * n for n in range(int(highest // step) + 1)]
    numbers = "".join(f'<span style="left:{_share(tick, highest)}">{tick}</span>' for tick in ticks)
    lines = "".join(f'<i style="left:{_share(tick, highest)}"></i>' for tick in ticks)
    return f'<div class="narrow-scale" aria-hidden="true">{numbers}</div>', lines


def drawn(name: str, value: str, about: str, track: str) -> str:
    """One row: a name (HTML), its value, what is told about it, and its marks (HTML)."""
    return (f'<li>{name} <span class="narrow-value">{escape(value)}</span>'
            f"<small>{escape(about)}</small>"
            f'<span class="narrow-track" aria-hidden="true">{track}</span></li>')


def linked(name: str, outcome_id: str | None, after: str = "") -> str:
    """A name in bold that leads to its row of the dataset, where it has one."""
    told = f"<b>{escape(name)}</b>{escape(after)}"
    return f'<a href="#row-outcomes-{escape(outcome_id)}">{told}</a>' if outcome_id else told


def bar(kind: str, low: float, high: float, highest: float) -> str:
    """A mark from one value to another on a scale that ends at the highest."""
    return (f'<b class="{kind}" style="left:{_share(low, highest)};'
            f'width:{_share(high - low, highest)}"></b>')


def point(value: float, highest: float, hollow: bool = False) -> str:
    """A mark at a value on a scale that ends at the highest."""
    look = "point hollow" if hollow else "point"
    return f'<b class="{look}" style="left:{_share(value, highest)}"></b>'


def _section(head: str, rows: list[Record], highest: float, lines: str) -> str:
    """The rows under one heading of the figure, or under none."""
    groups = "\n".join(_group(row, highest, lines) for row in rows)
    title = f'<p class="narrow-head">{escape(head)}</p>\n' if head else ""
    return f'{title}<ul class="narrow-rows">\n{groups}\n</ul>'


def _group(row: Record, highest: float, lines: str) -> str:
    ref = row["ref_options"] or row["ref"]
    # a row that may be one of several studies leads to none of them
    name = linked(row["name"], None if row["place"] else row["outcome_id"],
                  "" if ref is None else f" [{ref}]")
    size = "" if row["n_total"] is None else f"; N {row['n_total']}"
    # an interval in brackets belongs to its value; words of what is not known stand apart
    between = " " if (row["detail"] or "")[:1] in ("(", "[") else ", "
    value = between.join(words for words in (row["text"], row["detail"]) if words)
    return drawn(name, value, f"{row['arm']}{size}", lines + _marks(row, highest))


def _marks(row: Record, highest: float) -> str:
    if row["mark"] == "point":
        interval = ""
        if row["interval"] in ("reported", "computed", "open"):
            high = highest if row["high"] is None else row["high"]
            interval = bar("interval", row["low"], high, highest)
        return interval + point(row["value"], highest)
    if row["mark"] == "bound":
        low = 0.0 if row["bound_low"] is None else row["bound_low"]
        return bar("limits", low, row["bound_high"] or highest, highest)
    return '<b class="arrow">→</b>' if row["mark"] == "arrow" else ""


def _share(value: float, highest: float) -> str:
    return f"{100 * float(value) / highest:.1f}%"
