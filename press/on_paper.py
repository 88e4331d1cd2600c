"""What of a cell's HTML has no form in print: elements, attributes and styles that would be dropped
there without a word, and with them what they say.

Print is made by Pandoc from the same HTML that the page shows. Pandoc keeps styles at few elements
(`CARRIED`); widths, spaces and alignments are the page's own and may go.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .markup import Tag, tags

ELEMENTS = frozenset("""
    a abbr address article aside b blockquote body br caption center cite code col colgroup dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html i img
    ins kbd li link main mark meta nav ol p pre q s samp section small span strike strong style
    sub summary sup table tbody td tfoot th thead time title tr tt u ul var wbr""".split())
"""Those whose words print shows, and those without any."""
UNSAID = {"reversed": {"ol"}, "value": {"li"}, "hidden": ELEMENTS - {"div", "span"},
          "bgcolor": ELEMENTS, "color": ELEMENTS, "background": ELEMENTS}
"""Attributes that say something on the page and nothing in print, and where."""
LINES = frozenset({"text-decoration", "text-decoration-line"})
COLOURS = frozenset({"color", "background", "background-color"})
MARKS = COLOURS | {"font-weight", "font-style"}
BORDERS = frozenset({"border", *(f"border-{side}" for side in ("top", "bottom", "left", "right"))})
OTHERS = frozenset({"text-transform", "font-variant", "visibility", "opacity", "font",
                    "white-space", "vertical-align"})
CELL = MARKS | LINES | BORDERS | {"font-variant"}
CARRIED = {"span": MARKS | LINES | {"font-variant", "display", "vertical-align"},
           "div": MARKS | {"display"}, "td": CELL, "th": CELL}
"""The properties that print keeps, by element."""
SAYS = MARKS | LINES | BORDERS | OTHERS
"""Properties whose values change what a reader sees or understands."""
SHIFTED = {"super", "sub"}
"""What `vertical-align` makes of words that print has."""
LAYOUT = {"table": BORDERS, "thead": BORDERS, "tbody": BORDERS, "hr": BORDERS, "img": BORDERS,
          "pre": frozenset({"white-space"})}
"""Properties that are of the look alone there, or that print has anyway."""
BOLD = {"th", "b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"}
"""Bold as they are, on the page and in print."""
PLAIN = {"", "normal", "none", "inherit", "initial", "unset", "revert", "visible", "1", "1.0",
         "auto", "transparent", "currentcolor", "400", "nowrap", "baseline", "top", "middle",
         "bottom", "0", "0px"}
"""Values that change nothing, or nothing but the place in a line or cell."""
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|rgba?\([\d.,%\s/]+\)")
LINE = re.compile(r"[\d.]+px\s+\w+(?:\s+(.+))?")
"""A border that print draws, with its colour if it has one."""
NO_LINE = re.compile(r"0(?:px)?\b|none\b|hidden\b")
DECLARATION = re.compile(r"(?:^|;)\s*([\w-]+)\s*:\s*([^;]*)")
UNSAID_IN_CODE = {"code", "span", "br", "samp", "kbd", "tt"}
"""Elements that say nothing there that their words do not."""
CODE_END = re.compile(r"</pre\s*>", re.I)
CELL_END = re.compile(r"</t[dh]\s*>", re.I)


def faults(html: str) -> Iterator[str]:
    """What the HTML holds that print cannot show, in words, each once."""
    ends = [match.start() for match in CELL_END.finditer(html)]
    code_ends = [match.start() for match in CODE_END.finditer(html)]
    opened, code_opened, told = 0, 0, set()
    for tag in tags(html):
        in_cell = opened > bisect_left(ends, tag.start)
        in_code = code_opened > bisect_left(code_ends, tag.start)
        opened += tag.name in ("td", "th")
        code_opened += tag.name == "pre"
        for fault in _in_code(tag) if in_code else _of_tag(tag, in_cell):
            if fault not in told:
                told.add(fault)
                yield fault


def _in_code(tag: Tag) -> Iterator[str]:
    """What a tag within `<pre>` says: print has its words alone."""
    if tag.name not in UNSAID_IN_CODE:
        yield f"<{tag.name}> in <pre>"
    yield from of_style(f"{tag.name}> in <pre", tag.attributes.get("style", ""), frozenset())


def _of_tag(tag: Tag, in_cell: bool) -> Iterator[str]:
    if tag.name not in ELEMENTS:
        yield f"<{tag.name}>"
        return
    for name, where in UNSAID.items():
        if name in tag.attributes and tag.name in where:
            yield f"`{name}` of <{tag.name}>"
    if tag.name == "ol" and tag.attributes.get("type", "1") != "1":
        yield "`type` of <ol>"
    carried = CARRIED.get(tag.name, frozenset())
    if tag.name == "div" and in_cell:
        carried = frozenset({"display"})
    yield from of_style(tag.name, tag.attributes.get("style", ""), carried)


def of_style(element: str, style: str, carried: frozenset[str]) -> Iterator[str]:
    """What a style says at an element of a document that print would drop, in words.

    ``carried``: the properties that print keeps there.
    """
    for name, value in _declarations(style):
        if name == "display":
            lost = value == "none" and name not in carried
        elif value in PLAIN or name not in SAYS or name in LAYOUT.get(element, ()):
            lost = "gradient(" in value
        elif name == "font-weight" and element in BOLD:
            lost = False
        else:
            lost = name not in carried or not _printable(name, value)
        if lost:
            yield f"the style `{name}: {value[:40]}` of <{element}>"


def _printable(name: str, value: str) -> bool:
    """Whether print has this value of a property that it keeps."""
    if name in BORDERS:
        line = LINE.fullmatch(value)
        return bool(NO_LINE.match(value)) or bool(line and _is_colour(line[1] or ""))
    if name == "vertical-align":
        return value in SHIFTED
    return name not in COLOURS or _is_colour(value)


def _is_colour(value: str) -> bool:
    return value in PLAIN or bool(COLOUR.fullmatch(value)) or value in colour_names()


@cache
def colour_names() -> frozenset[str]:
    """Names of colours that ``filters/colours.lua`` knows."""
    lines = (Path(__file__).parent / "filters" / "colours.txt").read_text("utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for name, value in DECLARATION.findall(style):
        yield name.lower(), value.lower().replace("!important", "").strip()
