"""The documents in the making: a chapter is written as soon as it has run, a document as soon as
its chapters are written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import cache, compose, fragments, html, pandoc, pdf
from .config import FORMATS, Book, Chapter
from .joined import Joiner
from .notebook import Source
from .problems import Problem, RenderError

Findings = list[pandoc.Finding]


@dataclass
class _Begun:
    """A chapter that was composed and read: what is wrong so far, and its fragments to come."""

    problems: list[Problem]
    findings: Findings = field(default_factory=list)
    fragments: dict[str, Future[fragments.Written]] = field(default_factory=dict)
    seconds: float = 0.0


class Documents:
    """Makes the asked-for documents (``html``, ``pdf``) in a folder. A context manager."""

    def __init__(self, book: Book, sources: dict[str, Source], work: Path, formats: list[str]):
        self.book, self.sources, self.work = book, sources, work
        self.formats = [FORMATS[fmt] for fmt in formats]
        self.writer = fragments.Writer(book)
        self.chapters = {chapter.path: chapter for chapter in book.chapters}
        self.begun: dict[str, Future[_Begun]] = {}
        self._readers = ThreadPoolExecutor(os.cpu_count())
        # One writer a format: a document need not wait for chapters of the other.
        self._writers = {fmt: ThreadPoolExecutor(1) for fmt in self.formats}

    def __enter__(self) -> Documents:
        return self

    def __exit__(self, *_: Any) -> None:
        for pool in (self._readers, *self._writers.values()):
            pool.shutdown(cancel_futures=True)

    def ready(self, path: str, outputs: cache.Outputs) -> None:
        """Begin with a chapter whose outputs are there."""
        self.begun[path] = self._readers.submit(self._begin, self.chapters[path], outputs)

    def _begin(self, chapter: Chapter, outputs: cache.Outputs) -> _Begun:
        composed = compose.compose(self.book, chapter, self.sources[chapter.path], outputs)
        for name, content in composed.files.items():
            file = self.work / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        begun = _Begun(composed.problems)
        missing = []
        for fmt in self.formats:
            held = self.writer.held(chapter, composed.markdown, fmt)
            if held:
                begun.fragments[fmt] = Future()
                begun.fragments[fmt].set_result(held)
            else:
                missing.append(fmt)
        if missing:
            start = time.perf_counter()
            tree, begun.findings = self.writer.read(chapter, composed.markdown)
            begun.seconds = time.perf_counter() - start
            if not begun.findings:
                for fmt in missing:
                    begun.fragments[fmt] = self._writers[fmt].submit(
                        self.writer.write, chapter, composed.markdown, tree, fmt)
        return begun

    def finish(self, outputs: dict[str, cache.Outputs], files: set[str],
               phase: Callable[[str], AbstractContextManager[None]]) -> list[Path]:
        """The documents, made side by side; ``phase`` times each of them.

        ``files``: paths from the project's root that links may lead to. RenderError: everything
        that is wrong in any chapter or document.
        """
        problems: list[Problem] = []
        findings: Findings = []
        made = []
        with ThreadPoolExecutor(len(self.formats)) as pool:
            for future in [pool.submit(self._document, fmt, files, phase) for fmt in self.formats]:
                try:
                    path, found = future.result()
                except RenderError as error:
                    problems += error.problems
                    continue
                findings += found
                made.append(path)
        for begun in self._each():
            problems += begun.problems
            findings += begun.findings
        problems += pandoc.locate(findings, self.sources, outputs)
        if problems:
            raise RenderError(problems)
        self._remember()
        return made

    def _each(self) -> list[_Begun]:
        return [self.begun[chapter.path].result() for chapter in self.book.chapters]

    def _document(self, fmt: str, files: set[str],
                  phase: Callable[[str], AbstractContextManager[None]]) -> tuple[Path, Findings]:
        name = "index.html" if fmt == "html" else f"{self.book.output_file}.pdf"
        target = self.work / "out" / name
        target.parent.mkdir(exist_ok=True)
        every = self._each()
        written = [begun.fragments[fmt].result() for begun in every if fmt in begun.fragments]
        findings = [finding for one in written for finding in one.findings]
        if findings or any(begun.problems or begun.findings for begun in every):
            return target, findings
        with phase(fmt):
            found = dict(zip(self.book.chapters, (one.fragment for one in written), strict=True))
            joiner = Joiner(fmt, found, files, listed=bool(self.book.bibliography))
            make = self._page if fmt == "html" else self._print
            findings += make(joiner, target)
        return target, findings

    def _page(self, joiner: Joiner, target: Path) -> Findings:
        placed = joiner.references_placed
        frame, findings = html.frame(self.book, joiner.citations(), placed,
                                     with_pdf="typst" in self.formats)
        body, contents = joiner.fill(frame.citations, frame.references)
        findings += joiner.findings
        if not findings:
            page = html.page(frame, body, contents, placed)
            html.finish(self.book, self.work, page, target)
        return findings

    def _print(self, joiner: Joiner, target: Path) -> Findings:
        placed = joiner.references_placed
        frame, findings = pdf.frame(self.book, joiner.citations(), placed)
        body, _ = joiner.fill(frame.citations, frame.references)
        findings += joiner.findings
        if not findings:
            source = "".join([frame.head, body, "" if placed else frame.references, frame.tail])
            pdf.finish(self.book, self.work, source, target)
        return findings

    def images(self) -> set[str]:
        """Files of the project that chapters show, as paths from its root."""
        return {path for begun in self._each() for future in begun.fragments.values()
                for path in future.result().fragment.facts["images"]}

    def _remember(self) -> None:
        """Note how long the text of each chapter took that was written anew."""
        store = cache.Store(self.book.root)
        for chapter, begun in zip(self.book.chapters, self._each(), strict=True):
            if begun.seconds:
                written = sum(f.result().seconds for f in begun.fragments.values())
                store.took(chapter.slug, "text", begun.seconds + written)
