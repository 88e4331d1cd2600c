"""What was printed for a terminal, as the text a reader would have seen there, with its colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
"""Codes for colours, links and the like; they change how a text looks, not what it says."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f]")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}>")
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
    """A stretch of text with one look; ``colour`` is "" for that of the text around."""

    text: str
    colour: str = ""
    bold: bool = False


def runs(text: str) -> list[Run]:
    """The text as seen, cut where its colour or weight changes. Only the letters are coloured, not
    what is behind them; text that overwrites itself has no colours."""
    seen = as_seen(text)
    pieces = COLOUR.split(text)
    found, colour, bold = [], "", False
    for index, piece in enumerate(pieces):
        if index % 2:
            colour, bold = _look(piece, colour, bold)
        elif words := as_seen(piece):
            found.append(Run(words, colour, bold))
    return found if "".join(run.text for run in found) == seen else [Run(seen)]


def _look(codes: str, colour: str, bold: bool) -> tuple[str, bool]:
    """Colour and weight after the codes of one sequence."""
    numbers = [int(code or 0) for code in codes.split(";")]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            colour, bold = "", False
        elif number in (1, 22):
            bold = number == 1
        elif 30 <= number <= 37 or 90 <= number <= 97:
            colour = PALETTE[number % 10]
        elif number == 39:
            colour = ""
        elif number in (38, 48):
            # A colour of many, as 5;n or 2;red;green;blue.
            kind, *rest = numbers or [0]
            count = {5: 1, 2: 3}.get(kind, 0)
            given, numbers = rest[:count], rest[count:]
            if number == 38:
                colour = _one_of_many(given)
    return colour, bold


def _one_of_many(given: list[int]) -> str:
    """A colour by its number of 256, of which the first sixteen are those of the palette, or by its
    red, green and blue; "" where it is neither."""
    if len(given) == 3:
        return _readable(*given)
    if len(given) != 1 or given[0] > 255:
        return ""
    number = given[0]
    if number < 16:
        return PALETTE[number % 8]
    if number > 231:
        return _readable(*[8 + 10 * (number - 232)] * 3)
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return _readable(steps[number // 36], steps[number // 6 % 6], steps[number % 6])


def _readable(*parts: float) -> str:
    """The colour, or the first darker one that can be read on white (contrast 4.5)."""
    def light(part: float) -> float:
        share = min(part, 255) / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    while 0.2126 * light(parts[0]) + 0.7152 * light(parts[1]) + 0.0722 * light(parts[2]) > 0.183:
        parts = tuple(part * 0.95 for part in parts)
    return "#" + "".join(f"{min(round(part), 255):02x}" for part in parts)


def as_html(parts: list[Run]) -> str:
    """The parts as the inside of an HTML ``pre``."""
    written = []
    for part in parts:
        style = ";".join([*([f"color:{part.colour}"] if part.colour else []),
                          *(["font-weight:bold"] if part.bold else [])])
        text = escape(part.text, quote=False)
        written.append(f'<span style="{style}">{text}</span>' if style else text)
    return "".join(written)


def as_typst(parts: list[Run]) -> str:
    """The parts as arguments of ``printed`` in ``book.typ``."""
    def literal(text: str) -> str:
        marks = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "    "}
        return '"' + "".join(marks.get(letter, letter) for letter in text) + '"'

    return ", ".join(f"({literal(part.text)}, {literal(part.colour)}, {str(part.bold).lower()})"
                     for part in parts)


def fault(text: str) -> str:
    """What no document can show, or shows differently with each run; "" where there is none."""
    if control := CONTROL.search(text):
        return f"prints the control character U+{ord(control[0]):04X}, which no document can show"
    return RANDOM if ADDRESS.search(text) else ""
