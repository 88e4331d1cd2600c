"""Whether the HTML of a cell or an author closes what it opens, and nothing else.

A browser mends what is left open by rules of its own: `<b>` without an end makes the rest of the
page bold, an end too many closes a section of the page, a comment without an end hides what
follows. Pandoc, which reads the same text for print, mends it differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .markup import NAME, TOKEN
from .pandoc import Finding
from .raw_html import COMMENT

PART = re.compile(rf"{TOKEN.pattern}|(?P<end></[a-zA-Z][^>]*>)|(?P<broken><[a-zA-Z/!])",
                  re.S | re.I)
COMMENT_END = re.compile(r"--!?>$|^<!--?>$")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements that have no end."""
END_LEFT_OUT = frozenset("""body caption colgroup dd dt head html li optgroup option p rb rp rt
    tbody td tfoot th thead tr""".split())
"""Elements whose end may be left out, since the next one or the end around it closes them."""
FOREIGN = frozenset({"svg", "math"})
"""Inside of these, `<x/>` has its end in itself."""


def _read(html: str, opened: list[str]) -> str:
    """What is wrong with HTML that goes on where ``opened`` are open, outermost first, "" where
    nothing is; ``opened`` is then what is open after it."""
    for part in PART.finditer(html):
        if part["broken"]:
            rest = html[part.start():part.start() + 30].split("\n")[0]
            return f"a tag without its end, `{rest}`"
        if part["end"]:
            name = re.sub(r"[\s/>].*", "", part["end"][2:], flags=re.S).lower()
            if name in VOID:
                continue
            while opened and opened[-1] != name and opened[-1] in END_LEFT_OUT:
                opened.pop()
            if name not in opened:
                return f"`</{name}>`, which closes nothing"
            if opened[-1] != name:
                return f"`<{opened[-1]}>`, which is not closed before `</{name}>`"
            opened.pop()
        elif part["tag"]:
            found = NAME.match(part["tag"])
            name = found[1].lower() if found else ""
            closed = part["tag"].endswith("/>") and bool(FOREIGN & {*opened, name})
            if name not in VOID and not closed:
                opened.append(name)
        elif not part["opening"] and not COMMENT_END.search(part[0]):
            return "a comment without its end"
    return ""


def fault(*pieces: str) -> str:
    """What is wrong with pieces of HTML that follow each other, in words; "" where nothing is."""
    opened: list[str] = []
    for piece in pieces:
        if wrong := _read(piece, opened):
            return wrong
    left = [name for name in opened if name not in END_LEFT_OUT]
    return f"`<{left[-1]}>`, which is never closed" if left else ""


def check(tree: Any, path: str, line: int = 0) -> Iterator[Finding]:
    """What is left open or closed too often by the raw HTML in each run of blocks or words; what
    one piece opens, a later one beside it may close, but not across a heading."""
    if isinstance(tree, dict):
        content: Any = tree.get("c")
        if tree.get("t") == "Div" and "cell-html" in content[0][1]:
            line = int(dict(content[0][2]).get("line", 0))
        for value in tree.values():
            if isinstance(value, (dict, list)):
                yield from check(value, path, line)
    elif isinstance(tree, list):
        pieces: list[str] = []
        for item in _beside(tree):
            if isinstance(item, str):
                pieces.append(item)
            elif isinstance(item, dict) and item.get("t") == "Header":
                yield from _finding(pieces, path, line)
                pieces = []
            if isinstance(item, (dict, list)):
                yield from check(item, path, line)
        yield from _finding(pieces, path, line)


def _beside(items: list[Any]) -> Iterator[Any]:
    """Blocks or words beside each other, raw HTML as its text. A condition is no box."""
    for item in items:
        kind = item.get("t") if isinstance(item, dict) else ""
        content: Any = item["c"] if kind in ("RawBlock", "RawInline", "Div", "Span") else [""]
        if content[0] == "html":
            if not COMMENT.fullmatch(content[1]):
                yield content[1]
        elif content[0] and {"content-visible", "content-hidden"} & set(content[0][1]):
            yield from _beside(content[1])
        elif not isinstance(item, str):
            yield item


def _finding(pieces: list[str], path: str, line: int) -> Iterator[Finding]:
    if wrong := fault(*pieces):
        first = pieces[0].strip().split("\n")[0]
        whose = "the cell's HTML" if line else "this HTML"
        yield Finding("subset", f"{whose} has {wrong}; what follows on the page would be other "
                      "than in print", path, first, line)
