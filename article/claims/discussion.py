"""Claims of section 4, Discussion."""

from __future__ import annotations

import pandas as pd

from article.claims.cells import Cell
from review.audit.answers import (
    Answer,
    Reading,
    Truth,
    count,
    keys,
    number,
    plain,
    refs,
    several,
    span,
)
from review.audit.answers import NotRecomputable as Cannot
from review.audit.intervals import clopper_pearson, origins
from review.audit.printed import limit
from review.audit.registry import claim, rules
from review.dataset.load import Review
from review.dataset.views import groups, known, traits

TRIMM2 = "trimm-2"


@claim("DI-01")
def first_line_improvement(r: Review) -> Answer:
    """Improved outcomes of first-line anti-CD38 combinations rest on the references alone."""
    return Cannot("external source", "a summary of trials outside the review")


@claim("DI-02")
def first_review(r: Review) -> Answer:
    """Whether no earlier review exists cannot be shown by the article.

    An earlier edition among the rows is set beside.
    """
    earlier = r.editions[r.editions["type"] == "predecessor"]
    names = "; ".join(earlier["citation"]) or "none"
    return Cannot("external source", f"earlier versions known here: {names}", rows=keys(earlier))


@claim("DI-03")
def clinical_pfs_ceiling(r: Review) -> Answer:
    """As R3.4-03: in every clinical trial but one, median PFS lies below the named limit."""
    return rules(r.contents)["R3.4-03"](r)


@claim("DI-04")
def rwe_pfs_ceiling(r: Review) -> Answer:
    """Every median PFS of a retreated real-world group, or its proven upper limit, lies below
    the limit that the statement names."""
    return _all_below(groups(r, "pfs", "rwe"), limit(r, "DI-04"))


@claim("DI-05")
def os_ceiling(r: Review) -> Answer:
    """Every reached median OS of the review's results for retreated groups, or its proven upper
    limit, lies below the limit that the statement names."""
    return _all_below(groups(r, "os"), limit(r, "DI-05"))


@claim("DI-06")
def os_ceiling_in_included_reports(r: Review) -> Answer:
    """As DI-05, over every median OS of retreated patients that was seen in an included report,
    also where the review does not show it."""
    rows = groups(r, "os", use=None)
    rows = rows[rows["therapy"] == "retreatment"]
    answer = _all_below(rows, limit(r, "DI-06"))
    other = rows[rows["time_zero"].notna()]
    clocks = "; ".join(f"{row.study}: counted from the {row.time_zero}"
                       for row in other.itertuples())
    return answer.explained(f"{answer.because}; {clocks}" if clocks else answer.because)


@claim("DI-07")
def trials_above_the_orr_limit(r: Review) -> Answer:
    """Clinical trials whose overall response rate is not below the limit that the statement
    names."""
    rows = known(groups(r, "orr", "clinical"))
    found = count(rows[rows["value"] >= limit(r, "DI-07")])
    return found.explained(_listed(rows))


@claim("DI-08")
def references_of_these_trials(r: Review) -> Answer:
    """The references that carry the response rates of the trials counted in DI-07."""
    rows = known(groups(r, "orr", "clinical"))
    rows = rows[rows["value"] >= limit(r, "DI-07")]
    told = ", ".join(f"{row.study} is reference {row.ref}" for row in rows.itertuples())
    return refs(rows).explained(told)


@claim("DI-09")
def trimm2_population(r: Review) -> Answer:
    """TRIMM-2: patients of the PFS result, percent exposed (figure caption) and percent refractory
    (Table 1)."""
    pfs = _trimm2(r, "pfs")
    exposed, refractory = (
        rows[rows["study_id"] == TRIMM2]
        for rows in (traits(r, "exposed"), traits(r, "refractory"))
    )
    return several(number(pfs, "n_total"), number(exposed), number(refractory))


@claim("DI-10")
def trimm2_results(r: Review) -> Answer:
    """TRIMM-2: median PFS and overall response rate of the Results."""
    return several(number(_trimm2(r, "pfs")), number(_trimm2(r, "orr")))


@claim("DI-11")
def trimm2_has_the_highest_orr(r: Review) -> Answer:
    """The response rate of TRIMM-2 is greater than that of every other study."""
    every = _trimm2_above(known(groups(r, "orr")))
    trials = _trimm2_above(known(groups(r, "orr", "clinical")))
    return Reading(
        plain=every,
        rule="It holds when compared with the other clinical trials, of which the sentence before "
             "speaks, and not with the real-world studies.",
        ruled=trials, because=f"all studies: {every.because}; trials: {trials.because}",
    )


@claim("DI-12")
def talquetamab_alone_orr(r: Review) -> Answer:
    """Response to talquetamab alone is quoted from the references."""
    return _quoted(r, "talquetamab-orr")


