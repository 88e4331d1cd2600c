"""The published edition is frozen: a digest of each of its rows, kept beside the data.

data/published.sha256 has a line a row, "digest  resource/key", in the form sha256sum uses. Run
``python -m review.dataset.freeze`` after correcting a misreading of the article in the published
rows; the change of that file shows, in version control, which rows were touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from review.dataset.load import PUBLISHED, data_folder, read_text
from review.dataset.schema import ADDED, SUPERSEDED, Resource, read_schema

FILE = "published.sha256"
# a later edition may supersede a published row; everything else in it stays
MAY_CHANGE = (SUPERSEDED,)


def digests(resources: Mapping[str, Resource], text: Mapping[str, pd.DataFrame],
            edition: str = PUBLISHED) -> dict[str, pd.Series]:
    """(label, digest) of every row of an edition, by resource, indexed as the table is.

    The label is "resource/key". Rows belong to the edition by edition_added, or by edition_id in
    tables that describe the edition itself (flow, search).
    """
    by_table = {}
    for name, resource in resources.items():
        owner = next((c for c in (ADDED, "edition_id") if c in resource.names), None)
        if owner is None or name == "editions":
            continue
        rows = text[name]
        rows = rows[(rows[owner] == edition).fillna(False).to_numpy()]
        columns = [column for column in resource.names if column not in MAY_CHANGE]
        cells = rows[columns].fillna("").agg("\x1f".join, axis=1) if len(rows) else pd.Series([])
        labels = name + "/" + rows[list(resource.primary_key)].fillna("").agg("/".join, axis=1) \
            if len(rows) else pd.Series([])
        by_table[name] = pd.Series(
            [(label, hashlib.sha256(cell.encode()).hexdigest())
             for label, cell in zip(labels, cells, strict=True)], index=rows.index, dtype=object)
    return by_table


def read(data: Path) -> dict[str, str] | None:
    """The digests as they were frozen, by "resource/key"; None where there is no such file."""
    try:
        lines = (data / FILE).read_text("ascii").splitlines()
    except FileNotFoundError:
        return None
    return {label: digest for digest, _, label in (line.partition("  ") for line in lines) if label}


def record(data: Path) -> Path:
    """Writes the digests of the published rows as they are now; returns the file."""
    resources = read_schema(data)
    now = digests(resources, read_text(data, resources))
    lines = [f"{digest}  {label}\n" for table in now.values() for label, digest in table]
    path = data / FILE
    path.write_text("".join(lines), "ascii")
    return path


if __name__ == "__main__":
    print(record(data_folder()))
