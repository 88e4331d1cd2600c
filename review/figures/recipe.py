"""A figure is its rows, a drawing of the rows, and a description of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..built import Built
from ..data import Review


@dataclass(frozen=True)
class Recipe:
    """How a figure is made. Calling it with a review builds the figure.

    label: cross-reference label (fig-rwe-pfs). title: what it shows, in a few words.
    rows: from a review to the rows, one a mark. draw: from the rows alone to the drawing, so that
    nothing can be drawn that is not in the rows. describe: from the rows to the text alternative.
    """

    label: str
    title: str
    rows: Callable[[Review], pd.DataFrame]
    draw: Callable[[pd.DataFrame], Any]
    describe: Callable[[pd.DataFrame], str]

    @property
    def name(self) -> str:
        """Name of the builder: the label without its kind, as an identifier."""
        return self.label.removeprefix("fig-").replace("-", "_")

    def __call__(self, r: Review) -> Built:
        rows = self.rows(r)
        return Built(self.label, self.draw(rows), rows, self.describe(rows))
