"""PRISMA 2020 flow diagram: its boxes, their arithmetic and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from article.figures import COLUMNS as COLUMNS_SHOWN
from article.figures.words import listed
from review.audit.displays import Figure
from review.checks.flow import sums
from review.dataset.load import Review
from review.dataset.problems import DataError, Problem

TITLE = "PRISMA 2020 flow of records"
COLUMNS = ["position", "stage", "box", "data", "label", "n", "status", "kind", "text", "flow_id",
           "source_id", "locator"]


@dataclass(frozen=True)
class Box:
    """A box of the diagram. row and column: place in its grid. fields: lines, by flow field."""

    name: str
    stage: str
    row: int
    column: int
    fields: tuple[str, ...]


BOXES = (
    Box("identified", "Identification", 0, 0, ("database_results", "register_results")),
    Box("removed", "Identification", 0, 1, ("duplicates", "excluded_automatic", "excluded_other")),
    Box("identified-other", "Identification", 0, 2,
        ("website_results", "organisation_results", "citations_results")),
    Box("screened", "Screening", 1, 0, ("records_screened",)),
    Box("records-excluded", "Screening", 1, 1, ("records_excluded",)),
    Box("sought", "Screening", 2, 0, ("dbr_sought_reports",)),
    Box("not-retrieved", "Screening", 2, 1, ("dbr_notretrieved_reports",)),
    Box("sought-other", "Screening", 2, 2, ("other_sought_reports",)),
    Box("not-retrieved-other", "Screening", 2, 3, ("other_notretrieved_reports",)),
    Box("assessed", "Screening", 3, 0, ("dbr_assessed",)),
    Box("reports-excluded", "Screening", 3, 1, ("dbr_excluded",)),
    Box("assessed-other", "Screening", 3, 2, ("other_assessed",)),
    Box("reports-excluded-other", "Screening", 3, 3, ("other_excluded",)),
    Box("included-databases", "Included", 4, 0, ("included_databases",)),
    Box("included-other", "Included", 4, 2,
        ("included_other", "included_conferences", "included_registers", "included_citations")),
    Box("new", "Included", 5, 0, ("new_studies", "new_reports")),
    Box("previous", "Included", 5, 1, ("previous_studies", "previous_reports")),
    Box("total", "Included", 6, 0, ("total_studies", "total_reports")),
)

# Without these a sum says nothing; the other counts take part where they are reported, because
# what is not reported is unknown, not zero.
NEEDED = {"duplicates", "records_excluded", "dbr_excluded", "other_excluded", "included_other",
          "included_registers", "included_citations", "new_studies", "new_reports"}


def prisma_rows(r: Review) -> pd.DataFrame:
    """The lines of the boxes of this edition, one row each, in reading order.

    n is the count, <NA> unless status is value. A field without a row is not reported; totals
    without a row are counted from the studies and reports themselves. An edition that updates
    one with rows of its own has the columns of the update template: previous, new, total.
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
    found = []
    for name, expected, how in _expected(r, counts):
        if name in counts and counts[name] != expected:
            found.append(_problem(r, name, counts[name], expected, how))
    return found


def describe(rows: pd.DataFrame) -> str:
    """The text alternative: every box in reading order, and what is not reported."""
    known = [f"{row['label']} {row['n']}" for row in rows.to_dict("records")
             if row["status"] == "value"]
    text = f"{TITLE}: {listed(known)}."
    missing = [row["label"] for row in rows.to_dict("records") if row["status"] != "value"]
    return text + (f" Not reported: {listed(missing)}." if missing else "")


def draw(rows: pd.DataFrame):
    """The diagram of `prisma_rows`."""
    from article.figures.flowchart import draw as flowchart

    return flowchart(rows, BOXES)


def _given(r: Review) -> dict[str, dict]:
    rows = r.flow[r.flow["edition_id"] == r.name]
    rows = rows.astype(object).where(rows.notna(), None)
    return {row["data"]: {**row, "line": index + 2}
            for index, row in zip(rows.index, rows.to_dict("records"), strict=True)}


def _counted(r: Review, name: str) -> dict:
    """A field that has no row: totals are counted, everything else is not reported."""
    labels = r.flow.drop_duplicates("data").set_index("data")["label"]
    row = {"label": labels.get(name, name.replace("_", " ")), "n": None, "status": "not reported",
           "kind": "reported", "flow_id": None, "source_id": None, "locator": None}
    totals = {"total_studies": len(r.studies), "total_reports": len(r.reports)}
    if name in totals:
        row |= {"n": totals[name], "status": "value", "kind": "derived"}
    elif name.startswith(("previous_", "new_")):
        row["status"] = "not applicable"
    return row


def _expected(r: Review, counts: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """Fields with the count they have to be and the arithmetic behind it."""
    for given in sums(counts):
        if not NEEDED & given.missing:
            yield given.box, given.total, given.terms()
    yield "total_studies", len(r.studies), "studies.csv"
    yield "total_reports", len(r.reports), "reports.csv"


def _problem(r: Review, name: str, count: int, expected: int, how: str) -> Problem:
    row = _given(r)[name]
    return Problem("flow.csv", row["line"], "n", str(count), "flow arithmetic",
                   f"{row['label']} is {count} in edition {r.name}, but {how} gives {expected}",
                   "correct the count or the counts it follows from")


prisma = Figure("fig-prisma", TITLE, prisma_rows, draw, describe, COLUMNS_SHOWN,
                of_edition=True)
