"""The dataset: the only place that reads its CSV files.

`load` gives one edition as typed, checked pandas frames; `read_all` the rows of every edition.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from review.contents import Contents, project_contents
from review.dataset import breaches, optional, places, schema, successors
from review.dataset import tables as csv_tables
from review.dataset.paths import (
    CURRENT,
    PUBLISHED,
    ROOT,
    already_checked,
    data_folder,
    digest,
    edition_key,
    remember_checked,
)
from review.dataset.problems import DataError

__all__ = ["CURRENT", "PUBLISHED", "ROOT", "Review", "before", "data_folder", "find_edition",
           "load", "read_all", "read_anew", "read_text", "select"]


@dataclass(frozen=True, eq=False)
class Review:
    """One edition of the review: a typed frame per resource of data/datapackage.json, by its name
    as an attribute (r.studies, r.outcomes); empty ones for those it may do without.

    Numbers are Float64 or Int64 with <NA> where there is none; what stands there instead (not
    reached, not estimable, not reported, not transcribed) is in the row's `status`. The last column
    of each frame, ROW, names the row in the whole dataset ("outcomes/smith-2023-os"). `edition`
    is the row of editions.csv as a Series, `data` the folder the rows were read from, `contents`
    the article's claims, figures and words.
    """

    edition: pd.Series
    data: Path
    contents: Contents
    tables: Mapping[str, pd.DataFrame]

    def __getattr__(self, name: str) -> pd.DataFrame:
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(f"the dataset has no table {name!r}") from None

    def with_tables(self, **tables: pd.DataFrame) -> Review:
        """The same edition with other rows in some tables."""
        return replace(self, tables={**self.tables, **tables})

    @property
    def name(self) -> str:
        """Key of the edition."""
        return str(self.edition["edition_id"])

    @property
    def previous(self) -> pd.Series | None:
        """The edition before this one, or None for the first."""
        earlier = self.editions[self.editions["position"] < self.edition["position"]]
        return None if earlier.empty else earlier.sort_values("position").iloc[-1]


def load(edition: str | None = None, data: Path | str | None = None,
         contents: Contents | None = None) -> Review:
    """One edition, checked against the schema.

    edition: a key of editions.csv or "current" (the newest); None reads REVIEW_EDITION, else
    current. data: folder of the dataset; None reads REVIEW_DATA, else the project's own. contents:
    the article's; None takes the project's. Raises DataError with every breach of the schema, file
    and line.
    """
    folder = data_folder(data)
    name = edition or os.environ.get("REVIEW_EDITION") or CURRENT
    return _loaded(name, folder, digest(folder), contents or project_contents())


@lru_cache(maxsize=4)
def _loaded(name: str, folder: Path, bytes_of_data: str, contents: Contents) -> Review:
    """An edition, read once while the bytes of the dataset stay the same."""
    return select(read_all(folder), name, folder, contents)


def select(tables: Mapping[str, pd.DataFrame], edition: str, data: Path,
           contents: Contents) -> Review:
    """The rows that count in `edition`: added by then and not superseded by then, or told of an
    edition by then (its search, its flow, what it superseded). A corrected result stands where the
    article drew the one that it corrects, and what was said of a study is said of the row in its
    place."""
    chosen = find_edition(tables["editions"], edition)
    position = tables["editions"].set_index("edition_id")["position"]
    until = list(position.index[(position <= chosen["position"]).fillna(False)])
    kept = {}
    for name, table in successors.followed(tables, int(chosen["position"])).items():
        if name == "outcomes" and "figure" in table:
            table = places.carried(table, position)
        if schema.ADDED in table:
            counts = table[schema.ADDED].isin(until) & ~table[schema.SUPERSEDED].isin(until)
            table = (table if counts.all() else table[counts]).reset_index(drop=True)
            # a row that counts was superseded, if at all, by an edition that this one does not know
            table = table.assign(**{schema.SUPERSEDED: pd.array([pd.NA] * len(table), "string")})
        elif schema.OF_EDITION in table and name != "editions":
            # what an edition says of itself, those before it do not know; the list of editions is
            # of them all. The index stays, as it leads to the line in the file
            table = table[table[schema.OF_EDITION].isin(until)]
        kept[name] = table
    return Review(edition=chosen, data=data, contents=contents, tables=kept)


@lru_cache(maxsize=8)
def before(r: Review) -> Review | None:
    """The edition before this one; None where there is none that carries rows."""
    if r.previous is None or r.previous["type"] == "predecessor":
        return None
    return select(read_all(r.data), str(r.previous["edition_id"]), r.data, r.contents)


def find_edition(editions: pd.DataFrame, name: str) -> pd.Series:
    """The editions row called `name`; "current" is the newest that is no predecessor."""
    key = edition_key(editions.to_dict("records"), name)
    return editions[editions["edition_id"] == key].iloc[0]


def read_all(data: Path) -> dict[str, pd.DataFrame]:
    """Every row of every edition, typed; raises DataError when the schema is broken.

    The files are read once while their bytes stay the same, so the frames are shared: callers
    filter them and never write.
    """
    return dict(_read(data, digest(data)))


@lru_cache(maxsize=4)
def _read(data: Path, bytes_of_data: str) -> dict[str, pd.DataFrame]:
    return read_anew(data)


def read_anew(data: Path) -> dict[str, pd.DataFrame]:
    """`read_all` from the files themselves."""
    state = digest(data)
    resources = schema.read_schema(data)
    text = read_text(data, resources)
    if not already_checked(data, state):
        if problems := breaches.all_breaches(resources, text):
            raise DataError(problems)
        remember_checked(data, state)
    return optional.complete(
        {name: schema.typed(resources[name], text[name]) for name in resources})


def read_text(data: Path, resources: Mapping[str, schema.Resource]) -> dict[str, pd.DataFrame]:
    """Every table as text cells, <NA> where a cell is empty; DataError with every file and row
    that cannot be read."""
    text, problems = csv_tables.read(data, resources)
    if problems:
        raise DataError(problems)
    return text
