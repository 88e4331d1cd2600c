"""Rebuild the report in an unpacked archive, without a network, and compare it with what is
expected.

    python -m reproduce.rebuild FOLDER

``FOLDER``/rebuild.sh calls this from the sources in the archive. Nothing but Python is needed.
Exit status: 0 every file of the report is as expected, 1 it is not, or could not be made.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import hashes
from .run import Failed, run

SOURCES, WHEELS, REPORT, VENV = "sources", "wheels", "report", "venv"
ABOUT, FILES, OUTPUTS = "about.json", "files.sha256", "outputs.sha256"
LOCK = "env/requirements-report.txt"
RENDER = ["-m", "review", "render", "--engine", "embedded", "--output"]
"""What follows Python in the command that renders, before the folder of the report."""


def main(words: Sequence[str]) -> int:
    """Rebuild, compare and tell."""
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        wrong = rebuild(Path(words[0]).resolve())
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    for path, what in wrong.items():
        print(f"{REPORT}/{path}: {what}", file=sys.stderr)
    print(f"{len(wrong)} files of the report are not as expected" if wrong
          else "every file of the report is as expected")
    return 1 if wrong else 0


def rebuild(folder: Path) -> dict[str, str]:
    """Rebuild the report in an unpacked archive; what is wrong with each file of it that is not as
    expected. Raises Failed."""
    expected = hashes.read((folder / OUTPUTS).read_text("utf-8"))
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    if unfit := unfitting(about):
        raise Failed(unfit)
    if damaged := changed(folder):
        raise Failed("".join(f"{path}: {what}\n" for path, what in damaged.items())
                     + "the archive is damaged or was changed; unpack it anew")
    python = folder / VENV / "bin/python"
    print("installing the packages from wheels/", file=sys.stderr)
    _run([sys.executable, "-m", "venv", "--clear", str(folder / VENV)], folder)
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
          "--no-index", "--find-links", str(folder / WHEELS), "--no-deps", "--only-binary", ":all:",
          "--require-hashes", "--requirement", str(folder / SOURCES / about["lock"])], folder)
    print("rendering", file=sys.stderr)
    _run([str(python), *about["render"], str(folder / REPORT)], folder / SOURCES)
    return hashes.compared(expected, hashes.of_folder(folder / REPORT))


def unfitting(about: Mapping[str, Any]) -> str:
    """Why the archive's packages are not for this Python and system; "" where they are."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if (here, sysconfig.get_platform()) == (about["python"], about["platform"]):
        return ""
    return (f"this archive holds packages for Python {about['python']} on {about['platform']}, and "
            f"this is Python {here} on {sysconfig.get_platform()}; name another with "
            f"PYTHON=/path/to/python{about['python']} sh rebuild.sh, or render sources/ with "
            "packages from a network: make report")


def changed(folder: Path) -> dict[str, str]:
    """The files of an unpacked archive that are missing, or not as its list says."""
    listed = hashes.read((folder / FILES).read_text("utf-8"))
    return hashes.compared(listed, {path: hashes.of_file(folder / path) for path in listed
                                    if (folder / path).is_file()})


def _run(command: Sequence[str], folder: Path) -> None:
    # nothing of the user's: no further package index, no packages from elsewhere
    variables = {name: value for name, value in os.environ.items()
                 if not name.startswith(("PIP_", "PYTHON"))} | {"PIP_CONFIG_FILE": os.devnull}
    run(command, folder, variables)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
