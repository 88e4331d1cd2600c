"""Whether the benefit is limited: the limits on PFS and OS taken together."""

from __future__ import annotations

from article.conclusions.ceilings import (
    clinical_pfs_against_limit,
    os_against_limit,
    rwe_pfs_against_limit,
)
from article.conclusions.limits import (
    REAL_WORLD,
    STUDIES,
    TRIALS,
    AgainstLimit,
    against_limit,
    all_below_but,
    below_in,
    more_refractory,
)
from review.audit.conclusions import TRUTH, Link, Verdict, headline
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit, printed_value
from review.dataset.load import Review
from review.wording import amount, counted, listed


@headline("benefit-limited", "Outcomes vary and benefit is limited, also in refractory patients",
          "AB-25")
def benefit_limited(r: Review) -> Verdict:
    """The limits on PFS in trials, PFS in real-world studies and reached OS all hold, and PFS of
    real-world groups above the stated refractory share stays below the real-world limit too."""
    trials, real_world = clinical_pfs_against_limit(r), rwe_pfs_against_limit(r)
    survival = os_against_limit(r)
    refractory_share = limit(r, "R3.5-08")
    refractory = against_limit(more_refractory(outcome_rows(r, "pfs", "rwe").records,
                                               refractory_share), real_world.limit)
    truths = {
        "PFS in trials": all_below_but(trials, int(printed_value(r, "AB-17", 0))),
        "real-world PFS": all_below_but(real_world, 0),
        "reached OS": all_below_but(survival, 0),
        "real-world PFS of refractory groups": all_below_but(refractory, 0),
    }
    holds = False if False in truths.values() else None if None in truths.values() else True
    because = "; ".join(f"limit on {name} {TRUTH[truth]}" for name, truth in truths.items())
    rows = dict.fromkeys(key for part in (trials, real_world, survival) for key in part.rows)
    by_setting = {kind.many: outcome_rows(r, "orr", setting).span
                  for kind, setting in ((TRIALS, "clinical"), (REAL_WORLD, "rwe"))}

    def words(link: Link) -> str:
        limited = link("AB-25", "limited")
        start = {
            True: f"Outcomes vary and benefit is {limited}, in that the limits that the article "
                  "names hold",
            False: f"The article calls the benefit {limited}, and not all limits that it names "
                   "hold here",
            None: f"The article calls the benefit {limited}, and whether all limits that it names "
                  "hold here cannot be decided",
        }[holds]
        ranges = [f"{span} in {many}" for many, span in by_setting.items() if span]
        spread = f" Response rates run from {listed(ranges)}." if ranges else ""
        return (f"{start}: median PFS is {below_in(trials, TRIALS)} and "
                f"{below_in(real_world, REAL_WORLD)}, and median OS, where it was reached, is "
                f"{below_in(survival, STUDIES)}. In real-world groups with more than "
                f"{amount(refractory_share, 'percent')} refractory patients, median PFS is "
                f"{below_in(refractory, STUDIES)}.{ranged(trials, real_world)}{spread}")

    return Verdict(holds, because, tuple(rows), words)


def ranged(*parts: AgainstLimit) -> str:
    """How many of the medians of PFS only the article's own range holds below its limits."""
    n = sum(len(part.ranged) for part in parts)
    if not n:
        return ""
    return (f" {counted(n, 'median', 'medians').capitalize()} of PFS "
            f"{'is' if n == 1 else 'are'} known only as lying inside the article's own range.")
