"""Whether PFS is shorter where more patients are refractory."""

from __future__ import annotations

from math import inf, isfinite
from statistics import median

from article.claims.groups import refractory_studies
from article.conclusions.limits import STUDIES, Rows, study_names, with_value
from review.audit.answers import record_keys
from review.audit.conclusions import Link, Verdict, headline
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit
from review.dataset.load import Review
from review.dataset.states import LIMITS, NOT_REACHED, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record
from review.markdown import escape
from review.wording import amount, between, capital, counted, listed, word


@headline("refractoriness-gradient", "Shorter PFS where more patients are refractory",
          "R3.5-08", "DI-33")
def refractoriness_gradient(r: Review) -> Verdict:
    """The middle of the real-world medians of PFS is lower in groups of studies with more than
    the stated share of refractory patients than in the other groups.

    A value that is not known lies anywhere between its proven limits, and a median that was not
    reached anywhere above the time for which that is known, so each middle is a range; the order
    is decided only where the two ranges do not touch.
    """
    rows = [row for row in outcome_rows(r, "pfs", "rwe").records
            if row["state"] in (VALUE, LIMITS, NOT_TRANSCRIBED, NOT_REACHED)]
    high = set(refractory_studies(r)["study_id"])
    above = [row for row in rows if row["study_id"] in high]
    rest = [row for row in rows if row["study_id"] not in high]
    threshold = amount(limit(r, "R3.5-08"), "percent")
    more, others = middle(above), middle(rest)
    holds = None
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        holds = more[1] < others[0]
    because = "; ".join(
        f"{kind}: {study_names(part) or 'none'}, middle {middle_text(middle)}"
        for kind, part, middle in (
            (f"studies with more than {threshold} refractory", above, more),
            ("other studies", rest, others)))

    def words(link: Link) -> str:
        shorter = link("DI-33", "shorter")
        start = {
            True: f"Median PFS is {shorter} where more patients are refractory",
            False: f"Median PFS is not {shorter} where more patients are refractory",
            None: f"The data do not settle whether median PFS is {shorter} where more patients are "
                  "refractory",
        }[holds]
        if not more or not others:
            return (f"{start}: there are not medians on both sides of {threshold} refractory "
                    "patients.")
        return (f"{start}{limits_alone(rows)}. By the share in each study as a whole, in "
                f"{group_count(above)} with more than {threshold} refractory patients the "
                f"middle of the medians is {middle_text(more)}; in the others "
                f"({group_count(rest)}) it is {middle_text(others)}."
                f"{within_studies(rows)}")

    return Verdict(holds, because, record_keys(rows), words)


def middle(rows: Rows) -> tuple[float, float] | None:
    """Lowest and highest middle of medians that the known values and proven limits allow."""
    if not rows:
        return None
    return (median(_end(row, "bound_low", 0) for row in rows),
            median(inf if row["state"] == NOT_REACHED else _end(row, "bound_high", inf)
                   for row in rows))


def _end(row: Record, bound: str, otherwise: float) -> float:
    """The value of a row, or how far its limits let it go."""
    cell = row["value" if row["state"] == VALUE else bound]
    return otherwise if cell is None else float(cell)


def middle_text(middle: tuple[float, float] | None) -> str:
    """A range of middles in months: "3.3 to 5 months", "above 5 months" where it is open."""
    if middle is None:
        return "none"
    low, high = middle
    return between(low, high, "months") if isfinite(high) else f"above {amount(low, 'months')}"


def limits_alone(rows: Rows) -> str:
    """How many of the medians have no value, as the end of a clause; empty where all have one."""
    unreached = sum(row["state"] == NOT_REACHED for row in rows)
    n = len(rows) - len(with_value(rows)) - unreached
    parts = []
    if n:
        parts.append(f"{'are' if n > 1 else 'is'} known only by {'their' if n > 1 else 'its'} "
                     "limits")
    if unreached:
        parts.append(f"{'were' if unreached > 1 else 'was'} not reached")
    if not parts:
        return ""
    all_of_them = f"of {counted(len(rows), 'median', 'medians')}"
    numbers = [word(count) for count in (n, unreached) if count]
    told = [f"{numbers[0]} {all_of_them} {parts[0]}",
            *(f"{number} {part}" for number, part in zip(numbers[1:], parts[1:], strict=True))]
    return f": {listed(told)}"


def group_count(rows: Rows) -> str:
    """How many studies, and how many groups where some study has several."""
    n = len({row["study_id"] for row in rows})
    studies = counted(n, STUDIES.one, STUDIES.many)
    return studies if len(rows) == n else f"{counted(len(rows), 'group', 'groups')} of {studies}"


def within_studies(rows: Rows) -> str:
    """Studies that give both refractory and exposed, not refractory patients, with each median:
    the comparison that no difference between studies can disturb."""
    told = [row for row in rows if row["state"] in (VALUE, NOT_REACHED)]
    pairs = []
    for study in dict.fromkeys(row["study_id"] for row in told):
        own = [row for row in told if row["study_id"] == study]
        sides = [[row for row in own if row["exposure"] == exposure] for exposure in (
            "refractory", "exposed, not refractory")]
        if all(sides):
            refractory, exposed = (listed([_median(row) for row in side]) for side in sides)
            pairs.append(f"within {escape(own[0]['study'])}, median PFS was {refractory} in "
                         f"refractory and {exposed} in exposed, not refractory patients")
    return f" {capital(listed(pairs))}." if pairs else ""


def _median(row: Record) -> str:
    if row["state"] == NOT_REACHED:
        return NOT_REACHED
    return amount(row["value"], row["unit"], row["printed"])
