"""Run a command, or say what it said."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


class Failed(Exception):
    """What was asked cannot be done; the message says why, and what to do where that is known."""


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str], umask: int = -1,
        first: Callable[[], None] | None = None) -> None:
    """Run a command in ``folder`` with no other variables of the environment than ``variables``.

    ``umask``: which rights new files lack, -1 for the same as here; ``first``: what the new process
    does before. Raises Failed, with what was written, where the command ends with another status
    than 0.
    """
    done = subprocess.run(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                          capture_output=True, umask=umask, preexec_fn=first)
    if done.returncode:
        told = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        raise Failed(f"{' '.join(command[1:4])} … in {folder} ended with {done.returncode}:\n"
                     f"{told}")
