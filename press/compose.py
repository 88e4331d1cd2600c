"""An executed chapter as Pandoc's Markdown. What a format makes of it is left to the filters."""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import tables
from .cache import Outputs
from .config import Book, Chapter
from .notebook import FENCE, Source, Unit
from .problems import Problem
from .spans import flattened

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>$~^@\"'])")
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
OBJECT_TEXT = re.compile(r"^[\[(]?<[\w.]+.*>[\])]?$|^[\[(]?(Text|Axes)\(|^(None|GT\(.*\))$", re.S)
LEAK = re.compile(r"(?<!`)`\{python\}")
RANDOM_ID = re.compile(r'<div id="([a-z]{10})"[^>]*>\s*<style>.*?gt_table', re.S)
IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}


@dataclass
class Composed:
    """The book for one format: its Markdown, and the files (by name) that it refers to."""

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


def marker(text: str) -> str:
    """A note to the filters, which take it out again."""
    return _fenced(text, "=press")


def inline_value(outputs: list[dict[str, Any]]) -> str | None:
    """What an inline expression shows, as Markdown; None when it shows nothing."""
    for output in outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            return flattened(data["text/markdown"].strip())
        if "text/plain" in data:
            text = data["text/plain"]
            try:
                value = ast.literal_eval(text)
            except (ValueError, SyntaxError):
                value = None
            return SPECIAL.sub(r"\\\1", value if isinstance(value, str) else text)
    return None


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    """Apply ``change`` to the lines outside fences, and show ``{{python}}`` cells as written."""
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
            out.append(change(line))
    return "\n".join(out)


