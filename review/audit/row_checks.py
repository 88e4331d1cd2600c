"""Checks over all rows of an edition: what a careful reader of the tables would ask of each.

A claim compares a statement with rows; a row check compares rows with each other, so that it finds
what no statement says. Each function has an entry in a register of its own, is run on every edition
and tells what the documents show, with the arithmetic. A find is a question, not a verdict: print
can be right and unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TypeVar

from review.contents import Contents
from review.dataset.load import Review
from review.dataset.problems import ReviewError

TIED = "row_check"


@dataclass(frozen=True)
class Find:
    """What one row, or several together, show. text: in words with the arithmetic. rows: their
    names ("outcomes/smith-2023-os")."""

    text: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class RowCheck:
    """A check. check_id: its name. about: what a find means, as a heading."""

    check_id: str
    about: str
    function: Callable[[Review], Iterator[Find]]


F = TypeVar("F", bound=Callable[[Review], Iterator[Find]])


class TwoChecks(ReviewError):
    """Two functions have one name in the register."""


def row_check(check_id: str, about: str) -> Callable[[F], F]:
    """Enters a function into the register under a name, with what its finds mean."""

    def tie(function: F) -> F:
        setattr(function, TIED, RowCheck(check_id, about, function))
        return function

    return tie


@cache
def register(contents: Contents) -> Mapping[str, RowCheck]:
    """Checks by name, module by module, each in the order of its file. Raises TwoChecks for a name
    that is there twice."""
    known: dict[str, RowCheck] = {}
    for name in contents.row_checks:
        for member in vars(import_module(name)).values():
            check = getattr(member, TIED, None)
            if check is None or member.__module__ != name:
                continue
            if check.check_id in known:
                raise TwoChecks(f"two functions are the row check {check.check_id}")
            known[check.check_id] = check
    return known


def finds(r: Review, check_id: str) -> list[Find]:
    """What one check finds on an edition; none for rows that are as they should be."""
    return list(register(r.contents)[check_id].function(r))


def evaluate(r: Review) -> dict[str, list[Find]]:
    """What every check finds on an edition, by name, in the order of the register."""
    return {check_id: finds(r, check_id) for check_id in register(r.contents)}
