"""The output folder: is it up to date, which files go there, and putting them in place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from . import cache, pandoc, stylesheets
from .config import CONFIG_FILE, MANUSCRIPTS, Book, line_of
from .convert import tools_digest
from .errors import Problem
from .lock import ARRIVING, NEW, OLD, STAGING
from .qmd import Source


def resources(book: Book) -> list[Path]:
    """The files that ``project.resources`` names, in a fixed order; none that a render makes."""
    files: dict[Path, None] = {}
    made = [book.root / cache.FOLDER, *([book.root / book.output_dir] * (book.output_dir != "."))]
    for pattern in book.resources:
        if pattern.startswith("!"):
            for path in book.root.glob(pattern[1:].lstrip("/")):
                files.pop(path, None)
            continue
        pattern = pattern.lstrip("/").rstrip("/")
        for path in sorted(book.root.glob(pattern)):
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            files.update(dict.fromkeys(p for p in inside if p.is_file() and not any(
                p.is_relative_to(folder) for folder in made)))
    return list(files)


def faults_of_resources(book: Book) -> list[Problem]:
    """What is named under ``project.resources`` and not there, or would take a document's place."""
    line = line_of(book.root, "resources")
    missing = [name for name in book.resources if not name.startswith("!")
               and not any(book.root.glob(name.strip("/")))]
    documents = {"index.html", *pdf_names(book)}
    taken = [path.name for path in resources(book)
             if path.relative_to(book.root).as_posix() in documents]
    return [*(Problem(CONFIG_FILE, line, f"`project.resources`: there is no {name}; mend its path, "
                      "or leave it out") for name in missing),
            *(Problem(CONFIG_FILE, line, f"`project.resources`: {name} has the name of a document "
                      "of this book; name it otherwise") for name in taken)]


def link_targets(book: Book) -> set[str]:
    """What links to files may lead to, as paths from the project's root."""
    copied = {path.relative_to(book.root).as_posix() for path in resources(book)}
    return copied | {f"{book.output_file}.html", *pdf_names(book)}


def pdf_names(book: Book) -> list[str]:
    """The PDF of the book, and after it that of the supplement, where there is one."""
    supplement = [f"{book.output_file}-supplement.pdf"] if book.supplement else []
    return [f"{book.output_file}.pdf", *supplement]


def _digest(path: Path) -> str:
    return cache.digest(path.read_bytes())


def publish(book: Book, documents: list[Path], pictures: dict[str, Path], output: Path,
            earlier: dict[str, str]) -> tuple[list[Path], dict[str, str]]:
    """Put the documents, the pictures beside them (by their path) and the resources into
    ``output``, all of them or none.

    ``earlier``: the files that earlier renders put there, with their digests. Of these, the ones
    that are no longer part of the book are removed, unless somebody has changed them. Returns the
    documents there, and every file of the book there with its digest.
    """
    sources = {path.relative_to(book.root).as_posix(): path for path in resources(book)}
    sources |= pictures | {path.name: path for path in documents}
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=output) as staging:
        # First everything is copied beside its place, where it may fail; then it is moved.
        new, old = Path(staging, NEW), Path(staging, OLD)
        for name, path in sources.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, new / name)
        files = {name: _digest(new / name) for name in sources}
        kept = {name: digest for name, digest in earlier.items() if name not in sources
                and (output / name).is_file() and _digest(output / name) == digest}
        # Pictures go with the document that shows them, and stay with one that was not asked for.
        others = {"figures", picture_folder(book)} - {name.partition("/")[0] for name in pictures}
        gone = [name for name in kept if not _is_document(book, name)
                and name.partition("/")[0] not in others]
        _exchange(output, new, old, list(sources), gone)
    return [output / path.name for path in documents], kept | files


def put(folder: Path, texts: dict[str, str], leaving: list[str]) -> None:
    """Put texts into a folder as files, and take others out of it, all or none."""
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder) as staging:
        new, old = Path(staging, NEW), Path(staging, OLD)
        new.mkdir()
        for name, text in texts.items():
            (new / name).write_text(text, "utf-8")
        _exchange(folder, new, old, list(texts), leaving)


