"""A chapter's ``.qmd`` as a list of units: text, code cells and inline expressions.

Quarto's own reader of ``.qmd`` files is the Quarto CLI, and jupytext gives no line numbers and
takes longer to import than a whole render in which nothing changed. The grammar of the subset is
small enough to read here; a test compares the result with jupytext's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .options import default
from .reading import load_yaml, read_text

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(.*?)\s*$")
PLACE = re.compile(r"^(?:[ \t>]|[-*+:~][ \t]|\(?(?:\d+|#|[A-Za-z]|@[\w-]*)[.)][ \t]"
                   r"|\[\^[^\]\s]+\]:)*(?=`{3}|~{3})")
"""What stands before a fence in a list, a quotation or a note, which no cell does."""
INSIDE = re.compile(r"^[ \t>]*(?=`{3}|~{3})")
"""What stands before the end of such a fence."""
CELL = re.compile(r"^ {0,3}(?:`{3,}|~{3,})\s*\{python\b[^}]*\}\s*$")
FENCED = re.compile(rf"{PLACE.pattern}(`{{3,}}|~{{3,}}).*?{INSIDE.pattern}\1[`~]*[ \t]*$",
                    re.M | re.S)
"""Blocks of code and raw content, whose signs mean nothing."""
SPAN = r"(?<!`)(?<!(?<!\\)\\)(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\{}(?!`)"
"""Code in a text: not from a mark after a backslash, nor beyond its paragraph."""
CODE_SPAN = re.compile(SPAN.format(1), re.S)
VERBATIM = re.compile(rf"{FENCED.pattern}|{SPAN.format(2)}", re.M | re.S)
"""Both."""
DIV = re.compile(r"^ {0,3}(:{3,})\s*(.*?)\s*:*\s*$")
ITEM = re.compile(r" *(?:[-*+] +|\(?(?:\d+|#|[A-Za-z]|@[\w-]*)[.)] +|([:~] +|\[\^[^\]\s]+\]: *))")
"""What begins an item, a definition or a note; the last two hold what is four signs further in."""
INLINE = re.compile(r"\{python\}\s+(.+)", re.S)
OPTION = re.compile(r"#\s*\|\s?(.*)")
"""A line with an option of a cell."""


@dataclass
class Unit:
    """A piece of a chapter, in the order of execution.

    ``kind`` is ``text``, ``code`` (a cell) or ``inline`` (an expression, placed just before the
    text that uses it). ``line`` is the 1-based line on which it starts; the source of a cell
    starts on the line after. ``values`` of a text are its inline expressions in order, and
    ``spans`` where they stand in ``source``.
    """

    kind: str
    source: str
    line: int
    id: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    values: list[Unit] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    fault: str = ""
    option_lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, option: str) -> int:
        """The line of an option; of one that is not there, the line of the cell."""
        return self.option_lines.get(option, self.line)

    @property
    def label(self) -> str:
        """The label of a cell; "" without one."""
        return str(self.options.get("label", ""))

    def option(self, name: str) -> Any:
        """The value of a cell's option; where it is not given or left empty, its default (None:
        what the book says)."""
        value = self.options.get(name)
        return default("cell", name) if value is None else value

    @property
    def runs(self) -> bool:
        """Whether a kernel has to run it."""
        if self.kind == "inline":
            return True
        return self.kind == "code" and self.option("eval") is not False and bool(self.code)


@dataclass
class Source:
    """A chapter as read: its front matter and its units. ``fault`` says what is wrong with the
    front matter, ``meta_lines`` in which line each of its keys is."""

    path: str
    text: str
    meta: dict[str, Any]
    units: list[Unit]
    fault: str = ""
    meta_lines: dict[str, int] = field(default_factory=dict)

    def executable(self) -> list[Unit]:
        """The units that a kernel has to run, in order."""
        return [unit for unit in self.units if unit.runs]


def _key_lines(tree: yaml.Node | None, first: int) -> dict[str, int]:
    """The line of each key of a YAML text whose first line is ``first``."""
    pairs = tree.value if isinstance(tree, yaml.MappingNode) else []
    return {str(key.value): first + key.start_mark.line for key, _ in pairs}


def _options(source: str, first: int) -> tuple[dict[str, Any], dict[str, int], str, str]:
    """The ``#|`` options of a cell whose source begins at the line ``first``, the line of each, the
    code below them, and what is wrong with them, if so."""
    lines = source.split("\n")
    count = next((i for i, x in enumerate(lines) if not OPTION.match(x)), len(lines))
    code = "\n".join(lines[count:]).strip("\n")
    try:
        given, tree = load_yaml("\n".join(
            found[1] for x in lines[:count] if (found := OPTION.match(x))))
    except yaml.YAMLError as error:
        return {}, {}, code, f"the cell's options are not valid YAML: {_yaml_fault(error, first)}"
    if given is not None and not isinstance(given, dict):
        return {}, {}, code, "the cell's options must be `key: value` lines"
    return given or {}, _key_lines(tree, first), code, ""


def _yaml_fault(error: yaml.YAMLError, first: int) -> str:
    """What is wrong with a YAML text whose first line is ``first``, and in which line."""
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + first})" if mark else ""
    return f"{getattr(error, 'problem', '')}{where}"


def _front_matter(text: str) -> tuple[dict[str, Any], dict[str, int], int, str]:
    """The YAML at the top, the line of each key, the number of lines it takes, and what is wrong
    with it, if so."""
    lines = text.split("\n")
    if not lines or lines[0].rstrip() != "---":
        return {}, {}, 0, ""
    for end, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            try:
                given, tree = load_yaml("\n".join(lines[1:end]))
            except yaml.YAMLError as error:
                return {}, {}, end + 1, ("the front matter is not valid YAML: "
                                         f"{_yaml_fault(error, 2)}")
            if given is not None and not isinstance(given, dict):
                return {}, {}, end + 1, "the front matter must be `key: value` lines"
            return given or {}, _key_lines(tree, 2), end + 1, ""
    return {}, {}, 0, ""


def fence_after(fence: str, line: str, place: re.Pattern[str] | None = None) -> str:
    """The marks of the fence of code that is open after a line; "" where none is. fence: of the one
    that was open before it. place: what may stand before a fence, in lists and quotations."""
    if place and fence:
        place = INSIDE
    found = FENCE.match(place.sub("", line) if place else line)
    if fence:
        return "" if found and not found[2] and found[1].startswith(fence) else fence
    return found[1] if found and not (found[1][0] == "`" and "`" in found[2]) else ""


def _blocks(lines: list[str], first: int) -> Iterator[tuple[str, int, list[str]]]:
    """Runs of lines: ``text``, ``verbatim`` (any other fence) or ``cell``, with their first line.

    The lines of a cell are without its fences.
    """
    kind, start, fence = "text", first, ""
    block: list[str] = []
    for number, line in enumerate(lines[first:], first):
        before, fence = fence, fence_after(fence, line, PLACE)
        if before and not fence:
            if kind == "verbatim":
                block.append(line)
            yield kind, start, block
            kind, start, block = "text", number + 1, []
        elif fence and not before:
            if block:
                yield kind, start, block
            kind, start, block = (("cell", number, []) if CELL.match(line)
                                  else ("verbatim", number, [line]))
        else:
            block.append(line)
    if block or fence:
        yield kind, start, block


def in_indented_code(lines: list[str], number: int) -> bool:
    """Whether the line of a text (the first is 1) is in a block of code that is one by its
    indentation: four signs more than what it is in, a list, a note or nothing."""
    def indentation(line: str) -> int:
        bare = line.expandtabs(4)
        return len(bare) - len(bare.lstrip())

    first = number - 1
    here = indentation(lines[first])
    if here < 4:
        return False
    while first and lines[first - 1].strip():
        first -= 1
        here = min(here, indentation(lines[first]))
    for line in reversed(lines[:first]):
        if line.strip() and indentation(line) < here:
            item = ITEM.match(line.expandtabs(4))
            return here >= (max(len(item[0]), 4 if item[1] else 0) if item
                            else indentation(line)) + 4
    return here >= 4


def inline(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each inline expression of a text without fences: the match of its code span, and its code."""
    for span in CODE_SPAN.finditer(text):
        if span[1] == "`" and (code := INLINE.fullmatch(span[2])):
            yield span, code[1].strip()


