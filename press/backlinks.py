"""Links back: where on the page something is linked from.

A chapter leaves an empty span, ``[]{.backlinks data-to="claim-1" data-of="claim-link"}``: it is
filled with links to every link of the class ``claim-link`` that leads to ``claim-1``, each named
after the section it stands in. A chapter cannot know them by itself, since they are in others.
"""

from __future__ import annotations

import re
from html import escape, unescape

from .words import words

BOX = re.compile(r'<span class="backlinks" data-to="([^"]+)" data-of="([^"]+)">\s*</span>')
MARK = re.compile(r'<h[1-6]\b[^>]*>(?P<heading>.*?)</h[1-6]>'
                  r'|<a\b(?P<attributes>[^>]*)>', re.S)
HREF = re.compile(r'href="#([^"]*)"')
CLASS = re.compile(r'class="([^"]*)"')
TAG = re.compile(r"<[^>]*>")


def with_backlinks(body: str, lang: str) -> str:
    """The chapters' text with its boxes filled; links that a box leads to get an id."""
    wanted = {(unescape(target), name) for target, name in BOX.findall(body)}
    if not wanted:
        return body
    places: dict[tuple[str, str], list[tuple[str, str]]] = {key: [] for key in wanted}
    section = ""

    def marked(match: re.Match[str]) -> str:
        nonlocal section
        if match["heading"] is not None:
            section = " ".join(TAG.sub("", match["heading"]).split())
            return match[0]
        attributes = match["attributes"]
        href, classes = HREF.search(attributes), CLASS.search(attributes)
        for name in classes[1].split() if href and classes and " id=" not in attributes else []:
            key = unescape(href[1]) if href else "", name
            if key in places:
                anchor = f"from-{key[0]}-{len(places[key]) + 1}"
                places[key].append((anchor, section))
                return f'<a id="{escape(anchor)}"{attributes}>'
        return match[0]

    body = MARK.sub(marked, body)

    def filled(match: re.Match[str]) -> str:
        links: list[str] = []
        named: dict[str, int] = {}
        for anchor, name in places[unescape(match[1]), match[2]]:
            named[name] = named.get(name, 0) + 1
            # a section that links more than once is named once
            told = name if named[name] == 1 else f"({named[name]})"
            links.append(f'<a href="#{escape(anchor)}">{told}</a>')
        text = f"{escape(words(lang)['backlinks'])} {', '.join(links)}."
        return f'<span class="backlinks">{text}</span>' if links else ""

    return BOX.sub(filled, body)
