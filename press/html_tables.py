"""HTML tables as great_tables and pandas write them, made fit for a page of many tables."""

from __future__ import annotations

import re
from html import escape

from .markup import TOKEN, attributes

STYLE = re.compile(r"<style.*?</style>", re.S)
ID = re.compile(r'(\s)id="([^"]*)"')
HEADERS = re.compile(r'\sheaders="([^"]*)"')
NAMED_BY = re.compile(r'(\saria-(?:labelledby|describedby)=)"([^"]*)"')
EMPTY_HEADER = re.compile(r"<th\b([^>]*)>\s*</th>")
HEADER_ONLY = re.compile(r'\s(?:scope|id)="[^"]*"')
OUTER = re.compile(r"^\s*<div\b[^>]*>(.*)</div>\s*$", re.S)
DATA_QUARTO = re.compile(r'\sdata-quarto-[a-z-]+="[^"]*"')
FIXED = re.compile(r'(<table\b[^>]*?)\sstyle="table-layout:\s*fixed;?"')
STYLER_ID = re.compile(r"(?:#|\bid=[\"'])T_([0-9a-f]{5,})")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
ID_SELECTOR = re.compile(r"#([\w-]+)")
WITHIN = re.compile(r"#([\w-]+)\s+([a-z][a-z0-9]*)?((?:\.[\w-]+)*)")
"""What a style of a whole table is for: a tag, a class, or both, in it."""
OPENING = re.compile(r"<([a-z][a-z0-9]*)\b[^<>]*>")
PART = re.compile(rf"{TOKEN.pattern}|(?P<end></(?:td|th|tr|thead|tbody|tfoot|table)\s*>)",
                  re.S | re.I)
TABLE = re.compile(r"<table\b.*?</table\s*>", re.S | re.I)
COL = re.compile(r"<col\b[^>]*>", re.I)
SPANNING = re.compile(r"<col\b[^>]*?\sspan=[\"']?([1-9]\d?)\b[^>]*>", re.I)
SPAN = re.compile(r"\sspan=[\"']?\d+[\"']?", re.I)
COLSPAN = re.compile(r"\scolspan=[\"']?(\d{1,3})", re.I)
CELL = re.compile(r"<t[dh]\b[^>]*>", re.I)
ROW = re.compile(r"<tr\b", re.I)
LEVELS = {"table": 0, "thead": 1, "tbody": 1, "tfoot": 1, "tr": 2, "td": 3, "th": 3}


def _styled(html: str, identifier: str) -> str:
    """The HTML of a pandas Styler with what its style sheet says of each element in the element.
    A rule that is about anything else stays in a style sheet, which the page refuses."""
    by_id: dict[str, str] = {}
    within: list[tuple[str, set[str], str]] = []
    others: list[str] = []
    for sheet in STYLE.findall(html):
        for selectors, declarations in RULE.findall(re.sub(r"</?style[^>]*>", "", sheet)):
            text = " ".join(declarations.split()).rstrip(";") + ";"
            for selector in map(str.strip, selectors.split(",")):
                if name := ID_SELECTOR.fullmatch(selector):
                    by_id[name[1]] = f"{by_id.get(name[1], '')} {text}"
                elif (part := WITHIN.fullmatch(selector)) and part[1] == identifier:
                    within.append((part[2] or "", set(part[3].split(".")[1:]), text))
                else:
                    others.append(f"{selector} {{{text}}}")

    def with_style(match: re.Match[str]) -> str:
        given = attributes(match[0])
        classes = set(given.get("class", "").split())
        style = " ".join(filter(None, [
            given.get("style", ""), by_id.get(given.get("id", ""), "").strip(),
            *(text for tag, names, text in within
              if tag in ("", match[1]) and names <= classes)]))
        if not style or style == given.get("style"):
            return match[0]
        bare = re.sub(r"\sstyle=\"[^\"]*\"", "", match[0])
        return f'{bare[:-1]} style="{escape(style)}">'

    html = OPENING.sub(with_style, STYLE.sub("", html))
    return html + (f"<style>{' '.join(others)}</style>" if others else "")


def _with_own_style(html: str, prefix: str) -> str:
    """The HTML without the style sheets of pandas and great_tables. That of a Styler is written
    into the elements, and its random id is replaced, since every run has another."""
    if random := STYLER_ID.search(html):
        name = f"{prefix}--styled"
        return _styled(html.replace(f"T_{random[1]}", name), name)
    return STYLE.sub(lambda sheet: "" if re.search(r"\.(?:gt_table|dataframe)\b", sheet[0])
                     else sheet[0], html)


def _closed(html: str) -> str:
    """The HTML with the end of every part of a table, which HTML lets one leave out and Pandoc's
    reader misses."""
    if len(re.findall(r"<t[dhr]\b", html, re.I)) == len(re.findall(r"</t[dhr]\b", html, re.I)):
        return html
    opened: list[str] = []

    def ended(level: int) -> str:
        ends = ""
        while opened and LEVELS[opened[-1]] >= level and opened[-1] != "table":
            ends += f"</{opened.pop()}>"
        return ends

    def closed(part: re.Match[str]) -> str:
        tag = part["end"] or part["tag"] or ""
        name = re.sub(r"[</]*([a-zA-Z]*).*", r"\1", tag, flags=re.S).lower()
        if name not in LEVELS:
            return part[0]
        if part["end"]:
            ends = ended(LEVELS[name] + 1)
            if not opened or opened[-1] != name:
                return ends
            opened.pop()
            return ends + part[0]
        ends = "" if name == "table" else ended(LEVELS[name])
        opened.append(name)
        return ends + part[0]

    return PART.sub(closed, html)


def _columns(table: str) -> str:
    """A table, from ``<table`` to its end, with a `<col>` for every column or with none. Pandoc
    takes their number for that of the columns, and drops the cells of any more."""
    table = SPANNING.sub(lambda col: SPAN.sub("", col[0]) * int(col[1]), table)
    widest = max((sum(int(span[1]) if (span := COLSPAN.search(cell)) else 1
                      for cell in CELL.findall(row)) for row in ROW.split(table)), default=0)
    return COL.sub("", table) if len(COL.findall(table)) < widest else table


def printable(html: str) -> str:
    """HTML as Pandoc reads it without dropping a cell: with the ends of rows and cells, and no
    fewer columns than there are."""
    if "<table" not in html.lower():
        return html
    html = _closed(html)
    return TABLE.sub(lambda table: _columns(table[0]), html) if COL.search(html) else html


def cleaned(html: str, prefix: str) -> str:
    """The table without its own style sheet and wrapper, and with ids of its own.

    great_tables writes 10 kB of CSS with every table and wraps it in a scrolling box; the page
    has one style sheet for all, and a labelled box. Inline styles of cells (fills, bold, colour)
    stay. Ids begin with ``prefix`` (the cell's label), since a page may not have one twice. A
    header cell without text becomes a plain cell, since it is the header of nothing.
    """
    html = _closed(_with_own_style(html, prefix))
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

    html = NAMED_BY.sub(lambda m: f'{m[1]}"{" ".join(map(new_id, m[2].split()))}"', html)
    return HEADERS.sub(headers, html).strip()
