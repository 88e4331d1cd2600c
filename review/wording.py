"""Pieces of sentences made from data: counts, lists and shares with their singular and plural.

Results are Markdown: names from the dataset are escaped, nothing else is marked up.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from review.markdown import escape

# counts to twelve are spelled out; what is counted says whether it is nothing or one
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")
LISTED = 6


def counted(n: int, one: str, many: str) -> str:
    """A count with its noun: "no trial", "one trial", "six trials", "13 trials"."""
    return f"{word(n)} {one if n < 2 else many}"


def word(n: int) -> str:
    """A count in words to twelve, with thousands separated above: "two", "24,000"."""
    return _WORDS[n] if n < len(_WORDS) else f"{n:,}"


def listed(items: Sequence[str], total: int | None = None, limit: int = LISTED) -> str:
    """Items as prose lists them: "A", "A and B", "A, B and C", "A, B and 7 more".

    Beyond `limit` items the rest is counted, so that a sentence stays one. total: how many there
    are where `items` holds the first of them. Empty for no item.
    """
    shown = list(items[:limit])
    more = (len(items) if total is None else total) - len(shown)
    if more > 0:
        shown.append(f"{more:,} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def share(part: int, whole: int, one: str, many: str) -> str:
    """How many of a whole: "the one trial", "all six trials", "all but one of six trials",
    "three of seven trials", "none of six trials", "no trial".

    More than one exception, or one of a few, is counted from the other side, because "all but"
    says that it is rare.
    """
    if whole == 0:
        return f"no {one}"
    if part == whole:
        return f"the one {one}" if whole == 1 else f"all {word(whole)} {many}"
    if part == 0:
        return f"none of {word(whole)} {many}" if whole > 1 else f"not the one {one}"
    if whole - part == 1 and whole > 4:
        return f"all but one of {word(whole)} {many}"
    return f"{word(part)} of {word(whole)} {many}"


def capital(text: str) -> str:
    """Text that begins a sentence: its first letter as a capital, and words before a figure."""
    return f"In all, {text}" if text[:1].isdigit() else text[:1].upper() + text[1:]


def reports(part: int) -> str:
    """The verb of a `share` of so many: "one of six trials reports", "all six trials report"."""
    return "report" if part > 1 else "reports"


def amount(value: float, unit: str, printed: str | None = None) -> str:
    """A number with its unit, as its source prints it: "19.0 months", "25%", "1 month"; a decimal
    comma or a raised point of the source becomes a point."""
    text = number(value, printed)
    if unit == "percent":
        return f"{text}%"
    return f"{text} {unit.removesuffix('s') if value == 1 else unit}"


def number(value: float, printed: str | None = None) -> str:
    """A number as its source prints it, else as people write it: "19.0", "25"."""
    text = _pointed(printed)
    return text if _is(text, value) else plain(value)


def patients(n: int, which: str = "") -> str:
    """A size of a group: "1 patient", "2,500 patients"; which: a word before: "9 retreated
    patients"."""
    return " ".join(filter(None, (f"{n:,}", which, "patient" if n == 1 else "patients")))


def between(low: float, high: float, unit: str,
            printed: tuple[str | None, str | None] = (None, None)) -> str:
    """A range in prose: "3.3 to 5 months", its ends as printed: "24.6 to 90.0%"; one number where
    both ends agree."""
    if low == high:
        return amount(high, unit, printed[1])
    return f"{number(low, printed[0])} to {amount(high, unit, printed[1])}"


def plain(value: float | int) -> str:
    """A number as people write it: 43 for 43.0, 19.1 for 19.1, at most two decimals."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def decimals_of(value: float) -> int:
    """How many decimals a number is written with: 1 for 2.8, 0 for 3.0."""
    return len(f"{value:g}".partition(".")[2])


def day(date: datetime.date) -> str:
    """A day as prose writes it: "8 December 2023"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def named(name: str, value: str) -> str:
    """A study with its value in brackets: "Smith 2023 (19.4 months)"."""
    return f"{escape(name)} ({value})"


def _pointed(printed: str | None) -> str:
    """A printed number with a decimal point; "" for a missing cell."""
    if not isinstance(printed, str):
        return ""
    return re.sub(r"(?<=\d)[,·∙•](?=\d)", ".", printed) \
        if re.fullmatch(r"\d+[,·∙•]\d+", printed) else printed


def _is(printed: str | None, value: float) -> bool:
    try:
        return isinstance(printed, str) and float(printed) == value  # a missing cell is no text
    except ValueError:
        return False


def unmarked(markdown: str) -> str:
    """A sentence of this package as plain text: its escapes taken off."""
    return re.sub(r"\\([\\`*_{}\[\]#|<>$~^@])", r"\1", markdown)
