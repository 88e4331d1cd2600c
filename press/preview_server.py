"""What a browser talks to during a preview: the page, the files beside it, and news of renders.

It listens on this machine's own address alone, and answers no page of another host.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .errors import PreviewError, Problem
from .pandoc import ASSETS
from .policy import policy, with_script

HOST = "127.0.0.1"
NEWS = "/press-preview/news"
PDF = "/press-preview/pdf"
SILENCE = 15
"""Seconds after which a browser is sent an empty line, to notice that it has gone."""


@dataclass(frozen=True)
class Update:
    """News for the browser: ``kind`` is ``working``, ``ready``, or ``problems`` with a line
    each."""

    kind: str
    problems: list[str] = field(default_factory=list)


class PreviewServer(ThreadingHTTPServer):
    """Serves what the last render wrote. ``wake`` is set when somebody asks for the PDF.

    Raises PreviewError where the port cannot be used.
    """

    daemon_threads = True

    def __init__(self, port: int):
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "ports end at 65535"
            raise PreviewError(Problem("--port", 0, f"{port} cannot be used: {reason}; choose "
                                       "another, or none for a free one")) from None
        self.wake = threading.Event()
        self.address = f"http://{HOST}:{self.server_port}/"
        self.changed = threading.Condition()
        self.number, self.update = 0, Update("working")
        self.page = 0
        """How often there was a new page."""
        self._files: dict[str, Path] = {}
        self._pdf: Path | None = None
        self._pdf_wanted, self._pdf_made = 0, 0

    def show(self, update: Update) -> None:
        """Tell every browser."""
        with self.changed:
            self.number, self.update = self.number + 1, update
            self.changed.notify_all()

    def publish(self, fmt: str, files: dict[str, Path], pdf: str, new: bool) -> None:
        """Serve these files of a document, by their path on the page, and no others; ``pdf`` is
        the name of the PDF. ``new``: they are not those of the time before."""
        with self.changed:
            if fmt == "pdf":
                self._pdf = files.get(pdf)
            else:
                self.page += new or not self._files
                self._files = files

    def file(self, name: str) -> tuple[int, Path | None]:
        """The number of the page, and the file of that path; None where the page has none."""
        with self.changed:
            return self.page, self._files.get(name)

    def wants_pdf(self) -> bool:
        """Whether a browser waits for the PDF."""
        with self.changed:
            return self._pdf_made < self._pdf_wanted

    def pdf_done(self) -> None:
        """The PDF that was asked for is there, or cannot be made."""
        with self.changed:
            self._pdf_made = self._pdf_wanted
            self.changed.notify_all()

    def fresh_pdf(self) -> tuple[Path | None, list[str]]:
        """Have the PDF made, and wait for it; None and what is wrong where it cannot be made."""
        with self.changed:
            self._pdf, number = None, self._pdf_wanted + 1
            self._pdf_wanted = number
            self.wake.set()
            self.changed.wait_for(lambda: self._pdf_made >= number)
            return self._pdf, self.update.problems

    def next_update(self, after: int) -> tuple[int, Update] | None:
        """The last news, once its number is not ``after``; None where there is none for a while."""
        with self.changed:
            if self.changed.wait_for(lambda: self.number != after, SILENCE):
                return self.number, self.update
            return None


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a request."""
        if self.headers.get("Host") not in (f"{HOST}:{self.server.server_port}",
                                            f"localhost:{self.server.server_port}"):
            # A page of another host, whose name was pointed at this machine, has its own name here.
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"This preview is for this machine.\n")
            return
        path = unquote(urlsplit(self.path).path)
        if path == NEWS:
            self._news()
        elif path == PDF:
            self._pdf()
        else:
            self._file(path.removeprefix("/") or "index.html")

    def _file(self, name: str) -> None:
        # Only names that the render gave are looked up: no path is ever made from a request.
        page, path = self.server.file(name)
        try:
            content = path.read_bytes() if path else None
        except OSError:
            content = None
        if content is None and name == "index.html":
            content = (f'<!doctype html><html lang="en"><meta charset="utf-8">{policy("")}'
                       "<title>Preview</title><body><main></main>").encode()
        if content is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such file.\n")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if name == "index.html":
            kind, content = "text/html; charset=utf-8", _with_script(content, page)
        self._answer(HTTPStatus.OK, kind, content)

    def _pdf(self) -> None:
        path, problems = self.server.fresh_pdf()
        if path:
            self._answer(HTTPStatus.OK, "application/pdf", path.read_bytes())
        else:
            text = "\n".join(problems) + "\n"
            self._answer(HTTPStatus.CONFLICT, "text/plain; charset=utf-8", text.encode())

    def _news(self) -> None:
        """Server-sent events, one an update, until the browser has gone."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        number = 0
        try:
            while True:
                news = self.server.next_update(number)
                text = ":\n\n"
                if news:
                    number, update = news
                    data = {"kind": update.kind, "problems": update.problems,
                            "page": self.server.page}
                    text = f"id: {number}\ndata: {json.dumps(data)}\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            pass

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            pass

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not printed: the terminal is for what is wrong with the sources."""


def _with_script(content: bytes, page: int) -> bytes:
    """The page with what the browser runs in a preview; ``page`` is its number."""
    script = "\n" + (ASSETS / "preview.js").read_text("utf-8")
    return (with_script(content.decode(), script)
            + f'<script data-page="{page}">{script}</script>\n').encode()
