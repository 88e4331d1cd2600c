"""Sentences of an article's own about results, each built for the edition rendered.

A function takes the review and how to link words to a claim, and returns Markdown in which
everything that depends on the rows is computed. @sentence gives it the name that chapters use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from review.audit.conclusions import Link, as_text
from review.contents import Contents
from review.dataset.load import Review
from review.dataset.problems import ReviewError

Sentence = Callable[[Review, Link], str]
NAME = "sentence_name"


class UnknownSentence(ReviewError):
    """A chapter asks for a sentence that the article does not have."""


def sentence(name: str) -> Callable[[Sentence], Sentence]:
    """Gives a function the name by which chapters ask for its sentence."""

    def tie(function: Sentence) -> Sentence:
        setattr(function, NAME, name)
        return function

    return tie


@cache
def sentences(contents: Contents) -> Mapping[str, Sentence]:
    """The sentences of an article by name."""
    members = (member for module in contents.sentences
               for member in vars(import_module(module)).values())
    return {getattr(member, NAME): member for member in members if hasattr(member, NAME)}


def tell(name: str, r: Review, link: Link = as_text) -> str:
    """The sentence of that name on the rows of `r`; UnknownSentence for another name."""
    known = sentences(r.contents)
    if name not in known:
        raise UnknownSentence(f"there is no sentence {name!r}; there are {', '.join(known)}")
    return known[name](r, link)
