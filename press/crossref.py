"""Put the chapters of one format together: numbers, cross-references and links over the whole book.

The facts about a chapter (see ``filters/crossref.lua``) say what others may refer to and which
placeholders its text holds. This module replaces them. Of the formats it knows how text is escaped,
and of HTML also which ids Pandoc gives to footnotes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_uppercase
from typing import Any

from .config import Chapter
from .convert import Fragment
from .errors import Problem, RenderError
from .pandoc import Finding

PLACEHOLDER = re.compile(r"pressXplaceholder(\d+)X")
NUMBER = "pressXnumberX"
REFERENCES = "pressXreferencesX"
UNREPLACED = re.compile(r"pressX[a-z]+\d*X")
LINK = re.compile(r"</?a\b[^>]*>")
NOTES = re.compile(r'(id="|href="#)(fn\d+|fnref\d+|footnotes)"')
ESCAPED: dict[str, Callable[[str], str]] = {
    "html": html.escape,
    "typst": lambda text: re.sub(r'([\\"])', r"\\\1", text),
    "manuscript": lambda text: json.dumps(text, ensure_ascii=False)[1:-1]}


@dataclass
class PlacedChapter:
    """A chapter at its place in the book.

    ``number`` is "3", "A", or "" without one; ``anchor`` the id that a link to the chapter leads
    to; ``renamed`` the new ids of headings whose ids an earlier chapter has taken.
    """

    chapter: Chapter
    fragment: Fragment
    number: str = ""
    anchor: str = ""
    renamed: dict[str, str] = field(default_factory=dict)

    def final_id(self, name: str) -> str:
        """The id in the book of what has the id ``name`` in its chapter."""
        return self.renamed.get(name, name)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB …"""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


