"""Rows of pipe tables that have more cells than the table has columns: Pandoc drops the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .qmd import VERBATIM

DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:[|+]\s*:?-+:?\s*)*\|?\s*$")
NO_SEPARATOR = re.compile(r"\\.|(?<![\\$])\$(?![\s$])[^$\n]*(?<!\s)\$(?!\d)|<[^<>\n]*>")
"""Within it a bar separates no cells: after a backslash, in mathematics and in a tag."""


def _count(row: str) -> int:
    bare = row.strip()
    return len(bare.removeprefix("|").removesuffix("|").split("|"))


def long_rows(markdown: str) -> Iterator[tuple[int, int, int]]:
    """Each row that is too long, as its line (the first is 1), its cells and the columns."""
    plain = VERBATIM.sub(lambda code: re.sub(r"[^\n]", "x", code[0]), markdown)
    plain = NO_SEPARATOR.sub(lambda part: "x" * len(part[0]), plain)
    columns, before = 0, ""
    for number, line in enumerate(plain.split("\n"), 1):
        if "|" not in line:
            columns = 0
        elif not columns and DELIMITER.match(line) and "|" in before:
            columns = _count(line.replace("+", "|"))
            if _count(before) > columns:
                yield number - 1, _count(before), columns
        elif columns and _count(line) > columns:
            yield number, _count(line), columns
        before = line
