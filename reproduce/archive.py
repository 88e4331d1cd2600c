"""Write one file from which the report can be rebuilt without a network, to the same bytes.

    python -m reproduce.archive [--output FILE] [ROOT]

It holds the sources as committed, their locks, the packages of the report's lock as wheels for this
Python and system, the hashes of all of these and of the report that is expected, and a script that
rebuilds and compares. The same commit gives the same file. Needs git, and the network once, for
the wheels.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import hashes
from .rebuild import ABOUT, FILES, LOCK, OUTPUTS, RENDER, SOURCES, WHEELS
from .run import Failed, run

SCRIPT = """\
#!/bin/sh
# Rebuilds the report from what lies here, without a network, and compares it with what is expected.
set -eu
cd "$(dirname "$0")/sources"
exec "${PYTHON:-python3}" -B -m reproduce.rebuild ..
"""
README = """\
{title} {version}, commit {commit} of {date}

    sh rebuild.sh

makes a virtual environment in venv/ from wheels/, renders the report from sources/ into report/
without any network, and compares every file of it with outputs.sha256. It needs Python {python} on
{platform}, with venv; PYTHON=/path/to/python chooses one. A few minutes.

sources/         the project as committed; sources/README.md says what it is
wheels/          the packages of sources/{lock}, which has their hashes, too
about.json       commit, version, Python, system and the command that renders
files.sha256     the hash of every file here      (sha256sum --check files.sha256)
outputs.sha256   the hash of every file of the report
"""


@dataclass(frozen=True)
class Commit:
    """What is archived: its hash, its time in seconds, its day, files that differ from it."""

    key: str
    time: int
    day: str
    changed: int


def main(words: list[str] | None = None) -> int:
    """Write the archive and say how large it is."""
    parser = argparse.ArgumentParser(prog="python -m reproduce.archive",
                                     description=(__doc__ or "").splitlines()[0])
    parser.add_argument("root", nargs="?", type=Path, default=Path("."), metavar="ROOT")
    parser.add_argument("--output", type=Path, metavar="FILE",
                        help="default: build/NAME-VERSION-PYTHON-SYSTEM.tar.gz")
    arguments = parser.parse_args(words)
    try:
        path = write(arguments.root.resolve(), arguments.output)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{path}  {path.stat().st_size / 1e6:.0f} MB  {hashes.of_file(path)}")
    return 0


def write(root: Path, output: Path | None = None, python: str = sys.executable) -> Path:
    """Archive the commit that is checked out at ``root``; returns the file. Raises Failed.

    ``python`` has the packages of the lock: with it the report is rendered that is expected.
    """
    commit = _commit(root)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    about = {
        "title": project["name"], "version": project["version"], "commit": commit.key,
        "date": commit.day, "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "platform": sysconfig.get_platform(), "lock": LOCK, "render": RENDER}
    name = f"{project['name']}-{project['version']}"
    output = output or root / "build" / (
        f"{name}-cp{sys.version_info[0]}{sys.version_info[1]}-{about['platform']}.tar.gz")
    if commit.changed:
        print(f"{commit.changed} files differ from the commit; archived as committed",
              file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="archive-") as temporary:
        place = Path(temporary).resolve()
        content, rendered = place / "content", place / "rendered"
        _export(root, content / SOURCES)
        print("fetching the wheels", file=sys.stderr)
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
              "--no-deps", "--only-binary", ":all:", "--require-hashes",
              "--requirement", str(content / SOURCES / LOCK), "--dest", str(content / WHEELS)],
             root)
        print("rendering what is expected", file=sys.stderr)
        shutil.copytree(content / SOURCES, rendered)
        _run([python, *RENDER, str(place / "report")], rendered)
        texts = {OUTPUTS: hashes.written(hashes.of_folder(place / "report")),
                 ABOUT: json.dumps(about, indent=1) + "\n", "rebuild.sh": SCRIPT,
                 "README.txt": README.format(**about)}
        for file, text in texts.items():
            (content / file).write_text(text, "utf-8", newline="\n")
        (content / "rebuild.sh").chmod(0o755)
        listed = hashes.written(hashes.of_folder(content))
        (content / FILES).write_text(listed, "utf-8", newline="\n")
        output.parent.mkdir(parents=True, exist_ok=True)
        pack(content, name, commit.time, output)
    return output


def _commit(root: Path) -> Commit:
    git = ["git", "-C", str(root)]
    try:
        done = subprocess.run([*git, "log", "-1", "--format=%H %ct %cs"], capture_output=True,
                              text=True)
    except FileNotFoundError:
        raise Failed("an archive holds what is committed, and there is no git here; install "
                     "it") from None
    if done.returncode:
        raise Failed(f"an archive holds what is committed, and {root} is no checkout of git "
                     "with a commit; clone the repository and archive from there")
    key, time, day = done.stdout.split()
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True,
                             text=True).stdout.splitlines()
    return Commit(key, int(time), day, len(changed))


def _export(root: Path, folder: Path) -> None:
    done = subprocess.run(["git", "-C", str(root), "archive", "--format=tar", "HEAD"],
                          capture_output=True)
    if done.returncode:
        raise Failed(done.stderr.decode("utf-8", "replace").strip())
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        unpack(tar, folder)


def _run(command: Sequence[str], folder: Path) -> None:
    # what is archived has to render by itself, without the project that is installed
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run(command, folder, variables)


def unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Unpack an archive in ``folder``, and nothing of it elsewhere where this Python can see to it:
    3.11.4 and later do, and those before know no such filter."""
    if hasattr(tarfile, "data_filter"):
        tar.extraction_filter = tarfile.data_filter
    tar.extractall(folder)


def pack(folder: Path, name: str, time: int, output: Path) -> None:
    """Pack a folder, to be unpacked as ``name``: files by name, all of the same time and owner, so
    that the same files give the same bytes. ``output`` appears when it is whole."""
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed, \
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                entry = tarfile.TarInfo(f"{name}/{path.relative_to(folder).as_posix()}")
                entry.size, entry.mtime = path.stat().st_size, time
                entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
                with path.open("rb") as file:
                    tar.addfile(entry, file)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
