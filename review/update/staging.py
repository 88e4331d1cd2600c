"""A dataset is replaced as a whole or not at all, by one writer at a time.

The new one is written into a folder beside it and flushed to the disk; then the two folders change
places in one step of the operating system. A writer that is killed leaves its folder, named
.NAME-update-…, which the next one finds and removes, and with it what was added to the references.
"""

from __future__ import annotations

import csv
import errno
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from review.dataset import bibliography, replacing
from review.dataset.problems import DataError, Problem, ReviewError
from review.dataset.replacing import MARK

KEY, BEFORE, AFTER = "edition", "before.bib", "after.bib"
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


class NotWritten(ReviewError):
    """The disk or its rights stand against the update; the message says what to do."""


@contextmanager
def writing(data: Path, edition: str) -> Iterator[Path]:
    """A folder beside `data` in which its successor is prepared; removed at the end.

    Nobody else writes meanwhile: DataError where somebody does. NotWritten where the disk is full
    or the folder is closed to writers.
    """
    try:
        with _alone(data):
            _clean(data)
            staged = Path(tempfile.mkdtemp(prefix=f".{data.name}{MARK}", dir=data.parent))
            try:
                (staged / KEY).write_text(edition, "utf-8")
                yield staged
            finally:
                shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise NotWritten(_told(error, data)) from error


def _told(error: OSError, data: Path) -> str:
    where = error.filename or data.parent
    typed = shlex.quote(str(where))  # for a command
    if error.errno in FULL:
        size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
        return (f"the disk of {data.parent} is full; nothing was changed. Free at least "
                f"{2 * size // 2**20 + 1} MB and run the command again")
    if error.errno in CLOSED:
        return (f"{where} may not be read or written; nothing was changed. Allow it (chmod u+rwX "
                f"{typed}), or copy the dataset and its references elsewhere and name it with "
                "--data")
    if error.errno == errno.EXDEV:
        old, new = shlex.quote(str(data)), shlex.quote(f"{data}-copy")
        return (f"{data} cannot be moved, as it came with the image of a container; nothing was "
                f"changed. Put a copy in its place and run the command again: cp -a {old} "
                f"{new} && rm -r {old} && mv {new} {old}")
    return (f"{where}: {error.strerror or error}; nothing was changed. Mend that and run the "
            "command again")


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Only one process at a time; the system frees the lock when the process ends, however."""
    import fcntl  # not there on Windows, which the commands refuse before they come here

    # of the folder around it, as the dataset's own changes places and a file would stay behind
    folder = os.open(data.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataError([Problem(
                data.name, 0, "", "", "being updated", "another update is being accepted",
                "wait until it is done and run the command again")]) from None
        yield
    finally:
        os.close(folder)


def _clean(data: Path) -> None:
    """Removes what killed writers left, and takes back what they added to the references."""
    for left in sorted(data.parent.glob(f".{data.name}{MARK}*")):
        if left.is_dir() and not left.is_symlink():
            _restore(left, data)
            shutil.rmtree(left, ignore_errors=True)
    replacing.remove_left(bibliography.of(data))


def _restore(left: Path, data: Path) -> None:
    """The references as they were before an update that did not get as far as the dataset."""
    if not (left / AFTER).is_file() or not (left / KEY).is_file():
        return
    with (data / "editions.csv").open(encoding="utf-8-sig", newline="") as file:
        editions = {row.get("edition_id") for row in csv.DictReader(file)}
    main = bibliography.of(data)
    added = main.is_file() and main.read_bytes() == (left / AFTER).read_bytes()
    if added and (left / KEY).read_text("utf-8") not in editions:
        if (left / BEFORE).is_file():
            os.replace(left / BEFORE, main)
        else:
            main.unlink()


@contextmanager
def references(data: Path, entries: dict[str, str], staged: Path) -> Iterator[None]:
    """The bibliography with entries added, as it was again where the body fails.

    It is written first: entries that nothing cites do no harm, a citation without entry does.
    """
    if not entries:
        yield
        return
    main = bibliography.of(data)
    old = main.read_bytes() if main.exists() else None
    new = (old or b"") + "".join(f"\n{entry}\n" for entry in entries.values()).encode()
    if old is not None:
        (staged / BEFORE).write_bytes(old)
    (staged / AFTER).write_bytes(new)
    replacing.put(main, new)
    try:
        yield
    except BaseException:
        # as after a kill: where the datasets have changed places, the entries are cited
        _restore(staged, data)
        raise


def copy(data: Path, new: Path) -> None:
    """The dataset in another folder, without the stamp of its check."""
    new.mkdir()
    for path in sorted(data.rglob("*")):
        target = new / path.relative_to(data)
        if path.is_dir():
            target.mkdir()
        elif path.name != ".checked":
            shutil.copy2(path, target)
