"""One render at a time in a project, and what a killed one left is taken away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Problem, RenderError

WORK = "work-"  # what the working folders of a render are called, in the project's cache
STAGING = ".press-"  # and those in which it lays out what goes to the output folder
NEW, OLD = "new", "old"  # in these: what comes, and what was there before


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Only one process at a time works in ``home``, the project's cache; the system frees the lock
    when the process ends, however it ends. Raises RenderError while another holds it."""
    try:
        import fcntl
    except ImportError:  # not there on Windows
        yield
        return
    folder = os.open(home, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RenderError(Problem(
                home.name, 0, "another render of this project is running; wait until it is done "
                "and run the command again")) from None
        for left in home.glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(folder)


def recover(output: Path) -> None:
    """Put back what a render that was killed had moved out of ``output``, and take away the rest
    of it: what was there before is whole again."""
    for left in sorted(output.glob(f"{STAGING}*")):
        old = left / OLD
        for path in sorted(old.rglob("*")):
            if path.is_file():
                target = output / path.relative_to(old)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        shutil.rmtree(left, ignore_errors=True)
