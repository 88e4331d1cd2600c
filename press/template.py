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
from .cache import FOLDER, digest, family, read_json, stored_name, write_json
from .config import Book
from .convert import CUT, SUBFOLDER, WRITERS, tools_digest
from .timings import Spent
from .words import words

NOCITE_KEY = re.compile(r"@\{?(\*|[\w:.#$%&+?<>~/-]*\w)")
CITATION_KEY = re.compile(r'"citationId":\s*"([^"]+)"')
SAMPLE_CODE = {"t": "CodeBlock", "c": [["", ["python"], []], "x = 1"]}
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
        title = [{"t": "Str", "c": words(book.lang)["references"]}]
        heading = {"t": "Header", "c": [1, ["references", ["unnumbered"], []], title]}
        blocks += [REFERENCES_LIST] if placed else [heading, REFERENCES_LIST]
    meta = {"nocite": nocite(book.nocite)} if book.nocite else {}
    return {"pandoc-api-version": pandoc.api_version(), "meta": meta, "blocks": blocks}


def nocite(keys: str) -> dict[str, Any]:
    """Citations for entries (`@key @{other}`) that are in the list of references without being
    cited."""
    citations = [{"citationId": key, "citationPrefix": [], "citationSuffix": [],
                  "citationMode": {"t": "AuthorInText"}, "citationNoteNum": 0, "citationHash": 0}
                 for key in NOCITE_KEY.findall(keys)]
    return {"t": "MetaInlines", "c": [{"t": "Cite", "c": [citations, []]}]}


def fill(book: Book, fmt: str, template: Path, defaults: dict[str, Any], citations: list[str],
         placed: bool, spent: Spent) -> tuple[FilledTemplate, list[pandoc.Finding]]:
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

    def key() -> str:
        return digest(tools_digest(), *arguments, defaults_text, book.lang, book.nocite, *citations,
                      *(path.read_bytes() for path in files))

    before = key()
    path = folder / stored_name("book", before, f".template.{fmt}.json")
    if stored := read_json(path):
        return FilledTemplate(**stored), []
    defaults_file = folder / f"defaults.{os.getpid()}.{fmt}.json"
    defaults_file.write_text(defaults_text, "utf-8")
    document = json.dumps(_input_tree(book, fmt, citations, placed))
    text, findings = pandoc.run([*arguments, f"--defaults={defaults_file.name}"], folder, document,
                                spent)
    defaults_file.unlink()
    if findings:
        return empty, findings
    head, _, *pieces, references, tail = text.split(CUT)
    filled = FilledTemplate(head, [piece.strip() for piece in pieces], references, tail)
    # A file that changed while Pandoc read it: nobody knows which of its states this is made of.
    if key() == before:
        write_json(path, asdict(filled), family("book", f".template.{fmt}.json"))
    return filled, []
