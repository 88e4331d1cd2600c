"""What can go wrong, as the person who can mend it needs to hear it: file, line, what, remedy.

Every error that this package raises on purpose is a PressError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend.

    ``path`` is relative to the project's root, ``line`` counts from 1 (0: the whole file).
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class PressError(Exception):
    """The command cannot be carried out.

    ``problems`` holds every problem found, not only the first, sorted by place and each once.
    """

    def __init__(self, problems: Problem | Iterable[Problem]):
        every = [problems] if isinstance(problems, Problem) else problems
        self.problems = sorted(set(every))
        super().__init__("\n".join(map(str, self.problems)))


class ConfigError(PressError):
    """``_quarto.yml`` is missing, cannot be read, or asks for what is not supported."""


class LintError(PressError):
    """The sources leave the subset of Quarto that is supported."""


class RenderError(PressError):
    """The sources are in order, but no document can be made of them."""


class PreRenderError(RenderError):
    """A command of ``project.pre-render`` failed."""


class CellError(RenderError):
    """A cell or an inline expression failed, or its kernel did not start or ended."""


class PandocError(RenderError):
    """Pandoc is not installed, or it refused what it was given."""


class PreviewError(PressError):
    """The preview cannot be served."""


class NotebookError(PressError):
    """Stored notebooks are not in step with their chapters."""
