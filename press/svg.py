"""Drawings of cells that become part of the page: their words can be found, selected and follow the
page's colours, and what they link to can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.parsers import expat

PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.S)
ROOT = re.compile(r"<svg\b([^>]*)>", re.S)
LENGTH = re.compile(r'\s(?:width|height)="[^"]*"')
ID = re.compile(r'(\bid=")([^"]+)"')
REFERENCE = re.compile(r'(url\(#)([^)]+)\)|(href="#)([^"]+)"')
NOT_INLINE = re.compile(r"<!ENTITY|<!\[CDATA|<script\b|<style\b|<foreignObject\b|\son\w+=", re.I)
"""What would act on the whole page, or not survive in it."""


FOREIGN = re.compile(r"<foreignObject\b")
LINKED = re.compile(r"<image\b[^>]*?\b(?:xlink:)?href=\"(?!data:|#)([^\"]+)\"")


NAMESPACE = "http://www.w3.org/2000/svg"


def _unreadable(content: bytes) -> str:
    """Why a browser or Typst cannot read a drawing at all; "" where both can."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is not UTF-8; save it as UTF-8"
    roots: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: roots.append(name) if not roots else None
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return f"is no well-formed XML ({error}); export it anew"
    if roots[0] != f"{NAMESPACE} svg":
        return f'is no drawing for a browser; begin it with `<svg xmlns="{NAMESPACE}"`'
    return ""


def faults(content: bytes) -> Iterator[str]:
    """What is wrong with a drawing, or is in it that one of the documents would not show, in words
    that follow its name."""
    if fault := _unreadable(content):
        yield fault
        return
    text = content.decode("utf-8")
    if FOREIGN.search(text):
        yield ("holds words in <foreignObject>, which print does not show; export it with words as "
               "text (for Mermaid: `htmlLabels: false`), or as PNG")
    for name in dict.fromkeys(LINKED.findall(text)):
        yield (f"holds the picture {name[:60]} from another file, which the page cannot load; "
               "embed it")


def inlined(content: bytes, name: str, alternative: str, style: str) -> str | None:
    """The drawing as an element of the page; None where it has no words or holds what has to stay
    in a file of its own.

    ``name`` begins its ids, so that they are the page's only ones; ``alternative`` is told to those
    who do not see it, and a ``<desc>`` of the drawing with it.
    """
    text = content.decode("utf-8", "replace")
    if "<text" not in text or NOT_INLINE.search(text):
        return None
    svg = PROLOGUE.sub("", text).strip()
    root = ROOT.match(svg)
    if root is None or "viewBox=" not in root[1]:
        return None
    own = set(ID.findall(svg))
    ids = {found for _, found in own}

    def referring(match: re.Match[str]) -> str:
        opening, target = (match[1], match[2]) if match[1] else (match[3], match[4])
        end = ")" if match[1] else '"'
        return f"{opening}{name}--{target}{end}" if target in ids else match[0]

    inside = REFERENCE.sub(referring, svg[root.end():])
    inside = ID.sub(rf'\1{name}--\2"', inside)
    described = ""
    if inside.startswith("<desc>"):
        inside = f'<desc id="{name}--desc">{inside.removeprefix("<desc>")}'
        described = f' aria-describedby="{name}--desc"'
    attributes = LENGTH.sub("", root[1])
    return (f'<svg{attributes} class="drawing" role="graphics-document" '
            f'aria-label="{escape(alternative)}"{described}{style}>{inside}')
