"""The rows behind figures and tables as text: in columns, as CSV, and stored beside the dataset.

    python -m review.audit.stored_rows          says which stored rows are out of step
    python -m review.audit.stored_rows --write  writes data/rows/<label>.csv for each label
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from review.audit.displays import labels, rows
from review.dataset import program, replacing
from review.dataset.load import Review, load

COMMAND = "python -m review.audit.stored_rows --write"


def fixed_width(frame: pd.DataFrame) -> str:
    """Every cell as text, in columns as wide as their longest cell; empty columns are named."""
    text = as_text(frame)
    empty = [name for name in text if not text[name].any()]
    lines = [list(text.columns.drop(empty)), *text.drop(columns=empty).to_numpy().tolist()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    body = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    count = f"{len(frame)} rows" + (f"; empty: {', '.join(empty)}" if empty else "")
    return "\n".join([*body, count])


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text: numbers in their shortest form, empty where there is nothing."""
    return pd.DataFrame({name: [cell_text(value) for value in frame[name]] for name in frame},
                        columns=frame.columns, dtype=object)


def csv_text(frame: pd.DataFrame) -> str:
    """The rows as comma-separated text with line feeds."""
    return str(as_text(frame).to_csv(index=False, lineterminator="\n"))


def write(r: Review, folder: Path | None = None) -> list[Path]:
    """Stores the rows of every figure and table as CSV, by default in the dataset's rows/, and
    takes away those of figures and tables that are no more."""
    folder = folder or r.data / "rows"
    made = {f"{label}.csv": csv_text(rows(label, r)).encode() for label in labels(r.contents)}
    # what else lies there stays, but for rows of nothing
    there = {path.name: path.read_bytes() for path in folder.glob("*")
             if path.is_file() and path.suffix != ".csv"}
    replacing.put_folder(folder, there | made)
    return [folder / name for name in made]


def stale(r: Review, folder: Path | None = None) -> list[str]:
    """Labels whose stored rows differ from the dataset's, are missing, or belong to nothing."""
    folder = folder or r.data / "rows"
    different = [label for label in labels(r.contents)
                 if not (folder / f"{label}.csv").is_file()
                 or (folder / f"{label}.csv").read_bytes() != csv_text(rows(label, r)).encode()]
    known = set(labels(r.contents))
    return different + sorted(p.stem for p in folder.glob("*.csv") if p.stem not in known)


def cell_text(value: object) -> str:
    """A cell as text: a number in its shortest form, true and false, a day as YYYY-MM-DD; empty
    for what is missing."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, pd.Timestamp):
        return str(value.date().isoformat())
    return str(value)


def main(arguments: Iterable[str]) -> int:
    """Compares the stored rows with the dataset, or writes them."""
    r = load()
    if "--write" in arguments:
        print(f"{len(write(r))} files in {r.data / 'rows'}")
        return 0
    different = stale(r)
    for label in different:
        print(f"data/rows/{label}.csv is out of step; run {COMMAND}",
              file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(program.run(lambda: main(sys.argv[1:])))
