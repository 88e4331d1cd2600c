"""Two states of a drawing laid over each other, as one drawing that a browser shows."""

from __future__ import annotations

import base64
import re
from html import escape

BOX = re.compile(r'\bviewBox="([^"]+)"')
LINE = 18
"""Height of the legend."""
TINTS = {
    "before": "0 0 0 0 1  .167 .167 .167 0 .5  .333 .333 .333 0 0  0 0 0 0 1",
    "after": ".333 .333 .333 0 0  .167 .167 .167 0 .5  0 0 0 0 1  0 0 0 0 1",
}
"""Matrices of colours: what is dark becomes a colour, what is white stays white."""


def overlay(before: str, after: str, name: str) -> str:
    """An SVG of both: what only the earlier one has is orange, what only the later one has is blue,
    what both have is dark."""
    width, height = (max(sizes) for sizes in zip(_size(before), _size(after), strict=True))
    layers = "".join(
        f'<image width="{w:g}" height="{h:g}" filter="url(#{state})" '
        f'style="mix-blend-mode:multiply" href="data:image/svg+xml;base64,'
        f'{base64.b64encode(text.encode()).decode()}"/>\n'
        for state, text in (("before", before), ("after", after)) for w, h in [_size(text)])
    filters = "".join(
        f'<filter id="{state}" x="0" y="0" width="1" height="1" '
        f'color-interpolation-filters="sRGB">'
        f'<feFlood flood-color="white" result="paper"/>'
        f'<feMerge><feMergeNode in="paper"/><feMergeNode in="SourceGraphic"/></feMerge>'
        f'<feColorMatrix values="{matrix}"/></filter>\n' for state, matrix in TINTS.items())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {width:g} {height + LINE:g}" width="{width:g}" height="{height + LINE:g}">\n'
        f"<title>{escape(name)}, before and after</title>\n<defs>{filters}</defs>\n"
        f'<rect width="100%" height="100%" fill="white"/>\n'
        f'<g style="isolation:isolate">\n{layers}</g>\n'
        f'<text x="4" y="{height + LINE - 5:g}" font-family="sans-serif" font-size="11">'
        '<tspan fill="#c80">only before</tspan> · <tspan fill="#06c">only after</tspan> · both'
        "</text>\n</svg>\n")


def _size(text: str) -> tuple[float, float]:
    """Width and height of a drawing, from its viewBox. Raises ValueError where it has none."""
    box = BOX.search(text)
    numbers = [float(word) for word in re.split(r"[\s,]+", box[1].strip())] if box else []
    if len(numbers) != 4:
        raise ValueError("the drawing has no viewBox")
    return numbers[2], numbers[3]
