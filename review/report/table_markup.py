"""A great_tables table as Markdown: its HTML in a raw block, without ids and a style of its own.

Quarto loads two scripts from the network for a cell whose output is of type text/html, repeats
the id of the table beside that of its float, and takes the fonts of the table's style sheet into
the PDF. It does none of this for raw HTML in Markdown, and the embedded renderer reads both alike.
"""

from __future__ import annotations

import re
from typing import Any

# ids and what refers to them, hints for Quarto, and spans of one cell, which say nothing
_NEEDLESS = re.compile(r'\s(?:id|headers|data-quarto-[a-z-]+)="[^"]*"|\s(?:row|col)span="1"')
_MARK = re.compile(r'<span class="gt_footnote_marks"[^>]*>(.*?)</span>', re.S)
_EMPTY_HEAD = re.compile(r"<th\b([^>]*)>\s*</th>")
_GROUP = re.compile(r'(<th class="gt_group_heading"[^>]*>)(.*?)(</th>)', re.S)
_RIGHT = re.compile(r'(<t[dh] class="[^"]*\bgt_right\b[^"]*")')
# with it a column would be narrower than a word, which then breaks anywhere
_FIXED = re.compile(r"table-layout:\s*fixed[;\s]*")
_SCOPE = re.compile(r'\sscope="[^"]*"')


def markdown(table: Any) -> str:
    """The table as a raw block of HTML.

    table: a great_tables GT. Classes, spans, scopes and inline styles of its cells stay. A footnote
    mark becomes a superscript of its own and the head of a group bold, since the style that made
    them so is gone; a cell set to the right says so itself. A head cell without words becomes a
    plain cell: it is the head of nothing. Widths of columns are what they have at least.
    """
    html = table.as_raw_html()
    html = html[html.index("<table"):html.rindex("</table>")] + "</table>"
    html = _MARK.sub(r'<sup class="gt_footnote_marks">\1</sup>', _NEEDLESS.sub("", html))
    html = _EMPTY_HEAD.sub(lambda head: f"<td{_SCOPE.sub('', head[1])}></td>", html)
    html = _GROUP.sub(r"\1<strong>\2</strong>\3", html)
    html = _RIGHT.sub(r'\1 style="text-align: right"', html)
    html = _FIXED.sub("", html)
    return f"```{{=html}}\n{html}\n```"
