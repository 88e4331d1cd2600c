"""The value of an inline expression as Markdown that says just that value."""

from __future__ import annotations

import re
from html import escape
from typing import Any

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>$~^@\"'&])")
DOTS_AND_DASHES = re.compile(r"\.(?=\.\.)|(?<=\.)\.(?=\.)|(?<=\.\.)\.|-(?=-)|(?<=-)-")
"""What the reader would join to an ellipsis or a dash."""
LIST_MARK = re.compile(r"^(\s*)(?:([-:=%])|(\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)(\.)(?=\s|$)"
                       r"|([Tt]able)(:)(?=\s))")
"""What would begin a list, a definition, a rule or a caption where the value begins a paragraph."""
NUMBER = re.compile(r"^-?[\d.,]+%?$")
LATEX_DISPLAY = re.compile(r"\\\[(.*)\\\]", re.S)
LATEX_INLINE = re.compile(r"\\\((.*)\\\)", re.S)


def as_text(value: str) -> str:
    """Markdown that prints as the text ``value``, wherever it stands in a paragraph. White space
    is what it is in a paragraph: one space."""
    text = re.sub(r"\s*\n\s*|[ \t]{2,}|\t", " ", value)
    if NUMBER.match(text) and not text.endswith("."):
        return text
    text = DOTS_AND_DASHES.sub(r"\\\g<0>", SPECIAL.sub(r"\\\1", text))
    return LIST_MARK.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else
                         f"{m[1]}{m[3] or m[5]}\\{m[4] or m[6]}", text)


def as_math(latex: str) -> str:
    """What a cell gives as LaTeX, as Markdown's mathematics."""
    text = latex.strip()
    if display := LATEX_DISPLAY.fullmatch(text):
        text = f"$${display[1].strip()}$$"
    elif inline := LATEX_INLINE.fullmatch(text):
        text = f"${inline[1].strip()}$"
    elif text.startswith(r"\begin{"):
        text = f"$$\n{text}\n$$"
    return text


TEX = re.compile(r"[%#&_{}$\\~^]")
TEX_TEXTS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def in_math(value: str) -> str:
    """TeX that prints as the text ``value`` in a formula: a number as one, all else as words."""
    if NUMBER.match(value):
        return value.replace(",", "{,}").replace("%", r"\%")
    written = TEX.sub(lambda sign: TEX_TEXTS.get(sign[0], f"\\{sign[0]}"), value)
    return rf"\text{{{written}}}"


def _as_written(value: str, place: str) -> str:
    """A text in one of the ``places`` of an inline expression."""
    if place == "math":
        return in_math(value)
    if place == "tag":
        return escape(value)
    written = as_text(value)
    return written.strip().replace(" ", "%20") if place == "target" else written


def inline_value(outputs: list[dict[str, Any]], place: str = "") -> str | None:
    """What an inline expression shows, as Markdown; None when it shows nothing that can stand in
    a text. place: where it stands, of ``places.places``."""
    for output in outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            return str(data["text/markdown"]).strip()
        if "text/latex" in data:
            latex = as_math(data["text/latex"])
            return latex.strip("$").strip() if place == "math" else latex
        if set(data) == {"text/plain"}:
            return _as_written(output["plain"], place)
    return None
