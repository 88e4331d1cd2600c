"""Claims of section 2, Methods."""

from __future__ import annotations

import pandas as pd

from article.claims.quoted import cited_of_type, stated
from article.eligibility import threshold
from article.vocabulary import DESIGN_CATEGORIES
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    NoValue,
    Number,
    Text,
    Truth,
    count,
    keys,
)
from review.audit.registry import claim
from review.dataset.load import Review
from review.dataset.views import results


def searches(r: Review, *kinds: str) -> pd.DataFrame:
    """Searches of the newest edition that states any of these kinds."""
    positions = r.editions.set_index("edition_id")["position"]
    rows = r.search[r.search["type"].isin(kinds)]
    place = rows["edition_id"].map(positions)
    place = place[place <= r.edition["position"]]
    return rows.loc[place.index[place == place.max()]]


@claim("M2.1-01")
def conduct_follows_prisma(r: Review) -> Answer:
    """Whether the conduct followed the standard is a judgement on its items."""
    return NotRecomputable("judgement", "the article names the standard and gives no checklist")


@claim("M2.1-02")
def databases_searched(r: Review) -> Count:
    """Databases named in section 2.1."""
    return count(searches(r, "database"), "name")


@claim("M2.1-03")
def language_limit(r: Review) -> Answer:
    """The language of the database searches."""
    rows = searches(r, "database")
    return Text(", ".join(rows["language"].dropna().unique()), rows=keys(rows))


@claim("M2.1-04")
def no_report_after_the_search(r: Review) -> Truth:
    """No included report is of a later year than the last day of the database searches."""
    end = searches(r, "database")["to_date"].max().year
    last = int(r.reports["year"].max())
    return Truth(last <= end, rows=keys(r.reports),
                 because=f"the newest report is of {last}, the searches end in {end}")


@claim("M2.1-05")
def conferences_searched(r: Review) -> Count:
    """Conferences named in section 2.1."""
    return count(searches(r, "conference"), "name")


def _congress_abstracts(r: Review) -> pd.DataFrame:
    return r.references[(r.references["role"] == "included") & r.references["congress"].notna()]


@claim("M2.1-06")
def congress_abstracts_within_the_years(r: Review) -> Truth:
    """Every included congress abstract is of a year that the conference searches cover."""
    rows, window = _congress_abstracts(r), searches(r, "conference")
    first, last = int(window["from_year"].min()), int(window["to_year"].max())
    years = rows["congress_year"].dropna()
    return Truth(bool(years.between(first, last).all()), rows=keys(rows), because=(
        f"{len(years)} abstracts of {int(years.min())} to {int(years.max())}; "
        f"searched: {first} to {last}"))


@claim("M2.1-07")
def congresses_of_the_abstracts(r: Review) -> Answer:
    """Included abstracts by congress, judged from the supplement they are printed in."""
    rows = _congress_abstracts(r)
    tally = rows["congress"].astype(str).value_counts().sort_index()
    beside = Text(", ".join(f"{name} {n}" for name, n in tally.items()))
    return NotRecomputable("not published", "the article does not give the origin", beside,
                           rows=keys(rows))


@claim("M2.1-08")
def search_strategy(r: Review) -> Answer:
    """The strategy stands in the supplement."""
    return NotRecomputable("supplement", "the article points to it and does not print it",
                           rows=stated(r, "supplement-table-s1"))


@claim("M2.1-09")
def other_sources_searched(r: Review) -> Count:
    """Registers and reference lists named in section 2.1."""
    return count(searches(r, "registry", "reference list"), "name")


@claim("M2.1-10")
def prisma_references(r: Review) -> Answer:
    """The cited entries that are reporting standards."""
    return cited_of_type(r, "M2.1-10", "standard")


@claim("M2.2-01")
def mixed_populations_meet_the_share(r: Review) -> Answer:
    """Every study is of retreated patients alone, reports them apart, or reaches the share.

    A study that says neither leaves the statement open.
    """
    least = _threshold(r, "retreated_share")
    rows = r.studies
    short = rows[(rows["mixed_population"] == "share") & (rows["retreated_percent"] < least)]
    unknown = rows[rows["mixed_population"] == "not reported"]
    because = (f"below {least:g}%: {', '.join(short['label']) or 'none'}; "
               f"not reported: {', '.join(unknown['label']) or 'none'}")
    if short.empty and len(unknown):
        return NotRecomputable("not published", because, rows=keys(rows))
    return Truth(short.empty, rows=keys(rows), because=because)


