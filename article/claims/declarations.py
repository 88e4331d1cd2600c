"""Claims of the declarations at the end of the article."""

from __future__ import annotations

from article.claims.quoted import facts
from review.audit.answers import Answer, NotRecomputable, Number, keys
from review.audit.registry import claim
from review.dataset.load import Review


@claim("DC-01")
def grant(r: Review) -> Answer:
    """The grant number is stated once."""
    return NotRecomputable("not published", "stated once, and nothing to derive it from",
                           rows=keys(facts(r, "funder", "grant")))


@claim("DC-02")
def data_availability(r: Review) -> Answer:
    """Where the data are is a statement; what the article does not hold is listed in the report."""
    return NotRecomputable("supplement", "the supplement was not available here",
                           rows=keys(facts(r, "data-availability")))


@claim("DC-03")
def generative_ai(r: Review) -> Answer:
    """The statement is on writing; the use of artificial intelligence in screening is set
    beside."""
    rows = facts(r, "generative-ai", "second-screen-ai")
    screened = rows.set_index("fact_id").at["second-screen-ai", "printed"]
    return NotRecomputable(
        "not published", "a statement about writing; section 2.3 gives "
                         f"{screened} of abstracts as screened a second time by artificial "
                         "intelligence", rows=keys(rows))


@claim("DC-04")
def authors_without_interests(r: Review) -> Answer:
    """Authors less those whom the statement of interests names."""
    named = facts(r, "authors-with-interests")
    total, n = len(r.authors), int(named["value"].iloc[0])
    return Number(total - n, rows=keys(r.authors, named),
                  because=f"{total} authors - {n} named = {total - n}")
