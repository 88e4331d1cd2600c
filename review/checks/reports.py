"""Rules for studies and their reports: leads, repeated records, keys that tell their parents."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import SUPERSEDED


def leads(d: Dataset) -> Iterator[Problem]:
    """Each study has one lead report in every edition in which it counts."""
    reports, studies = d["reports"], d["studies"]
    seen: set[tuple[str, str]] = set()
    for edition in d["editions"].sort_values("position")["edition_id"]:
        counted = reports[counting(d, "reports", edition) & reports["lead"].fillna(False)]
        again = counted.duplicated("study_id").reindex(reports.index, fill_value=False)
        first = reports["study_id"].map(
            counted.drop_duplicates("study_id").set_index("study_id")["report_id"])
        for problem in flag(
                d, "reports", again, "lead", "several leads",
                "{study_id} already has the lead report {first}",
                "keep one lead report; a later report takes over when the earlier row is "
                "superseded", first=first):
            if (key := (problem.file + str(problem.row), problem.rule)) not in seen:
                seen.add(key)
                yield problem
        lacking = counting(d, "studies", edition) & ~studies["study_id"].isin(counted["study_id"])
        for problem in flag(d, "studies", lacking, "study_id", "no lead",
                            "{study_id} has no lead report",
                            "write true into lead for one of its rows in reports.csv"):
            if (key := (problem.file + str(problem.row), problem.rule)) not in seen:
                seen.add(key)
                yield problem


def counting(d: Dataset, name: str, edition: str) -> pd.Series:
    """Which rows of a table count in an edition: added by then and not superseded by then."""
    place = d.positions[edition]
    added, gone = d.span(name)
    return (added <= place).fillna(False) & ~(gone <= place).fillna(False)


def repeated(d: Dataset) -> Iterator[Problem]:
    """One publication is one report; one trial is one study."""
    reports = d["reports"]
    key = reports["citekey"].str.casefold().where(reports[SUPERSEDED].isna())
    yield from flag(d, "reports", key.notna() & key.duplicated(), "citekey", "same publication",
                    "{report_id} has the citekey of {other}",
                    "it is the same publication: keep one row, or correct the citekey",
                    other=_first(reports, key, "report_id"))
    studies = d["studies"]
    now = studies[SUPERSEDED].isna()
    for column, what in (("registry_id", "registry number"), ("label", "label"),
                         ("acronym", "acronym")):
        if column not in studies:
            continue
        # a number of a registry is written with and without spaces and dashes
        key = studies[column].str.casefold().str.replace(r"[\s/-]", "", regex=True).where(now)
        other = _first(studies, key, "study_id")
        yield from flag(d, "studies", key.notna() & key.duplicated(), column, f"same {what}",
                        f"{{study_id}} has the {what} of {{other}}",
                        "if it is the same study, add its report to {other} instead",
                        "error" if column == "label" else WARNING, other=other)


def _first(rows: pd.DataFrame, key: pd.Series, name: str) -> pd.Series:
    named = pd.DataFrame({"key": key, "name": rows[name]}).dropna().drop_duplicates("key")
    return key.map(named.set_index("key")["name"])


def same_document(d: Dataset) -> Iterator[Problem]:
    """One document has one number in the list of references and one year, wherever it stands."""
    listed = d["references"].dropna(subset=["citekey"])
    for name in ("sources", "reports"):
        rows = d[name]
        for column in ("ref", "year"):
            if column not in rows or column not in listed:
                continue
            there = rows["citekey"].map(d.lookup("references", "citekey", column))
            yield from flag(d, name, there != rows[column], column, "another document",
                            f"{{citekey}} has {column} {{{column}}} here and {{there}} in "
                            "references.csv", "correct the one that is not as in the source",
                            there=there)
    own = listed.drop_duplicates("ref").set_index("ref")["citekey"]
    for name in ("sources", "reports"):
        rows = d[name]
        if "ref" not in rows or own.empty:
            continue
        there = rows["ref"].map(own).fillna("no entry")
        wrong = rows["ref"].notna() & (there != rows["citekey"])
        yield from flag(d, name, wrong & ~rows["citekey"].isin(listed["citekey"]), "ref",
                        "number of another entry",
                        "ref {ref} is {there} in references.csv, and the row cites {citekey}",
                        "empty ref: what is not in the article's list has no number there",
                        there=there)
    reports = d["reports"]
    if "year" in reports:
        told = reports["label"].str.extract(r"\b((?:19|20)\d\d)\b", expand=False).astype("Int64")
        yield from flag(d, "reports", told != reports["year"], "year", "year of another report",
                        "the report is called {label} and is of {year}", "correct one of them",
                        WARNING)


def named_after(d: Dataset) -> Iterator[Problem]:
    """A study keeps its name when its lead report is retracted and another leads: readers know it
    by that name, and earlier editions have it. Who takes the report out decides."""
    reports, studies, why = d["reports"], d["studies"], d["supersessions"]
    gone = why[(why["table"] == "reports") & (why["kind"] == "retraction")
               & why["successor"].isna()]
    taken = reports[reports["report_id"].isin(gone["key"]) & reports["lead"].fillna(False)]
    names = taken["study_id"] + "/" + _bare(taken["label"])
    wrong = studies[SUPERSEDED].isna() & (
        studies["study_id"] + "/" + _bare(studies["label"])).isin(names)
    yield from flag(d, "studies", wrong, "label", "named after a retracted report",
                    "{label} has the name of a report that was retracted",
                    "keep it if readers know the study by it: its section says so; else review "
                    "correct studies {study_id} gives it another name", WARNING)


def _bare(labels: pd.Series) -> pd.Series:
    return labels.str.casefold().str.replace(r"[\W_]+", "", regex=True)


RULES = (leads, repeated, same_document, named_after)
