"""Section 3.5: retreated against naive patients, time to retreatment, and what studies report."""

from __future__ import annotations

import pandas as pd

from article.claims.groups import as_printed, both_readings, group, share, uncounted
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    Number,
    Reading,
    Several,
    Text,
    count,
    keys,
    number,
    refs,
    several,
)
from review.audit.intervals import possible_counts
from review.audit.printed import agreed, once, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known, results


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
    size = int(cohort.value)
    fits = possible_counts(as_printed(naive), size)
    other = share(naive.assign(n=fits[0], n_total=size)) if fits else number(naive)
    return both_readings(
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
    if possible_counts(percent, total):
        return Number(value, near, rows=keys(rows), because=f"{percent}%: {shown}")
    return Text(f"no whole number of patients (nearest {near})", rows=keys(rows), because=(
        f"{percent}% is no whole number in any group of up to {largest}; nearest {shown}"))


@claim("R3.5-41")
def rwe_studies_with_time_to_retreatment(r: Review) -> NotRecomputable:
    """Whether other included reports give the time to retreatment can be seen only in them; that
    the article gives it for as many as it says shows nothing of the others."""
    own = count(groups(r, "time_to_retreatment", "rwe"))
    return NotRecomputable("external source", "the included reports; the article gives it for "
                           f"{own.because}", rows=own.rows)


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
    reporting = rows.loc[rows["use"] == "synthesis", "study_id"]
    silent = r.studies[(r.studies["setting"] == "rwe") & ~r.studies["study_id"].isin(reporting)]
    return uncounted(count(silent, by="label"))


@claim("R3.5-46")
def rwe_studies_with_all_three_outcomes(r: Review) -> NotRecomputable:
    """Real-world studies with progression-free survival, overall survival and response; not
    printed."""
    by_outcome = [set(groups(r, outcome, "rwe")["study_id"]) for outcome in ("pfs", "os", "orr")]
    both = r.studies[r.studies["study_id"].isin(set.intersection(*by_outcome))]
    return uncounted(count(both, by="label"))
