"""What a chapter may be made of: tables of classes, attributes and raw content.

Checked on Pandoc's tree, which holds what a chapter says and what its cells gave. What is not in
these tables is refused: it would be dropped, or shown as something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import formulas, on_paper
from .checks import width
from .markup import tags
from .pandoc import Finding, elements
from .raw_html import TAG

CALLOUTS = {"note", "tip", "warning", "important", "caution"}
OF_CALLOUTS = {"collapse": ("true", "false"), "icon": ("true", "false"),
               "appearance": ("default", "simple", "minimal")}
"""Values of attributes of callouts. All but the first are for Quarto's look: here is but one."""
CLASSES = {
    "Div": {"content-visible", "content-hidden", "landscape", "small", "provenance", "cell-float",
            "cell-caption", "cell-html", "sortable", *(f"callout-{kind}" for kind in CALLOUTS)},
    "Span": {"content-visible", "content-hidden", "backlinks", "mark"},
    "Header": {"unnumbered", "unlisted"},
    "Link": {"xref", "uri", "email"},
    "Image": {"cell-image"},
    "Table": {*"primary secondary success danger warning info light dark active".split(),
              *"striped hover bordered borderless sm responsive".split(),
              *(f"responsive-{size}" for size in ("sm", "md", "lg", "xl", "xxl"))},
}
"""Classes with an effect of their own, by element, and those of Quarto's look of tables. Any other
has to be in a style sheet of the page. In code a class is the name of a language."""
SHARES = re.compile(r"\[? *\d+(?:\.\d+)?(?: *, *\d+(?:\.\d+)?)* *\]?")
"""Widths of columns."""
WIDE = re.compile(r"column-(body|page|screen)(-|$)")
"""Where Quarto's page sets a block; on one page and in print it stays where it is."""
EVERYWHERE = {"style", "title", "lang", "xml:lang", "dir", "role", "tabindex"}
ATTRIBUTES = {
    "Div": {"when-format", "unless-format", "line"},
    "Span": {"when-format", "unless-format", "datetime"},
    "CodeBlock": {"formats", "fold", "open", "startFrom"},
    "Image": {"fig-alt", "alt", "width"},
    "Table": {"tbl-colwidths"},
    "Link": {"target", "rel", "download", "hreflang"},
}
FORMATS = {"html", "html:js", "typst", "pdf", "latex", "beamer", "docx", "odt", "pptx", "epub",
           "revealjs", "ipynb", "gfm", "markdown", "asciidoc", "jats", "context", "rtf",
           "dashboard"}
"""What Quarto knows as formats of conditional content."""
THEOREMS = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg", "lst")
NUMBERED_CALLOUTS = ("nte", "tip", "wrn", "imp", "cau")
"""How ids begin by which Quarto numbers a callout."""
NOT_HERE = {
    "panel-tabset": "tabs have no form on paper",
    "column-margin": "there is no margin here",
    "aside": "there is no margin here",
}
MARKS = {"Emph": "**", "Strong": "****", "Subscript": "~~", "Superscript": "^^",
         "Strikeout": "~~~~"}
"""Markup, and how it is written around nothing."""
ANNOTATION = re.compile(r"(?:#|//|--|%|;)[ \t]*(<\d+>)[ \t]*$", re.M)
SELECTOR = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
RULE = re.compile(r"([^{};]*)\{")
STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
CLASS_LIST = re.compile(r"(?:classList\.\w+|getElementsByClassName)\(([^()]*)\)")
ATTRIBUTED = {"Div": 0, "Span": 0, "Header": 1, "CodeBlock": 0, "Code": 0, "Image": 0, "Link": 0,
              "Table": 0, "Figure": 0}
"""Where the attributes are in an element's content."""


def style_classes(sheet: str) -> set[str]:
    """The classes that a style sheet has rules for."""
    selectors = RULE.findall(COMMENT.sub("", sheet))
    return {name for selector in selectors for name in SELECTOR.findall(selector)}


