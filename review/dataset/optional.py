"""Tables that a review may do without: where the dataset does not list one, it counts as empty."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from review.dataset.needs import OPTIONAL
from review.dataset.schema import DTYPES, ROW


def complete(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Typed tables by name, with an empty one for each that may be missing and is."""
    return {**{name: _empty(columns) for name, columns in OPTIONAL.items()}, **tables}


def _empty(columns: Mapping[str, str]) -> pd.DataFrame:
    types = {**{name: DTYPES[kind] for name, kind in columns.items()}, ROW: "string"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
