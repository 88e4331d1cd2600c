"""A process that imports once what the chapters import, and forks a fresh kernel for each.

Most of a chapter's time goes into starting Python and importing pandas and matplotlib. Here that
happens once; every kernel is still a process of its own that shares no state with another.

``kernels.ForkServer`` runs this file as a script, with the names of the modules as arguments, so
that nothing but ipykernel and these modules is loaded. Libraries are imported at once. The
project's own modules are imported when the first kernel is asked for: until then the pre-render
commands may still be running, and may change what those modules read.

Standard input: a JSON line for each kernel, ``{"arguments": […], "folder": "…"}``. Standard output:
a line with the process id of each. The server ends with its input.
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

KERNEL_MODULES = ["ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib",
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
    """Import modules. One that fails is left out: the chapter that needs it will fail with the
    reason, at the line of its import."""
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
    # With the server as its parent, the kernel ends by itself as soon as the server is gone.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)  # type: ignore[no-untyped-call]  # ipykernel types only a part
    app.start()  # type: ignore[no-untyped-call]  # ipykernel types only a part


def main() -> None:
    """Start a kernel for each line of standard input, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that is imported here is ever thrown away, so the garbage collector would search it in
    # vain. In a kernel the search would also write to the memory that all kernels share, and so
    # make a copy of it. Hence: no collection here, and gc.freeze() below, which tells the kernels'
    # collectors to leave alone what was there before they started.
    gc.disable()
    sys.path.insert(0, os.getcwd())
    project_modules = [name for name in sys.argv[1:] if is_own(name)]
    sys.path.pop(0)
    libraries = [name for name in sys.argv[1:] if name not in project_modules]
    preload([*KERNEL_MODULES, *libraries])
    # The system shall forget a kernel as soon as it ends, so that the client sees that it is gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        request = json.loads(line)
        preload(project_modules)
        project_modules = []
        gc.freeze()
        child = os.fork()
        if child == 0:
            gc.enable()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            status = 1
            try:
                become_kernel(request["arguments"], request["folder"])
                status = 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        # The child does the same for itself, and may have been quicker.
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        print(child, flush=True)


if __name__ == "__main__":
    main()