@claim("DI-13")
def talquetamab_penta_refractory(r: Review) -> Answer:
    """The penta-refractory share of the talquetamab cohorts is quoted from the references."""
    return _quoted(r, "talquetamab-penta-refractory")


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
    told = f"{len(medians)} studies by their median, {len(eligible)} by an eligibility limit"
    return Reading(
        plain=_majority(medians, rows, told),
        rule="It holds when a study that only takes patients with more prior lines counts as one.",
        ruled=_majority(pd.concat([medians, eligible]), rows, told),
    )


@claim("DI-16")
def reference_for_varied_regimens(r: Review) -> Answer:
    """The reference printed for varied regimens is a publication on them and not the record of a
    single trial."""
    cited = r.claims.set_index("claim_id").at["DI-16", "refs_cited"]
    row = r.references[r.references["ref"] == int(cited)]
    entry = row.iloc[0]
    told = f"reference {entry['ref']} is of type {entry['type']} ({entry['registry_id']})"
    return Truth(entry["type"] != "registry", rows=keys(row), because=told)


@claim("DI-17")
def studies_with_best_response(r: Review) -> Answer:
    """Real-world studies with a best-response result for retreated patients."""
    return count(groups(r, "cr_or_better", "rwe"))


@claim("DI-18")
def complete_responses_are_low(r: Review) -> Answer:
    """What counts as low is not said; the reported rates of complete response are set beside."""
    rows = known(groups(r, "cr_or_better", "rwe"))
    return Cannot("judgement", f"rates given for single studies: {_listed(rows)}", rows=keys(rows))


@claim("DI-19")
def lynx_prior_lines(r: Review) -> Answer:
    """Prior lines that LYNX allowed are quoted from its registry record."""
    return _quoted(r, "lynx-prior-lines")


@claim("DI-20")
def lynx_retreated_interval(r: Review) -> Answer:
    """Response with daratumumab in LYNX: the count, total, method and level that give the printed
    proportion and interval, searched over all totals up to the trial's enrolment."""
    return _interval_found(r, "lynx-vgpr-dkd")


@claim("DI-21")
def lynx_comparator_interval(r: Review) -> Answer:
    """Response without daratumumab in LYNX, by the search of DI-20."""
    return _interval_found(r, "lynx-vgpr-kd")


@claim("DI-22")
def lynx_pfs(r: Review) -> Answer:
    """Median PFS of the two arms of LYNX is quoted from its registry record."""
    return _quoted(r, "lynx-pfs-dkd", "lynx-pfs-kd")


@claim("DI-23")
def lynx_terminated(r: Review) -> Answer:
    """How LYNX ended is quoted from its registry record."""
    return _quoted(r, "lynx-status")


@claim("DI-24")
def lynx_is_consistent(r: Review) -> Answer:
    """What counts as consistent is not said; the medians of LYNX and the longest medians of the
    review are set beside."""
    lynx = _facts(r, "lynx-pfs-dkd", "lynx-pfs-kd")
    longest = [known(groups(r, "pfs", setting)).nlargest(2, "value")
               for setting in ("clinical", "rwe")]
    told = (f"LYNX {' and '.join(lynx['printed'])} months; longest of the clinical trials: "
            f"{_listed(longest[0])}; of the real-world groups: {_listed(longest[1])}")
    return Cannot("judgement", told, rows=keys(lynx) + keys(*longest))


@claim("DI-25")
def robust_protocol(r: Review) -> Answer:
    """No registration or protocol is named by which robustness could be checked."""
    return Cannot("judgement", "no registration or published protocol is named")


@claim("DI-26")
def lynx_came_too_late(r: Review) -> Answer:
    """The article gives the day on which it read the LYNX record, not the day on which results
    were posted."""
    cited = r.references[r.references["registry_id"].notna() & r.references["accessed"].notna()]
    read = "; ".join(f"reference {row.ref} ({row.role}) read on {row.accessed:%Y-%m-%d}"
                     for row in cited.itertuples())
    told = f"the search ended on {r.edition['search_to']:%Y-%m-%d}; registry records: {read}"
    return Cannot("external source", told, rows=keys(cited))


@claim("DI-27")
def weaker_designs(r: Review) -> Answer:
    """Retrospective real-world studies and single-arm trials are more than half of all studies."""
    weaker = r.studies[r.studies["design"].isin(["retrospective", "single-arm"])]
    kinds = weaker["design"].value_counts()
    told = " and ".join(f"{kinds[kind]} {kind}" for kind in ("retrospective", "single-arm"))
    return _majority(weaker, r.studies, told)


@claim("DI-28")
def studies_with_time_to_retreatment(r: Review) -> Answer:
    """As R3.5-41: real-world studies that report the time to retreatment."""
    return rules(r.contents)["R3.5-41"](r)


@claim("DI-29")
def limitations(r: Review) -> Answer:
    """Bias, confounding and small groups are named as limits, without a measure of them."""
    concerns = _facts(r, "mmat-concerns")
    told = f"section 3.2 gives as substantive concerns about quality: {concerns['text'].iloc[0]}"
    return Cannot("judgement", told, rows=keys(concerns))


@claim("DI-30")
def cd38_recovery(r: Review) -> Answer:
    """The time to recovery of CD38 is quoted from the references."""
    return _quoted(r, "cd38-recovery")


