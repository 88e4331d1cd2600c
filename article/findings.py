"""The findings of the first page in plain words, each as long as its predicate holds.

Where the rows of an edition no longer support a sentence, or cannot decide it, the headline
sentence takes its place, which says so.
"""

from __future__ import annotations

from article.conclusions.ceilings import (
    clinical_pfs_against_limit,
    os_against_limit,
    rwe_pfs_against_limit,
)
from article.conclusions.limits import REAL_WORLD, STUDIES, TRIALS, share_below
from article.vocabulary import VOCABULARY
from review.audit.conclusions import Link, conclude, say
from review.audit.outcomes import OutcomeRows, outcome_rows
from review.dataset.load import Review
from review.report.sentences import sentence
from review.wording import listed, share

# percentage points between the lowest and the highest rate from which they range widely: a choice
# of this report, as the article names none
WIDE = 20


@sentence("plain-pfs")
def plain_pfs(r: Review, link: Link) -> str:
    """How soon the disease progressed, in trials and in real-world studies."""
    if not all(conclude(name, r).truth for name in ("clinical-pfs-ceiling", "rwe-pfs-ceiling")):
        return ("**Time without progression (progression-free survival, PFS).** "
                f"{say('clinical-pfs-ceiling', r, link)} {say('rwe-pfs-ceiling', r, link)}")
    trials, world = clinical_pfs_against_limit(r), rwe_pfs_against_limit(r)
    return ("**Time without progression was short.** Half of the patients had progressed or died "
            f"within {link('DI-03', trials.limit_text)} in {share_below(trials, TRIALS)}, and "
            f"within {link('DI-04', world.limit_text)} in {share_below(world, REAL_WORLD)} "
            "(median progression-free survival).")


@sentence("plain-os")
def plain_os(r: Review, link: Link) -> str:
    """How long patients lived."""
    if not conclude("os-ceiling", r).truth:
        return f"**Survival.** {say('os-ceiling', r, link)}"
    against = os_against_limit(r)
    return (f"**Survival was short.** Where half of the patients had died, they had done so within "
            f"{link('DI-05', against.limit_text)} in {share_below(against, STUDIES)} "
            "(median overall survival).")


@sentence("plain-response")
def plain_response(r: Review, link: Link) -> str:
    """How many patients responded, in trials and in real-world studies."""
    responses = {code: outcome_rows(r, "orr", code) for code in VOCABULARY.settings}
    known = {code: rows for code, rows in responses.items() if len(rows.values)}
    if not known:
        return "No response rate is known."
    rates = [rate for rows in known.values() for rate in rows.values["value"]]
    start = "Responses ranged widely" if max(rates) - min(rates) >= WIDE else "Known responses"
    told = [f"{_range(rows)} in {VOCABULARY.settings[code].many}" for code, rows in known.items()]
    return f"**{start}:** {listed(told)} (overall response rate)."


def _range(responses: OutcomeRows) -> str:
    """The known response rates of a setting: "0 to 75% of patients (known for all six groups)"."""
    known = responses.values
    groups = share(len(known), len(responses.reported), "group", "groups")
    return f"{responses.span} of patients (known for {groups})"
