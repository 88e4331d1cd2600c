"""Marks that an author meant and that would stand in the text as words: a heading or a list right
below a paragraph, a row of no table, attributes that belong to nothing, a link with a space in it.

What the source looks like and what Pandoc made of it have to agree: a mark that the source escapes
is meant as words, and so is one that only looks like a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .pandoc import elements
from .qmd import VERBATIM

PLACE = re.compile(r"^[ \t>]*")
DASHES = re.compile(r"[-–—]+")
LIST = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
CAPTION = re.compile(r"(?:[Tt]able)?:[ \t]+\S")
LINES = (
    (re.compile(r"#{1,6}[ \t]+\S"), "this heading would be printed as it stands; put an empty line "
                                    "before it"),
    (re.compile(r"\|.*\|[ \t]*$"), "this row belongs to no table and would be printed as it "
                                   "stands; a table has an empty line before it and, below its "
                                   "head, a line of dashes"),
    (CAPTION, "this caption belongs to no table and would be printed as it "
                               "stands; it follows a table in the text"),
    (re.compile(r"\[[^\]]+\]:[ \t]"), "this note or address would be printed as it stands; put an "
                                      "empty line before it"),
    (LIST, "this list would be printed within its paragraph; put an empty line before it"),
)
"""How a line begins that is meant as something else than words."""
WORDS = (
    (re.compile(r"(?<!\\)\{(?!#eq-)(?:[#.][A-Za-z][\w-]*|[a-z][\w-]*=)"),
     "these attributes belong to nothing and would be printed as they stand"),
    (re.compile(r"(?<!\\)\[[^\[\]]*\]\((?!\))"),
     "this link would be printed as it stands; write its target without spaces or in `<…>`"),
    (re.compile(r"(?<!\\)\$\$"),
     "this `$$` would be printed as it stands; a formula has a second one, and no empty line in "
     "it"),
    (re.compile(r"(?<!\\)\[\^[^\[\]]*\s[^\[\]]*\]"),
     "this note would be printed as it stands; its name has no space in it"),
    (re.compile(r"(?<!\\)<!--"), "this comment has no end and would be printed as it stands"),
)
"""What is not meant as words wherever it stands; the lint looks for labels of equations."""
ESCAPED_FORMULA = re.compile(r"\\\$\\?\$")


def _text(inlines: Any) -> str:
    """Words as Pandoc read them, with their lines; what is no word is left out."""
    said = ""
    for item in inlines:
        kind = item["t"]
        if kind == "Str":
            said += item["c"]
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            said += " " if kind == "Space" else "\n"
        elif kind not in ("Code", "Math", "RawInline", "Note", "Image"):
            content = item.get("c")
            inside = content[1] if kind in ("Link", "Span", "Quoted", "Cite") else content
            said += _text(inside) if isinstance(inside, list) else ""
    return said


def _key(line: str) -> tuple[str, ...]:
    """The first words of a line, without what Pandoc writes in another way."""
    return tuple(re.sub(r"[\W_]+(?<![#|:\[+*])", "", DASHES.sub("-", word)) or DASHES.sub("-", word)
                 for word in PLACE.sub("", line).split()[:3])


def _is_list(lines: list[str], number: int) -> bool:
    """Whether a line that begins like an item is meant as one: there is a second such line, or what
    stands before it announces a list."""
    others = sum(bool(LIST.match(PLACE.sub("", line))) for line in lines)
    return others > 1 or lines[number - 1].rstrip().endswith(":")


def faults(blocks: Any, markdown: str) -> Iterator[tuple[int, str, str]]:
    """Each mark that would be printed, with the line of the Markdown, what to do, and the words by
    which it is found in the chapter."""
    plain = VERBATIM.sub(lambda code: re.sub(r"[^\n]", "x", code[0]), markdown).split("\n")
    lines = [(number, PLACE.sub("", line), message) for number, line in enumerate(plain, 1)
             for pattern, message in LINES if pattern.match(PLACE.sub("", line))
             and (PLACE.sub("", plain[number - 2]) or pattern is CAPTION)]
    words = [(number, found[0], message) for number, line in enumerate(plain, 1)
             for pattern, message in WORDS for found in pattern.finditer(line)]
    if not lines and not words:
        return
    said: list[str] = []
    begun: set[tuple[str, ...]] = set()
    for paragraph in elements(blocks):
        if paragraph["t"] not in ("Para", "Plain", "Header"):
            continue
        text = _text(paragraph["c"][-1] if paragraph["t"] == "Header" else paragraph["c"])
        said.append(text)
        here = text.split("\n")
        for number, line in enumerate(here):
            if (number or CAPTION.match(line)) and (
                    not LIST.match(line) or _is_list(here, number)):
                begun.add(_key(line))
    everything = DASHES.sub("-", "\n".join(said))
    if everything.count("$$") <= len(ESCAPED_FORMULA.findall(markdown)):
        words = [one for one in words if one[1] != "$$"]
    yield from ((number, message, " ".join(line.split()[:3])) for number, line, message in lines
                if _key(line) in begun)
    yield from ((number, message, mark) for number, mark, message in words
                if DASHES.sub("-", mark) in everything)
