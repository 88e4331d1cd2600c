"""What rules say of a dataset that differs from another in a few tables, in a fraction of the time.

A rule is a function of what it reads. Where none of the tables that it reads has changed, it says
what it said before, and is not asked again.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
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


def clean(dataset: Dataset, rules: Iterable[Rule] | None = None) -> Clean:
    """Every rule, or those given, asked about a dataset, each of one of its own, as a dataset keeps
    what was looked up in it."""
    said, read = {}, {}
    for rule in validate.rules(dataset.contents) if rules is None else rules:
        text, tables = Watched(dataset.text), Watched(dataset.tables)
        said[rule] = frozenset(rule(replace(dataset, text=text, tables=tables)))
        read[rule] = frozenset(text.asked | tables.asked)
    return Clean(dataset, said, read)


def new_problems(clean: Clean, text: Mapping[str, pd.DataFrame]) -> set[Problem]:
    """The problems that a dataset has in other tables as text, and the clean one has not."""
    return set(_new(clean, text))


def told(clean: Clean, text: Mapping[str, pd.DataFrame], field: str, name: str) -> Problem | None:
    """A new problem of a field by the name of its rule, None where there is none. The modules in
    which the name stands are asked first, as the others hardly tell it."""
    def elsewhere(rule: Rule) -> bool:
        return f'"{name}"' not in inspect.getsource(sys.modules[rule.__module__])

    return next((problem for problem in _new(clean, text, elsewhere)
                 if (problem.field, problem.rule) == (field, name)), None)


def _new(clean: Clean, text: Mapping[str, pd.DataFrame],
         last: Callable[[Rule], bool] = lambda rule: False) -> Iterator[Problem]:
    """New problems; those of rules for which `last` holds after those of the others."""
    resources = clean.dataset.resources
    changed = {name for name in text if text[name] is not clean.dataset.text[name]}
    typed = {name: schema.typed(resources[name], text[name]) for name in changed}
    dataset = replace(clean.dataset, text=text, tables={**clean.dataset.tables, **typed})
    known = set().union(*clean.said.values())
    asked = [rule for rule, tables in clean.read.items() if tables & changed]
    for rule in sorted(asked, key=last):
        yield from (problem for problem in rule(dataset) if problem not in known)
