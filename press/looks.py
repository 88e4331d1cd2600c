"""Style attributes as classes of one style sheet: the page's policy lets no style attribute in.

A style attribute goes before every rule of a style sheet that is not marked as important. The rule
that takes its place does so too: `:not(#_#_#_)`, which holds for everything, counts as three ids.
"""

from __future__ import annotations

import re
from html import escape, unescape

from .markup import NAME, TOKEN, attributes, beginning
from .pandoc import Finding

PREFIX = "press-"
STRONG = ":not(#_#_#_)"
STYLE = re.compile(r"\s+style\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
CLASS = re.compile(r"(\sclass\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
OTHER_ATTRIBUTE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")


def fault(style: str) -> str:
    """Why the style cannot stand in a rule as it stands in an attribute; "" where it can.

    There a brace, an open bracket or an open quotation mark would reach into the next rule.
    """
    plain = QUOTED.sub("", style)
    if (re.search(r"[{}<>\\\x00]|/\*", style) or re.search("[\"']", plain)
            or plain.count("(") != plain.count(")")):
        return (f"the style `{style[:60]}` cannot become a rule of the page's style sheet: it "
                "holds one of { } < > \\ /* or a bracket or quotation mark that is not closed; "
                "write a class, and its rule into a file of `format.html.css`")
    return ""


def _declarations(style: str) -> str:
    """The style with one kind of white space and one end, so that equal looks are one class."""
    return re.sub(r"\s+", " ", style).strip().strip(";").strip()


def as_classes(page: str) -> tuple[str, str, list[Finding]]:
    """The page without style attributes, the style sheet with their rules, and a finding for each
    style that cannot become a rule."""
    names: dict[str, str] = {}
    findings: list[Finding] = []

    def classed(match: re.Match[str]) -> str:
        tag = match[0]
        if match["tag"] is None or "style" not in tag.lower():
            return tag
        style = attributes(tag).get("style")
        if style is None:
            return tag
        if message := fault(style):
            findings.append(Finding("subset", message, "", beginning(style, "style")))
        look = _declarations(style)
        name = names.setdefault(look, f"{PREFIX}{len(names) + 1}") if look else ""
        return _with_class(tag, name)

    page = TOKEN.sub(classed, page)
    sheet = "\n".join(f".{name}{STRONG} {{ {look} }}" for look, name in names.items())
    return page, sheet, findings


def _with_class(tag: str, name: str) -> str:
    """The tag without its style attribute and with one class more."""
    # What looks like an attribute may stand in the value of another one: values are put aside.
    values: list[str] = []

    def aside(match: re.Match[str]) -> str:
        values.append(match[0])
        return f'="\x00{len(values) - 1}"'

    def back(text: str) -> str:
        return re.sub('="\x00(\\d+)"', lambda match: values[int(match[1])], text)

    bare = STYLE.sub("", OTHER_ATTRIBUTE.sub(aside, tag))
    if not name:
        return back(bare)
    if found := CLASS.search(bare):
        given = attributes(f"<x{back(found[0])}>")["class"]
        return back(f'{bare[:found.start()]} class="{escape(unescape(given))} {name}"'
                    f"{bare[found.end():]}")
    opening = NAME.match(bare)
    end = opening.end() if opening else len(bare)
    return back(f'{bare[:end]} class="{name}"{bare[end:]}')