@claim("DI-31")
def ongoing_trials(r: Review) -> Answer:
    """Registry records in the reference list that are neither included reports nor records whose
    results the article quotes."""
    quoted = set(r.facts["refs"].dropna().str.split(";").explode().astype(int))
    records = r.references[(r.references["type"] == "registry")
                           & (r.references["role"] == "background")]
    rows = records[~records["ref"].isin(quoted)]
    return refs(rows).explained(", ".join(
        f"{row.ref}: {row.registry_id}" for row in rows.itertuples()))


@claim("DI-32")
def sparing_regimens(r: Review) -> Answer:
    """Whether the works cited are combination studies without an anti-CD38 antibody can be seen
    only in them."""
    cited = r.claims.set_index("claim_id").at["DI-32", "refs_cited"]
    first, last = map(int, cited.split("-"))
    rows = r.references[r.references["ref"].between(first, last)]
    told = ", ".join(f"{row.ref} is of type {row.type}" for row in rows.itertuples())
    return Cannot("external source", told, rows=keys(rows))


@claim("DI-33")
def shorter_pfs_with_refractoriness(r: Review) -> Answer:
    """As R3.5-08: median PFS is shorter where more patients are refractory."""
    return rules(r.contents)["R3.5-08"](r)


@claim("DI-34")
def investigational_only(r: Review) -> Answer:
    """A recommendation, not a result."""
    return Cannot("judgement", "what should follow from results is not itself a result")


def _all_below(rows: pd.DataFrame, ceiling: float) -> Truth:
    """Whether every value, or upper limit of a value not transcribed, lies below `ceiling`."""
    rows = rows.assign(most=rows["value"].fillna(rows["bound_high"]))
    rows = rows[rows["most"].notna()]
    above = rows[rows["most"] >= ceiling]
    top = rows.sort_values(["most", "value"], na_position="first").iloc[-1]  # a tie: the value
    told = (f"at or above {plain(ceiling)}: {_listed(above, 'most')}" if len(above) else
            f"the highest of {len(rows)} groups is {plain(top['most'])} ({top['study']})")
    return Truth(above.empty, rows=keys(rows), because=told)


def _majority(part: pd.DataFrame, whole: pd.DataFrame, told: str) -> Truth:
    n, total = part["study_id"].nunique(), whole["study_id"].nunique()
    return Truth(2 * n > total, rows=keys(whole), because=f"{told}: {n} of {total} studies")


def _listed(rows: pd.DataFrame, column: str = "value") -> str:
    """Studies with their values: "TRIMM-2 75, ICARIA-MM 25"."""
    return ", ".join(f"{study} {plain(value)}" for study, value in
                     zip(rows["study"], rows[column], strict=True))


def _trimm2(r: Review, outcome: str) -> pd.DataFrame:
    rows = groups(r, outcome, "clinical")
    return rows[rows["study_id"] == TRIMM2]


def _trimm2_above(rows: pd.DataFrame) -> Truth:
    own, others = (rows[mask] for mask in (rows["study_id"] == TRIMM2, rows["study_id"] != TRIMM2))
    told = f"{_listed(own)}; highest of the others: {_listed(others.nlargest(1, 'value'))}"
    return Truth(own["value"].min() > others["value"].max(), rows=keys(rows), because=told)


def _facts(r: Review, *fact_ids: str) -> pd.DataFrame:
    return r.facts.set_index("fact_id").loc[list(fact_ids)].reset_index()


def _quoted(r: Review, *fact_ids: str) -> Cannot:
    """A number that the article quotes from its references and from nowhere else."""
    rows = _facts(r, *fact_ids)
    cited = ", ".join(dict.fromkeys(rows["refs"].dropna().str.replace(";", ", ")))
    return Cannot("external source", f"quoted from reference {cited}", rows=keys(rows))


def _interval_found(r: Review, fact_id: str) -> Answer:
    rows = _facts(r, fact_id, f"{fact_id}-interval", "lynx-enrolled")
    value, interval, enrolled = (row for _, row in rows.iterrows())
    low, high = interval["printed"].split("–")
    found = origins(value["printed"].rstrip("%"), low, high, int(enrolled["value"]))
    if len(found) != 1:
        return Cannot("not published", f"{len(found)} combinations of count, total, method and "
                      "level give the printed interval", rows=keys(rows))
    only = found[0]
    limits = clopper_pearson(only.n, only.total, only.level)
    printed = clopper_pearson(only.n, only.total)
    told = (f"{only.n}/{only.total} with the {only.method} method at {plain(only.level)}% gives "
            f"{limits.low:.2f} to {limits.high:.2f}, and no other exact or Wilson interval up to "
            f"{enrolled['printed']} patients does; at 95% it would be {printed.low:.1f} to "
            f"{printed.high:.1f}")
    values = (100 * only.n / only.total, limits.low, limits.high, only.level)
    words = f"{values[0]:.2f}% ({plain(only.level)}% CI {limits.low:.2f}–{limits.high:.2f})"
    return Cell(values, words, rows=keys(rows), because=told)
