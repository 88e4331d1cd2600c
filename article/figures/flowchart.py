"""Drawing of a flow diagram: boxes on a grid, as high as their words, and arrows between them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from article.figures import theme
from article.figures.boxes import Box
from article.figures.theme import LINE_HEIGHT, WIDTH, wrap, write

# distance from the top of its box, words, and whether they hold a count
Line = tuple[float, str, bool]

BAND = 15.0  # the stages' names, on the left
LEFTS = (BAND + 6, BAND + 144, BAND + 254, BAND + 354)
WIDTHS = (124.0, 94.0, 88.0, WIDTH - BAND - 354 - 3)
PADDING = 4.5
ROW_GAP = 13.0
ITEM_GAP = 2.5
HEADS = (("Databases and registers", 0, 1), ("Other sources", 2, 3))
BAND_COLORS = {"Identification": "#DCE6EE", "Screening": "#E7E7E7", "Included": "#DCE6EE"}


def draw(rows: pd.DataFrame, boxes: Sequence[Box]) -> theme.Drawing:
    """The diagram of rows (box, label, text), placed as `boxes` say.

    A box without rows is left out. Each box is a rectangle labelled box:name; counts that are
    not reported stand in italics, so that they cannot be taken for numbers.
    """
    placed = [box for box in boxes if (rows["box"] == box.name).any()]
    lines = {box.name: _lines(rows[rows["box"] == box.name], _width(box)) for box in placed}
    derived = "* not printed: follows from the other counts" \
        if (rows["kind"] == "derived").any() else ""
    with theme.style():
        return _chart(placed, lines, derived)


def _width(box: Box) -> float:
    # nothing stands beside the included reports of other sources
    return WIDTHS[box.column] if box.name != "included-other" else WIDTH - 3 - LEFTS[box.column]


def _lines(rows: pd.DataFrame, width: float) -> list[Line]:
    """The lines of a box, wrapped to its width."""
    lines: list[Line] = []
    y = PADDING
    for row in rows.to_dict("records"):
        star = "*" if row["kind"] == "derived" else ""
        text = f"{row['label']} ({row['text'].replace(' ', chr(160))}{star})"
        for line in wrap(text, width - 2 * PADDING):
            lines.append((y + LINE_HEIGHT / 2, line, row["status"] == "value"))
            y += LINE_HEIGHT
        y += ITEM_GAP
    return lines


def _chart(boxes: Sequence[Box], lines: dict[str, list[Line]], note: str) -> theme.Drawing:
    heights = {box.name: lines[box.name][-1][0] + LINE_HEIGHT / 2 + PADDING for box in boxes}
    grid = sorted({box.row for box in boxes})
    tops: dict[int, float] = {}
    y = 3 + LINE_HEIGHT + 2 * PADDING + ROW_GAP
    for row in grid:
        tops[row] = y
        y += max(heights[box.name] for box in boxes if box.row == row) + ROW_GAP
    fig = theme.drawing(y - ROW_GAP + 3 + (LINE_HEIGHT + 3 if note else 0))
    sheet = theme.sheet(fig)
    _heads(sheet)
    _bands(sheet, boxes, tops, heights)
    for box in boxes:
        _box(sheet, LEFTS[box.column], tops[box.row], _width(box), heights[box.name],
             lines[box.name], f"box:{box.name}")
    _arrows(sheet, boxes, tops, heights)
    write(sheet, LEFTS[0], y - ROW_GAP + 4 + LINE_HEIGHT / 2, note, color=theme.SOFT)
    return fig


def _heads(sheet: Axes) -> None:
    for words, first, last in HEADS:
        left, right = LEFTS[first], LEFTS[last] + WIDTHS[last]
        sheet.add_patch(Rectangle((left, 3), right - left, LINE_HEIGHT + 2 * PADDING,
                                  facecolor="#EFEFEF", edgecolor=theme.SOFT, linewidth=0.6))
        write(sheet, (left + right) / 2, 3 + PADDING + LINE_HEIGHT / 2, words, align="center",
              weight="bold")


def _bands(sheet: Axes, boxes: Sequence[Box], tops: dict[int, float],
           heights: dict[str, float]) -> None:
    for stage in dict.fromkeys(box.stage for box in boxes):
        members = [box for box in boxes if box.stage == stage]
        top = min(tops[box.row] for box in members)
        bottom = max(tops[box.row] + heights[box.name] for box in members)
        sheet.add_patch(Rectangle((3, top), BAND - 2, bottom - top, facecolor=BAND_COLORS[stage],
                                  edgecolor="none"))
        sheet.text(3 + (BAND - 2) / 2, (top + bottom) / 2, stage, rotation=90, ha="center",
                   va="center", weight="bold", size=theme.TEXT)


def _box(sheet: Axes, left: float, top: float, width: float, height: float,
         lines: list[Line], label: str) -> None:
    sheet.add_patch(Rectangle((left, top), width, height, facecolor="white",
                              edgecolor=theme.SOFT, linewidth=0.7, label=label))
    for y, line, known in lines:
        sheet.text(left + PADDING, top + y, line, va="center_baseline", size=theme.TEXT,
                   parse_math=False, style="normal" if known else "italic",
                   color=theme.INK if known else theme.SOFT)


def _arrows(sheet: Axes, boxes: Sequence[Box], tops: dict[int, float],
            heights: dict[str, float]) -> None:
    def middle(box: Box) -> float:
        return LEFTS[box.column] + WIDTHS[box.column] / 2  # of its column, not of a wide box

    def bottom(box: Box) -> float:
        return tops[box.row] + heights[box.name]

    for column in (0, 2):
        chain = [box for box in boxes if box.column == column]
        for box, after in zip(chain, chain[1:], strict=False):
            _arrow(sheet, (middle(box), bottom(box)), (middle(box), tops[after.row]))
    at = {(box.row, box.column): box for box in boxes}
    last = max((box for box in boxes if box.column == 2), key=lambda box: box.row)
    goal = min((box for box in boxes if box.column == 0 and box.row > last.row),
               key=lambda box: box.row)
    for box in boxes:
        beside = at.get((box.row, box.column + 1))
        if box.column in (0, 2) and beside is not None and box.stage != "Included":
            y = tops[box.row] + min(heights[box.name], heights[beside.name]) / 2
            _arrow(sheet, (LEFTS[box.column] + WIDTHS[box.column], y), (LEFTS[beside.column], y))
    # other sources join the reports from databases between their row and the next
    y = tops[goal.row] - ROW_GAP / 2
    sheet.plot([middle(last), middle(last), middle(goal)], [bottom(last), y, y], **_LINE)
    previous = next((box for box in boxes if box.name == "previous"), None)
    if previous is not None:
        total = next(box for box in boxes if box.name == "total")
        y = tops[total.row] - ROW_GAP / 2
        sheet.plot([middle(previous), middle(previous), middle(total)], [bottom(previous), y, y],
                   **_LINE)


_LINE: theme.Look = {"color": theme.SOFT, "linewidth": 0.8, "solid_capstyle": "butt"}


def _arrow(sheet: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.annotate("", end, start, arrowprops={
        "arrowstyle": "-|>,head_length=0.28,head_width=0.16", "color": theme.SOFT,
        "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0})
