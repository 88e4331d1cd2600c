"""What of a cell's HTML has no form in print: elements, attributes and styles that would be dropped
there without a word, and with them what they say.

Print is made by Pandoc from the same HTML that the page shows. Pandoc keeps styles at few elements
(`CARRIED`); widths, spaces, borders and alignments are the page's own and may go.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

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
MARKS = frozenset({"color", "background", "background-color", "font-weight", "font-style"})
LETTERS = frozenset({"text-transform", "font-variant"})
HIDING = frozenset({"visibility", "opacity"})
CARRIED = {"span": MARKS | LINES | {"font-variant", "display"}, "div": MARKS | {"display"},
           "td": MARKS | LINES | {"font-variant"}, "th": MARKS | LINES | {"font-variant"}}
"""The properties that print keeps, by element."""
BOLD = {"th", "b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"}
"""Bold as they are, on the page and in print."""
PLAIN = {"", "normal", "none", "inherit", "initial", "unset", "revert", "visible", "1", "1.0",
         "auto", "transparent", "currentcolor", "400"}
"""Values that change nothing."""
DECLARATION = re.compile(r"(?:^|;)\s*([\w-]+)\s*:\s*([^;]*)")
CELL_END = re.compile(r"</t[dh]\s*>", re.I)


def faults(html: str) -> Iterator[str]:
    """What the HTML holds that print cannot show, in words, each once."""
    ends = [match.start() for match in CELL_END.finditer(html)]
    opened, told = 0, set()
    for tag in tags(html):
        in_cell = opened > bisect_left(ends, tag.start)
        opened += tag.name in ("td", "th")
        for fault in _of_tag(tag, in_cell):
            if fault not in told:
                told.add(fault)
                yield fault


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
    for name, value in _declarations(tag.attributes.get("style", "")):
        says = value == "none" if name == "display" else (
            name in MARKS | LINES | LETTERS | HIDING and value not in PLAIN)
        bold = name == "font-weight" and tag.name in BOLD
        if "gradient(" in value or (says and not bold and name not in carried):
            yield f"the style `{name}: {value[:40]}` of <{tag.name}>"


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for name, value in DECLARATION.findall(style):
        yield name.lower(), value.lower().replace("!important", "").strip()
