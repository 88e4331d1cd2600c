"""Everything that is wrong with a dataset, at once: the schema's breaches and the rules' findings.

Errors stop a render and an update; warnings are shown in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from review.checks import (
    characteristics,
    completeness,
    contradictions,
    dates,
    editions,
    extraction,
    flow,
    notations,
    outcomes,
    places,
    plausible,
    proportions,
    repetitions,
    reports,
    sources,
    supersessions,
)
from review.checks.rule import Dataset, Rule
from review.contents import Contents, project_contents
from review.dataset import bibliography, breaches, descriptor, freeze, optional, schema, tables
from review.dataset.load import data_folder, read_all
from review.dataset.paths import already_checked, digest, remember_checked
from review.dataset.problems import DataError, Problem, errors


def validate(data: Path | str | None = None,
             contents: Contents | None = None) -> list[Problem]:
    """Every problem of every edition of a dataset, by file and row; errors and warnings.

    data: folder of the dataset; None reads REVIEW_DATA, else the project's own. contents: the
    article's; None takes the project's. A file that is missing or unreadable is a problem like any
    other, not an exception.
    """
    folder = data_folder(data)
    state = digest(folder)
    try:
        resources = schema.read_schema(folder)
    except DataError as error:
        return error.problems
    text, unreadable = tables.read(folder, resources)
    if unreadable:
        # keys may lead to the rows that could not be read
        return sorted([*unreadable, *(p for name in text
                                      for p in schema.breaches(resources[name], text[name]))])
    checked = already_checked(folder, state)
    problems = check(contents or project_contents(), resources, text, folder, checked=checked)
    if not checked and not errors(problems):
        remember_checked(folder, state)
    return problems


def check(contents: Contents, resources: Mapping[str, schema.Resource],
          text: Mapping[str, pd.DataFrame], data: Path,
          checked: bool = False) -> list[Problem]:
    """Problems of tables read as text. data: the folder whose frozen rows and bibliography count.
    checked: the tables are known to keep the schema, so that the rules alone remain.

    Rules see typed cells: a cell that breaks the schema is blanked for them, or written in its
    right form where that is all that is wrong, and nothing more is said of its row, because the
    first mistake would breed others.
    """
    problems = [] if checked else breaches.all_breaches(resources, text)
    if any(p.rule in breaches.HEADER for p in problems):
        return sorted(problems)
    clean, broken = _without(resources, text, problems)
    try:
        seen = dataset(contents, resources, clean, data)
    except DataError as error:
        return sorted([*problems, *error.problems])
    return sorted([*problems, *bibliography.read(bibliography.of(data))[1],
                   *(p for p in look(seen) if (p.file, p.row) not in broken)])


def dataset(contents: Contents, resources: Mapping[str, schema.Resource],
            text: Mapping[str, pd.DataFrame], data: Path) -> Dataset:
    """Tables that keep the schema, as rules see them."""
    return Dataset(
        contents=contents,
        resources=resources,
        text=text,
        tables=optional.complete(
            {name: schema.typed(resources[name], text[name]) for name in resources}),
        citekeys=_citekeys(data),
        digests=freeze.read(data),
    )


def _citekeys(data: Path) -> frozenset[str] | None:
    return bibliography.read(bibliography.of(data))[0]


@dataclass(frozen=True, eq=False)
class Addition:
    """problems: every one. known: those among them that the dataset has without the rows. dataset:
    the tables as rules saw them. readable: they keep the schema, and each row rests on one that
    counts, so that an edition can be made of them."""

    problems: list[Problem]
    known: frozenset[Problem]
    dataset: Dataset
    readable: bool

    @property
    def new(self) -> list[Problem]:
        """The problems that come with the rows."""
        return [problem for problem in self.problems if problem not in self.known]


def addition(contents: Contents, resources: Mapping[str, schema.Resource],
             old: Mapping[str, pd.DataFrame], joined: Mapping[str, pd.DataFrame], data: Path,
             citekeys: frozenset[str] | None = None) -> Addition:
    """A dataset with rows after its own, and what is wrong with it.

    old, joined: every table as text, without and with the rows, which stand last. citekeys: those
    of the bibliography and of the citations that come with the rows, where known. The dataset
    itself has to keep its schema: DataError with where it does not.
    """
    before = Dataset(contents, resources, old, read_all(data), _citekeys(data), freeze.read(data))
    changed = {name for name in resources if joined[name] is not old[name]}
    problems = [p for name in changed
                for p in schema.breaches(resources[name], joined[name], len(old[name]))]
    problems += breaches.dangling(resources, joined)
    clean, broken = _without(resources, joined, problems)
    typed = {name: schema.typed(resources[name], clean[name]) for name in changed}
    after = Dataset(contents, resources, clean, {**before.tables, **typed},
                    citekeys, before.digests)
    first = {resources[name].path: schema.line(len(old[name])) for name in resources}
    known: set[Problem] = set()
    for rule in rules(contents):
        found = _applied(rule, after)
        if any(0 < p.row < first.get(p.file, 0) for p in found):
            # of a row that was there before: it may have been wrong before
            known.update(_applied(rule, before))
        problems += (p for p in found if (p.file, p.row) not in broken)
    outlives = any(p.rule == editions.OUTLIVES for p in problems)
    return Addition(sorted(problems), frozenset(known), after, not (broken or outlives))


def look(d: Dataset) -> list[Problem]:
    """What every rule finds."""
    return [problem for rule in rules(d.contents) for problem in _applied(rule, d)]


def _applied(rule: Rule, d: Dataset) -> list[Problem]:
    """What a rule finds; a rule about fields that the descriptor lacks is named."""
    try:
        return list(rule(d))
    except KeyError as error:
        return [Problem(
            descriptor.FILE, 0, str(error.args[0]), "", "rule without its field",
            f"{rule.__module__}.{rule.__name__} asks for {error.args[0]}, which no table has",
            "restore the field or table in the descriptor, or remove the rule")]


def rules(contents: Contents) -> tuple[Rule, ...]:
    """The engine's rules and the article's own."""
    subjects = (outcomes, proportions, plausible, characteristics, notations, completeness,
                contradictions, places, reports, repetitions, flow, dates, editions, extraction,
                sources, supersessions, import_module(contents.checks))
    return tuple(rule for subject in subjects for rule in subject.RULES)


def _without(resources: Mapping[str, schema.Resource], text: Mapping[str, pd.DataFrame],
             problems: list[Problem]) -> tuple[dict[str, pd.DataFrame], set[tuple[str, int]]]:
    """The tables with the cells that break the schema blanked, and the rows they stand in. What is
    only written in another form stands in the right one, as other rows may lead there."""
    names = {resource.path: name for name, resource in resources.items()}
    spoilt = {problem.file for problem in problems}
    clean = {name: table.copy() if resources[name].path in spoilt else table
             for name, table in text.items()}
    broken = set()
    for problem in problems:
        broken.add((problem.file, problem.row))
        table = clean[names[problem.file]]
        index = problem.row - schema.line(0)
        if problem.field in table and index in table.index and problem.rule != "duplicate key":
            table.at[index, problem.field] = _in_form(
                resources[names[problem.file]], problem, table[problem.field])
    return clean, broken


def _in_form(resource: schema.Resource, problem: Problem, column: pd.Series) -> Any:
    """What rules see in the place of a cell that breaks the schema."""
    fit = schema.in_form(resource.field(problem.field), problem.value) \
        if problem.rule == "pattern" else None
    taken = problem.field in resource.primary_key and fit in set(column)
    return pd.NA if fit is None or taken else fit
