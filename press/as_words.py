"""Marks that an author meant and that would stand in the text as words: a heading or a list right
below a paragraph, a row of no table, attributes that belong to nothing, a link with a space in it.

What the source looks like and what Pandoc made of it have to agree: a mark that the source escapes
is meant as words, and so is one that only looks like a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .qmd import VERBATIM

PLACE = re.compile(r"^[ \t>]*")
DASHES = re.compile(r"[-–—]+")
LIST = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
LETTERED = re.compile(r"[A-Z]\.[ \t]\S")
QUOTATION = re.compile(r"[ \t]*>[ \t]+[^\W\d]")
CAPTION = re.compile(r"(?:[Tt]able)?:[ \t]+\S")
LINES = (
    (re.compile(r"#{1,6}[ \t]+\S"),
     "this heading would be printed as it stands; put an empty line before it"),
    (re.compile(r"\|.*\|[ \t]*$"),
     "this row belongs to no table and would be printed as it stands; a table has an empty line "
     "before it and, below its head, a line of dashes"),
    (CAPTION,
     "this caption belongs to no table and would be printed as it stands; it follows a table in "
     "the text"),
    (re.compile(r"\[[^\]]+\]:[ \t]"),
     "this note or address would be printed as it stands; put an empty line before it"),
    (LIST, "this list would be printed within its paragraph; put an empty line before it"),
    (re.compile(r"([*_])[ \t]*(?:\1[ \t]*){2,}$"),
     "this rule would be printed as it stands; put an empty line before it"),
    (re.compile(r"-{2,}(?:[ \t]+-+)*[ \t]*$"),
     "this line of dashes would be printed as it stands, as part of no table; a table has an empty "
     "line below it"),
    (LETTERED, "this list would be printed as one paragraph; put two spaces behind `A.` and the "
     "others"),
)
"""How a line begins that is meant as something else than words."""
FIRST = re.compile(r"(?:#{1,6}|>|[*_]{3,}|[*+_]|[-–—]+|[A-Z]\.|\d{1,3}[.)]|\[[^\]]+\]:"
                   r"|(?:[Tt]able)?:)$|\|")
"""The first word of such a line."""
WORDS = (
    ("{", re.compile(r"(?<!\\)\{(?!#eq-)(?:[#.][A-Za-z][\w-]*|[a-z][\w-]*=)"),
     "these attributes belong to nothing and would be printed as they stand"),
    ("](", re.compile(r"(?<!\\)\[[^\[\]]*\]\((?!\))"),
     "this link would be printed as it stands; write its target without spaces or in `<…>`"),
    ("$$", re.compile(r"(?<!\\)\$\$"),
     "this `$$` would be printed as it stands; a formula has a second one, and no empty line in "
     "it"),
    ("[^", re.compile(r"(?<!\\)\[\^[^\[\]]*\s[^\[\]]*\]"),
     "this note would be printed as it stands; its name has no space in it"),
    ("[^", re.compile(r"(?<!\\)\[\^[^\[\]\s]+\](?!:)"),
     "this note would be printed as it stands; there is no note within a note"),
    ("<!-", re.compile(r"(?<!\\)<!--"),
     "this comment has no end and would be printed as it stands"),
)
"""What is not meant as words wherever it stands, after the signs that it has as words. The lint
looks for labels of equations."""
CITATION = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\](?:\([^()]*\))?)*?@[\w{]"
                      r"(?:[^\[\]]|\[[^\[\]]*\])*\]")
"""Of which Pandoc's tree has the source, too."""
ESCAPED_FORMULA = re.compile(r"\\\$\\?\$")
COMMENT = re.compile(r"(?<!\\)<!--.*?-->", re.S)
"""Which Pandoc leaves out, whatever is in it."""
STR = re.compile(r'"t":"Str","c":"((?:[^"\\]|\\.)*)"')
WORD = r'\{"t":"Str","c":"((?:[^"\\]|\\.)*)"\}'
CAPTION_BEGINS = r'(?:Para|Plain)","c":\[(?=\{"t":"Str","c":"(?:[Tt]able)?:")'
BEGUN = re.compile(rf'\{{"t":"(?:SoftBreak"\}},|{CAPTION_BEGINS}){WORD}'
                   rf'(?:,\{{"t":"Space"\}},{WORD})?')
"""How a line within a paragraph begins, and a paragraph that begins like a caption, in Pandoc's
tree as JSON, which is searched as a text: to go through the tree would take longer than all else.
"""

