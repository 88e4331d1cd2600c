"""Claims of the abstract."""

from __future__ import annotations

import re

from article import quantities
from article.claims.groups import unseen_medians
from article.claims.methods import searches
from article.claims.quoted import stated
from review.audit import compare
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    NoValue,
    Number,
    Reading,
    Text,
    count,
    keys,
    number,
    several,
    span,
)
from review.audit.printed import printed_value, tokens
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known, traits


@claim("AB-01")
def approved_lines(r: Review) -> Answer:
    """Licences stand in the labels, outside the article."""
    return NotRecomputable("external source", "the labels of the two antibodies",
                           rows=stated(r, "approved-lines"))


@claim("AB-02")
def search_end(r: Review) -> Answer:
    """The last day that the database searches of the Methods cover."""
    rows = searches(r, "database")
    last = f"{rows['to_date'].max():%Y-%m-%d}"
    return Text(last, rows=keys(rows), because=f"the database searches end on {last}")


@claim("AB-03")
def records_from_databases(r: Review) -> Answer:
    """Database records of the flow in section 3.1."""
    return quantities.flow(r, "database_results")[0].explained("the box of section 3.1")


@claim("AB-04")
def records_from_other_sources(r: Review) -> Reading:
    """Records identified in other sources; the article gives those included from them alone."""
    included = quantities.difference(quantities.flow_reports(r),
                                     *quantities.flow(r, "included_databases"))
    return Reading(Text("not reported"), "Records included from other sources are counted, because "
                   "the number identified is not given.", included)


@claim("AB-05")
@claim("R3.1-11")
def included_reports(r: Review) -> Count:
    """Distinct publications in Tables 1 and 2."""
    included = quantities.reports(r)
    split = quantities.total(*quantities.flow(r, "included_databases", "included_other"))
    return included.explained(f"{included.value} publications in the two tables; {split.because}")


@claim("AB-06")
@claim("R3.1-12")
def included_studies(r: Review) -> Count:
    """Distinct studies in Tables 1 and 2."""
    return quantities.studies(r)


@claim("AB-07")
def clinical_studies(r: Review) -> Count:
    """Studies in Table 1."""
    return quantities.studies(r, "clinical")


@claim("AB-08")
@claim("R3.2-02")
def rwe_studies(r: Review) -> Count:
    """Studies in Table 2."""
    return quantities.studies(r, "rwe")


@claim("AB-09")
@claim("R3.3-03")
def clinical_populations(r: Review) -> NotRecomputable:
    """Overall study populations stand in the supplement; what other places give is set beside."""
    return _populations(r, "clinical", "population-clinical")


@claim("AB-10")
@claim("R3.3-04")
def rwe_populations(r: Review) -> NotRecomputable:
    """Overall study populations stand in the supplement; what other places give is set beside."""
    return _populations(r, "rwe", "population-rwe")


def _populations(r: Review, setting: str, fact_id: str) -> NotRecomputable:
    rows = known(traits(r, "population_size", setting, use=None, lead=False))
    seen = "; ".join(f"{row.study} {row.value:g}" for row in rows.itertuples())
    return NotRecomputable("supplement", f"seen elsewhere: {seen}",
                           rows=stated(r, fact_id) + keys(rows))


@claim("AB-11")
def clinical_follow_up(r: Review) -> Answer:
    """Shortest and longest median follow-up in Table 1."""
    return quantities.follow_up_range(r, "clinical")


@claim("AB-12")
def clinical_studies_with_follow_up(r: Review) -> Count:
    """Clinical studies with a median follow-up in Table 1."""
    return quantities.stated_follow_up(r, "clinical", "study")


@claim("AB-13")
def shortest_rwe_follow_up(r: Review) -> Reading:
    """Shortest median follow-up in Table 2, over every cell."""
    return quantities.follow_up_low(r, "rwe")


@claim("AB-14")
def longest_rwe_follow_up(r: Review) -> Answer:
    """Longest median follow-up in Table 2. A cell that prints an upper limit is no median."""
    longest = quantities.follow_up_range(r, "rwe").high_end
    return longest.explained(
        f"{longest.because}; no median: {quantities.follow_up_limits(r, 'rwe')}")


@claim("AB-15")
def rwe_studies_with_follow_up(r: Review) -> Reading:
    """Real-world studies with a follow-up cell in Table 2, limits counted as filled."""
    return Reading(quantities.stated_follow_up(r, "rwe", "study"),
                   "Publications are counted, not studies.",
                   quantities.stated_follow_up(r, "rwe", "report_id"))


