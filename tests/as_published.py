"""The project's dataset with the published edition as its newest, whatever was accepted since.

Tests of updates begin here: they make the next edition themselves, and would otherwise say
something else after each one that is accepted.
"""

import atexit
import csv
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADDED, SUPERSEDED, OWN = "edition_added", "edition_superseded", "edition_id"


@cache
def dataset() -> Path:
    """A folder with it, and the bibliography beside it. Not to be changed: see `copied`."""
    place = Path(tempfile.mkdtemp(prefix="published-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return take_out_updates(_copy(ROOT / "data", place / "data"))


def copied(folder: Path, *left_out: str) -> Path:
    """A copy of it that a test may change, with the bibliography beside it. left_out: patterns of
    names."""
    return _copy(dataset(), folder, *left_out)


def _copy(data: Path, folder: Path, *left_out: str) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns(".checked", "rows", *left_out))
    shutil.copy(data.parent / "references.bib", folder.parent)
    return folder


def take_out_updates(data: Path) -> Path:
    """Takes every edition after the published one out of a dataset, with its rows."""
    tables = {path: _read(path) for path in sorted(data.glob("*.csv"))}
    editions = tables[data / "editions.csv"][1]
    updates = {row[OWN] for row in editions if row["type"] == "update"}
    if not updates:
        return data
    for path in data.glob("*.sha256"):
        if path.stem in updates:
            path.unlink()
    gone: set[str] = set()
    stay: set[str] = set()
    for path, (_, rows) in tables.items():
        for row in list(rows):
            if row.get(OWN) in updates or row.get(ADDED) in updates:
                rows.remove(row)
                gone.add(row.get("source_id", ""))
            elif path.stem != "sources":
                stay.add(row.get("source_id", ""))
            if row.get(SUPERSEDED) in updates:
                row[SUPERSEDED] = ""
    for row in editions:
        row["status"] = "current" if row["type"] == "published" else row["status"]
    sources = tables[data / "sources.csv"][1]
    sources[:] = [row for row in sources if row["source_id"] not in gone - stay]
    for path, (columns, rows) in tables.items():
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return data


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)
