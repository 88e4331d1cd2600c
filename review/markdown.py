"""Small pieces of Pandoc Markdown."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

# the share of a column of single signs, beside columns of words
LEAST = 5
# about how many characters a line of a page holds, and what is beside the words of a column
LINE, BESIDE = 100, 3


def escape(text: str) -> str:
    """Text as Markdown that shows it: characters with a meaning are escaped."""
    return re.sub(r"([\\`*_{}\[\]#|<>$~^@&])", r"\\\1", text)


def pipe_table(head: Sequence[str], rows: Sequence[Sequence[str]],
               widths: Sequence[int] | None = None, right: Collection[int] = ()) -> str:
    """A pipe table of Markdown cells; widths set the columns' shares of the page, right names the
    places (from 0) of columns of numbers, which are set to the right.

    Cells must hold no line break and no unescaped bar, which a pipe table cannot show; ValueError
    otherwise.
    """
    for row in rows:
        for cell in row:
            if "\n" in cell or re.search(r"(?<!\\)\|", cell):
                raise ValueError(f"a table cell cannot hold a line break or bar: {cell!r}")
    rule = ["-" * (width if widths else 3) for width in (widths or [3] * len(head))]
    rule = [f"{line[1:]}:" if place in right else line for place, line in enumerate(rule)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *rows))


def fitted(head: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int]) -> list[int]:
    """Column widths for `pipe_table`: the longest cell of each, up to `most` characters.

    Marks, links and citation keys are counted by what a reader sees of them.
    """
    columns = zip(*(head, *rows), strict=True)
    return [min(limit, max(len(_seen(cell)) for cell in column) + 1)
            for column, limit in zip(columns, most, strict=True)]


def filled_table(head: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int]) -> str:
    """A pipe table as wide as its cells ask for (`fitted`), without the columns in which nothing
    stands; empty without rows. Where they ask for more than a line holds, each column keeps room
    for the longest word of its head, and the others share what is left."""
    kept = [place for place in range(len(head)) if any(row[place] for row in rows)]
    head, most = [head[place] for place in kept], [most[place] for place in kept]
    rows = [[row[place] for place in kept] for row in rows]
    if not rows:
        return ""
    least = [max([LEAST, *(len(word) + BESIDE for word in _seen(title).split())])
             for title in head]
    more = [max(0, width - own) for width, own in zip(fitted(head, rows, most), least, strict=True)]
    part = min(1, (LINE - sum(least)) / max(1, sum(more)))
    return pipe_table(head, rows, [own + int(further * part)
                                   for own, further in zip(least, more, strict=True)])


def folded(summary: str, table: str) -> str:
    """A table that unfolds on the page and that the page can sort; in print it is as it is."""
    def fence(html: str) -> str:
        return f'::: {{.content-visible when-format="html"}}\n```{{=html}}\n{html}\n```\n:::'

    opening = fence(f'<details class="fold"><summary>{summary}</summary>')
    return f"{opening}\n\n::: {{.sortable}}\n{table}\n:::\n\n{fence('</details>')}"


def _seen(cell: str) -> str:
    cell = re.sub(r"\[@[^\]]*\]", "(Author et al. 2025)", cell)
    cell = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell)
    return re.sub(r"[\\`*]", "", cell)