class _Composer:
    def __init__(self, book: Book, fmt: str, composed: Composed):
        self.book, self.format, self.composed = book, fmt, composed

    def bad(self, path: str, line: int, message: str) -> None:
        self.composed.problems.append(Problem(path, line, message))

    def text(self, source: Source, unit: Unit, results: Iterator[list[dict[str, Any]]],
             slug: str) -> str:
        parts, end = [], 0
        for value, (start, stop) in zip(unit.values, unit.spans, strict=True):
            shown = inline_value(next(results))
            if shown is None:
                self.bad(source.path, value.line, f"inline expression `{value.source}` shows "
                         "nothing; let it return a text, a number or Markdown")
                shown = ""
            parts += [unit.source[end:start], shown]
            end = stop
        whole = "".join([*parts, unit.source[end:]])
        return _outside_fences(whole, lambda x: FOOTNOTE.sub(rf"[^{slug}-\1]", x))

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

    def outputs(self, unit: Unit, slug: str, outputs: list[dict[str, Any]]) -> Iterator[str]:
        rich = any("text/plain" not in o.get("data", {"text/plain": 1}) or len(o["data"]) > 1
                   for o in outputs if "data" in o)
        for index, output in enumerate(outputs):
            name = unit.label or f"{slug}-{unit.id}"
            data = output.get("data", {})
            if output["output_type"] == "stream":
                stderr = output["name"] == "stderr"
                warn = unit.options.get("warning",
                                        self.book.option(self.format, "warning", True))
                if stderr and not warn:
                    continue
                text = output["text"].rstrip("\n")
                if unit.options.get("output") == "asis" and not stderr:
                    yield text
                elif text:
                    yield _fenced(text, ".output .stderr" if stderr else ".output")
            elif image := self.image(unit, name if index == 0 else f"{name}-{index}", data):
                yield image
            elif "text/html" in data:
                # A fence, not bare HTML: blank lines inside would end a raw block.
                yield _fenced(tables.cleaned(data["text/html"], name), "=html")
            elif "text/markdown" in data:
                yield flattened(data["text/markdown"])
            elif text := data.get("text/plain", ""):
                if not (OBJECT_TEXT.match(text) and (rich or unit.label)):
                    yield _fenced(text, ".output")

    def leaks(self, source: Source, unit: Unit, outputs: list[dict[str, Any]]) -> None:
        """What a cell wrote that no renderer can use: inline code, ids that change."""
        for output in outputs:
            data = output.get("data", {})
            if LEAK.search(data.get("text/markdown", "")):
                self.bad(source.path, unit.line, "the cell's Markdown holds inline code "
                         "(`{python} …`), which is not run there; put the value in with Python")
            chance = RANDOM_ID.search(data.get("text/html", ""))
            if chance and chance[1] not in unit.source:
                self.bad(source.path, unit.line, "a great_tables table with a random id, other "
                         "with every run; give it one: GT(…, id=\"…\")")

    def cell(self, source: Source, unit: Unit, outputs: list[dict[str, Any]], slug: str) -> str:
        said = unit.options
        if said.get("include") is False:
            return ""
        self.leaks(source, unit, outputs)
        parts = []
        echo = said.get("echo", self.book.option(self.format, "echo", True))
        if echo and unit.code:
            folded = said.get("code-fold", self.book.option(self.format, "code-fold", False))
            summary = said.get("code-summary",
                               self.book.option(self.format, "code-summary", "Code"))
            fold = _attributes(fold=summary, open="true" if folded == "show" else None)
            parts.append(_fenced(unit.code, f".python .cell-code {fold if folded else ''}"))
        if said.get("output") is not False:
            body = list(self.outputs(unit, slug, outputs))
            kind = unit.label.split("-")[0]
            if kind in ("fig", "tbl") and unit.runs:
                parts.append(self.float(source, unit, kind, body))
            else:
                parts += body
        classes = said.get("classes")
        if classes:
            names = classes if isinstance(classes, list) else str(classes).split()
            dotted = " ".join("." + str(n).lstrip(".") for n in names)
            parts = [f":::::: {{{dotted}}}", *parts, "::::::"]
        return "\n\n".join(parts)

    def float(self, source: Source, unit: Unit, kind: str, body: list[str]) -> str:
        shown = {"fig": "figure", "tbl": "table"}[kind]
        if len(body) != 1:
            found = "nothing" if not body else f"{len(body)} outputs"
            self.bad(source.path, unit.line, f"cell `{unit.label}` shows {found}; a `{kind}-` "
                     f"cell shows its {shown} alone (rows and notes come from cells of their own)")
        caption = unit.options.get(f"{kind}-cap")
        if not caption:
            self.bad(source.path, unit.line, f"cell `{unit.label}` has no `{kind}-cap`")
        if kind == "fig" and not str(unit.options.get("fig-alt") or "").strip():
            self.bad(source.path, unit.line, f"figure `{unit.label}` has no `fig-alt`: say in "
                     "words what it shows")
        content = "\n\n".join(body)
        return (f":::::: {{#{unit.label} .cell-float}}\n{content}\n\n"
                f"::::: {{.cell-caption}}\n{caption or ''}\n:::::\n::::::")

    def chapter(self, chapter: Chapter, source: Source, outputs: Outputs) -> str:
        results = iter(outputs)
        parts = [marker(f"chapter {chapter.path} {'appendix' if chapter.appendix else 'main'}")]
        if title := source.meta.get("title"):
            parts.append(f"# {title}")
        waiting: list[list[dict[str, Any]]] = []
        for unit in source.units:
            if unit.kind == "inline":
                waiting.append(next(results))
            elif unit.kind == "text":
                parts.append(self.text(source, unit, iter(waiting), chapter.slug))
                waiting = []
            else:
                parts.append(self.cell(source, unit, next(results) if unit.runs else [],
                                       chapter.slug))
        return "\n\n".join(filter(None, parts))


def compose(book: Book, sources: dict[str, Source], outputs: dict[str, Outputs],
            fmt: str) -> Composed:
    """The whole book for one format (``html`` or ``typst``)."""
    composed = Composed()
    composer = _Composer(book, fmt, composed)
    composed.markdown = "\n\n".join(
        composer.chapter(chapter, sources[chapter.path], outputs[chapter.path])
        for chapter in book.chapters
    ) + "\n"
    return composed


def write(composed: Composed, folder: Path, name: str) -> Path:
    """Put the Markdown and its figures where Pandoc and Typst will look for them."""
    for file, content in composed.files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    path = folder / f"{name}.md"
    path.write_text(composed.markdown, "utf-8")
    return path
