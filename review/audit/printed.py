"""What is printed elsewhere: the register's own tokens and limits, for claims that print repeats.

The article gives many numbers twice or three times (abstract, results, discussion). A claim of
one place is checked with the token of the other, so that no printed value is typed here.
"""

from __future__ import annotations

import pandas as pd

from review.audit import compare
from review.audit.answers import Answer, NotRecomputable, NoValue, Several, Text, keys, several
from review.audit.registry import register
from review.dataset.load import Review
from review.dataset.schema import ROW


def printed_value(r: Review, claim_id: str, place: int = 0) -> str:
    """The printed token of a claim: what another part of the article says."""
    return tokens(r, claim_id)[place]


def tokens(r: Review, claim_id: str) -> tuple[str, ...]:
    """Every printed token of a claim, in the order of its rule."""
    return compare.tokens(register(r)[claim_id]["tokens"])


def cited(r: Review, claim_id: str) -> pd.DataFrame:
    """The included reports whose references a claim prints, with the label of their study."""
    reports = r.reports[[ROW, "report_id", "study_id", "label", "ref"]]
    rows = reports[reports["ref"].isin(compare.references(printed_value(r, claim_id)))]
    return rows.merge(r.studies[["study_id", "label"]], on="study_id", suffixes=("", "_study"))


def named(reports: pd.DataFrame) -> str:
    """Reports as "MAMMOTH (28)", for the arithmetic beside a claim."""
    return ", ".join(f"{line.label_study} ({line.ref})" for line in reports.itertuples())


def limit(r: Review, claim_id: str) -> float:
    """The limit that a claim holds values to, in their unit: the register's `threshold`.

    Raises NoValue for a claim that names none.
    """
    value = register(r)[claim_id]["threshold"]
    if value is None:
        raise NoValue(f"claims.csv, {claim_id}: threshold is empty")
    return float(value)


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
