"""The preview: what it serves, when it renders, and how it ends."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from layers import first

from press import config, kernels, warm
from press.preview import Watched

WAIT = 60
CELL = "```{python}\n#| echo: false\nfrom lib import *\nprint('value', value())\n```\n"


class Running:
    """A preview of a project, as a process, and a browser's connections to it."""

    def __init__(self, root: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "press", "preview", "--no-browser", str(root)], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        address = self.process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), self.process.stderr.read()
        self.port = int(address.rstrip("/").rpartition(":")[2])
        self.connection = self.connect()
        self.connection.request("GET", "/press-preview/news")
        self.events = self.connection.getresponse()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)

    def get(self, path: str, host: str | None = None) -> tuple[int, bytes]:
        """Status and content of the answer; the path is sent as it is."""
        with contextlib.closing(self.connect()) as connection:
            connection.putrequest("GET", path, skip_host=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read()

    def news(self, *kinds: str) -> dict:
        """The next news of one of these kinds."""
        while True:
            line = self.events.readline().decode()
            assert line, "the preview has ended"
            if line.startswith("data:") and (said := json.loads(line[5:]))["kind"] in kinds:
                return said

    def page(self) -> str:
        return self.get("/")[1].decode()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=WAIT)
        self.close()
        return self.process.returncode, err

    def close(self) -> None:
        self.events.close()
        self.connection.close()


@pytest.fixture
def preview():
    """Starts previews, and ends those that a test leaves."""
    started = []

    def start(project):
        started.append(Running(project.root))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


@pytest.fixture
def project(small):
    """A book with a cell that shows what a module of the project has read."""
    small.path("lib").mkdir()
    small.path("lib/__init__.py").write_text(
        "TEXT = open('data.txt').read()\ndef value():\n    return TEXT\n", "utf-8")
    small.path("data.txt").write_text("old", "utf-8")
    small.edit("_quarto.yml", "project:\n",
               "press:\n  inputs: [lib, data.txt]\n  preload: [lib]\nproject:\n")
    small.append("index.qmd", CELL)
    return small


def _children(pid: int) -> list[int]:
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in done.stdout.split()]


def test_it_renders_on_save_and_never_shows_what_a_module_read_before(project, preview):
    running = preview(project)
    first = running.news("ready", "problems")
    assert first == {"kind": "ready", "problems": [], "page": 1}
    assert "value old" in running.page()
    assert not project.path("_book").exists()
    project.append("index.qmd", "A new sentence.\n")
    assert running.news("ready", "problems")["page"] == 2
    page = running.page()
    assert "A new sentence." in page and '<script data-page="2">' in page
    project.path("data.txt").write_text("another", "utf-8")
    assert running.news("ready", "problems")["page"] == 3
    assert "value another" in running.page()
    assert running.end()[0] == 0


@pytest.mark.nightly
def test_what_is_wrong_is_told_and_the_last_page_stays(project, preview):
    running = preview(project)
    running.news("ready")
    project.append("index.qmd", "Look at @fig-nowhere.\n")
    said = running.news("ready", "problems")
    assert said["problems"] == ["index.qmd:11: `@fig-nowhere` leads nowhere: no such label in the "
                                "book"]
    assert said["page"] == 1 and "value old" in running.page()
    project.path("_quarto.yml").write_text("project: [\n", "utf-8")
    assert running.news("ready", "problems")["problems"][0].startswith("_quarto.yml:")
    status, err = running.end()
    assert status == 0 and "index.qmd:11:" in err and "Traceback" not in err


def test_the_pdf_is_made_when_it_is_asked_for(small, preview):
    running = preview(small)
    running.news("ready")
    assert not small.path(".press/preview-pdf").exists()
    status, content = running.get("/press-preview/pdf")
    assert status == 200 and content.startswith(b"%PDF")
    small.append("index.qmd", "@fig-nowhere\n")
    status, content = running.get("/press-preview/pdf")
    assert status == 409 and "@fig-nowhere" in content.decode()


