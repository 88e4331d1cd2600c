"""What is printed elsewhere: the register's own tokens and limits, for claims that print repeats.

The article gives many numbers twice or three times (abstract, results, discussion). A claim of
one place is checked with the token of the other, so that no printed value is typed here.
"""

from __future__ import annotations

import re

import pandas as pd

from .. import compare
from ..answers import Answer, NotRecomputable, Several, Text, keys, several
from ..data import Review
from . import register


def said(r: Review, claim_id: str, place: int = 0) -> str:
    """The printed token of a claim: what another part of the article says."""
    return compare.tokens(register(r).at[claim_id, "tokens"])[place]


def cited(r: Review, claim_id: str) -> pd.DataFrame:
    """The included reports whose references a claim prints, with the label of their study."""
    reports = r.reports[["report_id", "study_id", "label", "ref"]]
    rows = reports[reports["ref"].isin(compare.references(said(r, claim_id)))]
    return rows.merge(r.studies[["study_id", "label"]], on="study_id", suffixes=("", "_study"))


def named(reports: pd.DataFrame) -> str:
    """Reports as "MAMMOTH (28)", for the arithmetic beside a claim."""
    return ", ".join(f"{line.label_study} ({line.ref})" for line in reports.itertuples())


def limit(r: Review, claim_id: str) -> float:
    """The first number in the register's wording of a claim: the limit that it names."""
    return float(_first_number(r, claim_id, "claim"))


def shown(r: Review, claim_id: str) -> str:
    """The first number of what a claim prints, for claims without tokens."""
    return _first_number(r, claim_id, "published")


def _first_number(r: Review, claim_id: str, column: str) -> str:
    words = register(r).at[claim_id, column]
    found = re.search(r"\d+(\.\d+)?", words)
    if found is None:
        raise ValueError(f"claims.csv, {claim_id}: {column} names no number: {words!r}")
    return found[0]


def agreed(own: Answer, *elsewhere: str) -> Answer:
    """`own`, if every other print of the quantity agrees with it within rounding.

    Otherwise words that name both and agree with no token: a claim does not hold while the
    places that print it contradict one another.
    """
    for token in elsewhere:
        if not compare.agrees(own.atoms[0], token):
            return Text(f"{own.text} here, {token} elsewhere", rows=own.rows,
                        because="the places that print it differ")
    return own.explained(f"also printed elsewhere: {', '.join(elsewhere)}")


def together(*parts: Answer) -> Several:
    """Several answers with the arithmetic of all of them."""
    return several(*parts, because="; ".join(part.because for part in parts if part.because))


def once(rows: pd.DataFrame, beside: str = "") -> NotRecomputable:
    """A result that the article prints a single time: only the included report could show it."""
    ref = ", ".join(str(ref) for ref in rows["ref"].dropna().unique())
    detail = f"printed once; only the included report (ref {ref}) could show it"
    return NotRecomputable("external source", "; ".join(filter(None, (detail, beside))),
                           rows=keys(rows))
