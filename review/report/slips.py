"""The numbers of the published edition that nothing else can contradict, for the audit appendix."""

from __future__ import annotations

import pandas as pd

from review.audit import sources, verdicts
from review.audit.slips import Slip, stored
from review.dataset.load import Review
from review.dataset.schema import ROW, read_schema
from review.markdown import escape, fitted, folded, pipe_table
from review.report import row_links

HEAD = ["Row", "Field", "Value", "Where it was read"]
WIDTHS = [30, 20, 10, 44]


def listing(r: Review) -> str:
    """How many numbers somebody notices to be wrong, and a table of the others by table of the
    dataset; a sentence where the list was not made."""
    published = verdicts.published(r)
    slips = stored(published)
    if not slips:
        return "The list was not made for this dataset."
    silent = [slip for slip in slips if slip.silent]
    blocks = [f"A slip of the last digit is noticed for {len(slips) - len(silent):,} of "
              f"{len(slips):,} numbers. For the other {len(silent):,} it is noticed by "
              "nobody.",
              '::: {.content-visible when-format="html"}\nEvery number, with who notices it, '
              "stands in a [CSV](../data/audit/slips.csv).\n:::"]
    for table, resource in read_schema(published.data).items():
        if of_table := [slip for slip in silent if slip.row.startswith(f"{table}/")]:
            lines = [_line(r, published, slip, resource.title) for slip in of_table]
            title = f"{escape(resource.title)}: {len(lines)}"
            blocks += [_in_print(title), folded(title, pipe_table(
                HEAD, lines, fitted(HEAD, lines, WIDTHS), {2}))]
    return "\n\n".join(blocks)


def _in_print(title: str) -> str:
    """The title above a table that the page folds below the same words."""
    return f'::: {{.content-visible unless-format="html"}}\n**{title}**\n:::'


def _line(r: Review, published: Review, slip: Slip, title: str) -> list[str]:
    """r: the edition that is shown, which may have the row no more; title: of the table, which is
    the place of rows that have no other."""
    rows = published.tables[slip.row.partition("/")[0]]
    row = rows[rows[ROW] == slip.row].iloc[0]
    source, locator = row.get("source_id", pd.NA), row.get("locator", pd.NA)
    where = title if pd.isna(source) else sources.name(published, str(source))
    if pd.notna(locator):
        where += f": {locator}"
    return [row_links.link(r, slip.row), f"`{slip.field}`", slip.value, escape(where)]
