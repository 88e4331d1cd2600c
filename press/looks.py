"""Style attributes as classes of one style sheet: the page's policy lets no style attribute in.

A style attribute goes before every rule of a style sheet that is not marked as important. The rule
that takes its place does so too: `:not(#_#_#_)`, which holds for everything, counts as three ids.
"""

from __future__ import annotations

import re
from html import escape

from .markup import ATTRIBUTE, NAME, TOKEN, attributes, beginning
from .pandoc import Finding

PREFIX = "press-"
STRONG = ":not(#_#_#_)"
QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
CLOSED = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]")
LOADS = re.compile(r"url\((?!\s*[\"']?\s*(?:data:|#))|image-set\(|@import", re.I)


def fault(style: str) -> str:
    """Why the style cannot stand in a rule as it stands in an attribute; "" where it can.

    There a brace, an open bracket or an open quotation mark would reach into the next rule.
    """
    plain = QUOTED.sub("", style)
    if LOADS.search(style):
        return (f"the style `{style[:60]}` names a file, and the page loads none; show a picture "
                "as a figure")
    while (inner := CLOSED.sub("", plain)) != plain:
        plain = inner
    if re.search(r"[{}<>\\\x00]|/\*", style) or re.search("[\"'()\\[\\]]", plain):
        return (f"the style `{style[:60]}` cannot become a rule of the page's style sheet: it "
                "holds one of { } < > \\ /* or a bracket or quotation mark that is not closed; "
                "write a class, and its rule into a file of `format.html.css`")
    return ""


def _declarations(style: str) -> str:
    """The style with one kind of white space and one end, so that equal looks are one class."""
    one_space = re.sub(rf"({QUOTED.pattern})|\s+", lambda part: part[1] or " ", style)
    return one_space.strip().strip(";").strip()


def as_classes(page: str) -> tuple[str, str, list[Finding]]:
    """The page without style attributes, the style sheet with their rules, and a finding for each
    style that cannot become a rule."""
    names: dict[str, str] = {}
    findings: list[Finding] = []

    def classed(match: re.Match[str]) -> str:
        tag = match["opening"] or match["tag"]
        if tag is None or "style" not in tag.lower():
            return match[0]
        given = attributes(tag)
        if "style" not in given:
            return match[0]
        if message := fault(given["style"]):
            findings.append(Finding("subset", message, "", beginning(given["style"], "style")))
        look = _declarations(given["style"])
        name = names.setdefault(look, f"{PREFIX}{len(names) + 1}") if look else ""
        return _with_class(tag, given.get("class"), name) + match[0][len(tag):]

    page = TOKEN.sub(classed, page)
    sheet = "\n".join(f".{name}{STRONG} {{ {look} }}" for look, name in names.items())
    return page, sheet, findings


def _with_class(tag: str, given: str | None, name: str) -> str:
    """The tag without its style attribute and with one class more. ``given``: its classes, None
    where it has no such attribute."""
    opening = NAME.match(tag)
    done = opening.end() if opening else 0
    parts = [tag[:done]]
    if name:
        parts.append(f' class="{escape(" ".join(filter(None, [given, name])))}"')
    for attribute in ATTRIBUTE.finditer(tag, done, len(tag) - 1):
        called = attribute[1].lower()
        if called != "style" and not (called == "class" and name):
            parts.append(attribute[0])
        done = attribute.end()
    return "".join([*parts, tag[done:]])
