"""How a checker reads sentences: numbers, counts, shares and lists, by its own patterns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
         "ten", "eleven", "twelve")
COUNT = (r"(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
         r"\d{1,3}(?:,\d{3})+|\d+)")
NUMBER = r"\d+(?:\.\d+)?"
AMOUNT = rf"(?:{NUMBER}%|{NUMBER} (?:months|month|lines|line))"
SHOWN = 6  # a list names so many, and counts the rest


class Differs(Exception):
    """A text says something else than the rows."""


def start(text: str) -> str:
    """What begins a sentence, as it stands inside one: figures do not begin it."""
    if text[:1].isdigit():
        raise Differs(f"a sentence begins with a figure: {text!r}")
    return text.removeprefix("In all, ") if text.startswith("In all, ") else \
        text[:1].lower() + text[1:]


def verb(n: int) -> str:
    """The verb of so many studies."""
    return "report" if n > 1 else "reports"


def plain(markdown: str) -> str:
    """Markdown without its escapes."""
    return re.sub(r"\\([\\`*_{}\[\]#|<>$~^@&])", r"\1", markdown)


def read(pattern: str, text: str, what: str) -> re.Match[str]:
    """The whole text by a pattern; a text that cannot be read is a difference."""
    found = re.fullmatch(pattern, text, re.S)
    if found is None:
        raise Differs(f"{what}: cannot be read: {text!r}")
    return found


def same(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise Differs(f"{what}: the page says {found!r}, the rows give {expected!r}")


def count(text: str) -> int:
    """A count in words or figures."""
    return SMALL.index(text) if text in SMALL else int(text.replace(",", ""))


def spelled(n: int) -> str:
    """A count as the page has to write it."""
    return SMALL[n] if n < len(SMALL) else f"{n:,}"


def counted(text: str, n: int, one: str, many: str, what: str) -> None:
    """A count with its noun, in number."""
    found = read(rf"({COUNT}) ({re.escape(one)}|{re.escape(many)})", text, what)
    same((found[1], found[2]), (spelled(n), one if n < 2 else many), what)


def share(text: str, part: int, whole: int, one: str, many: str, what: str) -> None:
    """How many of how many: read as two numbers, and the nouns as one or many."""
    for pattern, get in (
        (rf"no {one}(?:, as no result is known)?", lambda m: (0, 0)),
        (rf"the one {one}", lambda m: (1, 1)),
        (rf"not the one {one}", lambda m: (0, 1)),
        (rf"all ({COUNT}) {many}", lambda m: (count(m[1]), count(m[1]))),
        (rf"none of ({COUNT}) {many}", lambda m: (0, count(m[1]))),
        (rf"all but one of ({COUNT}) {many}", lambda m: (count(m[1]) - 1, count(m[1]))),
        (rf"({COUNT}) of ({COUNT}) {many}", lambda m: (count(m[1]), count(m[2]))),
    ):
        if found := re.fullmatch(pattern, text):
            same(get(found), (part, whole), what)
            return
    raise Differs(f"{what}: cannot be read: {text!r}")


def items(text: str, known: Iterable[str], what: str) -> tuple[list[str], int]:
    """The items of a list in a sentence, each one of `known`, and how many more it counts."""
    left, found, more = text, [], 0
    choices = sorted(set(known), key=len, reverse=True)
    while left:
        if counted_more := re.fullmatch(r"([\d,]+) more", left):
            more = int(counted_more[1].replace(",", ""))
            break
        for item in choices:
            if left == item or left.startswith((f"{item}, ", f"{item} and ")):
                found.append(item)
                left = left[len(item):]
                left = left[5:] if left.startswith(" and ") else left[2:]
                break
        else:
            raise Differs(f"{what}: not one of the rows: {left!r} in {text!r}")
    return found, more


def listed(text: str, expected: Sequence[str], what: str) -> None:
    """A list names what is expected, all of it or the first of it with the rest counted."""
    found, more = items(text, expected, what)
    same(len(found) + more, len(expected), f"{what}, length of the list")
    if more == 0:
        same(Counter(found), Counter(expected), what)
    else:
        same(len(found), SHOWN, f"{what}, items shown")
        if Counter(found) - Counter(expected):
            raise Differs(f"{what}: {found!r} are not all of {list(expected)!r}")


def number(text: str, cell: str, what: str, decimals: int = 2) -> None:
    """A number of a text is that of a cell, exactly or rounded to no fewer decimals."""
    shown, true = float(text.replace(",", "")), float(cell)
    if shown == true:
        return
    places = len(text.partition(".")[2])
    if places < decimals or abs(shown - true) > 0.5000001 * 10 ** -places:
        raise Differs(f"{what}: the page says {text}, the rows give {cell}")


def amount(text: str, cell: str, unit: str, what: str) -> None:
    """A number with its unit, in number."""
    found = read(rf"({NUMBER})(%| [a-z]+)", text, what)
    number(found[1], cell, what)
    one = unit.removesuffix("s")
    expected = "%" if unit == "percent" else f" {one if float(cell) == 1 else unit}"
    same(found[2], expected, f"{what}, unit")


def cells(line: str) -> list[str]:
    """The cells of a line of a pipe table, in Markdown."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def places(cell: str) -> int:
    """Decimals of a number as shortest written: 1 of 2.80, 0 of 3.0."""
    return len(cell.partition(".")[2].rstrip("0")) if "." in cell else 0


def pointed(printed: str) -> str:
    """A print with decimal points: the sources of made rows write commas and raised points between
    digits for them alone."""
    return re.sub(r"(?<=\d)[,\u00b7](?=\d)", ".", printed)


def interval_ends(row: dict[str, str]) -> tuple[str, str]:
    """The limits of an interval with the decimals of its print, which are its last numbers, or as
    plain numbers where nothing is printed; the words of its status for an upper one that is none.
    """
    cells = [row["ci_low"], row["ci_high"]] if row["ci_high"] else [row["ci_low"]]
    printed = re.findall(r"\d+(?:\.\d+)?", pointed(row["ci_printed"]).rpartition("CI")[2])
    shown = [text if float(text) == float(cell) else f"{float(cell):g}" for text, cell in
             zip(printed[-len(cells):] if printed else ["nan"] * len(cells), cells, strict=True)]
    return shown[0], shown[1] if row["ci_high"] else row["ci_high_status"]


def of_the_count(row: dict[str, str]) -> bool:
    """Whether the percentage of a row is that of its count, to the whole percent."""
    return abs(Fraction(100 * int(row["n"]), int(row["n_total"]))
               - Fraction(row["value"])) <= Fraction(1, 2)
