"""From sources to documents: lint, pre-render, cells, Pandoc and Typst side by side."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import cache
from .config import Book
from .documents import DocumentBuilder
from .errors import LintError
from .pre_render import prepared
from .publish import RenderRecord, link_targets, publish
from .qmd import Source, read

if TYPE_CHECKING:
    from .kernels import KernelHost


@dataclass
class Timings:
    """Seconds by phase, in order."""

    phases: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time that is spent inside to a phase."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.phases[name] = self.phases.get(name, 0.0) + time.perf_counter() - started


@dataclass
class Result:
    """What a render did: documents written, chapters (paths) run again, seconds by phase.

    ``unchanged``: there was nothing to do.
    """

    files: list[Path]
    ran: list[str]
    unchanged: bool
    timings: Timings


def read_sources(book: Book) -> dict[str, Source]:
    """Every chapter of the book as read, by its path, in order."""
    return {chapter.path: read(book.root, chapter.path) for chapter in book.chapters}


def outputs_of(book: Book, sources: dict[str, Source], force: bool = False,
               on_ready: Callable[[str, cache.Outputs], None] = lambda path, outputs: None,
               host: KernelHost | None = None,
               ) -> tuple[dict[str, cache.Outputs], list[str]]:
    """Outputs of every chapter, from the store or from a kernel, and which chapters ran.

    ``on_ready`` is called for each chapter as soon as its outputs are there. ``host`` starts the
    kernels; without it one is made where it is needed. ``force`` runs all chapters. Raises
    CellError where cells fail.
    """
    store, shared = cache.OutputStore(book.root), cache.environment_digest(book)
    keys = {path: cache.chapter_key(shared, source) for path, source in sources.items()}
    slugs = {chapter.path: chapter.slug for chapter in book.chapters}
    outputs: dict[str, cache.Outputs] = {}
    to_run = []

    def take(path: str, result: cache.Outputs) -> None:
        outputs[path] = result
        on_ready(path, result)

    def store_and_take(path: str, result: cache.Outputs, seconds: float) -> None:
        store.put(slugs[path], keys[path], result)
        store.record_seconds(slugs[path], "cells", seconds)
        take(path, result)

    def expected_length(source: Source) -> tuple[float, int, int]:
        """Sorts chapters by length: by the seconds of an earlier render; those that never ran by
        their place in ``press.first``; the others by how much code they have."""
        known = store.seconds(slugs[source.path]) or 0.0
        place = book.first.index(source.path) if source.path in book.first else len(book.first)
        return known, -place, sum(len(unit.code) for unit in source.executable())

    for path, source in sources.items():
        stored = None if force else store.get(slugs[path], keys[path])
        if not source.executable():
            take(path, [])
        elif stored is None:
            to_run.append(source)
        else:
            take(path, stored)
    if to_run:
        from . import execute
        from .kernels import KernelHost

        # Longest first, so that no core is left with a long chapter at the end.
        order = sorted(to_run, key=expected_length, reverse=True)
        with nullcontext(host) if host else KernelHost(book) as running_host:
            execute.run(book, order, store_and_take, running_host)
    return outputs, [source.path for source in to_run]


def render(book: Book, formats: list[str], output: Path | None = None, force: bool = False,
           ) -> Result:
    """Render ``formats`` (of ``html`` and ``pdf``) into ``output``, or the book's own folder.

    ``force`` runs everything again. Raises PressError with every problem found; the previous output
    is then as it was.
    """
    from . import lint

    timings = Timings()
    output = output or book.root / book.output_dir
    with timings.phase("read"):
        sources = read_sources(book)
        record = RenderRecord(book, sources, formats, output)
        current = None if force else record.current()
    if current:
        return Result(current, [], True, timings)
    if problems := lint.check(book, sources):
        raise LintError(problems)
    home = book.root / cache.FOLDER
    home.mkdir(exist_ok=True)
    with ExitStack() as stack:
        with timings.phase("pre-render"):
            host = stack.enter_context(prepared(book, force))
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="work-", dir=home)))
        builder = stack.enter_context(DocumentBuilder(book, sources, work, formats))
        with timings.phase("cells"):
            outputs, ran = outputs_of(book, sources, force, builder.add_chapter, host)
        with timings.phase("documents"):
            documents = builder.finish(outputs, link_targets(book), timings.phase)
            images = builder.images()
        with timings.phase("publish"):
            published = publish(book, documents, output)
    record.write(published, images)
    return Result(published, ran, False, timings)
