"""Write an executed chapter as Pandoc's Markdown: one text for all formats.

The filters make HTML or Typst of it. A block that only some formats show names them in its
attribute ``formats``, which ``conditional.py`` reads.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import html_tables, pictures
from .cache import Outputs
from .config import FORMATS, Book, Chapter
from .errors import Problem
from .places import places
from .qmd import FENCED, VERBATIM, Source, Unit, fence_after, unbalanced
from .raw_html import marked
from .terminal import as_html, as_seen, as_typst, fault, runs, timed
from .values import as_math, inline_value

OBJECT_TEXT = re.compile(
    r"^[\[(]?<(?:(?:Axes|Figure)\w*\b|matplotlib\.|mpl_toolkits\.|seaborn\.|\w*Container object)"
    r".*>[\])]?$"
    r"|^[\[(]?(?:Text|Axes)\(|^array\(\[+<Axes|^GT\(.*\)$", re.S)
"""What stands for a drawing or a table that the cell shows."""
INLINE_CODE = re.compile(r"(?<![`\\])`\{python\}")
SHORTCODE = re.compile(r"(?<![\\{`])\{\{<")
"""A shortcode; escaped, `\\{\\{<` is a text like any other."""
RANDOM_ID = re.compile(r'<div id="([a-z]{10})"[^>]*>\s*<style>.*?gt_table', re.S)
HTML_DIV = ":::::::"
APART = "\n\n<!-- -->\n\n"
"""Between what a cell shows and what stands around it, or a list would go on with what follows."""
TEXTS = ("text/markdown", "text/html", "text/latex")
IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
SHOWN = {*IMAGES, *TEXTS, "text/plain"}
"""The types of outputs that documents can show, the ones first in ``outputs`` before others."""


@dataclass
class ChapterMarkdown:
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


def _heading(title: str) -> str:
    """A title as a heading of level 1; signs at its end are its own (`C#`)."""
    words = " ".join(title.split())
    return "# " + re.sub(r"#+$", lambda marks: marks[0].replace("#", "\\#"), words)


SAMPLE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})\s*\{(\{\w+\b.*\})\}\s*$")
"""The first line of a cell that is shown and not run."""


def _with_sample_cells(text: str) -> str:
    """The text with ``{{python}}`` cells, which are shown but not run, as Pandoc's code blocks."""
    out: list[str] = []
    sample: list[str] | None = None
    fence = ""
    for line in text.split("\n"):
        before, fence = fence, fence_after(fence, line)
        if not before and fence and (escaped := SAMPLE.match(line)):
            sample = [f"{fence}{escaped[1]}"]
            continue
        (out if sample is None else sample).append(line)
        if before and not fence and sample is not None:
            out.append(_fenced("\n".join(sample), ".markdown"))
            sample = None
    return "\n".join(out)


