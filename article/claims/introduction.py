"""Claims of section 1, Introduction."""

from __future__ import annotations

from article.claims.quoted import cited_entries, cited_of_type, stated
from review.audit.answers import Answer, NotRecomputable, Refs, compact, keys
from review.audit.registry import claim
from review.dataset.load import Review


@claim("IN-01")
@claim("IN-02")
@claim("IN-03")
def population_statistics(r: Review) -> Answer:
    """Cancer statistics of the United States, quoted from a registry page as of a day."""
    rows = cited_entries(r, "IN-01")
    day = rows["accessed"].iloc[0]
    return NotRecomputable("external source", f"a page that changes with time, read {day:%Y-%m-%d}",
                           rows=stated(r, "seer-new-cases", "seer-deaths",
                                       "seer-survival") + keys(rows))


@claim("IN-04")
def frontline_combinations(r: Review) -> Answer:
    """What the cited works show is outside the article."""
    return NotRecomputable("external source",
                           f"references {compact(cited_entries(r, 'IN-04')['ref'])}")


@claim("IN-05")
def phase_iii_references(r: Review) -> Refs:
    """The cited entries whose own title or journal entry does not say that they are something
    other than a phase III report."""
    rows = cited_entries(r, "IN-05")
    fit = rows[rows["phase_iii"].fillna(True)]
    other = rows[~rows["ref"].isin(fit["ref"])]
    return Refs(frozenset(int(ref) for ref in fit["ref"]), rows=keys(rows), because=(
        f"by its own entry no phase III report: {compact(other['ref']) or 'none'}"))


@claim("IN-06")
def approved_uses(r: Review) -> Answer:
    """Licences stand in the labels, outside the article."""
    return NotRecomputable("external source",
                           f"references {compact(cited_entries(r, 'IN-06')['ref'])}")


@claim("IN-07")
def retreatment_is_considered(r: Review) -> Answer:
    """What the cited guideline says is outside the article."""
    return NotRecomputable("external source",
                           f"reference {compact(cited_entries(r, 'IN-07')['ref'])}")


@claim("IN-08")
@claim("IN-09")
def shares_retreated(r: Review) -> Answer:
    """Shares quoted from one real-world study."""
    return NotRecomputable("external source",
                           f"reference {compact(cited_entries(r, 'IN-08')['ref'])}",
                           rows=stated(r, "retreated-two-prior", "retreated-triple-refractory"))


@claim("IN-10")
def guideline_references(r: Review) -> Refs:
    """The cited entries that are guidelines."""
    return cited_of_type(r, "IN-10", "guideline")
