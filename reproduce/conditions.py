"""Render a copy of a project, as it is done anywhere else: another folder, day, language, …"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .needless import is_needless
from .run import run

HERE = Path(__file__).resolve().parent
MADE = {".git", ".venv", ".press", ".quarto", "_book", "build", "downloads", "__pycache__",
        ".pytest_cache", ".ruff_cache", ".mypy_cache"}
"""What is never copied where there is no git to say which files are the project's."""
LOCALES = ("tr_TR.iso88599", "tr_TR.utf8", "de_DE.utf8", "fr_FR.utf8", "ja_JP.utf8")
"""Of other letters, orders and decimal signs; the first that the system has is taken."""
DAYS = 1500
"""How far the clock is moved."""
LONG_AGO = 981_173_106
"""When the files of a copy were last changed, as far as the copy tells: a day of 2001."""


@dataclass(frozen=True)
class Conditions:
    """Where and how a copy is rendered.

    ``folder``: the name of the copy; ``variables``: of the environment, on top of what is there;
    ``umask``: which rights new files lack; ``one_core``: whether only one core may be used;
    ``old_files``: whether the copy says that its files were last changed long ago;
    ``emptied``: whether the files are empty that no report is made from.
    """

    folder: str
    variables: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    one_core: bool = False
    old_files: bool = False
    emptied: bool = False


PLAIN = Conditions("project")


def other(place: Path) -> tuple[Conditions, list[str]]:
    """Everything otherwise at once, and what could not be made so on this system.

    ``place``: a folder for what belongs to it (a home folder, the clock).
    """
    left_out = []
    home = place / "another home"
    home.mkdir(parents=True)
    locale = _locale()
    variables = {
        "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "HOME": str(home),
        "XDG_CACHE_HOME": str(home), "XDG_CONFIG_HOME": str(home), "COLUMNS": "37",
        "SOURCE_DATE_EPOCH": "1", "LC_ALL": locale, "LANG": locale}
    clock = _clock(place)
    if clock:
        variables |= {"LD_PRELOAD": str(clock), "CLOCK_SHIFT": str(DAYS * 24 * 3600)}
    else:
        left_out.append("the clock is not moved, which takes Linux and a C compiler")
    one_core = hasattr(os, "sched_setaffinity")
    if not one_core:
        left_out.append("all cores are used, as this system keeps no process on one")
    if locale == "C":
        left_out.append(f"the locale is C, as none of {', '.join(LOCALES)} is installed")
    folder = "деnь zwei – 日本 [x] 'y' #1 100%"
    return Conditions(folder, variables, 0o077, one_core, old_files=True,
                      emptied=True), left_out


def _locale() -> str:
    """One of ``LOCALES``, else C."""
    try:
        listed = subprocess.run(["locale", "-a"], capture_output=True).stdout.decode("ascii",
                                                                                     "ignore")
    except OSError:
        return "C"
    return next((name for name in LOCALES if name in listed.split()), "C")


def _clock(place: Path) -> Path | None:
    """The library that moves the clock; None where it cannot be made."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler or not sys.platform.startswith("linux"):
        return None
    library = place / "clock.so"
    made = subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library),
                           str(HERE / "clock.c")], capture_output=True)
    return library if made.returncode == 0 else None


def files(root: Path) -> list[str]:
    """The files of a project, as paths from its root: what git knows or would take, else all
    that was not made by running it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True) if shutil.which("git") else None
    if listed and listed.returncode == 0:
        names: Iterable[str] = os.fsdecode(listed.stdout).split("\0")
    else:
        names = (path.relative_to(root).as_posix() for path in root.rglob("*")
                 if not MADE & set(path.relative_to(root).parts))
    return sorted(name for name in set(names) if name and (root / name).is_file())


def copied(root: Path, target: Path) -> list[str]:
    """Copies a project's files to ``target``; their paths from there."""
    names = files(root)
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, target / name)
    return names


def rendered(root: Path, place: Path, conditions: Conditions = PLAIN,
             python: Path | str = sys.executable) -> Path:
    """A folder with everything that a copy of the project at ``root`` gives: documents, downloads,
    notebooks. Copy and folder lie in ``place``. Raises Failed where a command fails."""
    copy, output = place / conditions.folder, place / "output"
    for name in copied(root, copy):
        if conditions.emptied and is_needless(name):
            os.truncate(copy / name, 0)
        if conditions.old_files:
            os.utime(copy / name, (LONG_AGO, LONG_AGO))
    _run([str(python), "-m", "press", "render", "--output", str(output)], copy, conditions)
    _run([str(python), "-m", "press", "notebooks", "--output", str(output / "notebooks")], copy,
         conditions)
    return output


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _run(command: list[str], folder: Path, conditions: Conditions) -> None:
    # the folder's own packages come before those of the project that is installed
    variables = {**os.environ, **conditions.variables, "PYTHONPATH": str(folder)}
    run(command, folder, variables, conditions.umask,
        _on_one_core if conditions.one_core else None)
