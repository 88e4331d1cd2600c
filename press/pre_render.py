"""Run the commands of ``project.pre-render``, unless nothing they work on has changed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import cache, processes
from .config import CONFIG_FILE, Book, line_of
from .errors import PreRenderError, Problem
from .publish import resources
from .timings import Spent

if TYPE_CHECKING:
    from .kernels import KernelHost, MakeHost


def state_of(book: Book) -> str:
    """A digest of what the commands work on and what they may have made."""
    contents = [path.read_bytes() for path in (*cache.pre_render_files(book), *resources(book))]
    return cache.digest(*book.pre_render, cache.environment_digest(book), *contents)


@contextmanager
def prepared(book: Book, force: bool, spent: Spent, make_host: MakeHost | None = None,
             ) -> Iterator[KernelHost | None]:
    """Run the commands as Quarto does: in the project's root, and ``python`` is this Python.

    Commands that succeeded are not run again while the input files, their own and those of
    chapters, the resources, the packages and the chosen environment variables are the same;
    ``force`` runs them all the same. Where they run, something has changed, so chapters will most
    likely run too: what kernels are started from is made ready meanwhile, and is what this context
    manager gives (else None). The processor time of the commands is added to ``spent``. Raises
    PreRenderError at the first command that fails.
    """
    state_file = book.root / cache.FOLDER / "pre-render"
    # The state before the commands: what changes while they run, be it by them or by somebody
    # else, is a reason to run them again.
    state = state_of(book) if book.pre_render else ""
    if not book.pre_render or (not force and state_file.is_file()
                               and state_file.read_text("utf-8") == state):
        yield None
        return
    from .execute import import_client
    from .kernels import KernelHost

    with make_host(book, True) if make_host else KernelHost(book) as host:
        with ThreadPoolExecutor(1) as pool:
            commands = pool.submit(_run_commands, book, spent)
            import_client()
            commands.result()
        state_file.parent.mkdir(exist_ok=True)
        state_file.write_text(state, "utf-8")
        yield host


def _run_commands(book: Book, spent: Spent) -> None:
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "QUARTO_PROJECT_ROOT": str(book.root),
        "QUARTO_PROJECT_OUTPUT_DIR": str(book.root / book.output_dir),
        "QUARTO_PROJECT_RENDER_ALL": "1",
    }
    line = line_of(book.root, "pre-render")
    for command in book.pre_render:
        words = shlex.split(command)
        if words and words[0].endswith(".py"):
            words.insert(0, sys.executable)
        elif words and words[0] in ("python", "python3"):
            words[0] = sys.executable
        try:
            process = processes.run(words, book.root, environment=environment)
        except OSError as error:
            raise PreRenderError(Problem(CONFIG_FILE, line,
                                         f"pre-render `{command}`: {error.strerror}")) from None
        spent.processor += process.processor
        if process.returncode:
            message = (process.stdout + process.stderr).strip() or "no message"
            raise PreRenderError(Problem(CONFIG_FILE, line, f"pre-render `{command}` ended with "
                                         f"exit status {process.returncode}:\n{message}"))
        sys.stderr.write(process.stdout + process.stderr)
