"""Section 3.4: outcomes of retreatment in the clinical trials."""

from __future__ import annotations

import pandas as pd

from article.claims.groups import as_printed, group, interval, share, sizes, unseen_medians, values
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    Number,
    Refs,
    Several,
    Text,
    Truth,
    count,
    keys,
    number,
    refs,
    several,
)
from review.audit.intervals import possible_counts
from review.audit.printed import agreed, cited, limit, named, once, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known, traits


@claim("R3.4-01")
def clinical_studies_with_pfs(r: Review) -> Several:
    """Clinical studies with a progression-free survival result, and the reports that carry it."""
    rows = groups(r, "pfs", "clinical")
    return together(count(rows), refs(rows))


@claim("R3.4-02")
def clinical_pfs_group_sizes(r: Review) -> Answer:
    """Smallest and largest group with progression-free survival.

    Not to be told while a group's size stands only in the image of Figure 1A.
    """
    return sizes(groups(r, "pfs", "clinical"), "Figure 1A")


@claim("R3.4-03")
def clinical_pfs_below_limit_but_one(r: Review) -> Answer:
    """One clinical group alone has a median of the stated limit or more.

    While medians stand only in Figure 1A, two groups at the limit would contradict the statement,
    and one cannot confirm it: the abstract's range says the same thing a second time.
    """
    rows, most = groups(r, "pfs", "clinical"), limit(r, "R3.4-03")
    read = known(rows)
    above = read[read["value"] >= most]
    told = f"{most:g} months or more: {values(above)}; below: {values(read[read['value'] < most])}"
    unseen = unseen_medians(rows, "Figure 1A")
    if unseen and len(above) <= 1:
        return NotRecomputable("figure image", f"{unseen}; the abstract's range, at most "
                               f"{printed_value(r, 'AB-16', 1)}, is the same statement. {told}",
                               rows=keys(rows))
    return Truth(len(above) == 1, rows=keys(rows), because=told)


@claim("R3.4-04")
def trimm_2_pfs(r: Review) -> Several:
    """Median of TRIMM-2, which the abstract and the Discussion print again, and its interval."""
    rows = group(r, "trimm-2-retreated", "pfs")
    median = agreed(number(rows), printed_value(r, "AB-17", 1), printed_value(r, "DI-10", 0))
    return together(median, interval(rows))


@claim("R3.4-05")
def trimm_2_patients_and_follow_up(r: Review) -> Several:
    """Patients behind that median, as in the Discussion, and the follow-up of Table 1."""
    patients = number(group(r, "trimm-2-retreated", "pfs"), "n_total")
    return together(agreed(patients, printed_value(r, "DI-09", 0)), _follow_up(r, "trimm-2"))


def _follow_up(r: Review, study_id: str, outcome: str | None = None) -> Number:
    """Median follow-up in the table, the outcome's own where the table has one."""
    rows = traits(r, "follow_up")
    rows = rows[rows["study_id"] == study_id]
    own = rows["detail"] == outcome if outcome else rows["detail"].isna()
    return number(rows[own.fillna(False)])


@claim("R3.4-06")
def icaria_follow_up(r: Review) -> Number:
    """Median follow-up of ICARIA-MM in Table 1."""
    return _follow_up(r, "icaria-mm").explained("the cell of Table 1")


@claim("R3.4-07")
def icaria_retreated_pfs(r: Review) -> NotRecomputable:
    """Median and interval of patients given daratumumab next: printed once."""
    return once(group(r, "icaria-mm-dara-after-isa", "pfs"))


@claim("R3.4-08")
def icaria_patients_retreated_next(r: Review) -> NotRecomputable:
    """Patients given daratumumab as first later line: printed once, no other number implies it.

    The response rate of the same study has another denominator; how the two groups relate is
    not stated.
    """
    responses = number(group(r, "icaria-mm-dara", "orr"), "n_total").text
    return once(group(r, "icaria-mm-dara-after-isa", "pfs"),
                f"the response rate of the study is for {responses} patients")


@claim("R3.4-09")
def icaria_comparator_pfs(r: Review) -> NotRecomputable:
    """Median, interval and size of the group without daratumumab: printed once."""
    return once(group(r, "icaria-mm-non-dara", "pfs"))


@claim("R3.4-10")
def clinical_studies_with_os(r: Review) -> Count:
    """Clinical studies with an overall survival result, a median not reached included."""
    return count(groups(r, "os", "clinical"))


@claim("R3.4-11")
def fusion_os(r: Review) -> Several:
    """What stands for the median of daratumumab and durvalumab, and the group's size.

    The abstract counts one trial whose median is not reached, and the study's population has
    the same size.
    """
    rows = group(r, "fusion-mm-005-retreated", "os")
    population = traits(r, "population_size", "clinical")
    population = number(population[population["study_id"] == "fusion-mm-005"])
    return together(Text(rows.iloc[0]["status"], rows=keys(rows)),
                    agreed(number(rows, "n_total"), population.text))


