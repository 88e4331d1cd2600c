"""Executed notebooks, one a chapter, that pytest's nbval can run again and compare.

nbval does not look at what Quarto keeps in the text, nor at images. So each inline expression is a
hidden code cell just before the text that uses it, figures are kept as text only (their rows are
printed by cells of the chapter), and everything that differs from run to run is left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import cache, lint
from .config import Book
from .notebook import Source, Unit, read
from .problems import Problem, RenderError
from .render import outputs_of

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


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
    """An output as stored: without images."""
    if output["output_type"] == "stream":
        return output | {"text": _lines(output["text"])}
    data = {mime: _lines(value) for mime, value in output.get("data", {}).items()
            if not mime.startswith("image/")}
    if not data:
        return None
    kept = output | {"data": data, "metadata": {}}
    if output["output_type"] == "execute_result":
        kept["execution_count"] = count
    return kept


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
            found = next(results, []) if unit.runs else []
            cell |= {"cell_type": "code", "execution_count": count if unit.runs else None,
                     "outputs": [kept for o in found if (kept := _output(o, count))]}
        cells.append(cell)
    metadata = {"kernelspec": KERNELSPEC, "press": {"chapter": source.path}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _sources(book: Book) -> dict[str, Source]:
    return {chapter.path: read(book.root, chapter.path) for chapter in book.chapters}


def _orphans(book: Book, folder: Path) -> list[Path]:
    """Stored notebooks of chapters that are no longer there; notebooks of others are let be."""
    wanted = {chapter.slug for chapter in book.chapters}
    return sorted(path for path in folder.glob("*.ipynb")
                  if path.stem not in wanted and '"press": {' in path.read_text("utf-8"))


def refresh(book: Book, folder: Path, force: bool = False) -> list[Path]:
    """Run what changed and store every chapter's notebook; returns the files that changed."""
    sources = _sources(book)
    if problems := lint.check(book, sources):
        raise RenderError(problems)
    outputs, _ = outputs_of(book, sources, force)
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for chapter in book.chapters:
        path = folder / f"{chapter.slug}.ipynb"
        text = _text(notebook(sources[chapter.path], outputs[chapter.path]))
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    for path in _orphans(book, folder):
        path.unlink()
        changed.append(path)
    return changed


def _inputs(content: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a notebook asks for, without what came of it."""
    return [(cell.get("cell_type"), cell.get("id"), json.dumps(cell.get("metadata")),
             "".join(cell.get("source", []))) for cell in content.get("cells", [])]


def stale(book: Book, folder: Path) -> list[Problem]:
    """Stored notebooks that are not in step with their chapters; nothing is run."""
    problems = []
    remedy = "run `python -m press notebooks`"

    def bad(path: Path, message: str) -> None:
        try:
            shown = path.resolve().relative_to(book.root).as_posix()
        except ValueError:
            shown = str(path)
        problems.append(Problem(shown, 0, f"{message}; {remedy}"))

    for chapter in book.chapters:
        path = folder / f"{chapter.slug}.ipynb"
        if not path.is_file():
            bad(path, f"is missing, the notebook of {chapter.path}")
            continue
        try:
            held = json.loads(path.read_text("utf-8"))
        except ValueError:
            bad(path, "is not a notebook")
            continue
        stored, wanted = _inputs(held), _inputs(notebook(read(book.root, chapter.path)))
        if stored == wanted:
            continue
        first = next((w for s, w in zip(stored, wanted, strict=False) if s != w),
                     (wanted + stored)[min(len(wanted), len(stored)) - 1])
        bad(path, f"is not in step with {chapter.path}: first difference at cell `{first[1]}`")
    for path in _orphans(book, folder):
        bad(path, "belongs to no chapter")
    return problems
