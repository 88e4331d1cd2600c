"""Section 3.5: response to retreatment in the real-world studies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from article.claims.figures import drawn
from article.claims.groups import (
    as_printed,
    both_readings,
    highest,
    lowest,
    owners,
    responses,
    share,
)
from article.ordered import row_reports
from review.audit.answers import (
    Answer,
    EitherRef,
    NotRecomputable,
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
from review.audit.intervals import possible_counts
from review.audit.printed import agreed, cited, named, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import groups, known, traits


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
    sizes, rest = span(rows, "n_total"), rows[rows["n_total"].isna()]
    return sizes.explained(f"{sizes.because}; size not tied to the study: "
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
    rate, total = agreed(number(rows), abstract), int(number(rows, "n_total").value)
    fits = possible_counts(as_printed(rows), total)
    if not fits:
        return Text(f"{rate.text}% is no whole number of {total}", rows=rate.rows)
    counts = ", ".join(f"{n}/{total}" for n in fits)
    return rate.explained(f"{owners(rows)}, {counts}; {rate.because}")


@claim("R3.5-24")
def reference_of_lowest_orr(r: Review) -> Refs | EitherRef:
    """Reports of the groups in which whole patients can give the lowest response rate."""
    return _origin(r, lowest(responses(r)), "R3.5-24")


@claim("R3.5-25")
def reference_of_highest_orr(r: Review) -> Refs | EitherRef:
    """Reports of the groups in which whole patients can give the highest response rate."""
    return _origin(r, highest(responses(r)), "R3.5-25")


def _origin(r: Review, extreme: pd.DataFrame, claim_id: str) -> Refs | EitherRef:
    """Groups of known size that can have the printed rate; the arithmetic for the one cited.

    Where one group can have it and the article does not settle which of its study's reports the
    row is from, each of these would do.
    """
    percent, rows = as_printed(extreme), responses(r)
    rows = rows[rows["n_total"].notna()]
    fits = [possible_counts(percent, int(total)) for total in rows["n_total"]]
    able = rows[[bool(counts) for counts in fits]]
    of_cited = rows[rows["study_id"].isin(cited(r, claim_id)["study_id"])]
    wrong = of_cited.drop(able.index, errors="ignore")
    arithmetic = [f"{percent}% of {line.n_total} ({line.study}) is {_patients(line)}"
                  for line in pd.concat([wrong, able]).assign(percent=percent).itertuples()]
    because = (f"{'; '.join(arithmetic)}. The reference printed is {named(cited(r, claim_id))}; "
               f"{len(rows)} groups of known size tested")
    options = row_reports(r, able.iloc[0]) if len(able) == 1 else []
    if len(options) > 1:
        return EitherRef(frozenset(options), rows=keys(able), because=because)
    return refs(able).explained(because)


def _patients(line: Any) -> str:
    """The whole counts that give the rate of a row with percent and n_total, or that none does."""
    counts = possible_counts(line.percent, int(line.n_total))
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
    return both_readings(
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
def best_response_group_sizes(r: Review) -> NotRecomputable:
    """Smallest and largest group of the best-response figure: sizes stand in the supplement.

    Beside stand those that Figure 2C draws for the same studies, which may be other groups.
    """
    rows = groups(r, "cr_or_better", "rwe")[[ROW, "arm_id", "study"]]
    sized = rows.merge(r.arms[["arm_id", "n_total"]], on="arm_id")
    sizes = span(sized, "n_total")
    small = sized[(sized["n_total"] < float(printed_value(r, "R3.5-28", 0))).fillna(False)]
    below = ", ".join(f"{line.study} {line.n_total}" for line in small.itertuples())
    return NotRecomputable(
        "supplement", f"Supplementary Figure S3A; in Figure 2C the same studies have "
        f"{sizes.because}; below the printed minimum: {below or 'none'}", rows=keys(sized))


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
def penta_refractory_are_a_subgroup(r: Review) -> Reading:
    """Table 2 gives the study's overall population a penta-refractory share below all patients."""
    cells = traits(r, "refractory", "rwe", detail="penta")
    cells = cells[cells["study_id"] == "zhou-2020"]
    share = number(cells)
    notes = r.footnotes[(r.footnotes["table"] == "tbl-rwe")
                        & (r.footnotes["footnote"] == "regimen")]
    return Reading(
        Truth(share.value < 100, rows=keys(cells)),
        "It holds when the row gives the details of the subgroup, as the table's footnote says of "
        "some studies.", Truth(len(notes) > 0, rows=keys(cells, notes)),
        because=f"Table 2 prints {cells.iloc[0]['printed']} under the head of overall population, "
                "and its footnote speaks of subgroups")
