"""New rows from a folder, joined to the dataset as rows of a later edition."""

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
from review.update.intake import KINDS, SUPERSEDES, SUPERSEDES_FILE, NewRows, read_folder

# the table that keeps why a row counts no more
SUPERSESSIONS = "supersessions"
# what a pretended edition has of its own or takes over from the newest
STATED = ["edition_id", "position", "name", "type", "search_to", "status", "citation", "source_id",
          "locator"]


def add(text: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame],
        edition: str) -> dict[str, pd.DataFrame]:
    """The dataset's tables as text with the rows of a folder after them, as rows of `edition`.

    Added rows get the edition; rows named in supersedes count until then, and why stands in the
    table supersessions, where the dataset has one. Nothing given is changed. Raises DataError when
    supersedes names a row that is not there or no longer counts, when a row claims another edition,
    or when a correction corrects nothing.
    """
    files = new.files if isinstance(new, NewRows) else {}
    problems = []
    joined = dict(text)
    for name, rows in new.items():
        if name == SUPERSEDES:
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
                    files.get(name, f"{name}.csv"), schema.line(index), column,
                    str(new[name].at[index, column]), "edition of a new row",
                    "the cell is filled in when the update is accepted", "leave it empty"))
        if name == "sources":
            rows = _added(rows, text[name])
        joined[name] = pd.concat([text[name], rows], ignore_index=True)
    lines = new.get(SUPERSEDES, pd.DataFrame())
    file = files.get(SUPERSEDES, SUPERSEDES_FILE)
    for index, row in lines.iterrows():
        problems += [replace(p, file=file) for p in _supersede(joined, text, row, index, edition)]
    if not problems:
        problems += [replace(p, file=file) for p in _without_correction(lines, text, new)]
    if problems:
        raise DataError(problems)
    if SUPERSESSIONS in text and len(lines):
        joined[SUPERSESSIONS] = pd.concat(
            [joined[SUPERSESSIONS], _kept(lines, edition)], ignore_index=True)
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
                for p in schema.breaches(resources[name], joined[name], len(text[name]))]
    problems += breaches.dangling(resources, joined)
    if problems:
        raise DataError(place(p, text, new, resources) for p in problems)
    changed = {name: schema.typed(resources[name], table) for name, table in joined.items()
               if table is not text[name]}
    return {**read_all(data), **changed}


def pretend(editions: pd.DataFrame, edition: str = CANDIDATE,
            search: pd.DataFrame | None = None) -> pd.DataFrame:
    """The editions with one more after the newest: an update whose own details are not known.

    search: new rows of the searches; the day to which they run is the update's until it is
    accepted with one, where it is later than the newest edition's.
    """
    position = pd.to_numeric(editions["position"])
    last = editions.loc[[position.idxmax()]].copy()
    last["edition_id"], last["position"] = edition, str(int(position.max()) + 1)
    last["name"], last["type"] = "Candidate", "update"
    for column in editions.columns.difference(STATED):
        last[column] = pd.NA
    if search is not None and "to_date" in search:
        # days are written so that their text sorts
        last["search_to"] = max([*last["search_to"].dropna(), *search["to_date"].dropna()],
                                default=pd.NA)
    before = editions.copy()
    before.loc[(before["status"] == "current").fillna(False), "status"] = "superseded"
    last["status"] = "current"
    return pd.concat([before, last], ignore_index=True).astype("string")


def place(problem: Problem, text: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame],
          resources: Mapping[str, schema.Resource]) -> Problem:
    """A problem of joined tables, at the row of the folder's own file where it is there."""
    files = new.files if isinstance(new, NewRows) else {}
    for name, rows in new.items():
        if name in resources and resources[name].path == problem.file:
            behind = problem.row - 2 - len(text[name])
            rows = _added(rows, text[name]) if name == "sources" else rows
            if 0 <= behind < len(rows):
                return replace(problem, file=files.get(name, problem.file),
                               row=schema.line(rows.index[behind]))
    return problem


def _supersede(joined: dict[str, pd.DataFrame], text: Mapping[str, pd.DataFrame], row: pd.Series,
               index: int, edition: str) -> list[Problem]:
    """Marks the row that a line of supersedes names; or what is wrong with the line."""

    def problem(field: str, message: str, remedy: str) -> Problem:
        cell = row.get(field)
        return Problem(SUPERSEDES_FILE, schema.line(index), field,
                       "" if pd.isna(cell) else str(cell), "superseded row", message, remedy)

    for field in ("resource", "key", "reason"):
        if pd.isna(row[field]):
            return [Problem(SUPERSEDES_FILE, schema.line(index), field, "", "required",
                            "the cell is empty but required", "fill it in")]
    kind = row.get("kind")
    if pd.notna(kind) and kind not in KINDS:
        return [problem("kind", f"{kind!r} is not an allowed word",
                        f"allowed are {', '.join(KINDS)}")]
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
        if gone == edition:
            return [problem("key", f"{row['key']} is taken out by another line of this update",
                            "a row leaves once: of two corrections keep one; where one folder "
                            "corrects a row and another retracts its study, leave the folder with "
                            "the correction out")]
        return [problem("key", f"{row['key']} no longer counts since {gone}", "remove the line")]
    known = len(text[row["resource"]])
    if places[0] >= known:
        return [problem("key", f"{row['key']} is itself a new row", "remove the row or the line")]
    if pd.notna(then := row.get("successor")) and then not in set(table[key].iloc[known:]):
        return [problem("successor", f"{then!r} is no new row of {row['resource']}",
                        "correct the key, or empty the cell where no row takes its place")]
    table.at[places[0], schema.SUPERSEDED] = edition
    joined[row["resource"]] = table
    return []


def _without_correction(lines: pd.DataFrame, text: Mapping[str, pd.DataFrame],
                        new: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """A prepared correction in which no cell was corrected yet."""
    if lines.empty or "successor" not in lines:
        return []
    lines = lines[lines["successor"].notna() & (lines["kind"] == "correction").fillna(False)]
    for line in lines.itertuples():
        old, rows = text[line.resource], new[line.resource]
        key = old.columns[0]
        before = old[old[key] == line.key].iloc[0]
        after = rows[rows[key] == line.successor].iloc[0]
        own = [name for name in old.columns if not name.endswith("_id")
               and name not in spreadsheet.LATER]
        if not before[own].fillna("").equals(after[own].fillna("")):
            return []
    return [Problem(SUPERSEDES_FILE, schema.line(index), "successor", str(line["successor"]),
                    "nothing corrected", f"{line['successor']} says what {line['key']} says",
                    f"write what is right into the row of {line['resource']}, or remove both")
            for index, line in lines.head(1).iterrows()]


def _kept(lines: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Lines of supersedes as rows of the table supersessions."""
    return pd.DataFrame({
        "table": lines["resource"], "key": lines["key"], "edition_id": edition,
        "kind": lines["kind"].fillna(KINDS[0]), "successor": lines["successor"],
        "reason": lines["reason"]}, dtype="string")


def _added(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Sources that do not stand, cell for cell, in the table already: several folders may bring
    the same document."""
    there = set(known.fillna("").itertuples(index=False, name=None))
    cells = rows[known.columns].fillna("").itertuples(index=False, name=None)
    return rows[[row not in there for row in cells]]
