"""Nested bracketed spans, written so that Pandoc reads them quickly.

Pandoc tries every ``[`` as a note, a citation, a reference, a link and a span, and reads what is
inside anew each time: every level of nesting multiplies the time. A value with a card of details
(four levels) took 10 ms, and a book of them ten seconds. The same spans as ``<span>`` elements,
which Pandoc's Markdown reads as spans too, are read once.
"""

from __future__ import annotations

import re

CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)(?:\{=\w+\})?", re.S)
GROUP = re.compile(
    r"(?<![\\!^])\[((?:[^\[\]\\]|\\.)*)\]"
    r"(?:(?P<target>\((?:[^()\\\n]|\\.|\([^()\n]*\))*\))|(?P<attributes>\{[^{}\n]*\}))?", re.S)
ATTRIBUTE = re.compile(
    r"""\s*(?:\#(?P<id>[\w:.-]+)|\.(?P<class>[\w-]+)|(?P<key>[\w:-]+)=(?P<value>"[^"]*"|[^\s"}]+))""")
HELD = re.compile("\x00(\\d+)\x00")


def _element(attributes: str) -> str | None:
    """The opening tag for ``{#id .class key="value"}``; None when it is anything else."""
    text, at = attributes[1:-1].rstrip(), 0
    classes, pairs = [], []
    while at < len(text):
        found = ATTRIBUTE.match(text, at)
        if not found:
            return None
        if found["id"]:
            pairs.append(f'id="{found["id"]}"')
        elif found["class"]:
            classes.append(found["class"])
        else:
            value = found["value"].strip('"').replace("<", "&lt;").replace(">", "&gt;")
            pairs.append(f'{found["key"]}="{value}"')
        at = found.end()
    if classes:
        pairs.insert(0, f'class="{" ".join(classes)}"')
    return f"<span {' '.join(pairs)}>" if pairs else None


def flattened(markdown: str) -> str:
    """The same Markdown with nested bracketed spans as ``<span>`` elements."""
    if "[[" not in markdown and "][" not in markdown:
        return markdown
    held: list[str] = []

    def hold(text: str) -> str:
        held.append(text)
        return f"\x00{len(held) - 1}\x00"

    def group(match: re.Match[str]) -> str:
        element = _element(match["attributes"]) if match["attributes"] else None
        return hold(f"{element}{match[1]}</span>" if element else match[0])

    text, count = CODE.sub(lambda m: hold(m[0]), markdown), 1
    while count:
        text, count = GROUP.subn(group, text)
    while HELD.search(text):
        text = HELD.sub(lambda m: held[int(m[1])], text)
    return text
