"""Run chapters: a fresh kernel each, as many at once as there are cores for them."""

from __future__ import annotations

import asyncio
import builtins
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from . import cores, in_kernel
from .cache import Outputs
from .config import CONFIG_FILE, Book, line_of
from .errors import CellError, Problem
from .kernels import KernelHost
from .opened import Inputs, OpenedFiles
from .qmd import Source, Unit
from .timings import Spent

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELL_TIMEOUT = 600
"""Seconds."""
EXTRA_KERNELS = 2
"""How many kernels may be starting or ending while others run cells."""
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
        # The import system takes None as "there is no such module"; its stub does not know.
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if blocked:
            del sys.modules[name]


def import_client() -> None:
    """Import what running chapters takes: a third of a second, better spent while something else
    is waited for."""
    with _quick_imports():
        import nbclient  # noqa: F401


class _StartingOrder:
    """Lets chapters begin in their order, at most ``jobs`` of them at once."""

    def __init__(self, jobs: int, count: int):
        self._free = asyncio.Semaphore(jobs)
        self._begun = [asyncio.Event() for _ in range(count)]

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """Wait until the chapter before ``number`` has begun and a job is free; hold the job."""
        if number:
            await self._begun[number - 1].wait()
        async with self._free:
            self.let_next(number)
            yield

    def let_next(self, number: int) -> None:
        """Let the chapter after ``number`` begin, be it that this one has begun or that it
        failed."""
        self._begun[number].set()


