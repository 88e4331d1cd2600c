"""The look that the figures share: page measures, colours, marks, and text that is measured.

Lengths are in points (1/72 inch), the unit of type sizes. Every figure is as wide as the text of
an A4 page and as high as its content needs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from article.figures.svg import cleaned

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

# properties of a line or a mark, as matplotlib names them
Look = dict[str, Any]

POINTS_PER_INCH = 72
WIDTH = 16 / 2.54 * POINTS_PER_INCH
SMALLEST = 7.5  # size of type that is legible on paper
TEXT = 7.5
TITLE = 8.0
LINE_HEIGHT = 1.3 * TEXT

# Okabe and Ito's palette: told apart in every kind of colour vision and in grey print
BLUE = "#0072B2"
ORANGE = "#D55E00"
INK = "#1A1A1A"
SOFT = "#4D4D4D"
RULE = "#C8C8C8"
PALE = "#D6DEE5"
PALE_EDGE = "#7B8794"
GRID = "#E6E6E6"
NO_FACT = "#B8B8B8"

STYLE: dict[RcKeyType, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": TEXT,
    "text.color": INK,
    "axes.labelsize": TEXT,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "legend.fontsize": TEXT,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.usetex": False,
    "text.hinting": "no_hinting",  # letters as wide on a screen as on paper
    # letters as text: they can be searched, copied and read aloud
    "svg.fonttype": "none",
    "svg.hashsalt": "anti-cd38-retreatment",
}


class Drawing(Figure):
    """A figure that shows itself in a notebook as SVG, the same bytes every time.

    It is made without pyplot: no window system is asked for and no figure is kept alive.
    names: what the mark of a group id stands for. description: what the whole shows.
    """

    names: dict[str, str]
    description: str

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.names, self.description = {}, ""

    def svg(self) -> str:
        """The drawing as SVG, as `svg.cleaned` leaves it."""
        text = io.StringIO()
        with style():
            self.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        return cleaned(text.getvalue(), self.names, self.description)

    def _repr_svg_(self) -> str:
        return self.svg()


@contextmanager
def style() -> Iterator[None]:
    """Draw inside this block: the style is that of the report whatever the user's is."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def drawing(height: float, width: float = WIDTH) -> Drawing:
    """An empty figure; height and width in points."""
    return Drawing(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=72)


def sheet(fig: Drawing) -> Axes:
    """Axes over the whole figure, in points from the top left, for text and rules."""
    width, height = fig.get_size_inches() * POINTS_PER_INCH
    axes = fig.add_axes((0, 0, 1, 1), label="sheet")
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def panel(fig: Drawing, left: float, top: float, width: float, height: float, label: str) -> Axes:
    """Axes placed in points from the top left, whose y axis counts points from their top."""
    full_width, full_height = fig.get_size_inches() * POINTS_PER_INCH
    axes = fig.add_axes((left / full_width, 1 - (top + height) / full_height,
                         width / full_width, height / full_height), label=label)
    axes.set_ylim(height, 0)
    return axes


def nothing() -> Drawing:
    """A sheet with one line, for a figure without rows."""
    fig = drawing(3 * LINE_HEIGHT)
    write(sheet(fig), 3, 1.5 * LINE_HEIGHT, "No group of this edition has the result.")
    return fig


@cache
def _font(size: float, weight: str) -> FontProperties:
    return FontProperties(family="DejaVu Sans", size=size, weight=weight)


