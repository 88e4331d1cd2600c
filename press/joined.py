"""The chapters of one format put together: numbers, references and links over the whole book.

A fragment's facts (see ``filters/number.lua``) say what it has to give and where it waits for
something. Of the formats this module knows how text is escaped, and that of HTML which ids Pandoc
gives to footnotes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_uppercase
from typing import Any

from .config import Chapter
from .fragments import Fragment
from .pandoc import Finding
from .problems import Problem, RenderError

HOLE = re.compile(r"pressXhole(\d+)X")
NUMBER = "pressXnumberX"
REFERENCES = "pressXreferencesX"
LEFT = re.compile(r"pressX[a-z]+\d*X")
LINK = re.compile(r"</?a\b[^>]*>")
NOTES = re.compile(r'(id="|href="#)(fn\d+|fnref\d+|footnotes)"')
ESCAPED = {"html": html.escape, "typst": lambda text: re.sub(r'([\\"])', r"\\\1", text)}


@dataclass
class Place:
    """A chapter in the book: its number ("3", "A", "" without one), where a link to it goes, and
    the ids of headings that had to give way to those of chapters before."""

    chapter: Chapter
    fragment: Fragment
    number: str = ""
    anchor: str = ""
    renamed: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        return self.renamed.get(name, name)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB …"""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


class Joiner:
    """What the chapters of one format (``html`` or ``typst``) tell each other.

    ``files``: paths from the project's root that links may lead to. ``listed``: the book has
    references, in a chapter's place for them or under a heading of their own. ``findings``: what
    leads nowhere or is there twice, complete when the holes are filled.
    """

    def __init__(self, fmt: str, fragments: dict[Chapter, Fragment], files: set[str],
                 listed: bool):
        self.fmt, self.files, self.listed = fmt, files, listed
        self.places = [Place(chapter, fragment) for chapter, fragment in fragments.items()]
        self.by_path = {place.chapter.path: place for place in self.places}
        self.findings: list[Finding] = []
        self.ids: set[str] = set()
        self.labels: dict[str, tuple[str, str]] = {}
        self.boxes: dict[str, int] = {}
        self._number()
        self._claim()

    def _number(self) -> None:
        numbers = {False: count(1), True: _letters()}
        for place in self.places:
            facts = place.fragment.facts
            if facts["numbered"]:
                place.number = str(next(numbers[place.chapter.appendix]))
            for label, (name, number) in dict(facts["labels"] or {}).items():
                self.labels[label] = (name, number.replace(NUMBER, place.number))

    def _claim(self) -> None:
        if self.references_placed:
            self.ids.add("refs")
        elif self.listed:
            self.ids |= {"refs", "references"}
        if sum(place.fragment.facts["references"] for place in self.places) > 1:
            self.findings.append(Finding("duplicate", "refs"))
        for place in self.places:
            facts = place.fragment.facts
            self.ids.update(facts["others"])
            for index, claim in enumerate(facts["claims"], 1):
                name = claim["id"]
                if name in self.ids and "hole" in claim:
                    n = 1
                    while f"{name}-{n}" in self.ids:
                        n += 1
                    place.renamed[name] = f"{name}-{n}"
                    name = f"{name}-{n}"
                elif name in self.ids:
                    self.findings.append(Finding("duplicate", name, place.chapter.path))
                if index == facts.get("anchor"):
                    place.anchor = name
                self.ids.add(name)
            self.findings += [Finding("resource", file["path"], file["target"])
                              for file in facts["files"] if file["path"] not in self.files]

    @property
    def references_placed(self) -> bool:
        """Whether a chapter says where the list of references goes."""
        return any(place.fragment.facts["references"] for place in self.places)

    def citations(self) -> list[str]:
        """Each citation of the book as a Pandoc document (JSON), in reading order."""
        return [hole["tree"] for place in self.places for hole in place.fragment.facts["holes"]
                if hole["kind"] == "cite"]

    def fill(self, citations: list[str], references: str) -> tuple[str, str]:
        """The chapters' text and contents. ``citations``: as written, in the order of
        ``citations()``; ``references``: the list, for a chapter that has a place for it."""
        cited = iter(citations)
        body, contents = [], []
        for place in self.places:
            holes: list[str] = []
            for hole in place.fragment.facts["holes"]:
                # A citation may hold a link, whose hole came before it.
                holes.append(_fill(self._filled(place, hole, cited), holes))
            text = place.fragment.body
            if self.fmt == "html":
                # Pandoc counts a chapter's footnotes from 1.
                text = NOTES.sub(rf'\1\2-{place.chapter.name}"', text)
            text = _fill(text.replace(NUMBER, place.number), holes)
            if left := LEFT.search(text.replace(REFERENCES, "")):
                raise RenderError(Problem(place.chapter.path, 0, f"{left[0]} was not filled; this "
                                          "is a fault of the renderer"))
            body.append(text.replace(REFERENCES, references))
            # An entry of the contents is a link; there is none inside it.
            entry = [LINK.sub("", hole) for hole in holes]
            contents.append(_fill(place.fragment.contents.replace(NUMBER, place.number), entry))
        return "\n".join(body), "\n".join(contents)

    def _filled(self, place: Place, hole: dict[str, Any], cited: Iterator[str]) -> str:
        kind = hole["kind"]
        if kind == "cite":
            return next(cited)
        if kind == "id":
            return place.id(hole["id"])
        if kind == "link":
            return self._destination(place, hole)
        if kind == "ref":
            return ESCAPED[self.fmt](self._reference(hole))
        name = hole["name"]
        self.boxes[name] = self.boxes.get(name, 0) + 1
        return ESCAPED[self.fmt](name if self.boxes[name] == 1 else f"{name} ({self.boxes[name]})")

    def _reference(self, hole: dict[str, Any]) -> str:
        if hole["id"] not in self.labels:
            self.findings.append(Finding("unresolved", f"@{hole['id']}"))
            return "?"
        name, number = self.labels[hole["id"]]
        if hole["bare"]:
            return number
        return f"{name}\u00a0{number}" if number else name

    def _destination(self, place: Place, hole: dict[str, Any]) -> str:
        there = self.by_path.get(hole["path"])
        name = there and (there.id(hole["id"]) if hole["id"] else there.anchor)
        if name not in self.ids:
            self.findings.append(Finding("unresolved", hole["target"]))
        return ESCAPED[self.fmt](name or "")


def _fill(text: str, holes: list[str]) -> str:
    return HOLE.sub(lambda m: holes[int(m[1]) - 1], text)
