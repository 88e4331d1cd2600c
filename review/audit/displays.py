"""Figures and tables of an article: what a builder returns, and how one is found by its label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

import pandas as pd

from review.contents import Contents
from review.dataset.load import Review
from review.dataset.problems import ReviewError

FIGURE, TABLE = "fig-", "tbl-"
# what names a row, by the first of these that it has
NAMES = ("study", "publication", "label", "name", "criterion", "abbreviation")


class UnknownLabel(ReviewError):
    """There is no figure or table with this label; the message lists those that are there."""


@dataclass(frozen=True)
class Display:
    """A figure or table as made, with the rows behind it.

    label: cross-reference label and stem of the CSV (fig-survival, tbl-studies). artist: the
    matplotlib Figure or great_tables GT. rows: exactly what was drawn, one row a mark or table
    line, with source_id and locator; the same rows are printed for nbval, offered as a CSV and
    tested. alt: text alternative made from the rows. sources: source_ids in order of appearance.
    """

    label: str
    artist: Any
    rows: pd.DataFrame
    alt: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of the rows, each once."""
        return tuple(dict.fromkeys(self.rows["source_id"].dropna())) \
            if "source_id" in self.rows else ()


@dataclass(frozen=True)
class Figure:
    """How a figure is made. Calling it with a review builds the figure.

    label: cross-reference label (fig-survival). title: what it shows, in a few words.
    rows: from a review to the rows, one a mark. draw: from the rows alone to the drawing, so that
    nothing can be drawn that is not in the rows. describe: from the rows to the text alternative.
    columns: what a list of the rows says of each, with the words before it; the rest repeats these
    or belongs to the drawing. of_edition: it shows the edition and its search, not its evidence.
    finding: from the rows to what they show, in a sentence or two. narrow: from the rows to HTML
    that shows the same on a phone. placed: from the rows to those that are drawn, where some
    have no place in the drawing.
    """

    label: str
    title: str
    rows: Callable[[Review], pd.DataFrame]
    draw: Callable[[pd.DataFrame], Any]
    describe: Callable[[pd.DataFrame], str]
    columns: Mapping[str, str] = field(default_factory=dict)
    of_edition: bool = False
    finding: Callable[[pd.DataFrame], str] | None = None
    narrow: Callable[[pd.DataFrame], str] | None = None
    placed: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def __call__(self, r: Review) -> Display:
        return self.drawn(self.rows(r), r)

    def drawn(self, rows: pd.DataFrame, r: Review) -> Display:
        """The figure of these rows."""
        artist, alt = self.draw(rows), self.describe(rows)
        artist.description = alt  # a drawing may tell it to those who do not see it
        return Display(self.label, artist, rows, alt)


@dataclass(frozen=True)
class Table:
    """How a table is made. Calling it with a review builds the table.

    label, title, rows, of_edition: as of a figure. draw: from the rows and their review, which has
    the notes and links beside them, to the table. columns: as of a figure, where the columns need a
    choice or words; empty names them all. Words that are one space join a cell to the one before.
    """

    label: str
    title: str
    rows: Callable[[Review], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Review], Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    of_edition: bool = False

    def __call__(self, r: Review) -> Display:
        return self.drawn(self.rows(r), r)

    def drawn(self, rows: pd.DataFrame, r: Review) -> Display:
        """The table of these rows."""
        return Display(self.label, self.draw(rows, r), rows)


Builder = Figure | Table


def labels(contents: Contents) -> list[str]:
    """Labels of every figure and table of the report, figures first."""
    return [*contents.figures, *contents.tables]


def code(contents: Contents, label: str) -> tuple[str, str]:
    """Module (as a path of the project) and name of the builder of a figure or table."""
    module = contents.figures.get(label) or contents.tables[label]
    name = label.removeprefix(FIGURE).removeprefix(TABLE).replace("-", "_")
    return f"{module.replace('.', '/')}.py", name


def builder(contents: Contents, label: str) -> Builder:
    """How the figure or table called `label` is made; UnknownLabel for one that is not there."""
    module = contents.figures.get(label) or contents.tables.get(label)
    if module is None:
        known = ", ".join(sorted(labels(contents)))
        raise UnknownLabel(f"there is no figure or table {label!r}; there are {known}")
    made: Builder = getattr(import_module(module), code(contents, label)[1])
    return made


@lru_cache(maxsize=64)
def build(label: str, r: Review) -> Display:
    """The figure or table called `label`, made once for a review."""
    return builder(r.contents, label).drawn(rows(label, r), r)


@lru_cache(maxsize=128)  # a review is compared by identity; callers read, never write
def rows(label: str, r: Review) -> pd.DataFrame:
    """The rows behind a figure or table, without drawing it."""
    return builder(r.contents, label).rows(r)
