"""What rules say of a dataset that differs from another in a few tables, in a fraction of the time.

A rule is a function of what it reads. Where none of the tables that it reads has changed, it says
what it said before, and is not asked again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from review.checks import validate
from review.checks.rule import Dataset, Rule
from review.dataset import schema
from review.dataset.problems import Problem


class Watched(Mapping):
    """Tables by name that note which of them are asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], asked: set[str]) -> None:
        self.tables, self.asked = tables, asked

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self.tables)
        return iter(self.tables)

    def __len__(self) -> int:
        self.asked.update(self.tables)
        return len(self.tables)


@dataclass(frozen=True)
class Clean:
    """A dataset, and for each rule what it says of it and the tables that it reads."""

    dataset: Dataset
    said: Mapping[Rule, frozenset[Problem]]
    read: Mapping[Rule, frozenset[str]]


def clean(dataset: Dataset) -> Clean:
    """Every rule asked about a dataset, each of one of its own, as a dataset keeps what was looked
    up in it."""
    said, read = {}, {}
    for rule in validate.rules(dataset.contents):
        asked: set[str] = set()
        watched = replace(dataset, text=Watched(dataset.text, asked),
                          tables=Watched(dataset.tables, asked))
        said[rule], read[rule] = frozenset(rule(watched)), frozenset(asked)
    return Clean(dataset, said, read)


def new_problems(clean: Clean, text: Mapping[str, pd.DataFrame]) -> set[Problem]:
    """The problems that a dataset has in other tables as text, and the clean one has not."""
    resources = clean.dataset.resources
    changed = {name for name in text if text[name] is not clean.dataset.text[name]}
    typed = {name: schema.typed(resources[name], text[name]) for name in changed}
    dataset = replace(clean.dataset, text=text, tables={**clean.dataset.tables, **typed})
    known = set().union(*clean.said.values())
    return {problem for rule, tables in clean.read.items() if tables & changed
            for problem in rule(dataset)} - known
