"""An executed chapter as Pandoc's Markdown, one text for all formats.

What a format makes of it is left to the filters; a block that only some formats show names them in
its attribute ``formats``.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import tables
from .cache import Outputs
from .config import FORMATS, Book, Chapter
from .notebook import FENCE, Source, Unit
from .problems import Problem

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>$~^@\"'])")
OBJECT_TEXT = re.compile(r"^[\[(]?<[\w.]+.*>[\])]?$|^[\[(]?(Text|Axes)\(|^(None|GT\(.*\))$", re.S)
LEAK = re.compile(r"(?<!`)`\{python\}")
RANDOM_ID = re.compile(r'<div id="([a-z]{10})"[^>]*>\s*<style>.*?gt_table', re.S)
IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}


@dataclass
class Composed:
    """A chapter's Markdown, the files (by name) it refers to, and what is wrong with it."""

    markdown: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _attributes(**pairs: Any) -> str:
    return " ".join(f"{name.replace('_', '-')}={json.dumps(str(value), ensure_ascii=False)}"
                    for name, value in pairs.items() if value is not None)


def _fenced(content: str, attributes: str) -> str:
    """A fence that its content cannot close."""
    longest = max((len(m) for m in re.findall(r"~{3,}", content)), default=3)
    fence = "~" * (longest + 1)
    return f"{fence} {{{attributes}}}\n{content}\n{fence}"


def inline_value(outputs: list[dict[str, Any]]) -> str | None:
    """What an inline expression shows, as Markdown; None when it shows nothing."""
    for output in outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            return data["text/markdown"].strip()
        if "text/plain" in data:
            text = data["text/plain"]
            try:
                value = ast.literal_eval(text)
            except (ValueError, SyntaxError):
                value = None
            return SPECIAL.sub(r"\\\1", value if isinstance(value, str) else text)
    return None


def _shown_cells(text: str) -> str:
    """The text with ``{{python}}`` cells as fences that show a cell as it is written."""
    out: list[str] = []
    closing, shown = "", None
    for line in text.split("\n"):
        fence = FENCE.match(line)
        if closing:
            (out if shown is None else shown).append(line)
            if fence and not fence[2] and fence[1].startswith(closing):
                if shown is not None:
                    out.append(_fenced("\n".join(shown), ".markdown"))
                closing, shown = "", None
        elif fence and not (fence[1][0] == "`" and "`" in fence[2]):
            closing = fence[1]
            if escaped := re.fullmatch(r"\{(\{\w+\b.*\})\}", fence[2]):
                shown = [f"{fence[1]}{escaped[1]}"]
            else:
                out.append(line)
        else:
            out.append(line)
    return "\n".join(out)


