"""Section 3.5: outcomes of retreatment in the real-world studies."""

from __future__ import annotations

import re

import pandas as pd

from article.claims.figures import drawn
from article.claims.results_clinical import as_printed, group, interval, share
from review.audit import intervals
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    NoValue,
    Number,
    Reading,
    Refs,
    Several,
    Span,
    Text,
    Truth,
    count,
    keys,
    number,
    refs,
    several,
    span,
)
from review.audit.printed import agreed, cited, limit, named, once, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import groups, known, results, traits


def lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the smallest known value, the first of equals; NoValue without one."""
    return _first(known(rows), ascending=True)


def highest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the largest known value, the first of equals; NoValue without one."""
    return _first(known(rows), ascending=False)


def _first(rows: pd.DataFrame, ascending: bool) -> pd.DataFrame:
    if rows.empty:
        raise NoValue("no row holds a value")
    return rows.loc[rows["value"].sort_values(ascending=ascending, kind="stable").index[:1]]


def responses(r: Review) -> pd.DataFrame:
    """Response rates of retreated patients, without those given only beside naive patients.

    The comparison with naive patients repeats a cohort in an earlier report.
    """
    rows = groups(r, "orr", "rwe")
    return rows[(rows["figure"] != "fig-naive").fillna(True)]


@claim("R3.5-01")
def rwe_studies_with_pfs(r: Review) -> Several:
    """Real-world studies with a progression-free survival result, and the reports cited for it."""
    rows = groups(r, "pfs", "rwe")
    return together(count(rows), refs(rows))


@claim("R3.5-02")
def lowest_rwe_pfs(r: Review) -> Several:
    """Lowest median among the groups with a value, as in the abstract; interval and size."""
    rows = lowest(groups(r, "pfs", "rwe"))
    median = agreed(number(rows), printed_value(r, "AB-21", 0))
    return _estimate(rows, median, number(rows, "n_total"))


def _estimate(rows: pd.DataFrame, median: Answer, *rest: Answer) -> Several:
    """Median, interval and the rest, with the group they belong to."""
    parts = together(median, interval(rows), *rest)
    return parts.explained("; ".join(filter(None, (_who(rows), parts.because))))


def _who(rows: pd.DataFrame) -> str:
    return "; ".join(f"{study}: {arm}" for study, arm in
                     zip(rows["study"], rows["arm"], strict=True))


@claim("R3.5-03")
def group_of_lowest_pfs_is_defined_alike(r: Review) -> Truth:
    """What the text counts in that group (lines of ...) is what the caption of Figure 2 counts."""
    caption = r.abbreviations[r.abbreviations["abbreviation"].str.contains("5L")].iloc[0]["meaning"]
    text = r.claims.set_index("claim_id").loc["R3.5-03", "published"]
    counted = [re.split(r"\blines? of ", words)[-1] for words in (text, caption)]
    return Truth(counted[0] == counted[1], rows=keys(group(r, "yashar-2021-5l", "pfs")), because=(
        f"the text counts lines of {counted[0]}, the caption lines of {counted[1]}"))


@claim("R3.5-04")
def highest_rwe_pfs(r: Review) -> Several:
    """Highest median of a retreated group, as in the abstract; interval, size, Table 2 follow-up.

    Patients who never had the antibody are a comparator and do not count.
    """
    rows = highest(groups(r, "pfs", "rwe"))
    follow_up = traits(r, "follow_up", "rwe")
    follow_up = follow_up[follow_up["study_id"].isin(rows["study_id"])]
    median = agreed(number(rows), printed_value(r, "AB-21", 1))
    return _estimate(rows, median, number(rows, "n_total"), number(follow_up))


def refractory_studies(r: Review) -> pd.DataFrame:
    """Cells of real-world studies with more than the stated share refractory to an anti-CD38.

    Every printed kind counts (the antibody, triple, penta): each includes the antibody.
    """
    cells = traits(r, "refractory", "rwe", lead=False)
    return cells[(cells["value"] > limit(r, "R3.5-08")).fillna(False)]


def refractory_pfs(r: Review) -> pd.DataFrame:
    """Progression-free survival in those studies."""
    rows = groups(r, "pfs", "rwe")
    return rows[rows["study_id"].isin(refractory_studies(r)["study_id"])]


