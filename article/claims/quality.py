"""Claims of section 3.2, Quality assessment."""

from __future__ import annotations

from article import quantities
from article.claims.quoted import stated
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    Reading,
    Several,
    Text,
    count,
    several,
)
from review.audit.registry import claim
from review.dataset.load import Review

ARTICLE = "Enough information is taken to mean at least one full journal article."


@claim("R3.2-01")
def trials_by_design(r: Review) -> Several:
    """Randomised and single-arm trials of Table 1, and all trials."""
    parts = (quantities.studies(r, design="randomised"), quantities.studies(r, design="single-arm"),
             quantities.studies(r, "clinical"))
    return several(*parts, because=" + ".join(p.text for p in parts[:2]) + f" = {parts[2].text}")


def _by_article(r: Review, with_article: bool) -> Count:
    has = r.reports.loc[r.reports["type"] == "article", "study_id"]
    return count(r.studies[r.studies["study_id"].isin(has) == with_article], "label")


@claim("R3.2-03")
def appraised_studies(r: Review) -> Reading:
    """Studies with enough information for appraisal; the article does not say which they are."""
    return Reading(Text("not named", rows=stated(r, "mmat-appraised")), ARTICLE,
                   _by_article(r, True))


@claim("R3.2-04")
def studies_not_appraised(r: Review) -> Reading:
    """Studies without enough information for appraisal; the article does not say which they are."""
    return Reading(Text("not named", rows=stated(r, "mmat-appraised")), ARTICLE,
                   _by_article(r, False))


@claim("R3.2-05")
@claim("R3.2-06")
@claim("R3.2-07")
def quality_was_sufficient(r: Review) -> Answer:
    """A judgement; no rating of any item is published."""
    return NotRecomputable("judgement", "no rating is published",
                           rows=stated(r, "mmat-sufficient", "rct-randomisation", "mmat-concerns"))
