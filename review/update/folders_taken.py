"""Folders of new rows taken one after the other, as one update."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from review.dataset import bibliography, schema
from review.dataset.problems import DataError, Problem
from review.update import intake, merge


@dataclass(frozen=True)
class Taken:
    """A folder's rows with the tables before and after them. label: what stands before the names of
    its files where several folders are taken."""

    label: str
    before: Mapping[str, pd.DataFrame]
    rows: intake.NewRows
    after: dict[str, pd.DataFrame]


def take(folders: Sequence[Path], data: Path, text: Mapping[str, pd.DataFrame],
         edition: str) -> list[Taken]:
    """The folders one after the other, as rows of `edition` after the dataset's tables as text;
    DataError with what is wrong with any of them."""
    taken: list[Taken] = []
    places = [folder.resolve() for folder in folders]
    problems = [Problem(folder.name, 0, "", "", "folder twice", "the folder is named twice",
                        "name it once") for n, folder in enumerate(folders)
                if places.index(places[n]) < n]
    if problems:
        raise DataError(problems)
    for folder in folders:
        label = f"{folder.name}/" if len(folders) > 1 else ""
        before = taken[-1].after if taken else text
        noted: tuple[Problem, ...] = ()
        try:
            rows = intake.read_folder(folder, data)
            noted = rows.warnings
            taken.append(Taken(label, before, rows, merge.add(before, rows, edition)))
        except DataError as error:
            problems += [replace(p, file=label + p.file) for p in [*error.problems, *noted]]
    if problems:
        raise DataError(sorted(problems))
    return taken


def warnings(taken: Sequence[Taken]) -> list[Problem]:
    """What was noticed while the folders were read."""
    return [replace(p, file=one.label + p.file) for one in taken for p in one.rows.warnings]


def place(problem: Problem, taken: Sequence[Taken],
          resources: Mapping[str, schema.Resource]) -> Problem:
    """A problem of joined tables at the row of the folder's file that brought it, if one did."""
    for one in taken:
        placed = merge.place(problem, one.before, one.rows, resources)
        if placed is not problem:
            return replace(placed, file=one.label + placed.file)
    return problem


def citations(taken: Sequence[Taken], folders: Sequence[Path], main: Path) -> list[Problem]:
    """Reports whose year or DOI is another one than that of their citation; a report without a
    year or DOI, or with a citation without, contradicts nothing."""
    known = bibliography.entries(main)[0] if main.exists() else {}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in (".bib", ".ris") and path.is_file() \
                    and not path.name.startswith((".", "~")):
                known = {**bibliography.entries(path)[0], **known}
    problems = []
    for one in taken:
        rows = one.rows.get("reports", pd.DataFrame())
        file = one.label + one.rows.files.get("reports", "reports.csv")
        for index, row in rows.iterrows():
            entry = known.get(str(row.get("citekey")))
            if entry is None:
                continue
            found = re.search(r"\d{4}", entry.fields.get("year") or entry.fields.get("date", ""))
            told = {"year": found[0] if found else "", "doi": entry.doi}
            for field, cited in told.items():
                cell = row.get(field)
                if cited and pd.notna(cell) and str(cell).lower() != cited:
                    problems.append(Problem(
                        file, schema.line(index), field, str(cell), "another than its citation",
                        f"{field} {cell} is given and {entry.key} in {entry.file} has {cited}",
                        "correct the one that is not as in the source", "warning"))
    return problems