def _public(ename: str) -> str:
    """The name of an exception that a reader can look up: Python 3.13 has a private one for a cell
    without an end, below SyntaxError."""
    kind = getattr(builtins, ename, None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return in_kernel.public_name(kind)
    return ename


def _failure(path: str, unit: Unit, ename: str, evalue: str, traceback: str) -> Problem:
    """A failed cell: the line of the chapter, the exception and the last line of its message."""
    cell_lines = CELL_LINE.findall(ANSI.sub("", traceback))
    offset = int(cell_lines[0]) if cell_lines else 0
    line = unit.line + offset if unit.kind == "code" else unit.line
    what = f"cell `{unit.label or unit.id}`" if unit.kind == "code" else (
        f"inline expression `{unit.source}`")
    lines = (ANSI.sub("", evalue or "").strip() or "no message").splitlines()
    return Problem(path, line, f"{what} failed: {_public(ename)}: "
                   f"{IN_FILE.sub('', lines[-1].strip())}")


IN_FILE = re.compile(r" \((?:<\w+>|\d+\.py), line \d+\)$")
"""Where Python saw a fault of syntax, by names that are no file of the project."""
CELL_FILE = re.compile(r"(?<![^\s\"'])[^\s\"']*ipykernel_\d+[\\/]\d+\.py")
"""What a kernel calls the file of a cell, in a warning; it holds the number of the process. Looked
for where a word begins alone, or a long word would take its length squared."""


def _reproducible(output: Any) -> dict[str, Any]:
    """An output as plain JSON, without what differs from run to run."""
    plain = {k: v for k, v in output.items() if k not in ("execution_count", "metadata")}
    sizes = {mime: {name: given[name] for name in ("width", "height") if given.get(name)}
             for mime, given in dict(output.get("metadata") or {}).items()
             if mime.startswith("image/") and isinstance(given, dict)}
    if any(sizes.values()):
        plain["sizes"] = sizes
    if plain["output_type"] == "stream":
        plain["text"] = CELL_FILE.sub("cell", plain["text"])
    if "data" in plain:
        plain["data"] = {k: "".join(v) if isinstance(v, list) else v
                         for k, v in plain["data"].items()}
    return plain


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs of a cell in their order, what is printed between two others as one.

    It arrives in pieces, and which of the two streams comes first is chance: the same in every run
    are one piece for standard output and one for standard error after it.
    """
    joined: list[dict[str, Any]] = []
    printed: dict[str, str] = {}

    def add_printed() -> None:
        joined.extend({"output_type": "stream", "name": name, "text": printed[name]}
                      for name in ("stdout", "stderr") if name in printed)
        printed.clear()

    for output in outputs:
        if output["output_type"] == "stream":
            printed[output["name"]] = printed.get(output["name"], "") + output["text"]
        else:
            add_printed()
            joined.append(output)
    add_printed()
    return joined


# All inline expressions that stand side by side are sent together; one message each would double
# the number of messages of a chapter.
VALUES_TYPE = "application/vnd.press.values+json"
VALUES_CODE = (f'__import__("IPython").display.display({{{{"{VALUES_TYPE}": '
               f'__import__("sys").modules["{in_kernel.NAME}"].values({{!r}})}}}}, raw=True)')


def _batches(units: list[Unit]) -> Iterator[tuple[list[Unit], str]]:
    """Units that are run in one message, with the code of that message."""
    for is_inline, run in groupby(units, lambda unit: unit.kind == "inline"):
        if is_inline:
            batch = list(run)
            yield batch, VALUES_CODE.format({str(n): unit.source for n, unit in enumerate(batch)})
        else:
            yield from (([unit], unit.source) for unit in run)


def _values(path: str, batch: list[Unit], outputs: list[Any]) -> Outputs:
    """Outputs of inline expressions as cells of their own would give them.

    Raises CellError with each expression that failed.
    """
    answers = next(output["data"][VALUES_TYPE] for output in reversed(outputs)
                   if VALUES_TYPE in output.get("data", {}))
    results, problems = [], []
    for number, unit in enumerate(batch):
        answer = answers[str(number)]
        if answer["status"] == "error":
            problems.append(_failure(path, unit, answer["ename"], answer["evalue"], ""))
        # A cell shows nothing for None.
        results.append([_reproducible({"output_type": "execute_result", "data": answer["data"],
                                       "plain": answer["plain"]})] if answer.get("data") else [])
    if problems:
        raise CellError(problems)
    return results


async def _run_chapter(book: Book, source: Source, number: int, host: KernelHost, inputs: Inputs,
                       order: _StartingOrder, count_cells: Callable[[int], object],
                       written: set[str]) -> tuple[Outputs, Spent, Spent]:
    """All outputs of one chapter, from a fresh kernel, and what its start and its cells took.

    Cells run when it is the chapter's turn. Its kernel starts and ends outside of the turn, since
    that is mostly waiting. ``written`` takes up the files of the project that it wrote. Raises
    CellError at the first cell that fails, or else with each that read what is no input.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import from_dict
    from traitlets.config import Config

    from .provisioner import ThisPythonSpec, use_fork_server

    batches = list(_batches(source.executable()))
    content = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNELSPEC},
        "cells": [{"cell_type": "code", "id": str(index), "source": code, "metadata": {},
                   "outputs": [], "execution_count": None}
                  for index, (_, code) in enumerate(batches)]}
    notebook = from_dict(content)  # type: ignore[no-untyped-call]  # nbformat types only a part
    folder = book.root if book.execute_dir == "project" else (book.root / source.path).parent
    # ipykernel warns about plain TCP, and two kernels may race for a port: Unix sockets, where
    # there are any. The path has to be short (108 bytes) and one per kernel.
    sockets = ({"transport_encryption": "auto"} if os.name == "nt"
               else {"transport": "ipc", "ip": str(host.folder / str(number))})
    report = host.folder / f"{number}.opened"
    opened = OpenedFiles(inputs, report)
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT,
        record_timing=False, shutdown_kernel="immediate",
        extra_arguments=[*KERNEL_ARGUMENTS, "--IPKernelApp.exec_lines="
                         f"exec({in_kernel.load(str(report))!r}, {{}})"],
        resources={"metadata": {"path": str(folder)}},
        # in the folder of the kernels, which goes with them; Jupyter's own would stay after a kill
        config=Config({"KernelManager": {
            **sockets, "connection_file": str(host.folder / f"{number}.json")}}),
    )
    manager = client.create_kernel_manager()
    manager.kernel_spec_manager = ThisPythonSpec()
    if host.fork_server:
        use_fork_server(manager, host.fork_server)
    results: Outputs = []
    problems: list[Problem] = []
    asked = time.perf_counter()
    async with client.async_setup_kernel(env=host.environment), order.turn(number):
        started = time.perf_counter()
        start = Spent(started - asked)
        opened.connection_file = Path(manager.connection_file).resolve()
        if names := opened.undeclared():
            line = line_of(book.root, "preload")
            problems += [_undeclared(CONFIG_FILE, line, "a module of `press.preload`", name)
                         for name in names]
        start.processor = opened.processor
        for index, ((batch, _), cell) in enumerate(zip(batches, notebook.cells, strict=True)):
            unit = batch[0]
            failed = None
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                failed = error.ename, error.evalue, error.traceback
            except (CellTimeoutError, DeadKernelError) as error:
                reason = ("took longer than 10 minutes" if isinstance(error, CellTimeoutError)
                          else "ended its kernel (out of memory?)")
                raise CellError(Problem(source.path, unit.line, f"the cell {reason}")) from None
            # What shows a value may fail too, and Jupyter then calls the cell a success, or gives
            # no reason; the output has it.
            failed = next(((output.ename, output.evalue, "\n".join(output.traceback))
                           for output in cell.outputs if output.output_type == "error"), failed)
            if failed:
                raise CellError(_failure(source.path, unit, *failed))
            problems += [_undeclared(source.path, unit.line, "the cell", name)
                         for name in opened.undeclared()]
            if unit.kind == "inline":
                results += _values(source.path, batch, cell.outputs)
            else:
                results.append(_joined([_reproducible(output) for output in cell.outputs]))
            count_cells(len(batch))
        cells = Spent(time.perf_counter() - started, opened.processor - start.processor)
    written |= opened.written
    if problems:
        raise CellError(problems)
    return results, start, cells


