"""Everything that is wrong with a dataset, at once: the schema's breaches and the rules' findings.

Errors stop a render and an update; warnings are shown in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from . import bibliography, frozen, schema
from .data import TABLES, data_folder, read_text
from .folder import already_checked, digest, remember_checked
from .problems import DataError, Problem, errors
from .rules import RULES, Dataset


def validate(data: Path | str | None = None) -> list[Problem]:
    """Every problem of every edition of a dataset, by file and row; errors and warnings.

    data: folder of the dataset; None reads REVIEW_DATA, else the project's own. A file that is
    missing or unreadable is a problem like any other, not an exception.
    """
    folder = data_folder(data)
    try:
        resources = schema.read_schema(folder)
        text = read_text(folder, resources)
    except FileNotFoundError as error:
        return [Problem(Path(str(error.filename)).name, 0, "", "", "missing file",
                        "the file is missing", f"restore it in {folder}")]
    except DataError as error:
        return error.problems
    checked = already_checked(folder)
    problems = check(resources, text, folder, checked=checked)
    if not checked and not errors(problems):
        remember_checked(folder)
    return problems


def validate_folder(folder: Path | str, data: Path | str | None = None) -> list[Problem]:
    """What is wrong with a folder of new rows, checked as an addition to the dataset.

    Files and rows are those of the folder. Problems the dataset has without it are left out; those
    it gets elsewhere through the new rows are not.
    """
    from . import intake

    dataset = data_folder(data)
    try:
        new = intake.read_folder(Path(folder), dataset)
    except DataError as error:
        return error.problems
    resources = schema.read_schema(dataset)
    text = read_text(dataset, resources)
    joined = intake.add(text, new, intake.CANDIDATE)
    joined["editions"] = intake.pretend(text["editions"])
    extra = bibliography.keys(Path(folder) / bibliography.FILE) or frozenset()
    found = check(resources, joined, dataset, extra)
    known = _standing(dataset, digest(dataset))
    moved = [intake.place(problem, text, new, resources) for problem in found
             if problem not in known and problem.file != resources["editions"].path]
    return sorted(moved)


@lru_cache(maxsize=4)
def _standing(data: Path, bytes_of_data: str) -> frozenset[Problem]:
    """What is wrong with a dataset as it stands; `bytes_of_data` tells one state from another."""
    resources = schema.read_schema(data)
    return frozenset(check(resources, read_text(data, resources), data,
                           checked=already_checked(data)))


def check(resources: Mapping[str, schema.Resource], text: Mapping[str, pd.DataFrame],
          data: Path, more_citekeys: frozenset[str] = frozenset(),
          checked: bool = False) -> list[Problem]:
    """Problems of tables read as text. data: the folder whose frozen rows and bibliography count.
    checked: the tables are known to keep the schema, so that the rules alone remain.

    Rules see typed cells: a cell that breaks the schema is blanked for them, and nothing more is
    said of its row, because the first mistake would breed others.
    """
    problems = []
    if not checked:
        problems = [p for name in TABLES for p in schema.breaches(resources[name], text[name])]
        if any(p.rule in ("missing column", "unknown column") for p in problems):
            return sorted(problems)
        problems += schema.dangling(resources, text)
    clean, broken = _without(resources, text, problems)
    findings = look(dataset(resources, clean, data, more_citekeys))
    return sorted([*problems, *(p for p in findings if (p.file, p.row) not in broken)])


def dataset(resources: Mapping[str, schema.Resource], text: Mapping[str, pd.DataFrame],
            data: Path, more_citekeys: frozenset[str] = frozenset()) -> Dataset:
    """Tables that keep the schema, as rules see them."""
    known = bibliography.keys(bibliography.of(data))
    return Dataset(
        resources=resources,
        text=text,
        tables={name: schema.typed(resources[name], text[name]) for name in TABLES},
        citekeys=known if known is None else known | more_citekeys,
        digests=frozen.read(data),
    )


def look(d: Dataset) -> list[Problem]:
    """What every rule finds."""
    return [problem for rule in RULES for problem in rule(d)]


def _without(resources, text, problems) -> tuple[dict[str, pd.DataFrame], set[tuple[str, int]]]:
    """The tables with the cells that break the schema blanked, and the rows they stand in."""
    names = {resource.path: name for name, resource in resources.items()}
    clean = {name: table.copy() for name, table in text.items()}
    broken = set()
    for problem in problems:
        broken.add((problem.file, problem.row))
        table = clean[names[problem.file]]
        index = problem.row - 2
        if problem.field in table and index in table.index and problem.rule != "duplicate key":
            table.at[index, problem.field] = pd.NA
    return clean, broken