class _MarkdownWriter:
    """Writes one chapter; problems are collected in ``self.result``."""

    def __init__(self, book: Book, chapter: Chapter, source: Source):
        self.book, self.source, self.slug = book, source, chapter.slug
        self.result = ChapterMarkdown()

    def report(self, line: int, message: str) -> None:
        """Note a problem at a line of the chapter."""
        self.result.problems.append(Problem(self.source.path, line, message))

    def setting(self, unit: Unit, option: str, fmt: str) -> Any:
        """An option of a cell; where the cell does not have it, as the book says."""
        value = unit.options.get(option)
        return self.book.option(fmt, option) if value is None else value

    def formats(self, unit: Unit, option: str) -> list[str]:
        """The formats in which an option holds for a cell, by Quarto's names."""
        return [fmt for fmt in FORMATS.values() if self.setting(unit, option, fmt)]

    def text(self, unit: Unit, results: Iterator[list[dict[str, Any]]]) -> str:
        """A text with the values of its inline expressions, whose outputs are ``results``."""
        parts, end = [], 0
        for value, (start, stop), place in zip(unit.values, unit.spans,
                                               places(unit.source, unit.spans), strict=True):
            markdown = inline_value(next(results), place)
            if markdown is None:
                self.report(value.line, f"inline expression `{value.source}` shows "
                            "nothing that can stand in a text; let it return a text, a number or "
                            "Markdown")
                markdown = ""
            elif SHORTCODE.search(VERBATIM.sub("", markdown)):
                self.report(value.line, f"the value of `{value.source}` holds a shortcode; "
                            "shortcodes are not supported")
            before, after = unit.source[:start].rpartition("\n")[2], unit.source[stop:stop + 1]
            if before.startswith(":::"):
                # an attribute is read twice: as such, and as Markdown
                markdown = re.sub(r"[\\\"]", r"\\\g<0>", markdown)
            elif after and after in ".)" and not before.strip(" \t>(*+-"):
                markdown += "\\"  # or a list would begin
            parts += [unit.source[end:start], markdown]
            end = stop
        return _with_sample_cells("".join([*parts, unit.source[end:]]))

    def width(self, unit: Unit, size: dict[str, Any]) -> Any:
        """The width of an image: as the cell's option says, else as the image was given one."""
        if size.get("height") and not size.get("width"):
            self.report(unit.line, "the cell gives an image by its height, which is not supported; "
                        "give its width")
        given = unit.option("out-width")
        return given if given is not None or not size.get("width") else f"{size['width']}px"

    def image(self, unit: Unit, name: str, output: dict[str, Any]) -> str | None:
        """An output that is an image; None for any other."""
        data = output.get("data", {})
        for mime, suffix in IMAGES.items():
            if mime in data:
                content = data[mime]
                raw = content.encode() if suffix == "svg" else base64.b64decode(content)
                file = f"figs/{name}.{suffix}"
                self.result.files[file] = raw
                for wrong in pictures.faults(file, raw):
                    self.report(unit.line, f"the cell's image {wrong}")
                alternative = str(unit.option("fig-alt") or "").strip()
                if not alternative:
                    self.report(unit.line, "the cell shows an image without a text alternative; "
                                "add `fig-alt`, and `fig-cap` with a `fig-` label for a number")
                attributes = _attributes(fig_alt=alternative or "missing",
                                         width=self.width(
                                             unit, output.get("sizes", {}).get(mime, {})))
                return f"![]({file}){{.cell-image {attributes}}}"
        return None

    def outputs(self, unit: Unit, outputs: list[dict[str, Any]]) -> Iterator[str]:
        """Each output of a cell that a reader shall see. The ``repr`` of an object is left out
        where the cell has a label or shows something better."""
        rich = any("text/plain" not in o.get("data", {"text/plain": 1}) or len(o["data"]) > 1
                   for o in outputs if "data" in o)
        for index, output in enumerate(outputs):
            name = unit.label or f"{self.slug}-{unit.id}"
            data = output.get("data", {})
            if output["output_type"] == "stream":
                stderr = output["name"] == "stderr"
                if not stderr or self.formats(unit, "warning"):
                    self.check_text(unit, output["text"])
                text = as_seen(output["text"]).rstrip("\n")
                if unit.option("output") == "asis" and not stderr:
                    yield text
                elif text and stderr:
                    yield self.terminal_text(output["text"], self.formats(unit, "warning"))
                elif text:
                    yield self.terminal_text(output["text"])
            elif image := self.image(unit, name if index == 0 else f"{name}-{index}", output):
                yield image
            elif "text/html" in data:
                # A fence, not bare HTML: blank lines inside would end a raw block.
                prefix = f"{name}-{index}" if index else name
                content = _fenced(html_tables.cleaned(data["text/html"], prefix), "=html")
                yield f"{HTML_DIV} {{.cell-html line={unit.line}}}\n{content}\n{HTML_DIV}"
            elif "text/markdown" in data:
                yield data["text/markdown"]
            elif "text/latex" in data:
                yield as_math(data["text/latex"])
            elif text := as_seen(data.get("text/plain", "")):
                if not (OBJECT_TEXT.match(text) and (rich or unit.label)):
                    self.check_text(unit, text)
                    yield _fenced(text, ".output")

    def terminal_text(self, text: str, stderr_in: list[str] | None = None) -> str:
        """What was printed, with its colours. ``stderr_in``: it is what was written on standard
        error, and the formats that show it."""
        kind = "output" if stderr_in is None else "output stderr"
        shown = [*FORMATS.values()] if stderr_in is None else stderr_in
        parts = runs(text.rstrip("\n"))
        if all(part.is_plain for part in parts):
            dotted = "".join(f".{name} " for name in kind.split()).strip()
            names = "" if stderr_in is None else f' formats="{" ".join(stderr_in)}"'
            return _fenced(as_seen(text).rstrip("\n"), f"{dotted}{names}")
        forms = {"html": f'<pre class="{kind}" tabindex="0"><code>{as_html(parts)}</code></pre>',
                 "typst": f"#output(printed({as_typst(parts)}))"}
        written = [_fenced(forms[fmt], f"={fmt}") for fmt in shown]
        if "typst" in shown:
            written.append(_fenced(as_seen(text).rstrip("\n"), '.output formats="manuscript"'))
        return "\n\n".join(written)

    def check_text(self, unit: Unit, text: str) -> None:
        """Report what no document can show, or shows differently with each run."""
        if what := fault(as_seen(text)):
            self.report(unit.line, f"the cell {what}")
        elif timed(text):
            self.report(unit.line, "the cell prints its progress with the time that it took, "
                        "another with every run; leave the bar out, or set `warning: false` where "
                        "it is written on standard error")

    def check_outputs(self, unit: Unit, outputs: list[dict[str, Any]]) -> None:
        """Report what a cell gave that no renderer can use: inline code, ids that change."""
        for output in outputs:
            data = output.get("data", {})
            markdown = data.get("text/markdown", "")
            if unit.option("output") == "asis" and output["output_type"] == "stream":
                markdown = output["text"]
            if SHORTCODE.search(VERBATIM.sub("", markdown)):
                self.report(unit.line, "the cell's Markdown holds a shortcode (`{{< … >}}`); "
                            "shortcodes are not supported")
            if INLINE_CODE.search(FENCED.sub("", markdown)):
                self.report(unit.line, "the cell's Markdown holds inline code "
                            "(`{python} …`), which is not run there; put the value in with Python")
            if data and not SHOWN & set(data) - {"text/plain"}:
                others = sorted(mime for mime in data if mime != "text/plain")
                if others:
                    self.report(unit.line, f"the cell gives {', '.join(others)}, which no document "
                                "can show; give a figure, a table, Markdown or text")
            for mime in TEXTS:
                self.check_text(unit, data.get(mime, ""))
            random_id = RANDOM_ID.search(data.get("text/html", ""))
            if random_id and random_id[1] not in unit.source:
                self.report(unit.line, "a great_tables table with a random id, other "
                            "with every run; give it one: GT(…, id=\"…\")")

    def code(self, unit: Unit) -> Iterator[str]:
        """The cell's code, where some format shows it. Only the page can fold it."""
        formats = self.formats(unit, "echo")
        if not (formats and unit.code):
            return
        attributes = {"formats": " ".join(formats)}
        folded = self.setting(unit, "code-fold", "html")
        if folded:
            attributes["fold"] = self.setting(unit, "code-summary", "html")
        if folded == "show":
            attributes["open"] = "true"
        yield _fenced(unit.code, f".python .cell-code {_attributes(**attributes)}")

    def cell(self, unit: Unit, outputs: list[dict[str, Any]]) -> str:
        """A cell: its code and its outputs, as far as its options let them be seen."""
        if not unit.option("include"):
            return ""
        self.check_outputs(unit, outputs)
        parts = list(self.code(unit))
        if unit.option("output") is not False:
            body = list(self.outputs(unit, outputs))
            if what := unbalanced("\n\n".join(body)):
                self.report(unit.line, f"the cell's Markdown {what}")
            kind = unit.label.split("-")[0]
            if kind in ("fig", "tbl") and unit.runs:
                parts.append(self.float(unit, kind, body))
            else:
                parts += body
        classes = unit.option("classes")
        if classes:
            names = classes if isinstance(classes, list) else str(classes).split()
            dotted = " ".join("." + str(n).lstrip(".") for n in names)
            parts = [f":::::: {{{dotted}}}", *parts, "::::::"]
        return APART.join(parts)

    def float(self, unit: Unit, kind: str, body: list[str]) -> str:
        """A figure or table with number and caption. The lint has made sure of the caption."""
        if len(body) != 1:
            count = "nothing" if not body else f"{len(body)} outputs"
            what = {"fig": "figure", "tbl": "table"}[kind]
            self.report(unit.line, f"cell `{unit.label}` shows {count}; a `{kind}-` "
                        f"cell shows its {what} alone (rows and notes come from cells of their "
                        "own)")
        content = "\n\n".join(body)
        caption = " ".join(str(unit.option(f"{kind}-cap")).split())
        # a word before the caption keeps it from being a list or a heading; the filter removes it
        return (f":::::: {{#{unit.label} .cell-float}}\n{content}\n\n"
                f"::::: {{.cell-caption}}\nx {caption}\n:::::\n::::::")

    def chapter(self, outputs: Outputs) -> ChapterMarkdown:
        """The whole chapter, with the outputs of its executable units in order."""
        results = iter(outputs)
        title = self.source.meta.get("title")
        written, before = _heading(str(title)) if title else "", True
        values: list[list[dict[str, Any]]] = []
        for unit in self.source.units:
            if unit.kind == "inline":
                values.append(next(results))
                continue
            is_text = unit.kind == "text"
            if is_text:
                part, values = self.text(unit, iter(values)), []
            else:
                part = self.cell(unit, next(results) if unit.runs else [])
            if part:
                written += ("\n\n" if before and is_text else APART) * bool(written) + part
                before = is_text
        self.result.markdown = marked(written + "\n")
        return self.result


def to_markdown(book: Book, chapter: Chapter, source: Source, outputs: Outputs) -> ChapterMarkdown:
    """An executed chapter as Markdown. What is wrong is in ``problems``; nothing is raised."""
    return _MarkdownWriter(book, chapter, source).chapter(outputs)
