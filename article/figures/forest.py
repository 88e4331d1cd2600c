"""Results by treatment group: one row a group, its marks between columns of text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, MultipleLocator

from article.figures import theme
from article.figures.results import LIMITS_ONLY, OF_STUDY, set_apart, starred
from article.figures.theme import LINE_HEIGHT, TEXT, WIDTH, text_width, wrap, write
from article.figures.words import spoken
from article.vocabulary import AXIS_TITLES
from review.dataset.views import Record, as_records

GAP = 7.5
MARGIN = 3.0
RIGHT = WIDTH - MARGIN
STUDY_WIDTH = 112.0
REFRACTORY_WIDTH = 52.0
ROW_PADDING = 4.5
AXIS_HEIGHT = 30.0
BAR_HEIGHT = 7.0
ARROW = (0.80, 0.97)  # where an unreached median is drawn, as a share of the plot's width


def draw(rows: pd.DataFrame, together: str | None = None) -> theme.Drawing:
    """The figure of `results.group_rows`.

    together: column whose equal neighbours form a block (retreated and naive patients of a
    study); None rules off every row.

    Each mark is labelled `kind:outcome_id` (point, interval, computed, open, bound, arrow,
    unknown), its data in the units of the rows, so that a drawing can be read back. An unreached
    median is placed by the width of the plot, not on its scale.
    """
    with theme.style():
        if rows.empty:
            return theme.nothing()
        return _Forest(rows, together).figure()


class _Forest:
    """Measures first, then draws: columns as wide and rows as high as their text needs."""

    def __init__(self, rows: pd.DataFrame, together: str | None):
        self.rows = as_records(rows)
        self.together = together
        if not together:
            set_apart(self.rows)
        self.percent = self.rows[0]["unit"] == "percent"
        self.cells = [self._cells(row) for row in self.rows]
        self.heads = self._heads()
        self._place_columns()
        self._place_rows()
        self.key = _key_items(self.rows)
        self.notes = _notes(self.rows)

    def figure(self) -> theme.Drawing:
        """The drawing: text columns, the plot between them, the key and the notes below."""
        key_lines = theme.flow([words for words, _ in self.key], RIGHT - MARGIN)
        notes = wrap(self.notes, RIGHT - MARGIN)
        key_top = self.bottom + AXIS_HEIGHT + 4
        notes_top = key_top + len(key_lines) * (LINE_HEIGHT + 2) + 3
        height = notes_top + len(notes) * LINE_HEIGHT + 2
        fig = theme.drawing(height)
        sheet = theme.sheet(fig)
        self._write_columns(sheet)
        self._draw_plot(theme.panel(fig, self.plot_left, self.top, self.plot_width,
                                    self.bottom - self.top, "plot"))
        fig.names = {f"{kind}:{row['outcome_id']}": spoken(row) for row in self.rows
                     for kind in ("point", "bound", "arrow", "unknown")}
        theme.draw_key(sheet, self.key, key_lines, MARGIN, key_top)
        for index, note in enumerate(notes):
            write(sheet, MARGIN, notes_top + (index + 0.5) * LINE_HEIGHT, note, color=theme.SOFT)
        return fig

    # measuring ---------------------------------------------------------------------------------

    def _heads(self) -> dict[str, list[str]]:
        value = ["Patients", "[95% CI]"] if self.percent else ["Median", "(95% CI)"]
        return {"study": ["Study [number]", "regimen; design"], "size": ["N", "follow-up"],
                "refractory": ["Refractory", "before"], "value": value}

    def _cells(self, row: Record) -> dict[str, list[str]]:
        ref = row["ref_options"] or row["ref"]
        ref = "" if ref is None else f" [{ref}]"
        if row["section"] == LIMITS_ONLY:
            return self._short_cells(row, ref)
        size = "–" if row["n_total"] is None else str(row["n_total"])
        size += _star(row)
        if row["n_total_of"] == "group":
            size = f"({size})"
        return {
            "name": wrap(f"{row['name']}{ref}", STUDY_WIDTH, TEXT, "bold"),
            "study": wrap(f"{row['arm']}; {row['design']}", STUDY_WIDTH),
            "size": [size, *_months(row["follow_up"])],
            "refractory": wrap(spelled(row["refractory"]), REFRACTORY_WIDTH),
            "value": [line for line in (row["text"], row["detail"]) if line],
        }

    def _short_cells(self, row: Record, ref: str) -> dict[str, list[str]]:
        """The cells of a group without a value: fewer words, so that values lead."""
        size = "–" if row["n_total"] is None else str(row["n_total"]) + _star(row)
        return {
            "name": wrap(f"{row['name']}{ref}", STUDY_WIDTH, TEXT, "bold"),
            "study": wrap(row["arm"], STUDY_WIDTH),
            "size": [f"({size})" if row["n_total_of"] == "group" else size,
                     *_months(row["follow_up"])],
            "refractory": wrap(spelled(row["refractory"]), REFRACTORY_WIDTH),
            "value": [row["text"], *([row["detail"]] if row["detail"] else [])],
        }

    def _width(self, column: str) -> float:
        lines = [line for cell in self.cells for line in cell[column]]
        return max([text_width(line) for line in lines]
                   + [text_width(line, TEXT, "bold") for line in self.heads[column]])

    def _place_columns(self) -> None:
        names = [text_width(line, TEXT, "bold") for cell in self.cells for line in cell["name"]]
        study = MARGIN + max(*names, self._width("study"))
        self.size_right = study + GAP + self._width("size")
        self.refractory_left = self.size_right + GAP
        self.value_left = RIGHT - self._width("value")
        self.plot_left = self.refractory_left + self._width("refractory") + GAP
        self.plot_width = self.value_left - GAP - self.plot_left

    def _place_rows(self) -> None:
        self.top = y = MARGIN + 2 * LINE_HEIGHT + 5
        self.centres: list[float] = []
        self.rules: list[float] = []
        self.sections: list[tuple[float, str]] = []
        section = ""
        for index, (row, cells) in enumerate(zip(self.rows, self.cells, strict=True)):
            if row["section"] != section:
                section = row["section"]
                self.sections.append((y + LINE_HEIGHT / 2 + 3, section))
                y += LINE_HEIGHT + 6
            lines = max(len(cells["name"]) + len(cells["study"]),
                        *(len(cells[column]) for column in ("size", "refractory", "value")))
            height = lines * LINE_HEIGHT + ROW_PADDING
            self.centres.append(y + height / 2)
            y += height
            last = index == len(self.rows) - 1
            if not last and (not self.together or
                             row[self.together] != self.rows[index + 1][self.together]):
                self.rules.append(y)
        self.bottom = y

    # drawing -----------------------------------------------------------------------------------

    def _write_columns(self, sheet: Axes) -> None:
        places = {"study": (MARGIN, "left"), "size": (self.size_right, "right"),
                  "refractory": (self.refractory_left, "left"), "value": (self.value_left, "left")}
        for column, (x, align) in places.items():
            for index, line in enumerate(self.heads[column]):
                write(sheet, x, MARGIN + (index + 0.5) * LINE_HEIGHT, line, align=align,
                      weight="bold")
            for centre, cells in zip(self.centres, self.cells, strict=True):
                names = cells["name"] if column == "study" else []
                lines = [*names, *cells[column]]
                for index, line in enumerate(lines):
                    y = centre + (index - (len(lines) - 1) / 2) * LINE_HEIGHT
                    bold, soft = index < len(names), column == "study" and index >= len(names)
                    write(sheet, x, y, line, align=align, weight="bold" if bold else "normal",
                          color=theme.SOFT if soft else theme.INK)
        for y, section in self.sections:
            write(sheet, MARGIN, y, section, weight="bold", color=theme.SOFT)
        for y in self.rules:
            sheet.plot([MARGIN, RIGHT], [y, y], color=theme.RULE, linewidth=0.4, zorder=0)
        for y in (self.top - 2, self.bottom):
            sheet.plot([MARGIN, RIGHT], [y, y], color=theme.SOFT, linewidth=0.6, zorder=0)

    def _draw_plot(self, axes: Axes) -> None:
        low, high = self._limits()
        axes.set_xlim(low, high)
        axes.set_facecolor("none")
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.set_yticks([])
        title = AXIS_TITLES[self.rows[0]["outcome"]]
        axes.set_xlabel(title + (", %" if self.percent else ", months"), labelpad=2)
        for row, centre in zip(self.rows, self.centres, strict=True):
            _draw_marks(axes, row, centre - self.top, high)
        whole = self.rows[0]["outcome"] == "orr"
        ticks = MultipleLocator(25) if whole else MaxNLocator(6, steps=[1, 2, 2.5, 5, 10])
        axes.xaxis.set_major_locator(ticks)
        axes.grid(axis="x", color=theme.GRID, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.xaxis.set_major_formatter("{x:g}")

    def _limits(self) -> tuple[float, float]:
        if self.rows[0]["outcome"] == "orr":
            return -3.0, 103.0  # the same scale in every figure of response
        names = ("value", "low", "high", "bound_low", "bound_high")
        numbers = [row[name] for row in self.rows for name in names
                   if row[name] is not None]
        highest = max(numbers, default=1.0) or 1.0
        is_open = any(row["interval"] == "open" for row in self.rows)
        return -0.03 * highest, (1.2 if is_open else 1.06) * highest  # room for the arrow's head


def _draw_marks(axes: Axes, row: Record, y: float, right: float) -> None:
    name, kind = row["outcome_id"], row["mark"]
    if kind == "point":
        _draw_interval(axes, row, y, right)
        axes.plot([row["value"]], [y], label=f"point:{name}", gid=f"point:{name}",
                  clip_on=False, zorder=4, **theme.mark(row["design"], row["refractoriness"]))
    elif kind == "bound":
        known = [row[end] for end in ("bound_low", "bound_high") if row[end] is not None]
        # where one limit is not known the bar runs to the end of the scale
        low = 0.0 if row["bound_low"] is None else row["bound_low"]
        high = right if row["bound_high"] is None else row["bound_high"]
        axes.add_patch(Rectangle((low, y - BAR_HEIGHT / 2), high - low, BAR_HEIGHT,
                                 facecolor=theme.PALE, edgecolor="none", label=f"bound:{name}",
                                 gid=f"bound:{name}"))
        axes.plot(known, [y] * len(known), **theme.BOUND_ENDS)
    elif kind == "arrow":
        axes.plot(ARROW, [y, y], transform=axes.get_yaxis_transform(), label=f"arrow:{name}",
                  gid=f"arrow:{name}", clip_on=False, **theme.ARROW)
    elif kind == "unknown":
        axes.plot([0, 1], [y, y], transform=axes.get_yaxis_transform(), label=f"unknown:{name}",
                  gid=f"unknown:{name}", **theme.UNKNOWN)


def _draw_interval(axes: Axes, row: Record, y: float, right: float) -> None:
    name, kind = row["outcome_id"], row["interval"]
    if kind in ("reported", "computed"):
        look = theme.INTERVAL if kind == "reported" else theme.COMPUTED
        axes.plot([row["low"], row["high"]], [y, y], label=f"{kind}:{name}", clip_on=False, **look)
    elif kind == "open":
        axes.plot([row["low"], right], [y, y], label=f"open:{name}", clip_on=False,
                  **theme.OPEN_INTERVAL)


def _key_items(rows: Sequence[Record]) -> list[tuple[str, list[theme.Look]]]:
    """Words and glyphs of the marks that the figure uses, and of no others."""
    drawn = [row for row in rows if row["mark"] == "point"]
    items = []
    for design in theme.SHAPES:
        if any(row["design"] == design for row in drawn):
            items.append((design, [theme.outline(design)]))
    shape = drawn[0]["design"] if drawn else "retrospective"
    for filling, words in (("all refractory", "filled: all refractory"),
                           ("part refractory", "half: part refractory"),
                           ("not refractory", "hollow: not refractory"),
                           ("not reported", "grey: refractoriness not reported")):
        if any(row["refractoriness"] == filling for row in drawn):
            items.append((words, [theme.mark(shape, filling)]))
    intervals = {row["interval"] for row in drawn}
    marks = {row["mark"] for row in rows}
    for present, words, look in (
        ("reported" in intervals or "open" in intervals, "95% CI as reported", theme.INTERVAL),
        ("open" in intervals, "upper limit open", theme.OPEN_INTERVAL),
        ("computed" in intervals, "[ ] exact 95% CI, computed here", theme.COMPUTED),
        ("arrow" in marks, "median not reached, no place on the scale", theme.ARROW),
        ("bound" in marks, "no value: only limits are known", theme.BOUND_KEY),
        ("unknown" in marks, "no value: nothing known", theme.UNKNOWN),
    ):
        if present:
            items.append((words, [look] if isinstance(look, dict) else list(look)))
    return items


def _notes(rows: Sequence[Record]) -> str:
    """What the signs in the columns mean, as far as they are used."""
    notes = []
    if any(row["ref"] is not None or row["ref_options"] for row in rows):
        notes.append("[number] in the article's reference list.")
    if any("*" in row["text"] or _star(row) for row in rows):
        notes.append("* derived or inferred, not stated by the source.")
    if any(row["n_total_of"] == "group" for row in rows):
        notes.append("(N) size given for another result of the group.")
    if any(row["follow_up"].endswith(OF_STUDY) for row in rows):
        notes.append(f"{OF_STUDY} of the whole study, not counted from retreatment.")
    if any(row["n_total"] is None or row["follow_up"] == "NR" for row in rows):
        notes.append("– not reported.")
    if any(row["high_status"] == "not estimable" for row in rows):
        notes.append("NE not estimable.")
    if any(row["place"] for row in rows):
        notes.append("or: which of these studies the row is, is not known.")
    return " ".join(notes)


def _months(follow_up: str) -> list[str]:
    """Median follow-up with its unit, each of several on a line of its own; – where it is none."""
    *first, last = follow_up.replace(" or ", " or\n").split("\n")
    number = last.removesuffix(OF_STUDY)
    return [*first, f"{number} mo{last[len(number):]}" if number[-1:].isdigit() else "–"]


def spelled(text: str) -> str:
    """What a cell says where the article prints "NR": on a page of medians it could be read as
    "not reached"."""
    return "not reported" if text == "NR" else text


def _star(row: Record) -> str:
    return starred(row["n_total_kind"]) if row["n_total"] is not None else ""
