"""Chapters as pieces of HTML or Typst, each written as soon as its cells have run.

Pandoc takes gigabytes for a whole book of long lines and tables, and little for a chapter; and
when one chapter changes, only that one is written again. Where the rest of the book has a say
(numbers, references, citations) a piece has holes, which ``joined`` fills.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import pandoc, visibility
from .cache import FOLDER, KEPT, digest
from .config import FORMATS, Book, Chapter

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
    """A chapter in the asked-for formats (by Quarto's names), and what Pandoc found wrong."""

    fragments: dict[str, Fragment] = field(default_factory=dict)
    findings: list[pandoc.Finding] = field(default_factory=list)


@lru_cache
def tools() -> str:
    """A digest of what turns Markdown into fragments."""
    own = [path.read_bytes() for path in (Path(__file__), Path(visibility.__file__),
                                          Path(pandoc.__file__))]
    used = [path.read_bytes() for folder in ("filters", "assets")
            for path in sorted((pandoc.HERE / folder).iterdir())]
    return digest(READER, str(Path(pandoc.binary()).stat().st_size), *own, *used)


def entries(contents: str) -> str:
    """The entries of a list of contents as Pandoc writes it."""
    return contents.strip().removeprefix("<ul>").removesuffix("</ul>")


class Writer:
    """Writes composed chapters in the asked-for formats."""

    def __init__(self, book: Book, formats: Iterable[str]):
        self.book, self.formats = book, [FORMATS[fmt] for fmt in formats]
        self.folder = book.root / FOLDER / "fragments"
        self.folder.mkdir(parents=True, exist_ok=True)

    def _path(self, chapter: Chapter, markdown: str, fmt: str) -> Path:
        depth = str(self.book.option(fmt, "toc-depth", 2))
        key = digest(tools(), chapter.path, str(chapter.appendix), self.book.lang, depth, markdown)
        return self.folder / f"{chapter.slug}.{key[:24]}.{fmt}.json"

    def write(self, chapter: Chapter, markdown: str) -> Written:
        """The chapter's fragments, from the store or from Pandoc."""
        paths = {fmt: self._path(chapter, markdown, fmt) for fmt in self.formats}
        written = Written()
        for fmt, path in paths.items():
            if path.is_file():
                os.utime(path)
                written.fragments[fmt] = Fragment(**json.loads(path.read_text("utf-8")))
        missing = [fmt for fmt in self.formats if fmt not in written.fragments]
        if not missing:
            return written
        text, findings = pandoc.run([f"--from={READER}", "--to=json"], self.folder, markdown)
        if findings:
            written.findings = [pandoc.Finding(f.kind, f.what, chapter.path) for f in findings]
            return written
        tree = json.loads(text)
        for fmt in missing:
            fragment, findings = self._fragment(chapter, tree, fmt)
            written.findings += findings
            if not findings:
                written.fragments[fmt] = fragment
                part = paths[fmt].with_suffix(f".{os.getpid()}")
                part.write_text(json.dumps(asdict(fragment)), "utf-8")
                part.replace(paths[fmt])
                self._forget(chapter, fmt)
        return written

    def _fragment(self, chapter: Chapter, tree: dict[str, Any], fmt: str,
                  ) -> tuple[Fragment, list[pandoc.Finding]]:
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
            f"--metadata=press-path:{chapter.path}", f"--metadata=press-slug:{chapter.slug}",
            f"--metadata=press-appendix:{str(chapter.appendix).lower()}",
        ], self.folder, json.dumps(shown))
        if findings:
            return Fragment("", "", {}), findings
        contents, facts, body = text.split(CUT, 2)
        return Fragment(body, entries(contents), json.loads(facts)), []

    def _forget(self, chapter: Chapter, fmt: str) -> None:
        held = sorted(self.folder.glob(f"{chapter.slug}.*.{fmt}.json"),
                      key=lambda p: p.stat().st_mtime)
        for old in held[:-KEPT]:
            old.unlink(missing_ok=True)
