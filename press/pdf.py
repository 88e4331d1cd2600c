"""The book as a PDF, which Typst makes: tagged, and declared as PDF/UA-1 (accessible) and PDF/A-3a
(to be kept). Part 3 and not 2 of PDF/A, because files such as a dataset may be attached to it."""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import cores, pandoc, typst_errors
from .config import Book
from .qmd import Source
from .template import FilledTemplate, fill, plain_words, title_words
from .timings import Spent
from .words import words

LINK = re.compile(r'#link\(label\("((?:[^"\\]|\\.)*)"\)\)')
LABEL = re.compile(r'#(?:label|anchor|numbered|reference)\("((?:[^"\\]|\\.)*)"'
                   r'|#float\("\w+", "((?:[^"\\]|\\.)*)"')


def fill_template(book: Book, citations: list[str], placed: bool, spent: Spent,
                  ) -> tuple[FilledTemplate, list[pandoc.Finding]]:
    """The Typst around the chapters, and what is wrong with the citations (Pandoc's trees).

    ``placed``: a chapter has a place for the list of references.
    """
    return fill(book, "typst", pandoc.ASSETS / "book.template", {}, citations, placed, spent)


def between_documents(source: str, other: str) -> str:
    """Typst in which a link to what is not in this document leads into the ``other`` PDF."""
    here = {first or second for first, second in LABEL.findall(source)}
    return LINK.sub(lambda link: link[0] if link[1] in here else f'#link("{other}#{link[1]}")',
                    source)


def day(book: Book) -> int:
    """The book's date in seconds, where it is written as year, month and day; else 0."""
    try:
        day = datetime.strptime(book.date, "%Y-%m-%d")
    except ValueError:
        return 0
    return int(day.replace(tzinfo=UTC).timestamp())


def finish(book: Book, work: Path, documents: dict[Path, str], chapters: dict[str, Source],
           ) -> list[pandoc.Finding]:
    """Compile the Typst of ``documents`` to the files that are its keys, side by side, and return
    what is wrong with it.

    ``chapters``: as they were read, to say where something is wrong.
    """
    shutil.copyfile(pandoc.ASSETS / "book.typ", work / "book.typ")
    with ThreadPoolExecutor(min(len(documents), cores.usable())) as pool:
        return [finding for findings in pool.map(
                    lambda target: _compile(book, work, documents[target], target, chapters),
                    documents) for finding in findings]


def _compile(book: Book, work: Path, source: str, target: Path, chapters: dict[str, Source],
             ) -> list[pandoc.Finding]:
    """Only the fonts that come with Typst and those of ``font-paths`` are used, and the date is
    that of the book, so that the bytes are the same on every machine."""
    import typst

    part = "paper" if target.name == f"{book.output_file}.pdf" else "supplement"
    language, _, region = book.lang.partition("-")
    meta: dict[str, Any] = {
        "title": plain_words(title_words(book, "title", Spent())), "authors": list(book.authors),
        "lang": language, "region": region or None, "words": words(book.lang),
        "depth": book.option("typst", "toc-depth")}
    if part == "supplement":
        meta["part"] = words(book.lang)["supplement"]
    if book.date:
        meta["date"] = book.date
    about, main = work / f"{part}.json", work / f"{part}.typ"
    about.write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    main.write_text(source, "utf-8")
    try:
        typst.compile(str(main), output=str(target), root=str(book.root),
                      sys_inputs={"about": about.name},
                      ignore_system_fonts=True, pdf_standards=["ua-1", "a-3a"],
                      timestamp=day(book),
                      font_paths=[str(book.root / name) for name in book.font_paths])
    except typst.TypstError as error:
        diagnostic = getattr(error, "diagnostic", None) or f"error: {error}"
        return typst_errors.findings(diagnostic, source, chapters, main.name)
    return []