def included_classes(html: str) -> set[str]:
    """The classes that the style sheets and scripts in a part of the page name; a script names
    them in texts, ``".name"`` or ``classList.add("name")``."""
    found: set[str] = set()
    for tag in tags(html):
        if tag.name == "style":
            found |= style_classes(tag.inside or "")
        elif tag.name == "script":
            for text in STRING.findall(tag.inside or ""):
                found |= set(SELECTOR.findall(text))
            for inside in CLASS_LIST.findall(tag.inside or ""):
                found |= {text[1:-1] for text in STRING.findall(inside)}
    return found


def _text(inlines: Any) -> str:
    return "".join(e["c"] if e["t"] == "Str" else " " for e in elements(inlines)
                   if e["t"] in ("Str", "Space", "SoftBreak"))


class _Check:
    """Collects what is wrong in one chapter."""

    def __init__(self, path: str, styled: set[str]):
        self.path, self.styled = path, styled
        self.findings: list[Finding] = []

    def report(self, message: str, search: str) -> None:
        """Note a problem, and the text in the chapter by which its line can be found."""
        self.findings.append(Finding("subset", message, self.path, search))

    def attributes(self, kind: str, attr: list[Any]) -> None:
        """Classes and attributes of an element, by the tables."""
        _, classes, pairs = attr
        allowed = CLASSES.get(kind, set())
        for name in classes if kind not in ("CodeBlock", "Code") else []:
            if name in allowed or WIDE.match(name) or (
                    name in self.styled and kind != "Image" and not name.startswith("callout")):
                continue
            if name == "callout" or name.startswith("callout-"):
                reason = f"callouts are {', '.join(sorted(f'callout-{one}' for one in CALLOUTS))}"
            else:
                reason = NOT_HERE.get(name, "it is none of those in press/README.md, and no style "
                                      "sheet of `format.html.css` has a rule for it; leave it out, "
                                      "or write one")
            self.report(f"the class `{name}` is not supported: {reason}", f".{name}")
        known = EVERYWHERE | ATTRIBUTES.get(kind, set())
        if any(name.startswith("callout-") for name in classes):
            known |= OF_CALLOUTS.keys()
        for name, value in pairs:
            if name in known or name.startswith(("data-", "aria-")):
                self.value(kind, name, value)
            else:
                self.report(f"the attribute `{name}` is not supported here; press/README.md has "
                            "those that are", f"{name}=")

    def value(self, kind: str, name: str, value: str) -> None:
        """Values of attributes that decide what is shown."""
        if (kind, name) == ("Image", "width") and not value.isdigit() and (wrong := width(value)):
            self.report(f"`width=\"{value}\"` {wrong}", "width")
        if name in ("when-format", "unless-format") and value not in FORMATS:
            self.report(f"`{name}=\"{value}\"`: there is no such format", value)
        words = OF_CALLOUTS.get(name)
        if words and value not in words:
            self.report(f'`{name}="{value}"` must be {" or ".join(words)}', name)

    def columns(self, shares: str | None, count: int) -> None:
        """Widths of the columns of a table, one for each."""
        if shares is not None and not (SHARES.fullmatch(shares) and shares.count(",") + 1 == count):
            self.report(f'`tbl-colwidths="{shares}"` must be {count} numbers, one for each column: '
                        f'`tbl-colwidths="[{",".join(["50"] * count)}]"`', "tbl-colwidths")

    def raw(self, kind: str, language: str, text: str) -> None:
        """Raw content that is printed nowhere."""
        first = text.strip().split("\n")[0]
        if language in ("tag", "html") and first.startswith("</") and any(
                "the raw HTML" in f.what for f in self.findings):
            return  # of an element that is told of already
        if language == "tag":
            self.report(f"the raw HTML `{first}` is lost in print; write Markdown, let a cell give "
                        "it as `IPython.display.HTML`, or put it into ```{=html} where the page "
                        "alone shall show it", first)
        elif language not in ("html", "typst"):
            tex = language in ("tex", "latex")
            if tex and formulas.MACROS.match(text):
                return
            formula = tex and "\\begin{" in first
            self.report(f"raw {'TeX' if tex else language} (`{first}`) is printed nowhere; "
                        f"{'put a formula between `$$`' if formula else 'write Markdown'}",
                        first if tex else f"{{={language}}}")
        elif kind == "RawInline" and language == "html" and TAG.fullmatch(text.strip()):
            # More than a tag comes from `…`{=html}: an author's choice for the page alone.
            self.report(f"the raw HTML `{first}` is lost in print; write Markdown", first)

    def image(self, words: str, src: str, title: str) -> None:
        """Images come from the project: a document needs no other host."""
        if title.strip():
            self.report(f"the title \"{title}\" of an image is shown nowhere; write it into the "
                        "caption", src[:60])
        if not src.strip():
            self.report("an image without a file; write its path: `![words](path.svg)`",
                        f"![{words}](")
        if re.match(r"[a-z][\w+.-]*:|//", src):
            shown = src if len(src) < 80 else f"{src[:60]}…"
            self.report(f"the image {shown} is no file of the project; store it there", src[:60])

    def link(self, inside: list[Any], target: str) -> None:
        """A link has words and leads somewhere."""
        if not inside:
            self.report(f"the link to {target[:60]} has no words, so that nobody sees it",
                        f"]({target[:40]}")
        if not target.strip():
            self.report("a link that leads nowhere; write where: `[words](target)`",
                        f"[{_text(inside)}](")

    def code(self, attr: list[Any], text: str) -> None:
        """Numbers in code that refer to a list below it."""
        if {"cell-code", "output"} & set(attr[1]):
            return
        if annotation := ANNOTATION.search(text):
            self.report(f"`{annotation[1]}` is an annotation of code, which is not supported; say "
                        "it in the text", annotation[1])

    def block(self, attr: list[Any], blocks: list[Any]) -> None:
        """A figure or table by hand has something above its caption, and no other inside."""
        name, classes, _ = attr
        prefix = name.split("-")[0]
        if prefix in THEOREMS and "-" in name:
            self.report(f"`{name}`: `{prefix}-` blocks are not supported", f"#{name}")
        if prefix in NUMBERED_CALLOUTS and "-" in name and any(
                one.startswith("callout-") for one in classes):
            self.report(f"`{name}`: callouts have no number here; name it without `{prefix}-`",
                        f"#{name}")
        if prefix not in ("fig", "tbl") or "-" not in name:
            return
        if "cell-float" not in classes and not [
                b for b in blocks[:-1] if b["t"] not in ("Null",)] and not any(
                e["t"] in ("Image", "Table", "Figure") for e in elements(blocks)):
            self.report(f"`{name}` holds nothing but a caption", f"#{name}")
        inner = [e["c"][ATTRIBUTED[e["t"]]][0] for e in elements(blocks)
                 if e["t"] in ("Div", "Figure", "Image", "Table")]
        for other in inner:
            if other.startswith(("fig-", "tbl-")) and other != name:
                self.report(f"`{other}` is inside of `{name}`: parts of a figure have no number of "
                            "their own; draw panels in one figure", f"#{other}")

    def element(self, element: dict[str, Any]) -> None:
        """One element of the tree."""
        kind, content = element["t"], element.get("c")
        if content is None:
            return
        if kind in ATTRIBUTED:
            self.attributes(kind, content[ATTRIBUTED[kind]])
        if kind == "Table":
            self.columns(dict(content[0][2]).get("tbl-colwidths"), len(content[2]))
        if kind == "Span" and content[0][0] and not content[1]:
            self.report(f"`[]{{#{content[0][0]}}}` holds nothing, and print has no place for its "
                        "id: put it around words or at a heading", f"#{content[0][0]}")
        if kind == "Div":
            self.block(*content)
        elif kind in ("RawBlock", "RawInline"):
            self.raw(kind, *content)
        elif kind == "Image":
            if content[0][0].startswith("fig-"):
                self.report(f"`{content[0][0]}` is at an image without a caption or within a line, "
                            "which has no number; write `![caption](…)` as a paragraph of its own",
                            f"#{content[0][0]}")
            self.image(_text(content[1]), *content[2])
        elif kind == "Header" and not content[2]:
            self.report("a heading without words; write some, or leave it out",
                        f"#{content[1][0]}" if content[1][0] != "section" else "#" * content[0])
        elif kind == "Math":
            for message, search in formulas.faults(content[1]):
                self.report(message, search)
        elif kind == "Link":
            self.link(content[1], content[2][0])
        elif kind in ("Code", "CodeBlock"):
            self.code(*content)
        elif kind in MARKS and not content:
            self.report(f"`{MARKS[kind]}` is read as markup around nothing, and is lost; write it "
                        "as code or after a backslash", MARKS[kind])
        elif kind == "Note":
            for inner in elements(content):
                if inner["t"] == "Note":
                    self.report("a note inside of a note is lost on the page; write one note",
                                _text(inner["c"])[:30].strip())


