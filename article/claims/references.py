"""Claims about the reference list."""

from __future__ import annotations

from review.audit import compare
from review.audit.answers import (
    Answer,
    Count,
    NotRecomputable,
    NoValue,
    Number,
    Truth,
    compact,
    keys,
    refs,
)
from review.audit.registry import claim
from review.dataset.load import Review


@claim("RF-01")
def references_listed(r: Review) -> Answer:
    """Entries of the printed reference list."""
    n = len(r.references)
    return Count(n, rows=keys(r.references), because=f"{n} numbered entries")


@claim("RF-02")
def included_references(r: Review) -> Answer:
    """Reference numbers of the reports in Tables 1 and 2."""
    return refs(r.reports).explained(f"{r.reports['ref'].nunique()} reports in the two tables")


@claim("RF-03")
def title_of_the_durvalumab_report(r: Review) -> Answer:
    """The printed title of the lead report of FUSION-MM-005 is that of the work at its DOI."""
    lead = r.reports[(r.reports["study_id"] == "fusion-mm-005") & r.reports["lead"]]
    return _as_the_work(r, "title", lead["ref"].tolist())


@claim("RF-04")
def year_of_the_first_nooka_report(r: Review) -> Answer:
    """The year of the journal volume, taken from the other entries of the same journal and volume
    and from Table 2."""
    report = r.reports[(r.reports["study_id"] == "nooka-2019") & ~r.reports["lead"]]
    entry = r.references.set_index("ref").loc[report["ref"].iloc[0]]
    same = r.references[(r.references["container"] == entry["container"])
                        & (r.references["volume"] == entry["volume"])
                        & (r.references["ref"] != report["ref"].iloc[0])]
    years = {int(year) for year in [*same["year_printed"].dropna(), *report["year"].dropna()]}
    if len(years) != 1:
        raise NoValue(f"the volume and Table 2 give {len(years)} years")
    year = years.pop()
    return Number(year, rows=keys(same, report), because=(
        f"{entry['container']} {entry['volume']} is {year} by reference {compact(same['ref'])}, "
        "and Table 2 gives the same year"))


@claim("RF-05")
def names_as_in_the_works(r: Review) -> Answer:
    """The first author or organisation of each entry cited with the statement is spelt as elsewhere
    in the article."""
    cited = r.claims.set_index("claim_id").at["RF-05", "refs_cited"]
    return _as_the_work(r, "organisation|author", sorted(compare.references(cited)))


@claim("RF-06")
def included_but_not_cited_in_the_results(r: Review) -> Answer:
    """Included reports that are not among the references printed with any statement of the text
    of section 3; a report of a later edition has no number in that list."""
    printed = r.claims["tokens"].notna() & r.claims["refs_cited"].notna()
    text = r.claims[printed & r.claims["section"].str.startswith("3.")]
    cited = frozenset().union(*text["refs_cited"].map(compare.references))
    rows = r.reports[r.reports["ref"].notna() & ~r.reports["ref"].isin(cited)]
    beside = Count(len(rows), tuple(rows["ref"].astype(str)), rows=keys(rows))
    return NotRecomputable("not published", f"references {compact(rows['ref'])}", beside,
                           rows=keys(rows))


@claim("RF-07")
def reference_for_kastritis(r: Review) -> Answer:
    """Both reports are included, and no rule of the article says from which of them results are
    cited."""
    study = r.reports[r.reports["study_id"] == "kastritis-2023"]
    reports = "; ".join(f"reference {row.ref} is the {row.type} of {row.year}"
                        for row in study.itertuples())
    return NotRecomputable("judgement", f"{reports}; the article has no rule on which of them "
                           "stands for the study", rows=keys(study))


def _as_the_work(r: Review, field: str, entries: list[int]) -> Truth:
    """Whether no printed defect of that field is recorded for reference-list entries."""
    rows = r.references[r.references["ref"].isin(entries)]
    wrong = rows[rows["printed_defect"].fillna("").str.contains(field)]
    defects = "; ".join(f"reference {row.ref}: {row.printed_defect}; corrected: {row.correction}"
                        for row in wrong.itertuples())
    return Truth(wrong.empty, rows=keys(rows), because=defects or "no difference recorded")