def _undeclared(path: str, line: int, who: str, name: str) -> Problem:
    if name.startswith("$"):
        return Problem(path, line, f"{who} reads the environment variable {name[1:]}: when it is "
                       "another, old results would stay; name it under `press.env` in _quarto.yml")
    return Problem(path, line, f"{who} reads {name}, which is not among the inputs: when it "
                   "changes, old results would stay; name it under `press.inputs` in _quarto.yml")


class _Loop(asyncio.SelectorEventLoop):
    """Leaves signals to the program. nbclient would take SIGINT and SIGTERM for itself, once a
    kernel: one chapter would fail for no reason that anybody can mend, and the render go on."""

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        raise NotImplementedError

    def remove_signal_handler(self, sig: int) -> bool:
        return False


def run(book: Book, sources: list[Source], on_done: Callable[[str, Outputs, Spent, Spent], None],
        host: KernelHost, written: set[str], jobs: int | None = None) -> None:
    """Run chapters in the order given, ``jobs`` at once (one for each core if not given).

    ``written`` takes up the files of the project that chapters wrote.

    ``on_done(path, outputs, start, cells)`` is called for each chapter that ran, with what the
    start of its kernel (and waiting for a turn) and its cells took. All are tried:
    CellError is raised at the end, with the first failed cell of every chapter.
    """
    jobs = jobs or cores.usable()
    total = sum(len(s.executable()) for s in sources)
    inputs = Inputs(book, host.ours)

    async def run_all(count_cells: Callable[[int], object]) -> list[None | BaseException]:
        order, alive = _StartingOrder(jobs, len(sources)), asyncio.Semaphore(jobs + EXTRA_KERNELS)

        async def run_one(number: int, source: Source) -> None:
            async with alive:
                try:
                    outputs, start, cells = await _run_chapter(
                        book, source, number, host, inputs, order, count_cells, written)
                finally:
                    order.let_next(number)
            on_done(source.path, outputs, start, cells)

        tasks = [run_one(number, source) for number, source in enumerate(sources)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    import_client()
    from tqdm import tqdm

    with tqdm(total=total, desc="Running cells", unit="cell", leave=False, file=sys.stderr,
              disable=not sys.stderr.isatty()) as bar:
        with asyncio.Runner(loop_factory=_Loop) as runner:
            results = runner.run(run_all(bar.update))
    problems = []
    for source, result in zip(sources, results, strict=True):
        if isinstance(result, CellError):
            problems += result.problems
        elif isinstance(result, BaseException):
            problems.append(Problem(source.path, 0, "its kernel stopped or did not start: "
                                    f"{result!r}"))
    if problems:
        raise CellError(problems)
