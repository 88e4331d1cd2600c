"""Time the audit on the real dataset: reading it, and evaluating every claim.

Best of several runs in one process; nothing is kept from one run to the next, and imports are not
counted.

    python bench/claims.py [--runs 5]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from measure import ROOT, Line, report

TARGET = 1.0  # seconds, to read the dataset and evaluate every claim


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = [timed(ROOT / "data") for _ in range(max(1, parser.parse_args().runs))]
    report("claims", lines(*min(runs, key=lambda run: run[0] + run[1])))
    return 0


def timed(data: Path) -> tuple[float, float, int]:
    """Seconds to read the published edition from a dataset that is known to be valid, seconds to
    evaluate its claims, and how many claims there are."""
    from article.contents import CONTENTS
    from review.audit import registry
    from review.dataset.load import PUBLISHED, read_anew, select

    registry.rules(CONTENTS)
    read_anew(data)
    start = time.perf_counter()
    # select makes a review of its own, and results are kept by review
    fresh = select(read_anew(data), PUBLISHED, data, CONTENTS)
    read = time.perf_counter()
    entries = registry.evaluate(fresh)
    return read - start, time.perf_counter() - read, len(entries)


def lines(read: float, evaluated: float, claims: int) -> list[Line]:
    """The table: both steps, and their sum against the target."""
    return [Line("read the dataset", read, "s"),
            Line(f"evaluate {claims} claims", evaluated, "s"),
            Line("both", read + evaluated, "s", TARGET)]


if __name__ == "__main__":
    raise SystemExit(main())
