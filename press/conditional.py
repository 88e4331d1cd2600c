"""Take from a chapter's tree what one format does not show: conditional content, code, raw blocks.

This comes before the filters, so that neither document carries the other's parts along.
"""

from __future__ import annotations

import re
from typing import Any

from . import html_tables, pandoc, raw_html

FORMAT_NAMES = {"html": {"html", "html:js"}, "typst": {"typst", "pdf"},
                "manuscript": {"docx", "jats"}}
CONDITIONAL = ("content-visible", "content-hidden")
HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.I)
"""What a page does not show, print does not either."""


def _applies(attributes: dict[str, str], fmt: str) -> bool:
    """Whether the condition of a div or span holds; one without a condition holds always."""
    when, unless = attributes.get("when-format"), attributes.get("unless-format")
    names = FORMAT_NAMES[fmt]
    return (when is None or when in names) and (unless is None or unless not in names)


def _conditional(content: list[Any], fmt: str) -> Any:
    """A div or span as this format shows it: None, its content, or itself."""
    (name, classes, pairs), inside = content
    if fmt != "html" and HIDDEN.search(dict(pairs).get("style", "")):
        return None
    kind = next((c for c in CONDITIONAL if c in classes), None)
    if kind is None:
        return content
    attributes = dict(pairs)
    if _applies(attributes, fmt) != (kind == "content-visible"):
        return None
    classes = [c for c in classes if c != kind]
    pairs = [p for p in pairs if p[0] not in ("when-format", "unless-format")]
    return [[name, classes, pairs], inside] if name or classes or pairs else inside


def _code(content: list[Any], fmt: str) -> Any:
    """A code block, unless it names formats and this one is not among them; a manuscript shows what
    print shows."""
    (name, classes, pairs), text = content
    formats = dict(pairs).get("formats")
    if formats is None:
        return content
    if not {fmt, "typst" if fmt == "manuscript" else fmt} & set(formats.split()):
        return None
    return [[name, classes, [p for p in pairs if p[0] != "formats"]], text]


def _raw(content: list[Any], fmt: str) -> Any:
    """Raw content of this format; an HTML table is for print and manuscripts too, and a comment for
    nobody."""
    language, text = content
    if language == "html" and raw_html.COMMENT.fullmatch(text):
        return None
    if language == "html" and fmt != "html" and "<table" in text.lower():
        return [language, html_tables.printable(text)]
    return content if language == fmt or language not in FORMAT_NAMES else None


def _table(content: list[Any], fmt: str) -> Any:
    """A table; where all columns have the same width, as wide as their contents ask.

    Pandoc gives a pipe table widths as soon as a source line is long, in the proportion of its
    dashes. Unequal dashes are an author's choice and stay; equal ones are none.
    """
    attributes, caption, columns, *parts = content
    widths = [width for _, width in columns]
    if len(columns) > 1 and all(width == widths[0] for width in widths):
        columns = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
    return [attributes, caption, columns, *parts]


MARKS = str.maketrans({"\u2018": "\ue018", "\u2019": "\ue019", "\u201c": "\ue01c",
                       "\u201d": "\ue01d"})
"""Quotation marks of a text by signs that Pandoc leaves alone. As themselves it would write them as
straight ones, which Typst turns by rules of its own: the apostrophe of 1980’s into a prime."""
CURLY = re.compile("[\u2018\u2019\u201c\u201d]")
SHORTHAND = re.compile(r"((?<!\w)-(?=\d)|-(?=\?)|\.\.\.|^[-+=/]|^\d+\.(?=\s|$))")


def marks_restored(typst: str) -> str:
    """Typst with the quotation marks that ``for_format`` replaced."""
    return typst.translate({ord(new): old for old, new in MARKS.items()})


UNBROKEN = re.compile(r"[^\s/\u200b-]{31,}")
"""What has no place for the end of a line and may be longer than one."""


