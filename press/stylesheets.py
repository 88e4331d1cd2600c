"""The page's style: its own, the project's after it, and the fonts that these name, as data."""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Iterator

from . import pandoc
from .config import Book
from .errors import Problem
from .reading import read_text

FONTS = {".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf"}
FONT = re.compile(r"""url\(\s*["']?(?!data:)([^"')]+\.(?:woff2?|ttf|otf))["']?\s*\)""", re.I)


def fonts(book: Book) -> list[str]:
    """The fonts that the project's style sheets name, those that are there, as paths from its
    root. Style sheets that are not there are passed over: reading the configuration names them."""
    named = {path: None for css in book.css if (book.root / css).is_file()
             for path, _ in _named(css, (book.root / css).read_bytes().decode("utf-8", "replace"))}
    return [path for path in named if (book.root / path).is_file()]


def missing_fonts(book: Book) -> list[Problem]:
    """A problem for each font that a style sheet names and that is not there."""
    return [Problem(css, line, f"the font {path} does not exist; its address is relative to the "
                    "style sheet")
            for css in book.css for path, line in _named(css, read_text(book.root, css))
            if not (book.root / path).is_file()]


def stylesheet(book: Book) -> str:
    """The page's style, and after it what ``format.html.css`` names, with its fonts as data."""
    sheets = [(pandoc.ASSETS / "page.css").read_text("utf-8")]
    for css in book.css:
        def embedded(match: re.Match[str], css: str = css) -> str:
            path = book.root / _from_root(css, match[1])
            data = base64.b64encode(path.read_bytes()).decode()
            return f"url(data:{FONTS[path.suffix.lower()]};base64,{data})"

        sheets.append(FONT.sub(embedded, read_text(book.root, css)))
    return "\n".join(sheets)


def _named(css: str, text: str) -> Iterator[tuple[str, int]]:
    """Each font that a style sheet names, as a path from the root, and its line."""
    for match in FONT.finditer(text):
        yield _from_root(css, match[1]), text.count("\n", 0, match.start()) + 1


def _from_root(css: str, font: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(css), font))
