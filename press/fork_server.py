"""A process that imports once what the chapters import, and forks a fresh kernel for each.

Most of a chapter's time goes into starting Python and importing pandas and matplotlib. Here that
happens once; every kernel is still a process of its own that shares no state with another.

``kernels.ForkServer`` runs this file as a script, with the number of a socket and the names of the
modules as arguments, so that nothing but ipykernel and these modules is loaded. Libraries are
imported at once. The project's own modules are imported when the first kernel is asked for: until
then the pre-render commands may still be running, and may change what those modules read.

The socket belongs to the two processes alone; what modules print while they are imported goes to
standard error. A message is JSON. To the server: ``{"arguments": […], "folder": "…"}`` for each
kernel; ``{"prepare": true}`` to import the project's modules at once; ``{"copy": true}`` for a
second server like this one. From the server: ``{"importing": name}`` before each module ("" after
the last), ``{"failed": name, "reason": …}`` for one that cannot be imported, ``{"started": true}``
with a descriptor of the kernel's process, which stays that process's whatever becomes of its
number, and ``{"copied": true}`` with such a descriptor and the socket of the copy. The server ends
with its socket.

A copy that is made before the project's modules are imported has the libraries and nothing of the
project: a preview makes a new one whenever a module or the data changed.
"""

import sys

# A script's own folder is first on the path, and here it holds names of the standard library.
FOLDER = sys.path.pop(0)

import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import selectors  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
from collections.abc import Callable  # noqa: E402
from contextlib import suppress  # noqa: E402
from importlib import import_module  # noqa: E402
from importlib.util import find_spec, module_from_spec, spec_from_file_location  # noqa: E402

KERNEL_MODULES = ["ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib",
          "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio"]
"""What a kernel imports when it starts; the debugger alone is a tenth of a second."""
MESSAGE = 1 << 20
"""The most bytes of a message."""


def is_own(name: str) -> bool:
    """Whether a module is the project's, in whose folder this process runs."""
    try:
        spec = find_spec(name.partition(".")[0])
    except (ImportError, ValueError):
        return False
    places = [spec.origin] if spec and spec.origin else list(
        (spec and spec.submodule_search_locations) or [])
    root, installed = os.path.realpath(os.getcwd()), os.path.realpath(sys.prefix)
    return any(os.path.realpath(place).startswith(root + os.sep)
               and not os.path.realpath(place).startswith(installed + os.sep)
               for place in places)


def watch_files() -> None:
    """Note which files are opened from now on; the kernels go on with it."""
    name = "press_in_kernel"
    spec = spec_from_file_location(name, os.path.join(FOLDER, "in_kernel.py"))
    assert spec and spec.loader  # a file that ends in .py has both
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    sys.modules[name].watch()


class Server:
    """Imports modules and forks kernels, as asked for on ``channel``."""

    def __init__(self, channel: socket.socket, project_modules: list[str]):
        self.channel = channel
        self.project_modules = project_modules
        """What is still to be imported before the first kernel."""
        self.children: dict[int, int] = {}
        """The process id of each kernel or copy that has not been waited for, by its
        descriptor."""
        self.events = selectors.DefaultSelector()
        self.events.register(channel, selectors.EVENT_READ)

    def send(self, **message: object) -> None:
        """Tell the other side something; nothing where it is gone."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.channel.send(json.dumps(message).encode())

    def preload(self, modules: list[str]) -> None:
        """Import modules, and tell which could not be imported."""
        sys.path.insert(0, os.getcwd())
        for name in modules:
            self.send(importing=name)
            try:
                import_module(name)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit and the like must not end the server
                self.send(failed=name, reason=f"{type(error).__name__}: {error}")
        self.send(importing="")
        sys.path.remove(os.getcwd())

    def fork(self, arguments: list[str], folder: str) -> None:
        """Start a kernel."""
        def kernel() -> None:
            gc.enable()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            become_kernel(arguments, folder)

        descriptor = self.start(kernel)
        socket.send_fds(self.channel, [b'{"started": true}'], [descriptor])

    def copy(self) -> None:
        """Start another server that has imported what this one has."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def server() -> None:
            theirs.close()
            Server(ours, self.project_modules).serve()

        descriptor = self.start(server)
        ours.close()
        with theirs:
            socket.send_fds(self.channel, [b'{"copied": true}'], [descriptor, theirs.fileno()])

    def start(self, work: Callable[[], None]) -> int:
        """Do some work in a fresh copy of this process, which ends with it; returns a descriptor
        of that process."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                self.events.close()
                self.channel.close()
                for descriptor in self.children:
                    os.close(descriptor)
                with suppress(OSError):
                    os.setpgid(0, 0)
                work()
                status = 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        # The child does the same for itself, and may have been quicker.
        with suppress(OSError):
            os.setpgid(child, child)
        descriptor = os.pidfd_open(child)
        self.children[descriptor] = child
        self.events.register(descriptor, selectors.EVENT_READ)
        return descriptor

    def bury(self, descriptor: int) -> None:
        """Take notice of a child that has ended, and end what it started and left behind.

        Until it is waited for, its number is not given to another process.
        """
        child = self.children.pop(descriptor)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        self.events.unregister(descriptor)
        os.close(descriptor)

    def serve(self) -> None:
        """Do what is asked for until the other side has gone."""
        while True:
            for key, _ in self.events.select():
                if key.fileobj is not self.channel:
                    self.bury(key.fd)
                    continue
                data = self.channel.recv(MESSAGE)
                if not data:
                    return
                message = json.loads(data)
                if "copy" in message:
                    self.copy()
                    continue
                self.preload(self.project_modules)
                self.project_modules = []
                gc.freeze()
                if "arguments" in message:
                    self.fork(**message)


def become_kernel(arguments: list[str], folder: str) -> None:
    """Turn this fresh copy of the process into a kernel; returns when the kernel ends."""
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(folder)
    # With the server as its parent, the kernel ends by itself as soon as the server is gone.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)  # type: ignore[no-untyped-call]  # ipykernel types only a part
    app.start()  # type: ignore[no-untyped-call]  # ipykernel types only a part


def main() -> None:
    """Serve on the socket whose number is the first argument; the others are modules."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that is imported here is ever thrown away, so the garbage collector would search it in
    # vain. In a kernel the search would also write to the memory that all kernels share, and so
    # make a copy of it. Hence: no collection here, and gc.freeze() before a fork, which tells the
    # kernels' collectors to leave alone what was there before they started.
    gc.disable()
    watch_files()
    modules = sys.argv[2:]
    sys.path.insert(0, os.getcwd())
    project_modules = [name for name in modules if is_own(name)]
    sys.path.pop(0)
    server = Server(channel, project_modules)
    server.preload([*KERNEL_MODULES, *(name for name in modules if name not in project_modules)])
    server.serve()


if __name__ == "__main__":
    main()
