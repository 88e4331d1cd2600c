"""The demonstration book, rendered once, and copies of it that a test may break."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import warm_kernels
from bs4 import BeautifulSoup

from press.__main__ import main

BOOK = Path(__file__).parent / "book"


@dataclass
class Done:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@dataclass
class Project:
    """A book on disk."""

    root: Path

    def press(self, command: str, *arguments: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([command, *arguments, str(self.root)])
            except SystemExit as stopped:
                status = int(stopped.code)
        return Done(status, out.getvalue(), err.getvalue())

    def path(self, name: str) -> Path:
        return self.root / name

    def read(self, name: str) -> str:
        return self.path(name).read_text("utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), "utf-8")

    def append(self, name: str, text: str) -> int:
        """Add text at the end; returns the number of its first line."""
        before = self.read(name).rstrip("\n") + "\n\n"
        self.path(name).write_text(before + text, "utf-8")
        return before.count("\n") + 1

    def output(self) -> dict[str, bytes]:
        return {p.relative_to(self.root).as_posix(): p.read_bytes()
                for p in sorted(self.path("_book").rglob("*")) if p.is_file()}

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.read("_book/index.html"), "html.parser")


def _copy(source: Path, target: Path) -> Project:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return Project(target)


@pytest.fixture(scope="session", autouse=True)
def _kernels(tmp_path_factory):
    """See `warm_kernels`."""
    with warm_kernels.shared(BOOK, tmp_path_factory.mktemp("warm")):
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Project:
    """The book as rendered. Not to be changed."""
    project = _copy(BOOK, tmp_path_factory.mktemp("demo") / "book")
    done = project.press("render")
    assert done.status == 0, done.err
    return project


@pytest.fixture
def book(demo, tmp_path) -> Project:
    """A copy of the rendered book, with its stored outputs, for one test to change."""
    return _copy(demo.root, tmp_path / "book")


@pytest.fixture
def small(tmp_path) -> Project:
    """A book of one chapter without code: what it says is up to the test."""
    root = tmp_path / "small"
    root.mkdir()
    (root / "_quarto.yml").write_text(
        "project:\n  type: book\nbook:\n  title: Small\n  chapters:\n    - index.qmd\n", "utf-8")
    (root / "index.qmd").write_text("# One {#sec-one}\n\nText.\n", "utf-8")
    return Project(root)
