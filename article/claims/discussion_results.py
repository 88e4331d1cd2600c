"""Section 4, Discussion: what it says of the results of the included studies."""

from __future__ import annotations

import pandas as pd

from article.claims.groups import values
from article.ordered import own_range
from review.audit.answers import (
    Answer,
    NotRecomputable,
    Reading,
    Truth,
    count,
    keys,
    refs,
    several,
    span,
)
from review.audit.printed import limit
from review.audit.registry import claim, rules
from review.dataset.load import Review
from review.dataset.views import as_records, groups, known, traits
from review.wording import plain


@claim("DI-03")
def clinical_pfs_ceiling(r: Review) -> Answer:
    """As R3.4-03: in every clinical trial but one, median PFS lies below the named limit."""
    return rules(r.contents)["R3.4-03"](r)


@claim("DI-04")
def rwe_pfs_ceiling(r: Review) -> Answer:
    """Every median PFS of a retreated real-world group, or its upper limit by the order of the
    figure's rows, lies below the limit that the statement names.

    A median that only the article's own range holds below it leaves the statement open.
    """
    return _below_by_order(groups(r, "pfs", "rwe"), limit(r, "DI-04"))


@claim("DI-05")
def os_ceiling(r: Review) -> Answer:
    """Every reached median OS of the review's results for retreated groups, or its upper limit by
    the order of the figure's rows, lies below the limit that the statement names."""
    return _below_by_order(groups(r, "os"), limit(r, "DI-05"))


@claim("DI-06")
def os_ceiling_in_included_reports(r: Review) -> Answer:
    """As DI-05, over every median OS of retreated patients that was seen in an included report,
    also where the review does not show it."""
    rows = groups(r, "os", use=None)
    rows = rows[rows["therapy"] == "retreatment"]
    other = rows[rows["time_zero"].notna()]
    clocks = "; ".join(f"{row.study}: counted from the {row.time_zero}"
                       for row in other.itertuples()) or "no other clock"
    most = limit(r, "DI-06")
    every, same = _all_below(rows, most), _all_below(rows[rows["time_zero"].isna()], most)
    return Reading(
        every, "It holds when survival counted from another day than the start of retreatment is "
        "left aside.", same,
        because=f"every clock: {every.because}; from retreatment: {same.because}; {clocks}")


@claim("DI-07")
def trials_above_the_orr_limit(r: Review) -> Answer:
    """Clinical trials whose overall response rate is not below the limit that the statement
    names."""
    rows = known(groups(r, "orr", "clinical"))
    above = count(rows[rows["value"] >= limit(r, "DI-07")])
    return above.explained(values(rows))


@claim("DI-08")
def references_of_these_trials(r: Review) -> Answer:
    """The references that carry the response rates of the trials counted in DI-07."""
    rows = known(groups(r, "orr", "clinical"))
    rows = rows[rows["value"] >= limit(r, "DI-07")]
    references = ", ".join(f"{row.study} is reference {row.ref}" for row in rows.itertuples())
    return refs(rows).explained(references)


@claim("DI-14")
def rwe_orr_range(r: Review) -> Answer:
    """Smallest and largest response rate of the retreated real-world groups of Figure 2C, and the
    number of studies in it."""
    rows = groups(r, "orr", "rwe")
    rows = rows[rows["figure"] == "fig-rwe-orr"]
    ends, studies = span(known(rows)), count(rows)
    return several(ends, studies, because=f"{ends.because}; studies: {studies.because}")


@claim("DI-15")
def later_lines(r: Review) -> Answer:
    """More than half of all studies have a median of more prior lines than the statement names."""
    rows, line = traits(r, "prior_lines"), limit(r, "DI-15")
    medians = rows[rows["value"] > line]
    eligible = rows[rows["bound_low"] >= line]
    kinds = f"{len(medians)} studies by their median, {len(eligible)} by an eligibility limit"
    return Reading(
        plain=_majority(medians, rows, kinds),
        rule="It holds when a study that only takes patients with more prior lines counts as one.",
        ruled=_majority(pd.concat([medians, eligible]), rows, kinds),
    )


@claim("DI-16")
def reference_for_varied_regimens(r: Review) -> Answer:
    """The reference printed for varied regimens is a publication on them and not the record of a
    single trial."""
    cited = r.claims.set_index("claim_id").at["DI-16", "refs_cited"]
    row = r.references[r.references["ref"] == int(cited)]
    entry = row.iloc[0]
    because = f"reference {entry['ref']} is of type {entry['type']} ({entry['registry_id']})"
    return Truth(entry["type"] != "registry", rows=keys(row), because=because)


@claim("DI-17")
def studies_with_best_response(r: Review) -> Answer:
    """Real-world studies with a best-response result for retreated patients."""
    return count(groups(r, "cr_or_better", "rwe"))


@claim("DI-18")
def complete_responses_are_low(r: Review) -> Answer:
    """What counts as low is not said; the reported rates of complete response are set beside."""
    rows = known(groups(r, "cr_or_better", "rwe"))
    return NotRecomputable("judgement", f"rates given for single studies: {values(rows)}",
                           rows=keys(rows))


@claim("DI-27")
def weaker_designs(r: Review) -> Answer:
    """Retrospective real-world studies and single-arm trials are more than half of all studies."""
    weaker = r.studies[r.studies["design"].isin(["retrospective", "single-arm"])]
    kinds = weaker["design"].value_counts()
    counts = " and ".join(f"{kinds[kind]} {kind}" for kind in ("retrospective", "single-arm"))
    return _majority(weaker, r.studies, counts)


@claim("DI-28")
def studies_with_time_to_retreatment(r: Review) -> Answer:
    """As R3.5-41: real-world studies that report the time to retreatment."""
    return rules(r.contents)["R3.5-41"](r)


@claim("DI-33")
def shorter_pfs_with_refractoriness(r: Review) -> Answer:
    """As R3.5-08: median PFS is shorter where more patients are refractory."""
    return rules(r.contents)["R3.5-08"](r)


def _below_by_order(rows: pd.DataFrame, ceiling: float) -> Answer:
    answer = _all_below(rows, ceiling)
    open_ = rows[own_range(as_records(rows))]
    if not answer.value or open_.empty:
        return answer
    return NotRecomputable(
        "figure image", f"{len(open_)} of {len(rows)} medians stand only in a figure image and "
        f"only the article's own range holds them below {plain(ceiling)} "
        f"({', '.join(open_['study'].unique())}); counting them, {answer.because}",
        rows=keys(rows))


def _all_below(rows: pd.DataFrame, ceiling: float) -> Truth:
    """Whether every value, or upper limit of a value not transcribed, lies below `ceiling`."""
    rows = rows.assign(most=rows["value"].fillna(rows["bound_high"]))
    rows = rows[rows["most"].notna()]
    above = rows[rows["most"] >= ceiling]
    top = rows.sort_values(["most", "value"], na_position="first").iloc[-1]  # a tie: the value
    because = (f"at or above {plain(ceiling)}: {values(above, 'most')}" if len(above) else
               f"the highest of {len(rows)} groups is {plain(top['most'])} ({top['study']})")
    return Truth(above.empty, rows=keys(rows), because=because)


def _majority(part: pd.DataFrame, whole: pd.DataFrame, parts: str) -> Truth:
    n, total = part["study_id"].nunique(), whole["study_id"].nunique()
    return Truth(2 * n > total, rows=keys(whole), because=f"{parts}: {n} of {total} studies")