def _size_in_figure_2b(r: Review, rows: pd.DataFrame) -> Answer:
    """A group's size, which Figure 2B repeats where it draws the same group."""
    repeated = drawn(r, "fig-rwe-os")
    sizes = repeated.loc[repeated["arm_id"].isin(rows["arm_id"]), "n_total"].dropna()
    return agreed(number(rows, "n_total"), *map(str, sizes))


@claim("R3.5-05")
def lowest_pfs_in_refractory_studies(r: Review) -> Several:
    """Lowest median in studies with more than the stated share refractory; interval and size.

    The share is the study's in Table 2, so the refractory group of a mixed study does not count.
    Figure 2B repeats the size.
    """
    rows = lowest(refractory_pfs(r))
    return _estimate(rows, number(rows), _size_in_figure_2b(r, rows))


@claim("R3.5-06")
def highest_pfs_in_refractory_studies(r: Review) -> Several:
    """Highest median in studies with more than the stated share refractory; interval and size.

    As for the lowest.
    """
    rows = highest(refractory_pfs(r))
    return _estimate(rows, number(rows), _size_in_figure_2b(r, rows))


@claim("R3.5-07")
def references_of_refractory_studies_with_pfs(r: Review) -> Refs:
    """Reports with progression-free survival of studies whose share in Table 2 is above the limit.

    Reports are those that the list of studies with progression-free survival cites.
    """
    rows, printed = refractory_pfs(r), cited(r, "R3.5-07")
    own = refs(rows)
    studies = rows.drop_duplicates("ref").sort_values("ref")
    found = ", ".join(f"{line.study} ({line.ref})" for line in studies.itertuples())
    left_out = studies[~studies["study_id"].isin(printed["study_id"])]
    return own.explained(f"by Table 2: {found}; printed: {named(printed)}; "
                         f"not among the studies printed: {', '.join(left_out['study']) or 'none'}")


@claim("R3.5-08")
def pfs_is_shorter_in_refractory_studies(r: Review) -> Reading:
    """The middle of the known medians is lower in studies above the limit than in the others."""
    return shorter_when_refractory(r)


def shorter_when_refractory(r: Review) -> Reading:
    """Middle of the known medians, refractory against other: by study, then by group.

    By study a group has the share of its study in Table 2. By group it has its own, and groups
    without one are left out. Values that stand only in a figure image enter neither.
    """
    rows = known(groups(r, "pfs", "rwe"))
    by_study = rows["study_id"].isin(refractory_studies(r)["study_id"])
    own = rows["refractory_percent"]
    by_group = (own > limit(r, "R3.5-08")).fillna(False)
    return _reading(
        _shorter(rows[by_study], rows[~by_study]),
        "Under the rule that each group counts by its own refractory share, so that the "
        "refractory group of a mixed study is refractory, and a group without a share counts "
        "nowhere.",
        _shorter(rows[by_group], rows[~by_group & own.notna()]))


def _reading(plain: Answer, rule: str, ruled: Answer) -> Reading:
    return Reading(plain, rule, ruled,
                   because=f"plain reading: {plain.because}. Under the rule: {ruled.because}")


def _shorter(refractory: pd.DataFrame, other: pd.DataFrame) -> Truth:
    if refractory.empty or other.empty:
        return Truth(False, because="one side has no known median")
    medians = refractory["value"].median(), other["value"].median()
    return Truth(medians[0] < medians[1], rows=keys(refractory, other), because=(
        f"refractory {_listed(refractory)}, middle {medians[0]:g}; "
        f"other {_listed(other)}, middle {medians[1]:g} months"))


def _listed(rows: pd.DataFrame) -> str:
    ordered = rows[["study", "value"]].sort_values("value")
    return ", ".join(f"{line.value:g} ({line.study})" for line in ordered.itertuples())


@claim("R3.5-09")
def image_refractory_pfs(r: Review) -> NotRecomputable:
    """Median, interval and size of the refractory group: printed once."""
    return once(group(r, "image-refractory", "pfs"))


@claim("R3.5-10")
def image_naive_pfs(r: Review) -> NotRecomputable:
    """Median, interval and size of the naive group: printed once."""
    return once(group(r, "image-naive", "pfs"))


