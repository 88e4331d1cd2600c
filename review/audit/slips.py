"""Slipped digits: which numbers of the published edition nothing else can contradict.

Each numeric cell is changed by one digit, and everything that looks at rows is asked whether it
notices: the schema and the rules of validation, the verdicts on claims, the conclusions, the checks
over all rows. The digests of frozen rows are left out: they notice every change and say nothing of
what is right. A cell that nobody notices can only be compared with its source again.

    python -m review.audit.slips          says where the list in data/audit/slips.csv differs
    python -m review.audit.slips --write  writes the list

Without --write the list is held against the cells of the edition, and each of its slips is tried
alone: one that is noticed is shown to the witness that it names, one that is not to all. It takes
minutes, so the list is stored; tests try a part of it and `make soak` all of it.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from tqdm import tqdm

from review.audit.witnesses import Bench, Cell
from review.dataset import program, replacing
from review.dataset.load import PUBLISHED, Review, load
from review.dataset.problems import Problem

COMMAND = "python -m review.audit.slips --write"
TOGETHER = 32  # cells that are tried at once, as long as nobody notices


@dataclass(frozen=True)
class Slip:
    """A cell, its slip, and one witness that notices, which need not be the only one. row: as in
    "outcomes/smith-2023-os". kind: schema, rule, verdict, conclusion or check; kind and by are
    empty where nobody notices."""

    row: str
    field: str
    value: str
    slipped: str
    kind: str
    by: str

    @property
    def silent(self) -> bool:
        """Whether nobody notices."""
        return not self.kind


def slipped(value: str) -> str:
    """The value with its last digit one higher, and 8 for 9: the smallest slip of one digit."""
    last = max(place for place, mark in enumerate(value) if mark.isdigit())
    digit = "8" if value[last] == "9" else str(int(value[last]) + 1)
    return value[:last] + digit + value[last + 1:]


def numbers(bench: Bench) -> list[Cell]:
    """Every cell of a whole or decimal number of the published edition, with its slip."""
    return [Cell(table, row, field.name, value, slipped(value))
            for table, resource in bench.resources.items() for field in resource.fields
            if field.type in ("integer", "number")
            for row, value in bench.column(table, field.name)]


def tried(bench: Bench, cells: Sequence[Cell]) -> Iterator[Slip]:
    """Each cell with who notices its slip.

    Each is shown first to those who noticed others of its column. What is left of a column is tried
    several at once, and apart as soon as somebody notices.
    """
    columns: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        columns.setdefault((cell.table, cell.field), []).append(cell)
    for column in columns.values():
        known: Counter[str] = Counter()
        for start in range(0, len(column), TOGETHER):
            yield from _apart(bench, column[start:start + TOGETHER], known)


def _apart(bench: Bench, cells: list[Cell], known: Counter[str]) -> Iterator[Slip]:
    """The cells with who notices them. known: who noticed others of the column, and how often."""
    left = []
    for cell in cells:
        if found := bench.noticed([cell], [name for name, _ in known.most_common()]):
            known[found] += 1
            yield _slip(cell, found)
        else:
            left.append(cell)
    found = bench.noticed(left) if left else ""
    if not found:
        yield from (_slip(cell, "") for cell in left)
    elif len(left) == 1:
        known[found] += 1
        yield _slip(left[0], found)
    else:
        half = len(left) // 2
        yield from _apart(bench, left[:half], known)
        yield from _apart(bench, left[half:], known)


def _slip(cell: Cell, found: str) -> Slip:
    kind, _, by = found.partition(" ")
    return Slip(cell.row, cell.field, cell.value, cell.slipped, kind, by)


def path_of(r: Review) -> Path:
    """The file of the list, whether it is there or not."""
    return r.data / "audit" / "slips.csv"


def stored(r: Review) -> list[Slip]:
    """The list as stored; empty for a dataset without one."""
    if not path_of(r).is_file():
        return []
    with path_of(r).open(encoding="utf-8", newline="") as file:
        return [Slip(**row) for row in csv.DictReader(file)]


def write(r: Review) -> list[Slip]:
    """Tries every cell and stores the list."""
    bench = Bench(r)
    cells = numbers(bench)
    return store(r, cells, tqdm(tried(bench, cells), total=len(cells), desc="slips", unit=" cells"))


def store(r: Review, cells: Sequence[Cell], slips: Iterable[Slip]) -> list[Slip]:
    """Stores slips in the order of the cells."""
    place = {(cell.row, cell.field): number for number, cell in enumerate(cells)}
    ordered = sorted(slips, key=lambda slip: place[slip.row, slip.field])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Slip)])
    writer.writerows(astuple(slip) for slip in ordered)
    path_of(r).parent.mkdir(exist_ok=True)
    replacing.put(path_of(r), text.getvalue().encode())
    return ordered


def incomplete(bench: Bench, slips: Sequence[Slip]) -> list[Problem]:
    """Whether the list has every number of the published edition with its slip, each once and in
    the order of the dataset; where not, the cells of which it has too few or too many."""
    wanted = [(cell.row, cell.field, cell.value, cell.slipped) for cell in numbers(bench)]
    listed = [(slip.row, slip.field, slip.value, slip.slipped) for slip in slips]
    count = Counter(wanted)
    count.subtract(listed)
    problems = [_problem(field, value, f"{row}, {field}: the list "
                         + ("lacks it" if n > 0 else "has it, and the edition has not"))
                for (row, field, value, _), n in count.items() if n]
    if not problems and listed != wanted:
        problems = [_problem("", "", "the list is in another order than the dataset")]
    return problems


def different(bench: Bench, slips: Iterable[Slip]) -> Iterator[Problem]:
    """Stored slips that are noticed otherwise than the list says, each tried alone."""
    for slip in slips:
        cell = Cell(slip.row.split("/")[0], slip.row, slip.field, slip.value, slip.slipped)
        # of those that are noticed, whoever noticed them is asked again
        names = None if slip.silent else [f"{slip.kind} {slip.by}"]
        found = bench.noticed([cell], names)
        if bool(found) == slip.silent:
            told = f"{found} notices it" if found else f"{slip.kind} {slip.by} no longer notices it"
            yield _problem(slip.field, slip.value, f"{slip.row}, {slip.field}: {told}")


def _problem(field: str, value: str, message: str) -> Problem:
    return Problem("audit/slips.csv", 0, field, value, "slips", message, f"run {COMMAND}")


def main(arguments: Sequence[str]) -> int:
    """Compares the list with the cells of the edition and with what is noticed now, or writes it;
    1 where it differs."""
    r = load(PUBLISHED)
    if "--write" in arguments:
        slips = write(r)
        print(f"{len(slips)} cells, {sum(slip.silent for slip in slips)} of them noticed by nobody")
        return 0
    bench = Bench(r)
    slips = stored(r)
    problems = [*incomplete(bench, slips),
                *different(bench, tqdm(slips, desc="slips", unit=" cells"))]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(program.run(lambda: main(sys.argv[1:])))
