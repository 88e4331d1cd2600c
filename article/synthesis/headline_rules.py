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
from article.conclusions.limits import (
    AgainstLimit,
    against_limit,
    more_refractory,
    with_value,
    without_value,
)
from article.ordered import own_range
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit, printed_value
from review.dataset.load import Review
from review.dataset.views import group_records
from review.synthesis.evidence import Rule


def rules(r: Review) -> list[Rule]:
    """The rule of every headline, in the order in which the headlines are told."""
    trials, real_world, survival = (clinical_pfs_against_limit(r), rwe_pfs_against_limit(r),
                                    os_against_limit(r))
    # a median that is counted from another day is told beside the headline and decides nothing
    included = against_limit(
        [row for row in group_records(r, "os", use=None)
         if row["therapy"] == "retreatment" and row["time_zero"] is None],
        limit(r, "DI-06"), reached=True)
    response = against_limit(outcome_rows(r, "orr", "clinical").records, limit(r, "DI-07"))
    pfs = outcome_rows(r, "pfs", "rwe").records
    refractory = against_limit(more_refractory(pfs, limit(r, "R3.5-08")), real_world.limit)
    excepted = int(printed_value(r, "AB-17", 0))
    more = set(refractory_studies(r)["study_id"])
    ceilings = [_ceiling("clinical-pfs-ceiling", trials, excepted),
                _ceiling("rwe-pfs-ceiling", real_world, 0), _ceiling("os-ceiling", survival, 0)]
    return [
        *ceilings,
        _ceiling("os-included-records", included, 0),
        _ceiling("clinical-orr-floor", response, int(printed_value(r, "DI-07"))),
        {"name": "refractoriness-gradient", "kind": "order",
         "more": [row["outcome_id"] for row in pfs if row["study_id"] in more],
         "others": [row["outcome_id"] for row in pfs if row["study_id"] not in more]},
        {"name": "benefit-limited", "kind": "all", "parts": [
            *({**one, "name": ""} for one in ceilings), _ceiling("", refractory, 0)]},
    ]


def _ceiling(name: str, against: AgainstLimit, exceptions: int) -> Rule:
    keys = [key.partition("/")[2] for key in against.rows]
    return {"name": name, "kind": "ceiling", "limit": against.limit, "exceptions": exceptions,
            "reached": against.reached, "rows": keys, "ranged": _ranged(against)}


def _ranged(against: AgainstLimit) -> dict[str, list[str]]:
    """Groups that the article's own range alone holds below the limit once the rows listed with
    each are gone; none listed: it alone does in any selection. Keys of results.

    A selection may leave out the value that holds another group, so `own_range` is asked without
    values, and then beside each of them in turn.
    """
    unread = without_value(against.below)
    unread = [row for row, own in zip(unread, own_range(unread), strict=True) if own]
    holders: dict[str, list[str]] = {row["outcome_id"]: [] for row in unread}
    ranged = {row["outcome_id"] for row in against.ranged}
    held = [row for row in unread if row["outcome_id"] not in ranged]
    for value in with_value([*against.above, *against.below]):
        for row, own in zip(held, own_range([*held, value]), strict=False):
            if not own:
                holders[row["outcome_id"]].append(value["outcome_id"])
    return holders