@claim("R3.5-11")
def image_refractory_share(r: Review) -> Number:
    """Refractory patients over all patients of the three groups of IMAGE."""
    rows = groups(r, "pfs", "rwe", use=None)
    rows = rows[(rows["study_id"] == "image") & (rows["use"] != "context")]
    part = number(group(r, "image-refractory", "pfs"), "n_total").value
    sizes = [int(size) for size in rows["n_total"].dropna()]
    value, said_share = 100 * part / sum(sizes), float(printed_value(r, "R3.5-11"))
    return Number(value, f"{value:.1f}", rows=keys(rows), because=(
        f"{part}/({' + '.join(map(str, sizes))}) = {value:.1f}%; {said_share:g}% with {part} "
        f"refractory patients would need {100 * part / said_share:.0f} in all"))


@claim("R3.5-12")
def image_curves(r: Review) -> NotRecomputable:
    """A pointer to the supplement."""
    return NotRecomputable("supplement", "Supplementary Figure S2")


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
    return _estimate(rows, median, number(rows, "n_total"))


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
    return _estimate(rows, median, number(rows, "n_total"))


@claim("R3.5-18")
def rwe_studies_with_os_reached(r: Review) -> Count:
    """Real-world studies with overall survival less those whose median is not reached."""
    rows = groups(r, "os", "rwe")
    return count(rows[rows["status"] != "not reached"])


@claim("R3.5-19")
def list_of_os_is_complete(r: Review) -> Truth:
    """No included report outside the list gives overall survival of retreated patients.

    Checked as far as the included reports' own abstracts were seen.
    """
    rows = results(r)
    rows = rows[(rows["outcome"] == "os") & (rows["setting"] == "rwe")
                & (rows["therapy"] == "retreatment")]
    listed = rows[rows["use"] == "synthesis"]
    missing = rows[(rows["use"] == "context") & ~rows["study_id"].isin(listed["study_id"])]
    found = "; ".join(f"{line.study} (ref {line.ref}): {line.value:g} months from "
                      f"{line.time_zero}" for line in missing.itertuples())
    return Truth(missing.empty, rows=keys(missing) if len(missing) else keys(listed),
                 because=found or "no included report seen gives another")


@claim("R3.5-20")
def rwe_studies_with_orr(r: Review) -> Several:
    """Real-world studies with a response rate, and the reports cited for it.

    Rates given only beside naive patients are left out: they repeat a study in an earlier report.
    """
    rows = responses(r)
    return together(count(rows), refs(rows))


@claim("R3.5-21")
def rwe_orr_group_sizes(r: Review) -> Span:
    """Smallest and largest group of Figure 2C among those whose size is tied to a study."""
    rows = responses(r)
    found, rest = span(rows, "n_total"), rows[rows["n_total"].isna()]
    return found.explained(f"{found.because}; size not tied to the study: "
                           f"{', '.join(rest['study']) or 'none'}")


@claim("R3.5-22")
def lowest_rwe_orr(r: Review) -> Answer:
    """Lowest response rate with a value, as in the abstract; whole patients can give it."""
    return _extreme(lowest(responses(r)), printed_value(r, "AB-24", 0))


@claim("R3.5-23")
def highest_rwe_orr(r: Review) -> Answer:
    """Highest response rate with a value, as in the abstract; whole patients can give it."""
    return _extreme(highest(responses(r)), printed_value(r, "AB-24", 1))


def _extreme(rows: pd.DataFrame, abstract: str) -> Answer:
    rate, total = agreed(number(rows), abstract), number(rows, "n_total").value
    fits = intervals.possible_counts(as_printed(rows), total)
    if not fits:
        return Text(f"{rate.text}% is no whole number of {total}", rows=rate.rows)
    counts = ", ".join(f"{n}/{total}" for n in fits)
    return rate.explained(f"{_who(rows)}, {counts}; {rate.because}")


@claim("R3.5-24")
def reference_of_lowest_orr(r: Review) -> Refs:
    """Reports of the groups in which whole patients can give the lowest response rate."""
    return _origin(r, lowest(responses(r)), "R3.5-24")


@claim("R3.5-25")
def reference_of_highest_orr(r: Review) -> Refs:
    """Reports of the groups in which whole patients can give the highest response rate."""
    return _origin(r, highest(responses(r)), "R3.5-25")


