"""Read HTML as a browser does, as far as the page asks for it: tags, their attributes, and the
elements whose inside is no markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=\"'<][^\s/>=]*)"
                       r"(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>][^\s>]*))?")
TAG = r"<[a-zA-Z](?:[^\"'>]|\"[^\"]*\"|'[^']*')*>"
TOKEN = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|$))"
    rf"|(?P<opening><(?P<name>script|style|textarea|title)\b(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>)"
    rf"(?P<inside>.*?)</(?P=name)\s*>|(?P<tag>{TAG})", re.S | re.I)
"""A comment, an element whose inside is no markup with what is in it, or the beginning of any other
element."""
NAME = re.compile(r"<([^\s/>]+)")
SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript", "text/ecmascript",
                "application/ecmascript", "importmap", "speculationrules"}
"""What a browser runs or obeys; a script of any other type is data."""


@dataclass(frozen=True)
class Tag:
    """The beginning of an element: its name in small letters, its attributes by name in small
    letters, and where it stands. ``inside`` is the text of one whose inside is no markup."""

    name: str
    attributes: dict[str, str]
    start: int
    inside: str | None = None

    @property
    def runs(self) -> bool:
        """Whether this is a script that a browser runs, and not one that holds data."""
        return (self.name == "script"
                and self.attributes.get("type", "").strip().lower() in SCRIPT_TYPES)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag as written; the first counts where one is given twice."""
    found: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(NAME.sub("", tag.removesuffix(">"), count=1)):
        found.setdefault(name.lower(), unescape(
            value[1:-1] if value[:1] in ("'", '"') else value))
    return found


def beginning(value: str, other: str) -> str:
    """How a value begins in a source, where signs and white space may be written as entities;
    ``other`` where it begins with one of these."""
    return re.split("[;<>&\"'\\s]", value)[0][:40] or other


def tags(html: str) -> Iterator[Tag]:
    """Every element that begins in the text, apart from what is text there: in comments, scripts,
    style sheets, boxes for text and titles."""
    for match in TOKEN.finditer(html):
        opening = match["opening"] or match["tag"]
        if opening is None:
            continue
        name = NAME.match(opening)
        if name:
            yield Tag(name[1].lower(), attributes(opening), match.start(), match["inside"])
