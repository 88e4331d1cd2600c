"""Time the tests of every change: how long they take, and which files take most of it.

    python bench/suite.py [--files 15]

Seconds of a file are wall seconds of its tests on one of two workers.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter

from measure import ROOT, CommandFailed, Line, report, run

SECONDS = 225  # of the five minutes of `make test`, without environment, style and types
DURATION = re.compile(r"^([\d.]+)s (?:call|setup|teardown) +(tests/[\w/]+\.py)::", re.M)


def by_file(output: str) -> Counter[str]:
    """Seconds of each file, of what pytest says with --durations=0."""
    seconds: Counter[str] = Counter()
    for taken, file in DURATION.findall(output):
        seconds[file] += float(taken)
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=15, help="how many of the slowest are told")
    arguments = parser.parse_args()
    try:
        whole = run([sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile",
                     "--no-loadscope-reorder", "-m", "not nightly", "--durations=0", "tests"],
                    cwd=ROOT)
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 1
    lines = [Line("tests of every change", whole.seconds, "s", SECONDS),
             Line("  processor time of them", whole.processor_seconds, "s")]
    lines += [Line(f"  {file}", seconds, "s")
              for file, seconds in by_file(whole.output).most_common(arguments.files)]
    report("suite", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
