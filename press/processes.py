"""Run a program to its end, and say what processor time it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Finished:
    """A program that has ended: what it wrote, its exit status (negative: the signal that ended
    it), and its processor seconds (0 where the system does not tell)."""

    stdout: str
    stderr: str
    returncode: int
    processor: float


def run(command: Sequence[str], folder: Path, text: str = "",
        environment: Mapping[str, str] | None = None) -> Finished:
    """Run ``command`` in ``folder`` with ``text`` as its input. Raises OSError where it cannot be
    started.

    Its input and output are files: then the system can be asked what this one process took, while
    others run beside it.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:
        given.write(text.encode())
        given.seek(0)
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=given, stdout=out,
                                   stderr=err)
        processor = 0.0
        if hasattr(os, "wait4"):
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.kill()
                raise
            process.returncode = os.waitstatus_to_exitcode(status)
            processor = usage.ru_utime + usage.ru_stime
        else:
            process.wait()
        return Finished(_text(out), _text(err), process.returncode, processor)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").replace("\r\n", "\n")
