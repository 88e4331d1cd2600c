"""Run chapters: a fresh kernel each, as many at once as there are cores."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from .cache import Outputs
from .config import Book
from .notebook import Source, Unit
from .problems import Problem, RenderError

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELL_TIMEOUT = 600
KERNEL_ENV = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "SOURCE_DATE_EPOCH": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
MATPLOTLIBRC = """\
svg.hashsalt: press
figure.figsize: 7, 4.5
savefig.bbox: tight
"""
KERNEL_ARGUMENTS = [
    "--HistoryManager.enabled=False",
    "--InlineBackend.figure_formats=svg",
    "--InlineBackend.print_figure_kwargs="
    "{'bbox_inches': 'tight', 'metadata': {'Date': None, 'Creator': None}}",
]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_LINE = re.compile(r"Cell In\s*\[\d+\], line (\d+)")


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    """The environment that kernels inherit; what was set before comes back afterwards."""
    rc = folder / "matplotlibrc"
    rc.write_text(MATPLOTLIBRC, "utf-8")
    wanted = KERNEL_ENV | {"MATPLOTLIBRC": str(rc)}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _quick_imports() -> Iterator[None]:
    """Keep jsonschema, which nbformat imports, from loading a grammar it has no use for here.

    jsonschema imports rfc3987_syntax where it is installed, to check the format of addresses; that
    alone takes longer (1.2 s) than everything else this module needs.
    """
    name = "rfc3987_syntax"
    blocked = name not in sys.modules
    if blocked:
        sys.modules[name] = None
    try:
        yield
    finally:
        if blocked:
            del sys.modules[name]


def _nursery(book: Book) -> AbstractContextManager[Any]:
    """A process warmed with ``press.preload``; nothing where none is named, or none can fork."""
    from .kernels import CAN_FORK, Nursery

    return Nursery(book.preload, book.root) if book.preload and CAN_FORK else nullcontext()


def _failure(path: str, unit: Unit, error: Any) -> Problem:
    """A failed cell as the reader of the chapter can mend it: line, exception, last line."""
    found = CELL_LINE.findall(ANSI.sub("", "\n".join(error.traceback.splitlines())))
    inside = int(found[0]) if found else 0
    line = unit.line + inside if unit.kind == "code" else unit.line
    what = f"cell `{unit.label or unit.id}`" if unit.kind == "code" else (
        f"inline expression `{unit.source}`")
    lines = (ANSI.sub("", error.evalue or "").strip() or "no message").splitlines()
    return Problem(path, line, f"{what} failed: {error.ename}: {lines[-1].strip()}")


def _plain(output: Any) -> dict[str, Any]:
    """An output as JSON, without what differs from run to run."""
    kept = {k: v for k, v in output.items() if k not in ("execution_count", "metadata")}
    if "data" in kept:
        kept["data"] = {k: "".join(v) if isinstance(v, list) else v
                        for k, v in kept["data"].items()}
    return kept


async def _chapter(book: Book, source: Source, socket: Path, nursery: Any, tick: Any) -> Outputs:
    """All outputs of one chapter, from a fresh kernel. Raises RenderError at a failed cell."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import v4
    from traitlets.config import Config

    from .provision import ThisPython, warmed

    units = source.executable()
    cells = [v4.new_code_cell(unit.source) for unit in units]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    folder = book.root if book.execute_dir == "project" else (book.root / source.path).parent
    # ipykernel warns about plain TCP, and two kernels may race for a port: Unix sockets, where
    # there are any. The path has to be short (108 bytes) and one per kernel.
    sockets = ({"transport_encryption": "auto"} if os.name == "nt"
               else {"transport": "ipc", "ip": str(socket)})
    client = NotebookClient(
        notebook, extra_arguments=KERNEL_ARGUMENTS, timeout=CELL_TIMEOUT, record_timing=False,
        resources={"metadata": {"path": str(folder)}}, shutdown_kernel="immediate",
        config=Config({"KernelManager": sockets}),
    )
    manager = client.create_kernel_manager()
    manager.kernel_spec_manager = ThisPython()
    if nursery:
        warmed(manager, nursery)
    async with client.async_setup_kernel():
        for index, (unit, cell) in enumerate(zip(units, cells, strict=True)):
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                raise RenderError(_failure(source.path, unit, error)) from None
            except (CellTimeoutError, DeadKernelError) as error:
                reason = ("took longer than 10 minutes" if isinstance(error, CellTimeoutError)
                          else "ended its kernel (out of memory?)")
                raise RenderError(Problem(source.path, unit.line, f"the cell {reason}")) from None
            tick()
    return [[_plain(output) for output in cell.outputs] for cell in cells]


def run(book: Book, sources: list[Source], keep: Callable[[str, Outputs, float], None],
        jobs: int | None = None) -> None:
    """Run chapters, in the order given, and call ``keep(path, outputs, seconds)`` for each.

    Every chapter is tried, so that RenderError can name each failed cell.
    """
    jobs = jobs or os.cpu_count() or 1
    total = sum(len(s.executable()) for s in sources)

    async def every(folder: Path, nursery: Any, tick: Any) -> list[None | BaseException]:
        gate = asyncio.Semaphore(jobs)

        async def one(number: int, source: Source) -> None:
            async with gate:
                begun = time.perf_counter()
                outputs = await _chapter(book, source, folder / str(number), nursery, tick)
                keep(source.path, outputs, time.perf_counter() - begun)

        tasks = [one(n, s) for n, s in enumerate(sources)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    with (
        tempfile.TemporaryDirectory(prefix="press") as folder,
        _environment(Path(folder)),
        _nursery(book) as nursery,
    ):
        with _quick_imports():
            import nbclient  # noqa: F401
        from tqdm import tqdm

        with tqdm(total=total, desc="Running cells", unit="cell", leave=False, file=sys.stderr,
                  disable=not sys.stderr.isatty()) as bar:
            results = asyncio.run(every(Path(folder), nursery, bar.update))
    problems = []
    for source, result in zip(sources, results, strict=True):
        if isinstance(result, RenderError):
            problems += result.problems
        elif isinstance(result, BaseException):
            problems.append(Problem(source.path, 0, "its kernel stopped or did not start: "
                                    f"{result!r}"))
    if problems:
        raise RenderError(problems)
