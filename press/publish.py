"""The output folder: is it up to date, which files go there, and putting them in place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from . import cache, pandoc
from .config import CONFIG_FILE, Book
from .qmd import Source


def resources(book: Book) -> list[Path]:
    """The files that ``project.resources`` names, in a fixed order."""
    files: dict[Path, None] = {}
    for pattern in book.resources:
        if pattern.startswith("!"):
            for path in book.root.glob(pattern[1:].lstrip("/")):
                files.pop(path, None)
            continue
        pattern = pattern.lstrip("/").rstrip("/")
        for path in sorted(book.root.glob(pattern)):
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            files.update(dict.fromkeys(p for p in inside if p.is_file()))
    return list(files)


def link_targets(book: Book) -> set[str]:
    """What links to files may lead to, as paths from the project's root."""
    copied = {path.relative_to(book.root).as_posix() for path in resources(book)}
    return copied | {f"{book.output_file}.{suffix}" for suffix in ("pdf", "html")}


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that ``target`` is whole at any time: the old one, then the new one."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, part)
    part.replace(target)


def publish(book: Book, documents: list[Path], output: Path) -> list[Path]:
    """Put the documents and the resources into ``output``; returns the documents there."""
    output.mkdir(parents=True, exist_ok=True)
    for path in resources(book):
        target = output / path.relative_to(book.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target)
    for path in documents:
        _copy(path, output / path.name)
    return [output / path.name for path in documents]


class RenderRecord:
    """What the last render into one folder was made from, and what it made.

    With it a render can tell that there is nothing to do.
    """

    def __init__(self, book: Book, sources: dict[str, Source], formats: list[str], output: Path):
        self.book, self.sources, self.formats, self.output = book, sources, formats, output
        where = os.path.relpath(output, book.root)
        self.path = book.root / cache.FOLDER / f"stamp-{cache.digest(where)[:12]}.json"

    def _inputs(self) -> str:
        """A digest of everything the output is made from, this package among it."""
        book = self.book
        package = sorted(p for p in pandoc.PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc")
        parts: list[str | bytes] = [",".join(self.formats), cache.environment_digest(book)]
        parts += [path.read_bytes() for path in package]
        parts += [source.text for source in self.sources.values()]
        named = [CONFIG_FILE, *book.bibliography, *book.css, *book.after_body, book.csl]
        parts += [(book.root / name).read_bytes() for name in named if name]
        for path in resources(book):
            parts += [path.relative_to(book.root).as_posix(), path.read_bytes()]
        return cache.digest(*parts)

    def current(self) -> list[Path] | None:
        """The documents of the last render, if it was made from the same inputs and nothing it
        wrote was touched since; else None."""
        # The images a chapter shows are known only from the last render, and so are checked here.
        inputs = self._inputs()
        try:
            record = json.loads(self.path.read_text("utf-8"))
            same = record["stamp"] == inputs and all(
                cache.digest((folder / name).read_bytes()) == digest
                for folder, key in ((self.output, "files"), (self.book.root, "images"))
                for name, digest in record[key].items())
        except (OSError, ValueError, KeyError):
            return None
        return [self.output / name for name in record["documents"]] if same else None

    def write(self, documents: list[Path], images: Iterable[str]) -> None:
        """Note a finished render: its documents, and the project's images they show."""
        def digest(path: Path) -> str:
            return cache.digest(path.read_bytes())

        root = self.book.root
        files = {path.name: digest(path) for path in documents}
        files |= {path.relative_to(root).as_posix(): digest(path)
                  for path in resources(self.book)}
        record = {"stamp": self._inputs(), "files": files,
                  "images": {name: digest(root / name) for name in images},
                  "documents": [path.name for path in documents]}
        self.path.write_text(json.dumps(record), "utf-8")
