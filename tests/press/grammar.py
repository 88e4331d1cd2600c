"""Chapters by a grammar: constructs within constructs at random, each word of which is there
once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count

SIGNS = [(r"\*", "*"), (r"\_", "_"), ("&amp;", "&"), (r"\<", "<"), ("'", "’"), ("--", "–"),
         (r"\#", "#"), (r"\$", "$"), (r"\@", "@"), (r"\~", "~"), ("//", "//"), (r"\\", "\\"),
         (r"\[", "["), (r"\`", "`"), ("=", "="), ("...", "…"), ("µ", "µ"), ("ß", "ß"), ("≤", "≤"),
         ("-", "-"), ("²", "²"), (r"/\*", "/*"), ("’", "’"), ("&eacute;", "é"), (r"\"", '"')]
"""Signs within a word, as they are written and as they are read."""


@dataclass(frozen=True)
class Word:
    """A word as it is to be read; ``within``: what is around it; ``place``: words of one place are
    in order; ``formats``: where it is shown."""

    name: str
    text: str
    within: frozenset[str]
    place: str
    formats: frozenset[str]


@dataclass(frozen=True)
class Around:
    """Where a construct stands."""

    within: frozenset[str] = frozenset()
    place: str = "text"
    formats: frozenset[str] = frozenset({"html", "pdf"})
    notes: bool = True

    def inside(self, *names: str) -> Around:
        return Around(self.within | set(names), self.place, self.formats, self.notes)

    def only(self, *formats: str) -> Around:
        return Around(self.within, self.place, frozenset(formats), self.notes)

    def apart(self, place: str) -> Around:
        return Around(frozenset(), place, self.formats, False)


@dataclass
class Grammar:
    """Writes one chapter after the other, and notes its words."""

    seed: int
    words: list[Word] = field(default_factory=list)

    def __post_init__(self):
        self.random, self.numbers = random.Random(self.seed), count(1)
        self.notes: list[str] = []

    def word(self, around: Around, signs: bool = True) -> str:
        number = next(self.numbers)
        name = f"w{number}q"
        written, read = self.random.choice(SIGNS) if signs and self.random.random() < .3 else ("",
                                                                                              "")
        end = f"v{number}" if written else ""
        self.words.append(Word(name, name + read + end, around.within, around.place,
                               around.formats))
        return name + written + end

    def line(self, around: Around, depth: int = 2) -> str:
        """A text that begins with a plain word."""
        return " ".join([self.word(around, signs=False),
                         *(self.inline(around, depth) for _ in range(self.random.randint(1, 3)))])

    def inline(self, around: Around, depth: int) -> str:
        kinds = ["em", "strong", "del", "code", "sup", "link", "note", "tag", "page", "paper",
                 "text", "image", "term"]
        kind = self.random.choice(kinds) if depth else "word"
        if kind in around.within or kind in ("word", "term"):
            return self.word(around)
        marks = {"em": "*", "strong": "**", "del": "~~"}
        if kind in marks:
            return f"{marks[kind]}{self.inline(around.inside(kind), depth - 1)}{marks[kind]}"
        if kind == "code":
            return f"`{self.word(around.inside('code'), signs=False)}`"
        if kind == "sup":
            return f"{self.word(around, False)}^{self.word(around.inside('sup'), False)}^"
        if kind == "link" and around.notes:
            return (f"[{self.word(around.inside('link'))}](https://x.org/{len(self.words)}?a=1&b=~)")
        if kind == "note" and around.notes:
            name = f"n{len(self.words)}"
            written = self.word(around)
            self.notes.append(f"[^{name}]: {self.line(around.apart(name), depth - 1)}\n")
            return f"{written}[^{name}]"
        if kind == "tag":
            return f"<b>{self.inline(around.inside('strong'), depth - 1)}</b>"
        if kind == "page" and len(around.formats) == 2:
            return f"[{self.word(around.only('html'))}]{{.content-visible when-format=\"html\"}}"
        if kind == "paper" and len(around.formats) == 2:
            return f"[{self.word(around.only('pdf'))}]{{.content-hidden when-format=\"html\"}}"
        if kind == "image":
            return f"[![](a.svg){{fig-alt='x' width=9}} {self.word(around)}]{{data-x=\"1\"}}"
        return f"[{self.inline(around, depth - 1)}]{{style=\"color: navy\"}}"

    def blocks(self, around: Around, depth: int, number: int) -> list[str]:
        """Lines of blocks with empty lines between them."""
        simple = [self.paragraph, self.code, self.pipe_table, self.formula]
        nesting = [self.items, self.numbered, self.quotation, self.callout, self.definition,
                   self.grid_table, self.conditional]
        lines: list[str] = []
        before = None
        for _ in range(number):
            make = self.random.choice(simple + nesting * 2 if depth else simple)
            make = self.paragraph if make == before else make
            lines += ["", *make(around, depth)]
            before = make
        return lines[1:]

    def paragraph(self, around: Around, _depth: int) -> list[str]:
        return [self.line(around), self.line(around)]

    def code(self, around: Around, _depth: int) -> list[str]:
        name = self.word(around.inside("code"), signs=False)
        return ["```", f"{name} = *x* # <b> $a$ | ::: @fig-x", "```"]

    def formula(self, around: Around, _depth: int) -> list[str]:
        return ["$$", f"\\frac{{1}}{{2}}\\text{{{self.word(around, signs=False)}}}", "$$"]

    def pipe_table(self, around: Around, _depth: int) -> list[str]:
        def row(cell: Around) -> str:
            return f"| {self.line(cell, 1)} | {self.line(cell, 2)} |"

        head = around.inside("head", "cell")
        return [row(head.apart(f"head{len(self.words)}").inside("head", "cell")), "|:--|--:|",
                row(around.inside("cell")), row(around.inside("cell"))]

    def grid_table(self, around: Around, depth: int) -> list[str]:
        cells = [self.blocks(around.inside("cell"), min(depth - 1, 1), 1) for _ in range(2)]
        widths = [max(map(len, cell)) for cell in cells]
        rule = f"+{'+'.join('-' * (width + 2) for width in widths)}+"
        rows = ["| " + " | ".join((cell[at] if at < len(cell) else "").ljust(width)
                                  for cell, width in zip(cells, widths, strict=True)) + " |"
                for at in range(max(map(len, cells)))]
        return [rule, *rows, rule]

    def _hung(self, mark: str, around: Around, depth: int) -> list[str]:
        """An item with blocks in it."""
        first, *rest = [self.line(around), "", *self.blocks(around, depth - 1, 1)]
        return [mark + first, *(" " * len(mark) + line if line else "" for line in rest), ""]

    def items(self, around: Around, depth: int) -> list[str]:
        return [line for _ in range(2) for line in self._hung("-   ", around.inside("item"), depth)]

    def numbered(self, around: Around, depth: int) -> list[str]:
        return [line for n in (3, 4)
                for line in self._hung(f"({n}) ", around.inside("item"), depth)]

    def definition(self, around: Around, depth: int) -> list[str]:
        return [self.line(around.inside("term")), *self._hung(":   ", around, depth)]

    def quotation(self, around: Around, depth: int) -> list[str]:
        return [f"> {line}".rstrip() for line in self.blocks(around.inside("quoted"), depth - 1, 2)]

    def callout(self, around: Around, depth: int) -> list[str]:
        fence = ":" * (3 + 2 * depth)
        return [f"{fence} {{.callout-note}}", f"## {self.line(around.inside('title'), 1)}", "",
                *self.blocks(around.inside("callout"), depth - 1, 2), "", fence]

    def conditional(self, around: Around, depth: int) -> list[str]:
        if len(around.formats) < 2:
            return self.paragraph(around, depth)
        fence = ":" * (3 + 2 * depth)
        return [f"{fence} {{.content-visible when-format=\"pdf\"}}",
                *self.blocks(around.only("pdf"), depth - 1, 1), "", fence]

    def chapter(self, name: str, sections: int) -> str:
        lines = [f"# {name} {{#sec-{name.lower()}}}"]
        for _ in range(sections):
            lines += ["", f"## {self.line(Around(frozenset({'head'}), 'heads', notes=False), 1)}",
                      "", *self.blocks(Around(), 3, 4)]
        notes, self.notes = self.notes, []
        return "\n".join([*lines, "", *notes])
