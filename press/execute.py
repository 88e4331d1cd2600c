"""Run chapters: a fresh kernel each, as many at once as there are cores."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from .cache import Outputs
from .config import Book
from .notebook import Source, Unit
from .problems import Problem, RenderError

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELL_TIMEOUT = 600
AHEAD = 2
"""Kernels that start or end while others run."""
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


def get_ready() -> None:
    """Import what running takes (a third of a second), while there is something to wait for."""
    with _quick_imports():
        import nbclient  # noqa: F401


class _InOrder:
    """Admits chapters in their order, ``jobs`` of them at once."""

    def __init__(self, jobs: int, count: int):
        self._free = asyncio.Semaphore(jobs)
        self._admitted = [asyncio.Event() for _ in range(count)]

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """Wait for the turn of chapter ``number``."""
        if number:
            await self._admitted[number - 1].wait()
        async with self._free:
            self.passed(number)
            yield

    def passed(self, number: int) -> None:
        """The next one need not wait for this."""
        self._admitted[number].set()


class Kernels:
    """What the kernels of a book are started from: an environment, a folder for sockets and, where
    the system can fork, a process that has imported ``press.preload`` already.

    A context manager. That process begins to import at once, so it is worth making early.
    """

    def __init__(self, book: Book):
        from .kernels import CAN_FORK, Nursery

        self._folder = tempfile.TemporaryDirectory(prefix="press")
        self.folder = Path(self._folder.name)
        rc = self.folder / "matplotlibrc"
        rc.write_text(MATPLOTLIBRC, "utf-8")
        self.environment = os.environ | KERNEL_ENV | {"MATPLOTLIBRC": str(rc)}
        self.nursery = (Nursery(book.preload, book.root, self.environment)
                        if book.preload and CAN_FORK else None)

    def __enter__(self) -> Kernels:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.nursery:
            self.nursery.end()
        self._folder.cleanup()


def _failure(path: str, unit: Unit, ename: str, evalue: str, traceback: str) -> Problem:
    """A failed cell as the reader of the chapter can mend it: line, exception, last line."""
    found = CELL_LINE.findall(ANSI.sub("", traceback))
    inside = int(found[0]) if found else 0
    line = unit.line + inside if unit.kind == "code" else unit.line
    what = f"cell `{unit.label or unit.id}`" if unit.kind == "code" else (
        f"inline expression `{unit.source}`")
    lines = (ANSI.sub("", evalue or "").strip() or "no message").splitlines()
    return Problem(path, line, f"{what} failed: {ename}: {lines[-1].strip()}")


def _plain(output: Any) -> dict[str, Any]:
    """An output as JSON, without what differs from run to run."""
    kept = {k: v for k, v in output.items() if k not in ("execution_count", "metadata")}
    if "data" in kept:
        kept["data"] = {k: "".join(v) if isinstance(v, list) else v
                        for k, v in kept["data"].items()}
    return kept


# The protocol's own way to ask for the values of expressions (``user_expressions``), in one message
# for all that stand side by side: half of a chapter's messages would be for inline code.
ANSWERS = "application/vnd.press.values+json"
ASK = (f'__import__("IPython").display.display({{{{"{ANSWERS}": '
       'get_ipython().user_expressions({!r})}}, raw=True)')


def _batches(units: list[Unit]) -> Iterator[tuple[list[Unit], str]]:
    """Units that are run in one message, with the code of that message."""
    for is_inline, run in groupby(units, lambda unit: unit.kind == "inline"):
        if is_inline:
            batch = list(run)
            yield batch, ASK.format({str(n): unit.source for n, unit in enumerate(batch)})
        else:
            yield from (([unit], unit.source) for unit in run)


def _values(path: str, batch: list[Unit], outputs: list[Any]) -> Outputs:
    """Outputs of inline expressions as cells of their own would give them. RenderError: each
    expression that failed."""
    answers = next(output["data"][ANSWERS] for output in reversed(outputs)
                   if ANSWERS in output.get("data", {}))
    results, problems = [], []
    for number, unit in enumerate(batch):
        answer = answers[str(number)]
        if answer["status"] == "error":
            problems.append(_failure(path, unit, answer["ename"], answer["evalue"], ""))
        # A cell shows nothing for None.
        empty = answer.get("data") in (None, {}, {"text/plain": "None"})
        results.append([] if empty else [_plain(
            {"output_type": "execute_result", "data": answer["data"]})])
    if problems:
        raise RenderError(problems)
    return results


async def _chapter(book: Book, source: Source, number: int, kernels: Kernels,
                   gate: _InOrder, tick: Any) -> tuple[Outputs, float]:
    """All outputs of one chapter, from a fresh kernel, and the seconds its cells took.

    Cells run when it is the chapter's turn; a kernel starts and ends outside of it, since that is
    mostly waiting. Raises RenderError at a failed cell.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import from_dict
    from traitlets.config import Config

    from .provision import ThisPython, warmed

    batches = list(_batches(source.executable()))
    notebook = from_dict({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNELSPEC},
        "cells": [{"cell_type": "code", "id": str(index), "source": code, "metadata": {},
                   "outputs": [], "execution_count": None}
                  for index, (_, code) in enumerate(batches)]})
    folder = book.root if book.execute_dir == "project" else (book.root / source.path).parent
    # ipykernel warns about plain TCP, and two kernels may race for a port: Unix sockets, where
    # there are any. The path has to be short (108 bytes) and one per kernel.
    sockets = ({"transport_encryption": "auto"} if os.name == "nt"
               else {"transport": "ipc", "ip": str(kernels.folder / str(number))})
    client = NotebookClient(
        # What is printed arrives in pieces, by chance; together it is the same in every run.
        notebook, coalesce_streams=True, extra_arguments=KERNEL_ARGUMENTS, timeout=CELL_TIMEOUT,
        record_timing=False, shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
        config=Config({"KernelManager": sockets}),
    )
    manager = client.create_kernel_manager()
    manager.kernel_spec_manager = ThisPython()
    if kernels.nursery:
        warmed(manager, kernels.nursery)
    results: Outputs = []
    async with client.async_setup_kernel(env=kernels.environment), gate.turn(number):
        begun = time.perf_counter()
        for index, ((batch, _), cell) in enumerate(zip(batches, notebook.cells, strict=True)):
            unit = batch[0]
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                raise RenderError(_failure(source.path, unit, error.ename, error.evalue,
                                           error.traceback)) from None
            except (CellTimeoutError, DeadKernelError) as error:
                reason = ("took longer than 10 minutes" if isinstance(error, CellTimeoutError)
                          else "ended its kernel (out of memory?)")
                raise RenderError(Problem(source.path, unit.line, f"the cell {reason}")) from None
            if unit.kind == "inline":
                results += _values(source.path, batch, cell.outputs)
            else:
                results.append([_plain(output) for output in cell.outputs])
            tick(len(batch))
        seconds = time.perf_counter() - begun
    return results, seconds


