"""What keeps an image out of one of the documents, by what is in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from . import svg

KINDS = {"PNG": (b"\x89PNG\r\n\x1a\n", b"IEND"), "JPEG": (b"\xff\xd8\xff", b"\xff\xd9"),
         "GIF": (b"GIF8", b"\x3b"), "WebP": (b"RIFF", b"")}
"""How a file of each kind begins, and what it has once it is whole."""
SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WebP",
            ".svg": "SVG"}
FRAME = re.compile(rb"\xff[\xc0-\xc2]..\x08.{4}(.)", re.S)
"""The part of a JPEG that says how many colours it is made of."""


def _kind(content: bytes) -> str:
    """The kind of an image by its content; "" where documents cannot show it."""
    for kind, (beginning, _) in KINDS.items():
        if content.startswith(beginning):
            return kind
    return "SVG" if b"<svg" in content else ""


def faults(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with the image in the file ``name``, in words that follow its name."""
    kind = _kind(content)
    if not content.strip():
        yield "is empty; store the image again"
    elif not kind:
        yield ("is no PNG, JPEG, GIF, WebP or SVG, which are what both documents show; convert it "
               "to one of them")
    elif SUFFIXES.get(PurePath(name).suffix.lower()) != kind:
        named = next(suffix for suffix, one in SUFFIXES.items() if one == kind)
        yield f"is a {kind} by its content; name it `{PurePath(name).stem}{named}`"
    elif kind == "SVG":
        yield from svg.faults(content)
    elif KINDS[kind][1] not in content:
        yield "is cut off; store the image again"
    elif kind == "JPEG" and (frame := FRAME.search(content)) and frame[1] == b"\x04":
        yield "has the colours of print (CMYK), which the PDF has no profile for; save it as RGB"
