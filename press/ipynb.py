"""Store chapters as executed notebooks, which pytest's nbval can run again and compare.

nbval compares neither inline expressions, which are part of a text, nor images. So each inline
expression becomes a hidden code cell just before the text that uses it, figures are stored as text
only (cells of the chapter print their rows), and what differs from run to run is left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import cache, lint
from .config import Book
from .errors import LintError, Problem
from .execute import KERNELSPEC
from .lock import alone, recover
from .publish import put
from .qmd import Source, Unit, read
from .render import outputs_of, read_sources
from .terminal import ADDRESS


def _metadata(unit: Unit) -> dict[str, Any]:
    if unit.kind == "text":
        return {}
    if unit.kind == "inline":
        return {"jupyter": {"source_hidden": True}, "tags": ["inline"]}
    if not unit.runs:
        return {"tags": ["nbval-skip", "skip-execution"]}
    return {"tags": ["nbval-ignore-output"]} if unit.label.startswith("fig-") else {}


def _lines(text: Any) -> Any:
    return text.splitlines(keepends=True) if isinstance(text, str) else text


def _output(output: dict[str, Any], count: int) -> dict[str, Any] | None:
    """An output as it is stored, without images and addresses of objects; None where nothing else
    is in it."""
    if output["output_type"] == "stream":
        return output | {"text": _lines(output["text"])}
    data = {mime: _lines(value) for mime, value in output.get("data", {}).items()
            if not mime.startswith("image/")}
    if not data:
        return None
    if "text/plain" in data:  # beside a table, the object that draws it
        data["text/plain"] = _lines(ADDRESS.sub("at 0x>", "".join(data["text/plain"])))
    stored = output | {"data": data, "metadata": {}}
    for name in ("plain", "sizes"):
        stored.pop(name, None)
    if output["output_type"] == "execute_result":
        stored["execution_count"] = count
    return stored


def notebook(source: Source, outputs: cache.Outputs | None = None) -> dict[str, Any]:
    """The chapter as a notebook (format 4.5), with outputs where they are given."""
    results, count = iter(outputs or []), 0
    cells = []
    for unit in source.units:
        cell: dict[str, Any] = {"id": unit.id, "metadata": _metadata(unit),
                                "source": _lines(unit.source.strip("\n"))}
        if unit.kind == "text":
            cell["cell_type"] = "markdown"
        else:
            count += unit.runs
            given = next(results, []) if unit.runs else []
            cell |= {"cell_type": "code", "execution_count": count if unit.runs else None,
                     "outputs": [stored for o in given if (stored := _output(o, count))]}
        cells.append(cell)
    metadata = {"kernelspec": KERNELSPEC, "press": {"chapter": source.path}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _orphans(book: Book, folder: Path) -> list[Path]:
    """Stored notebooks of chapters that are no longer there. Notebooks that this module did not
    write are not among them."""
    slugs = {chapter.slug for chapter in book.chapters}
    return sorted(path for path in folder.glob("*.ipynb")
                  if path.stem not in slugs and '"press": {' in path.read_text("utf-8"))


def refresh(book: Book, folder: Path, force: bool = False) -> list[Path]:
    """Run what changed and store every chapter's notebook; returns the files that changed.

    ``force`` runs all chapters. Raises LintError, or CellError where cells fail.
    """
    sources = read_sources(book)
    if problems := lint.check(book, sources):
        raise LintError(problems)
    home = book.root / cache.FOLDER
    home.mkdir(exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with alone(home):
        recover(folder)
        outputs, _ = outputs_of(book, sources, force)
        texts = {f"{chapter.slug}.ipynb": _text(notebook(sources[chapter.path],
                                                         outputs[chapter.path]))
                 for chapter in book.chapters}
        different = {name: text for name, text in texts.items()
                     if not (folder / name).is_file()
                     or (folder / name).read_bytes() != text.encode()}
        orphans = [path.name for path in _orphans(book, folder)]
        if different or orphans:
            put(folder, different, orphans)
    return [folder / name for name in (*different, *orphans)]


def _inputs(content: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a notebook runs and says, without its outputs."""
    return [(cell.get("cell_type"), cell.get("id"), json.dumps(cell.get("metadata")),
             "".join(cell.get("source", []))) for cell in content.get("cells", [])]


def stale(book: Book, folder: Path) -> list[Problem]:
    """A problem for each stored notebook that is not in step with its chapter; nothing is run."""
    problems = []
    remedy = "run `python -m press notebooks`"

    def report(path: Path, message: str) -> None:
        try:
            place = path.resolve().relative_to(book.root).as_posix()
        except ValueError:
            place = str(path)
        problems.append(Problem(place, 0, f"{message}; {remedy}"))

    for chapter in book.chapters:
        path = folder / f"{chapter.slug}.ipynb"
        if not path.is_file():
            report(path, f"is missing, the notebook of {chapter.path}")
            continue
        try:
            content = json.loads(path.read_text("utf-8"))
        except ValueError:
            report(path, "is not a notebook")
            continue
        stored, expected = _inputs(content), _inputs(notebook(read(book.root, chapter.path)))
        if stored == expected:
            continue
        first = next((e for s, e in zip(stored, expected, strict=False) if s != e),
                     (expected + stored)[min(len(expected), len(stored)) - 1])
        report(path, f"is not in step with {chapter.path}: first difference at cell `{first[1]}`")
    for path in _orphans(book, folder):
        report(path, "belongs to no chapter")
    return problems
