"""Where in a text an inline expression stands, since its value is written in another way there."""

from __future__ import annotations

import re
from collections.abc import Iterator

WITHIN = r"(?:(?!\n[ \t]*\n){})+?"
"""What does not go beyond its paragraph."""
PLACES = {
    "math": re.compile(r"(?<!\\)\$\$" + WITHIN.format(".") + r"\$\$|(?<![\\$])\$(?![\s$])"
                       + WITHIN.format(r"(?:\\.|[^$\\])") + r"(?<!\s)\$(?!\d)", re.S),
    "tag": re.compile(r"<[a-zA-Z][\w-]*\s(?=[^<>]*=)(?:(?!\n[ \t]*\n)[^<>])*>"),
    "target": re.compile(r"\]\([^()\s]*\)"),
}


def places(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """For each expression of a text, by its span: ``math``, ``tag`` (of HTML), ``target`` (of a
    link), or "" where it stands among words."""
    plain = text  # with a number for each value: `$5 to $6` is no formula
    for start, stop in spans:
        plain = f"{plain[:start]}{'0' * (stop - start)}{plain[stop:]}"
    found = [(*match.span(), name) for name, pattern in PLACES.items()
             for match in pattern.finditer(plain)] if spans else []
    for start, stop in spans:
        yield next((name for first, last, name in found if first < start and stop < last), "")
