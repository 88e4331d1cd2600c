"""Section 3.5: overall survival of retreatment in the real-world studies."""

from __future__ import annotations

from article.claims.groups import estimate, highest, lowest
from review.audit.answers import (
    Count,
    Number,
    Reading,
    Several,
    Span,
    Truth,
    count,
    keys,
    number,
    refs,
    span,
)
from review.audit.printed import agreed, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, results, traits


@claim("R3.5-13")
def rwe_studies_with_os(r: Review) -> Several:
    """Real-world studies with overall survival, a median not reached included, and the reports."""
    rows = groups(r, "os", "rwe")
    return together(count(rows), refs(rows))


@claim("R3.5-14")
def rwe_os_group_sizes(r: Review) -> Span:
    """Smallest and largest group of Figure 2B."""
    return span(groups(r, "os", "rwe"), "n_total")


@claim("R3.5-15")
def lowest_rwe_os(r: Review) -> Several:
    """Lowest reached median among the groups with a value, as in the abstract; interval, size."""
    rows = lowest(groups(r, "os", "rwe"))
    median = agreed(number(rows), printed_value(r, "AB-22", 0))
    return estimate(rows, median, number(rows, "n_total"))


@claim("R3.5-16")
def zhou_2022_penta_refractory(r: Review) -> Number:
    """Penta-refractory share of Zhou 2022 in Table 2."""
    rows = traits(r, "refractory", "rwe", detail="penta")
    return number(rows[rows["study_id"] == "zhou-2022"]).explained("the cell of Table 2")


@claim("R3.5-17")
def highest_rwe_os(r: Review) -> Several:
    """Highest reached median among the groups with a value, as in the abstract; interval, size."""
    rows = highest(groups(r, "os", "rwe"))
    median = agreed(number(rows), printed_value(r, "AB-22", 1))
    return estimate(rows, median, number(rows, "n_total"))


@claim("R3.5-18")
def rwe_studies_with_os_reached(r: Review) -> Count:
    """Real-world studies with overall survival less those whose median is not reached."""
    rows = groups(r, "os", "rwe")
    return count(rows[rows["status"] != "not reached"])


@claim("R3.5-19")
def list_of_os_is_complete(r: Review) -> Reading:
    """No included report outside the list gives overall survival of retreated patients.

    Checked as far as the included reports' own abstracts were seen.
    """
    rows = results(r)
    rows = rows[(rows["outcome"] == "os") & (rows["setting"] == "rwe")
                & (rows["therapy"] == "retreatment")]
    listed = rows[rows["use"] == "synthesis"]
    missing = rows[(rows["use"] == "context") & ~rows["study_id"].isin(listed["study_id"])]
    others = "; ".join(f"{line.study} (ref {line.ref}): {line.value:g} months from "
                       f"{line.time_zero}" for line in missing.itertuples())
    same = missing[missing["time_zero"].isna()]
    rows_ = keys(missing) if len(missing) else keys(listed)
    return Reading(
        Truth(missing.empty, rows=rows_),
        "It holds when survival counted from another day than the start of retreatment is left "
        "aside.", Truth(same.empty, rows=rows_),
        because=others or "no included report seen gives another")
