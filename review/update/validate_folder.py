"""What is wrong with folders of new rows, checked as an addition to the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from review.checks.validate import addition
from review.contents import Contents, project_contents
from review.dataset import bibliography, schema
from review.dataset.load import data_folder, read_text
from review.dataset.problems import DataError, Problem
from review.update import folders_taken, merge


def validate_folder(folder: Path | str, data: Path | str | None = None,
                    contents: Contents | None = None) -> list[Problem]:
    """What is wrong with a folder of new rows, checked as an addition to the dataset.

    Files and rows are those of the folder. Problems the dataset has without it are left out; those
    it gets elsewhere through the new rows are not. DataError where the dataset itself cannot be
    read.
    """
    return examined([Path(folder)], data, contents)[0]


def examined(folders: Sequence[Path], data: Path | str | None = None,
             contents: Contents | None = None) -> tuple[list[Problem],
                                                        Mapping[str, pd.DataFrame] | None]:
    """What is wrong with folders of new rows taken together, as in `validate_folder`, and every
    table of the dataset with their rows as those of an update called "candidate"; None where they
    make no edition. The files of several folders are named after them."""
    dataset, contents = data_folder(data), contents or project_contents()
    resources = schema.read_schema(dataset)
    text = read_text(dataset, resources)
    try:
        taken = folders_taken.take(folders, dataset, text, merge.CANDIDATE)
    except DataError as error:
        return error.problems, None
    joined = taken[-1].after
    searches = [one.rows["search"] for one in taken if "search" in one.rows]
    joined["editions"] = merge.pretend(text["editions"],
                                       search=pd.concat(searches) if searches else None)
    brought = bibliography.new_entries(folders, bibliography.of(dataset))
    added = addition(contents, resources, text, joined, dataset, brought.keys)
    # the edition is pretended: what is wrong with its own row says nothing
    pretended = resources["editions"].path, schema.line(len(text["editions"]))
    problems = sorted([*(folders_taken.place(problem, taken, resources) for problem in added.new
                         if (problem.file, problem.row) != pretended),
                       *brought.problems, *folders_taken.warnings(taken),
                       *folders_taken.citations(taken, folders, bibliography.of(dataset))])
    return problems, added.dataset.tables if added.readable else None
