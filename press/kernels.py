"""Where kernels come from: their environment, and the fork server that starts them quickly."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from .config import CONFIG_FILE, Book, line_of
from .errors import CellError, Problem
from .lock import HeldFolder


def _can_fork() -> bool:
    """Whether a fork server can be used: on Linux, where the system knows process descriptors.
    Elsewhere, forking a process that has loaded system frameworks is not safe."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


CAN_FORK = _can_fork()
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "SOURCE_DATE_EPOCH": "0",
    "COLUMNS": "80",
    "LINES": "24",
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

    It begins to import ``modules`` at once, in the given folder and environment. It has a socket of
    its own to this process, since modules may print while they are imported.
    """

    def __init__(self, channel: socket.socket, process: subprocess.Popen[bytes] | ForkedProcess,
                 line: int, settings: Path):
        self._channel, self._process, self._line = channel, process, line
        self.settings = settings
        """The folder with the settings that it reads."""
        self._importing = ""
        self._failed: list[Problem] = []

    @classmethod
    def start(cls, modules: tuple[str, ...], folder: Path, environment: dict[str, str],
              ) -> ForkServer:
        """Start a server, which imports ``modules`` in a folder and an environment."""
        script = Path(__file__).with_name("fork_server.py")
        channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            process = subprocess.Popen(
                [sys.executable, str(script), str(other.fileno()), *modules], cwd=folder,
                env=environment, stdin=subprocess.DEVNULL, pass_fds=[other.fileno()],
            )
        settings = Path(environment["MATPLOTLIBRC"]).parent
        return cls(channel, process, line_of(folder, "preload"), settings)

    def copy(self) -> ForkServer:
        """Another server that has imported what this one has; it ends with this one.

        Raises CellError where this server has ended.
        """
        process, channel = self._ask({"copy": True}, "copied")
        copy = ForkServer(socket.socket(fileno=channel), ForkedProcess(process), self._line,
                          self.settings)
        copy._failed = list(self._failed)
        return copy

    def prepare(self) -> None:
        """Let the server import the project's modules now, without waiting for it."""
        self._send({"prepare": True})

    def end(self) -> None:
        """End the process; kernels that it started notice and end too."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._channel.close()

    def fork(self, arguments: list[str], folder: str) -> ForkedProcess:
        """Start a kernel in ``folder``, given what follows ``-m ipykernel_launcher``.

        Raises CellError where a module cannot be imported, or the server has ended.
        """
        [descriptor] = self._ask({"arguments": arguments, "folder": folder}, "started")
        process = ForkedProcess(descriptor)
        if self._failed:
            process.kill()
            process.wait()
            raise CellError(self._failed)
        return process

    def _send(self, request: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._channel.send(json.dumps(request).encode())

    def _ask(self, request: dict[str, Any], answer: str) -> list[int]:
        """Send a request and wait for its answer; returns the descriptors that come with it."""
        self._send(request)
        while True:
            message, descriptors = self._receive()
            self._importing = message.get("importing", self._importing)
            if "failed" in message:
                self._failed.append(Problem(
                    CONFIG_FILE, self._line, f"`press.preload`: {message['failed']} cannot be "
                    f"imported: {message['reason']}"))
            if answer in message:
                return descriptors

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._channel, 1 << 20, 2)
        except ConnectionResetError:
            data, descriptors = b"", []
        if data:
            return json.loads(data), descriptors
        if self._importing:
            status = self._process.wait(5)
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            if isinstance(self._process, ForkedProcess):
                how = "its exit status is not known"
            raise CellError(Problem(CONFIG_FILE, self._line, "`press.preload`: the process that "
                                    f"imports {self._importing} ended with it ({how}); leave that "
                                    "module out"))
        raise CellError(Problem("kernel", 0, "the process that starts kernels has ended (out "
                                "of memory?); leave out `press.preload` in _quarto.yml to do "
                                "without it"))


class ForkedProcess:
    """A kernel that the fork server started, with those methods of ``subprocess.Popen`` that
    jupyter_client calls. It is not a child of this process, so its exit status is not known.

    ``descriptor`` stands for this very process. Its number would not do: once the kernel has ended,
    the system may give it to another process.
    """

    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None
    pid = None

    def __init__(self, descriptor: int):
        self._descriptor: int | None = descriptor

    def poll(self) -> int | None:
        """None while the process lives, else 0."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended, at most ``timeout`` seconds (10 if not given)."""
        self._ended(10 if timeout is None else timeout)
        return 0

    def _ended(self, timeout: float) -> int | None:
        if self._descriptor is None:
            return 0
        waiting = select.poll()
        waiting.register(self._descriptor, select.POLLIN)
        if not waiting.poll(timeout * 1000):
            return None
        os.close(self._descriptor)
        self._descriptor = None
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal; raises ProcessLookupError where the process has ended."""
        if self._descriptor is None:
            raise ProcessLookupError(errno.ESRCH, "the kernel has ended")
        signal.pidfd_send_signal(self._descriptor, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


class KernelHost:
    """What the kernels of a render share: an environment, a folder for sockets and, where the
    system can fork, a fork server that has imported ``press.preload``.

    A context manager. The server begins to import at once, so it is worth making the host early.
    ``fork_server``: one that is there already, and stays when the host goes.
    """

    def __init__(self, book: Book, fork_server: ForkServer | None = None):
        self._folder = HeldFolder()
        self.folder = self._folder.path
        matplotlibrc = self.folder / "matplotlibrc"
        matplotlibrc.write_text(MATPLOTLIBRC, "utf-8")
        # The settings of matplotlib and IPython are ours, and not what somebody has at home.
        self.environment = os.environ | ENVIRONMENT | {
            "MATPLOTLIBRC": str(matplotlibrc), "IPYTHONDIR": str(self.folder / "ipython")}
        self._own = (ForkServer.start(book.preload, book.root, self.environment)
                     if fork_server is None and book.preload and CAN_FORK else None)
        self.fork_server = fork_server or self._own
        self.ours = [self.folder, *([self.fork_server.settings] if self.fork_server else [])]
        """What the renderer itself lets kernels read: files and folders."""

    def __enter__(self) -> KernelHost:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        if self._own:
            self._own.end()
        self._folder.cleanup()


MakeHost = Callable[[Book, bool], KernelHost]
"""Makes what the kernels of one render are started from. The second argument says that commands run
first, which may change the project's modules."""
