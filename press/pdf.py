"""The book in print: Pandoc writes Typst, Typst writes a tagged PDF that claims PDF/UA-1."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from . import pandoc
from .config import Book
from .problems import Problem, RenderError

STANDARDS = ["ua-1"]


def write(book: Book, work: Path, tree: str) -> list[pandoc.Finding]:
    """Let Pandoc write Typst; ``finish`` compiles it."""
    shutil.copyfile(pandoc.ASSETS / "book.typ", work / "book.typ")
    meta = {"title": re.sub(r"[*_`]", "", book.title), "authors": list(book.authors),
            "lang": book.lang}
    for name in ("subtitle", "date", "description"):
        if value := getattr(book, name):
            meta[name] = value
    (work / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    return pandoc.run([
        *pandoc.command(book, "typst"), "--standalone",
        f"--template={pandoc.ASSETS / 'book.template'}", f"--output={work / 'main.typ'}", tree,
    ], work)


def finish(book: Book, work: Path, target: Path) -> None:
    """Compile. The wheel's own fonts and no date: the same bytes on every machine."""
    import typst

    try:
        typst.compile(str(work / "main.typ"), output=str(target), root=str(book.root),
                      ignore_system_fonts=True, pdf_standards=STANDARDS, timestamp=0)
    except typst.TypstError as error:
        message = " ".join(str(error).split())
        hints = " ".join(getattr(error, "hints", None) or [])
        raise RenderError(Problem("PDF", 0, f"Typst: {message} {hints}".strip())) from None
