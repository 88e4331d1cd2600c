"""Time the report: rendered whole, again unchanged, and after a chapter's prose or a datum changed.

Works on a copy of the project, so that neither its output nor its cache is touched:

    python bench/render.py [--repeat 3] [--chapter chapters/03-results.qmd]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from measure import ROOT, CommandFailed, Line, Run, report, run

# What was made before, and must not be found ready.
MADE = ["_book", ".press", ".quarto", ".checked"]
LEFT_OUT = [".git", ".venv", "tests", "bench", *MADE]
ADDED_PROSE = "\nThis sentence was added to see how long a change of prose takes.\n"
# a statement, on which no rule and no frozen row rests
CELL = "data/external.csv"
OLD_CELL, NEW_CELL = "longest time", "longest of the times"
PEAK_TARGET_MB = 450


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind (median)")
    parser.add_argument("--chapter", default="chapters/03-results.qmd", help="the one to change")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-render-") as folder:
        try:
            lines = measure(copy_project(Path(folder)), arguments.repeat, arguments.chapter)
        except CommandFailed as error:
            print(error, file=sys.stderr)
            return 1
    report("render", lines)
    return 0


def copy_project(folder: Path) -> Path:
    """A copy of what a render reads, without what was rendered or cached before."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)
    return folder


def measure(project: Path, repeat: int, chapter: str) -> list[Line]:
    """The lines of the table. The first render, which warms the system's file cache, is not
    counted; every full one starts without what those before made."""
    render(project)
    full = [anew(project) for _ in range(repeat)]
    unchanged = [render(project) for _ in range(repeat)]
    changed = []
    for _ in range(repeat):
        with (project / chapter).open("a", encoding="utf-8") as file:
            file.write(ADDED_PROSE)
        changed.append(render(project))
    with_cell = []
    for old, new in [(OLD_CELL, NEW_CELL), (NEW_CELL, OLD_CELL)] * repeat:
        change(project / CELL, old, new)
        # The other value was met before, and is found in the store.
        shutil.rmtree(project / ".press" / "cells")
        with_cell.append(render(project))
    peak = max(r.peak_mb for r in [*full, *unchanged, *changed, *with_cell])
    return [
        Line("HTML and PDF, everything anew", seconds(full), "s", 6),
        Line("processor time of it", median(r.processor_seconds for r in full), "s", 11),
        Line("nothing changed", seconds(unchanged), "s", 0.3),
        Line(f"prose of {Path(chapter).stem} changed", seconds(changed), "s", 1.5),
        Line("a cell of the data changed", seconds(with_cell), "s", 4),
        Line("peak memory of any process", peak, "MB", PEAK_TARGET_MB),
    ]


def change(path: Path, old: str, new: str) -> None:
    """Put one text in the place of another; it has to be there."""
    text = path.read_text("utf-8")
    if old not in text:
        raise SystemExit(f"{path.name} no longer holds {old!r}; correct bench/render.py")
    path.write_text(text.replace(old, new, 1), "utf-8")


def anew(project: Path) -> Run:
    """A render that finds nothing ready."""
    for path in [path for name in MADE for path in project.rglob(name)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return render(project)


def render(project: Path) -> Run:
    # The copy comes before the installed project, also in the kernels that the render starts.
    command = [sys.executable, "-m", "review", "render", "--engine", "embedded"]
    return run(command, cwd=project, env={"PYTHONPATH": str(project)})


def seconds(runs: list[Run]) -> float:
    return median(r.seconds for r in runs)


if __name__ == "__main__":
    sys.exit(main())
