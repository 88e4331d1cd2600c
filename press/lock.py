"""One run at a time in a project, and what a killed one left is taken away."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Problem, RenderError

WORK = "work-"  # what the working folders of a render are called, in the project's cache
STAGING = ".press-"  # and those in which it lays out what goes to the output folder
NEW, OLD = "new", "old"  # in these: what comes, and what was there before
ARRIVING = "arriving.json"  # and the names of all that comes
KERNELS = "press-kernels-"  # and the folders of kernels, among the temporary ones
PART = ".part"  # how the name of a file ends that is being written


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
        for left in home.rglob(f"*{PART}"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(folder)


def recover(output: Path) -> None:
    """Put back what a render that was killed had moved out of ``output``, and take away the rest
    of it: what was there before is whole again."""
    for left in sorted(output.glob(f"{STAGING}*")):
        old = left / OLD
        for name in _arrived(left):
            (output / name).unlink(missing_ok=True)
        for path in sorted(old.rglob("*")):
            if path.is_file():
                target = output / path.relative_to(old)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        shutil.rmtree(left, ignore_errors=True)


def _arrived(staging: Path) -> list[str]:
    """What a killed run had put where nothing was before."""
    try:
        names = json.loads((staging / ARRIVING).read_text("utf-8"))
    except (OSError, ValueError):
        return []  # it had not begun to move
    return [name for name in names
            if not (staging / NEW / name).exists() and not (staging / OLD / name).exists()]


def tidy(home: Path, output: Path) -> None:
    """Take away what a killed run left, for one that has nothing else to do; nothing while another
    is running, whose work it may be."""
    _remove_unheld()
    if any(home.glob(f"{WORK}*")) or any(output.glob(f"{STAGING}*")):
        with suppress(RenderError), alone(home):
            recover(output)


class HeldFolder:
    """A new folder for kernels among the temporary ones, held by this process until ``cleanup``.

    It is not in the project, where the path of a socket in it might be too long. A process that is
    killed leaves its folder; the next one takes away what nobody holds.
    """

    def __init__(self) -> None:
        _remove_unheld()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=KERNELS))
            self._held = _hold(self.path)
            if self.path.exists():  # else another process has taken it for one that was left
                break

    def cleanup(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _hold(folder: Path) -> int | None:
    """The folder, open and locked; None where somebody else holds it, or nothing can be locked."""
    try:
        import fcntl

        opened = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened


def _remove_unheld() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{KERNELS}*"):
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            if (held := _hold(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
