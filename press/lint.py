"""The subset of Quarto that both renderers honour, checked on the sources.

Most of what this finds, Quarto renders without a word: literal code in the text, a caption that
went missing, a table that is not there. The rules are those of ``press/README.md``; the options and
their values are those of ``options.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import drawn_tables, lint_cells, policy, raw_html
from .bibliography import addresses, duplicates
from .config import Book
from .errors import Problem
from .options import options_of
from .qmd import (
    CODE_SPAN,
    DIV,
    INLINE,
    PLACE,
    VERBATIM,
    Source,
    Unit,
    fence_after,
    in_indented_code,
)
from .reading import read_text
from .stylesheets import missing_fonts
from .terminal import CONTROL

TIGHT_HEADING = re.compile(r"^(#{2,6})[^\W\d_]")
NO_SPACE = re.compile(r"^[ \t>]*(#{1,6}|[-*+]|\d{1,3}[.)])[\u00a0\u200b\u202f\u2060\ufeff]")
SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
TOUCHING = re.compile(r"`\{python\}[^`\n]*``\{python\}")
ESCAPED = re.compile(r"(?<!\\)\\`\{python\}\s")
OPENED = re.compile(r"(?<!`)`\{python\}(?=\s|`)")
OTHER_INLINE = re.compile(r"(?<!`)`(\{(?:python|ojs|r|julia)\})(\s*)[^`\s][^`]*`(?!`)")
NOTE = re.compile(r"(?<!\\)\[\^([^\]\s^]+)\](?!:)")
NOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
COMMENT = re.compile(r"<!--.*?-->", re.S)
HTML_BLOCK = re.compile(r"^ {0,3}</?([A-Za-z][\w-]*)(?=[\s/>])(?!\S*@)")
EQUATION_LABEL = re.compile(r"(?<!\\)\{#eq-[^}]*\}?")
LABELLED = re.compile(r"\$\$\s*(\{#eq-[^\s{}]+\})")
CURLY_ATTRIBUTES = re.compile(r"(?<!\\)\{#[^}]*=[\u201c\u201d\u2018\u2019]")
OWN_CLASS = re.compile(r"\{[^}]*\.(cell-(?:html|float|caption|image|code))\b")
OWN_ATTRIBUTE = re.compile(r"^\{[.#][^}]*\s(formats|fold|open)=")
"""What the renderer writes into the Markdown that it hands to Pandoc."""
DIV_OPENS = re.compile(r"\{[^}]*\}$|[\w.-]+$|\{")
"""What may stand behind the colons: attributes, or one class."""
HEADING = re.compile(r"^(#{1,6})\s+\S")
CROSS = r"@(?:fig|tbl|sec|eq)-[\w-]+"
MIXED = re.compile(
    rf"{CROSS}\s+\[[^\]]*@|\[[^\]]*-?{CROSS}[^\]]*;\s*-?@(?!fig-|tbl-|sec-|eq-)"
    rf"|\[[^\]]*@(?!fig-|tbl-|sec-|eq-)[^\]]*;\s*-?{CROSS}")
RANGE = re.compile(r"(?<![\w@])@\w[\w:.-]*-@\w[\w:-]*")
"""Two references or citations with a hyphen between them, which Pandoc takes for the one before a
citation without its author."""
ROOT_LINK = re.compile(r"\]\((/[^)\s]*\.qmd[^)\s]*)\)")
PAGE_LINK = re.compile(r"\]\(((?![a-z]+:)[^)\s#]*\.html(?:#[^)\s]*)?)\)")
UNSUPPORTED_DIVS = {
    "panel-tabset": "tabs have no form on paper",
    "layout": "`layout` is not supported; draw panels in one figure",
    "layout-ncol": "`layout-ncol` is not supported; draw panels in one figure",
    "layout-nrow": "`layout-nrow` is not supported; draw panels in one figure",
}


def _without_comments(text: str) -> str:
    """The text with nothing but its lines left of each comment; in code there is no comment."""
    code = [match.span() for match in VERBATIM.finditer(text)] if "<!--" in text else []
    return COMMENT.sub(lambda m: m[0] if any(start <= m.start() < end for start, end in code)
                       else "\n" * m[0].count("\n"), text)


def _outside_fences(source: Source) -> Iterator[tuple[Unit, int, str]]:
    """Each line of the chapter's text that is not in a fence, with its number."""
    for unit in source.units:
        if unit.kind != "text":
            continue
        fence = ""
        for number, line in enumerate(_without_comments(unit.source).split("\n"), unit.line):
            before, fence = fence, fence_after(fence, line, PLACE)
            if not before and not fence:
                yield unit, number, line


