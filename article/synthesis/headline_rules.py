"""The headlines as data, so that a page can decide them anew without some of the studies.

The limits and the rows are those of the predicates in article/conclusions; a test holds the two
together on random selections.
"""

from __future__ import annotations

from article.claims.groups import refractory_studies
from article.conclusions.ceilings import (
    clinical_pfs_against_limit,
    os_against_limit,
    rwe_pfs_against_limit,
)
from article.conclusions.limits import AgainstLimit, against_limit
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit, printed_value
from review.dataset.load import Review
from review.dataset.views import groups
from review.synthesis.evidence import Rule


def rules(r: Review) -> list[Rule]:
    """The rule of every headline, in the order in which the headlines are told."""
    trials, real_world, survival = (clinical_pfs_against_limit(r), rwe_pfs_against_limit(r),
                                    os_against_limit(r))
    included = groups(r, "os", use=None)
    included = against_limit(included[included["therapy"] == "retreatment"], limit(r, "DI-06"))
    response = against_limit(outcome_rows(r, "orr", "clinical").rows, limit(r, "DI-07"))
    pfs = outcome_rows(r, "pfs", "rwe").rows
    refractory = against_limit(
        pfs[(pfs["refractory_percent"] > limit(r, "R3.5-08")).fillna(False)], real_world.limit)
    excepted = int(printed_value(r, "AB-17", 0))
    more = pfs["study_id"].isin(refractory_studies(r)["study_id"])
    return [
        _ceiling("clinical-pfs-ceiling", trials, excepted),
        _ceiling("rwe-pfs-ceiling", real_world, 0),
        _ceiling("os-ceiling", survival, 0),
        _ceiling("os-included-records", included, 0),
        _ceiling("clinical-orr-floor", response, int(printed_value(r, "DI-07"))),
        {"name": "refractoriness-gradient", "kind": "order",
         "more": pfs.loc[more, "outcome_id"].tolist(),
         "others": pfs.loc[~more, "outcome_id"].tolist()},
        {"name": "benefit-limited", "kind": "all", "parts": [
            _ceiling("", trials, excepted), _ceiling("", real_world, 0),
            _ceiling("", survival, 0), _ceiling("", refractory, 0)]},
    ]


def _ceiling(name: str, against: AgainstLimit, exceptions: int) -> Rule:
    keys = [key.partition("/")[2] for key in against.rows]
    return {"name": name, "kind": "ceiling", "limit": against.limit, "exceptions": exceptions,
            "rows": keys}
