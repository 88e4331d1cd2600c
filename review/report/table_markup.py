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
_BODY = re.compile(r"(<tbody\b[^>]*>)(.*)(?=</tbody>)", re.S)
_GROUP_ROW = re.compile(r'(<tr class="gt_group_heading_row">)')
_ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.S)
_CELL = re.compile(r"<td\b([^>]*)>(.*?)</td>", re.S)


def markdown(table: Any) -> str:
    """The table as a raw block of HTML.

    table: a great_tables GT. Classes, spans, scopes and inline styles of its cells stay. A footnote
    mark becomes a superscript of its own and the head of a group bold, since the style that made
    them so is gone; a cell set to the right says so itself. A head cell without words becomes a
    plain cell: it is the head of nothing. Widths of columns are what they have at least. Cells that
    name their rows are the heads of these.
    """
    html = table.as_raw_html()
    html = html[html.index("<table"):html.rindex("</table>")] + "</table>"
    html = _MARK.sub(r'<sup class="gt_footnote_marks">\1</sup>', _NEEDLESS.sub("", html))
    html = _EMPTY_HEAD.sub(lambda head: f"<td{_SCOPE.sub('', head[1])}></td>", html)
    html = _GROUP.sub(r"\1<strong>\2</strong>\3", html)
    html = _RIGHT.sub(r'\1 style="text-align: right"', html)
    html = _BODY.sub(lambda body: body[1] + _with_row_heads(body[2]), _FIXED.sub("", html))
    return f"```{{=html}}\n{html}\n```"


def _with_row_heads(body: str) -> str:
    """The rows of a table with the cells that name them as their heads: those of the first column
    that no row leaves empty, where no two rows of a group have the same, and of the columns before
    it, which are empty where a row goes on with what stands above. A stub says it by itself."""
    if "gt_stub" in body:
        return body
    groups = [[_CELL.findall(row) for row in _ROW.findall(group)]
              for group in _GROUP_ROW.split(body)]
    rows = [row for group in groups for row in group if row]
    last = next((place for place in range(len(rows[0]) - 1) if all(row[place][1] for row in rows)),
                None) if rows else None
    if last is None or any(len({row[last][1] for row in group if row}) < sum(map(bool, group))
                           for group in groups):
        return body

    def headed(row: re.Match[str]) -> str:
        return _CELL.sub(lambda cell: f'<th{cell[1]} scope="row">{cell[2]}</th>' if cell[2]
                         else cell[0], row[0], count=last + 1)

    return _ROW.sub(headed, body)
