"""Section 4, Discussion: earlier reviews, quality of the review, outlook."""

from __future__ import annotations

from article.claims.quoted import facts, quoted
from review.audit.answers import Answer, NotRecomputable, keys, refs
from review.audit.registry import claim
from review.dataset.load import Review


@claim("DI-01")
def first_line_improvement(r: Review) -> Answer:
    """Improved outcomes of first-line anti-CD38 combinations rest on the references alone."""
    return NotRecomputable("external source", "a summary of trials outside the review")


@claim("DI-02")
def first_review(r: Review) -> Answer:
    """Whether no earlier review exists cannot be shown by the article.

    An earlier edition among the rows is set beside.
    """
    earlier = r.editions[r.editions["type"] == "predecessor"]
    names = "; ".join(earlier["citation"]) or "none"
    return NotRecomputable("external source", f"earlier versions known here: {names}",
                           rows=keys(earlier))


@claim("DI-25")
def robust_protocol(r: Review) -> Answer:
    """No registration or protocol is named by which robustness could be checked."""
    return NotRecomputable("judgement", "no registration or published protocol is named")


@claim("DI-29")
def limitations(r: Review) -> Answer:
    """Bias, confounding and small groups are named as limits, without a measure of them."""
    concerns = facts(r, "mmat-concerns")
    concern = f"section 3.2 gives as substantive concerns about quality: {concerns['text'].iloc[0]}"
    return NotRecomputable("judgement", concern, rows=keys(concerns))


@claim("DI-30")
def cd38_recovery(r: Review) -> Answer:
    """The time to recovery of CD38 is quoted from the references."""
    return quoted(r, "cd38-recovery")


@claim("DI-31")
def ongoing_trials(r: Review) -> Answer:
    """Registry records in the reference list that are neither included reports nor records whose
    results the article quotes."""
    quoted = set(r.facts["refs"].dropna().str.split(";").explode().astype(int))
    records = r.references[(r.references["type"] == "registry")
                           & (r.references["role"] == "background")]
    rows = records[~records["ref"].isin(quoted)]
    return refs(rows).explained(", ".join(
        f"{row.ref}: {row.registry_id}" for row in rows.itertuples()))


@claim("DI-32")
def sparing_regimens(r: Review) -> Answer:
    """Whether the works cited are combination studies without an anti-CD38 antibody can be seen
    only in them."""
    cited = r.claims.set_index("claim_id").at["DI-32", "refs_cited"]
    first, last = map(int, cited.split("-"))
    rows = r.references[r.references["ref"].between(first, last)]
    types = ", ".join(f"{row.ref} is of type {row.type}" for row in rows.itertuples())
    return NotRecomputable("external source", types, rows=keys(rows))


@claim("DI-34")
def investigational_only(r: Review) -> Answer:
    """A recommendation, not a result."""
    return NotRecomputable("judgement", "what should follow from results is not itself a result")
