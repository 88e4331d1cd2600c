"""The book as a PDF, which Typst makes: tagged, and declared as PDF/UA-1 (accessible)."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from . import pandoc
from .config import Book
from .errors import Problem, TypstError
from .template import FilledTemplate, fill


def fill_template(book: Book, citations: list[str], placed: bool,
                  ) -> tuple[FilledTemplate, list[pandoc.Finding]]:
    """The Typst around the chapters, and what is wrong with the citations (Pandoc's trees).

    ``placed``: a chapter has a place for the list of references.
    """
    return fill(book, "typst", pandoc.ASSETS / "book.template", {}, citations, placed)


def finish(book: Book, work: Path, source: str, target: Path) -> None:
    """Compile Typst ``source`` to ``target``. Raises TypstError where that cannot be done.

    Only the fonts that come with the package are used and no date is written, so that the bytes
    are the same on every machine.
    """
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
                      ignore_system_fonts=True, pdf_standards="ua-1", timestamp=0)
    except typst.TypstError as error:
        message = " ".join(str(error).split())
        hints = " ".join(getattr(error, "hints", None) or [])
        raise TypstError(Problem("PDF", 0, f"Typst: {message} {hints}".strip())) from None
