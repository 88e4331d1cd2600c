"""Claims of section 1, Introduction."""

from __future__ import annotations

import pandas as pd

from review.audit import compare
from review.audit.answers import Answer, Refs, compact, keys
from review.audit.answers import NotRecomputable as Cannot
from review.audit.registry import claim, register
from review.dataset.load import Review


def cited(r: Review, claim_id: str) -> pd.DataFrame:
    """Entries of the reference list that the statement cites."""
    printed = register(r).at[claim_id, "refs_cited"]
    return r.references[r.references["ref"].isin(compare.references(printed))]


def cited_of_type(r: Review, claim_id: str, kind: str) -> Refs:
    """The cited entries that are of one type (guideline, standard, registry, ...)."""
    rows = cited(r, claim_id)
    fit = rows[rows["type"] == kind]
    kinds = "; ".join(f"{row.ref} is of type {row.type}" for row in rows.itertuples())
    return Refs(frozenset(int(ref) for ref in fit["ref"]), rows=keys(rows), because=kinds)


def stated(r: Review, *fact_ids: str) -> tuple[str, ...]:
    """Keys of facts that the article states, so that a claim on them shows where."""
    return keys(r.facts[r.facts["fact_id"].isin(fact_ids)])


@claim("IN-01")
@claim("IN-02")
@claim("IN-03")
def population_statistics(r: Review) -> Answer:
    """Cancer statistics of the United States, quoted from a registry page as of a day."""
    rows = cited(r, "IN-01")
    day = rows["accessed"].iloc[0]
    return Cannot("external source", f"a page that changes with time, read {day:%Y-%m-%d}",
                  rows=stated(r, "seer-new-cases", "seer-deaths", "seer-survival") + keys(rows))


@claim("IN-04")
def frontline_combinations(r: Review) -> Answer:
    """What the cited works show is outside the article."""
    return Cannot("external source", f"references {compact(cited(r, 'IN-04')['ref'])}")


@claim("IN-05")
def phase_iii_references(r: Review) -> Refs:
    """The cited entries whose own title or journal entry does not say that they are something
    other than a phase III report."""
    rows = cited(r, "IN-05")
    fit = rows[rows["phase_iii"].fillna(True)]
    other = rows[~rows["ref"].isin(fit["ref"])]
    return Refs(frozenset(int(ref) for ref in fit["ref"]), rows=keys(rows), because=(
        f"by its own entry no phase III report: {compact(other['ref']) or 'none'}"))


@claim("IN-06")
def approved_uses(r: Review) -> Answer:
    """Licences stand in the labels, outside the article."""
    return Cannot("external source", f"references {compact(cited(r, 'IN-06')['ref'])}")


@claim("IN-07")
def retreatment_is_considered(r: Review) -> Answer:
    """What the cited guideline says is outside the article."""
    return Cannot("external source", f"reference {compact(cited(r, 'IN-07')['ref'])}")


@claim("IN-08")
@claim("IN-09")
def shares_retreated(r: Review) -> Answer:
    """Shares quoted from one real-world study."""
    return Cannot("external source", f"reference {compact(cited(r, 'IN-08')['ref'])}",
                  rows=stated(r, "retreated-two-prior", "retreated-triple-refractory"))


@claim("IN-10")
def guideline_references(r: Review) -> Refs:
    """The cited entries that are guidelines."""
    return cited_of_type(r, "IN-10", "guideline")
