"""Printed against recomputed, as statcheck does it: print stands for its rounding interval.

Nuijten MB et al. (2016) compare a recomputed value with every value that rounds to the printed
one. Here the same rule serves single numbers and both ends of ranges; counts have an interval of
their own width zero, because whole numbers are only rounded when they are no counts.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from review.audit.answers import Answer, NotRecomputable, Reading
from review.dataset.printed import plain
from review.dataset.problems import ReviewError

REPRODUCES = "reproduces"
UNDER_RULE = "reproduces_under_rule"
DIFFERS = "does_not_match"
NOT_RECOMPUTABLE = "not_recomputable"
LIMIT = re.compile(r"(?:<=|>=|[<>≤≥])\s*")
SIGNS = str.maketrans("−–", "--")
STATUSES = (REPRODUCES, UNDER_RULE, DIFFERS, NOT_RECOMPUTABLE)


class OtherTokens(ReviewError):
    """The rule of a claim gives another number of values than the register prints for it."""


def tokens(printed: str | None) -> tuple[str, ...]:
    """The printed values of a claim, in the order its rule returns them; () where none."""
    if not isinstance(printed, str) or not printed.strip():
        return ()
    return tuple(token.strip() for token in printed.split(";"))


def status(answer: Answer, printed: str | None) -> str:
    """The verdict on a claim: one of STATUSES.

    Raises OtherTokens when the answer has another number of values than the claim has tokens: then
    the rule and the register do not speak of the same thing.
    """
    if isinstance(answer, NotRecomputable):
        return NOT_RECOMPUTABLE
    wanted = tokens(printed)
    if isinstance(answer, Reading):
        if matches(answer.plain, wanted):
            return REPRODUCES
        return UNDER_RULE if matches(answer.ruled, wanted) else DIFFERS
    return REPRODUCES if matches(answer, wanted) else DIFFERS


def matches(answer: Answer, wanted: tuple[str, ...]) -> bool:
    """Whether every value of the answer agrees with its token."""
    if len(answer.atoms) != len(wanted):
        raise OtherTokens(f"the rule gives {len(answer.atoms)} values ({answer.text}), "
                          f"the register prints {len(wanted)} ({'; '.join(wanted)})")
    return all(agrees(atom, token) for atom, token in zip(answer.atoms, wanted, strict=True))


def agrees(atom: Any, token: str) -> bool:
    """Whether one recomputed value agrees with one printed token.

    Numbers by rounding interval, whole numbers from counts exactly, truths with "true"/"false",
    sets of references with "refs:21,28-35", words by meaning.
    """
    if isinstance(atom, bool):
        return token == ("true" if atom else "false")
    if isinstance(atom, frozenset):
        return atom == references(token)
    if isinstance(atom, (int, float, Decimal)):
        return _number_agrees(Decimal(str(atom)), token)
    if isinstance(atom, datetime.date):
        return atom.isoformat()[:10] == token
    return _words(str(atom)) == _words(token)


def _number_agrees(value: Decimal, token: str) -> bool:
    """Whether a number lies in the rounding interval of a printed one, or keeps a printed limit."""
    limit = LIMIT.match(token.strip())
    if limit:
        bound = rounding_interval(token.strip()[limit.end():])
        if bound is not None:
            at = (bound[0] + bound[1]) / 2
            holds = {"<": value < at, "≤": value <= at, ">": value > at, "≥": value >= at}
            return holds[limit[0].strip().replace("<=", "≤").replace(">=", "≥")]
    interval = rounding_interval(token)
    return interval is not None and interval[0] <= value <= interval[1]


def rounding_interval(printed: str) -> tuple[Decimal, Decimal] | None:
    """Every value that rounds to a printed number (both ends, ties either way); None for words.

    "8.4" gives 8.35 to 8.45; "43" gives 42.5 to 43.5. Signs, decimal commas, raised points and
    separators of thousands are read as they are printed; a trailing % or footnote mark is ignored.
    """
    number = re.sub(r"(?<=\d)[ \u2009\u202f\u00a0'’](?=\d{3}(?!\d))", "", printed.strip())
    try:
        value = Decimal(plain(number).translate(SIGNS).rstrip("%*†‡§ "))
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return None  # "inf" and "nan" are words here
    half = Decimal(5).scaleb(exponent - 1)
    return value - half, value + half


def references(token: str) -> frozenset[int]:
    """Reference numbers of "refs:21,28-35"; also of the bare list "21, 28-35"."""
    numbers: set[int] = set()
    for part in filter(None, re.split(r"[,\s]+", token.removeprefix("refs:").replace("–", "-"))):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)


def _words(text: str) -> str:
    dashes = text.casefold().replace("–", "-").replace("−", "-").replace("≤", "<=")
    dashes = re.sub(r"([<>]=?)\s+", r"\1", dashes.replace("≥", ">="))
    return re.sub(r"\s+", " ", dashes).strip()
