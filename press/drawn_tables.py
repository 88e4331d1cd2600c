"""Tables whose columns are drawn with lines (grid, simple and multiline ones). Pandoc cuts each row
where the lines are, be it within a word, and takes what does not fit for other cells' words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from . import pipe_tables
from .qmd import DIV, FENCED, VERBATIM

BORDER = re.compile(r"\+(?:[-=:]+\+)+\s*$")
PLACE = re.compile(r"^(?:[ \t>]|[-*+:](?=[ \t])|\d+[.)](?=[ \t]))*")
COLUMNS = re.compile(r"^[ >]*-+(?: +-+)+ *$")
ENDS = re.compile(r"^[ >]*-{2,}[ -]*$")
DRAWN = re.compile(r"^.*(?:\+[-=:]+\+[ \t]*$|^[ >]*-+ +-|^[ >]*-{3,} *$)", re.M)
"""What is in every text with such a table."""
RULE = re.compile(r"^[ >]*-(?:-{2,}|(?: +-){2,}) *$")
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


def _said(line: str) -> bool:
    """Whether a line has words of a table: it is not empty, in a quotation either, and no fence of
    a div."""
    return bool(line.strip(" \t>")) and not DIV.match(PLACE.sub("", line))


def _others(lines: list[str]) -> Iterator[tuple[list[int], list[int]]]:
    """The lines with words of each simple or multiline table, and where its columns but the first
    begin."""
    for index, line in enumerate(lines):
        if not COLUMNS.match(line) or not index or not _said(lines[index - 1]):
            continue
        head = index
        while head and _said(lines[head - 1]) and not ENDS.match(lines[head - 1]):
            head -= 1
        framed = bool(head and ENDS.match(lines[head - 1]))
        end = index + 1
        while end < len(lines) and not ENDS.match(lines[end]) and (framed or _said(lines[end])):
            end += 1
        starts = [found.start() for found in re.finditer("-+", line)][1:]
        yield [*range(head, index), *range(index + 1, end)], starts


def _swallowed(lines: list[str]) -> Iterator[int]:
    """The lines of dashes, meant as rules, that begin a table of one column with the line right
    below them."""
    for index, line in enumerate(lines[:-1]):
        if not RULE.match(line) or not lines[index + 1].strip() or (
                index and _said(lines[index - 1])):
            continue
        end = next((at for at in range(index + 1, len(lines)) if not lines[at].strip()), len(lines))
        if not any(COLUMNS.match(one) for one in lines[index + 1:end]) and any(
                RULE.match(one) for one in lines[index + 1:]):
            yield index


def _masked(text: str, spans: bool = True) -> list[str]:
    """The lines of a text with nothing of what is drawn in code. ``spans``: nor of code within a
    line, which may have the place between two columns in it; a line of a grid table may have code
    in two cells, and what begins in one line ends in one below it, not beside it."""
    def mask(code: re.Match[str]) -> str:
        kept = not code[1] and "\n" in code[0] or INLINE.fullmatch(code[0])
        return code[0] if kept else re.sub(r"[^\n]", "x", code[0])

    return (VERBATIM if spans else FENCED).sub(mask, text).split("\n")


def faults(markdown: str) -> Iterator[tuple[int, str]]:
    """Rows that Pandoc reads other than they were meant, each with its line (the first is 1)."""
    if not DRAWN.search(markdown):
        return
    lines = _masked(markdown)
    for table in _grids(_masked(markdown, spans=False)):
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
    for table in _grids(_masked(text, spans=False)):
        yield from (index for index in table if INLINE.search(lines[index]))
    for rows, starts in _others(lines):
        yield from (index for index in rows if any(
            found.start() < starts[-1] for found in INLINE.finditer(lines[index])))
