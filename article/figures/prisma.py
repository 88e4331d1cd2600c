"""PRISMA 2020 flow diagram: its boxes, their arithmetic and their words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from article.figures import COLUMNS as COLUMNS_SHOWN
from article.figures.boxes import BOXES
from article.figures.narrow_flow import narrow
from article.figures.words import listed
from review.audit.displays import Figure
from review.checks.flow import sums
from review.dataset.load import Review, before
from review.dataset.problems import DataError, Problem
from review.dataset.views import Record, as_records

if TYPE_CHECKING:
    from article.figures.theme import Drawing

TITLE = "PRISMA 2020 flow of records"
COLUMNS = ["position", "stage", "box", "data", "label", "n", "status", "kind", "text", "flow_id",
           "source_id", "locator"]

WITHDRAWN = {"withdrawn_studies": "Of these studies, no longer included",
             "withdrawn_reports": "Of these reports, no longer included"}

# Without these a sum says nothing; the other counts take part where they are reported, because
# what is not reported is unknown, not zero.
NEEDED = {"duplicates", "records_excluded", "dbr_excluded", "other_excluded", "included_other",
          "included_registers", "included_citations", "new_studies", "new_reports"}


def prisma_rows(r: Review) -> pd.DataFrame:
    """The lines of the boxes of this edition, one row each, in reading order.

    n is the count, <NA> unless status is value. A field without a row is not reported; totals
    without a row are counted from the studies and reports themselves. An edition that updates
    one with rows of its own has the columns of the update template: previous, new, total, counted
    from the rows of both where it does not state them.
    Raises DataError when the boxes do not add up.
    """
    problems = breaches(r)
    if problems:
        raise DataError(problems)
    given = _given(r)
    records = []
    for box in BOXES:
        for name in box.fields:
            row = given.get(name) or _counted(r, name)
            if row["status"] == "not applicable":
                continue
            records.append({
                **row, "stage": box.stage, "box": box.name, "data": name,
                "text": f"n = {row['n']}" if row["status"] == "value" else row["status"]})
    rows = pd.DataFrame(records, columns=COLUMNS[1:]).astype(
        {name: "Int64" if name == "n" else "string" for name in COLUMNS[1:]})
    rows.insert(0, "position", pd.array(range(1, len(rows) + 1), dtype="Int64"))
    return rows


def breaches(r: Review) -> list[Problem]:
    """Boxes of this edition that are not the sum of the boxes before them, or not what the rows
    of studies and reports count to."""
    counts = {name: row["n"] for name, row in _given(r).items() if row["status"] == "value"}
    problems = []
    for name, expected, how in _expected(r, counts):
        if name in counts and counts[name] != expected:
            problems.append(_problem(r, name, counts[name], expected, how))
    return problems


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: every box in reading order, and what is not reported."""
    known = [f"{row['label']} {row['n']}" for row in rows.to_dict("records")
             if row["status"] == "value"]
    text = f"{TITLE}: {listed(known)}."
    missing = [row["label"] for row in rows.to_dict("records") if row["status"] != "value"]
    return text + (f" Not reported: {listed(missing)}." if missing else "")


def draw(rows: pd.DataFrame) -> Drawing:
    """The diagram of `prisma_rows`."""
    from article.figures.flowchart import draw as flowchart

    return flowchart(rows, BOXES)


def _given(r: Review) -> dict[str, Record]:
    rows = r.flow[r.flow["edition_id"] == r.name]
    return {row["data"]: {**row, "line": index + 2}
            for index, row in zip(rows.index, as_records(rows), strict=True)}


def _counted(r: Review, name: str) -> Record:
    """A field that has no row: what the rows of studies and reports give is counted, everything
    else is not reported."""
    row: Record = {
        "label": _labels(r).get(name, name.replace("_", " ")), "n": None,
        "status": "not reported", "kind": "reported", "flow_id": None, "source_id": None,
        "locator": None}
    counts = _counts(r)
    if name in counts:
        row |= {"n": counts[name], "status": "value", "kind": "derived"}
    elif name.startswith(("previous_", "new_", "withdrawn_")):
        row["status"] = "not applicable"
    row["label"] = WITHDRAWN.get(name, row["label"])
    if name == "new_reports" and _further(r):
        row["label"] = "New reports included"  # not all of them are of new studies
    return row


@lru_cache(maxsize=8)
def _labels(r: Review) -> dict[str, str]:
    """Words of the boxes, as the newest edition with each has them."""
    return {row["data"]: row["label"] for row in as_records(r.flow)}


def _further(r: Review) -> bool:
    """Whether a new report is of a study that the edition before had."""
    old = before(r)
    if old is None:
        return False
    new = r.reports[~r.reports["citekey"].isin(old.reports["citekey"])]
    return bool(new["study_id"].isin(old.studies["study_id"]).any())


@lru_cache(maxsize=8)
def _counts(r: Review) -> dict[str, int]:
    """Boxes that follow from the rows of this edition and of the one before: what that one
    included, what is new, what was taken out (only where something was), and the totals."""
    counts: dict[str, int] = {}
    old = before(r)
    for table, key in (("studies", "study_id"), ("reports", "citekey")):
        now = set(r.tables[table][key])
        if old is not None:
            was = set(old.tables[table][key])
            counts |= {f"previous_{table}": len(was), f"new_{table}": len(now - was)}
            if was - now:
                counts[f"withdrawn_{table}"] = len(was - now)
        counts[f"total_{table}"] = len(now)
    return counts


def _expected(r: Review, counts: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """Fields with the count they have to be and the arithmetic behind it."""
    boxes = _given(r)
    for given in sums(counts):
        # reports need not be as many as records, but a count that was derived so has to follow
        asked = not given.across or boxes[given.box]["kind"] == "derived"
        if asked and not NEEDED & given.missing:
            yield given.box, given.total, given.terms()
    yield "total_studies", len(r.studies), "studies.csv"
    yield "total_reports", len(r.reports), "reports.csv"


def _problem(r: Review, name: str, count: int, expected: int, how: str) -> Problem:
    row = _given(r)[name]
    return Problem("flow.csv", row["line"], "n", str(count), "flow arithmetic",
                   f"{row['label']} is {count} in edition {r.name}, but {how} gives {expected}",
                   "correct the count or the counts it follows from")


def finding(rows: pd.DataFrame) -> str:
    """From how many records how many reports and studies came, as far as these are stated."""
    counts = rows.dropna(subset=["n"]).drop_duplicates("data").set_index("data")["n"]
    told = [f"{counts[name]} {words}" for name, words in (
        ("database_results", "records from databases"), ("total_reports", "reports included"),
        ("total_studies", "studies included")) if name in counts]
    return f"{'; '.join(told)}." if told else ""


prisma = Figure("fig-prisma", TITLE, prisma_rows, draw, describe, COLUMNS_SHOWN,
                of_edition=True,
                finding=finding, narrow=narrow)