@cache
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of one line of text in points."""
    return text_to_path.get_text_width_height_descent(text, _font(size, weight), False)[0]


def wrap(text: str, width: float, size: float = TEXT, weight: str = "normal") -> list[str]:
    """The text in lines no wider than `width` points.

    Lines end at spaces; a word that is too long by itself ends after a hyphen or stroke, or
    anywhere when it has none.
    """
    lines: list[str] = []
    glue = ""
    for word in text.split(" "):  # a no-break space holds words together
        for part in _parts(word, width, size, weight):
            longer = f"{lines[-1]}{glue}{part}" if lines else part
            if lines and text_width(longer, size, weight) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
            glue = ""
        glue = " "
    return lines


def _parts(word: str, width: float, size: float, weight: str) -> list[str]:
    if text_width(word, size, weight) <= width:
        return [word]
    pieces = re.findall(r"[^-/]+[-/]?|[-/]", word)
    return [part for piece in pieces for part in (
        [piece] if text_width(piece, size, weight) <= width else list(piece))]


def write(axes: Axes, x: float, y: float, text: str, *, align: str = "left", weight: str = "normal",
          color: str = INK, size: float = TEXT) -> None:
    """One line of text, vertically centred on y."""
    if text:
        axes.text(x, y, text, ha=align, va="center_baseline", weight=weight, color=color, size=size,
                  parse_math=False)


# Marks: shape tells the design, filling the refractoriness; both stand in words beside the plot.
SHAPES = {"randomised": "s", "single-arm": "o", "retrospective": "D", "prospective": "^"}
SIZES = {"s": 6.0, "o": 6.6, "D": 5.6, "^": 7.2}
FILLINGS: dict[str, Look] = {
    "all refractory": {"fillstyle": "full", "markerfacecolor": BLUE},
    "part refractory": {"fillstyle": "left", "markerfacecolor": BLUE,
                        "markerfacecoloralt": "white"},
    "not refractory": {"fillstyle": "full", "markerfacecolor": "white"},
    "not reported": {"fillstyle": "full", "markerfacecolor": NO_FACT},
}


def mark(design: str, refractoriness: str) -> Look:
    """Line2D properties of the point of a group."""
    shape = SHAPES[design]
    return {"marker": shape, "markersize": SIZES[shape], "markeredgecolor": BLUE,
            "markeredgewidth": 1.1, "linestyle": "none", **FILLINGS[refractoriness]}


def outline(design: str) -> Look:
    """The shape alone, for the key."""
    return {**mark(design, "not refractory"), "markeredgecolor": SOFT}


_LINE: Look = {"color": BLUE, "solid_capstyle": "butt"}
_HEAD: Look = {"marker": ">", "markersize": 6.0, "markerfacecolor": "white",
               "markeredgecolor": BLUE, "markeredgewidth": 1.0, "markevery": [1]}
INTERVAL: Look = {**_LINE, "linewidth": 1.4, "zorder": 3}
COMPUTED: Look = {**_LINE, "linewidth": 1.1, "linestyle": (0, (3, 1.5)), "zorder": 3}
OPEN_INTERVAL: Look = {**_LINE, **_HEAD, "linewidth": 1.4, "zorder": 3}
ARROW: Look = {**_LINE, **_HEAD, "linewidth": 1.1, "linestyle": (0, (1, 1.5)), "zorder": 3}
UNKNOWN: Look = {"color": PALE_EDGE, "linewidth": 0.9, "linestyle": (0, (1, 3)), "zorder": 2}
BOUND_ENDS: Look = {"linestyle": "none", "marker": "|", "markersize": 7.0,
                    "markeredgewidth": 1.0, "markeredgecolor": PALE_EDGE, "zorder": 2}
BOUND_KEY: tuple[Look, Look] = (
    {"color": PALE, "linewidth": 7.0, "solid_capstyle": "butt"}, BOUND_ENDS)

KEY_GLYPH = 22.0  # room for a glyph of the key
KEY_GAP = 12.0


def flow(labels: list[str], width: float) -> list[list[int]]:
    """Which items of a key stand on which line, each glyph before its words."""
    lines: list[list[int]] = []
    used = 0.0
    for index, label in enumerate(labels):
        room = KEY_GLYPH + text_width(label)
        if not lines or used + KEY_GAP + room > width:
            lines.append([index])
            used = room
        else:
            lines[-1].append(index)
            used += KEY_GAP + room
    return lines


def draw_key(axes: Axes, items: list[tuple[str, list[Look]]], lines: list[list[int]],
             left: float, top: float) -> None:
    """The key on a sheet: items as words and the properties of their glyphs."""
    for number, line in enumerate(lines):
        x, y = left, top + (number + 0.5) * (LINE_HEIGHT + 2)
        for index in line:
            words, looks = items[index]
            for look in looks:
                single = look.get("linestyle") == "none" and look.get("marker") != "|"
                ends = [x + KEY_GLYPH / 2 - 3] if single else [x + 1, x + KEY_GLYPH - 6]
                axes.plot(ends, [y] * len(ends), **look)
            write(axes, x + KEY_GLYPH, y, words)
            x += KEY_GLYPH + text_width(words) + KEY_GAP
