"""``python -m press``: render, preview or lint a Quarto book project, or store its notebooks."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from . import config
from .errors import LintError, NotebookError, PressError

WINDOWS = "Windows is supported through its Linux: `wsl --install`, then work in its terminal"


def _formats(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = [*config.FORMATS, *config.MANUSCRIPTS]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"{', '.join(unknown) or text!r}: choose from {', '.join(known)}")
    return names


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="press", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("root", nargs="?", default=".", type=Path, metavar="ROOT",
                        help="the project's folder (default: the current one)")
    render = commands.add_parser("render", parents=[shared],
                                 help="write HTML and PDF, or the paper as Word and JATS")
    render.add_argument("--to", type=_formats, default=list(config.FORMATS), metavar="html,pdf",
                        help="the formats to write (default: html,pdf); docx and jats, too: the "
                        "paper for a word processor and for a journal's archive")
    render.add_argument("--output", type=Path, metavar="DIR",
                        help="where to write (default: `output-dir` of _quarto.yml)")
    render.add_argument("--force", action="store_true", help="run every cell again")
    render.add_argument("--input", type=Path, action="append", default=[], metavar="PATH",
                        help="a file or folder that chapters read besides `press.inputs`, such as "
                        "data in another place; may be given several times")
    render.add_argument("--bibliography", type=Path, action="append", default=[], metavar="FILE",
                        help="a file of references instead of those of _quarto.yml")
    render.add_argument("--timings", action="store_true",
                        help="print where the seconds go, by chapter and phase")
    render.add_argument("--format", choices=("text", "json"), default="text",
                        help="how to print what was done")
    preview = commands.add_parser("preview", parents=[shared],
                                  help="render on save and show the page in a browser")
    preview.add_argument("--port", type=int, default=0, metavar="N",
                         help="the port of 127.0.0.1 to serve at (default: a free one)")
    preview.add_argument("--no-browser", action="store_true",
                         help="only print the address")
    commands.add_parser("lint", parents=[shared],
                        help="check the sources against the subset of Quarto both renderers honour")
    notebooks = commands.add_parser("notebooks", parents=[shared],
                                    help="store the executed notebooks")
    notebooks.add_argument("--check", action="store_true",
                           help="only prove the stored ones in step with the sources")
    notebooks.add_argument("--output", type=Path, metavar="DIR",
                           help="where they are stored (default: notebooks/ in the project)")
    notebooks.add_argument("--force", action="store_true", help="run every cell again")
    commands.add_parser("options", help="print every key and option, as press/README.md lists them")
    return top


def _render(book: config.Book, arguments: argparse.Namespace) -> int:
    from .render import render

    started = time.perf_counter()
    book = config.with_files(book, arguments.input, arguments.bibliography)
    output = arguments.output and arguments.output.resolve()
    result = render(book, arguments.to, output, arguments.force)
    if arguments.format == "json":
        done = {"files": [str(path) for path in result.files], "ran": result.ran,
                "unchanged": result.unchanged}
        print(json.dumps(done | ({"timings": result.timings.rows()} if arguments.timings else {}),
                         indent=1))
        return 0
    for path in result.files:
        print(path)
    state = "unchanged" if result.unchanged else f"{len(result.ran)} chapters run"
    print(f"{state}, {time.perf_counter() - started:.1f} s", file=sys.stderr)
    if arguments.timings:
        print(result.timings.text(), file=sys.stderr)
    return 0


def _preview(root: Path, port: int, open_browser: bool) -> int:
    from .preview import run

    def ready(address: str) -> None:
        print(address, flush=True)
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    run(root, port, ready)
    print("preview ended", file=sys.stderr)
    return 0


def _lint(root: Path) -> int:
    """Check ``_quarto.yml``, and every chapter in it that exists."""
    from .lint import check
    from .render import read_sources

    book, problems = config.examine(root)
    problems += check(book, read_sources(book))
    if problems:
        raise LintError(problems)
    return 0


def _notebooks(book: config.Book, arguments: argparse.Namespace) -> int:
    from .ipynb import refresh, stale

    folder = (arguments.output or book.root / "notebooks").resolve()
    if arguments.check:
        if problems := stale(book, folder):
            raise NotebookError(problems)
        return 0
    for path in refresh(book, folder, arguments.force):
        print(path)
    return 0


def _options() -> int:
    """Print the tables of ``press/README.md``."""
    from .options import markdown_table

    print(markdown_table(cells=False))
    print(markdown_table(cells=True), end="")
    return 0


def _plain_streams() -> None:
    """What is written is UTF-8 in every locale; where nobody takes it, it goes nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed; the next file that is opened would take its place
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _stop_in_order() -> None:
    """A signal that asks to end stops a run as Ctrl-C does, which leaves nothing behind."""
    def stop(number: int, frame: FrameType | None) -> None:
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            interrupt(signal.SIGINT, frame)
        else:  # a shell lets what it starts in the background ignore Ctrl-C, and nothing else
            raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)


def main(words: list[str] | None = None) -> int:
    """Carry out a command line. Exit status: 0 fine, 1 something to mend, 2 wrong usage."""
    if sys.platform == "win32":
        print(WINDOWS, file=sys.stderr)
        return 2
    _plain_streams()
    arguments = parser().parse_args(words)
    try:
        status = _carried_out(arguments)
        sys.stdout.flush()
        return status
    except PressError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        end = "; the output is as it was." if arguments.command == "render" else "."
        print(f"{count} problem{'s' if count > 1 else ''}{end}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _drop_output()  # the reader (head, less) has seen enough
        return 0
    except OSError as error:
        # of a copy that fails, the second is the one that is written
        place = error.filename2 or error.filename or getattr(arguments, "root", "standard output")
        print(f"{place}: {error.strerror or error}; the output is as it was. Make room, or allow "
              "reading and writing, and run the command again.", file=sys.stderr)
        _drop_output()
        return 1
    except KeyboardInterrupt:
        print("stopped; the output is as it was.", file=sys.stderr)
        return 1


def _drop_output() -> None:
    """Nothing more goes to standard output where it takes nothing; else Python would fail at its
    end to write the rest."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _carried_out(arguments: argparse.Namespace) -> int:
    if arguments.command == "options":
        return _options()
    if arguments.command == "lint":
        return _lint(arguments.root)
    if arguments.command == "preview":
        return _preview(arguments.root, arguments.port, not arguments.no_browser)
    book = config.load(arguments.root)
    return (_render if arguments.command == "render" else _notebooks)(book, arguments)


if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        # Pandoc and Typst read names of files as UTF-8, and so do kernels, whatever the locale
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]],
                  {**os.environ, "PYTHONUTF8": "1"})
    _stop_in_order()
    sys.exit(main())
