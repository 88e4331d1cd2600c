"""A matrix of studies by outcomes, drawn with seaborn: a shade and a letter in each cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from article.figures import theme
from article.figures.theme import LINE_HEIGHT, WIDTH, text_width, write
from article.vocabulary import VOCABULARY

CELL = 14.0
COLUMN = 52.0
GAP = 10.0
TOP = 26.0
# from reported to not an outcome; letters are dark on light and light on dark
SHADES = (theme.BLUE, "#8FBFDD", "#D5E6F2", "#F1F1F1", "#FFFFFF")
KEY = {"reported": "reported (or not reached)", "limits only": "only limits are known",
       "cited only": "cited as reported, value not transcribed", "not reported": "not reported",
       "not an outcome": "no group to compare"}

Totals = dict[tuple[str, str], tuple[int, int, int]]


def draw(rows: pd.DataFrame, totals: Totals, letters: Mapping[str, str]) -> theme.Drawing:
    """One block a setting: its studies, its cells, and below them the totals of each column.

    letters: of the states, from the most to the least that may be known.
    """
    columns = list(dict.fromkeys(rows["column"]))
    blocks = [(str(name), part) for name, part in rows.groupby("setting", sort=False)]
    left = 12 + max(text_width(str(study)) for study in rows["study"].unique())
    left = max(left, 12 + text_width("patients behind these"))
    heights = [part["study_id"].nunique() * CELL for _, part in blocks]
    block_room = LINE_HEIGHT + 6 + 3 * LINE_HEIGHT + 2 * GAP
    key_items = [(f"{letter or 'blank'}  {KEY[state]}",
                  [{"color": shade, "linewidth": 9, "solid_capstyle": "butt"}])
                 for (state, letter), shade in zip(letters.items(), SHADES, strict=True)]
    lines = theme.flow([words for words, _ in key_items], WIDTH - 8)
    height = TOP + sum(heights) + len(blocks) * block_room + len(lines) * (LINE_HEIGHT + 2)
    fig = theme.drawing(height)
    sheet = theme.sheet(fig)
    for index, column in enumerate(columns):
        write(sheet, left + (index + 0.5) * COLUMN, TOP / 2, column, align="center", weight="bold")
    y = TOP
    for (setting, part), room in zip(blocks, heights, strict=True):
        write(sheet, 3, y + LINE_HEIGHT / 2, VOCABULARY.settings[setting].title, weight="bold")
        y += LINE_HEIGHT + 6
        axes = theme.panel(fig, left, y, COLUMN * len(columns), room, f"matrix:{setting}")
        _block(axes, part, columns, list(letters))
        for index, study in enumerate(dict.fromkeys(part["study"])):
            write(sheet, left - 6, y + (index + 0.5) * CELL, study, align="right")
        y += room + GAP / 2
        for place, label in enumerate(("studies with a result", "of these reported",
                                       "patients behind these")):
            line = y + (place + 0.5) * LINE_HEIGHT
            write(sheet, left - 6, line, label, align="right", color=theme.SOFT)
            for index, column in enumerate(columns):
                write(sheet, left + (index + 0.5) * COLUMN, line,
                      f"{totals[setting, column][place]:,}", align="center")
        y += 3 * LINE_HEIGHT + 1.5 * GAP
    theme.draw_key(sheet, key_items, lines, 4, y)
    return fig


def _block(axes: Axes, part: pd.DataFrame, columns: list[str], states: list[str]) -> None:
    """Shades by seaborn; letters by hand, since they are no numbers."""
    codes = {state: number for number, state in enumerate(states)}
    table = part.assign(code=part["state"].map(codes).astype(int)).pivot(
        index="study_id", columns="column", values="code")
    table = table.loc[list(dict.fromkeys(part["study_id"])), columns]
    letters = part.pivot(index="study_id", columns="column", values="letter").loc[
        table.index, columns]
    sns.heatmap(table, ax=axes, cmap=ListedColormap(list(SHADES)), vmin=-0.5,
                vmax=len(states) - 0.5, cbar=False, linewidths=0.8, linecolor="white",
                xticklabels=False, yticklabels=False)
    axes.set(xlabel="", ylabel="", xlim=(0, len(columns)), ylim=(len(table), 0))
    for row in range(len(table)):
        for column in range(len(columns)):
            code = int(table.iloc[row, column])
            write(axes, column + 0.5, row + 0.5, str(letters.iloc[row, column]), align="center",
                  color="white" if code == 0 else theme.INK)
