"""All that Typst reports as wrong, as findings with the chapter and, as far as known, the line."""

from __future__ import annotations

import re

from .pandoc import Finding
from .qmd import Source

CHAPTER = "// chapter "
"""Begins the comment before each chapter in the Typst source."""
ERROR = re.compile(r"^error: (.*?)(?=^(?:error|warning): |\Z)", re.S | re.M)
FRAME = re.compile(r"\n\s+(?:┌─|= hint:)")
"""Where the words of an error end."""
HINT = re.compile(r"= hint: (.*)")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed with font `"(.+?)"`', re.S)
NEWLINE = re.compile(r"\r\n|[\n\x0b\x0c\r\x85\u2028\u2029]")
"""Where Typst begins to count another line."""
WORD = re.compile(r"\w{3,}")


def _line(number: int, source: list[str], chapters: dict[str, Source]) -> tuple[str, int]:
    """The chapter that a line of the Typst source was made from ("": none), and its line that has
    most words in common with it (0: none has)."""
    path = next((line.removeprefix(CHAPTER) for line in reversed(source[:number])
                 if line.startswith(CHAPTER)), "")
    if path not in chapters:
        return "", 0
    words = set(WORD.findall(source[number - 1]))
    common = [len(words & set(WORD.findall(line))) for line in chapters[path].text.split("\n")]
    most = max(common, default=0)
    return path, common.index(most) + 1 if most else 0


def findings(diagnostic: str, source: str, chapters: dict[str, Source], name: str,
             ) -> list[Finding]:
    """Every error of a ``diagnostic``. ``source``, what was compiled as the file ``name``, has a
    comment with the path before each chapter."""
    found, lines = [], NEWLINE.split(source)
    in_source = re.compile(rf"┌─ (?:.*/)?{re.escape(name)}:(\d+)")
    for block in ERROR.findall(diagnostic):
        message = " ".join(FRAME.split(block)[0].split())
        number = in_source.search(block)
        path, line = _line(int(number[1]), lines, chapters) if number else ("", 0)
        if text := NO_FONT.search(message):
            found.append(Finding("glyph", text[1], path, text[2], line))
            continue
        quoted = QUOTED.search(message)
        words = quoted[1].replace('\\"', '"').replace("\\\\", "\\").strip()[:40] if quoted else ""
        hints = " ".join(HINT.findall(block))
        found.append(Finding("typst", f"{message} {hints}".strip(), path, words, line))
    return list(dict.fromkeys(found))
