"""Findings of Pandoc and the filters as problems: the words for each, and its file and line.

Pandoc does not say where in its input something stands, so the place is looked for in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import html_tables
from .cache import Outputs
from .config import CONFIG_FILE
from .errors import Problem
from .pandoc import Finding
from .qmd import Source

MESSAGES = {
    "unresolved": "`{0}` leads nowhere: no such label in the book",
    "numberless": "`{0}` has no number, so that nothing would stand here; refer to it by its words",
    "citation": "`@{0}` is cited but is not in the bibliography",
    "duplicate": "the label `{0}` is given twice; a label has to be unique in the book",
    "uncaptioned": "`{0}` has no caption",
    "notecite": "the citation of `{0}` has a footnote inside; write the note outside of it",
    "noalt": "the image `{0}` has no text alternative; add fig-alt=\"…\"",
    "resource": "the link to `{0}` leads to no file; name it under `project.resources` in "
                "_quarto.yml, or mend the path",
    "second": "the heading \"{0}\" is a second one of level 1; a chapter has one",
    "skipped": "the heading \"{0}\" leaves out a level; PDF/UA wants them one after the other",
    "wide": "the table with `{0}` is too wide for its page; leave out columns, or put it into "
            "`::: {{.landscape}}`",
    "pandoc": "{0}",
    "subset": "{0}",
    "typst": "Typst: {0}",
    "glyph": "no font of the PDF has {0} (looked for in {1}); name a folder with one that has "
             "under `format.typst.font-paths`",
}


CLASS = re.compile(r"\.([\w-]+)")
"""What to look for where it is a class: in braces, alone after colons, or in an attribute."""
READ = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
"""The types of outputs in which there are words."""
MACRO = re.compile(r"Could not convert TeX math (.+?)(?:, rendering as TeX|$)", re.S)


def _pattern(finding: Finding) -> re.Pattern[str] | None:
    """What a chapter's text looks like at the place of a finding; None where it can be anything."""
    if named := CLASS.fullmatch(finding.search):
        return re.compile(rf"(?:\.|^\s*:{{3,}}\s*|(?:class=[\"']|^#\s*\|\s*classes:)[^\"']*?"
                          rf"[\"'\s]?(?<![\w-])){named[1]}(?![\w-])", re.M)
    if finding.search and not finding.search.strip("#"):  # a heading that has no words
        return re.compile(rf"^[ \t>]*{finding.search}[ \t]*#*[ \t]*(?:\{{[^}}]*\}})?[ \t]*$", re.M)
    if finding.search and finding.kind != "glyph":
        begins, ends = (r"(?<![\w-])" if finding.search[0].isalnum() else "",
                        r"(?![\w-])" if finding.search[-1].isalnum() else "")
        return re.compile(f"{begins}{re.escape(finding.search)}{ends}")
    if macro := MACRO.search(finding.what) if finding.kind == "pandoc" else None:
        return re.compile(re.escape(macro[1].strip()[:30]))
    name = re.escape(finding.what)
    # Its words: there is markup in it, or a line of signs below it.
    heading = r"\W+".join(re.findall(r"\w+", finding.what))
    image = re.escape(Path(finding.what.removeprefix("root:")).name)
    expression = {
        "unresolved": rf"{name}(?![\w-])",
        "wide": name,
        "numberless": rf"-{name}(?![\w-])|\s{name}(?![\w-])",
        "notecite": rf"@\{{?{name}(?![\w:-])",
        "citation": rf"@\{{?{name}(?![\w:-])",
        "duplicate": rf"\{{#{name}(?![\w-])|label:\s*[\"']?{name}(?![\w-])"
                     rf"|\bid=[\"']?{name}(?![\w-])",
        "uncaptioned": rf"#{name}(?![\w-])|label:\s*[\"']?{name}(?![\w-])",
        # Pandoc writes a space as %20.
        "resource": f"{re.escape(finding.chapter)}|{re.escape(unquote(finding.chapter))}",
        "skipped": rf"^(?:#+\s+)?\W*{heading}",
        "second": rf"^(?:#\s+)?\W*{heading}",
        "glyph": name,
        "noalt": rf"{image}\)(?!\{{[^}}]*fig-alt=[\"'][^\"'])|\bsrc=[\"']?[^\"'>]*{image}\b",
    }.get(finding.kind)
    return re.compile(expression, re.M) if expression else None


