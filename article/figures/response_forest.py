"""The forest of response rates: exact and Wilson intervals side by side, groups without below."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from article.figures import theme
from article.figures.theme import LINE_HEIGHT, TEXT, WIDTH, text_width, wrap, write
from review.dataset.views import Record, as_records

MARGIN = 3.0
GAP = 8.0
RIGHT = WIDTH - MARGIN - 2
PADDING = 3.0
HEAD = 2 * LINE_HEIGHT + 6
AXIS = 30.0
NAME_WIDTH = 134.0
BAR = 7.0
WILSON: theme.Look = {"color": theme.ORANGE, "linewidth": 1.1, "linestyle": (0, (3, 1.5)),
                      "zorder": 3}
OFFSET = 4.0  # between the two intervals of a group


def draw(rows: pd.DataFrame) -> theme.Drawing:
    """One row a group. Marks are labelled kind:outcome_id (point, exact, wilson, counts), their
    data in percent, so that a drawing can be read back."""
    records = as_records(rows)
    names = [wrap(f"{row['study']} · {row['arm']}", NAME_WIDTH) for row in records]
    value_left = RIGHT - max(text_width(text, TEXT) for row in records for text in _value(row))
    class_left = MARGIN + NAME_WIDTH + GAP
    plot_left = class_left + text_width("Class", TEXT, "bold") + GAP
    lefts = (MARGIN, class_left, plot_left, value_left)
    centres, heads, y = [], [], HEAD
    for index, row in enumerate(records):
        if index == 0 or row["block"] != records[index - 1]["block"]:
            words = row["block"][0].upper() + row["block"][1:]
            heads.append((y + LINE_HEIGHT / 2 + 3, words))
            y += LINE_HEIGHT + 6
        lines = max(2, len(names[index]))
        centres.append(y + (lines * LINE_HEIGHT + PADDING) / 2)
        y += lines * LINE_HEIGHT + PADDING
    items = _key(records)
    key = theme.flow([words for words, _ in items], RIGHT - MARGIN)
    fig = theme.drawing(y + AXIS + len(key) * (LINE_HEIGHT + 2) + 6)
    sheet = theme.sheet(fig)
    _columns(sheet, records, names, centres, heads, lefts)
    for line in (HEAD - 2, y):
        sheet.plot([MARGIN, RIGHT], [line, line], color=theme.SOFT, linewidth=0.6, zorder=0)
    axes = theme.panel(fig, plot_left, HEAD, value_left - GAP - plot_left, y - HEAD, "plot")
    _plot(axes, records, [centre - HEAD for centre in centres])
    theme.draw_key(sheet, items, key, MARGIN, y + AXIS)
    return fig


def _value(row: Record) -> list[str]:
    if row["low"] is None:
        return [row["text"], row["reason"]]
    return [row["text"], f"[{row['low']:.1f}–{row['high']:.1f}]"]


def _columns(sheet: Axes, records: list[Record], names: list[list[str]], centres: list[float],
             heads: list[tuple[float, str]], lefts: tuple[float, ...]) -> None:
    titles: tuple[list[str], ...] = (
        ["Study · regimen"], ["Class"], [],
        ["Rate (n/N)", "[exact 95% CI]"])
    for left, words in zip(lefts, titles, strict=True):
        for index, line in enumerate(words):
            write(sheet, left, MARGIN + (index + 0.5) * LINE_HEIGHT, line, weight="bold")
    for y, block in heads:
        write(sheet, MARGIN, y, block, weight="bold", color=theme.SOFT)
    for row, lines, centre in zip(records, names, centres, strict=True):
        cells: tuple[list[str], ...] = (
            lines, [row["class"]], [], _value(row))
        for left, cell in zip(lefts, cells, strict=True):
            for index, line in enumerate(cell):
                write(sheet, left, centre + (index - (len(cell) - 1) / 2) * LINE_HEIGHT, line)


def _plot(axes: Axes, records: list[Record], centres: list[float]) -> None:
    axes.set_xlim(-3, 103)
    axes.set_facecolor("none")
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.set_yticks([])
    axes.set_xlabel("Overall response rate, %", labelpad=2)
    axes.xaxis.set_major_locator(MultipleLocator(25))
    axes.xaxis.set_major_formatter("{x:g}")
    for row, y in zip(records, centres, strict=True):
        name = row["outcome_id"]
        if row["low"] is not None:
            axes.plot([row["low"], row["high"]], [y - OFFSET / 2] * 2, label=f"exact:{name}",
                      clip_on=False, **theme.INTERVAL)
            axes.plot([row["wilson_low"], row["wilson_high"]], [y + OFFSET] * 2,
                      label=f"wilson:{name}", clip_on=False, **WILSON)
            axes.plot([row["value"]], [y - OFFSET / 2], label=f"point:{name}", clip_on=False,
                      zorder=4, **theme.mark(row["design"], row["refractoriness"]))
        elif row["class"] == "D":
            low, high = (100 * row[end] / row["total"] for end in ("least", "most"))
            axes.add_patch(Rectangle((low, y - BAR / 2), high - low, BAR, edgecolor="none",
                                     facecolor=theme.PALE, label=f"counts:{name}"))
            axes.plot([low, high], [y, y], **theme.BOUND_ENDS)


def _key(records: list[Record]) -> list[tuple[str, list[theme.Look]]]:
    items: list[tuple[str, list[theme.Look]]] = []
    drawn = [row for row in records if row["low"] is not None]
    for design in dict.fromkeys(row["design"] for row in drawn):
        items.append((design, [theme.outline(design)]))
    for filling in dict.fromkeys(row["refractoriness"] for row in drawn):
        words = filling if "refractory" in filling else f"refractoriness {filling}"
        items.append((words, [theme.mark(drawn[0]["design"], filling)]))
    if drawn:
        items += [("exact 95% interval", [theme.INTERVAL]), ("Wilson 95% interval", [WILSON])]
    if any(row["class"] == "D" for row in records):
        items.append(("counts that the limits allow", list(theme.BOUND_KEY)))
    return items
