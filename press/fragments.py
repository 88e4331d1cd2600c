"""Chapters as pieces of HTML or Typst, each written as soon as its cells have run.

Pandoc takes gigabytes for a whole book of long lines and tables, and little for a chapter; and
when one chapter changes, only that one is written again. Where the rest of the book has a say
(numbers, references, citations) a piece has holes, which ``joined`` fills.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import pandoc, visibility
from .cache import FOLDER, digest, keep, kept
from .config import Book, Chapter

READER = "markdown"
CUT = "pressXcutX\n"
WRITERS = {"html": "html5", "typst": "typst"}


@dataclass
class Fragment:
    """A chapter in one format: its text, its part of the contents (HTML), and what
    ``filters/number.lua`` writes down about it."""

    body: str
    contents: str
    facts: dict[str, Any]


@dataclass
class Written:
    """A chapter's fragment, what Pandoc found wrong with it, and how long it took."""

    fragment: Fragment
    findings: list[pandoc.Finding] = field(default_factory=list)
    seconds: float = 0.0


@lru_cache
def tools() -> str:
    """A digest of what turns Markdown into fragments."""
    own = [(pandoc.HERE / f"{name}.py").read_bytes()
           for name in ("fragments", "frame", "pandoc", "visibility")]
    used = [path.read_bytes() for folder in ("filters", "assets")
            for path in sorted((pandoc.HERE / folder).iterdir())]
    return digest(READER, str(Path(pandoc.binary()).stat().st_size), *own, *used)


def entries(contents: str) -> str:
    """The entries of a list of contents as Pandoc writes it."""
    return contents.strip().removeprefix("<ul>").removesuffix("</ul>")


class Writer:
    """Writes composed chapters, one format at a time, and keeps what it wrote.

    Formats have Quarto's names (``html``, ``typst``).
    """

    def __init__(self, book: Book):
        self.book = book
        self.folder = book.root / FOLDER / "fragments"
        self.folder.mkdir(parents=True, exist_ok=True)

    def _path(self, chapter: Chapter, markdown: str, fmt: str) -> Path:
        depth = str(self.book.option(fmt, "toc-depth", 2))
        key = digest(tools(), chapter.path, str(chapter.appendix), self.book.lang, depth, markdown)
        return self.folder / f"{chapter.slug}.{key[:24]}.{fmt}.json"

    def held(self, chapter: Chapter, markdown: str, fmt: str) -> Written | None:
        """What an earlier render made of the same text."""
        held = kept(self._path(chapter, markdown, fmt))
        return Written(Fragment(**held)) if held else None

    def read(self, chapter: Chapter, markdown: str) -> tuple[dict[str, Any], list[pandoc.Finding]]:
        """The chapter as Pandoc's tree, and what Pandoc found wrong."""
        text, findings = pandoc.run([f"--from={READER}", "--to=json"], self.folder, markdown)
        if findings:
            return {}, [pandoc.Finding(f.kind, f.what, chapter.path) for f in findings]
        return json.loads(text), []

    def write(self, chapter: Chapter, markdown: str, tree: dict[str, Any], fmt: str) -> Written:
        """The fragment of a chapter that ``read`` gave as a tree."""
        begun = time.perf_counter()
        shown = tree | {"blocks": visibility.shown(tree["blocks"], fmt)}
        arguments = pandoc.command(self.book, WRITERS[fmt])
        if fmt == "html":
            depth = self.book.option("html", "toc-depth", 2)
            arguments += ["--toc", f"--toc-depth={depth}"]
        text, findings = pandoc.run([
            *arguments,
            f"--lua-filter={pandoc.HERE / 'filters' / 'number.lua'}",
            f"--lua-filter={pandoc.HERE / 'filters' / 'shape.lua'}",
            "--standalone", f"--template={pandoc.ASSETS / 'fragment.template'}",
            f"--metadata=press-path:{chapter.path}", f"--metadata=press-slug:{chapter.name}",
            f"--metadata=press-appendix:{str(chapter.appendix).lower()}",
        ], self.folder, json.dumps(shown))
        if findings:
            return Written(Fragment("", "", {}), findings)
        contents, facts, body = text.split(CUT, 2)
        fragment = Fragment(body, entries(contents), json.loads(facts))
        keep(self._path(chapter, markdown, fmt), asdict(fragment), f"{chapter.slug}.*.{fmt}.json")
        return Written(fragment, [], time.perf_counter() - begun)
