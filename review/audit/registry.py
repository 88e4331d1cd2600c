"""The claims of an article: each statement of data/claims.csv, recomputed by a function.

A claim function takes a Review and returns an Answer; its docstring is the rule in words. It
types no published value: what is printed stands in data/claims.csv.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from review.audit import compare
from review.audit.answers import Answer, NotRecomputable, NoValue, Reading
from review.contents import Contents
from review.dataset.load import Review
from review.dataset.printed_numbers import Unreadable
from review.dataset.problems import ReviewError
from review.dataset.views import Record, as_records

Rule = Callable[[Review], Answer]
R = TypeVar("R", bound=Rule)
IDS = "claim_ids"
# what a rule raises where rows are not there that it counts on
MISSING = (LookupError, ArithmeticError, TypeError, ValueError)


def claim(claim_id: str) -> Callable[[R], R]:
    """Ties a function to a claim of data/claims.csv. A function may answer several claims."""

    def tie(rule: R) -> R:
        ids = (*getattr(rule, IDS, ()), claim_id)
        setattr(rule, IDS, ids)
        return rule

    return tie


@dataclass(frozen=True)
class Entry:
    """A claim with its answer and verdict: one line of the ledger.

    how: what the verdict rests on, empty where nothing is compared. consequence: what a mismatch
    changes, empty where there is none. Both are decided at review and stand in the register.
    """

    claim_id: str
    section: str
    claim: str
    published: str
    answer: Answer
    status: str
    rule: str
    note: str
    function: Rule
    how: str = ""
    consequence: str = ""

    @property
    def code(self) -> str:
        """Source code of the rule; the ledger alone shows it."""
        return inspect.getsource(self.function)

    @property
    def recomputed(self) -> str:
        """The recomputed value as text; under a rule the ruled value, else the plain one."""
        if isinstance(self.answer, Reading) and self.status == compare.UNDER_RULE:
            return self.answer.ruled.text
        return self.answer.text

    @property
    def because(self) -> str:
        """The arithmetic behind the recomputed value, or why there is none."""
        if isinstance(self.answer, NotRecomputable):
            return ": ".join(filter(None, (self.answer.reason, self.answer.detail)))
        if isinstance(self.answer, Reading):
            reading = self.answer.ruled if self.status == compare.UNDER_RULE else self.answer.plain
            return self.answer.because or reading.because
        return self.answer.because

    @property
    def rows(self) -> tuple[str, ...]:
        """Keys of the rows the answer rests on."""
        parts = [self.answer]
        if isinstance(self.answer, Reading):
            parts += [self.answer.plain, self.answer.ruled]
        return tuple(dict.fromkeys(key for part in parts for key in part.rows))


class TwoFunctions(ReviewError):
    """Two functions answer one claim."""


@cache
def rules(contents: Contents) -> Mapping[str, Rule]:
    """Claim functions of an article by claim id, from every module of its package of claims.

    Raises TwoFunctions for an id tied twice.
    """
    tied: dict[str, Rule] = {}
    package = importlib.import_module(contents.claims)
    modules = pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    for module in sorted(module.name for module in modules):
        for _, function in inspect.getmembers(importlib.import_module(module), inspect.isfunction):
            if function.__module__ != module:
                continue
            for claim_id in getattr(function, IDS, ()):
                if claim_id in tied:
                    raise TwoFunctions(f"claim {claim_id} has two functions: "
                                       f"{tied[claim_id].__name__} and {function.__name__}")
                tied[claim_id] = function
    return tied


@lru_cache(maxsize=2048)
def entry(r: Review, claim_id: str) -> Entry:
    """The claim evaluated on `r`; KeyError for an id that the register or the code lacks.

    A rule that meets no value in the data, or not the rows that it needs, makes a claim that cannot
    be recomputed. Raises compare.OtherTokens where, on the published edition, rule and register do
    not fit together, and Unreadable for a printed number that cannot be read in one way.
    """
    row = register(r)[claim_id]
    rule = rules(r.contents)[claim_id]
    try:
        answer = rule(r)
    except NoValue as missing:
        answer = NotRecomputable("no value in the data", str(missing))
    except Unreadable as error:
        raise Unreadable(f"claim {claim_id}: {error}") from None
    except MISSING as error:
        # a verdict that differs from the reviewed one is told, so that no fault of a rule hides
        answer = NotRecomputable("no value in the data", "rows that the statement needs are not "
                                 f"there ({type(error).__name__}: {error})")
    try:
        verdict = compare.status(answer, row["tokens"])
    except compare.OtherTokens as error:
        if r.edition["type"] == "published":
            raise compare.OtherTokens(
                f"claim {claim_id}, {rule.__name__}: {error}; correct tokens in claims.csv, or the "
                "rule") from None
        # new rows may give a statement another shape, as when nobody reported the interval
        verdict = compare.DIFFERS
    except Unreadable as error:
        raise Unreadable(f"claim {claim_id}: {error}; tokens of claims.csv") from None
    docstring = inspect.getdoc(rule) or ""
    stated = f" {answer.rule}" if isinstance(answer, Reading) else ""
    return Entry(
        claim_id=claim_id, section=row["section"], claim=row["claim"],
        published=row["published"], answer=answer, status=verdict,
        rule=" ".join(docstring.split()) + stated,
        note=row["finding"] or "", function=rule,
        how=row["how"] or "", consequence=row["consequence"] or "",
    )


def evaluate(r: Review) -> list[Entry]:
    """Every claim of the register on `r`, in its order."""
    return [entry(r, claim_id) for claim_id in r.claims["claim_id"]]


@lru_cache(maxsize=8)
def register(r: Review) -> Mapping[str, Record]:
    """The lines of the register by claim."""
    return {row["claim_id"]: row for row in as_records(r.claims)}
