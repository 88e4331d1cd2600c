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


LEAVES = frozenset({"Str", "Space", "SoftBreak", "LineBreak", "Code", "CodeBlock", "Math",
                    "RawBlock", "RawInline"})
CONDITIONS = {"content-visible", "content-hidden"}


def check(tree: Any, path: str) -> list[Finding]:
    """What is left open or closed too often by the raw HTML in each run of blocks or words; what
    one piece opens, a later one beside it may close, but not across a heading."""
    findings: list[Finding] = []
    _collect(tree, path, 0, findings)
    return findings


def _collect(node: Any, path: str, line: int, findings: list[Finding]) -> None:
    """Look through a part of a tree; ``line`` is that of the cell that gave it, 0 in text."""
    if isinstance(node, dict):
        kind, content = node.get("t"), node.get("c")
        if kind in LEAVES or not content:
            return
        if kind == "Div" and "cell-html" in content[0][1]:
            line = int(dict(content[0][2]).get("line", 0))
        if isinstance(content, (dict, list)):
            _collect(content, path, line, findings)
        return
    pieces: list[str] = []
    for item in _beside(node):
        if isinstance(item, str):
            pieces.append(item)
            continue
        if isinstance(item, dict) and item.get("t") == "Header":
            findings += _finding(pieces, path, line)
            pieces = []
        _collect(item, path, line, findings)
    if pieces:
        findings += _finding(pieces, path, line)


def _beside(items: list[Any]) -> Iterator[Any]:
    """Blocks or words beside each other, raw HTML as its text. A condition is no box."""
    for item in items:
        if isinstance(item, dict):
            kind = item.get("t")
            if kind in ("RawBlock", "RawInline"):
                if item["c"][0] == "html" and not COMMENT.fullmatch(item["c"][1]):
                    yield item["c"][1]
            elif kind in ("Div", "Span") and CONDITIONS & set(item["c"][0][1]):
                yield from _beside(item["c"][1])
            elif kind not in LEAVES:
                yield item
        elif isinstance(item, list):
            yield item


def _finding(pieces: list[str], path: str, line: int) -> Iterator[Finding]:
    if wrong := fault(*pieces):
        first = pieces[0].strip().split("\n")[0]
        whose = "the cell's HTML" if line else "this HTML"
        yield Finding("subset", f"{whose} has {wrong}; what follows on the page would be other "
                      "than in print", path, first, line)
