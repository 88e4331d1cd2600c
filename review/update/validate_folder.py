"""What is wrong with a folder of new rows, checked as an addition to the dataset."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from review.checks.validate import check
from review.contents import Contents, project_contents
from review.dataset import bibliography, schema
from review.dataset.load import data_folder, read_text
from review.dataset.paths import already_checked, digest
from review.dataset.problems import DataError, Problem
from review.update import intake, merge


def validate_folder(folder: Path | str, data: Path | str | None = None,
                    contents: Contents | None = None) -> list[Problem]:
    """What is wrong with a folder of new rows, checked as an addition to the dataset.

    Files and rows are those of the folder. Problems the dataset has without it are left out; those
    it gets elsewhere through the new rows are not.
    """
    dataset, contents = data_folder(data), contents or project_contents()
    try:
        new = intake.read_folder(Path(folder), dataset)
    except DataError as error:
        return error.problems
    resources = schema.read_schema(dataset)
    text = read_text(dataset, resources)
    try:
        joined = merge.add(text, new, merge.CANDIDATE)
    except DataError as error:
        return sorted([*error.problems, *new.warnings])
    joined["editions"] = merge.pretend(text["editions"])
    entries, citations = bibliography.new_entries([Path(folder)], bibliography.of(dataset))
    problems = check(contents, resources, joined, dataset, frozenset(entries))
    known = _standing(contents, dataset, digest(dataset))
    moved = [merge.place(problem, text, new, resources) for problem in problems
             if problem not in known and problem.file != resources["editions"].path]
    return sorted([*moved, *citations, *new.warnings])


@lru_cache(maxsize=4)
def _standing(contents: Contents, data: Path, bytes_of_data: str) -> frozenset[Problem]:
    """What is wrong with a dataset as it stands; `bytes_of_data` tells one state from another."""
    resources = schema.read_schema(data)
    return frozenset(check(contents, resources, read_text(data, resources), data,
                           checked=already_checked(data)))
