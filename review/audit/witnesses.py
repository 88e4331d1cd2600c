"""Everything that looks at rows, asked whether it notices that some cells were changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from review.audit import conclusions, registry, row_checks
from review.checks import validate
from review.checks.rule import Dataset, Rule
from review.dataset import schema
from review.dataset.load import Review, read_text
from review.dataset.problems import ReviewError


@dataclass(frozen=True)
class Cell:
    """A cell of the dataset and what is written into it. row: as in "outcomes/smith-2023-os"."""

    table: str
    row: str
    field: str
    value: str
    slipped: str


@dataclass(frozen=True, eq=False)
class World:
    """The dataset as rules see it, and the published edition as claims see it."""

    dataset: Dataset
    review: Review


Witness = Callable[[World], Hashable]


class Watched(Mapping[str, pd.DataFrame]):
    """Tables that note which of them were asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]):
        self.tables = tables
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


class Bench:
    """The witnesses of a published edition, with what each says of the rows as they are.

    A witness is asked about a table only if it looked at it: all are functions of the rows.
    """

    def __init__(self, r: Review):
        self.resources = schema.read_schema(r.data)
        text = read_text(r.data, self.resources)
        seen = validate.dataset(r.contents, self.resources, text, r.data)
        # the digests notice every change and say nothing of what is right
        self.world = World(replace(seen, digests={}), r)
        self.witnesses: dict[str, Witness] = dict(_witnesses(r))
        self.said: dict[str, Hashable] = {}
        self.looked: dict[str, set[str]] = {}
        for name, witness in self.witnesses.items():
            self.said[name], self.looked[name] = _watched(witness, self.world)

    def column(self, table: str, field: str) -> Iterator[tuple[str, str]]:
        """(row, cell as written) of the published edition's rows that are filled; what tells of a
        later edition (its line among the editions, its flow and searches) is none of them."""
        text, typed = self.world.dataset.text[table], self.world.dataset.tables[table]
        own = self.world.review.tables[table]
        if "edition_id" in own:
            own = own[~own["edition_id"].isin(self._later())]
        of_edition = set(own[schema.ROW])
        for row, cell in zip(typed[schema.ROW], text[field], strict=True):
            if row in of_edition and pd.notna(cell):
                yield str(row), str(cell)

    def _later(self) -> list[str]:
        """Keys of the editions after this one."""
        r = self.world.review
        return list(r.editions.loc[r.editions["position"] > r.edition["position"], "edition_id"])

    def noticed(self, cells: Sequence[Cell], names: Sequence[str] | None = None) -> str:
        """The first witness that says something else once the cells are changed, as "verdict AB-01"
        or "rule flow.stated"; empty where none does. All cells are of one table. names: the
        witnesses to ask, in this order; None asks all, in theirs."""
        table = cells[0].table
        try:
            changed, problem = self._changed(cells)
        except ValueError:
            return "schema type"
        if problem:
            return f"schema {problem}"
        for name in self.witnesses if names is None else names:
            if table in self.looked.get(name, ()) and (
                    _said(self.witnesses[name], changed) != self.said[name]):
                return name
        return ""

    def _changed(self, cells: Sequence[Cell]) -> tuple[World, str]:
        """The world with the cells changed, and which rule of the schema that breaks, if one."""
        table, old = cells[0].table, self.world
        text = old.dataset.text[table].copy()
        rows = old.dataset.tables[table][schema.ROW]
        for cell in cells:
            text.loc[(rows == cell.row).to_numpy(), cell.field] = cell.slipped
        resource = self.resources[table]
        if broken := schema.breaches(resource, text):
            return old, broken[0].rule
        typed = schema.typed(resource, text)
        mine = typed[schema.ROW].isin(old.review.tables[table][schema.ROW])
        edition = typed[mine].reset_index(drop=True)
        edition[schema.ROW] = old.review.tables[table][schema.ROW]
        return World(
            replace(old.dataset, text={**old.dataset.text, table: text},
                    tables={**old.dataset.tables, table: typed}),
            old.review.with_tables(**{table: edition})), ""


def _witnesses(r: Review) -> Iterator[tuple[str, Witness]]:
    for rule in validate.rules(r.contents):
        # modules have rules of one name, of which each is a witness
        yield f"rule {rule.__module__.rpartition('.')[2]}.{rule.__name__}", _rule(rule)
    for claim in r.claims["claim_id"]:
        yield f"verdict {claim}", _verdict(claim)
    for conclusion in conclusions.headlines(r.contents):
        yield f"conclusion {conclusion}", _conclusion(conclusion)
    for check in row_checks.register(r.contents):
        yield f"check {check}", _check(check)


def _rule(rule: Rule) -> Witness:
    def say(world: World) -> Hashable:
        return frozenset((p.file, p.row, p.field, p.rule) for p in rule(world.dataset))
    return say


def _verdict(claim: str) -> Witness:
    return lambda world: registry.entry(world.review, claim).status


def _conclusion(name: str) -> Witness:
    return lambda world: conclusions.conclude(name, world.review).truth


def _check(name: str) -> Witness:
    return lambda world: frozenset(find.rows for find in row_checks.finds(world.review, name))


def _said(witness: Witness, world: World) -> Hashable:
    """What a witness says; what it cannot read it refuses, which is said too."""
    try:
        return witness(world)
    except ReviewError as refused:
        return f"refused: {type(refused).__name__}"


def _watched(witness: Witness, world: World) -> tuple[Hashable, set[str]]:
    """What a witness says, and at which tables it looked, on copies that hold nothing computed."""
    text, tables = Watched(world.dataset.text), Watched(world.dataset.tables)
    own = Watched(world.review.tables)
    said = _said(witness, World(replace(world.dataset, text=text, tables=tables),
                                replace(world.review, tables=own)))
    return said, text.asked | tables.asked | own.asked
