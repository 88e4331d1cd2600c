"""The paper as one file for a word processor (.docx) or a journal's archive (JATS XML).

Pandoc writes both from the trees of which page and PDF are made: figures as pictures, tables as
tables, numbers as text. What a page alone can do is left out: cards, searching, folded code. A link
to a chapter of the supplement leads into its PDF.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from . import pandoc
from .config import Book
from .errors import Problem, RenderError
from .pdf import day
from .publish import pdf_names, picture_folder
from .template import CITATION_KEY, nocite
from .timings import Spent
from .words import words

WRITERS = {"docx": "docx", "jats": "jats_archiving+element_citations"}
SHARPNESS = 220
"""Pixels an inch of a drawing in a .docx: Word shows SVG only since 2016, and LibreOffice otherwise
than we do."""
LABEL = "pressXlabelX"
HELD = re.compile(rf"(<(?:fig|table-wrap)\b[^>]*>)\s*<caption>\s*<p>{LABEL}(.*?){LABEL}\s*", re.S)
TITLED = re.compile(rf"<title>{LABEL}(.*?){LABEL}\s*")
TABLE = re.compile(r'<table-wrap>((?:(?!</?table\b).)*)<table id="([^"]+)">', re.S)
EQUATION = re.compile(r'<boxed-text id="(eq-[^"]+)">\s*<p><disp-formula>(.*?)</disp-formula>'
                      r" (\([^()]+\))</p>\s*</boxed-text>", re.S)
EMPTY = re.compile(r"<journal-meta>\s*<journal-id></journal-id>.*?</journal-meta>\s*"
                   r"|<permissions>\s*</permissions>\s*", re.S)
XREF = re.compile(r'<xref alt="[^"]*" rid="((fig|tbl|sec|eq)-[^"]*)">')
REF_TYPES = {"fig": "fig", "tbl": "table", "sec": "sec", "eq": "disp-formula"}


def finish(book: Book, work: Path, chapters: list[str], elsewhere: list[str], fmt: str,
           target: Path, spent: Spent) -> list[pandoc.Finding]:
    """Write ``target`` in ``fmt`` (``docx`` or ``jats``) from the chapters' blocks (JSON), and what
    is wrong with it.

    elsewhere: citations of the supplement (Pandoc's trees), whose entries are in the list of
    references too, so that a name and a year are told apart as on the page.
    """
    blocks = [block for chapter in chapters for block in json.loads(chapter)]
    elements = list(pandoc.elements(blocks))
    names: dict[Path, str] = {}
    for image in (one["c"] for one in elements if one["t"] == "Image"):
        file = image[2][0]
        if file.startswith("data:"):
            continue
        source = book.root / file.removeprefix("root:") if file.startswith("root:") else work / file
        if source not in names:
            # files of different folders may have one name
            alike = sum(other.stem == source.stem for other in names)
            names[source] = f"{source.stem}{f'-{alike + 1}' if alike else ''}{source.suffix}"
        name = names[source]
        image[2][0] = _drawn(book, work, source, name) if fmt == "docx" \
            else _beside(book, source, name, target)
    cited = book.nocite or elsewhere or any(one["t"] == "Cite" for one in elements)
    if book.bibliography and cited and not any(one["t"] == "Div" and one["c"][0][0] == "refs"
                                     for one in elements):
        title = [{"t": "Str", "c": words(book.lang)["references"]}]
        blocks += [{"t": "Header", "c": [1, ["references", ["unnumbered"], []], title]},
                   {"t": "Div", "c": [["refs", [], []], []]}]
    _lead_out(book, blocks)
    keys = dict.fromkeys(key for tree in elsewhere for key in CITATION_KEY.findall(tree))
    listed = " ".join([book.nocite, *(f"@{{{key}}}" for key in keys)])
    document = {"pandoc-api-version": pandoc.api_version(), "blocks": blocks,
                "meta": {"nocite": nocite(listed)} if listed.strip() else {}}
    arguments = ["--from=json", f"--to={WRITERS[fmt]}", "--standalone", "--wrap=none",
                 f"--metadata=lang:{book.lang}", "--metadata=link-citations:true",
                 f"--metadata=press-words:{json.dumps(words(book.lang))}",
                 f"--metadata-file={_metadata(book, work)}",
                 f"--lua-filter={pandoc.FILTERS / 'manuscript.lua'}", f"--output={target}"]
    if book.bibliography:
        arguments += ["--citeproc", *(f"--bibliography={pandoc.address(book.root / one)}"
                                      for one in book.bibliography)]
        arguments += [f"--csl={pandoc.address(book.root / book.csl)}"] if book.csl else []
    # Pandoc writes the time into a .docx
    environment = {"SOURCE_DATE_EPOCH": str(day(book))}
    _, findings = pandoc.run(arguments, work, json.dumps(document), spent, environment)
    if fmt == "jats" and not findings:
        target.write_text(_labelled(target.read_text("utf-8")), "utf-8", newline="\n")
    return findings


def _metadata(book: Book, work: Path) -> Path:
    """What the front of the paper says, in a file."""
    about: dict[str, Any] = {"title": book.title}
    for name in ("subtitle", "date"):
        if value := getattr(book, name):
            about[name] = value
    if book.authors:
        about["author"] = list(book.authors)
    if book.description:
        about["abstract"] = f"{book.description}\n"  # a paragraph, where a text alone is words
    path = work / "manuscript.json"
    path.write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    return path


def _drawn(book: Book, work: Path, source: Path, name: str) -> str:
    """The picture as Word reads it: an SVG as a PNG, drawn with the fonts of the PDF."""
    if source.suffix.lower() != ".svg":
        return str(source)
    import typst

    drawn = (work / "pictures" / name).with_suffix(".png")
    drawn.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, drawn.with_suffix(".svg"))
    page = drawn.with_suffix(".typ")
    page.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n'
                    f'#image({json.dumps(drawn.stem + ".svg", ensure_ascii=False)})\n', "utf-8")
    drawn.write_bytes(typst.compile(
        str(page), format="png", ppi=SHARPNESS, root=str(book.root), ignore_system_fonts=True,
        font_paths=[str(book.root / name) for name in book.font_paths]))
    return drawn.relative_to(work).as_posix()


def _beside(book: Book, source: Path, name: str, target: Path) -> str:
    """The picture in a folder beside the file."""
    copy = target.parent / picture_folder(book) / name
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, copy)
    return copy.relative_to(target.parent).as_posix()


def _lead_out(book: Book, blocks: list[Any]) -> None:
    """Links to what is in no chapter of the paper lead into the supplement's PDF."""
    elements = list(pandoc.elements(blocks))
    here = {one["c"][0][0] for one in elements if one["t"] in ("Div", "Span", "Figure", "Table",
                                                              "Code", "CodeBlock", "Link", "Image")}
    here |= {one["c"][1][0] for one in elements if one["t"] == "Header"}
    for link in (one["c"] for one in elements if one["t"] == "Link"):
        address = link[2][0]
        if address.startswith("#") and address[1:] not in here:
            link[2][0] = f"{pdf_names(book)[-1]}{address}"


def _labelled(text: str) -> str:
    """JATS with what Pandoc does not write: the numbers of sections, figures, tables and equations
    as labels, ids where a reference may lead, kinds of references. Empty elements are left out."""
    text = EMPTY.sub("", text)
    text = TABLE.sub(r'<table-wrap id="\2">\1<table>', text)
    text = EQUATION.sub(r'<disp-formula id="\1"><label>\3</label>\2</disp-formula>', text)
    text = HELD.sub(r"\1\n<label>\2</label>\n<caption><p>", text)
    text = TITLED.sub(r"<label>\1</label>\n<title>", text)
    if LABEL in text:
        raise RenderError(Problem("", 0, "a number of the paper found no place in the JATS; "
                                  "this is a fault of the renderer"))
    return XREF.sub(lambda found: f'<xref ref-type="{REF_TYPES[found[2]]}" rid="{found[1]}">', text)
