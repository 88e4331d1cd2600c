"""Intervals and numbers inside printed words: limits, levels, NR.

What is printed is kept as printed; here it is read, by the rules of `printed_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from review.dataset.printed_numbers import POINTS, readings
from review.wording import number

POINT = re.compile(rf"(?<=\d)\s?[{POINTS}]\s?(?=\d)")
# digits with what may separate them; a plain space stands between two numbers as well
DIGITS = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[\u2009\u202f\u00a0]\d{3})+(?:[.,]\d+)?(?!\d)"
                    r"|\d(?:[\d.,]*\d)?)")
DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "\u00a0": " ",
                        "\u2009": " ", "\u202f": " "})
NUMBER = r"\d+(?:\.\d+)?"
NONE = (r"NR|NE|NA|NC|N/R|N/E|N\.R\.|N\.E\.|∞|inf(?:inity)?|not (?:yet )?(?:reached|estimable|"
        r"evaluable|available)|\d+(?:\.\d+)?\s*\+")
CI = r"(?:C\.?I\.?|CrI|K\.?I\.?|I\.?C\.?|confidence interval|credible interval)"
LEVEL = re.compile(
    rf"(?:{CI}\s*[:,]?\s*)?(?P<a>{NUMBER})\s*%\s*-?\s*{CI}|{CI}\s*[:,]?\s*(?P<b>{NUMBER})\s*%",
    re.I)
LIMITS = re.compile(
    rf"(?<![\w.])(?P<low>{NONE}|{NUMBER})\s*(?:%|[a-z]{{1,6}}\.?)?\s*(?:-|to\b|bis\b|;|,)\s*"
    rf"(?P<high>{NONE}|{NUMBER})(?![\w.]*\d)", re.I)


@dataclass(frozen=True)
class Interval:
    """An interval as printed. level: in percent. low, high: limits as numbers; None where another
    word stands there (not reached, not estimable) or, for level, where none is printed."""

    low: float | None
    high: float | None
    level: float | None = None


@lru_cache(maxsize=4096)  # many rules read the same print
def plain(text: str) -> str:
    """A printed string with decimal points, without thousands separators.

    Of two readings the first counts, 1,234 as a thousand; what is no number stays as it is.
    """
    return DIGITS.sub(lambda found: next(iter(readings(found[0])), found[0]),
                      POINT.sub(".", text))


def plain_cells(cells: pd.Series) -> pd.Series:
    """`plain` of each cell; <NA> stays."""
    return cells.map(plain, na_action="ignore").astype("string")


def interval(text: str) -> Interval | None:
    """The interval in a printed string, None where none can be read.

    Reads "4.2-7.9", "95% CI 4.2 to 7.9", "5.8 (4.2-7.9)", "4·2–7·9", "11,9–17,8", "48.5–NR" and
    "[95% CI, 4.2, NR]". Where several pairs of numbers stand, the last is the interval.
    """
    limits = _limits(text)
    if limits is None:
        return None
    level = LEVEL.search(plain(text).translate(DASHES))
    low, high = (_number(limit) for limit in limits)
    return Interval(low, high, float(level["a"] or level["b"]) if level else None)


def ends(row: Mapping[str, Any]) -> tuple[str, str]:
    """The limits of the confidence interval of an outcome row, which holds one, as its source
    prints them ("3.0" and "7.9" of "95% CI 3·0–7·9"), in the unit of the row; else as people write
    the number; the words of its status where the upper one is no number: "not reached"."""
    cell = row.get("ci_printed")
    low, high = (_limits(cell) if isinstance(cell, str) else None) or (None, None)
    return (number(row["ci_low"], low),
            str(row["ci_high_status"]) if pd.isna(row["ci_high"]) else number(row["ci_high"], high))


def _limits(text: str) -> tuple[str, str] | None:
    """The limits of a printed interval, each a number with a decimal point or a word."""
    rest = LEVEL.sub(" ", plain(text).translate(DASHES))
    rest = re.sub(rf"^\W*{CI}\b|\(\s*{CI}\b", "(", rest, flags=re.I)
    pairs = list(LIMITS.finditer(rest))
    return (pairs[-1]["low"], pairs[-1]["high"]) if pairs else None


def intervals(cells: pd.Series) -> pd.DataFrame:
    """The interval of each cell: low, high and level, and whether one could be read."""
    read = cells.map(interval, na_action="ignore")
    there = read.map(lambda one: isinstance(one, Interval)).astype(bool)
    frame = {name: pd.Series([getattr(one, name) if isinstance(one, Interval) else None
                              for one in read], index=cells.index, dtype="Float64")
             for name in ("low", "high", "level")}
    return pd.DataFrame({**frame, "read": there})


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(NUMBER, text) else None
