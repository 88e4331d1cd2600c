"""Numbers as they are printed: what a string says, how exactly, and whether a count gives it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from review.dataset.printed import DIGITS, plain, plain_cells
from review.dataset.printed_numbers import readings

# not the 12 of B12, nor the second part of a decimal
NUMBER = r"(?<![A-Za-z\d.])(\d+(?:\.\d+)?)"
# "≥PR 57%" names a response and no limit; "12+" is a time at which the patient was still in the
# study
LIMIT = (r"^\s*(?:[<>≤≥]=?\s*[~≈]?\s*\d"
         r"|[≤≥]?\s*(?:up to|at least|at most|more than|less than|under|over)\b"
         r"|\d+(?:[.,·]\d+)?\s*\+(?!\s*[\d/-]))")


def first(printed: pd.Series) -> pd.Series:
    """The first number of each printed string, as text; <NA> where there is none."""
    return plain_cells(printed).str.extract(NUMBER, expand=False)


def gives(printed: pd.Series, value: pd.Series) -> pd.Series:
    """Whether the first number of each printed string can be read as the value; False where there
    is none. A comma that may group thousands or begin decimals is read as the value has it."""
    found = printed.map(_first_readings, na_action="ignore")
    return pd.Series([isinstance(texts, tuple) and pd.notna(one) and float(one) in map(float, texts)
                      for texts, one in zip(found, value, strict=True)], index=printed.index)


def percents(printed: pd.Series) -> pd.Series:
    """The first number with a percent sign of each printed string, as text: 45 in "18/40 (45%)"."""
    return plain_cells(printed).str.extract(NUMBER + r"\s*%", expand=False)


def after_count(printed: pd.Series, count: pd.Series) -> pd.Series:
    """The number in the bracket after a count, as text: 56.9 in "29 (56.9)". count: the one that is
    known; where none is, any whole number may be it."""
    found = plain_cells(printed).str.extract(rf"^\s*(\d+)\s*[(\[]\s*{NUMBER}\s*%?\s*[)\]]")
    other = (found[0].astype("Int64") != count).fillna(False)
    return found[1].mask(other)


def _first_readings(text: str) -> tuple[str, ...]:
    """What the first number of a printed string can mean."""
    if whole := readings(text.strip()):
        return whole
    first = re.search(NUMBER, plain(text))
    digits = DIGITS.search(text)
    meant = readings(digits[0]) if digits else ()
    # the first digits of the words may be none of a number, as in B12
    return () if first is None else meant if first[1] in meant else (first[1],)


def decimals(printed: pd.Series) -> pd.Series:
    """Decimals of the first number printed; 0 where there is none."""
    return first(printed).str.extract(r"\.(\d+)$", expand=False).str.len().fillna(0).astype(int)


def is_limit(printed: pd.Series) -> pd.Series:
    """Strings such as "≤53" or ">3": a limit, not a value."""
    return printed.str.contains(LIMIT, case=False, regex=True).fillna(False)


def rounds_to(value: pd.Series, printed: pd.Series, places: pd.Series) -> pd.Series:
    """Whether `value` prints as `printed` at so many decimals, ties either way."""
    half = 0.5 * np.power(10.0, -places.to_numpy(dtype=float))
    difference = (value - printed).abs().to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(difference <= half + 1e-9, index=value.index)


def possible(percent: pd.Series, total: pd.Series, places: pd.Series) -> pd.Series:
    """Whether some whole count of `total` prints as the percentage (GRIM).

    The nearest count decides: if it does not round to the print, none does.
    """
    count = (percent * total / 100).round()
    return rounds_to(100 * count / total, percent, places)