@claim("M2.2-02")
def enough_retreated_patients(r: Review) -> Answer:
    """Every study has as many retreated patients overall as the criterion asks for.

    The largest size of a result shows that there are as many; a smaller one shows nothing, since
    a result need not take in everybody who was retreated.
    """
    least = _threshold(r, "retreated_count")
    rows = results(r)
    rows = rows[(rows["use"] == "synthesis") & (rows["therapy"] == "retreatment")]
    largest = rows.groupby("study", observed=True)["n_total"].max()
    small = largest[(largest < least).fillna(False)]
    few = ", ".join(f"{study} ({n})" for study, n in small.items())
    shown = int((largest >= least).sum())
    because = (f"{shown} of {len(r.studies)} studies have a result for at least {least:g}; largest "
               f"known result below it: {few or 'none'}")
    if shown == len(r.studies):
        return Truth(True, rows=keys(rows), because=because)
    return NotRecomputable("not published", f"{because}; the patients retreated overall are not "
                           "given", rows=keys(rows))


def _threshold(r: Review, check: str) -> float:
    least = threshold(r.eligibility, check)
    if least is None:
        raise NoValue(f"eligibility.csv: no criterion applied by {check} has a threshold")
    return least


@claim("M2.2-03")
def outcomes_of_interest(r: Review) -> Count:
    """Outcomes listed in section 2.2."""
    rows = r.eligibility[r.eligibility["element"] == "Outcomes"]
    return count(rows, "term")


@claim("M2.2-04")
def studies_with_an_outcome_of_interest(r: Review) -> Count:
    """Studies for which the article cites a result for an outcome of interest."""
    wanted = r.eligibility.loc[r.eligibility["element"] == "Outcomes", "term"]
    rows = results(r)
    rows = rows[(rows["use"] == "synthesis") & rows["outcome"].isin(wanted)]
    reporting = count(rows)
    without = r.studies.loc[~r.studies["study_id"].isin(rows["study_id"]), "label"]
    return reporting.explained(f"{reporting.value} of {len(r.studies)} studies; without one: "
                               f"{', '.join(without) or 'none'}")


@claim("M2.2-05")
def main_outcome(r: Review) -> Answer:
    """A choice of the review; how many studies report the outcome is set beside."""
    main = r.eligibility[r.eligibility["main"].fillna(False)]
    rows = results(r)
    reporting = count(rows[rows["outcome"].isin(main["term"]) & (rows["use"] == "synthesis")])
    return NotRecomputable("judgement", f"{reporting.value} of {len(r.studies)} studies report it",
                           rows=keys(main) + reporting.rows)


@claim("M2.2-06")
def eligible_designs(r: Review) -> Count:
    """Categories of design listed in section 2.2; the designs of the included studies fall in
    them."""
    rows = r.eligibility[(r.eligibility["element"] == "Study design")
                         & (r.eligibility["direction"] == "include")]
    used = sorted(set(r.studies["design"].astype(str).map(DESIGN_CATEGORIES)))
    return count(rows, "term").explained(
        f"{', '.join(rows['term'])}; used by included studies: {', '.join(used)}")


@claim("M2.2-07")
def cellular_studies_are_excluded(r: Review) -> Answer:
    """Whether each included study is of an eligible kind needs the reports themselves."""
    return NotRecomputable("external source", "the included reports")


@claim("M2.2-08")
def picos_reference(r: Review) -> Answer:
    """The cited entry, if it is a reporting standard."""
    return cited_of_type(r, "M2.2-08", "standard")


def _remaining(r: Review, fact: str, other: str) -> Number:
    rows = r.facts[r.facts["fact_id"].isin([fact, other])]
    share = float(rows.set_index("fact_id").at[other, "value"])
    return Number(100 - share, rows=keys(rows), because=f"100 − {share:g} = {100 - share:g}%")


@claim("M2.3-01")
def second_screen_by_software(r: Review) -> Number:
    """What the share screened by a person leaves of all abstracts."""
    return _remaining(r, "second-screen-ai", "second-screen-human")


@claim("M2.3-02")
def second_screen_by_a_person(r: Review) -> NotRecomputable:
    """The other term of the equation of M2.3-01, which confirms one of them and not each."""
    other = second_screen_by_software(r)
    return NotRecomputable("not published", "printed once; the one equation that holds it is that "
                           f"of M2.3-01, {other.because}", rows=other.rows)


@claim("M2.3-03")
@claim("M2.3-04")
def people_who_worked(r: Review) -> Answer:
    """Numbers of people are stated once."""
    return NotRecomputable("not published", "stated once; nothing to derive it from", rows=stated(
        r, "full-text-reviewers", "extractors", "validators", "arbiters"))


@claim("M2.3-05")
@claim("M2.3-06")
def methods_named(r: Review) -> Answer:
    """The method is named; whether it was followed is a judgement."""
    return NotRecomputable("judgement", "the article names the method",
                           rows=stated(r, "synthesis-method", "appraisal-tool"))
