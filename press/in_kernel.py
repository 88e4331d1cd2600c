"""What runs inside a kernel besides the chapter: it notes which files are opened and which
variables of the environment are read, and evaluates inline expressions.

``load`` gives the Python with which a kernel begins. The fork server loads this file too, so that
files which preloaded modules open are noted. Only the standard library is imported here.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from typing import Any

NAME = "press_in_kernel"
"""The name under which kernels find this module."""
WRITING = os.O_WRONLY | os.O_RDWR

THROUGH = {__file__, os.getenv.__code__.co_filename, os.environ.get.__code__.co_filename}
"""The files of what stands between who reads a variable and the variable."""

_opened: dict[tuple[str, bool], None] = {}
_read: dict[tuple[str, str], None] = {}
_own: set[str] = set()
_copied: set[str] = set()
_report: list[int] = []


LOADER = """\
import importlib.util, sys
module = sys.modules.get({name!r})
if module is None:
    spec = importlib.util.spec_from_file_location({name!r}, {file!r})
    module = sys.modules[{name!r}] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.watch()
if {report!r}:
    module.report_to({report!r})
"""


def load(report: str = "") -> str:
    """Python that loads this file as a module, watches what is opened, and with ``report`` begins
    to write it to the file of that name."""
    return LOADER.format(name=NAME, file=__file__, report=report)


def watch() -> None:
    """Note every file that this process opens from now on, and every variable that it reads."""
    sys.addaudithook(_note)
    kind: Any = type(os.environ)
    read, written, names = kind.__getitem__, kind.__setitem__, kind.__iter__

    def getitem(self: Any, name: str) -> Any:
        if name in _copied:
            _copied.discard(name)
        elif self is os.environ and name not in _own:
            _note_variable(name)
        return read(self, name)

    def setitem(self: Any, name: str, value: str) -> None:
        _own.add(name)
        written(self, name, value)

    def iterate(self: Any) -> Any:
        # Who takes all variables hands them on, as to another program.
        _copied.update(names(self))
        return names(self)

    kind.__getitem__, kind.__setitem__, kind.__iter__ = getitem, setitem, iterate


def report_to(path: str) -> None:
    """Write what was opened and read so far, and all that follows, to a file: one line each, ``r``
    or ``w`` before the path, ``e`` before a variable and the file of who reads it. After each cell
    comes ``t`` and this process's processor seconds."""
    from IPython.core.getipython import get_ipython

    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    _report[:] = [descriptor]
    os.write(descriptor, b"".join([*(_line(*entry) for entry in _opened),
                                   *(_variable_line(*entry) for entry in _read)]))
    shell: Any = get_ipython()
    shell.events.register("pre_run_cell", _check_what_is_printed)
    shell.events.register("post_run_cell", _write_processor_time)
    _write_processor_time()


def _check_what_is_printed(*info: object) -> None:
    """Have what a cell prints and is no Unicode fail in the cell; the kernel's own thread would
    drop it with a traceback. Before a cell, since a kernel has its streams only when it has begun.
    """
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "checked_write"):
            stream.checked_write = stream.write  # type: ignore[union-attr]
            stream.write = functools.partial(_write_checked, stream)  # type: ignore[method-assign]


def _write_checked(stream: Any, text: str) -> Any:
    if not text.isascii():
        text.encode()
    return stream.checked_write(text)


def _line(path: str, writes: bool) -> bytes:
    return (b"w" if writes else b"r") + os.fsencode(path).replace(b"\n", b"?") + b"\n"


def _variable_line(name: str, reader: str) -> bytes:
    return f"e{name}={reader}\n".encode(errors="surrogateescape")


def _note_variable(name: str) -> None:
    """Note who reads a variable of the environment."""
    frame: Any = sys._getframe(1)
    while frame and frame.f_code.co_filename in THROUGH:
        frame = frame.f_back
    entry = (name, frame.f_code.co_filename if frame else "")
    if entry not in _read and "\n" not in f"{name}{entry[1]}":
        _read[entry] = None
        if _report:
            os.write(_report[0], _variable_line(*entry))


def _write_processor_time(*result: object) -> None:
    os.write(_report[0], f"t{time.process_time()}\n".encode())


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    """Hook for audit events; never raises, since that would fail the open itself."""
    if event == "open":
        path, mode, flags = arguments
        writes = (isinstance(flags, int) and bool(flags & WRITING)
                  or isinstance(mode, str) and any(letter in mode for letter in "wax+"))
    elif event == "sqlite3.connect":
        path, writes = arguments[0], False
    else:
        return
    if not isinstance(path, (str, bytes)):
        return
    try:
        # Without symbolic links being followed, which would take long: the reader does that.
        entry = (os.path.abspath(os.fsdecode(path)), writes)
        if entry not in _opened and "\n" not in entry[0]:
            _opened[entry] = None
            if _report:
                os.write(_report[0], _line(*entry))
    except (OSError, ValueError):
        return


def plain(value: Any, inside: bool = False) -> str:
    """A value as a reader expects to see it: ``2.0``, not ``np.float64(2.0)``.

    Collections keep their form, with their members written in this way; texts in them have quotes.
    """
    if isinstance(value, str):
        return repr(str(value)) if inside else str(value)
    if type(value) in (list, tuple, set, frozenset):
        members = [plain(member, True) for member in value]
        opened, closed = {"list": ("[", "]"), "tuple": ("(", ")")}.get(
            type(value).__name__, ("{", "}"))
        last = "," if type(value) is tuple and len(members) == 1 else ""
        return f"{opened}{', '.join(members)}{last}{closed}"
    if type(value) is dict:
        return "{" + ", ".join(f"{plain(k, True)}: {plain(v, True)}"
                               for k, v in value.items()) + "}"
    return str(value)


def _shown(shell: Any, value: Any) -> dict[str, Any]:
    """A value by output type, as Jupyter gives it. Raises what a method that shows it
    (``_repr_html_`` …) raised: Jupyter would only print that, and not say of which value."""
    failures: list[BaseException] = []
    shell.showtraceback = lambda raised, *rest, **options: failures.append(raised[1])
    try:
        data, _ = shell.display_formatter.format(value)
    finally:
        del shell.showtraceback
    if failures:
        raise failures[0]
    return dict(data)


def values(expressions: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Each expression's value: ``status`` is ``ok``, with ``data`` by output type as Jupyter gives
    it (``{}`` for None) and ``plain`` for a reader, or ``error`` with the exception's name and
    message."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    results: dict[str, dict[str, Any]] = {}
    for name, expression in expressions.items():
        try:
            value = eval(expression, shell.user_global_ns, shell.user_ns)
            data = _shown(shell, value)
            text = plain(value)
            # An object that takes several lines (a column, a matrix) has no form in a text.
            shown = value is not None and (isinstance(value, str) or "\n" not in text
                                           or set(data) != {"text/plain"})
            results[name] = {"status": "ok", "data": data if shown else {}, "plain": text}
            # What is no Unicode would fail on its way out, for all expressions at once.
            repr(results[name]).encode()
            str(results[name]["plain"]).encode()
        except (Exception, SystemExit) as error:
            results[name] = {"status": "error", "ename": public_name(type(error)),
                             "evalue": str(error)}
    return results


def public_name(kind: type[BaseException]) -> str:
    """The name of an exception's class, or of the nearest class above it that is public."""
    return next(one.__name__ for one in kind.__mro__ if not one.__name__.startswith("_"))
