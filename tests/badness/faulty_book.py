"""The tables of a dataset or of a folder of new rows, as rows of text that can be spoilt."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from review.dataset.schema import Field, Resource, read_schema
from review.update.spreadsheet import LATER

Place = tuple[str, int, str]  # table, number of the row (the header is 0), column; "" for none


@dataclass
class Book:
    """tables: by name, the header and the rows, as text. keys: of the dataset beside them, by
    table. new: it is a folder of new rows, whose columns of editions stay empty."""

    resources: Mapping[str, Resource]
    tables: dict[str, list[list[str]]]
    new: bool = False
    keys: Mapping[str, list[str]] = field(default_factory=dict)
    # what is done to the bytes of a file after its rows were written
    bytes_of: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)

    def copy(self) -> Book:
        return Book(self.resources, {name: [list(row) for row in rows]
                                     for name, rows in self.tables.items()}, self.new, self.keys)

    def column(self, table: str, name: str) -> int:
        return self.tables[table][0].index(name)

    def cell(self, place: Place) -> str:
        return self.tables[place[0]][place[1]][self.column(place[0], place[2])]

    def put(self, place: Place, cell: str) -> None:
        self.tables[place[0]][place[1]][self.column(place[0], place[2])] = cell

    def line(self, table: str, row: int) -> int:
        """Line of a row as an editor shows it, where rows before it hold line breaks."""
        return 1 + row + sum(cell.count("\n") for above in self.tables[table][:row]
                             for cell in above)

    def content(self, table: str) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.tables[table])
        change = self.bytes_of.get(table, lambda content: content)
        return change(text.getvalue().encode("utf-8"))

    @cached_property
    def fields(self) -> list[tuple[str, Field]]:
        """Columns that a person fills in, of tables that have rows."""
        return [(name, one) for name, rows in self.tables.items() if len(rows) > 1
                for one in self.resources[name].fields
                if one.name in rows[0] and not (self.new and one.name in LATER)]


def read(folder: Path, data: Path, new: bool = False) -> Book:
    """The tables of a folder, with the keys of the dataset in `data`."""
    resources = read_schema(data)

    def rows(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    tables = {name: rows(folder / one.path) for name, one in resources.items()
              if (folder / one.path).is_file()}
    keys = {name: [row[0] for row in rows(data / one.path)[1:]] for name, one in resources.items()}
    return Book(resources, tables, new, keys)