def _origin(r: Review, extreme: pd.DataFrame, claim_id: str) -> Refs:
    """Groups of known size that can have the printed rate; the arithmetic for the one cited."""
    percent, rows = as_printed(extreme), responses(r)
    rows = rows[rows["n_total"].notna()]
    fits = [intervals.possible_counts(percent, int(total)) for total in rows["n_total"]]
    able = rows[[bool(counts) for counts in fits]]
    wrong = rows[rows["study_id"].isin(cited(r, claim_id)["study_id"])].drop(able.index,
                                                                           errors="ignore")
    arithmetic = [f"{percent}% of {line.n_total} ({line.study}) is {_patients(line)}"
                  for line in pd.concat([wrong, able]).assign(percent=percent).itertuples()]
    return refs(able).explained(
        f"{'; '.join(arithmetic)}. The reference printed is {named(cited(r, claim_id))}; "
        f"{len(rows)} groups of known size tested")


def _patients(line) -> str:
    counts = intervals.possible_counts(line.percent, int(line.n_total))
    if counts:
        return " or ".join(map(str, counts))
    return f"{float(line.percent) * line.n_total / 100:.2f} patients, no whole number rounds to it"


@claim("R3.5-26")
def references_after_figure_2c(r: Review) -> Reading:
    """Reports of the lowest and the highest response rate, for which the list seems to stand."""
    rows = responses(r)
    ends = pd.concat([lowest(rows), highest(rows)])
    wanted = len(cited(r, "R3.5-26"))
    last = drawn(r, "fig-rwe-orr").sort_values("figure_row", na_position="first").tail(wanted)
    return _reading(
        refs(ends).explained(f"the two ends are refs {refs(ends).text}"),
        "Under the rule that the list names the last rows of Figure 2C, as many as it has "
        "references.",
        refs(last).explained(f"the last {wanted} rows are {', '.join(last['study'])}"))


@claim("R3.5-27")
def rwe_studies_with_best_response(r: Review) -> Several:
    """Real-world studies with a best overall response, and the reports cited for it."""
    rows = groups(r, "cr_or_better", "rwe")
    return together(count(rows), refs(rows))


@claim("R3.5-28")
def best_response_group_sizes(r: Review) -> Span:
    """Smallest and largest group of the studies cited for best response, sizes as in Figure 2C."""
    rows = groups(r, "cr_or_better", "rwe")[[ROW, "arm_id", "study"]]
    sized = rows.merge(r.arms[["arm_id", "n_total"]], on="arm_id")
    found = span(sized, "n_total")
    small = sized[(sized["n_total"] < float(printed_value(r, "R3.5-28", 0))).fillna(False)]
    below = ", ".join(f"{line.study} {line.n_total}" for line in small.itertuples())
    return found.explained(f"{found.because}; below the printed minimum: {below or 'none'}")


@claim("R3.5-29")
def responses_are_mostly_partial(r: Review) -> NotRecomputable:
    """Shares of partial and very good partial response stand in the supplement alone."""
    return NotRecomputable("supplement", "Supplementary Figure S3A")


@claim("R3.5-30")
def best_response_studies_in_two_parts(r: Review) -> Answer:
    """Studies without a complete response plus the remaining ones; the sum is the list's count."""
    parts = r.facts[r.facts["fact_id"].isin(["no-complete-response", "some-complete-response"])]
    listed = count(groups(r, "cr_or_better", "rwe")).value
    whole = Number(int(parts["value"].sum()), rows=keys(parts))
    terms = " + ".join(f"{value:g}" for value in parts["value"])
    return agreed(whole, str(listed)).explained(f"{terms} = {whole.text}; studies listed: {listed}")


@claim("R3.5-31")
def lowest_cr_above_0(r: Review) -> Several:
    """Complete responses over patients in the study with the lowest rate above 0."""
    return _rate(lowest(_some_complete(r)))


@claim("R3.5-32")
def highest_cr(r: Review) -> Several:
    """Complete responses over patients in the study with the highest rate."""
    return _rate(highest(_some_complete(r)))


def _some_complete(r: Review) -> pd.DataFrame:
    rows = known(groups(r, "cr_or_better", "rwe"))
    return rows[rows["value"] > 0]


