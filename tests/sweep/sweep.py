"""The whole sweep: every made update against the checker, with two processes.

    python tests/sweep/sweep.py [--updates 500] [--first 0] [--pages 4]

Prints what differs, by kind, with the seeds that show it, and ends with 1 where anything does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

# run by itself, without what pytest adds: this folder and that of the tests
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[0]))

import check
import made
import page
import rendered

from review.checks.validate import validate
from review.dataset import paths
from review.dataset.problems import errors

PROCESSES = 2
# drawing takes most of the time, and the schema's checks a second: each update is read and told,
# and every so manieth is drawn and checked against the schema as well
DRAWN = 10


def one(seed: int, thorough: bool = False) -> list[str]:
    """What the newest edition of an update, and for every tenth the published one beside it, shows
    otherwise than its rows."""
    update = made.make(seed)
    with tempfile.TemporaryDirectory() as folder:
        data = update.write(Path(folder).resolve() / "data")
        if not thorough:
            paths.remember_checked(data, paths.digest(data))
        found = differences(data, update.edition, thorough)
        if thorough:
            found += [f"published edition beside it: {one}"
                      for one in differences(data, "published", drawn=False)]
    return [f"{difference}  ({'; '.join(update.did) or 'new rows alone'})" for difference in found]


def differences(data: Path, edition: str, drawn: bool) -> list[str]:
    """What the page of one edition shows otherwise than its rows."""
    return check.differences(page.shown(data, edition, drawn), data, edition)


def pages(n: int) -> list[str]:
    """Differences between what was checked and the rendered pages of the published edition and of
    the first `n` updates that the rules accept."""
    found, left = [], n
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        html = rendered.render(made.DATA, "published", place / "published")
        found += rendered.missing(html, page.shown(made.DATA, "published", drawn=False))
        for seed in range(1000):
            if not left:
                break
            update = made.make(seed)
            data = update.write(place / str(seed) / "data")
            rendered.cite(data)
            if errors(validate(data)):
                continue
            left -= 1
            html = rendered.render(data, update.edition, place / str(seed) / "book")
            found += [f"update {seed}, {one}" for one in rendered.missing(
                html, page.shown(data, update.edition, drawn=False))]
    return found


def _numbered(seed: int) -> tuple[int, list[str]]:
    """An exception is a finding like any other: the updates after it are tried all the same."""
    try:
        return seed, one(seed, thorough=seed % DRAWN == 0)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return seed, [f"{type(error).__name__} in {Path(place.filename).name}, line "
                      f"{place.lineno}: {error}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pages", type=int, default=4, help="updates that are rendered as well")
    asked = parser.parse_args()
    start = time.monotonic()
    kinds: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for difference in differences(made.DATA, "published", drawn=True):
        kinds[difference[:60]].append((-1, difference))
    seeds = range(asked.first, asked.first + asked.updates)
    # a worker that is killed ends the run with an error; a Pool would wait for it for ever
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for seed, found in pool.map(_numbered, seeds, chunksize=5):
            for difference in found:
                # at once, as a run may be ended before its end
                print(f"update {seed}: {difference}", flush=True)
                kinds[difference[:60]].append((seed, difference))
    print(f"{asked.updates} updates: {sum(map(len, kinds.values()))} differences, "
          f"{time.monotonic() - start:.0f} s; now their pages", flush=True)
    for difference in pages(asked.pages):
        kinds[difference[:60]].append((-1, difference))
    for cases in sorted(kinds.values(), key=len, reverse=True):
        seeds_shown = ", ".join("published" if seed < 0 else str(seed) for seed, _ in cases[:5])
        print(f"{len(cases)} times, as in {seeds_shown}: {cases[0][1]}")
    total = sum(map(len, kinds.values()))
    print(f"{asked.updates} updates and the published edition: {total} differences, "
          f"{time.monotonic() - start:.0f} s")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
