"""HTML tables as great_tables and pandas write them, made fit for a page of many tables."""

from __future__ import annotations

import re

STYLE = re.compile(r"<style.*?</style>", re.S)
ID = re.compile(r'(\s)id="([^"]*)"')
HEADERS = re.compile(r'\sheaders="([^"]*)"')
EMPTY_HEADER = re.compile(r"<th\b([^>]*)>\s*</th>")
HEADER_ONLY = re.compile(r'\s(?:scope|id)="[^"]*"')
OUTER = re.compile(r"^\s*<div\b[^>]*>(.*)</div>\s*$", re.S)
DATA_QUARTO = re.compile(r'\sdata-quarto-[a-z-]+="[^"]*"')
FIXED = re.compile(r'(<table\b[^>]*?)\sstyle="table-layout:\s*fixed;?"')


STYLER_ID = re.compile(r"#T_([0-9a-f]{5,})")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
ID_SELECTOR = re.compile(r"#([\w-]+)")


def _with_own_style(html: str, prefix: str) -> str:
    """The HTML without style sheets. A pandas Styler gives each cell its look by its id in such a
    sheet: that is written into the cell. Its random id is replaced, since every run has another."""
    if random := STYLER_ID.search(html):
        html = html.replace(f"T_{random[1]}", f"{prefix}--styled")
        styles: dict[str, str] = {}
        for sheet in STYLE.findall(html):
            for selectors, declarations in RULE.findall(re.sub(r"</?style[^>]*>", "", sheet)):
                for selector in selectors.split(","):
                    if name := ID_SELECTOR.fullmatch(selector.strip()):
                        text = " ".join(declarations.split())
                        styles[name[1]] = f"{styles.get(name[1], '')}{text} ".lstrip()

        def styled(match: re.Match[str]) -> str:
            style = styles.get(match[2], "").strip()
            return f'{match[0]} style="{style}"' if style else match[0]

        html = ID.sub(styled, html)
    return STYLE.sub("", html)


def cleaned(html: str, prefix: str) -> str:
    """The table without its own style sheet and wrapper, and with ids of its own.

    great_tables writes 10 kB of CSS with every table and wraps it in a scrolling box; the page
    has one style sheet for all, and a labelled box. Inline styles of cells (fills, bold, colour)
    stay. Ids begin with ``prefix`` (the cell's label), since a page may not have one twice. A
    header cell without text becomes a plain cell, since it is the header of nothing.
    """
    html = _with_own_style(html, prefix)
    if "<table" not in html:
        return html
    if outer := OUTER.match(html):
        html = outer[1]
    html = DATA_QUARTO.sub("", html)
    html = FIXED.sub(r"\1", html).replace(' border="1"', "")

    def new_id(name: str) -> str:
        return f"{prefix}--{name.removeprefix(prefix).lstrip('-')}"

    removed = {m for th in EMPTY_HEADER.finditer(html) for m in re.findall(r'id="([^"]*)"', th[1])}
    html = EMPTY_HEADER.sub(lambda m: f"<td{HEADER_ONLY.sub('', m[1])}></td>", html)
    html = ID.sub(lambda m: f'{m[1]}id="{new_id(m[2])}"', html)

    def headers(match: re.Match[str]) -> str:
        names = " ".join(new_id(n) for n in match[1].split() if n not in removed)
        return f' headers="{names}"' if names else ""

    return HEADERS.sub(headers, html).strip()
