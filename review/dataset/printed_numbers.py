"""Numbers as print writes them: limits, signs, separators, the mark of a footnote.

What can be read in two ways is refused: a comparison with the wrong reading would report a fault of
the article that is one of the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from review.dataset.problems import ReviewError

MINUS = "\u2212\u2013"  # the minus sign, and the en dash where it stands for one
POINTS = "\u00b7\u2219\u2022\u22c5\u2027"  # raised points
SPACES = "\u2009\u202f\u00a0 "  # between groups of three digits
MARKS = "%*\u2020\u2021\u00a7\u00b6"  # percent, and marks of footnotes
LIMITS = {"<": "<", "<=": "<=", "\u2264": "<=", "\u2a7d": "<=", ">": ">", ">=": ">=",
          "\u2265": ">=", "\u2a7e": ">="}
NUMBER = re.compile(rf"(?P<limit><=?|>=?|[\u2264\u2265\u2a7d\u2a7e])?\s*(?P<sign>[-+{MINUS}])?"
                    rf"(?P<digits>\d[\d.,{POINTS}{SPACES}]*?)\s*[{MARKS}]*")
GROUPED = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:[.,]\d+)?")


class Unreadable(ReviewError):
    """What is printed is no number, or one that can be read in two ways."""


@dataclass(frozen=True)
class Printed:
    """A printed number. limit: "" for a value, else <, <=, > or >=, which the number is the end
    of. value: with as many decimals as print has."""

    value: Decimal
    limit: str = ""

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """Every value that rounds to the number (both ends, ties either way)."""
        exponent = self.value.as_tuple().exponent
        assert isinstance(exponent, int)  # digits alone make no infinity
        half = Decimal(5).scaleb(exponent - 1)
        return self.value - half, self.value + half

    def holds(self, value: Decimal) -> bool:
        """Whether `value` is one that print stands for: inside the limit, or rounding to it."""
        if self.limit:
            return {"<": value < self.value, "<=": value <= self.value, ">": value > self.value,
                    ">=": value >= self.value}[self.limit]
        low, high = self.interval
        return low <= value <= high


def read(printed: str) -> Printed | None:
    """A printed number; None for words. Raises Unreadable for a number with two readings.

    "1,234.5" and "1 234" have groups of three digits, "12,5" and "0,125" a decimal comma; "1,234"
    could be either and is refused.
    """
    found = NUMBER.fullmatch(printed.strip())
    if found is None:
        return None
    meant = readings(found["digits"].strip())
    if len(meant) != 1:
        why = " and as ".join(meant)
        why = f"it can be read as {why}" if why else "its points, commas and spaces make no number"
        raise Unreadable(f"the printed {printed!r} cannot be compared: {why}; write it so that it "
                         "has one reading")
    sign = "-" if (found["sign"] or "+") in f"-{MINUS}" else ""
    return Printed(Decimal(sign + meant[0]), LIMITS.get(found["limit"] or "", ""))


def readings(digits: str) -> tuple[str, ...]:
    """What digits with separators can mean, each with a decimal point alone: one number, two where
    a comma may group thousands or begin decimals (thousands first), or none."""
    for point in POINTS:
        digits = digits.replace(point, ".")
    if re.search(rf"[{SPACES}]", digits):
        if not GROUPED.fullmatch(digits):
            return ()
        digits = re.sub(rf"[{SPACES}]", "", digits).replace(",", ".")
    if re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return (digits,)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", digits):
        return (digits.replace(",", ""),)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", digits):
        return (digits.replace(".", "").replace(",", "."),)
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        return digits.replace(",", ""), digits.replace(",", ".")
    return (digits.replace(",", "."),) if re.fullmatch(r"\d+,\d+", digits) else ()