def parse(text: str, path: str = "") -> Source:
    """Read a chapter. Never fails: what is wrong is noted in ``fault``, which the lint reports."""
    meta, meta_lines, first, fault = _front_matter(text)
    lines = text.removesuffix("\n").split("\n")  # not at other signs that Unicode calls ends
    units: list[Unit] = []
    pending: Unit | None = None
    counts = {"inline": 0, "cell": 0, "text": 0}

    def close() -> None:
        nonlocal pending
        if pending and pending.source.strip():
            units.extend(pending.values)
            units.append(pending)
        pending = None

    for kind, start, block_lines in _blocks(lines, first):
        if kind == "cell":
            close()
            counts["cell"] += 1
            source = "\n".join(block_lines)
            given, lines_of, code, wrong = _options(source, start + 2)
            unit = Unit("code", source, start + 1, options=given, code=code, fault=wrong,
                        option_lines=lines_of)
            unit.id = unit.label or f"cell-{counts['cell']}"
            units.append(unit)
            continue
        if pending is None:
            counts["text"] += 1
            pending = Unit("text", "", start + 1, id=f"text-{counts['text']}")
        offset = len(pending.source)
        block = "\n".join(block_lines) + "\n"
        pending.source += block
        if kind == "text":
            for span, expression in inline(block):
                counts["inline"] += 1
                line = start + 1 + block.count("\n", 0, span.start())
                pending.values.append(
                    Unit("inline", expression, line, f"inline-{counts['inline']}", code=expression)
                )
                pending.spans.append((offset + span.start(), offset + span.end()))
    close()
    return Source(path, text, meta, units, fault, meta_lines)


def read(root: Path, path: str) -> Source:
    """The chapter at ``root/path``. Raises EncodingError where it is not UTF-8."""
    return parse(read_text(root, path), path)


def unbalanced(markdown: str) -> str:
    """What is wrong with the fences of code and divs of a piece of Markdown that stands alone; ""
    where all that it opens it closes. An open one would swallow the text after it."""
    fence, divs = "", 0
    for line in markdown.split("\n"):
        before, fence = fence, fence_after(fence, line)
        if not before and not fence and (div := DIV.match(line)):
            divs += 1 if div[2] else -1
            if divs < 0:
                return "closes a div (`:::`) that it did not open"
    if fence:
        return f"opens a fence (`{fence}`) that it does not close"
    return "opens a div (`:::`) that it does not close" if divs else ""
