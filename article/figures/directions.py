"""An effect-direction plot: an arrow a comparison, with its size, its groups and its caveat."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from article.figures import theme
from article.figures.theme import LINE_HEIGHT, WIDTH, wrap, write
from article.synthesis.contrasts import EQUAL, HIGHER, LOWER, OPEN, outcome_of
from review.dataset.views import Record, as_records

MARGIN = 3.0
RIGHT = WIDTH - MARGIN
PADDING = 6.0
# left edges of the columns
LEFT = {"study": MARGIN, "values": 88.0, "arrow": 236.0, "size": 254.0, "caveat": 316.0}
ROOM = {"study": 78.0, "values": 134.0, "size": 56.0, "caveat": RIGHT - 320.0}
MARKERS = {HIGHER: "^", LOWER: "v", EQUAL: "D", OPEN: "o"}
PAIRINGS = {"separate": "Separate groups", "nested": "Nested groups", "paired": "Paired groups",
            "unknown": "Pairing not known", "randomised": "Groups by chance",
            "not stated": "Pairing not stated"}
WORDS = {HIGHER: "higher with retreatment", LOWER: "lower with retreatment", EQUAL: "equal",
         OPEN: "direction not known"}


def draw(rows: pd.DataFrame) -> theme.Drawing:
    """One row a comparison. The arrow is filled where the result belongs to the synthesis, white
    where it is context; a vote is not counted."""
    records = as_records(rows)
    cells = [_cells(row) for row in records]
    top = MARGIN + 2 * LINE_HEIGHT + 5
    heights = [max(map(len, cell.values())) * LINE_HEIGHT + PADDING for cell in cells]
    items = _key(records)
    lines = theme.flow([words for words, _ in items], RIGHT - MARGIN)
    height = top + sum(heights) + 6 + len(lines) * (LINE_HEIGHT + 2) + 4
    fig = theme.drawing(height)
    sheet = theme.sheet(fig)
    heads = {"study": "Study, outcome", "values": "Retreated / beside",
             "size": "Difference [95% CI]",
             "caveat": "Groups and caveat"}
    for column, words in heads.items():
        for index, line in enumerate(wrap(words, ROOM[column], weight="bold")):
            write(sheet, LEFT[column], MARGIN + (index + 0.5) * LINE_HEIGHT, line, weight="bold")
    y = top
    for row, cell, room in zip(records, cells, heights, strict=True):
        sheet.plot([MARGIN, RIGHT], [y, y], color=theme.RULE, linewidth=0.4, zorder=0)
        centre = y + room / 2
        for column, text in cell.items():
            for index, line in enumerate(text):
                bold = column == "study" and index == 0
                write(sheet, LEFT[column], centre + (index - (len(text) - 1) / 2) * LINE_HEIGHT,
                      line, weight="bold" if bold else "normal")
        _arrow(sheet, row, centre)
        y += room
    sheet.plot([MARGIN, RIGHT], [y, y], color=theme.SOFT, linewidth=0.6, zorder=0)
    theme.draw_key(sheet, items, lines, MARGIN, y + 6)
    return fig


def _cells(row: Record) -> dict[str, list[str]]:
    size, beside = (f", N {row[name]}" if row[name] is not None else ""
                    for name in ("size", "size_beside"))
    difference = [row["difference"]] if row["difference"] else []
    if row["interval"]:
        difference += wrap(f"[{row['interval']}]", ROOM["size"])
    return {
        "study": [*wrap(row["study"], ROOM["study"], weight="bold"), outcome_of(row["outcome"]),
                  *wrap(row["design"], ROOM["study"])],
        "values": [*wrap(f"{row['value']}{size}: {row['group']}", ROOM["values"]),
                   *wrap(f"{row['value_beside']}{beside}: {row['beside']}", ROOM["values"])],
        "size": difference,
        "caveat": wrap(f"{PAIRINGS[row['pairing']]}. {row['caveat']}", ROOM["caveat"]),
    }


def _look(direction: str, synthesis: bool) -> theme.Look:
    color = theme.ORANGE if direction == LOWER else theme.BLUE if direction == HIGHER \
        else theme.SOFT
    return {"marker": MARKERS[direction], "markersize": 8.5, "markeredgecolor": color,
            "markeredgewidth": 1.2, "linestyle": "none",
            "markerfacecolor": color if synthesis else "white"}


def _arrow(sheet: Axes, row: Record, y: float) -> None:
    sheet.plot([LEFT["arrow"]], [y], label=f"{row['direction']}:{row['position']}",
               **_look(row["direction"], row["status"] == "synthesis"))


def _key(records: list[Record]) -> list[tuple[str, list[theme.Look]]]:
    directions = [one for one in MARKERS if any(row["direction"] == one for row in records)]
    items = [(WORDS[one], [_look(one, True)]) for one in directions]
    if any(row["status"] != "synthesis" for row in records):
        items.append(("hollow: context, no result of the review", [_look(directions[0], False)]))
    return items
