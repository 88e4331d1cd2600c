"""Convert chapters from Markdown to HTML or Typst with Pandoc, each as soon as its cells have run.

Pandoc takes gigabytes for a whole book of long lines and tables, and little for a chapter; and when
one chapter changes, only that one has to be converted again. What a single chapter cannot know
(its number, where references lead, what citations say) is left open: placeholders stand there,
which ``crossref.py`` replaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import (
    as_words,
    conditional,
    drawn_tables,
    nesting,
    pandoc,
    pipe_tables,
    policy,
    raw_html,
    subset,
)
from .cache import FOLDER, digest, family, own_code, read_json, stored_name, write_json
from .config import Book, Chapter
from .qmd import in_indented_code
from .reading import read_text
from .timings import Spent
from .words import words

SUBFOLDER = "fragments"
READER = "markdown"
CUT = "pressXcutX\n"
"""Stands in the templates between the parts of what Pandoc writes."""
WRITERS = {"html": "html5", "typst": "typst"}


@dataclass
class Fragment:
    """A chapter in one format.

    ``body`` is its text, ``contents`` its part of the table of contents (HTML), and ``facts`` what
    ``filters/crossref.lua`` notes about it (listed there).
    """

    body: str
    contents: str
    facts: dict[str, Any]


@dataclass
class Conversion:
    """What came of converting a chapter: its fragment, and what is wrong with it."""

    fragment: Fragment
    findings: list[pandoc.Finding] = field(default_factory=list)


@lru_cache
def tools_digest() -> str:
    """A digest of all that turns Markdown into fragments: they are stored under it."""
    files = [path.read_bytes() for folder in (pandoc.FILTERS, pandoc.ASSETS)
             for path in sorted(folder.iterdir())]
    return digest(own_code(), str(Path(pandoc.binary()).stat().st_size), *files)


def entries(contents: str) -> str:
    """The entries of a table of contents that Pandoc wrote, without the list around them."""
    return contents.strip().removeprefix("<ul>").removesuffix("</ul>")


AT_LINE = re.compile(r" at line (\d+) column \d+")


def _placed(finding: pandoc.Finding, path: str, markdown: str) -> pandoc.Finding:
    """What Pandoc's reader reports of a line of ``markdown``, with the words of that line, by which
    it can be found in the chapter."""
    place = AT_LINE.search(finding.what)
    lines = markdown.split("\n")
    search = lines[int(place[1]) - 1].strip() if place and int(place[1]) <= len(lines) else ""
    return pandoc.Finding(finding.kind, AT_LINE.sub("", finding.what), path, search)


def _of_lines(faults: Iterable[tuple[int, str]], path: str, markdown: str) -> list[pandoc.Finding]:
    """What is wrong with lines of ``markdown`` that are no code, with their words, by which they
    can be found in the chapter."""
    lines = markdown.split("\n")
    return [pandoc.Finding("subset", message, path, lines[line - 1].strip())
            for line, message in faults if not in_indented_code(lines, line)]


class Converter:
    """Converts chapters, one format at a time, and stores the fragments.

    Formats have Quarto's names (``html``, ``typst``); a ``manuscript`` is a tree that Pandoc writes
    in several.
    """

    def __init__(self, book: Book):
        self.book = book
        self.folder = book.root / FOLDER / SUBFOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self.styled = subset.style_classes("\n".join(read_text(book.root, name)
                                                     for name in book.css))
        for name in (*book.in_header, *book.after_body):
            self.styled |= subset.included_classes(read_text(book.root, name))

    def _path(self, chapter: Chapter, markdown: str, fmt: str) -> Path:
        options = json.dumps(dict(self.book.formats.get(fmt, {})), sort_keys=True, default=str)
        key = digest(tools_digest(), chapter.path, str(chapter.appendix), self.book.lang, options,
                     *sorted(self.styled), markdown)
        return self.folder / stored_name(chapter.slug, key, f".{fmt}.json")

    def stored(self, chapter: Chapter, markdown: str, fmt: str) -> Conversion | None:
        """What an earlier render made of the same text; None where it is not there."""
        stored = read_json(self._path(chapter, markdown, fmt))
        return Conversion(Fragment(**stored)) if stored else None

    def read(self, chapter: Chapter, markdown: str, spent: Spent,
             ) -> tuple[dict[str, Any], list[pandoc.Finding]]:
        """The chapter as Pandoc's tree ({} where something is wrong), and what is wrong."""
        text, findings = pandoc.run([f"--from={READER}", "--to=json"], self.folder, markdown,
                                    spent)
        if findings:
            # a table that is not meant as one may hold the end of what is said to have none
            return {}, [*(_placed(f, chapter.path, markdown) for f in findings),
                        *_of_lines(drawn_tables.faults(markdown), chapter.path, markdown)]
        tree = raw_html.native(json.loads(text))
        findings = subset.check(tree, chapter.path, self.styled)
        of_rows = [*pipe_tables.faults(markdown)]
        if '"t":"Table"' in text:
            of_rows += drawn_tables.faults(markdown)
        findings += _of_lines(of_rows, chapter.path, markdown)
        findings += [pandoc.Finding("subset", message, chapter.path, search)
                     for _, message, search in as_words.faults(text, markdown)]
        findings += policy.check(tree["blocks"], chapter.path)
        findings += nesting.check(tree["blocks"], chapter.path)
        if subset.check_print(tree["blocks"], chapter.path):
            # what the page alone shows need not be printed
            printed = conditional.for_format(tree["blocks"], "typst")
            findings += subset.check_print(printed, chapter.path)
        return ({}, findings) if findings else (tree, [])

    def write(self, chapter: Chapter, markdown: str, tree: dict[str, Any], fmt: str,
              spent: Spent) -> Conversion:
        """Convert a chapter that ``read`` gave as a tree, and store its fragment."""
        visible = tree | {"blocks": conditional.for_format(tree["blocks"], fmt)}
        if fmt == "manuscript":
            if findings := subset.check_print(visible["blocks"], chapter.path):
                return _refused(findings, chapter)
            return self._as_tree(chapter, markdown, visible, spent)
        arguments = pandoc.writer_options(self.book, WRITERS[fmt])
        if fmt == "html":
            depth = self.book.option("html", "toc-depth")
            arguments += ["--toc", f"--toc-depth={depth}"]
        text, findings = pandoc.run([
            *arguments,
            f"--lua-filter={pandoc.FILTERS / 'crossref.lua'}",
            f"--lua-filter={pandoc.FILTERS / 'elements.lua'}",
            "--standalone", f"--template={pandoc.ASSETS / 'chapter.template'}",
            *self._about(chapter),
        ], self.folder, json.dumps(visible), spent)
        if findings:
            return _refused(findings, chapter)
        if fmt == "typst":
            text = conditional.marks_restored(text)
        contents, facts, body = text.split(CUT, 2)
        return self._kept(chapter, markdown, fmt, Fragment(body, entries(contents),
                                                           json.loads(facts)))

    def _as_tree(self, chapter: Chapter, markdown: str, tree: dict[str, Any], spent: Spent,
                 ) -> Conversion:
        """The chapter as a tree with numbers and placeholders: its blocks as JSON."""
        text, findings = pandoc.run(
            ["--from=json", "--to=json", f"--lua-filter={pandoc.FILTERS / 'crossref.lua'}",
             *self._about(chapter)], self.folder, json.dumps(tree), spent)
        if findings:
            return _refused(findings, chapter)
        made = json.loads(text)
        facts = made["meta"]["press-facts"]["c"][0]["c"][1]
        body = json.dumps(made["blocks"], ensure_ascii=False)
        return self._kept(chapter, markdown, "manuscript", Fragment(body, "", json.loads(facts)))

    def _about(self, chapter: Chapter) -> list[str]:
        """What the filters are told of a chapter."""
        return [f"--metadata=press-words:{json.dumps(words(self.book.lang))}",
                f"--metadata=press-path:{chapter.path}", f"--metadata=press-slug:{chapter.name}",
                f"--metadata=press-appendix:{str(chapter.appendix).lower()}"]

    def _kept(self, chapter: Chapter, markdown: str, fmt: str, fragment: Fragment) -> Conversion:
        write_json(self._path(chapter, markdown, fmt), asdict(fragment),
                   family(chapter.slug, f".{fmt}.json"))
        return Conversion(fragment)


def _refused(findings: list[pandoc.Finding], chapter: Chapter) -> Conversion:
    return Conversion(Fragment("", "", {}), [
        replace(finding, chapter=finding.chapter or chapter.path) for finding in findings])
