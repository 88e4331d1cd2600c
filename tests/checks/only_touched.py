"""What rules say of a dataset that differs from another in a few tables, in a fraction of the time.

A rule is a function of what it reads. Where none of the tables that it reads has changed, it says
what it said before, and is not asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from review.audit.witnesses import Watched
from review.checks import validate
from review.checks.rule import Dataset, Rule
from review.dataset import schema
from review.dataset.problems import Problem


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
        text, tables = Watched(dataset.text), Watched(dataset.tables)
        said[rule] = frozenset(rule(replace(dataset, text=text, tables=tables)))
        read[rule] = frozenset(text.asked | tables.asked)
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
