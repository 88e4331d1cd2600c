"""From sources to output: what changed, pre-render, cells, Pandoc and Typst side by side."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import cache, pandoc
from .config import Book
from .documents import Documents
from .notebook import Source, read
from .problems import Problem, RenderError

if TYPE_CHECKING:
    from . import execute


@dataclass
class Timings:
    """Seconds by phase, in order."""

    phases: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.phases[name] = self.phases.get(name, 0.0) + time.perf_counter() - begun


@dataclass
class Result:
    """What a render did: files written, chapters run again, seconds by phase."""

    files: list[Path]
    ran: list[str]
    unchanged: bool
    timings: Timings


def resources(book: Book) -> list[Path]:
    """Files that ``project.resources`` names, in a fixed order."""
    found: dict[Path, None] = {}
    for pattern in book.resources:
        if pattern.startswith("!"):
            for path in book.root.glob(pattern[1:].lstrip("/")):
                found.pop(path, None)
            continue
        pattern = pattern.lstrip("/").rstrip("/")
        for path in sorted(book.root.glob(pattern)):
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            found.update(dict.fromkeys(p for p in inside if p.is_file()))
    return list(found)


def _prepared(book: Book) -> str:
    """A digest of what pre-render commands work on and what they may have made."""
    made = [path.read_bytes() for path in resources(book)]
    return cache.digest(*book.pre_render, cache.environment_digest(book), *made)


@contextmanager
def prepared(book: Book, force: bool = False) -> Iterator[execute.Kernels | None]:
    """Run ``project.pre-render`` as Quarto does: in the project, with this Python in front.

    Commands that succeeded are not run again while the input files, the resources, the packages
    and the chosen environment variables are the same. Where they do run, something has changed,
    and chapters will most likely run too: what their kernels are started from gets ready
    meanwhile, and is given.
    """
    done = book.root / cache.FOLDER / "pre-render"
    if not book.pre_render or (not force and done.is_file()
                               and done.read_text("utf-8") == _prepared(book)):
        yield None
        return
    from . import execute

    with execute.Kernels(book) as kernels:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(_run_pre_render, book)
            execute.get_ready()
            running.result()
        done.parent.mkdir(exist_ok=True)
        done.write_text(_prepared(book), "utf-8")
        yield kernels


def _run_pre_render(book: Book) -> None:
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "QUARTO_PROJECT_ROOT": str(book.root),
        "QUARTO_PROJECT_OUTPUT_DIR": str(book.root / book.output_dir),
        "QUARTO_PROJECT_RENDER_ALL": "1",
    }
    for said in book.pre_render:
        words = shlex.split(said)
        if words and words[0].endswith(".py"):
            words.insert(0, sys.executable)
        elif words and words[0] in ("python", "python3"):
            words[0] = sys.executable
        try:
            done = subprocess.run(words, cwd=book.root, env=environment, text=True,
                                  capture_output=True)
        except OSError as error:
            raise RenderError(Problem("_quarto.yml", 0, f"pre-render `{said}`: {error.strerror}")
                              ) from None
        if done.returncode:
            message = (done.stdout + done.stderr).strip() or "no message"
            raise RenderError(Problem("_quarto.yml", 0, f"pre-render `{said}` ended with exit "
                                      f"status {done.returncode}:\n{message}"))
        sys.stderr.write(done.stdout + done.stderr)


def outputs_of(book: Book, sources: dict[str, Source], force: bool = False,
               ready: Callable[[str, cache.Outputs], None] = lambda path, outputs: None,
               kernels: execute.Kernels | None = None,
               ) -> tuple[dict[str, cache.Outputs], list[str]]:
    """Outputs of every chapter, from the store or from a kernel, and which chapters ran.

    ``ready`` is called for each chapter as soon as its outputs are there.
    """
    store, shared = cache.Store(book.root), cache.environment_digest(book)
    keys = {path: cache.chapter_key(shared, source) for path, source in sources.items()}
    slugs = {chapter.path: chapter.slug for chapter in book.chapters}
    outputs: dict[str, cache.Outputs] = {}
    waiting = []

    def take(path: str, result: cache.Outputs) -> None:
        outputs[path] = result
        ready(path, result)

    def keep(path: str, result: cache.Outputs, seconds: float) -> None:
        store.put(slugs[path], keys[path], result)
        store.took(slugs[path], "cells", seconds)
        take(path, result)

    def length(source: Source) -> tuple[float, int, int]:
        """Seconds as far as known; else those that the book says take long, in its order, before
        the others, by how much code there is."""
        known = store.seconds(slugs[source.path]) or 0.0
        named = book.first.index(source.path) if source.path in book.first else len(book.first)
        return known, -named, sum(len(unit.code) for unit in source.executable())

    for path, source in sources.items():
        held = None if force else store.get(slugs[path], keys[path])
        if not source.executable():
            take(path, [])
        elif held is None:
            waiting.append(source)
        else:
            take(path, held)
    if waiting:
        from . import execute

        # Longest first, so that no core is left with a long chapter at the end.
        order = sorted(waiting, key=length, reverse=True)
        with nullcontext(kernels) if kernels else execute.Kernels(book) as kernels:
            execute.run(book, order, keep, kernels)
    return outputs, [source.path for source in waiting]


def _stamp(book: Book, sources: dict[str, Source], formats: list[str]) -> str:
    """A digest of everything the output is made from."""
    own = sorted(p for p in pandoc.HERE.rglob("*") if p.is_file() and p.suffix != ".pyc")
    parts: list[str | bytes] = [",".join(formats), cache.environment_digest(book)]
    parts += [p.read_bytes() for p in own]
    parts += [source.text for source in sources.values()]
    named = ["_quarto.yml", *book.bibliography, *book.css, *book.after_body, book.csl]
    parts += [(book.root / name).read_bytes() for name in named if name]
    for path in resources(book):
        parts += [path.relative_to(book.root).as_posix(), path.read_bytes()]
    return cache.digest(*parts)


def _stamp_file(book: Book, output: Path) -> Path:
    where = os.path.relpath(output, book.root)
    return book.root / cache.FOLDER / f"stamp-{cache.digest(where)[:12]}.json"


def _still_there(book: Book, stamp_file: Path, stamp: str, output: Path) -> list[Path] | None:
    """The files of the last render, when it was made from the same and none was touched."""
    try:
        held = json.loads(stamp_file.read_text("utf-8"))
        same = held["stamp"] == stamp and all(
            cache.digest((output / name).read_bytes()) == sha
            for name, sha in held["files"].items()) and all(
            cache.digest((book.root / name).read_bytes()) == sha
            for name, sha in held["images"].items())
    except (OSError, ValueError, KeyError):
        return None
    return [output / name for name in held["documents"]] if same else None


def _linked(book: Book) -> set[str]:
    """What links to files may lead to, as paths from the project's root."""
    known = {path.relative_to(book.root).as_posix() for path in resources(book)}
    return known | {f"{book.output_file}.{suffix}" for suffix in ("pdf", "html")}


