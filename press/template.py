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

from . import conditional, pandoc, raw_html, subset
from .cache import FOLDER, digest, family, read_json, stored_name, write_json
from .config import CONFIG_FILE, Book
from .convert import CUT, SUBFOLDER, WRITERS, tools_digest
from .timings import Spent
from .words import words

NOCITE_KEY = re.compile(r"@\{?(\*|[\w:.#$%&+?<>~/-]*\w)")
UNREADABLE = re.compile(r"Error reading bibliography file (.+?):? \(line (\d+), column \d+\):"
                        r"\s*(.*)",
                        re.S)
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


PLAIN = re.compile(r"[\w .,;:()%/?!-]*")
"""Words in which Markdown finds nothing else."""
TITLES = ("title", "subtitle", "description")


def title_words(book: Book, name: str, spent: Spent) -> list[Any]:
    """The title, subtitle or description of a book, Markdown as with Quarto, as Pandoc's
    inlines."""
    text = " ".join(str(getattr(book, name)).split())
    if PLAIN.fullmatch(text) and "--" not in text and "..." not in text:
        return [{"t": "Str", "c": text}]
    # A word before it keeps it from being a list or a heading.
    written, _ = pandoc.run(["--from=markdown-citations", "--to=json"], book.root, f"x {text}",
                            spent)
    inlines: list[Any] = json.loads(written)["blocks"][0]["c"][2:]
    return list(raw_html.native(inlines))


def plain_words(inlines: Any) -> str:
    """Inlines without their markup, for where there can be none."""
    marks = {"SingleQuote": "\u2018\u2019", "DoubleQuote": "\u201c\u201d"}
    text = ""
    for item in inlines:
        kind, content = item["t"], item.get("c")
        if kind == "Str":
            text += content
        elif kind in ("Code", "Math"):
            text += content[1]
        elif kind == "Quoted":
            pair = marks[content[0]["t"]]
            text += pair[0] + plain_words(content[1]) + pair[1]
        elif kind in ("Link", "Span"):
            text += plain_words(content[1])
        elif isinstance(content, list) and kind not in ("Note", "RawInline", "Image", "Cite"):
            text += plain_words(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            text += " "
    return text


def _input_tree(book: Book, fmt: str, citations: list[str], placed: bool,
                about: dict[str, list[Any]]) -> dict[str, Any]:
    cut = {"t": "RawBlock", "c": ["html" if fmt == "html" else "typst", CUT.strip()]}
    # Pandoc writes the colours of code only into a document that has code; this piece of it is
    # left out afterwards.
    blocks = [SAMPLE_CODE, cut]
    for citation in citations:
        blocks += [*json.loads(citation)["blocks"], cut]
    if book.bibliography and (citations or book.nocite):
        title = [{"t": "Str", "c": words(book.lang)["references"]}]
        heading = {"t": "Header", "c": [1, ["references", ["unnumbered"], []], title]}
        blocks += [REFERENCES_LIST] if placed else [heading, REFERENCES_LIST]
    meta = {"nocite": nocite(book.nocite)} if book.nocite else {}
    meta |= {name: {"t": "MetaInlines", "c": conditional.for_format(inlines, fmt)}
             for name, inlines in about.items()}
    return {"pandoc-api-version": pandoc.api_version(), "meta": meta, "blocks": blocks}


def nocite(keys: str) -> dict[str, Any]:
    """Citations for entries (`@key @{other}`) that are in the list of references without being
    cited."""
    citations = [{"citationId": key, "citationPrefix": [], "citationSuffix": [],
                  "citationMode": {"t": "AuthorInText"}, "citationNoteNum": 0, "citationHash": 0}
                 for key in NOCITE_KEY.findall(keys)]
    return {"t": "MetaInlines", "c": [{"t": "Cite", "c": [citations, []]}]}


def _in_bibliography(finding: pandoc.Finding, book: Book) -> pandoc.Finding:
    """A finding with file and line, where citeproc could not read a bibliography."""
    found = UNREADABLE.match(finding.what)
    path = Path(found[1]) if found else Path()
    if not found or not path.is_relative_to(book.root):
        return finding
    return pandoc.Finding(finding.kind, f"cannot be read: {found[3]}",
                          path.relative_to(book.root).as_posix(), "", int(found[2]))


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
                      *(f"--bibliography={pandoc.address(book.root / name)}"
                        for name in book.bibliography)]
        if book.csl:
            arguments.append(f"--csl={pandoc.address(book.root / book.csl)}")
    arguments.append(f"--lua-filter={pandoc.FILTERS / 'elements.lua'}")
    folder = book.root / FOLDER / SUBFOLDER
    about = {name: title_words(book, name, spent) for name in TITLES if getattr(book, name)}
    if wrong := subset.check({"blocks": [{"t": "Plain", "c": inlines}
                                         for inlines in about.values()]}, CONFIG_FILE, set()):
        return empty, wrong
    defaults_text = json.dumps([defaults, about])

    def key() -> str:
        return digest(tools_digest(), *arguments, defaults_text, book.lang, book.nocite, *citations,
                      *(path.read_bytes() for path in files))

    before = key()
    path = folder / stored_name("book", before, f".template.{fmt}.json")
    if stored := read_json(path):
        return FilledTemplate(**stored), []
    defaults_file = folder / f"defaults.{os.getpid()}.{fmt}.json"
    defaults_file.write_text(json.dumps(defaults), "utf-8")
    document = json.dumps(_input_tree(book, fmt, citations, placed, about))
    text, findings = pandoc.run([*arguments, f"--defaults={defaults_file.name}"], folder, document,
                                spent)
    defaults_file.unlink()
    if findings:
        return empty, [_in_bibliography(finding, book) for finding in findings]
    if fmt == "typst":
        text = conditional.marks_restored(text)
    head, _, *pieces, references, tail = text.split(CUT)
    filled = FilledTemplate(head, [piece.strip() for piece in pieces], references, tail)
    # A file that changed while Pandoc read it: nobody knows which of its states this is made of.
    if key() == before:
        write_json(path, asdict(filled), family("book", f".template.{fmt}.json"))
    return filled, []
