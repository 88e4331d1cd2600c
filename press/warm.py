"""Keeps ready between the renders of a preview what kernels are started from.

Two fork servers: one has imported the libraries, and stays; the other is a copy of it that has also
imported the project's own modules. Of the second a new one is made as soon as an input changed,
since the modules or what they have read may then be other ones. A chapter's kernel is still a fresh
process, forked from the second.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

from . import cache
from .config import Book
from .errors import CellError
from .kernels import CAN_FORK, ForkServer, KernelHost


class WarmServers:
    """The servers of a preview. A context manager; on leaving it they end.

    ``host`` is what ``render`` takes as ``make_host``. Where the system cannot fork, each render
    has kernels that start as they always do.
    """

    def __init__(self) -> None:
        self._hosts = ExitStack()
        self._libraries: ForkServer | None = None
        self._libraries_of: object = None
        self._project: ForkServer | None = None
        self._inputs: dict[str, str] = {}

    def __enter__(self) -> WarmServers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._end_project()
        self._hosts.close()

    def host(self, book: Book, commands_follow: bool) -> KernelHost:
        """What the kernels of one render are started from.

        ``commands_follow``: the pre-render commands run before the kernels, so that no module of
        the project can be there yet.
        """
        if not (book.preload and CAN_FORK):
            return KernelHost(book)
        inputs = cache.input_digests(book)
        libraries_of = book.preload, cache.packages()
        if libraries_of != self._libraries_of:
            self._end_project()
            self._hosts.close()
            self._libraries = self._hosts.enter_context(KernelHost(book)).fork_server
            self._libraries_of = libraries_of
        if self._project is None or inputs != self._inputs or commands_follow:
            self._renew(inputs)
        return KernelHost(book, self._project)

    def prepare(self, book: Book) -> None:
        """Let the project's modules be imported now for the next render, if they are not yet. To
        be called between renders, when the pre-render commands have run."""
        if self._libraries is None:
            return
        inputs = cache.input_digests(book)
        try:
            if self._project is None or inputs != self._inputs:
                self._renew(inputs)
            if self._project:
                self._project.prepare()
        except CellError:
            # Whatever ended the server, the next render finds it again and says so.
            self._libraries_of = None

    def _renew(self, inputs: dict[str, str]) -> None:
        self._end_project()
        assert self._libraries
        self._project, self._inputs = self._libraries.copy(), inputs

    def _end_project(self) -> None:
        if self._project:
            self._project.end()
        self._project = None
