"""What is known of one rate, and the sums over a stratum, from the cells of the CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import words as w
from reading import VALUE, Row


class Known(NamedTuple):
    """Class of a group and its counts; None for what is not known."""

    letter: str
    events: int | None = None
    total: int | None = None
    least: int | None = None
    most: int | None = None


def half_unit(text: str) -> Fraction:
    return Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


def rounded_to(text: str, total: int) -> list[int]:
    """Counts of `total` that print as the percentage."""
    middle, half = Fraction(text), half_unit(text)
    return [n for n in range(total + 1) if abs(Fraction(100 * n, total) - middle) <= half]


def limits_between(low: str, high: str, total: int) -> tuple[int, int]:
    """Least and most counts between two rounded limits, either of which may be missing."""
    low, high = (f"{float(end):g}" if end else "" for end in (low, high))
    inside = [n for n in range(total + 1)
              if (not low or Fraction(100 * n, total) >= Fraction(low) - half_unit(low))
              and (not high or Fraction(100 * n, total) <= Fraction(high) + half_unit(high))]
    return (inside[0], inside[-1]) if inside else (0, total)


def known_of(row: Row) -> Known:
    total = int(row["n_total"]) if row["n_total"] else None
    if row["state"] != VALUE:
        if total is None:
            return Known("E")
        least, most = limits_between(row["bound_low"], row["bound_high"], total)
        return Known("B" if least == most else "D", least if least == most else None, total,
                     least, most)
    if total is None:
        return Known("C")
    if row["n"] and not w.of_the_count(row):
        return Known("C", None, total)
    if row["n"]:
        events = int(row["n"])
        stated = row["n_kind"] == row["n_total_kind"] == "reported"
        return Known("A" if stated else "B", events, total, events, events)
    printed = w.pointed(row["printed"].strip().removesuffix("%").strip())
    try:
        fitting = rounded_to(printed, total)
    except ValueError:
        fitting = rounded_to(f"{float(row['value']):g}", total)
    if len(fitting) == 1:
        return Known("B", fitting[0], total, fitting[0], fitting[0])
    return Known("C", None, total, fitting[0], fitting[-1]) if fitting else Known("C", None, total)


def crude(groups: Sequence[Known]) -> tuple[int, int, int, int, int]:
    """Least and most events, patients, groups with a size, groups without."""
    sized = [one for one in groups if one.total is not None]
    return (sum(one.least or 0 for one in sized),
            sum(one.total if one.most is None else one.most for one in sized),
            sum(one.total for one in sized), len(sized), len(groups) - len(sized))


def named_ends(groups: Sequence[tuple[Row, Known]],
               setting: Sequence[tuple[Row, Known]]) -> list[str]:
    """Counted studies of `groups` with the lowest or highest rate that a document gives, where it
    has other groups of the setting of which it gives no rate."""
    told: dict[str, list[float]] = {}
    silent = set()
    for row, _ in setting:
        if row["state"] == VALUE:
            told.setdefault(row["source_id"], []).append(float(row["value"]))
        elif row["state"] in ("limits", "not transcribed"):
            silent.add(row["source_id"])
    return list(dict.fromkeys(
        row["study"] for row, known in groups if row["state"] == VALUE and known.letter in "AB"
        and row["source_id"] in silent and float(row["value"]) in (
            min(told[row["source_id"]]), max(told[row["source_id"]]))))


def prose(row: Row) -> str:
    """A value with its unit, as printed where that is the number."""
    value, unit = float(row["value"]), row["unit"]
    try:
        same = float(w.pointed(row["printed"])) == value
    except ValueError:
        same = False
    text = w.pointed(row["printed"]) if same else f"{value:.2f}".rstrip("0").rstrip(".")
    if unit == "percent":
        return f"{text}%"
    return f"{text} {unit.removesuffix('s') if value == 1 else unit}"
