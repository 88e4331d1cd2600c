"""The flow diagram for a phone: its boxes in one column, what leaves beside them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from article.figures.boxes import BOXES, Box

# the last box of records from databases; what comes after it holds all sources
LAST = "included-databases"


def narrow(rows: pd.DataFrame) -> str:
    """The boxes of `prisma_rows` as lists, one a source of records and one for what is included;
    a box that leaves the flow stands to the right. Empty without rows."""
    filled = {str(name): _lines(part) for name, part in rows.groupby("box", sort=False)}
    boxes = [box for box in BOXES if box.name in filled]
    last = next(box.row for box in BOXES if box.name == LAST)
    lists = (("Databases and registers", 0, [box for box in boxes if box.row <= last]),
             ("Other sources", 2, [box for box in boxes if box.row <= last]),
             ("Together", 0, [box for box in boxes if box.row > last]))
    parts = [_list(title, [box for box in part if box.column == column],
                   {box.row: box for box in part if box.column == column + 1}, filled)
             for title, column, part in lists]
    derived = (rows["kind"] == "derived").any()
    note = '<p class="narrow-title">* not printed: follows from the other counts</p>'
    return "\n".join([*filter(None, parts), *([note] if derived else [])])


def _list(title: str, boxes: Sequence[Box], beside: dict[int, Box], filled: dict[str, str]) -> str:
    items = []
    for box in boxes:
        out = f'<div class="flow-out">{filled[beside[box.row].name]}</div>' \
            if box.row in beside else ""
        items.append(f'<li><div class="flow-box">{filled[box.name]}</div>{out}</li>')
    if not items:
        return ""
    rest = "\n".join(items)
    return f'<p class="narrow-head">{title}</p>\n<ol class="narrow-flow">\n{rest}\n</ol>'


def _lines(rows: pd.DataFrame) -> str:
    """The lines of a box; what is not reported in italics, so that it is not taken for a count."""
    lines = []
    for row in rows.to_dict("records"):
        star = "*" if row["kind"] == "derived" else ""
        told = escape(f"{row['label']} ({row['text'].replace(' ', chr(160))}{star})")
        lines.append(f"<span>{told if row['status'] == 'value' else f'<i>{told}</i>'}</span>")
    return "".join(lines)
