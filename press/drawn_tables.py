"""Tables whose columns are drawn with lines (grid, simple and multiline ones). Pandoc cuts each row
where the lines are, be it within a word, and takes what does not fit for other cells' words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from . import pipe_tables
from .qmd import VERBATIM

BORDER = re.compile(r"\+(?:[-=:]+\+)+\s*$")
PLACE = re.compile(r"^(?:[ \t>]|[-*+:](?=[ \t])|\d+[.)](?=[ \t]))*")
COLUMNS = re.compile(r"^[ >]*-+(?: +-+)+ *$")
ENDS = re.compile(r"^[ >]*-{2,}[ -]*$")
DRAWN = re.compile(r"^.*(?:\+[-=:]+\+[ \t]*$|^[ >]*-+ +-|^[ >]*-{3,} *$)", re.M)
"""What is in every text with such a table."""
RULE = re.compile(r"^[ >]*-{3,} *$")
INLINE = re.compile(r"`\{python\} [^`]*`")


def _cells(line: str) -> str:
    """A line with a sign for each place that it takes: two for wide letters, none for accents."""
    return "".join(
        "" if unicodedata.category(sign) in ("Mn", "Me", "Cf")
        else sign + "\0" * (unicodedata.east_asian_width(sign) in "WF") for sign in line)


def _at(sign: str, line: str) -> set[int]:
    return {index for index, one in enumerate(line) if one == sign}


def _grids(lines: list[str]) -> Iterator[list[int]]:
    """The lines of each grid table, by their index."""
    table: list[int] = []
    for index, line in enumerate([*lines, ""]):
        bare = PLACE.sub("", line)
        if (table and bare[:1] in ("+", "|")) or (not table and BORDER.match(bare)):
            table.append(index)
        elif table:
            yield table
            table = []


def _others(lines: list[str]) -> Iterator[tuple[list[int], list[int]]]:
    """The lines with words of each simple or multiline table, and where its columns but the first
    begin."""
    for index, line in enumerate(lines):
        if not COLUMNS.match(line) or not index or not lines[index - 1].strip():
            continue
        head = index
        while head and lines[head - 1].strip() and not ENDS.match(lines[head - 1]):
            head -= 1
        framed = bool(head and ENDS.match(lines[head - 1]))
        end = index + 1
        while end < len(lines) and not ENDS.match(lines[end]) and (framed or lines[end].strip()):
            end += 1
        starts = [found.start() for found in re.finditer("-+", line)][1:]
        yield [*range(head, index), *range(index + 1, end)], starts


def _swallowed(lines: list[str]) -> Iterator[int]:
    """The lines of dashes, meant as rules, that begin a table of one column with the line right
    below them."""
    for index, line in enumerate(lines[:-1]):
        if not RULE.match(line) or not lines[index + 1].strip() or (
                index and lines[index - 1].strip()):
            continue
        end = next((at for at in range(index + 1, len(lines)) if not lines[at].strip()), len(lines))
        if not any(COLUMNS.match(one) for one in lines[index:end]) and any(
                RULE.match(one) for one in lines[index + 1:]):
            yield index


def _masked(text: str) -> list[str]:
    """The lines of a text with nothing of what is drawn in code."""
    return VERBATIM.sub(lambda code: code[0] if INLINE.fullmatch(code[0]) else
                        re.sub(r"[^\n]", "x", code[0]), text).split("\n")


def faults(markdown: str) -> Iterator[tuple[int, str]]:
    """Rows that Pandoc reads other than they were meant, each with its line (the first is 1)."""
    if not DRAWN.search(markdown):
        return
    lines = _masked(markdown)
    for table in _grids(lines):
        rows = [_cells(PLACE.sub("", lines[index]).rstrip()) for index in table]
        corners = {at for row in rows if BORDER.match(row) for at in _at("+", row)}
        for index, row in zip(table, rows, strict=True):
            bars = _at("|", row)
            if len(row) != len(rows[0]) or (bars - corners and corners - bars - _at("+", row)):
                yield index + 1, ("the cells of this line of a grid table would be mixed up; let "
                                  "each `|` stand below a `+`, and the line end below the last one")
    for index in _swallowed(lines):
        yield index + 2, ("this line would be in a table that the dashes above it begin; put an "
                          "empty line between them where they are a rule")
    for others, starts in _others(lines):
        for index in others:
            yield from ((index + 1, f"the raw HTML <{name}> and the words in it would be lost; "
                         "write a grid table, which has lists and paragraphs")
                        for name in pipe_tables.TAG.findall(lines[index])
                        if name.lower() not in pipe_tables.INLINE_TAGS)
            line = _cells(lines[index])
            for start in starts:
                around = line[start - 1:start + 1]
                if len(around) == 2 and not re.search(r"\s", around):
                    yield index + 1, ("a word of this row crosses from one column to the next, and "
                                      "would be cut; draw the lines of dashes wider")
                    break


def moved(text: str) -> Iterator[int]:
    """The lines of a text in which a value of inline code would move or fill the columns that are
    drawn (the first is 0)."""
    if not INLINE.search(text):
        return
    lines = _masked(text)
    for table in _grids(lines):
        yield from (index for index in table if INLINE.search(lines[index]))
    for rows, starts in _others(lines):
        yield from (index for index in rows if any(
            found.start() < starts[-1] for found in INLINE.finditer(lines[index])))
