"""What the article states once or takes from its references: facts.csv and the reference list."""

from __future__ import annotations

import pandas as pd

from review.audit import compare
from review.audit.answers import NotRecomputable, Refs, keys
from review.audit.registry import register
from review.dataset.load import Review


def cited_entries(r: Review, claim_id: str) -> pd.DataFrame:
    """Entries of the reference list that the statement cites."""
    printed = register(r)[claim_id]["refs_cited"]
    return r.references[r.references["ref"].isin(compare.references(printed))]


def cited_of_type(r: Review, claim_id: str, kind: str) -> Refs:
    """The cited entries that are of one type (guideline, standard, registry, ...)."""
    rows = cited_entries(r, claim_id)
    fit = rows[rows["type"] == kind]
    kinds = "; ".join(f"{row.ref} is of type {row.type}" for row in rows.itertuples())
    return Refs(frozenset(int(ref) for ref in fit["ref"]), rows=keys(rows), because=kinds)


def stated(r: Review, *fact_ids: str) -> tuple[str, ...]:
    """Keys of facts that the article states, so that a claim on them shows where."""
    return keys(r.facts[r.facts["fact_id"].isin(fact_ids)])


def facts(r: Review, *fact_ids: str) -> pd.DataFrame:
    """Facts of the article in the order asked for; KeyError for one that is not in facts.csv."""
    return r.facts.set_index("fact_id").loc[list(fact_ids)].reset_index()


def quoted(r: Review, *fact_ids: str) -> NotRecomputable:
    """A number that the article quotes from its references and from nowhere else."""
    rows = facts(r, *fact_ids)
    cited = ", ".join(dict.fromkeys(rows["refs"].dropna().str.replace(";", ", ")))
    return NotRecomputable("external source", f"quoted from reference {cited}", rows=keys(rows))
