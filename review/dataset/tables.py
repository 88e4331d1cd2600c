"""A table of the dataset from its CSV file: text cells, and every row that is not one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from review.dataset import files
from review.dataset.problems import DataError, Problem
from review.dataset.schema import Resource, line

SAVE = "save it as comma-separated UTF-8"


def read(data: Path, resources: Mapping[str, Resource]) -> tuple[dict[str, pd.DataFrame],
                                                                 list[Problem]]:
    """Every table as text cells, <NA> where a cell is empty, and what cannot be read.

    A row that has not one cell a column is told and left out, a file that cannot be read at all is
    told and has no table. Frames are indexed so that `schema.line` gives a row's line in its file.
    """
    tables, problems = {}, []
    for name, resource in resources.items():
        try:
            records = list(_records(resource.path, files.text(data / resource.path, SAVE)))
        except DataError as error:
            problems += error.problems
            continue
        table, wrong = _table(resource, records)
        problems += wrong
        if table is not None:
            tables[name] = table
    return tables, problems


def _records(name: str, content: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record, by the line it begins on; DataError where quotation marks do
    not match."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    began = 1
    try:
        for cells in reader:
            yield began, cells
            began = reader.line_num + 1
    except csv.Error as error:
        raise DataError([Problem(
            name, began, "", "", "unreadable", f"the row cannot be read: {error}",
            "look for a quotation mark that is opened and not closed")]) from None


def _table(resource: Resource, records: list[tuple[int, list[str]]]) -> tuple[
        pd.DataFrame | None, list[Problem]]:
    if not records or not any(records[0][1]):
        return None, [Problem(resource.path, 1, "", "", "no header",
                              "the file has no line with the names of its columns",
                              f"restore it; the columns are {', '.join(resource.names)}")]
    (_, header), *body = records
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        return None, [Problem(resource.path, 1, name, name, "repeated column",
                              f"column {name or '(without a name)'} stands more than once",
                              "keep one") for name in repeated]
    rows, index, problems = [], [], []
    for number, cells in body:
        if wrong := _shape(cells, header):
            problems.append(Problem(resource.path, number, "", "", *wrong))
        else:
            rows.append([cell or None for cell in cells])
            index.append(number - line(0))
    # records one a line, as almost always, leave the plain index that tables are joined by
    plain = index == list(range(len(index)))
    return pd.DataFrame(rows, columns=header, dtype="string",
                        index=None if plain else index), problems


def _shape(cells: list[str], header: list[str]) -> tuple[str, str, str] | None:
    """What is wrong with a record that is no row of the table: rule, message, remedy."""
    if not any(cells):
        return "empty row", "the row is empty", "remove the line"
    if len(cells) > len(header):
        return ("too many cells", f"the row has {len(cells)} cells under {len(header)} columns",
                "put a cell that has a comma into quotation marks, or remove what is too many")
    if len(cells) < len(header):
        return ("too few cells", f"the row has {len(cells)} cells under {len(header)} columns",
                f"add the missing cells, from {header[len(cells)]} on; empty ones need a comma too")
    return None
