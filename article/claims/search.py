"""Claims of section 3.1, Literature search: each number from the others of the flow."""

from __future__ import annotations

from article import quantities
from article.claims.quoted import stated
from review.audit.answers import Answer, Count, NotRecomputable
from review.audit.registry import claim
from review.dataset.load import Review


@claim("R3.1-01")
def records_identified(r: Review) -> Count:
    """Duplicates, exclusions and the records that remain add up to the records identified."""
    return quantities.total(*quantities.flow(
        r, "duplicates", "records_excluded", "dbr_excluded", "included_databases"))


@claim("R3.1-02")
def duplicates(r: Review) -> Count:
    """Records identified, less exclusions and the records that remain."""
    return quantities.difference(*quantities.flow(
        r, "database_results", "records_excluded", "dbr_excluded", "included_databases"))


@claim("R3.1-03")
def excluded_on_title(r: Review) -> Count:
    """Records identified, less duplicates, full-text exclusions and the records that remain."""
    return quantities.difference(*quantities.flow(
        r, "database_results", "duplicates", "dbr_excluded", "included_databases"))


@claim("R3.1-04")
def excluded_on_full_text(r: Review) -> Count:
    """Records identified, less duplicates, title exclusions and the records that remain."""
    return quantities.difference(*quantities.flow(
        r, "database_results", "duplicates", "records_excluded", "included_databases"))


@claim("R3.1-05")
def remaining_records(r: Review) -> Count:
    """Records identified, less duplicates and both exclusions."""
    return quantities.difference(*quantities.flow(
        r, "database_results", "duplicates", "records_excluded", "dbr_excluded"))


@claim("R3.1-06")
def added_records(r: Review) -> Count:
    """Included reports, less those left from the databases."""
    return quantities.difference(quantities.flow_reports(r), remaining_records(r))


@claim("R3.1-07")
def split_of_added_records(r: Review) -> Count:
    """The three parts of the added records add up to them."""
    return quantities.total(*quantities.flow(
        r, "included_conferences", "included_registers", "included_citations"))


@claim("R3.1-08")
def added_from_conferences(r: Review) -> Count:
    """Added records, less those from the registry and from bibliographies.

    More congress abstracts are included than that: the databases index the others.
    """
    added = quantities.difference(added_records(r), *quantities.flow(
        r, "included_registers", "included_citations"))
    every = quantities.reports(r, "abstract").value
    return added.explained(f"{added.because}; {every} included reports are congress abstracts")


@claim("R3.1-09")
def added_from_registry(r: Review) -> Count:
    """Registry records among the included reports."""
    return quantities.reports(r, "registry")


@claim("R3.1-10")
def added_from_bibliographies(r: Review) -> Count:
    """Added records, less those from conferences and the registry."""
    return quantities.difference(added_records(r), *quantities.flow(
        r, "included_conferences", "included_registers"))


@claim("R3.1-13")
def flow_diagram(r: Review) -> Answer:
    """The diagram stands in the supplement."""
    return NotRecomputable("supplement", "the article points to it and does not print it",
                           rows=stated(r, "supplement-figure-s1"))
