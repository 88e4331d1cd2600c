"""Render the project twice under different conditions, and compare every file.

    python -m reproduce.twice [--python PATH]... [--keep FOLDER] [ROOT]

The second time everything differs at once: folder, day, language, time zone, seed of hashes,
number of cores, rights of new files, home folder. ``--python`` names further Pythons, in which the
packages of the report's lock are installed (a virtual environment with them). Exit status: 0 all
files are the same, 1 some differ, with the place of each one's first difference.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import conditions, hashes
from .run import Failed


def main(words: list[str] | None = None) -> int:
    """Render, compare and tell."""
    parser = argparse.ArgumentParser(prog="python -m reproduce.twice",
                                     description=(__doc__ or "").splitlines()[0])
    parser.add_argument("root", nargs="?", type=Path, default=Path("."), metavar="ROOT")
    parser.add_argument("--python", action="append", default=[], type=Path, metavar="PATH",
                        help="a further Python that has the locked packages; may be repeated")
    parser.add_argument("--keep", type=Path, metavar="FOLDER",
                        help="work in a new folder there, and leave it")
    arguments = parser.parse_args(words)
    root = arguments.root.resolve()
    pythons = [path.absolute() for path in arguments.python]
    try:
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            # what an earlier run left there is neither taken for this one's nor removed
            place = Path(tempfile.mkdtemp(prefix="reproduce-", dir=arguments.keep)).resolve()
            print(f"working in {place}", file=sys.stderr)
            return compare(root, place, pythons)
        with tempfile.TemporaryDirectory(prefix="reproduce-") as temporary:
            return compare(root, Path(temporary).resolve(), pythons)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1


def compare(root: Path, place: Path, pythons: list[Path]) -> int:
    """Render the project at ``root`` in folders of ``place``: plainly, otherwise, and with each of
    ``pythons``. Prints what differs from the first; returns 1 where something does."""
    sources = place / "sources"  # which nobody edits while it is rendered again and again
    conditions.copied(root, sources)
    elsewhere, left_out = conditions.other(place / "other")
    print("rendering as it is", file=sys.stderr)
    plain = conditions.rendered(sources, place / "plain")
    expected = hashes.of_folder(plain)
    wrong = 0
    for reason in left_out:
        print(f"not tried: {reason}", file=sys.stderr)
    ways = [("under other conditions", elsewhere, Path(sys.executable)),
            *((f"with {python}", conditions.PLAIN, python) for python in pythons)]
    for number, (what, how, python) in enumerate(ways, 1):
        print(f"rendering {what}", file=sys.stderr)
        output = conditions.rendered(sources, place / f"other/{number}", how, python)
        lines = differences(plain, output, expected)
        wrong += len(lines)
        told = f"{len(lines)} differ" if lines else "the same"
        print(f"{what}: {len(expected)} files, {told}")
        print("".join(f"  {line}\n" for line in lines), end="")
    return 1 if wrong else 0


def differences(one: Path, other: Path, expected: Mapping[str, str]) -> list[str]:
    """A line for each file that is not the same in two folders. ``expected``: hashes of the files
    of the first."""
    lines = []
    for path, what in hashes.compared(expected, hashes.of_folder(other)).items():
        if what == "different":
            what = hashes.first_difference((one / path).read_bytes(), (other / path).read_bytes())
        lines.append(f"{path}: {what}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
