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
POINTS = "\u00b7\u2219\u22c5"  # raised points
SPACES = "\u2009\u202f\u00a0 "  # between groups of three digits
MARKS = "%*\u2020\u2021\u00a7\u00b6"  # percent, and marks of footnotes
LIMITS = {"<": "<", "<=": "<=", "\u2264": "<=", "\u2a7d": "<=", ">": ">", ">=": ">=",
          "\u2265": ">=", "\u2a7e": ">="}
NUMBER = re.compile(rf"(?P<limit><=?|>=?|[\u2264\u2265\u2a7d\u2a7e])?\s*(?P<sign>[-+{MINUS}])?"
                    rf"(?P<digits>\d[\d.,{POINTS}{SPACES}]*?)\s*[{MARKS}]*")
GROUPS = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+")


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
    digits = _plain(found["digits"].strip(), printed)
    sign = "-" if (found["sign"] or "+") in f"-{MINUS}" else ""
    return Printed(Decimal(sign + digits), LIMITS.get(found["limit"] or "", ""))


def _plain(digits: str, printed: str) -> str:
    """Digits with a decimal point alone."""
    for point in POINTS:
        digits = digits.replace(point, ".")
    if re.search(rf"[{SPACES}]", digits):
        whole, mark, rest = re.fullmatch(r"([^.,]*)([.,]?)(.*)", digits).groups()  # type: ignore[union-attr]
        if not GROUPS.fullmatch(whole) or not (rest.isdigit() or not mark):
            raise _refused(printed, "its groups are not of three digits")
        digits = re.sub(rf"[{SPACES}]", "", whole) + ("." if mark else "") + rest
    commas, points = digits.count(","), digits.count(".")
    if not commas:
        if points > 1 or digits.endswith("."):
            raise _refused(printed, "it has more points than a number has, or ends with one")
        return digits
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", digits):
        return digits.replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", digits):
        return digits.replace(".", "").replace(",", ".")
    if commas == 1 and not points and re.fullmatch(r"\d+,\d+", digits):
        whole, _, rest = digits.partition(",")
        if len(rest) != 3 or whole.startswith("0") or len(whole) > 3:
            return f"{whole}.{rest}"
        raise _refused(printed, f"it can be read as {whole}{rest} and as {whole}.{rest}")
    raise _refused(printed, "its commas and points make no number")


def _refused(printed: str, why: str) -> Unreadable:
    return Unreadable(f"the printed {printed!r} cannot be compared: {why}; write it so that it has "
                      "one reading")
