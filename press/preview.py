"""``press preview``: render on save, with everything kept warm, and show the page in a browser.

The page goes to ``.press/preview``, so that the output folder keeps the documents of the last
render. The PDF is made when it is asked for.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from . import cache, config, stylesheets
from .config import CONFIG_FILE, Book
from .errors import PressError
from .preview_server import PreviewServer, Update
from .publish import RenderRecord, resources
from .render import read_sources, render
from .warm import WarmServers

INTERVAL = 0.2
"""Seconds between two looks at the files."""
PATIENCE = 5
"""Seconds that a render which is under way is given to end."""
FOLDERS = {"html": "preview", "pdf": "preview-pdf"}
"""Where in ``.press`` each document is written: apart, so that neither makes the other stale."""

State = dict[str, tuple[int, int]]
"""The time of the last change and the size of each file, by its path."""


class Watched:
    """The files that a render of the project in ``root`` reads."""

    def __init__(self, root: Path):
        self.root = root
        self._book: Book | None = None
        self._config: tuple[int, int] | None = None

    def state(self) -> State:
        """The state of each file; of ``_quarto.yml`` alone where that cannot be read."""
        state = _state([self.root / CONFIG_FILE])
        config_state = next(iter(state.values()), None)
        if config_state != self._config:
            self._config = config_state
            try:
                self._book, _ = config.examine(self.root)
            except PressError:
                self._book = None
        return state | _state(self._paths(self._book)) if self._book else state

    def _paths(self, book: Book) -> list[Path]:
        named = [*(chapter.path for chapter in book.chapters), *book.bibliography, *book.css,
                 *stylesheets.fonts(book), *book.in_header, *book.after_body,
                 *([book.csl] if book.csl else [])]
        # Which images the chapters show is known once they have been rendered.
        shown = RenderRecord(book, {}, ["html"], _folder(book, "html")).images_shown()
        return [*(self.root / name for name in (*named, *shown)),
                *cache.input_files(book), *cache.pre_render_files(book), *resources(book)]


def _state(paths: Iterable[Path]) -> State:
    state = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        state[str(path)] = status.st_mtime_ns, status.st_size
    return state


def _folder(book: Book, fmt: str) -> Path:
    return book.root / cache.FOLDER / FOLDERS[fmt]


class Preview:
    """Renders a project again and again, and tells the server what came of it."""

    def __init__(self, root: Path, servers: WarmServers, server: PreviewServer):
        self.root, self.servers, self.server = root.resolve(), servers, server
        self.stopping = threading.Event()

    def render(self, fmt: str) -> Book | None:
        """Render one document (``html``, ``pdf``) and give the server what came of it; returns the
        book, or None where ``_quarto.yml`` is wrong."""
        self.server.show(Update("working"))
        started, book = time.perf_counter(), None
        try:
            book = config.load(self.root)
            folder = _folder(book, fmt)
            result = render(book, [fmt], folder, make_host=self.servers.host)
            files = RenderRecord(book, read_sources(book), [fmt], folder).earlier()
        except PressError as error:
            problems = [str(problem) for problem in error.problems]
        except OSError as error:
            problems = [f"{error.filename or self.root}: {error.strerror or error}"]
        else:
            seconds = time.perf_counter() - started
            ran = f", {len(result.ran)} chapters run" if result.ran else ""
            print(f"{fmt}: {seconds:.1f} s{ran}", file=sys.stderr)
            self.server.publish(fmt, {name: folder / name for name in files},
                                f"{book.output_file}.pdf", new=not result.unchanged)
            self.server.show(Update("ready"))
            return book
        if self.stopping.is_set():
            return None
        for line in problems:
            print(line, file=sys.stderr)
        self.server.show(Update("problems", problems))
        return book

    def watch(self) -> None:
        """Render whenever a file changed, and the PDF when the server asks, until ``stopping``."""
        watched, seen = Watched(self.root), State()
        while not self.stopping.is_set():
            # The state before the render: what changes while it runs is a reason for another.
            if (state := watched.state()) != seen:
                seen = state
                if book := self.render("html"):
                    self.servers.prepare(book)
            if self.server.wants_pdf():
                self.render("pdf")
                self.server.pdf_done()
            self.server.wake.wait(INTERVAL)
            self.server.wake.clear()


def run(root: Path, port: int, ready: Callable[[str], None]) -> None:
    """Preview the project in ``root`` until SIGINT or SIGTERM.

    ``port``: of this machine's own address; 0 takes a free one. ``ready`` is called with the
    page's address. Raises PreviewError where the port cannot be used.
    """
    ended = threading.Event()
    with PreviewServer(port) as server, WarmServers() as servers:
        preview = Preview(root, servers, server)

        def watch() -> None:
            try:
                preview.watch()
            finally:
                ended.set()

        # Renders have a thread of their own: in the main one, the library that runs notebooks
        # takes signals for itself.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        ready(server.address)
        ended.wait()
        preview.stopping.set()
        server.wake.set()
        server.shutdown()
    # Its kernels are gone with the servers, so a render that was under way ends soon.
    watching.join(PATIENCE)