DEFINITION = re.compile(r"^[ \t>]*:(?: {2,}|\t)[ \t]*(?=\S)", re.M)
"""How a definition begins, and no caption, which has one space behind its sign."""
OF_TABLE = re.compile(r'"t":"Table","c":\[\[[^{}]*\],\[null,\[\{"t":"(?:Para|Plain)","c":\['
                      r'(.*?)\]\}', re.S)
"""The caption of a table in the tree, up to the end of some element in it."""


def _taken(tree: str, plain: list[str]) -> Iterator[tuple[int, str, str]]:
    """The definitions that are captions of the table below them for Pandoc: there is an empty line
    above, and above it one that a term can be."""
    at = [n for n, line in enumerate(plain) if DEFINITION.match(line)]
    captions = {_letters(found[1]) for part in OF_TABLE.findall(tree)
                if (found := STR.search(part))}
    for n in at:
        empty = [n - k < 0 or not PLACE.sub("", plain[n - k]) for k in (1, 2, 3)]
        words = DEFINITION.sub("", plain[n])
        if empty == [True, False, True] and any(
                one and _letters(words).startswith(one) for one in captions):
            yield n + 1, ("this definition would be the caption of the table below it; leave out "
                          "the empty line above it, or put one space behind `:` where it is a "
                          "caption"), plain[n].strip()


def _is_list(plain: list[str], number: int) -> bool:
    """Whether a line that begins like an item is meant as one: there is another beside it, or what
    stands before it announces a list."""
    beside = plain[number - 2:number - 1] + plain[number:number + 1]
    return (any(LIST.match(PLACE.sub("", line)) for line in beside)
            or plain[number - 2].rstrip().endswith(":"))


def _follows(plain: list[str], number: int) -> bool:
    """Whether a line that begins `B.` is below one that begins `A.`, or another such pair."""
    beside = [PLACE.sub("", line)[:2] for line in plain[max(number - 2, 0):number]]
    return len(beside) == 2 and beside[0] == f"{chr(ord(beside[1][0]) - 1)}."


def _is_quotation(plain: list[str], number: int) -> bool:
    """Whether a line begins like a quotation, right below one of a text."""
    before = plain[number - 2].strip()
    return bool(QUOTATION.match(plain[number - 1]) and before and not before.startswith(">"))


def _letters(word: str) -> str:
    return re.sub(r"\W+", "", word)


def _masked(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "x", found[0])


def faults(tree: str, markdown: str) -> Iterator[tuple[int, str, str]]:
    """Each mark that would be printed, with the line of the Markdown, what to do, and the words by
    which it is found in the chapter. ``tree``: what Pandoc read, as JSON."""
    begun: dict[str, set[str]] = {}
    for first, second in BEGUN.findall(tree):
        if FIRST.match(first):
            begun.setdefault(DASHES.sub("-", first), set()).add(_letters(second))
    said = DASHES.sub("-", " ".join(STR.findall(tree)).replace(r"\"", '"').replace("\\\\", "\\"))
    if said.count("$$") <= len(ESCAPED_FORMULA.findall(markdown)):
        said = said.replace("$$", "")
    marks = [(pattern, message) for signs, pattern, message in WORDS if signs in said]
    defined = '"t":"Table"' in tree and DEFINITION.search(markdown)
    if not begun and not marks and not defined:
        return
    plain = COMMENT.sub(_masked, VERBATIM.sub(_masked, markdown)).split("\n")
    if defined:
        yield from _taken(tree, plain)
    for number, line in enumerate(plain, 1):
        for pattern, message in marks:
            for found in pattern.finditer(CITATION.sub("", line) if "@" in line else line):
                if DASHES.sub("-", found[0]) in said:
                    yield number, message, line[:found.end()].strip()[-30:] if (
                        found[0].startswith("[^")) else found[0]
        bare = PLACE.sub("", line)
        if begun.get(">") and number > 1 and _is_quotation(plain, number) and (
                _letters(bare.split()[0]) in begun[">"]):
            yield number, ("this quotation would be printed as it stands; put an empty line before "
                           "it"), line.strip()
        for pattern, message in LINES if begun else ():
            if not pattern.match(bare):
                continue
            first, *second = bare.split()[:2]
            below = number > 1 and bool(PLACE.sub("", plain[number - 2])) or pattern is CAPTION
            if below and (pattern is not LIST or _is_list(plain, number)) and (
                    pattern is not LETTERED or _follows(plain, number)) and (
                    {"", *map(_letters, second)} & begun.get(DASHES.sub("-", first), set())):
                yield number, message, "".join(re.findall(r"\s*\S+", bare)[:3])