@claim("AB-16")
def clinical_pfs(r: Review) -> Answer:
    """Lowest and highest median PFS of the trials without TRIMM-2; some stand only in a figure."""
    rows = groups(r, "pfs", "clinical")
    rows = rows[rows["study_id"] != "trimm-2"]
    read = known(rows)
    if len(read) == len(rows):
        return span(read)
    values = "; ".join(f"{row.study} {row.value:g}" for row in read.itertuples())
    return NotRecomputable("figure image",
                           f"{len(rows) - len(read)} of {len(rows)} medians stand only in "
                           f"Figure 1A; known: {values}", rows=keys(rows))


@claim("AB-17")
def clinical_pfs_exception(r: Review) -> Answer:
    """Trials with a median above the printed range, and the longest median.

    While medians stand only in Figure 1A, known ones can contradict the number of exceptions and
    cannot confirm it: that the others lie inside the range is said by the range alone.
    """
    rows = groups(r, "pfs", "clinical")
    read = known(rows)
    printed = printed_value(r, "AB-16", 1)
    above, longest = read[read["value"] > float(printed)], read.nlargest(1, "value")
    names = f"above {printed}: {', '.join(above['study']) or 'none'}"
    told = several(count(above), number(longest), because=names)
    unseen = unseen_medians(rows, "Figure 1A")
    if unseen and (above.empty or compare.matches(told, tokens(r, "AB-17"))):
        return NotRecomputable("figure image", f"{unseen}; of the others, {names}",
                               rows=keys(rows))
    return told


@claim("AB-18")
def clinical_os(r: Review) -> Answer:
    """Shortest and longest reached median OS of section 3.4."""
    return quantities.outcome_range(r, "os", "clinical")


@claim("AB-19")
def clinical_os_not_reached(r: Review) -> Count:
    """Trials whose median OS was not reached, by section 3.4."""
    return quantities.unreached(r, "os", "clinical")


@claim("AB-20")
def clinical_orr(r: Review) -> Answer:
    """Lowest and highest response rate of section 3.4."""
    return quantities.outcome_range(r, "orr", "clinical")


@claim("AB-21")
def rwe_pfs(r: Review) -> Reading:
    """Lowest and highest median PFS of section 3.5, over studies with one group of patients."""
    return quantities.pfs_range_by_group(r, "rwe")


@claim("AB-22")
def rwe_os(r: Review) -> Answer:
    """Shortest and longest reached median OS of section 3.5."""
    return quantities.outcome_range(r, "os", "rwe")


@claim("AB-23")
def rwe_os_not_reached(r: Review) -> Count:
    """Real-world studies whose row in Figure 2B says that the median was not reached."""
    return quantities.unreached(r, "os", "rwe")


@claim("AB-24")
def rwe_orr(r: Review) -> Answer:
    """Lowest and highest response rate of section 3.5."""
    return quantities.outcome_range(r, "orr", "rwe")


@claim("AB-25")
def benefit_is_limited(r: Review) -> NotRecomputable:
    """A judgement; the comparisons it rests on are claims of the Discussion."""
    return NotRecomputable("judgement", "see DI-03 to DI-07")


@claim("AB-26")
def outcomes_named_in_the_abstract(r: Review) -> Count:
    """Outcomes that the abstract names and that are outcomes of interest in section 2.2."""
    printed = r.claims.set_index("claim_id").at["AB-26", "published"]
    names = {name.casefold() for name in re.findall(r"[A-Za-z]+", printed)}
    wanted = r.eligibility[r.eligibility["element"] == "Outcomes"]
    both = wanted[wanted["term"].isin(names)]
    return Count(len(both), tuple(both["term"]), rows=keys(wanted),
                 because=f"{', '.join(both['term'])}, of {len(wanted)} outcomes of interest")


@claim("AB-27")
def decimals_of_the_longest_follow_up(r: Review) -> Answer:
    """The numbers of the table cells behind the two upper ends, a limit included. A zero decimal
    more is form and changes no number."""
    parts = [_greatest(r, setting) for setting in ("clinical", "rwe")]
    return several(*parts, because="; ".join(part.because for part in parts))


def _greatest(r: Review, setting: str) -> Number:
    """The greatest number of a follow-up cell, a limit included."""
    cells = quantities.follow_up(r, setting)
    cells = cells.assign(greatest=cells["value"].fillna(cells["bound_high"]))
    rows = cells.dropna(subset=["greatest", "printed"]).nlargest(1, "greatest")
    if rows.empty:
        raise NoValue("no follow-up cell holds a number")
    return Number(float(rows["greatest"].iloc[0]), rows=keys(rows),
                  because=f"{rows['study'].iloc[0]} prints {rows['printed'].iloc[0]}")