def manuscript_name(book: Book, fmt: str) -> str:
    """The file of the paper in a format of ``config.MANUSCRIPTS``."""
    return f"{book.output_file}{MANUSCRIPTS[fmt]}"


def picture_folder(book: Book) -> str:
    """The folder beside the paper in JATS with its pictures."""
    return f"{book.output_file}-figures"


def _is_document(book: Book, name: str) -> bool:
    """Whether this is a document of the book, be it one that was not asked for this time."""
    return name in ("index.html", *pdf_names(book),
                    *(manuscript_name(book, fmt) for fmt in MANUSCRIPTS))


def _exchange(output: Path, new: Path, old: Path, arriving: list[str], leaving: list[str]) -> None:
    """Move files from ``new`` to ``output``, and those in their places and those leaving to
    ``old``. Where that fails, everything is moved back."""
    done: list[tuple[Path, Path]] = []
    (new.parent / ARRIVING).write_text(json.dumps(arriving), "utf-8")

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        done.append((source, target))

    try:
        for name in [*arriving, *leaving]:
            if (output / name).is_file():
                move(output / name, old / name)
        for name in arriving:
            move(new / name, output / name)
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise
    for name in leaving:
        for folder in (output / name).parents:
            if folder == output or any(folder.iterdir()):
                break
            folder.rmdir()


class RenderRecord:
    """What the last render into one folder was made from, and what it made.

    With it a render can tell that there is nothing to do.
    """

    def __init__(self, book: Book, sources: dict[str, Source], formats: list[str], output: Path):
        self.book, self.sources, self.formats, self.output = book, sources, formats, output
        where = os.path.relpath(output, book.root)
        self.path = book.root / cache.FOLDER / f"stamp-{cache.digest(where)[:12]}.json"

    def inputs(self) -> str:
        """A digest of everything the output is made from, this package among it.

        It is to be taken before the work: what changes later is then a reason to render again.
        """
        book = self.book
        package = sorted(p for p in pandoc.PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc")
        parts: list[str | bytes] = [",".join(self.formats), cache.environment_digest(book),
                                    tools_digest()]
        parts += [path.read_bytes() for path in package]
        parts += [source.text for source in self.sources.values()]
        named = [CONFIG_FILE, *book.bibliography, *book.css, *stylesheets.fonts(book),
                 *book.in_header, *book.after_body, book.csl]
        parts += [(book.root / name).read_bytes() for name in named if name]
        fonts = [font for name in book.font_paths for font in sorted((book.root / name).glob("*"))]
        parts += [font.read_bytes() for font in fonts if font.is_file()]
        for path in (*cache.pre_render_files(book), *resources(book)):
            parts += [path.relative_to(book.root).as_posix(), path.read_bytes()]
        return cache.digest(*parts)

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def earlier(self) -> dict[str, str]:
        """The files that earlier renders put into the folder, with their digests."""
        files = self._read().get("files", {})
        return files if isinstance(files, dict) else {}

    def images_shown(self) -> list[str]:
        """The files of the project that the last render showed, as paths from its root."""
        images = self._read().get("images", {})
        return list(images) if isinstance(images, dict) else []

    def current(self, inputs: str) -> list[Path] | None:
        """The documents of the last render, if it was made from the same ``inputs`` and nothing it
        wrote was touched since; else None."""
        # The images a chapter shows are known only from the last render, and so are checked here.
        record = self._read()
        try:
            same = record["stamp"] == inputs and all(
                _digest(folder / name) == digest
                for folder, key in ((self.output, "files"), (self.book.root, "images"))
                for name, digest in record[key].items())
        except (OSError, KeyError):
            return None
        return [self.output / name for name in record["documents"]] if same else None

    def write(self, inputs: str, documents: list[Path], files: dict[str, str],
              images: dict[str, str]) -> None:
        """Note a finished render: what it was made from, its documents, every file it left in the
        folder, and the project's images it shows; each with its digest."""
        record = {"stamp": inputs, "files": files, "images": images,
                  "documents": [path.name for path in documents]}
        self.path.write_text(json.dumps(record), "utf-8")