def _rate(rows: pd.DataFrame) -> Several:
    rate = share(rows)
    return several(rate, number(rows, "n"), number(rows, "n_total"), because=rate.because)


@claim("R3.5-33")
def range_of_cr_above_0(r: Review) -> Several:
    """Lowest and highest rate above 0, each from its patients."""
    rows = _some_complete(r)
    ends = share(lowest(rows)), share(highest(rows))
    return several(*ends, because="; ".join(end.because for end in ends))


@claim("R3.5-34")
def patients_of_highest_orr(r: Review) -> Number:
    """Patients in the group with the highest response rate, which Figure 2C labels beside it."""
    rows = highest(responses(r))
    return number(rows, "n_total").explained(
        f"{rows.iloc[0]['study']}: {rows.iloc[0]['refractory_printed']}")


@claim("R3.5-35")
def penta_refractory_are_a_subgroup(r: Review) -> Truth:
    """Table 2 gives the study's overall population a penta-refractory share below all patients."""
    cells = traits(r, "refractory", "rwe", detail="penta")
    cells = cells[cells["study_id"] == "zhou-2020"]
    found = number(cells)
    return Truth(found.value < 100, rows=keys(cells), because=(
        f"Table 2 prints {cells.iloc[0]['printed']} for the overall population"))


def naive_comparisons(r: Review) -> pd.DataFrame:
    """Response rates of naive comparators, one row a real-world study."""
    rows = groups(r, "orr", "rwe", use="comparator")
    return rows[rows["exposure"] == "naive"]


@claim("R3.5-36")
def rwe_studies_against_naive_patients(r: Review) -> Several:
    """Real-world studies with a response rate of naive patients beside the retreated ones."""
    rows = naive_comparisons(r)
    return together(count(rows), refs(rows))


def _compared(r: Review) -> pd.DataFrame:
    """Naive and retreated response rates from the reports that make the comparison."""
    rows = groups(r, "orr", "rwe", use=None)
    return rows[(rows["use"] != "context")
                & rows["report_id"].isin(naive_comparisons(r)["report_id"])]


@claim("R3.5-37")
def group_sizes_against_naive_patients(r: Review) -> NotRecomputable:
    """Smallest and largest group of the comparisons: sizes stand in the supplement.

    Beside stand those that the article gives elsewhere or that a summary of a report gives.
    """
    rows = _compared(r)
    sized = rows[rows["n_total"].notna()]
    listed = ", ".join(f"{line.n_total} ({line.arm}, {line.n_total_kind})"
                       for line in sized.sort_values("n_total").itertuples())
    return NotRecomputable("supplement", f"Supplementary Figure S3B; sizes seen: {listed}",
                           rows=keys(rows))


@claim("R3.5-38")
def comparisons_lower_after_retreatment(r: Review) -> Count:
    """Comparisons in which every known rate after retreatment is below the naive one."""
    rows = _compared(r)
    lower = []
    for study, part in known(rows).groupby("study", sort=False):
        naive, retreated = (part.loc[part["use"] == use, "value"]
                            for use in ("comparator", "synthesis"))
        if len(naive) and len(retreated) and retreated.max() < naive.min():
            lower.append((study, f"{study} {_rates(retreated)} against {_rates(naive)}"))
    return Count(len(lower), tuple(study for study, _ in lower), rows=keys(rows),
                 because="; ".join(words for _, words in lower))


def _rates(values: pd.Series) -> str:
    return " and ".join(f"{value:g}%" for value in values)


@claim("R3.5-39")
def abdallah_orr(r: Review) -> Reading:
    """Responders of the time to retreatment over both its groups; the size of the naive group,
    and so its rate, stands nowhere else."""
    refractory, cohort = _abdallah(r)
    naive = group(r, "abdallah-2023-naive", "orr")
    fits = intervals.possible_counts(as_printed(naive), cohort.value)
    other = share(naive.assign(n=fits[0], n_total=cohort.value)) if fits else number(naive)
    return _reading(
        several(refractory, Text("no size to derive it from"), because=refractory.because),
        "Under the rule that the naive patients are as many as the retreated ones.",
        several(refractory, other, because=f"{refractory.because}; {other.because}"))


