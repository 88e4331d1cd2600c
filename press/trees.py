"""Chapters as Pandoc trees, read one by one.

Pandoc takes gigabytes for a whole book of long lines and tables, and little for a chapter. A tree
does not depend on the format, so both documents are written from it, and it is kept until the
chapter's text or outputs change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import pandoc
from .cache import FOLDER, KEPT, digest
from .config import Book, Chapter

READER = "markdown"


class Reader:
    """Reads composed chapters."""

    def __init__(self, book: Book):
        self.folder = book.root / FOLDER / "trees"
        self.folder.mkdir(parents=True, exist_ok=True)
        size = Path(pandoc.binary()).stat().st_size
        self.version = f"{READER} {size}"

    def _path(self, chapter: Chapter, markdown: str) -> Path:
        return self.folder / f"{chapter.slug}.{digest(self.version, markdown)[:24]}.json"

    def read(self, chapter: Chapter, markdown: str) -> list[pandoc.Finding]:
        """Make sure of the chapter's tree; returns what Pandoc found wrong."""
        path = self._path(chapter, markdown)
        if path.is_file():
            os.utime(path)
            return []
        part = path.with_suffix(f".{os.getpid()}")
        # Columns: else the widths of a pipe table follow from how long its source lines are.
        arguments = [pandoc.binary(), f"--from={READER}", "--to=json", "--columns=10000",
                     f"--output={part}"]
        findings = [pandoc.Finding(found.kind, found.what, chapter.path)
                    for found in pandoc.run(arguments, self.folder, markdown)]
        if not findings:
            part.replace(path)
            self._forget(chapter)
        return findings

    def _forget(self, chapter: Chapter) -> None:
        held = sorted(self.folder.glob(f"{chapter.slug}.*.json"), key=lambda p: p.stat().st_mtime)
        for old in held[:-KEPT]:
            old.unlink(missing_ok=True)

    def book(self, texts: Iterable[tuple[Chapter, str]]) -> dict[str, Any]:
        """All chapters as one tree, each in a div that says which it is."""
        blocks, version = [], None
        for chapter, markdown in texts:
            tree = json.loads(self._path(chapter, markdown).read_text("utf-8"))
            version = tree["pandoc-api-version"]
            said = [["press-chapter", chapter.path],
                    ["press-role", "appendix" if chapter.appendix else "main"]]
            blocks.append({"t": "Div", "c": [["", [], said], tree["blocks"]]})
        return {"pandoc-api-version": version, "meta": {}, "blocks": blocks}
