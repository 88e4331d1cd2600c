"""Section 4, Discussion: TRIMM-2, talquetamab alone and LYNX."""

from __future__ import annotations

import pandas as pd

from article.claims.cells import Cell
from article.claims.groups import values
from article.claims.quoted import facts, quoted
from review.audit.answers import (
    Answer,
    NotRecomputable,
    NoValue,
    Reading,
    Truth,
    keys,
    number,
    several,
)
from review.audit.intervals import clopper_pearson, origins
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known, traits
from review.wording import plain

TRIMM2 = "trimm-2"


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
    return quoted(r, "talquetamab-orr")


@claim("DI-13")
def talquetamab_penta_refractory(r: Review) -> Answer:
    """The penta-refractory share of the talquetamab cohorts is quoted from the references."""
    return quoted(r, "talquetamab-penta-refractory")


@claim("DI-19")
def lynx_prior_lines(r: Review) -> Answer:
    """Prior lines that LYNX allowed are quoted from its registry record."""
    return quoted(r, "lynx-prior-lines")


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
    return quoted(r, "lynx-pfs-dkd", "lynx-pfs-kd")


@claim("DI-23")
def lynx_terminated(r: Review) -> Answer:
    """How LYNX ended is quoted from its registry record."""
    return quoted(r, "lynx-status")


@claim("DI-24")
def lynx_is_consistent(r: Review) -> Answer:
    """What counts as consistent is not said; the medians of LYNX and the longest medians of the
    review are set beside."""
    lynx = facts(r, "lynx-pfs-dkd", "lynx-pfs-kd")
    longest = [known(groups(r, "pfs", setting)).nlargest(2, "value")
               for setting in ("clinical", "rwe")]
    medians = (f"LYNX {' and '.join(lynx['printed'])} months; longest of the clinical trials: "
               f"{values(longest[0])}; of the real-world groups: {values(longest[1])}")
    return NotRecomputable("judgement", medians, rows=keys(lynx) + keys(*longest))


@claim("DI-26")
def lynx_came_too_late(r: Review) -> Answer:
    """The article gives the day on which it read the LYNX record, not the day on which results
    were posted."""
    cited = r.references[r.references["registry_id"].notna() & r.references["accessed"].notna()]
    read = "; ".join(f"reference {row.ref} ({row.role}) read on {row.accessed:%Y-%m-%d}"
                     for row in cited.itertuples())
    dates = f"the search ended on {r.edition['search_to']:%Y-%m-%d}; registry records: {read}"
    return NotRecomputable("external source", dates, rows=keys(cited))


def _trimm2(r: Review, outcome: str) -> pd.DataFrame:
    rows = groups(r, outcome, "clinical")
    return rows[rows["study_id"] == TRIMM2]


def _trimm2_above(rows: pd.DataFrame) -> Truth:
    own, others = (rows[mask] for mask in (rows["study_id"] == TRIMM2, rows["study_id"] != TRIMM2))
    if own.empty or others.empty:
        raise NoValue("no response rate is known on one side")
    because = f"{values(own)}; highest of the others: {values(others.nlargest(1, 'value'))}"
    return Truth(own["value"].min() > others["value"].max(), rows=keys(rows), because=because)


def _interval_found(r: Review, fact_id: str) -> Answer:
    rows = facts(r, fact_id, f"{fact_id}-interval", "lynx-enrolled")
    value, interval, enrolled = (row for _, row in rows.iterrows())
    low, high = interval["printed"].split("–")
    fitting = origins(value["printed"].rstrip("%"), low, high, int(enrolled["value"]))
    if len(fitting) != 1:
        return NotRecomputable(
            "not published", f"{len(fitting)} combinations of count, total, method and level give "
                             "the printed interval", rows=keys(rows))
    only = fitting[0]
    limits = clopper_pearson(only.n, only.total, only.level)
    printed = clopper_pearson(only.n, only.total)
    because = (f"{only.n}/{only.total} with the {only.method} method at {plain(only.level)}% gives "
               f"{limits.low:.2f} to {limits.high:.2f}, and no other exact or Wilson interval up "
               f"to {enrolled['printed']} patients does; at 95% it would be {printed.low:.1f} to "
               f"{printed.high:.1f}")
    values = (100 * only.n / only.total, limits.low, limits.high, only.level)
    words = f"{values[0]:.2f}% ({plain(only.level)}% CI {limits.low:.2f}–{limits.high:.2f})"
    return Cell(values, words, rows=keys(rows), because=because)
