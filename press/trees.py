"""Chapters as Pandoc trees, read one by one.

Pandoc takes gigabytes for a whole book of long lines and tables, and little for a chapter. It is
read once for both documents, and its trees are kept until its text or its outputs change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from . import pandoc, visibility
from .cache import FOLDER, KEPT, digest
from .config import FORMATS, Book, Chapter

READER = "markdown"


class Reader:
    """Reads composed chapters."""

    def __init__(self, book: Book):
        self.folder = book.root / FOLDER / "trees"
        self.folder.mkdir(parents=True, exist_ok=True)
        own = Path(visibility.__file__).read_bytes()
        self.version = digest(READER, str(Path(pandoc.binary()).stat().st_size), own)

    def _path(self, chapter: Chapter, markdown: str, fmt: str) -> Path:
        key = digest(self.version, markdown)[:24]
        return self.folder / f"{chapter.slug}.{key}.{fmt}.json"

    def read(self, chapter: Chapter, markdown: str) -> list[pandoc.Finding]:
        """Make sure of the chapter's trees, one a format; returns what Pandoc found wrong."""
        paths = {fmt: self._path(chapter, markdown, fmt) for fmt in FORMATS.values()}
        if all(path.is_file() for path in paths.values()):
            for path in paths.values():
                os.utime(path)
            return []
        part = self.folder / f"{chapter.slug}.{os.getpid()}"
        arguments = [pandoc.binary(), f"--from={READER}", "--to=json", f"--output={part}"]
        findings = [pandoc.Finding(found.kind, found.what, chapter.path)
                    for found in pandoc.run(arguments, self.folder, markdown)]
        if not findings:
            tree = json.loads(part.read_text("utf-8"))
            for fmt, path in paths.items():
                # The version of the format stands on a line of its own: chapters are joined
                # without being read again.
                part.write_text(json.dumps(tree["pandoc-api-version"]) + "\n"
                                + json.dumps(visibility.shown(tree["blocks"], fmt)), "utf-8")
                part.replace(path)
            self._forget(chapter)
        part.unlink(missing_ok=True)
        return findings

    def _forget(self, chapter: Chapter) -> None:
        held = sorted(self.folder.glob(f"{chapter.slug}.*.json"), key=lambda p: p.stat().st_mtime)
        for old in held[:-KEPT * len(FORMATS)]:
            old.unlink(missing_ok=True)

    def book(self, texts: Iterable[tuple[Chapter, str]], fmt: str) -> str:
        """All chapters as one tree (JSON), each in a div that says which it is."""
        blocks, version = [], "[]"
        for chapter, markdown in texts:
            version, inside = self._path(chapter, markdown, fmt).read_text("utf-8").split("\n", 1)
            role = "appendix" if chapter.appendix else "main"
            attributes = ["", [], [["press-chapter", chapter.path], ["press-role", role]]]
            blocks.append(f'{{"t": "Div", "c": [{json.dumps(attributes)}, {inside}]}}')
        return (f'{{"pandoc-api-version": {version}, "meta": {{}}, '
                f'"blocks": [{", ".join(blocks)}]}}')