def _text_of(output: dict[str, Any], words: bool) -> str:
    """The part of an output that can hold a label, a citation or a link; for ``words``, all that
    can be read in it."""
    data = output.get("data", {})
    if words:
        return unescape("\n".join([*(str(data.get(mime, "")) for mime in READ),
                                   output.get("text", "")]))
    html = html_tables.cleaned(data.get("text/html", ""), "x")
    return "\n".join([data.get("text/markdown", ""), data.get("text/latex", ""), html,
                      output.get("text", "")])


def _places(pattern: re.Pattern[str], source: Source, outputs: Outputs,
            words: bool = False) -> list[int]:
    """The lines of a chapter that match, and the first lines of cells whose output matches but
    whose code does not."""
    lines = source.text.split("\n")
    places = [number for number, line in enumerate(lines, 1) if pattern.search(line)]
    for unit, results in zip(source.executable(), outputs, strict=False):
        cell_lines = range(unit.line, unit.line + unit.source.count("\n") + 2)
        if (any(pattern.search(_text_of(output, words)) for output in results)
                and not set(cell_lines) & set(places)):
            places.append(unit.line)
    return places


def _message(finding: Finding) -> str:
    if formula := MACRO.search(finding.what) if finding.kind == "pandoc" else None:
        why = finding.what.partition("^")[2].strip().split(" expecting ")[0]
        return (f"the formula `{formula[1].strip()[:60]}` cannot be read ({why}); write it with "
                "the commands of LaTeX's mathematics, and define others before it and outside of "
                "`$$`")
    return MESSAGES[finding.kind].format(finding.what.removeprefix("root:"))


def locate(findings: list[Finding], sources: dict[str, Source], outputs: dict[str, Outputs],
           others: Mapping[str, str]) -> list[Problem]:
    """Each finding as problems with chapter and line, one for every place that matches it.

    ``others``: texts besides chapters of which documents have words.
    """
    problems: list[Problem] = []
    signs: dict[tuple[str, int, str], list[str]] = {}
    for finding in dict.fromkeys(findings):
        pattern = _pattern(finding)
        # What the tree of a chapter shows is in that chapter.
        within = ([finding.chapter] if finding.kind in ("subset", "pandoc", "typst", "glyph")
                  and finding.chapter in sources else list(sources))
        places = [(path, line) for path in within if pattern
                  for line in _places(pattern, sources[path], outputs.get(path, []),
                                      finding.kind == "glyph")]
        known = (finding.chapter, finding.line)
        if finding.line and (known in places or not places or finding.kind != "glyph"):
            places = [known]
        if not places and pattern and finding.kind in ("typst", "glyph"):
            places = list(_elsewhere(pattern, sources, others))
        if not places:
            places = [(finding.chapter if finding.chapter in sources
                       else "PDF" if finding.kind in ("typst", "glyph") else CONFIG_FILE, 0)]
        if finding.kind == "glyph":
            for place in places:
                signs.setdefault((*place, finding.search), []).append(f"`{finding.what}`")
            continue
        message = _message(finding)
        problems += [Problem(*place, message) for place in places]
    problems += [Problem(path, line, MESSAGES["glyph"].format(", ".join(several), font))
                 for (path, line, font), several in signs.items()]
    return problems


def _elsewhere(pattern: re.Pattern[str], sources: dict[str, Source], others: Mapping[str, str],
               ) -> Iterator[tuple[str, int]]:
    """The places in other texts that match; of an image, those in chapters that show it."""
    for name, text in others.items():
        lines = [number for number, line in enumerate(text.split("\n"), 1) if pattern.search(line)]
        if lines and name.lower().endswith(".svg"):
            shown = re.compile(re.escape(Path(name).name))
            yield from ((path, line) for path, source in sources.items()
                        for line in _places(shown, source, []))
        else:
            yield from ((name, line) for line in lines)
