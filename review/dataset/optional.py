"""Tables that a review may do without: where the dataset does not list one, it counts as empty."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from review.dataset.schema import DTYPES, ROW

# what the engine reads of each, by column and type; a dataset that has the table says more of it
COLUMNS = {
    "references": {"ref": "integer", "citekey": "string", "printed_defect": "string",
                   "correction": "string"},
    "search": {"edition_id": "string", "name": "string", "type": "string", "from_year": "integer",
               "to_date": "date", "to_year": "integer"},
    "flow": {"edition_id": "string", "data": "string", "n": "integer", "status": "string",
             "kind": "string"},
    "external": {"external_id": "string", "claim_ids": "string", "place": "string",
                 "printed": "string", "statement": "string", "certainty": "string",
                 "source_id": "string", "locator": "string", "note": "string"},
}


def complete(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Typed tables by name, with an empty one for each that may be missing and is."""
    return {**{name: _empty(columns) for name, columns in COLUMNS.items()}, **tables}


def _empty(columns: Mapping[str, str]) -> pd.DataFrame:
    types = {**{name: DTYPES[kind] for name, kind in columns.items()}, ROW: "string"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
