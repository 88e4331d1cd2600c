"""Drawings of cells that become part of the page: their words can be found, selected and follow the
page's colours, and what they link to can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.S)
ROOT = re.compile(r"<svg\b([^>]*)>", re.S)
LENGTH = re.compile(r'\s(?:width|height)="[^"]*"')
ID = re.compile(r'(\bid=")([^"]+)"')
REFERENCE = re.compile(r'(url\(#)([^)]+)\)|(href="#)([^"]+)"')
NOT_INLINE = re.compile(r"<!ENTITY|<!\[CDATA|<script\b|<style\b|<foreignObject\b|\son\w+=", re.I)
"""What would act on the whole page, or not survive in it."""


FOREIGN = re.compile(r"<foreignObject\b")
LINKED = re.compile(r"<image\b[^>]*?\b(?:xlink:)?href=\"(?!data:|#)([^\"]+)\"")


def faults(content: bytes) -> Iterator[str]:
    """What a drawing holds that one of the documents would not show, in words."""
    text = content.decode("utf-8", "replace")
    if FOREIGN.search(text):
        yield ("words in <foreignObject>, which print does not show; export it with words as text "
               "(for Mermaid: `htmlLabels: false`), or as PNG")
    for name in dict.fromkeys(LINKED.findall(text)):
        yield f"the picture {name[:60]} from another file, which the page cannot load; embed it"


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
