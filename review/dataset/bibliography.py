"""References.bib as far as the dataset needs it: its keys, entries to add, and their fields."""

from __future__ import annotations

import re
from pathlib import Path

from review.dataset import files

ENTRY = re.compile(r"^[ \t]*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.M | re.I)
FIELD = re.compile(r"(\w+)\s*=\s*(?=\S)")
FILE = "references.bib"


def of(data: Path) -> Path:
    """The bibliography of the dataset in `data`: it lies beside it."""
    return data.parent / FILE


def entries(path: Path) -> dict[str, str] | None:
    """Entries of a BibTeX file as written, by key; None where there is no such file.

    An entry ends with the brace that closes it; an entry that is not closed ends with the file.
    DataError for a file that cannot be read.
    """
    if not path.exists() and not path.is_symlink():
        return None
    text = files.text(path)
    texts: dict[str, str] = {}
    for match in ENTRY.finditer(text):
        texts.setdefault(match[1], text[match.start():_end(text, match.start())].strip())
    return texts


def keys(path: Path) -> frozenset[str] | None:
    """Keys of a BibTeX file; None where there is no such file."""
    known = entries(path)
    return None if known is None else frozenset(known)


def fields(entry: str) -> dict[str, str]:
    """Fields of one entry as written, by name in small letters, without the braces around a value.

    A value in quotation marks or without any marks is read as well; what stands before the first
    comma is the key and no field.
    """
    found: dict[str, str] = {}
    place = entry.index(",") + 1
    while match := FIELD.search(entry, place):
        start = match.end()
        if entry[start] == "{":
            place = _end(entry, start)
            value = entry[start + 1:place - 1]
        elif entry[start] == '"':
            place = entry.find('"', start + 1) + 1 or len(entry)
            value = entry[start + 1:place - 1]
        else:
            place = start + len(re.split(r"[,}\n]", entry[start:], maxsplit=1)[0])
            value = entry[start:place]
        found.setdefault(match[1].lower(), " ".join(value.split()))
    return found


def _end(text: str, start: int) -> int:
    depth = 0
    for place in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return len(text)
