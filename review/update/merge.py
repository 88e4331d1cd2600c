"""New rows from a folder: read, and joined to the dataset as rows of a later edition."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from review.dataset import breaches, schema
from review.dataset.load import data_folder, read_all, read_text
from review.dataset.paths import CANDIDATE as CANDIDATE
from review.dataset.problems import DataError, Problem
from review.update import spreadsheet

SUPERSEDES = "supersedes.csv"
SUPERSEDES_FIELDS = ("resource", "key", "reason")
# what a pretended edition has of its own or takes over from the newest
STATED = ["edition_id", "position", "name", "type", "search_to", "status", "citation", "source_id",
          "locator"]
# made by new-study for the reader; no rows
GUIDE = "fields.csv"


def read_folder(folder: Path | str, data: Path | str | None = None) -> dict[str, pd.DataFrame]:
    """The tables of a folder of new rows, as text in the dataset's columns and in its notation.

    folder: one CSV file a resource, named as in the dataset, and perhaps supersedes.csv (columns
    resource, key, reason: rows that the new ones take the place of). Each frame is indexed so that
    `schema.line` gives a row's line in its file; empty cells are <NA>, blank rows are gone. Numbers
    have decimal points and truths are true or false, whatever the spreadsheet made of them.
    Raises DataError with everything that cannot be read with certainty.
    """
    folder = Path(folder)
    resources = schema.read_schema(data_folder(data))
    files = {resource.path: name for name, resource in resources.items()}
    tables: dict[str, pd.DataFrame] = {}
    problems = []
    for path in sorted(folder.iterdir()):
        if path.name == GUIDE or path.name.startswith((".", "~")) or not path.is_file():
            continue
        if path.suffix.lower() in (".xlsx", ".xls", ".ods", ".numbers"):
            problems.append(Problem(path.name, 0, "", "", "workbook", "a workbook cannot be read",
                                    "save each sheet as CSV UTF-8 under the name of its table"))
        elif path.name == SUPERSEDES:
            tables["supersedes"] = spreadsheet.read(path, _supersedes(), problems)
        elif path.name in files and resources[files[path.name]].update:
            tables[files[path.name]] = spreadsheet.read(path, resources[files[path.name]], problems)
        elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
            problems.append(_unknown(path, files))
    if not problems and not any(len(table) for table in tables.values()):
        problems.append(Problem(folder.name, 0, "", "", "no rows", "the folder holds no rows",
                                f"fill in its tables: {', '.join(sorted(_open(resources)))}"))
    if problems:
        raise DataError(problems)
    return tables


def add(text: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame],
        edition: str) -> dict[str, pd.DataFrame]:
    """The dataset's tables as text with the rows of a folder after them, as rows of `edition`.

    Added rows get the edition; rows named in supersedes count until then. Nothing given is changed.
    Raises DataError when supersedes names a row that is not there or no longer counts, or when a
    row claims another edition.
    """
    problems = []
    joined = dict(text)
    for name, rows in new.items():
        if name == "supersedes":
            continue
        rows = rows.copy()
        for column in spreadsheet.LATER:
            if column not in rows:
                continue
            if column == schema.SUPERSEDED:
                given = rows[column].notna()
            else:
                given = rows[column].notna() & (rows[column] != edition)
                rows[column] = edition
            for index in rows.index[given]:
                problems.append(Problem(
                    f"{name}.csv", schema.line(index), column, str(new[name].at[index, column]),
                    "edition of a new row", "the cell is filled in when the update is accepted",
                    "leave it empty"))
        if name == "sources":
            # several folders may bring the same document
            rows = rows[~_among(rows, text[name])]
        joined[name] = pd.concat([text[name], rows], ignore_index=True)
    for index, row in new.get("supersedes", pd.DataFrame()).iterrows():
        problems += _supersede(joined, text, row, index, edition)
    if problems:
        raise DataError(problems)
    return joined


def dataset_with(folder: Path | str, data: Path | str | None = None,
                 edition: str = CANDIDATE) -> dict[str, pd.DataFrame]:
    """Every table, typed, with a folder's rows as an update called `edition` after the newest one.

    The same form as `dataset.load.read_all`, so `select` there gives the edition. Raises
    DataError for a folder that cannot be read and for breaches of the schema.
    """
    data = data_folder(data)
    resources = schema.read_schema(data)
    text = read_text(data, resources)
    new = read_folder(folder, data)
    joined = add(text, new, edition)
    joined["editions"] = pretend(text["editions"], edition)
    problems = [p for name in new if name in resources
                for p in schema.breaches(resources[name], joined[name])]
    problems += breaches.dangling(resources, joined)
    if problems:
        raise DataError(place(p, text, new, resources) for p in problems)
    changed = {name: schema.typed(resources[name], table) for name, table in joined.items()
               if table is not text[name]}
    return {**read_all(data), **changed}


def pretend(editions: pd.DataFrame, edition: str = CANDIDATE) -> pd.DataFrame:
    """The editions with one more after the newest: an update whose own details are not known."""
    position = pd.to_numeric(editions["position"])
    last = editions.loc[[position.idxmax()]].copy()
    last["edition_id"], last["position"] = edition, str(int(position.max()) + 1)
    last["name"], last["type"] = "Candidate", "update"
    for column in editions.columns.difference(STATED):
        last[column] = pd.NA
    before = editions.copy()
    before.loc[(before["status"] == "current").fillna(False), "status"] = "superseded"
    last["status"] = "current"
    return pd.concat([before, last], ignore_index=True).astype("string")


def place(problem: Problem, text: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame],
          resources: Mapping[str, schema.Resource]) -> Problem:
    """A problem of joined tables, at the row of the folder's own file where it is there."""
    for name, rows in new.items():
        if name in resources and resources[name].path == problem.file:
            behind = problem.row - 2 - len(text[name])
            if 0 <= behind < len(rows):
                return replace(problem, row=schema.line(rows.index[behind]))
    return problem


