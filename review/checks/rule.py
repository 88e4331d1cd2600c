"""What a rule sees, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from review.contents import Contents
from review.dataset.problems import Problem
from review.dataset.schema import ADDED, SUPERSEDED, Resource, line

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Every row of every edition, as written (`text`) and as typed (`tables`), by resource.

    Both have the same index, from which `schema.line` gives a row's line in its file. contents: the
    article's words and rules. citekeys: keys of references.bib, None where there is no such file.
    digests: of released rows as they were frozen, by edition, by "resource/key". today: the day of
    the check, which a search cannot be later than.
    """

    contents: Contents
    resources: Mapping[str, Resource]
    text: Mapping[str, pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]
    citekeys: frozenset[str] | None = None
    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    today: date = field(default_factory=date.today)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def lookup(self, name: str, key: str, column: str) -> pd.Series:
        """A column of a table by one of its keys; of rows with the same key the first counts."""
        if (name, key, column) not in self._lookups:
            table = self.tables[name][[key] if column == key else [key, column]]
            first = table[table[key].notna() & ~table[key].duplicated()]
            self._lookups[name, key, column] = first.set_index(key, drop=False)[column]
        return self._lookups[name, key, column]

    @cached_property
    def _lookups(self) -> dict[tuple[str, str, str], pd.Series]:
        """What was looked up: rules ask for the same again and again."""
        return {}

    @cached_property
    def published(self) -> str | None:
        """Key of the frozen edition, None where there is none."""
        keys = self["editions"].loc[self["editions"]["type"] == "published", "edition_id"]
        return None if keys.empty else keys.iloc[0]

    @cached_property
    def positions(self) -> pd.Series:
        """Place in the history by edition."""
        return self.lookup("editions", "edition_id", "position")

    def span(self, name: str) -> tuple[pd.Series, pd.Series]:
        """Of each row of a table, the place in the history at which it was added and that at which
        it was superseded; <NA> where it was not."""
        if name not in self._spans:
            rows = self.tables[name]
            self._spans[name] = (rows[ADDED].map(self.positions),
                                 rows[SUPERSEDED].map(self.positions))
        return self._spans[name]

    @cached_property
    def _spans(self) -> dict[str, tuple[pd.Series, pd.Series]]:
        return {}

    @cached_property
    def living(self) -> list[str]:
        """Tables whose rows carry the edition that added them and the one that superseded them."""
        return [name for name, resource in self.resources.items() if resource.living]

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Outcomes with the columns of their group that they lack, such as study_id and therapy."""
        rows, groups = self["outcomes"].copy(deep=False), self["arms"]
        for column in groups.columns.difference(rows.columns, sort=False):
            rows[column] = rows["arm_id"].map(self.lookup("arms", "arm_id", column))
        return rows

    def frozen(self, name: str) -> pd.Series:
        """Which rows of a table belong to the published edition."""
        return (self.tables[name][ADDED] == self.published).fillna(False)

    def lenient(self, name: str) -> pd.Series:
        """Severity by row for rules the article itself need not meet: what the published edition
        breaks is shown, what a later edition breaks is refused."""
        return self.frozen(name).map({True: WARNING, False: ERROR})


Rule = Callable[[Dataset], Iterator[Problem]]


def flag(d: Dataset, name: str, wrong: pd.Series, field: str, rule: str, message: str, remedy: str,
         severity: str | pd.Series = ERROR, **more: pd.Series) -> Iterator[Problem]:
    """A problem for each row of table `name` where `wrong` holds; <NA> counts as not wrong.

    message and remedy are templates: {column} stands for the cell as written, and for the values
    of `more`, given as columns of the same index. severity: one word, or one a row.
    """
    hits = wrong.to_numpy(dtype=bool, na_value=False)
    if not hits.any():  # a table that a review may do without has no text
        return
    resource, text = d.resources[name], d.text[name]
    for index in text.index[hits]:
        cells = _Cells(text, more, index)
        level = severity[index] if isinstance(severity, pd.Series) else severity
        value = cells[field] if field in text or field in more else ""
        yield Problem(resource.path, line(index), field, value, rule,
                      message.format_map(cells), remedy.format_map(cells), level)


class _Cells(dict[str, str]):
    """What a message may name of a row: its cells as written, "" for an empty one, and what else
    it is given. Each is looked up when it is asked for, as a message names few of many."""

    def __init__(self, text: pd.DataFrame, more: Mapping[str, pd.Series], index: int):
        super().__init__()
        self.text, self.more, self.index = text, more, index

    def __missing__(self, name: str) -> str:
        if name in self.more:
            return _plain(self.more[name][self.index])
        cell = self.text[name][self.index]
        return "" if pd.isna(cell) else str(cell)


def blank(cells: pd.Series) -> pd.Series:
    """Cells that are empty or hold nothing but spaces."""
    return cells.fillna("").str.strip() == ""


def _plain(value: Any) -> str:
    if pd.isna(value):
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)