def _on_a_page(blocks: list[dict[str, Any]]) -> set[int]:
    """The divs that stand on a page and in no box, by their identity."""
    found: set[int] = set()
    for block in blocks:
        if block["t"] == "Div":
            found.add(id(block))
            if not any(name.startswith("callout-") for name in block["c"][0][1]):
                found |= _on_a_page(block["c"][1])
    return found


def check(tree: dict[str, Any], path: str, styled: set[str]) -> list[Finding]:
    """What a chapter holds that is not supported.

    ``styled``: the classes that the page's style sheets know.
    """
    one = _Check(path, styled)
    for name in tree.get("meta", {}):
        one.report(f"`{name}` is set in the midst of the chapter (YAML between lines `---`); only "
                   "the front matter is read", f"{name}:")
    pages = _on_a_page(tree["blocks"])
    for element in elements(tree["blocks"]):
        one.element(element)
        if element["t"] == "Div" and "landscape" in element["c"][0][1] and id(element) not in pages:
            one.report("`.landscape` makes a page of its own, which cannot be inside of a list, a "
                       "quotation, a callout or a table", ".landscape")
    return list(dict.fromkeys(one.findings))


def check_print(tree: Any, path: str) -> list[Finding]:
    """HTML of cells, and HTML tables and styles of authors, that print shall show but cannot."""
    findings, of_cells = list(dict.fromkeys(_styles(tree, path))), set()
    for element in elements(tree):
        if element["t"] == "Div" and "cell-html" in element["c"][0][1]:
            line = int(dict(element["c"][0][2]).get("line", 0))
            for raw in elements(element["c"][1]):
                if raw["t"] == "RawBlock":
                    of_cells.add(id(raw))
                    findings += _lost(raw["c"][1], "the cell's HTML", path, line=line)
        elif element["t"] == "RawBlock" and id(element) not in of_cells:
            language, text = element["c"]
            if language == "html":
                findings += _lost(text, "this HTML", path, text.strip().split("\n")[0])
    return findings


