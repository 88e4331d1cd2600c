"""Time the commands that a person waits for, from the shell's prompt to the end.

    python bench/commands.py [--repeat 3]
"""

from __future__ import annotations

import argparse
import sys
from statistics import median

from measure import ROOT, CommandFailed, Line, report, run

# the words of each command, and its target in seconds
COMMANDS = {
    "--help": 0.15,
    "validate --quiet": 0.8,
    "claims": 1.0,
    "rows fig-rwe-pfs": 0.7,
    "sources fig-rwe-pfs": 0.7,
    "what-if data/candidates/martino-2025": 1.5,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command (median)")
    arguments = parser.parse_args()
    lines = []
    for words, target in COMMANDS.items():
        command = [sys.executable, "-m", "review", *words.split()]
        try:
            run(command, cwd=ROOT)  # warms the system's file cache
            runs = [run(command, cwd=ROOT) for _ in range(arguments.repeat)]
        except CommandFailed as error:
            print(error, file=sys.stderr)
            return 1
        lines.append(Line(f"review {words}", median(r.seconds for r in runs), "s", target))
        lines.append(Line("  processor time of it", median(r.processor_seconds for r in runs), "s"))
    report("commands", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
