"""Known faults, made from the schema: which there are, where each can stand, where it is told.

A `Kind` of fault finds its places in a `Book` from the types, words, patterns, limits and keys of
the schema, and spoils one of them; what it returns is where validation has to tell it. `faults` is
the strategy that draws one to five of them for one case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from faulty_book import Book, Place
from hypothesis import strategies as st

from review.dataset.schema import PATTERNS, Field
from review.update.spreadsheet import LATER

HEADER, OF_FILE = 0, -1  # in place of the number of a row
WORDS = st.from_regex(r"q[a-z]{4,8}", fullmatch=True)
# what is no number, truth or day, also for a reader that undoes the habits of spreadsheet programs
NONE_OF_TYPE = {
    "integer": ["1.5", "\u0663", "12x", "0x1F"],
    "number": ["NaN", "1e999", "\uff13", "1.2.3", "--1", "5,,3"],
    "boolean": ["yes", "1", "t"],
    "date": ["2026-02-30", "9999-01-01", "20260101", "yesterday"],
}
HIDDEN = ["\u200d", "\u202e", "\u2066", "\x1b", "\x07", "\ue000", "\u2060", "\u3164", "\u00ad"]
FORMULAE = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "=HYPERLINK(\"x\")"]


@dataclass(frozen=True)
class Kind:
    """A kind of fault. layer: what validation has to be able to read before it can tell it.
    places: where it can stand. spoil: does it at a place, drawing what is written; gives the row
    and the column that are told. whole: it concerns the whole file."""

    name: str
    layer: str
    places: Callable[[Book], list[Place]]
    spoil: Callable[[Book, Place, st.DrawFn], tuple[int, str]]
    whole: bool = False


KINDS: list[Kind] = []


def kind(name: str, layer: str, places: Callable[[Book], list[Place]],
         whole: bool = False) -> Callable[[Callable], Callable]:
    """Enters a function that spoils a place."""

    def enter(spoil: Callable[[Book, Place, st.DrawFn], tuple[int, str] | None]) -> Callable:
        def done(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
            return spoil(book, place, draw) or (place[1], place[2])

        KINDS.append(Kind(name, layer, places, done, whole))
        return spoil

    return enter


def cells(fits: Callable[[Field], bool], filled: bool = False) -> Callable[[Book], list[Place]]:
    """Places in the columns that fit; filled: that are not empty."""

    def places(book: Book) -> list[Place]:
        return [place for table, one in book.fields if fits(one)
                for row in range(1, len(book.tables[table]))
                if (place := (table, row, one.name)) and (not filled or book.cell(place))]

    return places


def prose(one: Field) -> bool:
    return not one.notation and not one.allowed


# --- one cell, against the schema -----------------------------------------------------------------


@kind("wrong type", "cell", cells(lambda one: one.type in PATTERNS))
def wrong_type(book: Book, place: Place, draw: st.DrawFn) -> None:
    type_ = book.resources[place[0]].field(place[2]).type
    book.put(place, draw(st.sampled_from(NONE_OF_TYPE[type_]) | WORDS))


@kind("another word", "cell", cells(lambda one: bool(one.allowed)))
def another_word(book: Book, place: Place, draw: st.DrawFn) -> None:
    allowed = book.resources[place[0]].field(place[2]).allowed
    near = [word[:-1] for word in allowed] + [word.upper() for word in allowed]
    book.put(place, draw((st.sampled_from(near) | WORDS).filter(
        lambda word: word and word not in allowed)))


@kind("missing required", "cell", cells(lambda one: one.required))
def missing_required(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, "")


@kind("another form", "cell", cells(lambda one: "pattern" in one.constraints))
def another_form(book: Book, place: Place, draw: st.DrawFn) -> None:
    pattern = book.resources[place[0]].field(place[2]).constraints["pattern"]
    cell = book.cell(place) or "q"
    book.put(place, draw(st.sampled_from([f"{cell} x", f"x {cell}", "?", "Q q", f"{cell}\u0430"])
                         .filter(lambda cell: not re.fullmatch(pattern, cell, re.ASCII))))


@kind("below the least", "cell", cells(lambda one: "minimum" in one.constraints))
def below(book: Book, place: Place, draw: st.DrawFn) -> None:
    least = book.resources[place[0]].field(place[2]).constraints["minimum"]
    book.put(place, str(least - draw(st.integers(1, 99))))


@kind("above the most", "cell", cells(lambda one: "maximum" in one.constraints))
def above(book: Book, place: Place, draw: st.DrawFn) -> None:
    most = book.resources[place[0]].field(place[2]).constraints["maximum"]
    book.put(place, str(most + draw(st.integers(1, 99))))


@kind("digits without end", "cell", cells(lambda one: one.type in ("integer", "number")))
def digits(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, "7" * draw(st.integers(16, 400)))


@kind("a character that cannot be seen", "cell", cells(lambda one: not one.allowed))
def hidden(book: Book, place: Place, draw: st.DrawFn) -> None:
    cell, mark = book.cell(place) or "ab", draw(st.sampled_from([*HIDDEN, "\0"]))
    # inside: what stands at the ends is taken off in a folder
    at = draw(st.integers(1, max(1, len(cell) - 1)))
    book.put(place, f"{cell[:at] or 'a'}{mark}{cell[at:] or 'b'}")


@kind("a formula", "cell", cells(prose))
def formula(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, draw(st.sampled_from(FORMULAE)))


@kind("digits of another script", "cell", cells(prose))
def digit(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, f"{book.cell(place)} {draw(st.sampled_from('٣५৭５'))}".strip())


@kind("a line break", "cell", cells(prose))
def line_break(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, f"{book.cell(place) or 'first'}\nsecond")


@kind("markup in an address", "cell", cells(lambda one: one.address))
def markup(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, draw(st.sampled_from(["https://a.org/<b>", "https://a.org/'x'",
                                          "10.1000/\"x\"", "javascript:alert(1)"])))


# --- rows that have to fit together ---------------------------------------------------------------


def links(book: Book) -> list[Place]:
    return [(table, row, name) for table, rows in book.tables.items()
            for name, _, _ in book.resources[table].foreign_keys
            if name in rows[0] and not (book.new and name in LATER)
            for row in range(1, len(rows))]


@kind("a key that leads nowhere", "link", links)
def dangling(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.put(place, draw(WORDS) + "-nowhere")


@kind("a key twice", "cell", cells(lambda one: True))
def key_twice(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    table, row, _ = place
    key, rows = book.resources[table].primary_key[0], book.tables[table]
    rows.append(list(rows[row]))
    return len(rows) - 1, key


@kind("a value twice that is unique", "cell", cells(lambda one: bool(
    one.constraints.get("unique")), filled=True))
def value_twice(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    table, row, name = place
    rows = book.tables[table]
    more = list(rows[row])
    more[0] = "9999" if more[0].isdigit() else f"{more[0]}-more"
    rows.append(more)
    return len(rows) - 1, name


# --- rules about results --------------------------------------------------------------------------


def results(*filled: str, **cells_: str) -> Callable[[Book], list[Place]]:
    """Rows of outcomes in which these columns are filled or hold these words."""

    def places(book: Book) -> list[Place]:
        rows = range(1, len(book.tables.get("outcomes", [[]])))
        return [("outcomes", row, "outcome_id") for row in rows
                if all(book.cell(("outcomes", row, name)) for name in filled)
                and all(book.cell(("outcomes", row, name)) == word
                        for name, word in cells_.items())]

    return places


def fill(book: Book, place: Place, told: str, **cells_: object) -> tuple[int, str]:
    for name, cell in cells_.items():
        book.put((place[0], place[1], name), str(cell))
    return place[1], told


def interval(book: Book, place: Place, low: float, high: float) -> tuple[int, str]:
    return fill(book, place, "ci_low", ci_low=f"{low:.1f}", ci_high=f"{high:.1f}", ci_level=95,
                ci_status="value", ci_high_status="value", ci_printed="")


def value_of(book: Book, place: Place) -> float:
    return float(book.cell((*place[:2], "value")))


@kind("an interval beside its estimate", "rule", results("value", status="value"))
def beside(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    off = draw(st.integers(1, 40))
    return interval(book, place, value_of(book, place) + off, value_of(book, place) + off + 5)


@kind("an interval the wrong way round", "rule", results("value", status="value"))
def reversed_(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    off = draw(st.integers(1, 40))
    return interval(book, place, value_of(book, place) + 2 * off, value_of(book, place) + off)


@kind("a count above its base", "rule", results("n_total", "n_total_kind"))
def count_above(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    base = int(book.cell((*place[:2], "n_total")))
    return fill(book, place, "n", n=base + draw(st.integers(1, 99)), n_kind="reported")


@kind("a value that its status denies", "rule", results("value", status="value"))
def denied(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    return fill(book, place, "status", status=draw(st.sampled_from(
        ["not reached", "not estimable", "not reported", "not transcribed"])))


@kind("no value where the status has one", "rule", results("value", status="value"))
def no_value(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    return fill(book, place, "value", value="")


@kind("a value that is not as printed", "rule", results("value", "printed", status="value"))
def not_as_printed(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    return fill(book, place, "printed",
                printed=f"{value_of(book, place) + draw(st.integers(1, 50)):g}")


@kind("more than all", "rule", results("value", statistic="proportion", status="value"))
def more_than_all(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    more = 100 + draw(st.integers(1, 400))
    return fill(book, place, "value", value=more, printed=more)


@kind("another unit", "rule", results("value", unit="months", statistic="median"))
def another_unit(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    return fill(book, place, "unit", unit="percent")


@kind("a count that does not say how it is known", "rule", results("n", "n_kind"))
def unknown_count(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    return fill(book, place, "n_kind", n_kind="")


# --- columns --------------------------------------------------------------------------------------


def files(book: Book) -> list[Place]:
    return [(table, row, "") for table, rows in book.tables.items() for row in range(1, len(rows))]


@kind("a column too many", "file", files, whole=True)
def more_columns(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    name = draw(WORDS)
    at = draw(st.integers(1, len(book.tables[place[0]][0])))
    for row in book.tables[place[0]]:
        row.insert(at, name if row is book.tables[place[0]][0] else "x")
    return HEADER, name


@kind("a column missing", "file", cells(lambda one: one.required), whole=True)
def column_missing(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    at = book.column(place[0], place[2])
    for row in book.tables[place[0]]:
        del row[at]
    return HEADER, place[2]


@kind("a column twice", "file", cells(lambda one: True), whole=True)
def column_twice(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    for row in book.tables[place[0]]:
        row.append(row[book.column(place[0], place[2])])
    return HEADER, place[2]


# --- bytes ----------------------------------------------------------------------------------------


@kind("cells too many", "file", files, whole=True)
def ragged(book: Book, place: Place, draw: st.DrawFn) -> None:
    book.tables[place[0]][place[1]] += ["more"] * draw(st.integers(1, 5))


@kind("bytes of another encoding", "file", files, whole=True)
def latin(book: Book, place: Place, draw: st.DrawFn) -> None:
    mark = draw(st.sampled_from([b"\xe9", b"\xff", b"\x80", b"\xc3("]))
    line = book.line(*place[:2])

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[line - 1] += mark
        return b"\n".join(lines)

    book.bytes_of[place[0]] = change


@kind("UTF-16", "file", files, whole=True)
def utf_16(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    # without a mark at the beginning it may be anything, which the reader of a folder still guesses
    forms = ["utf-16", "utf-16-be", "utf-16-le"] if book.new else ["utf-16"]
    form = draw(st.sampled_from(forms))
    book.bytes_of[place[0]] = lambda content: content.decode().encode(form)
    return OF_FILE, ""


@kind("a quotation mark not closed", "file", files, whole=True)
def not_closed(book: Book, place: Place, draw: st.DrawFn) -> None:
    line = book.line(*place[:2])

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        # one that is closed elsewhere would open another cell there
        lines[line - 1:] = [b'"' + lines[line - 1].replace(b'"', b"")]
        return b"\n".join(lines)

    book.bytes_of[place[0]] = change


@kind("nothing in the file", "file", files, whole=True)
def nothing(book: Book, place: Place, draw: st.DrawFn) -> tuple[int, str]:
    book.bytes_of[place[0]] = lambda content: b""
    return (OF_FILE if book.new else HEADER), ""


@dataclass(frozen=True)
class Case:
    """A spoilt book, the tables that differ, and where each fault has to be told: (file, row,
    column), the column empty where the row or the file as a whole is told."""

    book: Book = field(repr=False)
    changed: tuple[str, ...]
    expected: frozenset[tuple[str, int, str]]
    told: tuple[str, ...]
    layers: tuple[str, ...]


# What is told together: rules look at rows that keep the schema, so a rule's fault has only others
# beside it; keys are followed once every file is read; of a folder, files that cannot be read are
# told before its cells are.
TOGETHER = [("cell", "link"), ("rule",), ("file", "cell")]
TOGETHER_IN_FOLDER = [("cell", "link"), ("rule",), ("file",)]


@st.composite
def faults(draw: st.DrawFn, whole: Book) -> Case:
    """One to five faults of a book."""
    layers = draw(st.sampled_from(TOGETHER_IN_FOLDER if whole.new else TOGETHER))
    kinds = [one for one in KINDS if one.layer in layers and one.places(whole)]
    book = whole.copy()
    taken: set[tuple[str, int]] = set()
    expected, told = [], []
    for _ in range(draw(st.integers(1, 5))):
        one = draw(st.sampled_from(kinds))
        places = [place for place in one.places(whole)
                  if not any(table == place[0] and (one.whole or row in (0, place[1]))
                             for table, row in taken)]
        if not places:
            continue
        place = draw(st.sampled_from(places))
        # the whole of a file is row 0
        taken.add((place[0], 0 if one.whole else place[1]))
        expected.append((place[0], *one.spoil(book, place, draw)))
        told.append(f"{one.name} at {place}")
    changed = tuple(sorted({table for table, _ in taken}))
    # others above may have brought line breaks, so lines are counted once all are made
    return Case(book, changed, frozenset(
        (book.resources[table].path, 0 if row == OF_FILE else book.line(table, row), column)
        for table, row, column in expected), tuple(told), layers)
