"""Tags inside a text (``<sup>2</sup>``, ``<br>``, ``<img …>``) as Pandoc's own elements.

As raw HTML they would be lost in print, and the 2 of m<sup>2</sup> would stand on the line.
"""

from __future__ import annotations

import re
from typing import Any

from . import formulas, pandoc
from .markup import attributes
from .qmd import PLACE, fence_after

TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^<>]*?)?)\s*/?>", re.S)
WRAPPERS = {"sup": "Superscript", "sub": "Subscript", "b": "Strong", "strong": "Strong",
            "i": "Emph", "em": "Emph", "cite": "Emph", "var": "Emph", "dfn": "Emph",
            "u": "Underline", "ins": "Underline", "s": "Strikeout", "del": "Strikeout",
            "strike": "Strikeout"}
CODE = {"code", "kbd", "samp", "tt"}
SPANS = {"small", "mark", "abbr", "time", "span"}
KNOWN = {*WRAPPERS, *CODE, *SPANS, "q", "a", "img", "br", "wbr", "div"}
"""The tags that may stand in a text."""


WANTED = "<!--pressXrawX-->"
"""Begins the HTML of a ```` ```{=html} ```` block in the Markdown that Pandoc reads: what has it is
meant as HTML. What has not is a tag that Pandoc's reader found in the text."""
COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.S)
ASKED = re.compile(r"[`~]{3,}\s*\{=html\}\s*$")
"""The beginning of such a block."""


def marked(markdown: str) -> str:
    """The Markdown with each block of raw HTML marked as one."""
    lines, fence = [], ""
    for line in markdown.split("\n"):
        lines.append(line)
        before, fence = fence, fence_after(fence, line, PLACE)
        if fence and not before and ASKED.search(line):
            place = PLACE.match(line)
            lines.append(re.sub(r"[^ \t>]", " ", place[0] if place else "") + WANTED)
    return "\n".join(lines)


def _attr(given: dict[str, str], *without: str) -> list[Any]:
    pairs = [[name, value] for name, value in given.items()
             if name not in ("id", "class", *without)]
    return [given.get("id", ""), given.get("class", "").split(), pairs]


def _single(name: str, given: dict[str, str]) -> dict[str, Any] | None:
    if name == "br":
        return {"t": "LineBreak"}
    if name == "wbr":
        return {"t": "Str", "c": "\u200b"}
    if name == "img":
        alt = [{"t": "Str", "c": given["alt"]}] if given.get("alt") else []
        return {"t": "Image", "c": [_attr(given, "src", "alt"), alt, [given.get("src", ""), ""]]}
    return None


def _element(name: str, given: dict[str, str], inside: list[Any]) -> dict[str, Any] | None:
    """A tag with its content; None where nothing but words may be in it and something else is, and
    where it would set off nothing."""
    if name == "a" and "href" in given:
        return {"t": "Link", "c": [_attr(given, "href"), inside, [given["href"], ""]]}
    if name == "small":
        given = given | {"style": f"font-size: smaller; {given.get('style', '')}".strip("; ")}
    if name == "mark":
        given = given | {"class": f"{given.get('class', '')} mark".strip()}
    if name in CODE:
        words = [" " if item["t"] in ("Space", "SoftBreak") else item.get("c") for item in inside]
        if {item["t"] for item in inside} - {"Str", "Space", "SoftBreak"}:
            return None
        return {"t": "Code", "c": [_attr(given), "".join(words)]}
    if kind := WRAPPERS.get(name):
        if not inside:
            return None  # an icon of a style sheet, which print has not
        element = {"t": kind, "c": inside}
    elif name == "q":
        element = {"t": "Quoted", "c": [{"t": "DoubleQuote"}, inside]}
    else:
        return {"t": "Span", "c": [_attr(given), inside]}
    return {"t": "Span", "c": [_attr(given), [element]]} if given else element


def _is_inlines(items: list[Any]) -> bool:
    return any(isinstance(item, dict) and item.get("t") == "RawInline" and item["c"][0] == "html"
               for item in items)


def _converted(items: list[Any]) -> list[Any]:
    """Inlines with the tags among them replaced; a tag without its partner stays as it is."""
    levels: list[tuple[str, dict[str, str], Any, list[Any]]] = [("", {}, None, [])]
    for item in items:
        raw = item["c"] if isinstance(item, dict) and item.get("t") == "RawInline" else None
        tag = TAG.fullmatch(raw[1].strip()) if raw and raw[0] == "html" else None
        name = tag[2].lower() if tag else ""
        if not tag or name not in KNOWN:
            levels[-1][3].append(item)
        elif single := _single(name, attributes(tag[0])):
            levels[-1][3].append(single)
        elif not tag[1]:
            levels.append((name, attributes(tag[0]), item, []))
        elif name == levels[-1][0]:
            _, given, opening, inside = levels.pop()
            element = _element(name, given, inside)
            levels[-1][3].extend([element] if element else [opening, *inside, item])
        else:
            levels[-1][3].append(item)
    while len(levels) > 1:
        _, _, item, inside = levels.pop()
        levels[-1][3].extend([item, *inside])
    return levels[0][3]


def native(node: Any) -> Any:
    """A part of a Pandoc tree (JSON) with the tags in its texts as elements, blocks of HTML
    that are none that a source asks for as ``RawBlock`` of the format ``tag``, and formulas as both
    documents show them."""
    if isinstance(node, list):
        items = [native(item) if isinstance(item, (dict, list)) and not pandoc.is_leaf(item)
                 else item for item in node]
        return _converted(items) if _is_inlines(items) else items
    if node.get("t") in ("RawBlock", "CodeBlock"):
        first, text = node["c"]
        bare = text.replace(f"{WANTED}\n", "", 1).replace(WANTED, "", 1)
        if first == "html" and not text.startswith(WANTED) and not COMMENT.fullmatch(text):
            first = "tag"
        return node | {"c": [first, bare]}
    if node.get("t") == "Math":
        kind, tex = node["c"]
        return node | {"c": [kind, formulas.written(tex)]}
    return {key: native(value) if isinstance(value, (dict, list)) else value
            for key, value in node.items()}
