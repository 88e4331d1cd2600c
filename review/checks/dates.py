"""Rules for days and years: nothing ends before it begins, and no search ends in the future."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import ADDED, EXTRACTION

# days on which something was done, by table
DONE = (("editions", "search_to"), ("editions", "conferences_to"), ("search", "to_date"),
        ("references", "accessed"))
PLANNED = 366  # days: how far ahead a release is planned


def done(d: Dataset) -> Iterator[Problem]:
    """What was searched or read was not searched or read tomorrow; no release is years ahead."""
    today = pd.Timestamp(d.today)
    for table, field in DONE:
        if table in d.resources and field in d[table]:
            yield from flag(d, table, d[table][field] > today, field, "in the future",
                            f"{{{field}}} is later than today, {today:%Y-%m-%d}",
                            "correct the date; it is the last day that was covered")
    for table, resource in d.resources.items():
        for field in EXTRACTION:
            if field in resource.names and resource.field(field).type == "date":
                yield from flag(d, table, d[table][field] > today, field, "in the future",
                                f"{{{field}}} is later than today, {today:%Y-%m-%d}",
                                "correct the day on which it was done")
    ahead = today + pd.Timedelta(days=PLANNED)
    yield from flag(d, "editions", d["editions"]["released_on"] > ahead, "released_on",
                    "in the future", "{released_on} is more than a year ahead", "correct the date")


def searches(d: Dataset) -> Iterator[Problem]:
    """A search begins before it ends, and ends by the day to which its edition searched."""
    if "search" not in d.resources:
        return
    rows = d["search"]
    end = rows["to_date"].dt.year.astype("Int64").fillna(rows["to_year"])
    yield from flag(d, "search", rows["from_year"] > end, "from_year", "ends before it begins",
                    "the search runs from {from_year} to {end}", "correct one of them", end=end)
    yield from flag(d, "search", rows["to_year"] > d.today.year, "to_year", "in the future",
                    "the search runs to {to_year}, and it is {year}", "correct the year",
                    year=pd.Series(d.today.year, index=rows.index))
    both = rows["to_date"].notna() & rows["to_year"].notna()
    yield from flag(d, "search", both & (rows["to_date"].dt.year != rows["to_year"]), "to_year",
                    "two ends", "the search runs to {to_date} and to {to_year}",
                    "keep the one that the source states")
    until = rows["edition_id"].map(d.lookup("editions", "edition_id", "search_to"))
    yield from flag(d, "search", (rows["type"] == "database") & (rows["to_date"] > until),
                    "to_date", "beyond its edition",
                    "the search runs to {to_date} and the edition to {until}",
                    "correct one of them: the edition states the last day that all cover",
                    until=until.dt.strftime("%Y-%m-%d").astype("string"))
    if "hits" in rows and "hits_status" in rows:
        yield from flag(d, "search", rows["hits"].notna() != (rows["hits_status"] == "value"),
                        "hits", "value and status disagree",
                        "the count is {hits!r} and the status says {hits_status}",
                        "fill in the count and write value, or empty it and say why")


def published(d: Dataset) -> Iterator[Problem]:
    """A report was published by the time that its edition was released."""
    rows = d["reports"]
    if "year" not in rows:
        return
    editions = d["editions"].drop_duplicates("edition_id").set_index("edition_id")
    last = editions["released_on"].dt.year
    limit = rows[ADDED].map(last).astype("Int64").fillna(d.today.year)
    yield from flag(d, "reports", rows["year"] > limit, "year", "in the future",
                    "the report is of {year} and its edition of {limit}",
                    "correct the year, or the day of release of the edition",
                    d.lenient("reports"), limit=limit)


RULES = (done, searches, published)
