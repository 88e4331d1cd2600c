"""The limits that abstract and discussion name for PFS, OS and response."""

from __future__ import annotations

from article.conclusions.limits import (
    REAL_WORLD,
    STUDIES,
    TRIALS,
    AgainstLimit,
    against_limit,
    all_below_but,
    ceiling_verdict,
    undecided,
    values_with_clock,
)
from review.audit.conclusions import Link, Verdict, headline
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit, printed_value
from review.dataset.load import Review
from review.dataset.views import group_records
from review.wording import counted


def clinical_pfs_against_limit(r: Review) -> AgainstLimit:
    """Median PFS, in months, of retreated groups of clinical trials beside the limit of DI-03."""
    return against_limit(outcome_rows(r, "pfs", "clinical").records, limit(r, "DI-03"))


def rwe_pfs_against_limit(r: Review) -> AgainstLimit:
    """Median PFS, in months, of retreated real-world groups beside the limit of DI-04."""
    return against_limit(outcome_rows(r, "pfs", "rwe").records, limit(r, "DI-04"))


def os_against_limit(r: Review) -> AgainstLimit:
    """Median OS, in months, of all retreated groups beside the limit of DI-05."""
    return against_limit(group_records(r, "os"), limit(r, "DI-05"), reached=True)


@headline("clinical-pfs-ceiling", "Median PFS in clinical trials: low in all but one", "DI-03")
def clinical_pfs_ceiling(r: Review) -> Verdict:
    """All clinical trials but as many as the abstract excepts have a median PFS below the limit."""
    return ceiling_verdict(clinical_pfs_against_limit(r), int(printed_value(r, "AB-17", 0)),
                           "DI-03", "Median PFS", TRIALS)


@headline("rwe-pfs-ceiling", "Median PFS in real-world studies: low in all", "DI-04")
def rwe_pfs_ceiling(r: Review) -> Verdict:
    """Every real-world study has medians of PFS below the limit."""
    return ceiling_verdict(rwe_pfs_against_limit(r), 0, "DI-04", "Median PFS", REAL_WORLD)


@headline("os-ceiling", "Median OS, where reached: low in all studies", "DI-05")
def os_ceiling(r: Review) -> Verdict:
    """Every median OS that was reached lies below the limit."""
    return ceiling_verdict(os_against_limit(r), 0, "DI-05", "Median OS, where it was reached,",
                           STUDIES)


@headline("os-included-records", "Median OS in the included records themselves", "DI-06")
def os_included_records(r: Review) -> Verdict:
    """Every median OS of retreated patients seen in an included record, and counted from
    retreatment, lies below the limit, also where the review does not show it. Medians with another
    clock are told beside it."""
    rows = [row for row in group_records(r, "os", use=None) if row["therapy"] == "retreatment"]
    against, other = (
        against_limit([row for row in rows if (row["time_zero"] is None) is same],
                      limit(r, "DI-06"), reached=True) for same in (True, False))
    holds = all_below_but(against, 0)

    def words(link: Link) -> str:
        return sentence(link("DI-06", f"below {against.limit_text}")) + clocks(other)

    def sentence(under: str) -> str:
        if holds:
            if not all_below_but(os_against_limit(r), 0):
                return ("Every median OS of retreated patients that was seen in an included record "
                        f"and is counted from retreatment lies {under}.")
            return ("The same holds for every median OS of retreated patients that was seen in "
                    f"an included record and is counted from retreatment: all lie {under}.")
        if holds is None:
            return ("Whether every median OS of retreated patients in the included records that "
                    f"is counted from retreatment lies {under} cannot be decided"
                    f"{f' for {undecided(against)}' if len(against.open) else ''}.")
        n = len(against.above)
        return ("Among the included records themselves, also where the review does not show the "
                f"value, {counted(n, 'median', 'medians')} of retreated patients "
                f"{'is' if n == 1 else 'are'} not {under}: {values_with_clock(against.above)}.")

    def clocks(other: AgainstLimit) -> str:
        if not (n := len(other.above)):
            return ""
        return (f" Counted from another day, {counted(n, 'median', 'medians')} "
                f"{'is' if n == 1 else 'are'} not: {values_with_clock(other.above)}.")

    because = f"{against.because}; with another clock: {other.because}"
    return Verdict(holds, because, (*against.rows, *other.rows), words)


@headline("clinical-orr-floor", "Response in clinical trials: rare in all but two", "DI-07")
def clinical_orr_floor(r: Review) -> Verdict:
    """All clinical trials but as many as the discussion excepts respond below the limit."""
    against = against_limit(outcome_rows(r, "orr", "clinical").records, limit(r, "DI-07"))
    return ceiling_verdict(against, int(printed_value(r, "DI-07")), "DI-07", "The response rate",
                           TRIALS)
