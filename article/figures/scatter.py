"""Scatter of medians against follow-up, drawn with seaborn."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from article.figures import theme
from article.figures.svg import HALO
from article.figures.theme import TEXT, WIDTH, text_width
from article.vocabulary import VOCABULARY

HEIGHT = 250.0
LEFT, BOTTOM, TOP = 36.0, 56.0, 8.0
# shape and colour of the points of an outcome
LOOKS = {"pfs": ("o", theme.BLUE), "os": ("s", theme.ORANGE)}
LABEL_OFFSET = 6.0
NEAR = 12.0  # a name farther above or below its point than this has a line to it
# how much of a name stands before the point it is set by
BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
# where a name may stand from its point, in points: near it first, then higher and lower, to the
# right and to the left. It is set by the end that is next to the point, since the font of a page
# may be narrower than the one that is measured here
PLACES = [
    *(("left", LABEL_OFFSET, dy) for dy in (0.0, 9.0, -9.0)), ("right", -LABEL_OFFSET, 0.0),
    ("center", 0.0, NEAR), ("center", 0.0, -NEAR),
    *((align, dx, sign * 11.0 * step) for step in range(2, 18) for sign in (1, -1)
      for align, dx in (("left", LABEL_OFFSET), ("right", -LABEL_OFFSET)))]
# left, bottom, right, top, in points
Rectangle = tuple[float, float, float, float]


def draw(rows: pd.DataFrame) -> theme.Drawing:
    """One point a row: follow-up across, median upwards, both in months; points labelled by study.

    The shape tells the outcome; points above the line of equality are filled white, the others
    full. The collections are labelled within:pfs, immature:os and so on.
    """
    fig = theme.drawing(HEIGHT)
    width, height = WIDTH - LEFT - 8, HEIGHT - BOTTOM - TOP
    axes = theme.panel(fig, LEFT, TOP, width, height, "plot")
    highest = max(float(rows[["follow_up", "value"]].max().max()), 1.0)
    top = 1.2 * max(float(rows["value"].max()), 1.0)
    axes.set(xlim=(0, 1.12 * highest), ylim=(0, top))
    axes.plot([0, top], [0, top], color=theme.SOFT, linewidth=0.8, linestyle=(0, (4, 3)),
              label="equal", zorder=1)
    for (outcome, immature), part in rows.groupby(["outcome", "immature"], sort=False):
        marker, color = LOOKS[outcome]
        state = "immature" if immature else "within"
        sns.scatterplot(x=part["follow_up"].astype(float), y=part["value"].astype(float),
                        ax=axes, marker=marker, s=38, linewidth=1.3, edgecolor=color,
                        color="white" if immature else color, zorder=3, clip_on=False,
                        label=f"{state}:{outcome}", legend=False)
    _label_points(axes, rows, width / (1.12 * highest), height / top)
    axes.grid(color=theme.GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel("Median follow-up, months", labelpad=3)
    axes.set_ylabel("Median PFS or OS, months", labelpad=3)
    _key(theme.sheet(fig), rows)
    return fig


def _label_points(axes: Axes, rows: pd.DataFrame, x_scale: float, y_scale: float) -> None:
    """Names the studies, beside each point or above it, where no other name and no point stands
    yet; farther off with a line to the point where points lie close, and rather on the line of
    equality than on each other."""
    taken: list[Rectangle] = []
    points = [(float(x) * x_scale, float(y) * y_scale)
              for x, y in zip(rows["follow_up"], rows["value"], strict=True)]
    right, height = axes.get_xlim()[1] * x_scale, axes.get_ylim()[1] * y_scale
    for (x, y), row in zip(points, rows.to_dict("records"), strict=True):
        text = f"{row['name']} {row['text'].split(' ')[0]}"
        width = text_width(text)
        full = [*taken, *((px - 4, py - 4, px + 4, py + 4) for px, py in points)]
        free: list[tuple[bool, int, str, float, float, Rectangle]] = []
        for align, dx, dy in PLACES:
            left = x + dx - width * BEFORE[align]
            box = (left, y + dy - TEXT / 2, left + width, y + dy + TEXT / 2)
            fits = box[0] >= 0 and box[2] <= right + 6 and box[1] >= 0 and box[3] <= height
            if fits and not any(_meet(box, other) for other in full):
                free.append((_struck(box, x_scale, y_scale), len(free), align, dx, dy, box))
        # the first place off the line of equality, else the first on it
        _, _, align, dx, dy, box = min(free, default=(True, 0, *PLACES[0], (x, y, x, y)))
        taken.append(box)
        line = {"arrowstyle": "-", "color": theme.SOFT, "linewidth": 0.6, "shrinkA": 0,
                "shrinkB": 4} if abs(dy) > NEAR else None
        axes.annotate(text, (row["follow_up"], row["value"]), (dx, dy),
                      textcoords="offset points", ha=align, va="center_baseline", size=TEXT,
                      gid=f"{HALO}-{len(taken)}", arrowprops=line)


def _struck(box: Rectangle, x_scale: float, y_scale: float) -> bool:
    """Whether the line of equality runs through a box."""
    steeper = y_scale / x_scale
    return box[0] * steeper < box[3] and box[2] * steeper > box[1]


def _meet(a: Rectangle, b: Rectangle) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _key(sheet: Axes, rows: pd.DataFrame) -> None:
    items = []
    for outcome, (marker, color) in LOOKS.items():
        for immature in (False, True):
            part = rows[(rows["outcome"] == outcome) & (rows["immature"] == immature)]
            if not part.empty:
                state = "beyond the follow-up" if immature else "within the follow-up"
                items.append((f"{VOCABULARY.outcome_label(outcome)} {state}", [{
                    "marker": marker, "markersize": 6, "linestyle": "none",
                    "markeredgecolor": color, "markeredgewidth": 1.3,
                    "markerfacecolor": "white" if immature else color}]))
    items.append(("median = follow-up", [{"color": theme.SOFT, "linewidth": 0.8,
                                          "linestyle": (0, (4, 3))}]))
    lines = theme.flow([words for words, _ in items], WIDTH - 8)
    theme.draw_key(sheet, items, lines, 4, HEIGHT - len(lines) * (theme.LINE_HEIGHT + 2) - 2)
