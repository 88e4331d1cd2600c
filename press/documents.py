"""Make the documents: a chapter is converted as soon as it has run, a document as soon as its
chapters are converted."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any

from . import cache, cores, html, later, manuscript, pdf, pictures
from .config import CONFIG_FILE, FORMATS, MANUSCRIPTS, Book, Chapter
from .convert import Conversion, Converter, Fragment
from .crossref import CrossReferences
from .errors import PressError, Problem, RenderError
from .findings import locate
from .pandoc import Finding
from .publish import manuscript_name, pdf_names, picture_folder
from .qmd import Source
from .timings import Spent, Timings
from .to_markdown import to_markdown

ROOTED = re.compile(r'"/([^"\\\n]+)"')


@dataclass
class _PreparedChapter:
    """A chapter that was written as Markdown and read by Pandoc: what is wrong so far, and its
    conversions to come, by format."""

    problems: list[Problem]
    findings: list[Finding] = field(default_factory=list)
    conversions: dict[str, Future[Conversion]] = field(default_factory=dict)


class DocumentBuilder:
    """Makes the documents of ``formats`` (``html``, ``pdf``, ``docx``, ``jats``) in the folder
    ``work``.

    A context manager: on leaving it, what has not begun is given up.
    """

    def __init__(self, book: Book, sources: dict[str, Source], work: Path, formats: list[str],
                 timings: Timings):
        self.book, self.sources, self.work, self.timings = book, sources, work, timings
        self.manuscripts = [fmt for fmt in formats if fmt in MANUSCRIPTS]
        self.formats = [FORMATS[fmt] for fmt in formats if fmt in FORMATS]
        self.formats += ["manuscript"] if self.manuscripts else []
        self.converter = Converter(book)
        self.chapters = {chapter.path: chapter for chapter in book.chapters}
        self.prepared: dict[str, Future[_PreparedChapter]] = {}
        self._images: dict[str, str] = {}
        self._readers = ThreadPoolExecutor(cores.usable())
        # A thread for each format: a document need not wait for chapters of the other.
        self._writers = {fmt: ThreadPoolExecutor(1)
                         for fmt in {*self.formats, *(["html"] if self.manuscripts else [])}}

    def __enter__(self) -> DocumentBuilder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        for pool in (self._readers, *self._writers.values()):
            pool.shutdown(cancel_futures=True)

    def add_chapter(self, path: str, outputs: cache.Outputs) -> None:
        """Begin to convert a chapter whose outputs are there; returns at once."""
        self.prepared[path] = self._readers.submit(self._prepare, self.chapters[path], outputs)

    def _prepare(self, chapter: Chapter, outputs: cache.Outputs) -> _PreparedChapter:
        with self.timings.phase("markdown", chapter.path):
            result = to_markdown(self.book, chapter, self.sources[chapter.path], outputs)
            for name, content in result.files.items():
                file = self.work / name
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(content)
        prepared = _PreparedChapter(result.problems)
        missing = []
        for fmt in self._formats_of(chapter):
            stored = self.converter.stored(chapter, result.markdown, fmt)
            if stored:
                prepared.conversions[fmt] = Future()
                prepared.conversions[fmt].set_result(stored)
            else:
                missing.append(fmt)
        if missing:
            with self.timings.phase("read", chapter.path) as spent:
                tree, prepared.findings = self.converter.read(chapter, result.markdown, spent)
            if not prepared.findings:
                for fmt in missing:
                    prepared.conversions[fmt] = self._writers[fmt].submit(
                        self._write, chapter, result.markdown, tree, fmt)
        return prepared

    def _formats_of(self, chapter: Chapter) -> list[str]:
        """The forms in which a chapter is needed: of one that is in no manuscript, the page knows
        what the paper may refer to."""
        apart = self.manuscripts and chapter.path in self.book.supplement
        return list(dict.fromkeys("html" if apart and fmt == "manuscript" else fmt
                                  for fmt in self.formats))

    def _write(self, chapter: Chapter, markdown: str, tree: dict[str, Any], fmt: str) -> Conversion:
        with self.timings.phase(fmt, chapter.path) as spent:
            return self.converter.write(chapter, markdown, tree, fmt, spent)

    def finish(self, outputs: dict[str, cache.Outputs], files: set[str]) -> list[Path]:
        """The documents, made side by side once ``add_chapter`` was called for every chapter.

        ``files``: paths from the project's root that links may lead to. Raises RenderError with
        everything that is wrong in any chapter or document.
        """
        problems: list[Problem] = []
        findings: list[Finding] = []
        documents: list[Path] = []
        with ThreadPoolExecutor(len(self.formats)) as pool:
            for future in [pool.submit(self._make, fmt, files) for fmt in self.formats]:
                try:
                    paths, document_findings = future.result()
                except PressError as error:
                    problems += error.problems
                    continue
                findings += document_findings
                documents += paths
        for prepared in self._prepared_chapters():
            problems += prepared.problems
            findings += prepared.findings
        if findings:
            problems += locate(findings, self.sources, outputs, self._other_texts())
        if problems:
            raise RenderError(problems)
        self._record_seconds()
        return documents

    def _other_texts(self) -> dict[str, str]:
        """What the words of a document may come from besides chapters, by path: drawings, the
        bibliography and ``_quarto.yml``."""
        names = [name for name in self._images if name.lower().endswith(".svg")]
        return {name: unescape((self.book.root / name).read_text("utf-8", "replace"))
                for name in (*names, *self.book.bibliography, CONFIG_FILE)}

    def _form(self, chapter: Chapter, fmt: str) -> str:
        """The format in which a chapter is converted for a document: a manuscript shows no chapter
        of the supplement, and only counts its numbers and citations."""
        apart = fmt == "manuscript" and chapter.path in self.book.supplement
        return "html" if apart else fmt

    def _prepared_chapters(self) -> list[_PreparedChapter]:
        """All chapters in the order of the book; waits for them."""
        return [self.prepared[chapter.path].result() for chapter in self.book.chapters]

    def _make(self, fmt: str, files: set[str]) -> tuple[list[Path], list[Finding]]:
        """The documents of one format, unless something is wrong with its chapters: then only the
        findings."""
        names = ["index.html"] if fmt == "html" else pdf_names(self.book)
        if fmt == "manuscript":
            names = [manuscript_name(self.book, one) for one in self.manuscripts]
        targets = [self.work / "out" / name for name in names]
        targets[0].parent.mkdir(exist_ok=True)
        chapters = self._prepared_chapters()
        conversions = [prepared.conversions[name].result()
                       for chapter, prepared in zip(self.book.chapters, chapters, strict=True)
                       if (name := self._form(chapter, fmt)) in prepared.conversions]
        findings = [finding for conversion in conversions for finding in conversion.findings]
        if findings or any(chapter.problems or chapter.findings for chapter in chapters):
            return targets, findings
        with self.timings.phase(fmt) as spent:
            fragments = dict(zip(self.book.chapters,
                                 (conversion.fragment for conversion in conversions), strict=True))
            self._note_images(fragments.values())
            if faults := list(self._faults_of_images(fragments)):
                return targets, faults
            if fmt == "html":
                self._copy_pictures()
            references = CrossReferences(fmt, fragments, files, bool(self.book.bibliography),
                                         bool(self.book.nocite))
            make = {"html": self._make_page, "typst": self._make_pdf,
                    "manuscript": self._make_manuscripts}[fmt]
            findings += make(references, targets, spent)
        return targets, findings

    def _copy_pictures(self) -> None:
        """The drawings of figures, for a folder beside the page."""
        folder = self.work / "out" / html.PICTURES
        for path in sorted((self.work / "figs").glob("fig-*.svg")):
            folder.mkdir(exist_ok=True)
            shutil.copyfile(path, folder / path.name)

    def _make_page(self, references: CrossReferences, targets: list[Path], spent: Spent,
                   ) -> list[Finding]:
        placed = references.references_placed
        filled, findings = html.fill_template(self.book, references.citations(), placed,
                                              "typst" in self.formats, spent)
        bodies, contents = references.resolve(filled.citations, filled.references)
        findings += references.findings
        if not findings:
            first, *others = (bodies[chapter.path] for chapter in self.book.chapters)
            texts = [first, *map(later.folded, others)]
            page = html.page(self.book, filled, "\n".join(texts), contents, placed)
            findings += html.finish(self.book, self.work, filled, page, targets[0])
        return findings

    def _make_pdf(self, references: CrossReferences, targets: list[Path], spent: Spent,
                  ) -> list[Finding]:
        placed = references.references_placed
        filled, findings = pdf.fill_template(self.book, references.citations(), placed, spent)
        bodies, _ = references.resolve(filled.citations, filled.references)
        findings += references.findings
        if findings:
            return findings
        paper = [text for path, text in bodies.items() if path not in self.book.supplement]
        supplement = [text for path, text in bodies.items() if path in self.book.supplement]
        at_the_end = "" if placed else filled.references
        texts = ["\n".join(paper) + at_the_end, "\n".join(supplement)]
        before = time.process_time() - time.thread_time()
        sources = {target: pdf.between_documents(f"{filled.head}{text}{filled.tail}", other.name)
                   for text, target, other in zip(texts, targets, targets[::-1], strict=False)}
        findings += pdf.finish(self.book, self.work, sources, self.sources)
        # Typst works in threads of its own.
        spent.processor += time.process_time() - time.thread_time() - before
        return findings

    def _make_manuscripts(self, references: CrossReferences, targets: list[Path], spent: Spent,
                          ) -> list[Finding]:
        texts, _ = references.resolve([], "", self.book.supplement)
        findings = list(references.findings)
        for fmt, target in zip(self.manuscripts, targets, strict=True):
            if not findings:
                findings += manuscript.finish(self.book, self.work, list(texts.values()),
                                              references.citations(), fmt, target, spent)
        return findings

    def pictures(self) -> dict[str, Path]:
        """The drawings that go into folders beside the page and the paper, by their path there."""
        out = self.work / "out"
        return {path.relative_to(out).as_posix(): path
                for folder in (html.PICTURES, picture_folder(self.book))
                for path in sorted((out / folder).glob("*"))}

    def images(self) -> dict[str, str]:
        """Files of the project that chapters show, and that an author's Typst reads, as paths from
        its root, each with its digest from before the documents were made."""
        return dict(self._images)

    def _note_images(self, fragments: Collection[Fragment]) -> None:
        named = {path for fragment in fragments for path in fragment.facts["images"]}
        # What an author's Typst reads is written as a path from the project's root.
        named |= {path for fragment in fragments for path in ROOTED.findall(fragment.body)}
        for path in sorted(named):
            if (self.book.root / path).is_file():
                content = (self.book.root / path).read_bytes()
                self._images.setdefault(path, cache.digest(content))

    def _faults_of_images(self, fragments: dict[Chapter, Fragment]) -> Iterator[Finding]:
        """Images of the project that are not there, or that not every document can show."""
        for chapter, fragment in fragments.items():
            for name in dict.fromkeys(fragment.facts["images"]):
                path = self.book.root / name
                if not path.is_file():
                    yield Finding("subset", f"the image {name} is not there; mend its path",
                                  chapter.path, Path(name).name)
                    continue
                for fault in pictures.faults(name, path.read_bytes()):
                    yield Finding("subset", f"{name} {fault}", chapter.path, Path(name).name)

    def _record_seconds(self) -> None:
        """Note how long the text of each chapter took that was converted anew."""
        store = cache.OutputStore(self.book.root)
        for chapter in self.book.chapters:
            seconds = sum(self.timings.of(phase, chapter.path).wall
                          for phase in ("read", *self.formats))
            if seconds:
                store.record_seconds(chapter.slug, "text", seconds)
