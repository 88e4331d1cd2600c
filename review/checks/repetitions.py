"""Rules for what stands twice under two names: publications, boxes, searches, characteristics."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.flow import REASONS
from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED

PREFIX = r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)\s*"
END = r"[.,;:)\]]+$"
# columns that tell one row from another, by table; rows that agree in all of them are one thing
TWICE = (("flow", ["edition_id", "data"], "box of the flow"),
         ("search", ["edition_id", "name", "type", "from_year"], "search"),
         ("characteristics", ["study_id", "report_id", "arm_id", "characteristic", "detail",
                              "statistic", "use", "scope", "exposure_point"], "characteristic"),
         ("footnotes", ["table", "footnote"], "footnote"))


def same_doi(cells: pd.Series) -> pd.Series:
    """DOIs and addresses of DOIs in the one form in which they can be compared."""
    bare = cells.str.strip().str.casefold().str.replace(PREFIX, "", regex=True)
    return bare.str.replace(END, "", regex=True)


def dois(d: Dataset) -> Iterator[Problem]:
    """A DOI is written without what belongs to the sentence around it, and stands once a table."""
    for name, resource in d.resources.items():
        if "doi" not in resource.names:
            continue
        rows = d[name]
        tail = rows["doi"].str.contains(r"[.,;:]$").fillna(False)
        yield from flag(d, name, tail, "doi", "doi with a tail",
                        "{doi} ends with a mark that belongs to the sentence around it",
                        "remove the mark")
        counts = rows[SUPERSEDED].isna() if resource.living else rows["doi"].notna()
        doi = same_doi(rows["doi"]).where(counts)
        key = resource.primary_key[0]
        first = pd.DataFrame({"doi": doi, "key": d.text[name][key]}).dropna().drop_duplicates("doi")
        yield from flag(d, name, doi.notna() & doi.duplicated(), "doi", "same doi",
                        f"{{{key}}} has the doi of {{other}}",
                        "it is the same publication: keep one row, or correct the doi",
                        other=doi.map(first.set_index("doi")["key"]))


def addresses(d: Dataset) -> Iterator[Problem]:
    """One document is one source."""
    rows = d["sources"]
    url = same_doi(rows["url"]).str.replace(r"^https?://(?:www\.)?|/+$", "", regex=True)
    first = pd.DataFrame({"url": url, "key": rows["source_id"]}).dropna().drop_duplicates("url")
    yield from flag(d, "sources", url.notna() & url.duplicated(), "url", "same address",
                    "{source_id} has the address of {other}",
                    "if it is the same document, name {other} where it was read", WARNING,
                    other=url.map(first.set_index("url")["key"]))


def twice(d: Dataset) -> Iterator[Problem]:
    """What is told once an edition, a table or a group is not told twice."""
    for name, columns, what in TWICE:
        if name not in d.resources:
            continue
        rows = d[name]
        told = [column for column in columns if column in rows]
        again = rows[told].astype("string").apply(lambda cells: cells.str.casefold())
        if name == "flow":
            # a box has a line a reason of exclusion
            again["reason"] = rows["label"].str.casefold().where(rows["data"].isin(REASONS), "")
        counts = (rows[SUPERSEDED].isna() if d.resources[name].living
                  else pd.Series(True, index=rows.index))
        repeated = again[counts].duplicated().reindex(rows.index, fill_value=False)
        yield from flag(d, name, repeated, told[-1] if name != "characteristics" else
                        "characteristic", "told twice",
                        f"another row tells the same {what}", "keep one of the two")


RULES = (dois, addresses, twice)
