"""Where kernels come from: their environment, and the fork server that starts them quickly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from .config import Book
from .errors import CellError, Problem

CAN_FORK = sys.platform.startswith("linux")
"""Elsewhere, forking a process that has loaded system frameworks is not safe."""
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "SOURCE_DATE_EPOCH": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""What makes two runs of a chapter give the same bytes, on top of the environment as it is."""
MATPLOTLIBRC = """\
svg.hashsalt: press
figure.figsize: 7, 4.5
savefig.bbox: tight
"""


class ForkServer:
    """The process that runs ``fork_server.py``, until it is ended.

    It begins to import ``modules`` at once, in the given folder and environment.
    """

    def __init__(self, modules: tuple[str, ...], folder: Path, environment: dict[str, str]):
        script = Path(__file__).with_name("fork_server.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), *modules], cwd=folder, text=True,
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )

    def end(self) -> None:
        """End the process; kernels that it started notice and end too."""
        self._process.kill()
        self._process.communicate()

    def fork(self, arguments: list[str], folder: str) -> ForkedProcess:
        """Start a kernel in ``folder``, given what follows ``-m ipykernel_launcher``.

        Raises CellError where the server has ended.
        """
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None and answers is not None  # both were asked for as pipes
        answer = ""
        try:
            requests.write(json.dumps({"arguments": arguments, "folder": folder}) + "\n")
            requests.flush()
            answer = answers.readline()
        except BrokenPipeError:
            pass
        if not answer:
            raise CellError(Problem("kernel", 0, "the process that starts kernels has ended (out "
                                    "of memory?); leave out `press.preload` in _quarto.yml to do "
                                    "without it"))
        return ForkedProcess(int(answer))


class ForkedProcess:
    """A kernel that the fork server started, with those methods of ``subprocess.Popen`` that
    jupyter_client calls. It is not a child of this process, so its exit status is not known."""

    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        """None while the process lives, else 0."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended, at most ``timeout`` seconds (10 if not given)."""
        end = time.monotonic() + (timeout or 10)
        while self.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal; raises ProcessLookupError where the process has ended."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


class KernelHost:
    """What the kernels of a book share: an environment, a folder for sockets and, where the system
    can fork, a fork server that has imported ``press.preload``.

    A context manager. The server begins to import at once, so it is worth making the host early.
    """

    def __init__(self, book: Book):
        self._folder = tempfile.TemporaryDirectory(prefix="press")
        self.folder = Path(self._folder.name)
        matplotlibrc = self.folder / "matplotlibrc"
        matplotlibrc.write_text(MATPLOTLIBRC, "utf-8")
        self.environment = os.environ | ENVIRONMENT | {"MATPLOTLIBRC": str(matplotlibrc)}
        self.fork_server = (ForkServer(book.preload, book.root, self.environment)
                            if book.preload and CAN_FORK else None)

    def __enter__(self) -> KernelHost:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        if self.fork_server:
            self.fork_server.end()
        self._folder.cleanup()
