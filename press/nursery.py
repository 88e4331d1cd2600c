"""A process that imports once what the chapters import, and forks a fresh kernel for each.

Most of a chapter's time goes into starting Python and importing pandas and matplotlib. Here that
happens once; every kernel is still a process of its own that shares no state with another. Run by
``kernels.Nursery`` as a script, so that nothing but ipykernel and the named modules is loaded.
Libraries are imported at once, the project's own modules when the first kernel is wanted: the
pre-render commands may run until then, and may change what those modules read.
Standard input: a JSON line for each kernel wanted, ``{"arguments": […], "folder": "…"}``; standard
output: its process id. End of input ends the nursery.
"""

import sys

# A script's own folder is first on the path, and here it holds names of the standard library.
del sys.path[0]

import contextlib  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
from importlib import import_module  # noqa: E402
from importlib.util import find_spec  # noqa: E402

KERNEL = ["ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib",
          "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio"]
"""What a kernel imports when it starts; the debugger alone is a tenth of a second."""


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


def preload(modules: list[str]) -> None:
    """Import what can be; a chapter that needs a module that cannot says so itself."""
    sys.path.insert(0, os.getcwd())
    for name in modules:
        with contextlib.suppress(Exception):
            import_module(name)
    sys.path.pop(0)


def become_kernel(arguments: list[str], folder: str) -> None:
    """Turn this fresh copy of the process into a kernel; returns when the kernel ends."""
    from ipykernel.kernelapp import IPKernelApp

    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.chdir(folder)
    # The kernel ends by itself when this process is gone, as it would with a client of its own.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    app.start()


def main() -> None:
    """Serve requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is imported stays: to look through it for garbage would take time here, and in every
    # kernel also the memory that they share.
    gc.disable()
    sys.path.insert(0, os.getcwd())
    own = [name for name in sys.argv[1:] if is_own(name)]
    sys.path.pop(0)
    preload([*KERNEL, *(name for name in sys.argv[1:] if name not in own)])
    # Ended kernels are not waited for, so that the client sees at once that they are gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        wanted = json.loads(line)
        preload(own)
        own = []
        gc.freeze()
        child = os.fork()
        if child == 0:
            gc.enable()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            status = 1
            try:
                become_kernel(wanted["arguments"], wanted["folder"])
                status = 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        try:
            os.setpgid(child, child)
        except OSError:
            pass  # the child was quicker
        print(child, flush=True)


if __name__ == "__main__":
    main()
