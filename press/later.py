"""Parts of the page that a browser lays in after the first screen can be read and used.

Most of a long book stands after its first chapter, and most of a page's work for a browser is what
stands there. Each part of the chapters after it is put into a ``<noscript>``. A browser that runs
scripts reads that as plain text, at little cost, and page.js lays it in where the reader goes, or
when nothing else is to be done; one that runs none shows all of it in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .markup import NAME, TOKEN

OPENING, CLOSING = '<noscript class="later">', "</noscript>"
SHORT = 30_000
"""Characters of a chapter that is left as it is."""
PART = 25_000
"""Characters beyond which what is in a block is parts, so that none takes long to lay in."""
BLOCK = re.compile(rf"{TOKEN.pattern}|</(?P<ends>section|details)\s*>", re.S | re.I)
BLOCKS = ("section", "details")
"""What a chapter is taken apart by: its sections, and the boxes that a reader folds out."""
UNFIT = re.compile(r"</?(?:noscript|script|plaintext)\b", re.I)
"""What a part cannot hold: a script does not run there, and another noscript would end it."""


@dataclass
class _Block:
    start: int
    end: int = 0
    inner: list[_Block] = field(default_factory=list)


def folded(chapter: str) -> str:
    """A chapter's HTML with the blocks of its section in parts to be laid in later.

    Its heading and what stands before its first block stay. A short chapter, and one whose blocks
    do not nest, is left as it is.
    """
    outer = _blocks(chapter) if len(chapter) >= SHORT else None
    if outer is None:
        return chapter
    pieces, done = [], 0
    for part in (part for one in outer for inner in one.inner for part in _parts(inner, chapter)):
        pieces += [chapter[done:part.start], OPENING, chapter[part.start:part.end], CLOSING]
        done = part.end
    return "".join([*pieces, chapter[done:]])


def _parts(block: _Block, chapter: str) -> Iterator[_Block]:
    """A block, or the blocks in it where it is unfit, or long and little stands outside of them."""
    length = block.end - block.start
    outside = length - sum(inner.end - inner.start for inner in block.inner)
    if not UNFIT.search(chapter, block.start, block.end) and (length <= PART or outside > PART):
        yield block
        return
    for inner in block.inner:
        yield from _parts(inner, chapter)


def _blocks(text: str) -> list[_Block] | None:
    """The outermost blocks with those inside them; None where one is not closed or not opened."""
    outer = _Block(0)
    names, open_ = [""], [outer]
    for token in BLOCK.finditer(text):
        opens = NAME.match(token["tag"] or "")
        name = (token["ends"] or (opens[1] if opens else "")).lower()
        if opens and name in BLOCKS:
            block = _Block(token.start())
            open_[-1].inner.append(block)
            open_.append(block)
            names.append(name)
        elif token["ends"]:
            if names.pop() != name:
                return None
            open_.pop().end = token.end()
    return outer.inner if len(open_) == 1 else None
