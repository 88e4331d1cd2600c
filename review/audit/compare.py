"""Printed against recomputed, as statcheck does it: print stands for its rounding interval.

Nuijten MB et al. (2016) compare a recomputed value with every value that rounds to the printed
one. Here the same rule serves single numbers and both ends of ranges; counts have an interval of
their own width zero, because whole numbers are only rounded when they are no counts.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from review.audit.answers import Answer, AnyOf, NotRecomputable, Reading
from review.dataset import printed_numbers
from review.dataset.problems import ReviewError

REPRODUCES = "reproduces"
UNDER_RULE = "reproduces_under_rule"
DIFFERS = "does_not_match"
NOT_RECOMPUTABLE = "not_recomputable"
STATUSES = (REPRODUCES, UNDER_RULE, DIFFERS, NOT_RECOMPUTABLE)


# words in the place of a number: a number is not what they say
ABSENT = {"nr", "ne", "not reached", "not reported", "not estimable", "not applicable",
          "not transcribed"}


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

    Numbers by rounding interval or by the limit that print gives, whole numbers from counts
    exactly, truths with "true"/"false", sets of references with "refs:21,28-35" (one of several
    that would do with any of them), words by meaning. Raises Unreadable where a number is compared
    with what is none, or has two readings: what cannot be read is no difference.
    """
    if isinstance(atom, bool):
        return token == ("true" if atom else "false")
    if isinstance(atom, AnyOf):
        return len(cited := references(token)) == 1 and cited <= atom
    if isinstance(atom, frozenset):
        return atom == references(token)
    if isinstance(atom, (int, float, Decimal)):
        number = printed_numbers.read(token)
        if number is not None:
            return number.holds(Decimal(str(atom)))
        if _words(token) in ABSENT:
            return False
        raise printed_numbers.Unreadable(f"the printed {token!r} cannot be compared with the "
                                         f"number {atom}: it is none")
    if isinstance(atom, datetime.date):
        return atom.isoformat()[:10] == token
    return _words(str(atom)) == _words(token)


def rounding_interval(printed: str) -> tuple[Decimal, Decimal] | None:
    """Every value that rounds to a printed number (both ends, ties either way); None for words and
    for a limit such as "<5".

    "8.4" gives 8.35 to 8.45; "43" gives 42.5 to 43.5; a percent sign or the mark of a footnote is
    ignored. Raises Unreadable for a number with two readings.
    """
    number = printed_numbers.read(printed)
    return None if number is None or number.limit else number.interval


def references(token: str) -> frozenset[int]:
    """Reference numbers of "refs:21,28-35"; also of the bare list "21, 28-35". Raises Unreadable
    for what is no such list."""
    numbers: set[int] = set()
    for part in filter(None, re.split(r"[,\s]+", token.removeprefix("refs:").replace("–", "-"))):
        if not re.fullmatch(r"[0-9]{1,4}(-[0-9]{1,4})?", part):
            raise printed_numbers.Unreadable(f"{token!r} is no list of references such as "
                                             "21,28-35")
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)


def _words(text: str) -> str:
    dashes = text.casefold().replace("–", "-").replace("−", "-").replace("≤", "<=")
    return re.sub(r"\s+", " ", dashes).strip()
