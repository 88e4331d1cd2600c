"""What is wrong with a dataset, in words for the person who can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

LONGEST = 600  # characters of a message in a terminal


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with one cell, row or file.

    file: name of the CSV file. row: line as an editor shows it (the header is 1); 0 for the file
    as a whole. field: column, empty for the row as a whole. value: the cell as written.
    rule: short name of the broken rule. message: what is wrong. remedy: what to do.
    severity: "error" stops a render, "warning" is shown in it.
    """

    file: str
    row: int
    field: str
    value: str
    rule: str
    message: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        parts = (self.file, str(self.row or ""), self.field)
        place = ":".join(part for part in parts if part)
        return visible(f"{place}: {_short(self.message)}; {self.remedy}")

    def as_dict(self) -> dict[str, str | int]:
        """The problem as a JSON object."""
        return asdict(self)


class ReviewError(Exception):
    """The base of every error that this package raises on purpose."""


class DataError(ReviewError):
    """The dataset breaks its schema; `problems` holds every breach, not the first alone."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def visible(text: str) -> str:
    """Text that a terminal shows and does not obey: what cannot be seen stands as its code."""
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii")
                   for mark in text)


def _short(message: str) -> str:
    """A message without the midst of a cell that fills pages."""
    return message if len(message) <= LONGEST else \
        f"{message[:LONGEST // 2]} … {message[-LONGEST // 2:]}"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a render."""
    return [problem for problem in problems if problem.severity == "error"]


def summary(problems: list[Problem]) -> str:
    """How many errors and warnings, in a line."""
    bad = len(errors(problems))
    return f"{_count(bad, 'error')}, {_count(len(problems) - bad, 'warning')}"


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"