class _Composer:
    def __init__(self, book: Book, chapter: Chapter, source: Source):
        self.book, self.source, self.slug = book, source, chapter.slug
        self.composed = Composed()

    def bad(self, line: int, message: str) -> None:
        self.composed.problems.append(Problem(self.source.path, line, message))

    def formats(self, unit: Unit, option: str) -> list[str]:
        """The formats in which an option holds for a cell, by Quarto's names."""
        return [fmt for fmt in FORMATS.values()
                if unit.options.get(option, self.book.option(fmt, option, True))]

    def text(self, unit: Unit, results: Iterator[list[dict[str, Any]]]) -> str:
        parts, end = [], 0
        for value, (start, stop) in zip(unit.values, unit.spans, strict=True):
            shown = inline_value(next(results))
            if shown is None:
                self.bad(value.line, f"inline expression `{value.source}` shows "
                         "nothing; let it return a text, a number or Markdown")
                shown = ""
            parts += [unit.source[end:start], shown]
            end = stop
        return _shown_cells("".join([*parts, unit.source[end:]]))

    def image(self, unit: Unit, name: str, data: dict[str, Any]) -> str | None:
        for mime, suffix in IMAGES.items():
            if mime in data:
                content = data[mime]
                raw = content.encode() if suffix == "svg" else base64.b64decode(content)
                file = f"figs/{name}.{suffix}"
                self.composed.files[file] = raw
                shown = _attributes(fig_alt=unit.options.get("fig-alt"),
                                    width=unit.options.get("out-width"))
                return f"![]({file}){{.cell-image {shown}}}"
        return None

    def outputs(self, unit: Unit, outputs: list[dict[str, Any]]) -> Iterator[str]:
        rich = any("text/plain" not in o.get("data", {"text/plain": 1}) or len(o["data"]) > 1
                   for o in outputs if "data" in o)
        for index, output in enumerate(outputs):
            name = unit.label or f"{self.slug}-{unit.id}"
            data = output.get("data", {})
            if output["output_type"] == "stream":
                stderr = output["name"] == "stderr"
                text = output["text"].rstrip("\n")
                if unit.options.get("output") == "asis" and not stderr:
                    yield text
                elif text and stderr:
                    shown = " ".join(self.formats(unit, "warning"))
                    yield _fenced(text, f'.output .stderr formats="{shown}"')
                elif text:
                    yield _fenced(text, ".output")
            elif image := self.image(unit, name if index == 0 else f"{name}-{index}", data):
                yield image
            elif "text/html" in data:
                # A fence, not bare HTML: blank lines inside would end a raw block.
                yield _fenced(tables.cleaned(data["text/html"], name), "=html")
            elif "text/markdown" in data:
                yield data["text/markdown"]
            elif text := data.get("text/plain", ""):
                if not (OBJECT_TEXT.match(text) and (rich or unit.label)):
                    yield _fenced(text, ".output")

    def leaks(self, unit: Unit, outputs: list[dict[str, Any]]) -> None:
        """What a cell wrote that no renderer can use: inline code, ids that change."""
        for output in outputs:
            data = output.get("data", {})
            if LEAK.search(data.get("text/markdown", "")):
                self.bad(unit.line, "the cell's Markdown holds inline code "
                         "(`{python} …`), which is not run there; put the value in with Python")
            chance = RANDOM_ID.search(data.get("text/html", ""))
            if chance and chance[1] not in unit.source:
                self.bad(unit.line, "a great_tables table with a random id, other "
                         "with every run; give it one: GT(…, id=\"…\")")

    def code(self, unit: Unit) -> Iterator[str]:
        """The cell's code, where some format shows it. Only the page can fold it."""
        said, shown = unit.options, self.formats(unit, "echo")
        if not (shown and unit.code):
            return
        attributes = {"formats": " ".join(shown)}
        folded = said.get("code-fold", self.book.option("html", "code-fold", False))
        if folded:
            attributes["fold"] = said.get("code-summary",
                                          self.book.option("html", "code-summary", "Code"))
        if folded == "show":
            attributes["open"] = "true"
        yield _fenced(unit.code, f".python .cell-code {_attributes(**attributes)}")

    def cell(self, unit: Unit, outputs: list[dict[str, Any]]) -> str:
        said = unit.options
        if said.get("include") is False:
            return ""
        self.leaks(unit, outputs)
        parts = list(self.code(unit))
        if said.get("output") is not False:
            body = list(self.outputs(unit, outputs))
            kind = unit.label.split("-")[0]
            if kind in ("fig", "tbl") and unit.runs:
                parts.append(self.float(unit, kind, body))
            else:
                parts += body
        classes = said.get("classes")
        if classes:
            names = classes if isinstance(classes, list) else str(classes).split()
            dotted = " ".join("." + str(n).lstrip(".") for n in names)
            parts = [f":::::: {{{dotted}}}", *parts, "::::::"]
        return "\n\n".join(parts)

    def float(self, unit: Unit, kind: str, body: list[str]) -> str:
        shown = {"fig": "figure", "tbl": "table"}[kind]
        if len(body) != 1:
            found = "nothing" if not body else f"{len(body)} outputs"
            self.bad(unit.line, f"cell `{unit.label}` shows {found}; a `{kind}-` "
                     f"cell shows its {shown} alone (rows and notes come from cells of their own)")
        caption = unit.options.get(f"{kind}-cap")
        if not caption:
            self.bad(unit.line, f"cell `{unit.label}` has no `{kind}-cap`")
        if kind == "fig" and not str(unit.options.get("fig-alt") or "").strip():
            self.bad(unit.line, f"figure `{unit.label}` has no `fig-alt`: say in "
                     "words what it shows")
        content = "\n\n".join(body)
        return (f":::::: {{#{unit.label} .cell-float}}\n{content}\n\n"
                f"::::: {{.cell-caption}}\n{caption or ''}\n:::::\n::::::")

    def chapter(self, outputs: Outputs) -> Composed:
        results = iter(outputs)
        parts = [f"# {title}"] if (title := self.source.meta.get("title")) else []
        waiting: list[list[dict[str, Any]]] = []
        for unit in self.source.units:
            if unit.kind == "inline":
                waiting.append(next(results))
            elif unit.kind == "text":
                parts.append(self.text(unit, iter(waiting)))
                waiting = []
            else:
                parts.append(self.cell(unit, next(results) if unit.runs else []))
        self.composed.markdown = "\n\n".join(filter(None, parts)) + "\n"
        return self.composed


def compose(book: Book, chapter: Chapter, source: Source, outputs: Outputs) -> Composed:
    """An executed chapter as Markdown."""
    return _Composer(book, chapter, source).chapter(outputs)
