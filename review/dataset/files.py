"""Reading a file of the dataset: its text, or what is wrong with it in words."""

from __future__ import annotations

import codecs
from pathlib import Path

from review.dataset.problems import DataError, Problem


def content(path: Path) -> bytes:
    """The bytes of a file; DataError with one problem where there are none to be had.

    A folder, a pipe or a link that leads nowhere in place of the file is told as such, and a file
    that may not be read too.
    """
    if path.is_symlink() and not path.exists():
        raise _refused(path, "missing file", "it is a link that leads nowhere",
                       f"put the file itself into {path.parent}")
    try:
        if path.exists() and not path.is_file():
            what = "a folder" if path.is_dir() else "no file"
            raise _refused(path, "no file", f"it is {what}, and a file is needed",
                           f"move it away and put the file into {path.parent}")
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, "missing file", "the file is missing",
                       f"restore it in {path.parent}") from None
    except PermissionError:
        raise _refused(path, "unreadable", "the file may not be read",
                       f"allow it: chmod u+r {path.name}, and u+rx for its folder") from None
    except OSError as error:
        raise _refused(path, "unreadable", f"the file cannot be read: {error.strerror}",
                       "copy it to a disk that works, or restore it") from None


def text(path: Path, remedy: str = "save it as UTF-8") -> str:
    """The text of a UTF-8 file, without its byte order mark; DataError as in `content`, and with
    the line where it is in another encoding. remedy: how such a file is saved rightly."""
    read = content(path)
    if read.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(path, "encoding", "the file is in UTF-16", remedy)
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = read[:error.start].count(b"\n") + 1
        raise DataError([Problem(
            path.name, line, "", "", "encoding",
            f"the line is not in UTF-8 (byte {read[error.start]:#04x})", remedy)]) from None


def _refused(path: Path, rule: str, message: str, remedy: str) -> DataError:
    return DataError([Problem(path.name, 0, "", "", rule, message, remedy)])