def _publish(book: Book, made: list[Path], output: Path) -> list[Path]:
    """Move whole files into place, each in one step, and copy the resources."""
    output.mkdir(parents=True, exist_ok=True)
    for path in resources(book):
        target = output / path.relative_to(book.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(path, part)
        part.replace(target)
    final = []
    for path in made:
        part = output / f".{path.name}.{os.getpid()}"
        shutil.copyfile(path, part)
        part.replace(output / path.name)
        final.append(output / path.name)
    return final


def render(book: Book, formats: list[str], output: Path | None = None, force: bool = False,
           ) -> Result:
    """Render ``formats`` (of ``html`` and ``pdf``) into ``output``.

    Raises RenderError with every problem found; the previous output is then as it was.
    """
    from . import lint

    timings = Timings()
    output = output or book.root / book.output_dir
    with timings.phase("read"):
        sources = {c.path: read(book.root, c.path) for c in book.chapters}
        stamp_file, stamp = _stamp_file(book, output), _stamp(book, sources, formats)
        files = None if force else _still_there(book, stamp_file, stamp, output)
    if files:
        return Result(files, [], True, timings)
    if problems := lint.check(book, sources):
        raise RenderError(problems)
    home = book.root / cache.FOLDER
    home.mkdir(exist_ok=True)
    with ExitStack() as held:
        with timings.phase("pre-render"):
            kernels = held.enter_context(prepared(book, force))
        work = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="work-", dir=home)))
        documents = held.enter_context(Documents(book, sources, work, formats))
        with timings.phase("cells"):
            outputs, ran = outputs_of(book, sources, force, documents.ready, kernels)
        with timings.phase("documents"):
            made = documents.finish(outputs, _linked(book), timings.phase)
            images = documents.images()
        with timings.phase("publish"):
            final = _publish(book, made, output)
    held = {path.name: cache.digest(path.read_bytes()) for path in final}
    held |= {p.relative_to(book.root).as_posix(): cache.digest(p.read_bytes())
             for p in resources(book)}
    kept = {"stamp": _stamp(book, sources, formats), "files": held,
            "images": {name: cache.digest((book.root / name).read_bytes()) for name in images},
            "documents": [path.name for path in final]}
    stamp_file.write_text(json.dumps(kept), "utf-8")
    return Result(final, ran, False, timings)
