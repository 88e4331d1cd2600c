"""From sources to documents: lint, pre-render, cells, Pandoc and Typst side by side."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import cache
from .config import CONFIG_FILE, Book
from .documents import DocumentBuilder
from .errors import LintError, Problem, RenderError
from .lock import WORK, alone, recover, tidy
from .pre_render import prepared
from .publish import RenderRecord, faults_of_resources, link_targets, publish
from .qmd import Source, read
from .reading import EncodingError
from .timings import Spent, Timings

if TYPE_CHECKING:
    from .kernels import KernelHost, MakeHost


@dataclass
class Result:
    """What a render did: documents written, chapters (paths) run again, where the time went.

    ``unchanged``: there was nothing to do.
    """

    files: list[Path]
    ran: list[str]
    unchanged: bool
    timings: Timings


def read_sources(book: Book) -> dict[str, Source]:
    """Every chapter of the book as read, by its path, in order.

    Raises EncodingError with every chapter that is not UTF-8.
    """
    sources, problems = {}, []
    for chapter in book.chapters:
        try:
            sources[chapter.path] = read(book.root, chapter.path)
        except EncodingError as error:
            problems += error.problems
    if problems:
        raise EncodingError(problems)
    return sources


def outputs_of(book: Book, sources: dict[str, Source], force: bool = False,
               on_ready: Callable[[str, cache.Outputs], None] = lambda path, outputs: None,
               host: KernelHost | None = None, timings: Timings | None = None,
               make_host: MakeHost | None = None) -> tuple[dict[str, cache.Outputs], list[str]]:
    """Outputs of every chapter, from the store or from a kernel, and which chapters ran.

    ``on_ready`` is called for each chapter as soon as its outputs are there. ``host`` starts the
    kernels; without it ``make_host`` makes one where it is needed. ``force`` runs all chapters.
    Raises CellError where cells fail.
    """
    store, inputs = cache.OutputStore(book.root), cache.input_digests(book)
    shared = cache.environment_digest(book, inputs)
    keys = {path: cache.chapter_key(shared, source) for path, source in sources.items()}
    slugs = {chapter.path: chapter.slug for chapter in book.chapters}
    outputs: dict[str, cache.Outputs] = {}
    finished: dict[str, tuple[cache.Outputs, float]] = {}
    to_run = []

    def take(path: str, result: cache.Outputs) -> None:
        outputs[path] = result
        on_ready(path, result)

    def note_and_take(path: str, result: cache.Outputs, start: Spent, cells: Spent) -> None:
        finished[path] = result, cells.wall
        if timings:
            timings.of("kernel", path).add(start.wall, start.processor)
            timings.of("cells", path).add(cells.wall, cells.processor)
        take(path, result)

    def store_finished(written: set[str]) -> None:
        """Store what has run, unless an input changed meanwhile: nobody knows then which of its
        states a cell has read. What chapters wrote themselves is no such input."""
        after = cache.input_digests(book)
        changed = sorted(name for name in inputs.keys() | after.keys()
                         if inputs.get(name) != after.get(name) and name not in written)
        if changed:
            raise RenderError(Problem(name, 0, "changed while the chapters that may read it were "
                                      "running; render again") for name in changed)
        for path, (result, seconds) in finished.items():
            store.put(slugs[path], keys[path], result)
            store.record_seconds(slugs[path], "cells", seconds)

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
        written: set[str] = set()
        with nullcontext(host) if host else (
                make_host(book, False) if make_host else KernelHost(book)) as running_host:
            try:
                execute.run(book, order, note_and_take, running_host, written)
            finally:
                store_finished(written)
    return outputs, [source.path for source in to_run]


def _read_again(book: Book, config: bytes, sources: dict[str, Source]) -> dict[str, Source]:
    """The chapters as the pre-render commands left them. Raises LintError where one that they
    changed is not in order, and RenderError where ``_quarto.yml`` no longer is ``config``."""
    from . import lint

    changed = read_sources(book)
    if (book.root / CONFIG_FILE).read_bytes() != config:
        raise RenderError(Problem(CONFIG_FILE, 0, "a pre-render command changed this file; render "
                                  "again, and write such values elsewhere"))
    if ({path: source.text for path, source in changed.items()}
            != {path: source.text for path, source in sources.items()}
            and (problems := lint.check(book, changed))):
        raise LintError(problems)
    return changed


def render(book: Book, formats: list[str], output: Path | None = None, force: bool = False,
           make_host: MakeHost | None = None) -> Result:
    """Render ``formats`` (of ``html`` and ``pdf``) into ``output``, or the book's own folder.

    ``force`` runs everything again. ``make_host`` makes what kernels are started from (a new one
    if not given). Raises PressError with every problem found; the previous output is then as it
    was.
    """
    from . import lint

    timings = Timings()
    output = output or book.root / book.output_dir
    with timings.phase("read"):
        config = (book.root / CONFIG_FILE).read_bytes()
        sources = read_sources(book)
        record = RenderRecord(book, sources, formats, output)
        inputs = record.inputs()
        current = None if force else record.current(inputs)
    home = book.root / cache.FOLDER
    if current:
        tidy(home, output)
        return Result(current, [], True, timings)
    if problems := lint.check(book, sources):
        raise LintError(problems)
    home.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(alone(home))
        recover(output)
        with timings.phase("pre-render") as spent:
            host = stack.enter_context(prepared(book, force, spent, make_host))
            if host:
                sources = _read_again(book, config, sources)
                record = RenderRecord(book, sources, formats, output)
                inputs = record.inputs()
        if problems := faults_of_resources(book):
            raise RenderError(problems)
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=WORK, dir=home)))
        builder = stack.enter_context(DocumentBuilder(book, sources, work, formats, timings))
        with timings.phase("cells"):
            outputs, ran = outputs_of(book, sources, force, builder.add_chapter, host,
                                      timings, make_host)
        with timings.phase("documents"):
            documents = builder.finish(outputs, link_targets(book))
            images = builder.images()
        with timings.phase("publish"):
            published, files = publish(book, documents, builder.pictures(), output,
                                       record.earlier())
    record.write(inputs, published, files, images)
    return Result(published, ran, False, timings)
