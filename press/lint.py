"""The subset of Quarto that both renderers honour, checked on the sources."""

from __future__ import annotations

from .config import Book
from .notebook import Source
from .problems import Problem


def check(book: Book, sources: dict[str, Source]) -> list[Problem]:
    """Every departure from the subset, with file and line."""
    return []