class _ChapterLint:
    """Collects the problems of one chapter; each method looks for one kind."""

    def __init__(self, source: Source):
        self.source = source
        self.problems: list[Problem] = []

    def report(self, line: int, message: str) -> None:
        """Note a problem at a line of the chapter."""
        self.problems.append(Problem(self.source.path, line, message))

    def front_matter(self) -> None:
        """Keys of the front matter, by the table in ``options.py``."""
        if self.source.fault:
            self.report(1, self.source.fault)
        known = options_of("chapter")
        for key, value in self.source.meta.items():
            line = self.source.meta_lines[key]
            if key not in known:
                self.report(line, f"front matter `{key}` is not supported in a chapter; supported: "
                            f"{', '.join(f'`{name}`' for name in known)}")
            elif fault := known[key].fault("chapter", value):
                self.report(line, f"front matter {fault}")
            if "{python}" in str(value):
                self.report(line, f"inline code in front matter (`{key}`) is not run; write it in "
                            "the text")

    def fences(self) -> None:
        """Cells that are not cells, engines that are not there, and fences without an end."""
        fence, opened = "", 0
        for number, line in enumerate(self.source.text.split("\n"), 1):
            before, fence = fence, fence_after(fence, line, PLACE)
            if before or not fence:
                continue
            marks = PLACE.sub("", line).strip()
            opened, info = number, marks[len(fence):].strip()
            if name := OWN_ATTRIBUTE.search(info):
                self.report(number, f"`{name[1]}` is no attribute of a block of code in a chapter; "
                            "leave it out")
            if not info.startswith("{") or info.startswith(("{=", "{.", "{#", "{{")):
                continue
            if not line.startswith(("`", "~")) and info.startswith("{python"):
                self.report(number, "a cell has to begin at the start of a line; move it out of "
                            "the list or block")
            elif info != "{python}":
                self.report(number, f"`{info}`: a cell is ```{{python}}, with options as `#| key: "
                            "value` lines")
        if fence:
            self.report(opened, "this fence is never closed")

    def signs(self) -> None:
        """Signs that no document can show, and marks behind which a plain space is missing."""
        for number, line in enumerate(self.source.text.split("\n"), 1):
            if control := CONTROL.search(line):
                self.report(number, f"the control character U+{ord(control[0]):04X} cannot be "
                            "shown; delete it")
        for _, number, line in _outside_fences(self.source):
            if mark := TIGHT_HEADING.match(line):
                self.report(number, "this heading would be printed as it stands; put a space "
                            f"behind `{mark[1]}`")
            elif mark := NO_SPACE.match(line):
                self.report(number, f"the space behind `{mark[1]}` is one that joins words, and "
                            "the line would be printed as it stands; write a plain space")

    def divs(self) -> None:
        """Fenced divs open and close in pairs within a chapter."""
        opened: list[int] = []
        last, before = 0, ""
        for _, number, line in _outside_fences(self.source):
            above = before if number == last + 1 else ""
            last, before = number, line
            div = DIV.match(line)
            if not div:
                continue
            if div[2] and above.strip() and not DIV.match(above) and not HEADING.match(above):
                self.report(number, "this `:::` would be printed as it stands; put an empty line "
                            "before it")
            if div[2] and not DIV_OPENS.match(div[2]):
                self.report(number, f"`::: {div[2]}` would be printed as it stands; put its "
                            "classes into braces: `::: {.class}`")
            if not div[2]:
                if opened:
                    opened.pop()
                else:
                    self.report(number, "this `:::` closes a div that was not opened")
                continue
            opened.append(number)
            for name, reason in UNSUPPORTED_DIVS.items():
                if re.search(rf"[{{\s.]{name}(?=[\s=}}])", " " + div[2]):
                    self.report(number, f"`{name}`: {reason}")
        for number in opened:
            self.report(number, "this div is never closed")

    def text(self) -> None:
        """Inline code, shortcodes, references and links that one of the renderers misreads."""
        for unit in self.source.units:
            if unit.kind != "text":
                continue
            for inline, (start, end) in zip(unit.values, unit.spans, strict=True):
                if "\n" in unit.source[start:end]:
                    self.report(inline.line, "inline code has to stand on one line; Quarto "
                                "prints it where it wraps")
                if in_indented_code(self.source.text.split("\n"), inline.line):
                    self.report(inline.line, "inline code in an indented block of code would be "
                                "run; put the block between ``` to show it, or indent less")
            for row in drawn_tables.moved(unit.source):
                self.report(unit.line + row, "a value would move the columns of this table, which "
                            "are drawn; write a pipe table (`| a | b |`)")
        notes = set(NOTE_TEXT.findall(self.source.text))
        for _, number, line in _outside_fences(self.source):
            tag = HTML_BLOCK.match(line)
            if tag and tag[1].lower() not in raw_html.KNOWN:
                self.report(number, f"the raw HTML <{tag[1]}> is lost in print; write Markdown, or "
                            "put it into ```{=html} where the page alone shall show it")
            if TOUCHING.search(line):
                self.report(number, "two inline expressions touch; put a space or a word between "
                            "them, or make them one")
            bare = CODE_SPAN.sub(
                lambda m: "" if m[1] != "`" or INLINE.fullmatch(m[2]) else m[0], line)
            if ESCAPED.search(bare):
                self.report(number, "Quarto runs inline code after a backslash too; to show it, "
                            "write `` `{python} x` ``")
            elif OPENED.search(bare):
                self.report(number, "inline code is empty or has no end on this line; write "
                            "`{python} expression` on one line")
            for engine, space in OTHER_INLINE.findall(line):
                if engine != "{python}" or not space:
                    self.report(number, f"`{engine}{space}…` would be printed, not run; inline "
                                "code is `{python} expression`, with a space")
            plain = CODE_SPAN.sub("", line)
            if own := OWN_CLASS.search(plain):
                self.report(number, f"the class `{own[1]}` is not supported: the renderer has it "
                            "for what cells give")
            for shortcode in SHORTCODE.findall(plain):
                self.report(number, f"the shortcode {shortcode} is not supported; write "
                            "what it would put in, or let a cell give it as Markdown")
            for note in NOTE.findall(plain):
                if note not in notes:
                    self.report(number, f"`[^{note}]`: no line `[^{note}]: …` has the note")
            self.labels(number, plain)
            for both in RANGE.findall(plain):
                self.report(number, f"`{both}`: the hyphen is read as a mark of the second one, "
                            "and lost; write `–` or `--`, or a word")
            if MIXED.search(plain):
                self.report(number, "a cross-reference and a citation are read as one citation, "
                            "and one of them is lost; put a word between them")
            for target in ROOT_LINK.findall(plain):
                self.report(number, f"{target}: a path from the project's root is a dead link in "
                            "Quarto's PDF; write it relative to this chapter")
            for target in PAGE_LINK.findall(plain):
                self.report(number, f"{target}: link to the source (.qmd), not to the page made "
                            "from it")

    def labels(self, number: int, line: str) -> None:
        """Labels and attributes that would stand in the text as words."""
        there = [match[1] for match in LABELLED.finditer(line)]
        if line.lstrip().startswith("{#eq-") and self.source.text.split("\n")[
                number - 2].rstrip().endswith("$$"):
            there += re.findall(r"^\s*(\{#eq-[^\s{}]+\})", line)
        for label in EQUATION_LABEL.findall(line):
            if label not in there:
                self.report(number, f"`{label}` would be printed as it stands: the label of an "
                            "equation follows `$$…$$`, without other attributes")
        if CURLY_ATTRIBUTES.search(line):
            self.report(number, "these attributes would be printed as they stand; write them with "
                        "straight quotation marks")

    def headings(self) -> None:
        """A chapter has one heading of level 1, and begins with it."""
        levels = [(number, len(match[1])) for _, number, line in _outside_fences(self.source)
                 if (match := HEADING.match(line))]
        if self.source.meta.get("title"):
            levels.insert(0, (1, 1))
        if not levels or levels[0][1] != 1:
            self.report(levels[0][0] if levels else 1, "a chapter begins with a level-1 heading "
                        "(`# Title {#sec-…}`) or a `title` in its front matter")
        for number, level in levels[1:]:
            if level == 1:
                self.report(number, "a second level-1 heading; a chapter is one file")

    def all(self) -> list[Problem]:
        """Every problem of the chapter."""
        self.front_matter()
        self.fences()
        self.signs()
        self.divs()
        self.text()
        self.headings()
        for unit in self.source.units:
            if unit.kind == "code":
                for line, message in lint_cells.faults(unit):
                    self.report(line, message)
        return self.problems


