"""A file or a folder gets another content in one step: whoever looks sees the old one or the new
one, also after a kill. What a killed writer left beside it, the next one takes away."""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

MARK = "-update-"


def put(path: Path, content: bytes) -> None:
    """Another content for a file, in one step; a link stays one. A device or a pipe, such as
    /dev/stdout, takes what it is given and is not replaced."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    remove_left(path)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}{MARK}", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _hold(file.fileno())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask())
            os.replace(name, path)
    except BaseException as error:
        with suppress(FileNotFoundError):
            os.unlink(name)
        _named(error, path)
        raise


def put_folder(folder: Path, files: Mapping[str, bytes], fresh: bool = False) -> None:
    """Files as the one content of a folder, in one step. What it held is gone; fresh: none may be
    there, and one that somebody makes meanwhile stays, with an OSError."""
    remove_left(folder)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}{MARK}", dir=folder.parent))
    held = os.open(new, os.O_RDONLY)
    try:
        _hold(held)
        for name, content in files.items():
            (new / name).write_bytes(content)
        os.chmod(new, folder.stat().st_mode & 0o777 if folder.exists() else 0o777 & ~umask())
        flush(new)
        if folder.exists() and not fresh:
            exchange(new, folder)
        else:
            new.rename(folder)
    except OSError as error:
        _named(error, folder)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        os.close(held)


def _named(error: BaseException, path: Path) -> None:
    """Lets an error say what could not be written; of a full disk the system says nothing."""
    if isinstance(error, OSError) and not error.filename:
        error.filename = str(path)


def remove_left(path: Path) -> None:
    """Takes away what killed writers of a file or folder left beside it, and nothing that somebody
    is writing."""
    for left in path.parent.glob(f".{glob.escape(path.name)}{MARK}*"):
        with suppress(OSError):
            held = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                _hold(held)
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            finally:
                os.close(held)


def _hold(opened: int) -> None:
    """Nobody else takes this away as long as it is open."""
    import fcntl  # not there on Windows, which the commands refuse before they come here

    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


def umask() -> int:
    """The rights that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def exchange(a: Path, b: Path) -> None:
    """Two folders of one file system change places.

    In a single step where the system offers one (Linux, macOS); elsewhere in three renames, which
    are undone when one of them fails.
    """
    try:
        exchange_at_once(a, b)
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


def exchange_at_once(a: Path, b: Path) -> None:
    """`exchange` in one step; OSError where the system offers none."""
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


def flush(folder: Path) -> None:
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
