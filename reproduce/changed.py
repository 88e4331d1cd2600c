"""What a change does to the rendered report, as the text of a comment and drawings beside it.

    python -m reproduce.changed BEFORE AFTER [--known BEFORE.json AFTER.json] --output FOLDER

``BEFORE`` and ``AFTER`` are folders of rendered reports; ``--known`` names what ``review without
--format json`` said on each side: counts, ranges and conclusions. Writes ``changes.md``, with
numbers, conclusions, claims, rows, figures and text that differ, ``text.diff`` with the whole
difference of the pages' text, and in ``figures/`` each figure that differs, both states laid over
each other. Exit status 0, whatever differs.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .overlay import overlay
from .plain import lines

LONGEST = 60_000
"""Characters of a comment, which the repository's host cuts at 65,536."""
SHOWN = 60
"""Lines of a part; the files beside the comment hold all of them."""
CLAIMS = "downloads/claims.json"
COMPARED = ("recomputed", "status", "printed")
"""What of a claim is compared."""
HEADLINES = "headlines."

Known = Mapping[str, Any]


def main(words: list[str] | None = None) -> int:
    """Compare two reports and write what differs."""
    parser = argparse.ArgumentParser(prog="python -m reproduce.changed",
                                     description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--known", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER")
    arguments = parser.parse_args(words)
    for folder in (arguments.before, arguments.after):
        if not (folder / "index.html").is_file():
            print(f"{folder} holds no rendered report (no index.html)", file=sys.stderr)
            return 2
    known = [_json(path) for path in arguments.known or ()]
    write(arguments.before, arguments.after, known, arguments.output)
    print(arguments.output / "changes.md")
    return 0


def write(before: Path, after: Path, known: list[Known], output: Path) -> None:
    """Write the comment, the difference of the texts and the drawings into ``output``.

    ``known``: what is known on each side, or nothing.
    """
    output.mkdir(parents=True, exist_ok=True)
    old, new = (leaves(one) for one in known) if known else ({}, {})
    text = text_difference(before, after)
    (output / "text.diff").write_text("".join(f"{line}\n" for line in text), "utf-8")
    moved = sum(line[0] in "+-" for line in text[2:])
    parts = [
        table("Numbers", ["number", "before", "after"],
              pairs({key: value for key, value in old.items() if not key.startswith(HEADLINES)},
                    {key: value for key, value in new.items() if not key.startswith(HEADLINES)})),
        table("Conclusions", ["conclusion", "before", "after"],
              pairs(*({key.removeprefix(HEADLINES): value for key, value in side.items()
                       if key.startswith(HEADLINES)} for side in (old, new)))),
        table("Claims of the article", ["claim", "before", "after"],
              pairs(claims(before), claims(after))),
        table("Rows behind figures and tables", ["file", "rows gone", "rows new"],
              rows(before, after)),
        table("Figures", ["figure", "what"], figures(before, after, output / "figures")),
        fenced("Text", text[2:], f"{moved} lines; all of them in text.diff"),
    ]
    comment = "## What this change does to the report\n\n" + "\n".join(parts)
    if len(comment) > LONGEST:
        whole_lines = comment[:LONGEST].rpartition("\n")[0]
        comment = f"{whole_lines}\n\n… cut here; the rest is in the files beside it\n"
    (output / "changes.md").write_text(comment, "utf-8")


def leaves(value: Any, name: str = "") -> dict[str, str]:
    """Every text and number in nested mappings and lists, by its path."""
    if isinstance(value, Mapping):
        return {path: leaf for key, inner in value.items()
                for path, leaf in leaves(inner, f"{name}.{key}" if name else key).items()}
    if isinstance(value, list):
        return {name: ", ".join(map(str, value))}
    return {name: "none" if value is None else str(value)}


def pairs(old: Mapping[str, str], new: Mapping[str, str]) -> list[list[str]]:
    """Key, earlier and later value of each that differs; – where there is none."""
    keys = dict.fromkeys([*old, *new])
    return [[key, old.get(key, "–"), new.get(key, "–")] for key in keys
            if old.get(key) != new.get(key)]


def claims(report: Path) -> dict[str, str]:
    """What is compared of each claim, by its key and what it is."""
    if not (report / CLAIMS).is_file():
        return {}
    return {f"{claim['claim_id']} {what}": str(claim[what])
            for claim in _json(report / CLAIMS)["claims"] for what in COMPARED}


def rows(before: Path, after: Path) -> list[list[str]]:
    """Each file of rows of which one side has a row, or a head, that the other has not: its path,
    how many went, how many came. A file that is not there has none; the order counts for nothing.
    """
    found = []
    for name in _names(before, after, "data/rows/*.csv"):
        old, new = _rows(before / name), _rows(after / name)
        gone, came = [row for row in old if row not in new], [row for row in new if row not in old]
        if gone or came:
            found.append([name, str(len(gone)), str(len(came))])
    return found


def figures(before: Path, after: Path, output: Path) -> list[list[str]]:
    """Each figure that differs, and what became of it; overlays are written to ``output``."""
    found = []
    for name in _names(before, after, "figures/*.svg"):
        old, new = before / name, after / name
        if not old.is_file() or not new.is_file():
            found.append([Path(name).stem, "new" if new.is_file() else "gone"])
        elif old.read_bytes() != new.read_bytes():
            output.mkdir(parents=True, exist_ok=True)
            drawn = overlay(old.read_text("utf-8"), new.read_text("utf-8"), Path(name).stem)
            (output / Path(name).name).write_text(drawn, "utf-8")
            found.append([Path(name).stem, f"both states in figures/{Path(name).name}"])
    return found


def text_difference(before: Path, after: Path) -> list[str]:
    """The difference of the two pages' text, as unified lines without context."""
    old, new = (lines((report / "index.html").read_text("utf-8")) for report in (before, after))
    return list(difflib.unified_diff(old, new, "before", "after", n=0, lineterm=""))


def table(title: str, head: list[str], found: list[list[str]]) -> str:
    """A part of the comment: a table, or that nothing differs."""
    if not found:
        return f"### {title}\n\nnone differs\n"
    shown = [head, ["---"] * len(head), *found[:SHOWN]]
    text = "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in shown)
    more = f"\nand {len(found) - SHOWN} more\n" if len(found) > SHOWN else ""
    return f"### {title}: {len(found)}\n\n{text}{more}"


def fenced(title: str, found: list[str], note: str) -> str:
    """A part of the comment: lines as they are, or that nothing differs."""
    if not found:
        return f"### {title}\n\nnone differs\n"
    fence = "`" * 6  # longer than any that a text holds
    shown = "\n".join(line.replace(fence, "'") for line in found[:SHOWN])
    return f"### {title}\n\n{note}\n\n{fence}diff\n{shown}\n{fence}\n"


def _cell(text: str) -> str:
    """A cell of a table: what could be markup is plain text."""
    plain = "".join(f"\\{letter}" if letter in "\\|*_`<>[]#@" else letter for letter in text)
    return " ".join(plain.split())


def _names(before: Path, after: Path, pattern: str) -> Iterable[str]:
    return sorted({path.relative_to(side).as_posix() for side in (before, after)
                   for path in side.glob(pattern)})


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
