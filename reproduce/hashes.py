"""What is in a folder, as a list of hashes, and where two folders differ.

A list is written as ``sha256sum`` writes it, so that ``sha256sum --check`` reads it too.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

ROUND = 60
"""How many characters of a text are shown around its first difference."""


def of_folder(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder, by its path from there, sorted."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                   if path.is_file())
    return {path: of_file(folder / path) for path in paths}


def of_file(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written(hashes: Mapping[str, str]) -> str:
    """A list of hashes as a text."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))


def read(text: str) -> dict[str, str]:
    """The hashes in a text of ``written``. Raises ValueError for a line that is none, and for a
    path that leads out of the folder."""
    hashes = {}
    for number, line in enumerate(text.splitlines(), 1):
        digest, two_spaces, path = line.partition("  ")
        pure = PurePosixPath(path)
        if len(digest) != 64 or not two_spaces or not path:
            raise ValueError(f"line {number}: no hash and path")
        if pure.is_absolute() or ".." in pure.parts:
            raise ValueError(f"line {number}: {path} leads out of the folder")
        hashes[path] = digest
    return hashes


def compared(expected: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each file that is not as expected: missing, new, or different."""
    wrong = {}
    for path in sorted({*expected, *found}):
        if path not in found:
            wrong[path] = "missing"
        elif path not in expected:
            wrong[path] = "not expected"
        elif expected[path] != found[path]:
            wrong[path] = "different"
    return wrong


def first_difference(one: bytes, other: bytes) -> str:
    """Where two contents differ first, and what stands there in each: the file inside a zip file,
    the line of a text, the byte of anything else. "" where they are the same."""
    if one == other:
        return ""
    if zipfile.is_zipfile(io.BytesIO(one)) and zipfile.is_zipfile(io.BytesIO(other)):
        return _in_zip(one, other)
    place = next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                 min(len(one), len(other)))
    where = f"byte {place}"
    if b"\0" not in one[:1000]:
        where = f"line {one.count(bytes([10]), 0, place) + 1}, {where}"
    return f"{where}: {_excerpt(one, place)} and {_excerpt(other, place)}"


def _in_zip(one: bytes, other: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
        wrong = compared(*({name: hashlib.sha256(archive.read(name)).hexdigest()
                            for name in archive.namelist()} for archive in (first, second)))
        for name, what in wrong.items():
            if what == "different":
                return f"{name} in it, {first_difference(first.read(name), second.read(name))}"
            return f"{name} in it is {what}"
    return "the same files in it, stored otherwise"


def _excerpt(content: bytes, place: int) -> str:
    begin = max(0, place - ROUND // 2)
    return repr(content[begin:begin + ROUND].decode("utf-8", "replace"))
