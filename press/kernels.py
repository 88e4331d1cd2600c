"""Kernel processes forked from a warm one, where the system can do that."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CAN_FORK = sys.platform.startswith("linux")
"""Elsewhere, forking a process that has loaded system frameworks is not safe."""


class Nursery:
    """The warm process (see ``nursery.py``), until it is ended."""

    def __init__(self, modules: tuple[str, ...], folder: Path, environment: dict[str, str]):
        script = Path(__file__).with_name("nursery.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), *modules], cwd=folder, text=True,
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def fork(self, arguments: list[str], folder: str) -> Forked:
        """A new kernel process, given what follows ``-m ipykernel_launcher``."""
        wanted = {"arguments": arguments, "folder": folder}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise OSError("the process that starts kernels has ended")
        return Forked(int(answer))


class Forked:
    """A grandchild as jupyter_client wants to see a process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        """None while it lives. Its exit status is not known here: 0."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (timeout or 10)
        while self.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
