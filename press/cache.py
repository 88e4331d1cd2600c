"""What a chapter's outputs depend on, and where they are kept between renders.

The key of a chapter is its code (cells and inline expressions, not its prose), the project's
input files (data, helper code), where and how its kernel is started, the versions of Python and of
every installed package, this package's own code, and the environment variables that ``_quarto.yml``
names or that Python itself follows. With less in the key a render would show stale numbers; with
more it would run cells for nothing.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from .config import Book
from .lock import PART
from .qmd import Source

FOLDER = ".press"
KEY_LENGTH = 24
"""How many digits of a key are in the name of its file."""
FOLLOWED_VARIABLES = ("PYTHON", "LC_", "LANG", "TZ", "MPL")
"""How the names of environment variables begin that Python or matplotlib follow by themselves."""
KEPT_RESULTS = 4
"""How many results are kept of each chapter: enough to switch between editions or branches."""
NEVER_INPUT = {"__pycache__", "node_modules", "notebooks", "tests", "press", "env"}

Outputs = list[list[dict[str, Any]]]
"""For each executable unit of a chapter, in order: its outputs, as nbformat writes them."""


def _files(root: Path, names: Iterable[str]) -> Iterator[Path]:
    """The files of these names, and those inside the folders of these names, in a fixed order."""
    for name in names:
        path = root / name
        if path.is_dir():
            yield from _files(path, sorted(p.name for p in path.iterdir() if not _skipped(p)))
        elif path.is_file() and path.suffix != ".pyc":
            yield path


def _skipped(path: Path) -> bool:
    """Whether a file or folder is never input: hidden, made by a render, or no data or code."""
    return path.name.startswith((".", "_book")) or path.name in NEVER_INPUT


def input_files(book: Book) -> list[Path]:
    """The files every chapter may read: ``press.inputs``, or all of the project but its text; and
    what was given on the command line."""
    further = list(_files(book.root, book.further_inputs))
    if book.inputs:
        return [*_files(book.root, book.inputs), *further]
    names = sorted(p.name for p in book.root.iterdir() if not _skipped(p))
    if book.output_dir in names:
        names.remove(book.output_dir)
    return [*(p for p in _files(book.root, names) if p.suffix not in (".qmd", ".ipynb", ".md")),
            *further]


def pre_render_files(book: Book) -> list[Path]:
    """The files that the pre-render commands alone may read: ``press.pre-render-inputs``."""
    return list(_files(book.root, book.pre_render_inputs))


def packages() -> list[str]:
    """Name and version of every installed package, from the names of its metadata folders."""
    names: set[str] = set()
    for folder in map(Path, sys.path):
        if folder.is_dir():
            names.update(p.name for p in folder.iterdir()
                         if p.suffix in (".dist-info", ".egg-info"))
    return sorted(names)


def digest(*parts: str | bytes) -> str:
    """SHA-256 over parts, each with its length: ``("ab", "c")`` and ``("a", "bc")`` differ."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(f"{len(data)}:".encode() + data)
    return sha.hexdigest()


@lru_cache
def own_code() -> str:
    """A digest of this package's code."""
    folder = Path(__file__).parent
    return digest(*(part for path in sorted(folder.glob("*.py"))
                    for part in (path.name, path.read_bytes())))


def input_digests(book: Book) -> dict[str, str]:
    """A digest of every input file, by its path, from the project's root where it is inside; ""
    for one that went away meanwhile."""
    digests = {}
    for path in input_files(book):
        try:
            content = digest(path.read_bytes())
        except FileNotFoundError:
            content = ""
        inside = path.is_relative_to(book.root)
        digests[path.relative_to(book.root).as_posix() if inside else str(path)] = content
    return digests


def environment_digest(book: Book, inputs: dict[str, str] | None = None) -> str:
    """A digest of what all chapters share: inputs, versions, how kernels are started, environment
    variables. ``inputs``: what ``input_digests`` gave, where that is known."""
    variables: dict[str, str | None] = {name: os.environ.get(name) for name in book.env}
    variables |= {name: value for name, value in os.environ.items()
                  if name.startswith(FOLLOWED_VARIABLES)}
    return digest(own_code(), sys.version, platform.platform(), *packages(), book.execute_dir,
                  json.dumps([book.preload, sorted(variables.items()),
                              input_digests(book) if inputs is None else inputs]))


def chapter_key(shared: str, source: Source) -> str:
    """The key of one chapter's outputs."""
    return digest(shared, source.path, *(part for unit in source.executable()
                                         for part in (unit.kind, unit.source)))


def stored_name(slug: str, key: str, suffix: str) -> str:
    """The name of the file in which something is stored for a chapter under a key."""
    return f"{slug}.{key[:KEY_LENGTH]}{suffix}"


def family(slug: str, suffix: str) -> str:
    """The pattern of what ``stored_name`` gives for one slug and every key. The slug ``a`` shall
    not take the files of ``a.b`` for its own."""
    return f"{glob.escape(slug)}.{'[0-9a-f]' * KEY_LENGTH}{suffix}"


def read_json(path: Path) -> Any:
    """What ``write_json`` wrote there, marked as just used; None where nothing can be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        os.utime(path)
    except (OSError, ValueError):
        return None
    return content


def write_json(path: Path, content: Any, members: str) -> None:
    """Write JSON in one step. Of the files that the pattern ``members`` matches, the ones used
    longest ago are removed, so that ``KEPT_RESULTS`` are left."""
    part = path.with_suffix(PART)
    part.write_text(json.dumps(content, sort_keys=True), "utf-8")
    part.replace(path)
    kept = sorted(path.parent.glob(members), key=lambda p: p.stat().st_mtime)
    for old in kept[:-KEPT_RESULTS]:
        old.unlink(missing_ok=True)


class OutputStore:
    """Outputs of chapters on disk: one JSON file for each chapter and key."""

    def __init__(self, root: Path):
        self.folder = root / FOLDER / "cells"

    def _path(self, slug: str, key: str) -> Path:
        return self.folder / stored_name(slug, key, ".json")

    def get(self, slug: str, key: str) -> Outputs | None:
        """The outputs of a chapter under a key; None where they are not there."""
        stored = read_json(self._path(slug, key))
        if not stored or stored.get("key") != key:
            return None
        outputs: Outputs = stored["outputs"]
        return outputs

    def put(self, slug: str, key: str, outputs: Outputs) -> None:
        """Keep a chapter's outputs, and remove the oldest."""
        self._make_folder()
        write_json(self._path(slug, key), {"key": key, "outputs": outputs}, family(slug, ".json"))

    def seconds(self, slug: str) -> float | None:
        """How long the chapter took when it was last made, its cells and its text; None when
        it never was."""
        try:
            parts = [float((self.folder / f"{slug}.{part}.seconds").read_text("utf-8"))
                     for part in ("cells", "text")]
        except (OSError, ValueError):
            return None
        return sum(parts)

    def record_seconds(self, slug: str, part: str, seconds: float) -> None:
        """Note how long a part of the chapter (``cells`` or ``text``) took."""
        self._make_folder()
        (self.folder / f"{slug}.{part}.seconds").write_text(f"{seconds:.1f}", "utf-8")

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
