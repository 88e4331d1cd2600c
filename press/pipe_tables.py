"""Rows of pipe tables of which Pandoc drops a part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .qmd import VERBATIM
from .raw_html import KNOWN

DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:[|+]\s*:?-+:?\s*)*\|?\s*$")
NO_SEPARATOR = re.compile(r"\\.|(?<![\\$])\$(?![\s$])[^$\n]*(?<!\s)\$(?!\d)|<[^<>\n]*>")
"""Within it a bar separates no cells: after a backslash, in mathematics and in a tag."""

TAG = re.compile(r"<([A-Za-z][\w-]*)(?=[\s/>])[^<>|]*>")
INLINE_TAGS = KNOWN - {"div"}


def _count(row: str) -> int:
    bare = row.strip()
    return len(bare.removeprefix("|").removesuffix("|").split("|"))


def _rows(plain: str) -> Iterator[tuple[int, str, int]]:
    """Each row of each table, as its line (the first is 1), its text and the table's columns."""
    columns, before = 0, ""
    for number, line in enumerate(plain.split("\n"), 1):
        if "|" not in line:
            columns = 0
        elif not columns and DELIMITER.match(line) and "|" in before:
            columns = _count(line.replace("+", "|"))
            yield number - 1, before, columns
        elif columns:
            yield number, line, columns
        before = line


def faults(markdown: str) -> Iterator[tuple[int, str]]:
    """What Pandoc would drop of a row, with its line: cells that are more than the table has
    columns, and a cell from the tag of a block on."""
    if "|" not in markdown:
        return
    plain = VERBATIM.sub(lambda code: re.sub(r"[^\n]", "x", code[0]), markdown)
    for number, row, columns in _rows(NO_SEPARATOR.sub(lambda part: "x" * len(part[0]), plain)):
        if (cells := _count(row)) > columns:
            yield number, (f"this row has {cells} cells and its table {columns} columns, and what "
                           "is more would be lost; write `\\|` for a bar that separates nothing")
    if not TAG.search(plain):
        return
    for number, row, _ in _rows(plain):
        for name in TAG.findall(row):
            if name.lower() not in INLINE_TAGS:
                yield number, (f"the raw HTML <{name}> and what follows it in its cell would be "
                               "lost; write a grid table, which has lists and paragraphs")
