"""Released editions are frozen: a digest of each of their rows, kept beside the data.

data/published.sha256, and data/KEY.sha256 for each later edition, have a line a row,
"digest  resource/key", in the form sha256sum uses; a row that the edition superseded has
"resource/key superseded" as well. `review accept` writes the file of its edition. Run
``python -m review.dataset.freeze [EDITION ...]`` after correcting a misreading in released rows;
the change of the file shows, in version control, which rows were touched.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from review.dataset import files, program, replacing
from review.dataset.load import PUBLISHED, data_folder, read_text
from review.dataset.problems import DataError, Problem
from review.dataset.schema import ADDED, OF_EDITION, SUPERSEDED, Resource, read_schema

SUFFIX = ".sha256"
# the rules of `checks.editions` that compare with the digests
RULES = ("frozen edition", "edition not frozen", "frozen row")
LINE = re.compile(r"([0-9a-f]{64})  ([ -~]+)")
# a later edition may supersede a row, and is then the current one; everything else stays
MAY_CHANGE = (SUPERSEDED, "status")


def digests(resources: Mapping[str, Resource], text: Mapping[str, pd.DataFrame],
            edition: str = PUBLISHED) -> dict[str, pd.Series]:
    """(label, digest) of every row of an edition, by resource, indexed as the table is.

    The label is "resource/key"; for a row that the edition superseded " superseded" follows. Rows
    belong to the edition by edition_added, or by edition_id in tables that describe the edition
    itself (flow, search and, of a later edition, its row of editions).
    """
    by_table = {}
    for name, resource in resources.items():
        owner = next((c for c in (ADDED, OF_EDITION) if c in resource.names), None)
        if owner is None or (name == "editions" and edition == PUBLISHED):
            continue
        rows = text[name]
        cells = {column: rows[column].to_numpy(dtype=object, na_value="").tolist()
                 for column in resource.names}
        found = [(place, "") for place, of in enumerate(cells[owner]) if of == edition]
        if SUPERSEDED in resource.names:
            found += [(place, " superseded") for place, of in enumerate(cells[SUPERSEDED])
                      if of == edition]
        by_table[name] = pd.Series(
            [_labelled(resource, {column: cells[column][place] for column in resource.names}, mark)
             for place, mark in found],
            index=rows.index[[place for place, _ in found]], dtype=object)
    return by_table


def _labelled(resource: Resource, row: Mapping[str, str], mark: str) -> tuple[str, str]:
    # the status of an edition changes when the next one comes, that of a result does not
    out = MAY_CHANGE if resource.name == "editions" else MAY_CHANGE[:1]
    # an empty cell is left out, so that a column that comes later changes no digest
    told = [f"{name}\x1e{cell}" for name, cell in row.items() if cell != "" and name not in out]
    key = "/".join(row[name] for name in resource.primary_key)
    return (f"{resource.name}/{key}{mark}",
            hashlib.sha256("\x1f".join(told).encode()).hexdigest())


def read(data: Path) -> dict[str, dict[str, str]]:
    """The digests as they were frozen: by edition, by label. DataError for a file that cannot be
    read or has other lines."""
    frozen, problems = {}, []
    for path in sorted(data.glob(f"*{SUFFIX}")):
        try:
            lines = files.text(path, REMEDY).splitlines()
        except DataError as error:
            problems += error.problems
            continue
        matches = [LINE.fullmatch(line) for line in lines]
        problems += [Problem(path.name, number, "", line[:80], "digest", "the line is no digest",
                             REMEDY)
                     for number, (line, match) in enumerate(zip(lines, matches, strict=True), 1)
                     if match is None]
        frozen[path.stem] = {match[2]: match[1] for match in matches if match}
    if problems:
        raise DataError(problems)
    return frozen


REMEDY = "restore the file as version control has it"


def record(data: Path, editions: Iterable[str] = ()) -> list[Path]:
    """Writes the digests of editions as their rows are now; returns the files.

    editions: keys; none stands for every edition that carries rows. DataError for a key that is
    none of these.
    """
    resources = read_schema(data)
    text = read_text(data, resources)
    rows = text["editions"]
    carrying = list(rows.loc[(rows["type"] != "predecessor").fillna(False), "edition_id"].dropna())
    chosen = list(editions) or carrying
    unknown = [key for key in chosen if key not in carrying]
    if unknown:
        raise DataError(Problem("editions.csv", 0, "edition_id", key, "unknown edition",
                                f"there is no edition {key!r} that carries rows",
                                f"choose from {', '.join(carrying)}") for key in unknown)
    return [_write(data, key, digests(resources, text, key)) for key in chosen]


def _write(data: Path, edition: str, now: Mapping[str, pd.Series]) -> Path:
    lines = [f"{digest}  {label}\n" for table in now.values() for label, digest in table]
    path = data / f"{edition}{SUFFIX}"
    replacing.put(path, "".join(lines).encode("ascii"))
    return path


def main(arguments: list[str]) -> int:
    """Records the editions named, or all; prints the files. 1 with what is wrong, else 0."""
    try:
        for path in record(data_folder(), arguments):
            print(path)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(program.run(lambda: main(sys.argv[1:])))
