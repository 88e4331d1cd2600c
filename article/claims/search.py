"""Claims of section 3.1, Literature search: each number from the others of the flow."""

from __future__ import annotations

from article import quantities
from article.claims.quoted import stated
from review.audit.answers import Answer, Count, NotRecomputable
from review.audit.printed import agreed, printed_value
from review.audit.registry import claim
from review.dataset.load import Review


@claim("R3.1-01")
def records_identified(r: Review) -> Answer:
    """The box of section 3.1, which the abstract prints too."""
    return agreed(quantities.flow(r, "database_results")[0], printed_value(r, "AB-03"))


@claim("R3.1-02")
@claim("R3.1-03")
@claim("R3.1-04")
def boxes_of_the_equation(r: Review) -> NotRecomputable:
    """A box printed once. One equation ties it to the other boxes; it is checked once, for the
    records that remain, and cannot confirm each of its terms again."""
    equation = remaining_records(r)
    return NotRecomputable("not published", f"printed once; the one equation that holds it is that "
                           f"of R3.1-05, {equation.because}", rows=equation.rows)


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
@claim("R3.1-10")
def parts_of_the_added_records(r: Review) -> NotRecomputable:
    """A part printed once. The one equation that ties the parts to their sum is that of R3.1-07.

    How each report was found is not printed. More congress abstracts are included than the part
    from conferences: the databases index the others.
    """
    split = split_of_added_records(r)
    every = quantities.reports(r, "abstract").value
    return NotRecomputable(
        "not published", f"printed once; the one equation that holds it is that of R3.1-07, "
                         f"{split.because}; {every} included reports are congress abstracts, and "
                         "how each was found is not said", rows=split.rows)


@claim("R3.1-09")
def added_from_registry(r: Review) -> Count:
    """Registry records among the included reports."""
    return quantities.reports(r, "registry")


@claim("R3.1-13")
def flow_diagram(r: Review) -> Answer:
    """The diagram stands in the supplement."""
    return NotRecomputable("supplement", "the article points to it and does not print it",
                           rows=stated(r, "supplement-figure-s1"))
