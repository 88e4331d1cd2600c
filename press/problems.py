"""What went wrong, said to the person who can mend it: file, line, what and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One finding. ``path`` is relative to the project, ``line`` is 1-based (0: the whole file)."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class RenderError(Exception):
    """The render cannot be finished. Carries every problem found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        found = [problems] if isinstance(problems, Problem) else problems
        self.problems = sorted(set(found))
        super().__init__("\n".join(map(str, self.problems)))