def run(book: Book, sources: list[Source], keep: Callable[[str, Outputs, float], None],
        kernels: Kernels, jobs: int | None = None) -> None:
    """Run chapters, in the order given, and call ``keep(path, outputs, seconds)`` for each.

    Every chapter is tried, so that RenderError can name each failed cell.
    """
    jobs = jobs or os.cpu_count() or 1
    total = sum(len(s.executable()) for s in sources)

    async def every(tick: Any) -> list[None | BaseException]:
        gate, started = _InOrder(jobs, len(sources)), asyncio.Semaphore(jobs + AHEAD)

        async def one(number: int, source: Source) -> None:
            async with started:
                try:
                    outputs, seconds = await _chapter(book, source, number, kernels, gate, tick)
                finally:
                    gate.passed(number)
            keep(source.path, outputs, seconds)

        tasks = [one(n, s) for n, s in enumerate(sources)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    get_ready()
    from tqdm import tqdm

    with tqdm(total=total, desc="Running cells", unit="cell", leave=False, file=sys.stderr,
              disable=not sys.stderr.isatty()) as bar:
        results = asyncio.run(every(bar.update))
    problems = []
    for source, result in zip(sources, results, strict=True):
        if isinstance(result, RenderError):
            problems += result.problems
        elif isinstance(result, BaseException):
            problems.append(Problem(source.path, 0, "its kernel stopped or did not start: "
                                    f"{result!r}"))
    if problems:
        raise RenderError(problems)
