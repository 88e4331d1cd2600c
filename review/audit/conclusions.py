"""Headline sentences: each a predicate on the rows and a wording for its truth.

A predicate looks at the rows alone and says whether the article's sentence holds on them: yes, no,
or not decidable because a value is not transcribed. The wording follows from the verdict, so a
sentence never outlives its data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module

from review.contents import Contents
from review.dataset.load import Review
from review.dataset.problems import ReviewError
from review.markdown import escape

Link = Callable[[str, str], str]
TRUTH = {True: "holds", False: "does not hold", None: "cannot be decided"}
TIED = "headline"


class UnknownConclusion(ReviewError):
    """There is no conclusion of this name; the message lists those that are there."""


@dataclass(frozen=True)
class Verdict:
    """What a predicate finds. holds: True, False, or None where the rows cannot decide it.

    because: the arithmetic in words. rows: keys of the rows looked at. words: the sentence that
    says it, given how to link words to a claim.
    """

    holds: bool | None
    because: str
    rows: tuple[str, ...]
    words: Callable[[Link], str]


@dataclass(frozen=True)
class Conclusion:
    """A headline sentence on one edition.

    conclusion_id: its name in the chapters. about: what it says, in a few words. truth: whether
    the article's sentence holds on the rows; None: they cannot decide it. sentence: Markdown.
    because: the arithmetic. claims: ids of the article's statements it restates. rows: keys of
    the rows it rests on.
    """

    conclusion_id: str
    about: str
    truth: bool | None
    sentence: str
    because: str
    claims: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Headline:
    """How a conclusion is reached: its predicate with what it says and the claims it restates."""

    conclusion_id: str
    about: str
    claims: tuple[str, ...]
    predicate: Callable[[Review], Verdict]


Predicate = Callable[[Review], Verdict]


def headline(conclusion_id: str, about: str, *claims: str) -> Callable[[Predicate], Predicate]:
    """Ties a predicate to its name, its subject and the claims of the article it restates."""

    def tie(predicate: Predicate) -> Predicate:
        setattr(predicate, TIED, Headline(conclusion_id, about, claims, predicate))
        return predicate

    return tie


@cache
def headlines(contents: Contents) -> Mapping[str, Headline]:
    """Conclusions of an article by name, module by module, each in the order of its file."""
    members = (member for module in contents.conclusions
               for member in vars(import_module(module)).values()
               if getattr(member, "__module__", None) == module)
    tied = (getattr(member, TIED) for member in members if hasattr(member, TIED))
    return {head.conclusion_id: head for head in tied}


def evaluate(r: Review) -> list[Conclusion]:
    """Every conclusion on `r`, in the order of `headlines`."""
    return [conclude(name, r) for name in headlines(r.contents)]


def conclude(conclusion_id: str, r: Review) -> Conclusion:
    """One conclusion on `r`; UnknownConclusion for a name that the article does not have."""
    head, verdict = _head(conclusion_id, r.contents), _verdict(conclusion_id, r)
    return Conclusion(conclusion_id, head.about, verdict.holds, verdict.words(as_text),
                      verdict.because, head.claims, verdict.rows)


def say(conclusion_id: str, r: Review, link: Link | None = None) -> str:
    """The sentence that the rows of `r` support, as Markdown.

    link: makes words of the sentence a quote of the claim they restate (claim_id, words) ->
    Markdown; None leaves them as text.
    """
    return _verdict(conclusion_id, r).words(link or as_text)


def as_text(claim_id: str, words: str) -> str:
    """Words of a conclusion without a link to the claim they restate."""
    return escape(words)


@lru_cache(maxsize=128)
def _verdict(conclusion_id: str, r: Review) -> Verdict:
    return _head(conclusion_id, r.contents).predicate(r)


def _head(conclusion_id: str, contents: Contents) -> Headline:
    known = headlines(contents)
    if conclusion_id not in known:
        raise UnknownConclusion(f"there is no conclusion {conclusion_id!r}; there are "
                                f"{', '.join(known)}")
    return known[conclusion_id]