class CrossReferences:
    """What the chapters of one format (``html``, ``typst`` or ``manuscript``) refer to in each
    other.

    ``files``: paths from the project's root that links may lead to. ``has_bibliography``
    and ``listed``: the book has one, and lists entries of it that are cited nowhere.
    ``findings``: what leads nowhere or is given twice; complete once ``resolve`` was called.
    """

    def __init__(self, fmt: str, fragments: dict[Chapter, Fragment], files: set[str],
                 has_bibliography: bool, listed: bool = False):
        self.fmt, self.files = fmt, files
        self.chapters = [PlacedChapter(chapter, fragment)
                         for chapter, fragment in fragments.items()]
        self.by_path = {placed.chapter.path: placed for placed in self.chapters}
        self.findings: list[Finding] = []
        self.ids: set[str] = set()
        self.labels: dict[str, tuple[str, str]] = {}
        self.boxes: dict[str, int] = {}
        self.has_references = has_bibliography and (listed or bool(self.citations()))
        self._number_chapters()
        self._collect_ids()

    def _number_chapters(self) -> None:
        """Number the chapters, and complete the numbers of what is in them."""
        numbers = {False: map(str, count(1)), True: _letters()}
        for placed in self.chapters:
            facts = placed.fragment.facts
            if facts["numbered"]:
                placed.number = next(numbers[placed.chapter.appendix])
            for label, (name, number) in dict(facts["labels"] or {}).items():
                self.labels[label] = (name, number.replace(NUMBER, placed.number))

    def _collect_ids(self) -> None:
        """Collect the ids of the book, each once, and check the links to files."""
        if self.references_placed:
            self.ids.add("refs")
        elif self.has_references:
            self.ids |= {"refs", "references"}
        if sum(placed.fragment.facts["reference_lists"] for placed in self.chapters) > 1:
            self.findings.append(Finding("duplicate", "refs"))
        for placed in self.chapters:
            facts = placed.fragment.facts
            for name in facts["raw_ids"]:
                if name in self.ids:
                    self.findings.append(Finding("duplicate", name, placed.chapter.path))
                self.ids.add(name)
            for index, entry in enumerate(facts["ids"], 1):
                name = entry["id"]
                if name in self.ids and "placeholder" in entry:
                    n = 1
                    while f"{name}-{n}" in self.ids:
                        n += 1
                    placed.renamed[name] = f"{name}-{n}"
                    name = f"{name}-{n}"
                elif name in self.ids:
                    self.findings.append(Finding("duplicate", name, placed.chapter.path))
                if index == facts.get("anchor"):
                    placed.anchor = name
                self.ids.add(name)
            self.findings += [Finding("resource", file["path"], file["target"])
                              for file in facts["files"] if file["path"] not in self.files]

    @property
    def references_placed(self) -> bool:
        """Whether a chapter says where the list of references goes."""
        return any(placed.fragment.facts["reference_lists"] for placed in self.chapters)

    def citations(self) -> list[str]:
        """Each citation of the book as a Pandoc document (JSON), in reading order."""
        return [entry["tree"] for placed in self.chapters
                for entry in placed.fragment.facts["placeholders"] if entry["kind"] == "cite"]

    def resolve(self, citations: list[str], references: str, without: Collection[str] = (),
                ) -> tuple[dict[str, str], str]:
        """The text of each chapter by its path, but for those ``without``, and the contents of all,
        without placeholders.

        ``citations``: as they are written in this format, in the order of ``citations()``;
        ``references``: the list, for a chapter that has a place for it.
        """
        written_citations = iter(citations)
        bodies, contents = {}, []
        for placed in self.chapters:
            if placed.chapter.path in without:
                continue
            values: list[str] = []
            for entry in placed.fragment.facts["placeholders"]:
                # A citation may hold a link, whose placeholder came before it.
                values.append(_replace(self._value(placed, entry, written_citations), values))
            text = placed.fragment.body
            if self.fmt == "html":
                # Pandoc counts the footnotes of every chapter from 1.
                text = NOTES.sub(rf'\1\2-{placed.chapter.name}"', text)
            text = _replace(text.replace(NUMBER, placed.number), values)
            if left := UNREPLACED.search(text.replace(REFERENCES, "")):
                raise RenderError(Problem(placed.chapter.path, 0, f"{left[0]} was not replaced; "
                                          "this is a fault of the renderer"))
            # By this comment an error of Typst is found to belong to the chapter.
            mark = f"\n// chapter {placed.chapter.path}\n\n" if self.fmt == "typst" else ""
            bodies[placed.chapter.path] = mark + text.replace(REFERENCES, references)
            # An entry of the contents is a link, and a link cannot hold another.
            plain = [LINK.sub("", value) for value in values]
            contents.append(_replace(placed.fragment.contents.replace(NUMBER, placed.number),
                                     plain))
        return bodies, "\n".join(contents)

    def _value(self, placed: PlacedChapter, entry: dict[str, Any], citations: Iterator[str]) -> str:
        """What stands in the place of one placeholder."""
        kind = entry["kind"]
        if kind == "cite":
            return next(citations)
        if kind == "id":
            return placed.final_id(entry["id"])
        if kind == "link":
            return self._destination(placed, entry)
        if kind == "ref":
            return ESCAPED[self.fmt](self._reference(entry))
        # The name of a box around a table: a screen reader lists them, so no two are the same.
        name = entry["name"]
        self.boxes[name] = self.boxes.get(name, 0) + 1
        return ESCAPED[self.fmt](name if self.boxes[name] == 1 else f"{name} ({self.boxes[name]})")

    def _reference(self, entry: dict[str, Any]) -> str:
        """The words of a cross-reference: ``Figure 3.1``, or the number alone."""
        if entry["id"] not in self.labels:
            self.findings.append(Finding("unresolved", f"@{entry['id']}"))
            return "?"
        name, number = self.labels[entry["id"]]
        if entry["bare"]:
            if not number:
                self.findings.append(Finding("numberless", f"@{entry['id']}"))
            return number
        return f"{name}\u00a0{number}" if number else name

    def _destination(self, placed: PlacedChapter, entry: dict[str, Any]) -> str:
        """The id that a link leads to."""
        target = self.by_path.get(entry["path"])
        name = target and (target.final_id(entry["id"]) if entry["id"] else target.anchor)
        if name not in self.ids:
            self.findings.append(Finding("unresolved", entry["target"]))
        return ESCAPED[self.fmt](name or "")


def _replace(text: str, values: list[str]) -> str:
    return PLACEHOLDER.sub(lambda match: values[int(match[1]) - 1], text)
