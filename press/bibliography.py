"""Entries of the bibliography that would be printed otherwise than meant: one of two with one key,
and one whose DOI is an address."""

from __future__ import annotations

import json
import re

from .config import Book
from .errors import Problem
from .reading import read_text

ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*[{(]\s*([^\s,{}()\"#%=]+)\s*,")
NO_ENTRIES = {"string", "comment", "preamble"}
ADDRESS = re.compile(r"^\s*doi\s*=\s*[{\"]\s*(https?://(?:dx\.)?doi\.org/)", re.I | re.M)
"""Before which citation styles write the address once more."""
BRACES = re.compile(r"\\.|[{}@]", re.S)


def entries(text: str) -> list[tuple[str, int]]:
    """The key of each entry of a BibTeX file, with its line."""
    found, depth, position = [], 0, 0
    while mark := BRACES.search(text, position):
        position = mark.end()
        if mark[0] == "@" and depth == 0 and (entry := ENTRY.match(text, mark.start())):
            if entry[1].lower() not in NO_ENTRIES:
                found.append((entry[2], text.count("\n", 0, mark.start()) + 1))
        elif mark[0] in "{}":
            depth = max(0, depth + (1 if mark[0] == "{" else -1))
    return found


def _keys(name: str, text: str) -> list[tuple[str, int]]:
    if name.endswith((".bib", ".bibtex", ".biblatex")):
        return entries(text)
    if name.endswith(".json"):
        try:
            return [(str(entry["id"]), 0) for entry in json.loads(text)]
        except (ValueError, TypeError, KeyError):
            return []  # Pandoc will say what is wrong with the file
    return []


def duplicates(book: Book) -> list[Problem]:
    """A problem for each entry whose key an earlier entry has. Raises EncodingError where a file
    is not UTF-8."""
    first: dict[str, str] = {}
    problems = []
    for name in book.bibliography:
        for key, line in _keys(name, read_text(book.root, name)):
            if key in first:
                problems.append(Problem(name, line, f"the key `{key}` is taken by {first[key]}; "
                                        "give each entry its own"))
            first.setdefault(key, f"{name}:{line}" if line else name)
    return problems


def addresses(book: Book) -> list[Problem]:
    """A problem for each DOI that is written as an address."""
    return [Problem(name, text.count("\n", 0, found.start(1)) + 1,
                    f"the DOI begins with `{found[1]}`, which would be printed twice; write the "
                    "DOI alone, `10.…`")
            for name in book.bibliography if name.endswith((".bib", ".bibtex", ".biblatex"))
            for text in [read_text(book.root, name)] for found in ADDRESS.finditer(text)]
