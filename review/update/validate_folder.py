"""What is wrong with a folder of new rows, checked as an addition to the dataset."""

from __future__ import annotations

from pathlib import Path

from review.checks.validate import addition
from review.contents import Contents, project_contents
from review.dataset import bibliography, schema
from review.dataset.load import data_folder, read_text
from review.dataset.problems import DataError, Problem
from review.update import merge


def validate_folder(folder: Path | str, data: Path | str | None = None,
                    contents: Contents | None = None) -> list[Problem]:
    """What is wrong with a folder of new rows, checked as an addition to the dataset.

    Files and rows are those of the folder. Problems the dataset has without it are left out; those
    it gets elsewhere through the new rows are not.
    """
    dataset, contents = data_folder(data), contents or project_contents()
    try:
        new = merge.read_folder(Path(folder), dataset)
    except DataError as error:
        return error.problems
    resources = schema.read_schema(dataset)
    text = read_text(dataset, resources)
    joined = merge.add(text, new, merge.CANDIDATE)
    joined["editions"] = merge.pretend(text["editions"])
    extra = bibliography.keys(Path(folder) / bibliography.FILE) or frozenset()
    problems, known, _ = addition(contents, resources, text, joined, dataset, extra)
    # the edition is pretended: what is wrong with its own row says nothing
    pretended = schema.line(len(text["editions"]))
    return sorted(merge.place(problem, text, new, resources) for problem in problems
                  if problem not in known
                  and (problem.file, problem.row) != (resources["editions"].path, pretended))
