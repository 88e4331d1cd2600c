"""Run a command and say how long it took and how much memory its largest process held."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Run:
    """One run: wall time, processor time, peak resident memory of any one process, and its output.

    Processor time is the sum over the processes; on a busy machine it says more than wall time.
    Memory is what the system kept for the command and every descendant that was waited for, so
    nothing is missed between two samples.
    """

    seconds: float
    processor_seconds: float
    peak_mb: float
    output: str


class CommandFailed(Exception):
    """The measured command ended with an error; the message is its output."""


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run `command` to its end. Raises CommandFailed, with the output, where it fails.

    The system counts the memory of the process that starts a command as the command's own, so it
    is started from a fresh interpreter, which is small: this module run as a script.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = subprocess.run(
            [sys.executable, "-I", __file__, file.name, *command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            ended = f"{' '.join(command)} ended with {done.returncode}"
            raise CommandFailed(f"{ended}:\n{done.stdout}")
        measured = json.loads(Path(file.name).read_text(encoding="utf-8"))
    return Run(**measured, output=done.stdout)


def start_and_measure(result: Path, command: Sequence[str]) -> int:
    """Run `command`, write what it took to `result` as JSON, and return its exit status."""
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in KiB, macOS in bytes.
    scale = 1 if sys.platform == "darwin" else 1024
    measured = {
        "seconds": seconds,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * scale / 1e6,
    }
    result.write_text(json.dumps(measured), encoding="utf-8")
    return process.returncode


@dataclass(frozen=True)
class Line:
    """One line of a benchmark's table: what was measured, how much, in what, and the target."""

    what: str
    measured: float
    unit: str
    target: float | None = None

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if self.measured <= self.target else "MISSED"


def report(name: str, lines: Sequence[Line]) -> None:
    """Print the lines as a table and write them, with the machine, to bench/results/NAME.json."""
    width = max(len(line.what) for line in lines)
    print(f"{name}: {machine()}")
    for line in lines:
        number = f"{line.measured:.0f}" if line.unit == "MB" else f"{line.measured:.2f}"
        target = "" if line.target is None else f"at most {line.target:g} {line.unit}"
        row = f"  {line.what:<{width}}  {number:>7} {line.unit:<2}  {target:<15} {line.verdict}"
        print(row.rstrip())
    RESULTS.mkdir(exist_ok=True)
    document = {
        "machine": machine(),
        "lines": [{**asdict(line), "verdict": line.verdict} for line in lines],
    }
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def machine() -> str:
    """Cores, system and Python, without anything that names the machine."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(start_and_measure(Path(sys.argv[1]), sys.argv[2:]))
