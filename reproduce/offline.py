"""Prove that the archive rebuilds the report where there is no network.

    python -m reproduce.offline [ARCHIVE]

Unpacks an archive (a new one where none is given) in a folder of its own and runs its rebuild.sh in
a network namespace without any interface (Linux). Exit status: that of rebuild.sh; 1 where this
system closes the network for no single command, as then nothing is proved.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import archive
from .run import Failed

CLOSED = (
    ["unshare", "--net"], ["unshare", "--map-root-user", "--net"],
    ["sudo", "--non-interactive", "--preserve-env", "unshare", "--net",
     "setpriv", f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--clear-groups"])
"""Commands that run another one without a network: the first needs rights, the second a system that
gives a user's own namespaces, the third sudo without a password; it keeps user and environment."""


def main(words: Sequence[str]) -> int:
    """Unpack, rebuild and tell."""
    with tempfile.TemporaryDirectory(prefix="offline-") as temporary:
        place = Path(temporary).resolve()
        try:
            packed = Path(words[0]) if words else archive.write(
                Path.cwd(), place / "archive.tar.gz")
        except Failed as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{packed.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
        return rebuilt(packed, place / "elsewhere")


def rebuilt(packed: Path, place: Path) -> int:
    """Unpack an archive in ``place`` and run its script without a network; its exit status, 1
    where the network cannot be closed."""
    prefix = without_network()
    if not prefix:
        print("this system closes the network for no single command (unshare of util-linux does, "
              "run as root, by sudo, or where a user may make namespaces); nothing was rebuilt",
              file=sys.stderr)
        return 1
    with tarfile.open(packed) as tar:
        archive.unpack(tar, place)
    (folder,) = place.iterdir()
    return subprocess.run([*prefix, "sh", "rebuild.sh"], cwd=folder,
                          env={**os.environ, "PYTHON": sys.executable}).returncode


def without_network() -> list[str]:
    """What stands before a command that shall have no network; [] where there is no such thing."""
    return next((prefix for prefix in CLOSED if shutil.which(prefix[0]) and subprocess.run(
        [*prefix, "true"], capture_output=True).returncode == 0), [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
