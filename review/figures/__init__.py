"""The report's figures: each builder returns what it drew and the rows it drew it from."""

from __future__ import annotations

from importlib import import_module

import pandas as pd

from ..built import Built
from ..data import Review
from .recipe import Recipe

# label -> module; the builder has the label's name. Modules load on demand, and the drawing
# libraries only when something is drawn.
FIGURES = {
    "fig-prisma": "prisma",
    "fig-clinical-pfs": "panels",
    "fig-clinical-os": "panels",
    "fig-clinical-orr": "panels",
    "fig-rwe-pfs": "panels",
    "fig-image": "panels",
    "fig-rwe-os": "panels",
    "fig-rwe-orr": "panels",
    "fig-best-response": "panels",
    "fig-naive": "panels",
    "fig-follow-up": "follow_up",
}


def recipe(label: str) -> Recipe:
    """How the figure called `label` (fig-…) is made; KeyError for one not in FIGURES."""
    module = import_module(f".{FIGURES[label]}", __name__)
    return getattr(module, label.removeprefix("fig-").replace("-", "_"))


def figure(label: str, r: Review) -> Built:
    """The figure called `label`, with its rows and its text alternative."""
    return recipe(label)(r)


def rows(label: str, r: Review) -> pd.DataFrame:
    """The rows of the figure called `label`, without drawing it."""
    return recipe(label).rows(r)