def _labels(sources: dict[str, Source]) -> list[Problem]:
    """A label belongs to one cell of the book."""
    seen: dict[str, str] = {}
    problems = []
    for path, source in sources.items():
        for unit in source.units:
            if unit.kind != "code" or not unit.label:
                continue
            line = unit.line_of("label")
            place = f"{path}:{line}"
            if unit.label in seen:
                problems.append(Problem(path, line, f"label `{unit.label}` is taken by "
                                        f"{seen[unit.label]}; a label is unique in the book"))
            seen.setdefault(unit.label, place)
    return problems


def _style(book: Book) -> list[Problem]:
    """Citations are written apart from their text, so a style must not move them in it."""
    if not book.csl:
        return []
    text = read_text(book.root, book.csl)
    for pattern, what in ((r'<style\b[^>]*\bclass="note"', "puts citations into notes"),
                          (r'<citation\b.*?vertical-align="sup".*?</citation>',
                           "raises citations, so that they move behind punctuation")):
        if match := re.search(pattern, text, re.S):
            line = text.count("\n", 0, match.start()) + 1
            return [Problem(book.csl, line, f"this style {what}; take one that writes them in the "
                            "text, as numbers in brackets or author and date")]
    return []


def _included(book: Book) -> list[Problem]:
    """What the files that become part of the page hold that its policy keeps out."""
    problems = []
    for name in (*book.in_header, *book.after_body):
        text = read_text(book.root, name)
        problems += [Problem(name, text.count("\n", 0, start) + 1, message)
                     for message, _, start in policy.faults(text, trusted=True)]
    return problems


def check(book: Book, sources: dict[str, Source]) -> list[Problem]:
    """Every problem of chapters that ``read`` gave (by path), of the citation style, of fonts and
    of what is included in the page, sorted."""
    problems = [problem for source in sources.values() for problem in _ChapterLint(source).all()]
    return sorted(problems + _labels(sources) + _style(book) + duplicates(book)
                  + addresses(book)
                  + missing_fonts(book) + _included(book))
