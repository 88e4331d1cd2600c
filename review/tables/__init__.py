"""The report's tables: each builder returns a great_tables table and the rows it shows."""

from __future__ import annotations

from importlib import import_module

from ..built import Built
from ..data import Review

# label -> module and builder; modules load on demand, so that a chapter pays for what it shows
TABLES = {
    "tbl-clinical": ("included", "clinical"),
    "tbl-rwe": ("included", "rwe"),
    "tbl-patients": ("patients", "patients"),
    "tbl-picos": ("lists", "picos"),
    "tbl-quality": ("lists", "quality"),
    "tbl-search": ("lists", "search"),
    "tbl-editions": ("lists", "editions"),
    "tbl-abbreviations": ("lists", "abbreviations"),
}


def table(label: str, r: Review) -> Built:
    """The table called `label` (tbl-…); KeyError for a label that is not in TABLES."""
    module, builder = TABLES[label]
    return getattr(import_module(f".{module}", __name__), builder)(r)
