"""Claims of section 3.3, Study characteristics."""

from __future__ import annotations

from article import quantities
from article.claims.groups import values
from article.claims.quoted import stated
from review.audit.answers import Answer, Count, NotRecomputable, count, keys
from review.audit.printed import printed_value
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import known, traits


@claim("R3.3-01")
def prospective_studies(r: Review) -> Count:
    """Prospective studies of Table 2."""
    return quantities.studies(r, design="prospective")


@claim("R3.3-02")
def retrospective_studies(r: Review) -> Count:
    """Retrospective studies of Table 2."""
    return quantities.studies(r, design="retrospective")


@claim("R3.3-05")
def follow_up_of_all_studies(r: Review) -> Answer:
    """Shortest and longest median follow-up of Tables 1 and 2, a study by its lead report; a cell
    that prints an upper limit is no median."""
    follow_up = quantities.follow_up_range(r)
    return follow_up.explained(f"{follow_up.because}; no median: {quantities.follow_up_limits(r)}")


@claim("R3.3-06")
def prior_lines(r: Review) -> Answer:
    """Fewest and most median prior lines in Tables 1 and 2, over every cell; an eligibility limit
    is no median."""
    return quantities.prior_lines_range(r)


@claim("R3.3-07")
def high_risk_cytogenetics(r: Review) -> Answer:
    """Shares stand in the supplement."""
    return NotRecomputable("supplement", "no table of the article gives them",
                           rows=stated(r, "high-risk-cytogenetics"))


@claim("R3.3-08")
def double_refractory(r: Review) -> Answer:
    """Shares stand in the supplement."""
    return NotRecomputable("supplement", "no table of the article gives them",
                           rows=stated(r, "double-refractory"))


@claim("R3.3-09")
def triple_refractory(r: Review) -> Answer:
    """The ends stand in the supplement; the triple-refractory shares of the tables are set beside.

    A share outside the range is no contradiction: by its footnote a table gives the details of a
    subgroup for some studies, and the range is of overall populations.
    """
    return _ends(r, "R3.3-09", "triple", "triple-refractory")


@claim("R3.3-10")
def penta_refractory(r: Review) -> Answer:
    """The ends stand in the supplement; the penta-refractory shares of the tables are set beside.

    As for the triple-refractory ones, a share outside the range is no contradiction.
    """
    return _ends(r, "R3.3-10", "penta", "penta-refractory")


def _ends(r: Review, claim_id: str, detail: str, fact_id: str) -> NotRecomputable:
    shares = known(traits(r, "refractory", detail=detail, lead=False))
    low, high = (float(printed_value(r, claim_id, place)) for place in (0, 1))
    outside = shares[~shares["value"].between(low, high)]
    notes = r.footnotes[r.footnotes["footnote"] == "regimen"]
    detail = f"shares in the tables: {values(shares)}"
    if len(outside):
        detail += (f"; outside the printed range: {values(outside)}, in a table that by its "
                   "footnote gives the details of a subgroup for some studies")
    return NotRecomputable("supplement", detail, rows=stated(r, fact_id) + keys(shares, notes))


@claim("R3.3-11")
def daratumumab_refractory(r: Review) -> Answer:
    """Lowest and highest daratumumab-refractory share that Tables 1 and 2 print."""
    return quantities.refractory_range(r, "dara")


def _not_reported(r: Review, characteristic: str, setting: str | None = None) -> Answer:
    rows = traits(r, characteristic, setting)
    missing = count(rows[(rows["status"] == "not reported") & (rows["kind"] != "bound")])
    return NotRecomputable("not published", f"by the tables: {', '.join(missing.members)}", missing,
                           rows=missing.rows)


@claim("R3.3-12")
def refractoriness_not_reported(r: Review) -> Answer:
    """The article gives no number; studies whose cell says not reported are set beside."""
    return _not_reported(r, "refractory")


@claim("R3.3-13")
def prior_lines_not_reported(r: Review) -> Answer:
    """The article gives no number; real-world studies whose cell says not reported are set
    beside."""
    return _not_reported(r, "prior_lines", "rwe")


@claim("R3.3-14")
def further_characteristics(r: Review) -> Answer:
    """The table stands in the supplement."""
    return NotRecomputable("supplement", "the article points to it and does not print it",
                           rows=stated(r, "supplement-table-s3"))
