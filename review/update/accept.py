"""Taking new rows into the dataset as a new edition: as a whole or not at all.

The dataset as it will be is written into a folder beside it, checked and flushed to the disk; then
the two folders change places in one step of the operating system. Until that step the old dataset
stands untouched, after it the new one is complete.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pandas as pd

from review.audit import stored_rows
from review.checks import validate
from review.contents import Contents, project_contents
from review.dataset import bibliography, optional, schema
from review.dataset.load import data_folder, load, read_text
from review.dataset.problems import DataError, Problem, errors
from review.update import merge
from review.update.changes import changes

EDITIONS = "editions.csv"


@dataclass(frozen=True)
class Edition:
    """What the person who accepts an update says of it.

    key: of editions, such as 2026-1. search_to: last day the searches cover; released_on: day of
    release; conferences_to: last day of the conference searches; dates as YYYY-MM-DD. name:
    for readers; citation: how to cite it; both are made from the key where they are not given.
    """

    key: str
    search_to: str
    released_on: str | None = None
    conferences_to: str | None = None
    name: str | None = None
    citation: str | None = None


@dataclass(frozen=True)
class Accepted:
    """What was done. added: rows by table; superseded: rows that count no more; change_class: as
    in editions.csv; warnings: what validation says of the new rows."""

    edition: str
    change_class: str
    added: dict[str, int]
    superseded: int
    warnings: tuple[Problem, ...]

    def __str__(self) -> str:
        rows = ", ".join(f"{name} {n}" for name, n in self.added.items()) or "none"
        return (f"edition {self.edition} accepted ({self.change_class}); rows added: {rows}; "
                f"superseded: {self.superseded}")


def accept(folders: Sequence[Path | str], edition: Edition, data: Path | str | None = None,
           contents: Contents | None = None) -> Accepted:
    """Adds the rows of folders to the dataset as `edition`.

    Raises DataError, with every problem, where a folder cannot be read, the dataset with the new
    rows has an error, a published row would change, or the edition's key is taken. Whatever goes
    wrong, and whenever, the dataset is as it was. An accepted folder among the dataset's own
    candidates is no candidate any more and is left out.
    """
    data, contents = data_folder(data), contents or project_contents()
    sources = [Path(folder).resolve() for folder in folders]
    resources = schema.read_schema(data)
    text = read_text(data, resources)
    before = _bytes(data)
    if edition.key in set(text["editions"]["edition_id"]):
        raise DataError([Problem(EDITIONS, 0, "edition_id", edition.key, "edition exists",
                                 f"there already is an edition {edition.key}",
                                 "give the new edition a key of its own")])
    joined = text
    for folder in sources:
        joined = merge.add(joined, merge.read_folder(folder, data), edition.key)
    joined["editions"] = _with_edition(joined, edition, contents)
    entries, problems = _entries(sources, bibliography.of(data))
    problems += validate.check(contents, resources, joined, data, frozenset(entries))
    if wrong := errors(problems):
        raise DataError(wrong)
    known = set(validate.check(contents, resources, text, data))
    staged = Path(tempfile.mkdtemp(prefix=f".{data.name}-{edition.key}-", dir=data.parent))
    try:
        new = staged / data.name
        _stage(data, new, resources, joined, text, sources)
        change_class = _classify(new, resources, joined, edition.key, contents)
        _flush(new)
        if _bytes(data) != before:
            raise DataError([Problem(data.name, 0, "", "", "changed meanwhile",
                                     "the dataset was changed while the update was prepared",
                                     "run the command again")])
        with _Bibliography(bibliography.of(data), entries):
            exchange(new, data)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Accepted(
        edition=edition.key,
        change_class=change_class,
        added={name: more for name in text if name != "editions"
               and (more := len(joined[name]) - len(text[name]))},
        superseded=sum(int((table[schema.SUPERSEDED] == edition.key).sum())
                       for table in joined.values() if schema.SUPERSEDED in table),
        warnings=tuple(p for p in problems if p not in known),
    )


def exchange(a: Path, b: Path) -> None:
    """Two folders of one file system change places.

    In a single step where the system offers one (Linux, macOS); elsewhere in three renames, which
    are undone when one of them fails.
    """
    try:
        _exchange_at_once(a, b)
        return
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV):
            raise
    aside = b.with_name(f".{b.name}-old")
    b.rename(aside)
    try:
        a.rename(b)
    except BaseException:
        aside.rename(b)
        raise
    aside.rename(a)


def _exchange_at_once(a: Path, b: Path) -> None:
    name, flag = {"linux": ("renameat2", 2), "darwin": ("renameatx_np", 2)}.get(
        sys.platform, ("", 0))
    library = ctypes.CDLL(None, use_errno=True) if name else None
    if not hasattr(library, name or "_"):
        raise OSError(errno.ENOSYS, "no exchange of folders in one step")
    here = -100 if sys.platform == "linux" else -2  # AT_FDCWD
    if getattr(library, name)(here, os.fsencode(a), here, os.fsencode(b), flag):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(a))
    _flush_folder(b.parent)


def _with_edition(tables: Mapping[str, pd.DataFrame], edition: Edition,
                  contents: Contents) -> pd.DataFrame:
    """The editions with the new one after the newest, its counts taken from the rows."""
    editions = tables["editions"].copy()
    newest = pd.to_numeric(editions["position"]).idxmax()
    studies, reports = (_counting(tables[name]) for name in ("studies", "reports"))
    flow = optional.complete(tables)["flow"]
    records = flow.loc[((flow["edition_id"] == edition.key)
                        & (flow["data"] == "database_results")).fillna(False), "n"]
    own = tables["sources"].loc[tables["sources"]["type"] == "own arithmetic", "source_id"]
    name = edition.name or f"Update {edition.key}"
    row = {
        "edition_id": edition.key,
        "position": str(int(editions.at[newest, "position"]) + 1),
        "name": name,
        "type": "update",
        "search_to": edition.search_to,
        "conferences_to": edition.conferences_to,
        "released_on": edition.released_on,
        "records": None if records.empty else records.iloc[0],
        "reports": str(len(reports)),
        "studies": str(len(studies)),
        **{code: str(int((studies["setting"] == code).sum()))
           for code in contents.vocabulary.settings},
        "status": "current",
        # replaced by what the comparison with the edition before finds
        "change_class": "not known",
        "citation": edition.citation or f"{name} of the living review that continues: "
                    f"{_published(editions)}",
        "source_id": editions.at[newest, "source_id"] if own.empty else own.iloc[0],
        "locator": f"Rows of the dataset that count in edition {edition.key}",
    }
    editions.loc[(editions["status"] == "current").fillna(False), "status"] = "superseded"
    added = pd.DataFrame([row], columns=editions.columns, dtype="string")
    return pd.concat([editions, added], ignore_index=True)


def _counting(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[schema.SUPERSEDED].isna()]


def _published(editions: pd.DataFrame) -> str:
    return str(editions.loc[editions["type"] == "published", "citation"].iloc[0])


def _entries(folders: list[Path], main: Path) -> tuple[dict[str, str], list[Problem]]:
    """Bibliography entries that the folders bring and the project has not, and clashes."""
    known = bibliography.entries(main) or {}
    new: dict[str, str] = {}
    problems = []
    for folder in folders:
        for key, entry in (bibliography.entries(folder / bibliography.FILE) or {}).items():
            other = known.get(key) or new.get(key)
            if other is None:
                new[key] = entry
            elif other.split() != entry.split():
                problems.append(Problem(
                    bibliography.FILE, 0, "", key, "key taken",
                    f"{key} is another entry of the bibliography",
                    "use that entry, or give the new one a key of its own"))
    return new, problems


def _stage(data: Path, new: Path, resources: Mapping[str, schema.Resource],
           joined: Mapping[str, pd.DataFrame], text: Mapping[str, pd.DataFrame],
           folders: list[Path]) -> None:
    """The dataset as it will be, in the folder `new`."""
    shutil.copytree(data, new, ignore=shutil.ignore_patterns(".checked"))
    for name, table in joined.items():
        if table is not text[name]:
            _write(new / resources[name].path, table)
    for folder in folders:
        if folder.is_relative_to(data / "candidates"):
            shutil.rmtree(new / folder.relative_to(data))


def _classify(new: Path, resources: Mapping[str, schema.Resource],
              joined: Mapping[str, pd.DataFrame], key: str, contents: Contents) -> str:
    """Class of the update, from comparing it with the edition before; written into its row, and
    with it the rows behind the figures and tables."""

    now = load(key, new, contents)
    previous = now.previous
    assert previous is not None, "the new edition comes after the newest"
    before = load(previous["edition_id"], new, contents)
    change_class = changes(before, now).change_class
    table = joined["editions"].copy()
    table.loc[(table["edition_id"] == key).fillna(False), "change_class"] = change_class
    _write(new / resources["editions"].path, table)
    if (new / "rows").is_dir():
        stored_rows.write(load(key, new, contents))
    (new / ".checked").unlink(missing_ok=True)
    return change_class


def _write(path: Path, table: pd.DataFrame) -> None:
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


def _flush(folder: Path) -> None:
    """Everything in a folder is on the disk, not only on its way there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(path: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class _Bibliography:
    """The bibliography with entries added, as it was again where the body fails.

    It is written first: entries that nothing cites do no harm, a citation without entry does.
    """

    def __init__(self, path: Path, entries: dict[str, str]):
        self.path, self.entries = path, entries

    def __enter__(self) -> None:
        self.old = self.path.read_bytes() if self.entries and self.path.exists() else None
        if self.entries:
            added = "".join(f"\n{entry}\n" for entry in self.entries.values())
            self._replace((self.old or b"") + added.encode())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind and self.old is not None:
            self._replace(self.old)
        elif kind and self.entries:
            self.path.unlink(missing_ok=True)

    def _replace(self, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=self.path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if self.path.exists():
                shutil.copymode(self.path, name)
            os.replace(name, self.path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise


def _bytes(data: Path) -> dict[str, bytes]:
    """The dataset's own files, to see whether somebody changed them meanwhile."""
    return {path.name: path.read_bytes() for path in sorted(data.glob("*.csv"))}
