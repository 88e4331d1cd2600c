"""A dry run of new rows: what validation says of them, and what would change. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from review.audit.displays import NAMES, builder, labels
from review.audit.displays import rows as rows_of
from review.contents import Contents, project_contents
from review.dataset.load import CURRENT, Review, data_folder, read_all, select
from review.dataset.problems import Problem
from review.dataset.views import as_records
from review.update import merge
from review.update.changes import Changes, changes
from review.update.validate_folder import examined
from review.wording import listed

# a row that only moved down a place has not changed
PLACES = {"position", "place", "study_position", "table_position"}
Record = dict[str, Any]
COLUMNS = ["label", "old_rows", "new_rows", "came", "went", "studies"]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What folders of new rows would do to an edition.

    folder: their names. edition: name of the edition that it is tried on. problems: what validation
    says of their rows; an error would stop their acceptance. changes: rows, quantities and
    conclusions, or None where the rows make no edition. displays: figures and tables whose
    rows would differ (COLUMNS), with the studies in the rows that come or go. own: how many rows of
    the edition's own search and flow of records there are, by table; a dry run shows none of them.
    """

    folder: str
    edition: str
    problems: list[Problem]
    changes: Changes | None
    displays: pd.DataFrame
    own: Mapping[str, int] = field(default_factory=dict)

    @property
    def acceptable(self) -> bool:
        """Whether validation has no error."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "folder": self.folder, "edition": self.edition, "acceptable": self.acceptable,
            "problems": [problem.as_dict() for problem in self.problems],
            "changes": self.changes and self.changes.as_dict(),
            "displays": self.displays.to_dict("records"), "own": dict(self.own),
        }

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)


def what_if(*folders: Path | str, data: Path | str | None = None, edition: str | None = None,
            contents: Contents | None = None) -> WhatIf:
    """The dataset with the rows of folders added as one update, against the dataset as it is.

    folders: in the form of `review new-study`. edition: the one to try them on, default the newest.
    Raises DataError where the dataset itself cannot be read or has no such edition.
    """
    data, contents = data_folder(data), contents or project_contents()
    base = select(read_all(data), edition or CURRENT, data, contents)
    problems, tables = examined([Path(folder) for folder in folders], data, contents)
    name = listed([Path(folder).name for folder in folders])
    if tables is None:
        return WhatIf(name, base.edition["name"], problems, None, pd.DataFrame(columns=COLUMNS))
    tried = _as_part_of(tables, base, name)
    own = {table: int((tables[table]["edition_id"] == merge.CANDIDATE).sum())
           for table in ("search", "flow")}
    return WhatIf(name, base.edition["name"], problems, changes(base, tried),
                  displays(base, tried), {table: n for table, n in own.items() if n})


def tried_on(folder: Path, base: Review) -> Review:
    """The edition with the rows of a folder in it; DataError where they cannot be read as data."""
    return _as_part_of(merge.dataset_with(folder, base.data), base, folder.name)


def _as_part_of(tables: Mapping[str, pd.DataFrame], base: Review, name: str) -> Review:
    """The edition with the candidate rows in it.

    What only an edition has (search, flow of records) stays its own: a dry run has none.
    """
    known = tables["editions"]
    until = known[(known["position"] <= base.edition["position"])
                  | (known["edition_id"] == merge.CANDIDATE)]
    tried = select({**tables, "editions": until}, merge.CANDIDATE, base.data, base.contents)
    edition = base.edition.copy()
    edition["name"], edition["type"] = f"{edition['name']} with {name}", "update"
    return replace(tried.with_tables(editions=base.editions), edition=edition)


def displays(old: Review, new: Review) -> pd.DataFrame:
    """Figures and tables whose rows differ, with how many come and go and whose they are."""
    differing = []
    for label in labels(new.contents):
        if builder(new.contents, label).of_edition:
            continue  # it shows an edition and its search, which a dry run has not
        before, after = as_records(rows_of(label, old)), as_records(rows_of(label, new))
        was, now = list(map(_cells, before)), list(map(_cells, after))
        came = _without(after, now, set(was))
        went = _without(before, was, set(now))
        if came or went:
            studies = dict.fromkeys(filter(None, map(_name, [*came, *went])))
            differing.append((label, len(before), len(after), len(came), len(went),
                              listed(list(studies))))
    return pd.DataFrame(differing, columns=COLUMNS)


def _name(row: Record) -> str | None:
    """What names a row: its study, or its report where the table leaves the study blank."""
    return next((str(row[column]) for column in NAMES if row.get(column)), None)


def _cells(row: Record) -> tuple[Any, ...]:
    """What a row says, wherever it stands."""
    return tuple("" if cell is None else cell for column, cell in row.items()
                 if column not in PLACES)


def _without(rows: list[Record], said: list[tuple[Any, ...]], known: set[tuple[Any, ...]],
             ) -> list[Record]:
    return [row for row, cells in zip(rows, said, strict=True) if cells not in known]