def _abdallah(r: Review) -> tuple[Number, Number]:
    """Response rate and cohort from the two groups of the time to retreatment."""
    responders, others = (group(r, f"abdallah-2023-{name}", "time_to_retreatment")
                          for name in ("responders", "non-responders"))
    n, rest = number(responders, "n_total").value, number(others, "n_total").value
    rate = share(group(r, "abdallah-2023-retreated", "orr").assign(n=n, n_total=n + rest))
    return rate, Number(n + rest, rows=keys(responders, others), because=f"{n} + {rest}")


@claim("R3.5-40")
def nooka_orr(r: Review) -> Several:
    """Each rate as whole patients give it, in any group up to the largest size printed for these
    comparisons. A rate that none gives is named with the nearest that one does."""
    largest = int(printed_value(r, "R3.5-37", 1))
    arms = ("naive", "dara-refractory", "dara-and-pom-refractory")
    parts = [_possible(group(r, f"nooka-2019-{arm}", "orr"), largest) for arm in arms]
    return several(*parts, because="; ".join(part.because for part in parts))


def _possible(rows: pd.DataFrame, largest: int) -> Answer:
    percent = as_printed(rows)
    n, total = min(((n, total) for total in range(1, largest + 1) for n in range(total + 1)),
                   key=lambda pair: abs(100 * pair[0] / pair[1] - float(percent)))
    value, shown = 100 * n / total, f"{n}/{total} = {100 * n / total:.2f}%"
    near = f"{value:.{len(percent.partition('.')[2])}f}"
    if intervals.possible_counts(percent, total):
        return Number(value, near, rows=keys(rows), because=f"{percent}%: {shown}")
    return Text(f"no whole number of patients (nearest {near})", rows=keys(rows), because=(
        f"{percent}% is no whole number in any group of up to {largest}; nearest {shown}"))


@claim("R3.5-41")
def rwe_studies_with_time_to_retreatment(r: Review) -> Count:
    """Real-world studies for which the article gives the time to retreatment."""
    return count(groups(r, "time_to_retreatment", "rwe"))


@claim("R3.5-42")
def time_to_retreatment_of_responders(r: Review) -> NotRecomputable:
    """Median, range and patients: printed once."""
    return once(group(r, "abdallah-2023-responders", "time_to_retreatment"))


@claim("R3.5-43")
def time_to_retreatment_of_others(r: Review) -> NotRecomputable:
    """Median, range and patients: printed once."""
    return once(group(r, "abdallah-2023-non-responders", "time_to_retreatment"))


@claim("R3.5-44")
def responders_and_others_make_the_cohort(r: Review) -> Several:
    """Responders plus the others, as many as Figure 2C has, and responders over their sum."""
    rate, cohort = _abdallah(r)
    drawn_size = number(group(r, "abdallah-2023-retreated", "orr"), "n_total")
    return several(agreed(cohort, drawn_size.text), rate,
                   because=f"{cohort.because} = {cohort.text}; {rate.because}")


@claim("R3.5-45")
def rwe_studies_without_result(r: Review) -> NotRecomputable:
    """Real-world studies with no result of any outcome for retreated patients; not printed."""
    rows = results(r)
    told = rows.loc[rows["use"] == "synthesis", "study_id"]
    silent = r.studies[(r.studies["setting"] == "rwe") & ~r.studies["study_id"].isin(told)]
    return _uncounted(count(silent, by="label"))


def _uncounted(found: Count) -> NotRecomputable:
    return NotRecomputable("not published", f"the article does not count them; {found.because}",
                           found)


@claim("R3.5-46")
def rwe_studies_with_all_three_outcomes(r: Review) -> NotRecomputable:
    """Real-world studies with progression-free survival, overall survival and response; not
    printed."""
    told = [set(groups(r, outcome, "rwe")["study_id"]) for outcome in ("pfs", "os", "orr")]
    both = r.studies[r.studies["study_id"].isin(set.intersection(*told))]
    return _uncounted(count(both, by="label"))


@claim("R3.5-47")
def references_of_rwe_pfs_range(r: Review) -> Refs:
    """Reports of the groups with the lowest and the highest median."""
    rows = groups(r, "pfs", "rwe")
    ends = pd.concat([lowest(rows), highest(rows)])
    return refs(ends).explained(_listed(ends))
