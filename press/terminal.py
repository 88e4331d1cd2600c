"""What was printed for a terminal, as the text a reader would have seen there, with its colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
"""Codes for colours, links and the like; they change how a text looks, not what it says."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f]")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}>")
TIME = re.compile(r"\b\d+:\d\d\b|\d *(?:it|s|B)/(?:it|s)\b")
RANDOM = "prints the address of an object, another with every run; print what it holds"


def _overwritten(line: str) -> str:
    """A line after its carriage returns and backspaces: a later text overwrites an earlier one."""
    seen: list[str] = []
    at = 0
    for character in line:
        if character == "\r":
            at = 0
        elif character == "\b":
            at = max(0, at - 1)
        else:
            seen[at:at + 1] = [character]
            at += 1
    return "".join(seen)


def as_seen(text: str) -> str:
    """The text without codes for a terminal; progress that overwrites itself is its last state."""
    lines = SEQUENCE.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(_overwritten(line) if "\r" in line or "\b" in line else line
                     for line in lines)


COLOUR = re.compile(r"\x1b\[([\d;]*)m")
PALETTE = ("#111111", "#a61b1b", "#1a6b2f", "#7a5200", "#1f4fa3", "#8a2b8a", "#0f6674", "#5c5c5c")
"""The eight colours of a terminal, each dark enough to be read on white."""


@dataclass(frozen=True)
class Run:
    """A stretch of text with one look; ``colour`` is "" for that of the text around, and ``fill``,
    what is behind the letters, "" for none. ``inverse``: the two are exchanged."""

    text: str
    colour: str = ""
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False
    fill: str = ""
    inverse: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it looks like the text around."""
        return self == Run(self.text)


SWITCHES: dict[int, dict[str, Any]] = {
    1: {"bold": True}, 3: {"italic": True}, 4: {"underlined": True}, 7: {"inverse": True},
    9: {"struck": True}, 22: {"bold": False}, 23: {"italic": False}, 24: {"underlined": False},
    27: {"inverse": False}, 29: {"struck": False}, 39: {"colour": ""}, 49: {"fill": ""}}


def runs(text: str) -> list[Run]:
    """The text as seen, cut where its look changes. Text that overwrites itself has none."""
    seen = as_seen(text)
    found, look = [], Run("")
    for index, piece in enumerate(COLOUR.split(text)):
        if index % 2:
            look = _look(piece, look)
        elif words := as_seen(piece):
            found.append(_shown(replace(look, text=words)))
    return found if "".join(run.text for run in found) == seen else [Run(seen)]


def _shown(run: Run) -> Run:
    """A stretch as it can be read: on a filled ground its letters are black or white."""
    fill = (run.colour or PALETTE[0]) if run.inverse else run.fill
    if not fill:
        return run
    parts = [int(fill[place:place + 2], 16) for place in (1, 3, 5)]
    return replace(run, fill=fill, inverse=False,
                   colour="#ffffff" if _light(parts) < 0.183 else "#111111")


def _look(codes: str, look: Run) -> Run:
    """The look after the codes of one sequence."""
    numbers = [int(code or 0) for code in codes.split(";")]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            look = Run("")
        elif number in SWITCHES:
            look = replace(look, **SWITCHES[number])
        elif number in (38, 48):
            # A colour of many, as 5;n or 2;red;green;blue.
            kind, *rest = numbers or [0]
            count = {5: 1, 2: 3}.get(kind, 0)
            given, numbers = rest[:count], rest[count:]
            look = (replace(look, colour=_one_of_many(given, _readable)) if number == 38
                    else replace(look, fill=_one_of_many(given, _exact)))
        elif number // 10 in (3, 9):
            look = replace(look, colour=PALETTE[number % 10 % 8])
        elif number // 10 in (4, 10):
            look = replace(look, fill=PALETTE[number % 10 % 8])
    return look


def _one_of_many(given: list[int], written: Callable[..., str]) -> str:
    """A colour by its number of 256, of which the first sixteen are those of the palette, or by its
    red, green and blue; "" where it is neither."""
    if len(given) == 3:
        return written(*given)
    if len(given) != 1 or given[0] > 255:
        return ""
    number = given[0]
    if number < 16:
        return PALETTE[number % 8]
    if number > 231:
        return written(*[8 + 10 * (number - 232)] * 3)
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return written(steps[number // 36], steps[number // 6 % 6], steps[number % 6])


def _light(parts: Sequence[float]) -> float:
    """How light a colour is, from 0 to 1, by its red, green and blue."""
    shares = [min(part, 255) / 255 for part in parts]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
                        for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable(*parts: float) -> str:
    """The colour, or the first darker one that can be read on white (contrast 4.5)."""
    while _light(parts) > 0.183:
        parts = tuple(part * 0.95 for part in parts)
    return _exact(*parts)


def _exact(*parts: float) -> str:
    return "#" + "".join(f"{min(round(part), 255):02x}" for part in parts)


def as_html(parts: list[Run]) -> str:
    """The parts as the inside of an HTML ``pre``."""
    written = []
    for part in parts:
        lines = [*(["underline"] if part.underlined else []),
                 *(["line-through"] if part.struck else [])]
        style = ";".join([*([f"color:{part.colour}"] if part.colour else []),
                          *([f"background:{part.fill}"] if part.fill else []),
                          *(["font-weight:bold"] if part.bold else []),
                          *(["font-style:italic"] if part.italic else []),
                          *([f"text-decoration:{' '.join(lines)}"] if lines else [])])
        text = escape(part.text, quote=False)
        written.append(f'<span style="{style}">{text}</span>' if style else text)
    return "".join(written)


def as_typst(parts: list[Run]) -> str:
    """The parts as arguments of ``printed`` in ``book.typ``."""
    def literal(text: str) -> str:
        marks = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "    "}
        return '"' + "".join(marks.get(letter, letter) for letter in text) + '"'

    return ", ".join(
        f"(words: {literal(part.text)}, colour: {literal(part.colour)}, fill: {literal(part.fill)}"
        + "".join(f", {name}: {str(getattr(part, name)).lower()}"
                  for name in ("bold", "italic", "underlined", "struck")) + ")" for part in parts)


def timed(text: str) -> bool:
    """Whether what was printed is progress that tells the time which it took."""
    lines = SEQUENCE.sub("", text).replace("\r\n", "\n").split("\n")
    return any("\r" in line and TIME.search(_overwritten(line)) for line in lines)


def fault(text: str) -> str:
    """What no document can show, or shows differently with each run; "" where there is none."""
    if control := CONTROL.search(text):
        return f"prints the control character U+{ord(control[0]):04X}, which no document can show"
    return RANDOM if ADDRESS.search(text) else ""
