"""What every format says of the dataset: its name, version and licence, and a digest of its files.

The digest can be made without this project: it is that of the list which `sha256sum` prints for the
files, sorted by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from review.dataset import files

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Described:
    """The dataset in the words of its descriptor; "" for what the descriptor does not say.

    licence: its address; licence_name: what it is called. address: where the dataset is published.
    creators: names of those who made it.
    """

    name: str
    title: str
    description: str
    version: str
    licence: str
    licence_name: str
    address: str
    creators: tuple[str, ...]

    @property
    def base(self) -> str:
        """Start of the addresses of things in the dataset: its own address, else a name in the
        scheme for archives without one (arcp)."""
        return f"{self.address.rstrip('/')}/" if self.address else f"arcp://name,{self.name}/"


def described(data: Path) -> Described:
    """The dataset in `data`; DataError where its descriptor cannot be read."""
    told: dict[str, Any] = json.loads(files.text(data / DESCRIPTOR))
    licence: dict[str, str] = next(iter(told.get("licenses", [])), {})
    return Described(
        name=told["name"], title=told.get("title", told["name"]),
        description=told.get("description", ""), version=told.get("version", ""),
        licence=licence.get("path", ""),
        licence_name=licence.get("title", licence.get("name", "")),
        address=told.get("homepage", ""),
        creators=tuple(one["title"] for one in told.get("contributors", [])))


def fingerprints(data: Path) -> dict[str, str]:
    """SHA-256 of the descriptor and of every table, by file name, sorted by name."""
    paths = sorted([data / DESCRIPTOR, *data.glob("*.csv")], key=lambda path: path.name)
    return {path.name: hashlib.sha256(files.content(path)).hexdigest() for path in paths}


def digest(fingerprints: Mapping[str, str]) -> str:
    """One SHA-256 for all files: of the lines "HASH  NAME" that `sha256sum` prints for them."""
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(fingerprints.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def json_text(value: object) -> str:
    """JSON as every format here writes it: UTF-8, a line for each field, a line feed at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def cell(value: Any) -> Any:
    """A cell of a frame as JSON has it: None for a missing one, days as YYYY-MM-DD."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value