@claim("R3.4-12")
def mikhael_os(r: Review) -> Several:
    """Lowest clinical median, as in the abstract; interval, size; follow-up for it in Table 1."""
    rows = group(r, "mikhael-2021-retreated", "os")
    return together(agreed(number(rows), printed_value(r, "AB-18", 0)), interval(rows),
                    number(rows, "n_total"), _follow_up(r, "mikhael-2021", "os"))


@claim("R3.4-13")
def dara_atra_os(r: Review) -> Several:
    """Highest clinical median, as in the abstract; interval, size; follow-up of Table 1."""
    rows = group(r, "dara-atra-retreated", "os")
    return together(agreed(number(rows), printed_value(r, "AB-18", 1)), interval(rows),
                    number(rows, "n_total"), _follow_up(r, "dara-atra"))


@claim("R3.4-14")
def reference_of_dara_atra(r: Review) -> Refs:
    """Reference that Table 1 gives the daratumumab and ATRA trial."""
    own = refs(r.reports[r.reports["study_id"] == "dara-atra"])
    return own.explained(f"Table 1 has the trial as ref {own.text}; "
                         f"the reference printed is {named(cited(r, 'R3.4-14'))}")


@claim("R3.4-15")
def clinical_studies_with_orr(r: Review) -> Several:
    """Clinical studies with a response rate, and the reports that carry it."""
    rows = groups(r, "orr", "clinical")
    return together(count(rows), refs(rows))


@claim("R3.4-16")
def clinical_orr_group_sizes(r: Review) -> Answer:
    """Smallest and largest group with a response rate.

    Not to be told while a group's size stands only in the image of Figure 1C.
    """
    return sizes(groups(r, "orr", "clinical"), "Figure 1C")


def _responders(r: Review) -> pd.DataFrame:
    rows = known(groups(r, "orr", "clinical"))
    return rows[rows["value"] > 0]


@claim("R3.4-17")
def clinical_studies_without_response(r: Review) -> Count:
    """Clinical studies with a response rate less those for which the text gives one above 0."""
    rows = groups(r, "orr", "clinical")
    return count(rows[~rows["study_id"].isin(_responders(r)["study_id"])])


@claim("R3.4-18")
def dara_atra_orr(r: Review) -> Several:
    """The only whole number of patients that rounds to the printed rate, over the group's size."""
    rows = group(r, "dara-atra-retreated", "orr")
    total = number(rows, "n_total")
    fits = possible_counts(as_printed(rows), int(total.value))
    if len(fits) != 1:
        return several(number(rows), total, because=f"patients that fit: {fits or 'none'}")
    rate = share(rows.assign(n=fits[0]))
    return several(rate, total, because=f"only {rate.because} rounds to the printed rate")


@claim("R3.4-19")
def icaria_orr(r: Review) -> Several:
    """Responders over patients, both as printed."""
    rows = group(r, "icaria-mm-dara", "orr")
    rate = share(rows)
    return several(rate, number(rows, "n"), number(rows, "n_total"), because=rate.because)


@claim("R3.4-20")
def trimm_2_orr(r: Review) -> Answer:
    """Response rate of TRIMM-2, which the abstract and the Discussion print again.

    Neither responders nor patients are printed with it: shown beside is which counts would fit
    the sizes that the article gives the trial.
    """
    rows = group(r, "trimm-2-retreated", "orr")
    totals = {int(number(sized, "n_total").value)
              for sized in (rows, group(r, "trimm-2-retreated", "pfs"))}
    fits = [f"{n}/{total}" for total in sorted(totals)
            for n in possible_counts(as_printed(rows), total)]
    rate = agreed(number(rows), printed_value(r, "AB-20", 1), printed_value(r, "DI-10", 1))
    return rate.explained(f"{rate.because}; counts that fit: {', '.join(fits) or 'none'}")


@claim("R3.4-21")
def references_of_clinical_responses(r: Review) -> Refs:
    """Reports of the clinical studies with a response rate above 0."""
    rows = _responders(r)
    return refs(rows).explained(f"above 0: {values(rows)}")


@claim("R3.4-22")
def registry_number_of_dara_atra(r: Review) -> Text:
    """Registry number of the daratumumab and ATRA trial in Table 1."""
    rows = r.studies[r.studies["study_id"] == "dara-atra"]
    return Text(rows.iloc[0]["registry_id"], rows=keys(rows))


@claim("R3.4-23")
def icaria_retreated_pfs_is_shorter(r: Review) -> Truth:
    """The median after daratumumab is below that after other regimens; no test, no adjustment."""
    retreated = group(r, "icaria-mm-dara-after-isa", "pfs")
    other = group(r, "icaria-mm-non-dara", "pfs")
    a, b = number(retreated), number(other)
    limits = [interval(rows).text for rows in (retreated, other)]
    return Truth(a.value < b.value, rows=keys(retreated, other),
                 because=f"{a.text} ({limits[0]}) against {b.text} ({limits[1]})")
