"""The book as one self-contained page."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote

from . import pandoc
from .config import Book

IMAGE = re.compile(r'<img src="([^"]+)"')
MIME = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
        ".gif": "image/gif", ".webp": "image/webp"}
SVG_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.S)
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)


def _data_uri(path: Path) -> str:
    mime = MIME.get(path.suffix.lower(), "application/octet-stream")
    if mime != "image/svg+xml":
        return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode()}"
    svg = METADATA.sub("", SVG_PROLOGUE.sub("", path.read_text("utf-8")))
    svg = re.sub(r"\s+", " ", svg).replace('"', "'")
    return f"data:{mime},{quote(svg, safe=' =:/;,()!*+@&$?-_.~' + chr(39))}"


def stylesheet(book: Book) -> str:
    """The page's style, and after it what ``format.html.css`` names."""
    sheets = [(pandoc.ASSETS / "page.css").read_text("utf-8")]
    sheets += [(book.root / css).read_text("utf-8") for css in book.css]
    return "\n".join(sheets)


def write(book: Book, work: Path, tree: str, with_pdf: bool) -> list[pandoc.Finding]:
    """Let Pandoc write the page; ``finish`` embeds the figures."""
    variables = {"stylesheet": stylesheet(book),
                 "script": (pandoc.ASSETS / "page.js").read_text("utf-8")}
    if with_pdf:
        variables["pdf-file"] = f"{book.output_file}.pdf"
    metadata = {"title": book.title, "pagetitle": re.sub(r"[*_`]", "", book.title)}
    for name in ("subtitle", "date", "description"):
        if value := getattr(book, name):
            metadata[name] = value
    if book.authors:
        metadata["author"] = list(book.authors)
    defaults = work / "html-defaults.json"
    defaults.write_text(json.dumps({"variables": variables, "metadata": metadata}), "utf-8")
    depth = book.option("html", "toc-depth", 2)
    return pandoc.run([
        *pandoc.command(book, "html5"), f"--defaults={defaults.name}", "--standalone",
        f"--template={pandoc.ASSETS / 'page.html'}", "--section-divs", "--mathml", "--toc",
        f"--toc-depth={depth}", "--email-obfuscation=none", f"--output={work / 'page.html'}", tree,
    ], work)


def finish(book: Book, work: Path, target: Path) -> None:
    """Put images into the page itself and write it."""
    def embed(match: re.Match[str]) -> str:
        src = match[1]
        if src.startswith(("data:", "http:", "https:")):
            return match[0]
        path = book.root / src.removeprefix("root:") if src.startswith("root:") else work / src
        return f'<img src="{_data_uri(path)}"'

    page = (work / "page.html").read_text("utf-8")
    target.write_text(IMAGE.sub(embed, page), "utf-8")
