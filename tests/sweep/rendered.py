"""Whether the rendered HTML page shows the checked texts and table cells, word for word."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tables_and_flow import Cells
from words import plain

ROOT = Path(__file__).parents[2]
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col", "area", "base", "embed"}
UNSEEN = ("claim-card", "footnote-ref")


class Visible(HTMLParser):
    """Text of a page as a reader sees it: no cards, no code, no citations."""

    def __init__(self, html: str):
        super().__init__()
        self.parts: list[str] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            classes = (dict(attrs).get("class") or "").split()
            hidden = tag in ("script", "style", "svg", "pre") or "citation" in classes or any(
                name in classes for name in UNSEEN)
            self._open.append(hidden)
        if tag in ("p", "li", "td", "th", "div", "h1", "h2", "h3"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.parts.append(data)


def cite(data: Path) -> None:
    """Write the bibliography beside a made dataset: the project's, and an entry for each key that
    it lacks."""
    bibliography = (ROOT / "references.bib").read_text("utf-8")
    known = set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, re.M))
    keys = {row["citekey"]: None for path in sorted(data.glob("*.csv"))
            for row in csv.DictReader(io.StringIO(path.read_text("utf-8")))
            if row.get("citekey") and row["citekey"] not in known}
    made = [f"@article{{{key},\n  author = {{Maker, A.}},\n  title = {{Report {n}}},\n"
            f"  journal = {{Made}},\n  year = {{2026}},\n}}\n"
            for n, key in enumerate(keys, start=1)]
    (data.parent / "references.bib").write_text("\n".join([bibliography, *made]), "utf-8")


def render(data: Path, edition: str, output: Path) -> str:
    """The page of an edition by the embedded renderer; RuntimeError with what it says instead."""
    run = subprocess.run(
        [sys.executable, "-m", "review", "render", "--to", "html", "--data", str(data),
         "--edition", edition, "--output", str(output)], capture_output=True, text=True, cwd=ROOT)
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    return (output / "index.html").read_text("utf-8")


def missing(html: str, page: dict[str, Any]) -> list[str]:
    """Texts and table cells of a page, as checked, that the rendered page does not show."""
    seen = squeezed("".join(Visible(html).parts))
    found = []
    for name, text in page["texts"].items():
        for line in told(text):
            if line not in seen:
                found.append(f"rendered page: {name} does not stand there: {line[:300]!r}")
    for label, table in page["tables"].items():
        for line in Cells(table).lines:
            for cell in line:
                if squeezed(cell) not in seen:
                    found.append(f"rendered page: {label} lacks the cell {cell!r}")
    return found


def told(markdown: str) -> list[str]:
    """The lines of a Markdown text as a page shows them, without citations and marks of layout."""
    text = re.sub(r" ?\[@[^\]]+\]", "", markdown)
    text = re.sub(r"@sec-[a-z-]+", "\n", text)
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^(?:- |> )|(?<!\\)[*`]+|^\|[-| ]+\|$", "", line)
        lines += re.split(r"(?<!\\)\|", line)
    return [squeezed(plain(line)) for line in lines if squeezed(plain(line))]


def squeezed(text: str) -> str:
    """Text without spaces and with plain quotes, so that typesetting makes no difference."""
    for typeset, typed in (("’", "'"), ("‘", "'"), ("…", "..."), ("“", '"'), ("”", '"')):
        text = text.replace(typeset, typed)
    return re.sub(r"[\s\u00a0\u2060\u200b]+", "", text)
