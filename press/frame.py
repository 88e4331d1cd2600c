"""What of a document is not in its chapters: the title, what each citation says, the references.

Citations are numbered over the whole book, so they are written together, apart from the chapters.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import pandoc
from .cache import FOLDER, digest, keep, kept
from .config import Book
from .fragments import CUT, WRITERS, tools

CITED = re.compile(r'"citationId":\s*"([^"]+)"')
CODE = {"t": "CodeBlock", "c": [["", ["python"], []], "x = 1"]}
HEADING = {"t": "Header", "c": [1, ["references", ["unnumbered"], []],
                                [{"t": "Str", "c": "References"}]]}
LIST = {"t": "Div", "c": [["refs", [], []], []]}


@dataclass
class Frame:
    """``head`` and ``tail`` of the document, what its ``citations`` say, in order, and the list of
    ``references``, under a heading of its own unless a chapter has a place for it."""

    head: str
    citations: list[str]
    references: str
    tail: str


def _document(book: Book, fmt: str, citations: list[str], placed: bool) -> dict[str, Any]:
    cut = {"t": "RawBlock", "c": ["html" if fmt == "html" else "typst", CUT.strip()]}
    read = [json.loads(tree) for tree in citations]
    # A piece of code, left out afterwards, lets Pandoc give the colours of code.
    blocks = [CODE, cut]
    for tree in read:
        blocks += [*tree["blocks"], cut]
    if book.bibliography:
        blocks += [LIST] if placed else [HEADING, LIST]
    return {"pandoc-api-version": pandoc.api_version(), "meta": {}, "blocks": blocks}


def write(book: Book, fmt: str, template: Path, defaults: dict[str, Any], citations: list[str],
          placed: bool) -> tuple[Frame, list[pandoc.Finding]]:
    """The frame of the book in one format, and what Pandoc found wrong.

    ``template`` and ``defaults`` (variables, metadata) are Pandoc's; the template has a cut before
    and after the body. ``placed``: a chapter has a place for the list of references.
    """
    empty = Frame("", ["" for _ in citations], "", "")
    if citations and not book.bibliography:
        keys = dict.fromkeys(key for tree in citations for key in CITED.findall(tree))
        return empty, [pandoc.Finding("citation", key) for key in keys]
    arguments = [*pandoc.command(book, WRITERS[fmt]), "--standalone", f"--template={template}"]
    files = [book.root / name for name in (*book.bibliography, *([book.csl] if book.csl else []))]
    if book.bibliography:
        arguments += ["--citeproc", "--metadata=link-citations:true",
                      *(f"--bibliography={book.root / name}" for name in book.bibliography)]
        if book.csl:
            arguments.append(f"--csl={book.root / book.csl}")
    arguments.append(f"--lua-filter={pandoc.HERE / 'filters' / 'shape.lua'}")
    folder = book.root / FOLDER / "fragments"
    said = json.dumps(defaults)
    key = digest(tools(), *arguments, said, *citations, *(path.read_bytes() for path in files))
    path = folder / f"frame.{key[:24]}.{fmt}.json"
    if held := kept(path):
        return Frame(**held), []
    options = folder / f"defaults.{os.getpid()}.{fmt}.json"
    options.write_text(said, "utf-8")
    document = json.dumps(_document(book, fmt, citations, placed))
    text, findings = pandoc.run([*arguments, f"--defaults={options.name}"], folder, document)
    options.unlink()
    if findings:
        return empty, findings
    head, _, *pieces, references, tail = text.split(CUT)
    frame = Frame(head, [piece.strip() for piece in pieces], references, tail)
    keep(path, asdict(frame), f"frame.*.{fmt}.json")
    return frame, []