def _supersede(joined: dict[str, pd.DataFrame], text: Mapping[str, pd.DataFrame], row: pd.Series,
               index: int, edition: str) -> list[Problem]:
    """Marks the row that a line of supersedes.csv names; or what is wrong with the line."""

    def problem(field: str, message: str, remedy: str) -> Problem:
        return Problem(SUPERSEDES, schema.line(index), field, str(row[field]), "superseded row",
                       message, remedy)

    if row.isna().any():
        field = row.index[row.isna()][0]
        return [Problem(SUPERSEDES, schema.line(index), field, "", "required",
                        "the cell is empty but required", "fill it in")]
    able = [name for name, table in text.items() if schema.SUPERSEDED in table]
    if row["resource"] not in able:
        return [problem("resource", f"{row['resource']!r} is no table whose rows can be superseded",
                        f"choose from {', '.join(able)}")]
    table = joined[row["resource"]].copy()
    key = table.columns[0]
    places = table.index[(table[key] == row["key"]).fillna(False)]
    if places.empty:
        near = difflib.get_close_matches(row["key"], table[key].dropna().tolist(), 1)
        return [problem("key", f"{row['key']!r} is not in {row['resource']}.csv",
                        f"did you mean {near[0]}?" if near else "correct the key")]
    if pd.notna(gone := table.at[places[0], schema.SUPERSEDED]):
        return [problem("key", f"{row['key']} no longer counts since {gone}", "remove the line")]
    if places[0] >= len(text[row["resource"]]):
        return [problem("key", f"{row['key']} is itself a new row", "remove the row or the line")]
    table.at[places[0], schema.SUPERSEDED] = edition
    joined[row["resource"]] = table
    return []


def _supersedes() -> schema.Resource:
    fields = tuple(schema.Field(name, "string", "", "", "", {}) for name in SUPERSEDES_FIELDS)
    return schema.Resource("supersedes", SUPERSEDES, "", "", fields, ("key",), ())


def _among(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Which rows stand, cell for cell, in another table."""
    there = set(known.fillna("").itertuples(index=False, name=None))
    cells = rows[known.columns].fillna("").itertuples(index=False, name=None)
    return pd.Series([row in there for row in cells], index=rows.index, dtype=bool)


def _open(resources: Mapping[str, schema.Resource]) -> list[str]:
    """Files of the tables that new rows may extend."""
    return [resource.path for resource in resources.values() if resource.update]


def _unknown(path: Path, files: Mapping[str, str]) -> Problem:
    if path.name in files:
        return Problem(path.name, 0, "", "", "table not extended",
                       "this table is not extended by new studies", "remove the file")
    near = difflib.get_close_matches(path.name, [*files, SUPERSEDES], 1)
    return Problem(path.name, 0, "", "", "unknown table", "no table of the dataset has this name",
                   f"rename it to {near[0]}" if near else "remove it")
