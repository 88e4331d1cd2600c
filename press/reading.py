"""Read a text of the project: UTF-8, with or without a byte-order mark, and any line ends."""

from __future__ import annotations

import codecs
from pathlib import Path

from .errors import PressError, Problem

OTHER_MARKS = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
               codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
"""Marks at the beginning of a file in another encoding; the longer ones first."""


class EncodingError(PressError):
    """A file of the project is not UTF-8."""


def decoded(data: bytes, path: str) -> str:
    """The text in ``data``, without a byte-order mark and with ``\\n`` at the end of each line.

    ``path`` is how a message names the file. Raises EncodingError with the line of the first byte
    that is not UTF-8.
    """
    for mark, name in OTHER_MARKS.items():
        if data.startswith(mark):
            raise EncodingError(Problem(path, 1, f"is {name}, not UTF-8; save it as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EncodingError(Problem(path, line, f"is not UTF-8: the byte 0x{data[error.start]:02x} "
                                    "begins no character; save the file as UTF-8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(root: Path, path: str) -> str:
    """The text of the file at ``root/path``. Raises EncodingError where it is not UTF-8."""
    return decoded((root / path).read_bytes(), path)
