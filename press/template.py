"""Fill a document's template: everything that is not in its chapters.

That is the title page, the words of every citation, and the list of references. Citations are
numbered over the whole book, so Pandoc writes them together, apart from the chapters.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import pandoc
from .cache import FOLDER, digest, read_json, write_json
from .config import Book
from .convert import CUT, SUBFOLDER, WRITERS, tools_digest

CITATION_KEY = re.compile(r'"citationId":\s*"([^"]+)"')
SAMPLE_CODE = {"t": "CodeBlock", "c": [["", ["python"], []], "x = 1"]}
REFERENCES_HEADING = {"t": "Header", "c": [1, ["references", ["unnumbered"], []],
                                           [{"t": "Str", "c": "References"}]]}
REFERENCES_LIST = {"t": "Div", "c": [["refs", [], []], []]}


@dataclass
class FilledTemplate:
    """A document around its chapters.

    ``head`` and ``tail`` are what comes before and after the chapters, ``citations`` the words of
    each citation in order, ``references`` the list of references, with a heading unless a chapter
    has a place for it.
    """

    head: str
    citations: list[str]
    references: str
    tail: str


def _input_tree(book: Book, fmt: str, citations: list[str], placed: bool) -> dict[str, Any]:
    cut = {"t": "RawBlock", "c": ["html" if fmt == "html" else "typst", CUT.strip()]}
    # Pandoc writes the colours of code only into a document that has code; this piece of it is
    # left out afterwards.
    blocks = [SAMPLE_CODE, cut]
    for citation in citations:
        blocks += [*json.loads(citation)["blocks"], cut]
    if book.bibliography:
        blocks += [REFERENCES_LIST] if placed else [REFERENCES_HEADING, REFERENCES_LIST]
    return {"pandoc-api-version": pandoc.api_version(), "meta": {}, "blocks": blocks}


def fill(book: Book, fmt: str, template: Path, defaults: dict[str, Any], citations: list[str],
         placed: bool) -> tuple[FilledTemplate, list[pandoc.Finding]]:
    """The template of one format, filled, and what is wrong with the citations.

    ``template`` and ``defaults`` (variables, metadata) are Pandoc's. The template has a line
    ``CUT`` before and after the body. ``placed``: a chapter has a place for the list of references.
    """
    empty = FilledTemplate("", ["" for _ in citations], "", "")
    if citations and not book.bibliography:
        keys = dict.fromkeys(key for tree in citations for key in CITATION_KEY.findall(tree))
        return empty, [pandoc.Finding("citation", key) for key in keys]
    arguments = [*pandoc.writer_options(book, WRITERS[fmt]),
                 "--standalone", f"--template={template}"]
    files = [book.root / name for name in (*book.bibliography, *([book.csl] if book.csl else []))]
    if book.bibliography:
        arguments += ["--citeproc", "--metadata=link-citations:true",
                      *(f"--bibliography={book.root / name}" for name in book.bibliography)]
        if book.csl:
            arguments.append(f"--csl={book.root / book.csl}")
    arguments.append(f"--lua-filter={pandoc.FILTERS / 'elements.lua'}")
    folder = book.root / FOLDER / SUBFOLDER
    defaults_text = json.dumps(defaults)
    key = digest(tools_digest(), *arguments, defaults_text, *citations,
                 *(path.read_bytes() for path in files))
    path = folder / f"template.{key[:24]}.{fmt}.json"
    if stored := read_json(path):
        return FilledTemplate(**stored), []
    defaults_file = folder / f"defaults.{os.getpid()}.{fmt}.json"
    defaults_file.write_text(defaults_text, "utf-8")
    document = json.dumps(_input_tree(book, fmt, citations, placed))
    text, findings = pandoc.run([*arguments, f"--defaults={defaults_file.name}"], folder, document)
    defaults_file.unlink()
    if findings:
        return empty, findings
    head, _, *pieces, references, tail = text.split(CUT)
    filled = FilledTemplate(head, [piece.strip() for piece in pieces], references, tail)
    write_json(path, asdict(filled), f"template.*.{fmt}.json")
    return filled, []
