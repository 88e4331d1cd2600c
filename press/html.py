"""The book as one self-contained HTML page."""

from __future__ import annotations

import base64
import codecs
import re
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import backlinks, looks, pandoc, policy, svg
from .config import Book
from .convert import entries
from .reading import read_text
from .stylesheets import stylesheet
from .template import FilledTemplate, fill, plain_words, title_words
from .timings import Spent
from .words import words

CONTENTS = "pressXcontentsX\n"
LOOKS = "pressXlooksX"
"""Stands in the template where the rules of style attributes go."""
IMAGE = re.compile(r'(<img\b[^>]*?\bsrc=)"([^"]+)"')
CELL_IMAGE = re.compile(r'<img src="figs/([^"]+)\.svg" alt="([^"]*)"( style="[^"]*")?>')
FIGURE = re.compile(r'<figure class="figure[^"]*" id="(fig-[^"]+)">.*?</figure>', re.S)
IMAGE_ALONE = re.compile(r"<p>(<img [^>]*>)</p>")
VIEW_BOX = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
PICTURES = "figures"
"""The folder beside the page with the drawings of its figures."""
CODE_LINE = re.compile(r'<span id="code-[^"\n]*">'
                       r'(?:<a href="#code-[^"]*" aria-hidden="true" tabindex="-1"></a>)?'
                       r'(.*)</span>(?=\n|</code>)')
"""A line of code with Pandoc's name of it, which nothing shows and nothing leads to."""
PLAIN_CODE = re.compile(r'<span class="(?:op|va)">([^<]*)</span>')
"""Operators and variables, which code.theme prints like all other code."""
MIME = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
        ".gif": "image/gif", ".webp": "image/webp"}
SVG_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.S)
EXACT_SVG = re.compile(rb"<!ENTITY|<!\[CDATA|<text\b|<script\b|encoding=[\"'](?!utf-8)", re.I)
"""What an SVG may hold that does not bear to be shortened: text and code in which white space and
quotes count, entities, another encoding."""
TAG = re.compile(r"<[^>]*>|\s+")
QUOTED = re.compile(r"=\"([^\"']*)\"")
SAFE = " =:/;,()!*+@&$?-_.~'"
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)


def _data_uri(path: Path) -> str:
    mime = MIME.get(path.suffix.lower(), "application/octet-stream")
    if mime != "image/svg+xml":
        return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode()}"
    data = path.read_bytes()
    if EXACT_SVG.search(data) or data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return f"data:{mime};base64,{base64.b64encode(data).decode()}"
    text = METADATA.sub("", SVG_PROLOGUE.sub("", data.decode()))
    text = TAG.sub(lambda tag: QUOTED.sub(r"='\1'", re.sub(r"\s+", " ", tag[0])), text)
    return f"data:{mime},{quote(text, safe=SAFE)}"


def fill_template(book: Book, citations: list[str], placed: bool, with_pdf: bool, spent: Spent,
                  ) -> tuple[FilledTemplate, list[pandoc.Finding]]:
    """The page around the chapters, and what is wrong with the citations (Pandoc's trees).

    ``placed``: a chapter has a place for the list of references; ``with_pdf``: the page links to
    the PDF.
    """
    variables: dict[str, Any] = {
        "stylesheet": stylesheet(book),
        "script": (pandoc.ASSETS / "page.js").read_text("utf-8"),
    }
    variables |= {f"word-{name}": escape(word) for name, word in words(book.lang).items()}
    if book.in_header:
        variables["in-header"] = [read_text(book.root, name) for name in book.in_header]
    if book.after_body:
        variables["after-body"] = [read_text(book.root, name)
                                   for name in book.after_body]
    if with_pdf:
        variables["pdf-file"] = f"{book.output_file}.pdf"
        if book.supplement:
            variables["supplement-file"] = f"{book.output_file}-supplement.pdf"
    metadata: dict[str, Any] = {"pagetitle": plain_words(title_words(book, "title", spent))}
    if book.date:
        metadata["date"] = book.date
    if book.authors:
        metadata["author"] = list(book.authors)
    defaults = {"variables": variables, "metadata": metadata, "table-of-contents": True}
    return fill(book, "html", pandoc.ASSETS / "page.html", defaults, citations, placed, spent)


def page(book: Book, filled: FilledTemplate, body: str, contents: str, placed: bool) -> str:
    """The whole page: the chapters' text and their tables of contents put into the template."""
    body = backlinks.with_backlinks(body, book.lang)
    before, template_entries, after = filled.head.split(CONTENTS)
    return "".join([before, f"<ul>{contents}{entries(template_entries)}</ul>", after, body,
                    "" if placed else filled.references, filled.tail])


def finish(book: Book, work: Path, filled: FilledTemplate, page: str, target: Path,
           ) -> list[pandoc.Finding]:
    """Put the images into the page itself and write it to ``target``: drawings of cells with words
    in them as parts of it, others as data. Style attributes become classes, and the page's policy
    lets in what the filled template has. Returns what cannot become so.

    Sources of images are relative to ``work``, or to the project's root after ``root:``.
    """
    def embed(match: re.Match[str]) -> str:
        src = unescape(match[2])
        if src.startswith(("data:", "http:", "https:")):
            return match[0]
        path = book.root / src.removeprefix("root:") if src.startswith("root:") else work / src
        return f'{match[1]}"{_data_uri(path)}"'

    def drawn(match: re.Match[str]) -> str:
        content = (work / "figs" / f"{match[1]}.svg").read_bytes()
        return svg.inlined(content, match[1], unescape(match[2]), match[3] or "") or match[0]

    def with_files(match: re.Match[str]) -> str:
        """A figure that a cell drew, with a link to its picture beside the page."""
        name = f"{PICTURES}/{match[1]}.svg"
        drawing = target.parent / name
        if not drawing.is_file():
            return match[0]
        size = VIEW_BOX.search(drawing.read_text("utf-8"))
        # its share of width and height, so that a place can be kept before it is laid out
        share = f'style="--drawing: {size[1]} / {size[2]}" ' if size else ""
        label = f"{words(book.lang)['picture']}: {match[1]}, SVG"
        figure = IMAGE_ALONE.sub(rf'<div class="figure-scroll" role="group" tabindex="0" '
                                 rf'{share}aria-labelledby="{match[1]}-caption">\1</div>', match[0])
        return (f'{figure.removesuffix("</figure>")}<p class="figure-files">'
                f'<a href="{name}" download aria-label="{label}">SVG</a></p></figure>')

    # A script of the project's own is left as its digest has it.
    before, opening, rest = page.partition("<main")
    main, closing, after = rest.rpartition("</main>")
    main = IMAGE.sub(embed, CELL_IMAGE.sub(drawn, FIGURE.sub(with_files, main)))
    main = CODE_LINE.sub(lambda line: PLAIN_CODE.sub(r"\1", line[1]), main)
    page = "".join([before, opening, main, closing, after])
    page, sheet, findings = looks.as_classes(page)
    allowed = policy.policy(filled.head + filled.tail, [sheet])
    page = page.replace(policy.PLACE, allowed, 1).replace(
        LOOKS, f'<style id="press-looks">{sheet}</style>', 1)
    # A browser reads a digest's text with these ends of lines alone.
    target.write_text(page, "utf-8", newline="\n")
    return findings