def test_only_files_of_the_page_are_served(small, preview):
    small.path("files").mkdir()
    small.path("files/a b.txt").write_text("content", "utf-8")
    small.edit("_quarto.yml", "project:\n", "project:\n  resources: files/*.txt\n")
    running = preview(small)
    running.news("ready")
    assert running.get("/files/a%20b.txt") == (200, b"content")
    for path in ("/../_quarto.yml", "/..%2f..%2f_quarto.yml", "/files/../../../_quarto.yml",
                 "//etc/passwd", "/%2fetc/passwd", "/files", "/index.qmd", "/files/a%20b.txt%00"):
        assert running.get(path) == (404, b"There is no such file.\n"), path


def test_no_other_address_and_no_other_host(small, preview):
    running = preview(small)
    running.news("ready")
    assert running.get("/", "example.org")[0] == 403
    assert running.get("/", f"localhost:{running.port}")[0] == 200
    outward = next((entry[4][0] for entry in socket.getaddrinfo(
        socket.gethostname(), running.port, socket.AF_INET)
        if not entry[4][0].startswith("127.")), None)
    if outward:
        with pytest.raises(OSError):
            socket.create_connection((outward, running.port), 2)


@pytest.mark.parametrize("number", first(1, [signal.SIGINT, signal.SIGTERM]))
def test_it_ends_in_the_midst_of_a_cell_and_leaves_nothing_behind(project, preview, number):
    marker = project.path("lib/pid.txt")
    project.append("index.qmd", "```{python}\nimport os, time\n"
                   f"_ = open({str(marker)!r}, 'w').write(str(os.getpid()))\n"
                   "time.sleep(300)\n```\n")
    running = preview(project)
    deadline = time.monotonic() + WAIT
    while not (marker.is_file() and marker.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kernel = int(marker.read_text())
    children = _children(running.process.pid)
    status, err = running.end(number)
    assert status == 0 and "Traceback" not in err and "problem" not in err
    assert err.endswith("preview ended\n")
    for pid in (kernel, *children):
        while time.monotonic() < deadline and os.path.exists(f"/proc/{pid}"):
            time.sleep(0.05)
        assert not os.path.exists(f"/proc/{pid}")
    assert not list(project.path(".press").glob("work-*"))


def test_a_port_that_is_taken(small):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = small.press("preview", "--no-browser", "--port", port)
    assert done.status == 1
    assert f"--port: {port} cannot be used" in done.err


def test_which_files_are_watched(project):
    watched = Watched(project.root)
    before = watched.state()
    assert {Path(name).name for name in before} == {"_quarto.yml", "index.qmd", "__init__.py",
                                                    "data.txt"}
    project.path("lib/more.py").write_text("", "utf-8")
    assert watched.state() != before
    project.edit("_quarto.yml", "    - index.qmd\n", "    - index.qmd\n    - two.qmd\n")
    project.path("two.qmd").write_text("# Two\n", "utf-8")
    assert str(project.path("two.qmd")) in watched.state()


def test_when_the_server_with_the_modules_is_made_anew(project):
    book = config.load(project.root)

    def server(commands_follow=False):
        with servers.host(book, commands_follow) as host:
            return host.fork_server

    with warm.WarmServers() as servers:
        first = server()
        servers.prepare(book)
        assert server() is first
        after_commands = server(commands_follow=True)
        assert after_commands is not first
        project.path("data.txt").write_text("another", "utf-8")
        assert server() is not after_commands


def test_without_fork_servers_each_render_has_kernels_of_its_own(project, monkeypatch):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    monkeypatch.setattr(warm, "CAN_FORK", False)
    book = config.load(project.root)
    with warm.WarmServers() as servers, servers.host(book, False) as host:
        servers.prepare(book)
        assert host.fork_server is None
