"""Section 3.5: progression-free survival of retreatment in the real-world studies."""

from __future__ import annotations

import re

import pandas as pd

from article.claims.figures import drawn
from article.claims.groups import (
    both_readings,
    estimate,
    group,
    highest,
    lowest,
    refractory_studies,
    unseen_medians,
)
from review.audit.answers import (
    Answer,
    NotRecomputable,
    Number,
    Reading,
    Refs,
    Several,
    Truth,
    count,
    keys,
    number,
    refs,
)
from review.audit.compare import agrees
from review.audit.intervals import possible_counts
from review.audit.printed import agreed, cited, limit, named, once, printed_value, together
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import groups, known, traits


def refractory_pfs(r: Review) -> pd.DataFrame:
    """Progression-free survival in those studies."""
    rows = groups(r, "pfs", "rwe")
    return rows[rows["study_id"].isin(refractory_studies(r)["study_id"])]


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
    return estimate(rows, median, number(rows, "n_total"))


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
    return estimate(rows, median, number(rows, "n_total"), number(follow_up))


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
    return estimate(rows, number(rows), _size_in_figure_2b(r, rows))


@claim("R3.5-06")
def highest_pfs_in_refractory_studies(r: Review) -> Several:
    """Highest median in studies with more than the stated share refractory; interval and size.

    As for the lowest.
    """
    rows = highest(refractory_pfs(r))
    return estimate(rows, number(rows), _size_in_figure_2b(r, rows))


@claim("R3.5-07")
def references_of_refractory_studies_with_pfs(r: Review) -> Refs:
    """Reports with progression-free survival of studies whose share in Table 2 is above the limit.

    Reports are those that the list of studies with progression-free survival cites.
    """
    rows, printed = refractory_pfs(r), cited(r, "R3.5-07")
    own = refs(rows)
    studies = rows.drop_duplicates("ref").sort_values("ref")
    by_table = ", ".join(f"{line.study} ({line.ref})" for line in studies.itertuples())
    left_out = studies[~studies["study_id"].isin(printed["study_id"])]
    return own.explained(f"by Table 2: {by_table}; printed: {named(printed)}; "
                         f"not among the studies printed: {', '.join(left_out['study']) or 'none'}")


@claim("R3.5-08")
def pfs_is_shorter_in_refractory_studies(r: Review) -> Answer:
    """The middle of the medians is lower in studies above the limit than in the others; it cannot
    be decided while medians stand only in Figure 2A."""
    every = groups(r, "pfs", "rwe")
    known_alone = shorter_when_refractory(known(every), r)
    if unseen := unseen_medians(every, "Figure 2A"):
        return NotRecomputable("figure image", f"{unseen}; of the known ones, "
                               f"{known_alone.because}", rows=keys(every))
    return known_alone


def shorter_when_refractory(rows: pd.DataFrame, r: Review) -> Reading:
    """Middle of medians, refractory against other: by study, then by group.

    By study a group has the share of its study in Table 2. By group it has its own, and groups
    without one are left out.
    """
    by_study = rows["study_id"].isin(refractory_studies(r)["study_id"])
    own = rows["refractory_percent"]
    by_group = (own > limit(r, "R3.5-08")).fillna(False)
    return both_readings(
        _shorter(rows[by_study], rows[~by_study]),
        "Under the rule that each group counts by its own refractory share, so that the "
        "refractory group of a mixed study is refractory, and a group without a share counts "
        "nowhere.",
        _shorter(rows[by_group], rows[~by_group & own.notna()]))


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
def image_refractory_share(r: Review) -> Answer:
    """Refractory patients over all patients of the three groups of IMAGE. Where that is not the
    share printed, the population of the table is another one, and the fits are set beside."""
    rows = groups(r, "pfs", "rwe", use=None)
    rows = rows[(rows["study_id"] == "image") & (rows["use"] != "context")]
    part = number(group(r, "image-refractory", "pfs"), "n_total").value
    sizes = [int(size) for size in rows["n_total"].dropna()]
    exposed = number(group(r, "image-exposed", "pfs"), "n_total").value
    whole, printed = sum(sizes), printed_value(r, "R3.5-11")
    value = 100 * part / whole
    because = f"{part}/({' + '.join(map(str, sizes))}) = {value:.1f}%"
    if agrees(value, printed):
        return Number(value, f"{value:.1f}", rows=keys(rows), because=because)
    fits = [f"{n}/{total}" for n, total in ((exposed, part + exposed),
                                            (part, round(100 * part / float(printed))))
            if possible_counts(printed, int(total)) and agrees(100 * n / total, printed)]
    more = next(more for more in range(whole + 1)
                if agrees(100 * (part + more) / (whole + more), printed))
    return NotRecomputable(
        "not published", f"{because}, if the three groups are the whole population and the {part} "
        f"all its refractory patients. {printed}% is given exactly by {' and by '.join(fits)}, or "
        f"by at least {more} refractory patients beyond the three groups "
        f"({part + more}/{whole + more}); which population the table describes is not said",
        rows=keys(rows))


@claim("R3.5-12")
def image_curves(r: Review) -> NotRecomputable:
    """A pointer to the supplement."""
    return NotRecomputable("supplement", "Supplementary Figure S2")


@claim("R3.5-47")
def references_of_rwe_pfs_range(r: Review) -> Refs:
    """Reports of the groups with the lowest and the highest median."""
    rows = groups(r, "pfs", "rwe")
    ends = pd.concat([lowest(rows), highest(rows)])
    return refs(ends).explained(_listed(ends))
