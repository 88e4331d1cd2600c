"""Where the project and its dataset lie, the state of the dataset's bytes, the editions it names.

Without pandas, so that a command that only passes the dataset on starts at once.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
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
CANDIDATE = "candidate"
# words that stand for an edition in commands, and that no edition may be called by
RESERVED = (CURRENT, CANDIDATE)
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY = 60  # characters: files are named for it
# the modules that say whether a dataset keeps its schema
CHECKS = ("schema.py", "characters.py", "descriptor.py", "tables.py")


def data_folder(data: Path | str | None = None) -> Path:
    """The folder asked for, else the one REVIEW_DATA names, else the project's own."""
    return Path(data or os.environ.get("REVIEW_DATA") or ROOT / "data").resolve()


def digest(data: Path) -> str:
    """Of every byte of the dataset and of the checks of its schema.

    A file that cannot be read counts as such: what is wrong with it is told where it is read.
    """
    state = hashlib.sha256()
    here = Path(__file__).parent
    for path in [here / name for name in CHECKS] + sorted(data.glob("*")):
        if path.suffix in (".csv", ".json", ".sha256", ".py"):
            state.update(path.name.encode(errors="surrogateescape") + b"\0" + _content(path))
    return state.hexdigest()


def _content(path: Path) -> bytes:
    try:
        # reading from a pipe in place of a file would wait for ever
        return path.read_bytes() if path.is_file() else b"\0no file"
    except OSError:
        return b"\0not readable"


def _stamp(data: Path) -> Path:
    return data / ".checked"


def already_checked(data: Path, state: str) -> bool:
    """Whether bytes with this `digest` were found to keep the schema: the checks cost a second, and
    the same bytes need them once."""
    try:
        return _stamp(data).read_text("ascii") == state
    except OSError:
        return False


def remember_checked(data: Path, state: str) -> None:
    """Note that bytes with this `digest` keep the schema; nothing where the folder cannot be
    written. The digest is taken before the files are read, so that a file which changes meanwhile
    is checked again."""
    try:
        _stamp(data).write_text(state, "ascii")
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


def unusable_key(key: str) -> str:
    """Why an edition cannot be called so; empty where it can."""
    if key in (*RESERVED, PUBLISHED):
        return f"{key} is a word with a meaning of its own in commands"
    if not KEY.fullmatch(key):
        return f"{key!r} has something else than small letters a to z, digits and single hyphens"
    return f"a key has at most {LONGEST_KEY} characters" if len(key) > LONGEST_KEY else ""


def edition_name(name: str | None, data: Path) -> str:
    """Key of the edition asked for (None: the one REVIEW_EDITION names, else the newest).

    A file of editions that cannot be read so is the validation's to tell: the name stays as it
    is. DataError for an edition that is not there.
    """
    name = name or os.environ.get("REVIEW_EDITION") or CURRENT
    try:
        with (data / "editions.csv").open(encoding="utf-8-sig", newline="") as file:
            return edition_key(list(csv.DictReader(file)), name)
    except (OSError, ValueError, KeyError, TypeError):
        return name
