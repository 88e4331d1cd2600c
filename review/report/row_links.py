"""Where a row of the dataset stands in the report, and which statements rest on it.

A row is named in the whole dataset by its table and key, "outcomes/smith-2023-os". What belongs to
a study stands in the section of the study; the other rows that statements rest on stand together
in the chapter of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from review.audit import verdicts
from review.audit.displays import labels, rows
from review.audit.registry import Entry
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.markdown import escape

# tables whose rows stand in the section of their study
OF_STUDIES = ("studies", "reports", "arms", "outcomes", "characteristics")


def anchor(row: str) -> str:
    """The id of a row on the page and in print."""
    return f"row-{re.sub(r'[^A-Za-z0-9_.-]+', '-', row)}"


def key(row: str) -> str:
    """The name of a row within its table."""
    return row.partition("/")[2]


def link(r: Review, row: str, words: str = "") -> str:
    """Words, or the row's key, that lead to the row, for a chapter beside that of the rows.

    A row that this edition does not have (one of the published edition that was superseded) is
    named without a link.
    """
    text = escape(words or key(row))
    if row not in _present(r):
        return text
    chapter = r.contents.studies_chapter if row.partition("/")[0] in OF_STUDIES \
        else r.contents.rows_chapter
    return f"[{text}]({chapter}#{anchor(row)})"


def claim_links(r: Review, claim_ids: Iterable[str]) -> str:
    """Statements by id, each leading to its entry in the ledger."""
    return ", ".join(f"[{claim_id}]({r.contents.audit_chapter}#claim-{claim_id})"
                     for claim_id in claim_ids)


@lru_cache(maxsize=8)
def resting(r: Review) -> dict[str, list[Entry]]:
    """The statements of the article that rest on each row, by the row, in the ledger's order."""
    found: dict[str, list[Entry]] = {}
    for entry in verdicts.entries(r):
        for row in entry.rows:
            found.setdefault(row, []).append(entry)
    return found


@lru_cache(maxsize=8)
def shown_in(r: Review) -> dict[str, list[str]]:
    """The figures and tables that show rows of each study, by the study."""
    found: dict[str, list[str]] = {}
    for label in labels(r.contents):
        frame = rows(label, r)
        if "study_id" in frame:
            for study in dict.fromkeys(frame["study_id"].dropna()):
                found.setdefault(study, []).append(label)
    return found


@lru_cache(maxsize=8)
def _present(r: Review) -> frozenset[str]:
    of_studies = {row for name in OF_STUDIES for row in r.tables[name][ROW]}
    # a table's rows may tell more of a row of another table, under its name
    own = {row for name, frame in r.tables.items() for row in frame[ROW]
           if row.partition("/")[0] == name}
    return frozenset(of_studies | own.intersection(resting(r)))


def others(r: Review) -> dict[str, pd.DataFrame]:
    """The rows that statements rest on and that belong to no study, by table."""
    found = {}
    for name, frame in r.tables.items():
        if name not in OF_STUDIES:
            kept = frame[frame[ROW].isin(list(resting(r))) & frame[ROW].str.startswith(f"{name}/")]
            if len(kept):
                found[name] = kept
    return found
