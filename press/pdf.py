"""The book in print: Typst makes a tagged PDF that claims PDF/UA-1."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from . import pandoc
from .config import Book
from .frame import Frame, write
from .problems import Problem, RenderError

STANDARDS = ["ua-1"]


def frame(book: Book, citations: list[str], placed: bool) -> tuple[Frame, list[pandoc.Finding]]:
    """The Typst around the chapters."""
    return write(book, "typst", pandoc.ASSETS / "book.template", {}, citations, placed)


def finish(book: Book, work: Path, source: str, target: Path) -> None:
    """Compile. The wheel's own fonts and no date: the same bytes on every machine."""
    import typst

    shutil.copyfile(pandoc.ASSETS / "book.typ", work / "book.typ")
    meta = {"title": re.sub(r"[*_`]", "", book.title), "authors": list(book.authors),
            "lang": book.lang}
    for name in ("subtitle", "date", "description"):
        if value := getattr(book, name):
            meta[name] = value
    (work / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    (work / "main.typ").write_text(source, "utf-8")
    try:
        typst.compile(str(work / "main.typ"), output=str(target), root=str(book.root),
                      ignore_system_fonts=True, pdf_standards=STANDARDS, timestamp=0)
    except typst.TypstError as error:
        message = " ".join(str(error).split())
        hints = " ".join(getattr(error, "hints", None) or [])
        raise RenderError(Problem("PDF", 0, f"Typst: {message} {hints}".strip())) from None