ELEMENT_NAMES = {"Span": "span", "Div": "div", "Link": "a", "Image": "img", "Header": "h2",
                 "Code": "code", "CodeBlock": "pre", "Table": "table", "Figure": "figure"}


def _styles(node: Any, path: str, in_table: bool = False) -> Iterator[Finding]:
    """Styles that an author gave to elements and that print shall show but cannot."""
    if isinstance(node, list):
        for item in node:
            yield from _styles(item, path, in_table)
    elif isinstance(node, dict):
        kind = node.get("t")
        if kind == "Div" and "cell-html" in node["c"][0][1]:
            return
        if kind in ATTRIBUTED:
            style = dict(node["c"][ATTRIBUTED[kind]][2]).get("style", "")
            name = ELEMENT_NAMES[kind]
            carried = on_paper.CARRIED.get(name, frozenset())
            if kind == "Div" and in_table:
                carried = frozenset({"display"})
            for fault in on_paper.of_style(name, style, carried):
                yield Finding("subset", f"{fault} has no form on paper: style a span or div in a "
                              "way that press/README.md names, or put it into `::: "
                              "{.content-visible when-format=\"html\"}`", path, style)
        for value in node.values():
            if isinstance(value, (dict, list)):
                yield from _styles(value, path, in_table or kind == "Table")


def _lost(html: str, whose: str, path: str, search: str = "", line: int = 0) -> list[Finding]:
    return [Finding("subset", f"{whose} holds {fault}, which has no form on paper: show a figure, "
                    "a table or Markdown, style a <span>, or put it into "
                    "`::: {.content-visible when-format=\"html\"}`", path, search, line)
            for fault in on_paper.faults(html)]
