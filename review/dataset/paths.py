"""Where the project and its dataset lie, the state of the dataset's bytes, the editions it names.

Without pandas, so that a command that only passes the dataset on starts at once.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from review.dataset.problems import DataError, Problem


def project_root(folder: Path) -> Path:
    """The project that `folder` lies in: the nearest folder, from it upwards, with a Quarto book
    and a dataset; where there is none, the project that this package lies in."""
    for place in (folder, *folder.parents):
        if (place / "_quarto.yml").is_file() and (place / "data" / "datapackage.json").is_file():
            return place
    return Path(__file__).resolve().parents[2]


ROOT = project_root(Path.cwd())
PUBLISHED = "published"
CURRENT = "current"


def data_folder(data: Path | str | None = None) -> Path:
    """The folder asked for, else the one REVIEW_DATA names, else the project's own."""
    return Path(data or os.environ.get("REVIEW_DATA") or ROOT / "data").resolve()


def digest(data: Path) -> str:
    """Of every byte of the dataset, of the checks and of the library that runs them."""
    checks = Path(__file__).with_name("schema.py")
    state = hashlib.sha256(version("pandera").encode() + checks.read_bytes())
    for path in sorted(data.glob("*")):
        if path.suffix in (".csv", ".json"):
            state.update(path.name.encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def _stamp(data: Path) -> Path:
    return data / ".checked"


def already_checked(data: Path) -> bool:
    """Whether these bytes were found to keep the schema: the checks cost a second, and the same
    bytes need them once."""
    try:
        kept = _stamp(data).read_text("ascii")
    except OSError:
        return False
    return kept == digest(data)


def remember_checked(data: Path) -> None:
    """Note that these bytes keep the schema; nothing where the folder cannot be written."""
    try:
        _stamp(data).write_text(digest(data), "ascii")
    except OSError:
        pass  # a read-only dataset is checked each time


def edition_key(editions: Iterable[Mapping[str, Any]], name: str) -> str:
    """Key of the edition called `name`; "current" is the newest that is no predecessor.

    editions: rows of editions.csv, at least edition_id, type and position. DataError for an
    edition that is not there.
    """
    carrying = [row for row in editions if row["type"] != "predecessor"]
    known = [row["edition_id"] for row in carrying]
    if name == CURRENT and carrying:
        return str(max(carrying, key=lambda row: int(row["position"]))["edition_id"])
    if name in known:
        return name
    raise DataError([Problem("editions.csv", 0, "edition_id", name, "unknown edition",
                             f"there is no edition {name!r}",
                             f"choose one of {', '.join([CURRENT, *known])}")])


def edition_name(name: str | None, data: Path) -> str:
    """Key of the edition asked for (None: the one REVIEW_EDITION names, else the newest).

    A file of editions that cannot be read so is the validation's to tell: the name stays as it
    is. DataError for an edition that is not there.
    """
    name = name or os.environ.get("REVIEW_EDITION") or CURRENT
    try:
        with (data / "editions.csv").open(encoding="utf-8", newline="") as file:
            return edition_key(list(csv.DictReader(file)), name)
    except (OSError, ValueError, KeyError, TypeError):
        return name