def _breakable(text: str) -> str:
    """A long word with places where a line may end, after a sign or after twenty letters."""
    return UNBROKEN.sub(lambda word: re.sub(
        r"[^_.,:;|=&]{1,19}[_.,:;|=&](?=.)|.{20}(?=.)", "\\g<0>\u200b", word[0]), text)


def _words(text: str) -> list[dict[str, Any]]:
    """A word as Typst prints it unchanged: of the hyphen that a number begins with it would make a
    minus sign, of one before a question mark a soft hyphen, of three points one sign, and a list,
    term or heading of what begins like one."""
    if CURLY.search(text):
        text = text.translate(MARKS)
    if len(text) > 30:
        text = _breakable(text)
    pieces: list[dict[str, Any]] = []
    for index, part in enumerate(SHORTHAND.split(text)):
        if index % 2:
            escaped = f"{part[:-1]}\\." if part[0].isdigit() else f"\\{part}"
            pieces.append({"t": "RawInline", "c": ["typst", escaped]})
        elif part:
            pieces.append({"t": "Str", "c": part})
    return pieces


def _in_line(image: dict[str, Any]) -> dict[str, Any]:
    """An image that stands in a line."""
    (name, classes, pairs), *rest = image["c"]
    return image | {"c": [[name, classes, [*pairs, ["inline", "true"]]], *rest]}


RULES = {"Div": _conditional, "Span": _conditional, "CodeBlock": _code,
         "RawBlock": _raw, "RawInline": _raw, "Table": _table}


def _is_output(item: Any) -> bool:
    """Whether this is the HTML that a cell gave, which print shows as far as it can."""
    return isinstance(item, dict) and item.get("t") == "Div" and "cell-html" in item["c"][0][1]


def _output(item: dict[str, Any], fmt: str) -> dict[str, Any]:
    """The HTML that a cell gave, for a format."""
    if fmt == "html":
        return item
    attributes, blocks = item["c"]
    return item | {"c": [attributes, [
        block | {"c": [block["c"][0], html_tables.printable(block["c"][1])]}
        if block["t"] == "RawBlock" else block for block in blocks]]}


def for_format(node: Any, fmt: str, in_image: bool = False) -> Any:
    """A part of a Pandoc tree (JSON) without what ``fmt`` (``html``, ``typst``, ``manuscript``)
    does not show. The text alternative in an image is one string."""
    if isinstance(node, list):
        out: list[Any] = []
        for item in node:
            if _is_output(item):
                out.append(_output(item, fmt))
                continue
            if pandoc.is_leaf(item):
                print_words = fmt == "typst" and item["t"] == "Str" and not in_image
                out += _words(item["c"]) if print_words else [item]
                continue
            if fmt == "typst" and isinstance(item, dict):
                if item.get("t") in ("Para", "Plain") and [x["t"] for x in item["c"]] == ["Image"]:
                    out.append(item)  # an image that is no part of a line
                    continue
                if item.get("t") == "Image":
                    item = _in_line(item)
            rule = RULES.get(item["t"]) if isinstance(item, dict) and "t" in item else None
            if rule is None:
                within = in_image or (isinstance(item, dict) and item.get("t") == "Image")
                out.append(for_format(item, fmt, within) if isinstance(item, (dict, list))
                           else item)
                continue
            content = rule(item["c"], fmt)
            if content is None:
                continue
            if item["t"] in ("Div", "Span") and not _is_pair(content):
                out += for_format(content, fmt, in_image)
            else:
                out.append({"t": item["t"], "c": for_format(content, fmt, in_image)})
        return out
    return {key: for_format(value, fmt, in_image) if isinstance(value, (dict, list)) else value
            for key, value in node.items()}


def _is_pair(content: list[Any]) -> bool:
    """Whether this is a div's or span's content (attributes, inside) and not the inside alone."""
    return len(content) == 2 and isinstance(content[0], list)
