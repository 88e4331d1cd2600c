"""The boxes of the PRISMA 2020 flow diagram: what stands in each, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A box of the diagram. row and column: place in its grid. fields: lines, by flow field."""

    name: str
    stage: str
    row: int
    column: int
    fields: tuple[str, ...]


BOXES = (
    Box("identified", "Identification", 0, 0, ("database_results", "register_results")),
    Box("removed", "Identification", 0, 1, ("duplicates", "excluded_automatic", "excluded_other")),
    Box("identified-other", "Identification", 0, 2,
        ("website_results", "organisation_results", "citations_results")),
    Box("screened", "Screening", 1, 0, ("records_screened",)),
    Box("records-excluded", "Screening", 1, 1, ("records_excluded",)),
    Box("sought", "Screening", 2, 0, ("dbr_sought_reports",)),
    Box("not-retrieved", "Screening", 2, 1, ("dbr_notretrieved_reports",)),
    Box("sought-other", "Screening", 2, 2, ("other_sought_reports",)),
    Box("not-retrieved-other", "Screening", 2, 3, ("other_notretrieved_reports",)),
    Box("assessed", "Screening", 3, 0, ("dbr_assessed",)),
    Box("reports-excluded", "Screening", 3, 1, ("dbr_excluded",)),
    Box("assessed-other", "Screening", 3, 2, ("other_assessed",)),
    Box("reports-excluded-other", "Screening", 3, 3, ("other_excluded",)),
    Box("included-databases", "Included", 4, 0, ("included_databases",)),
    Box("included-other", "Included", 4, 2,
        ("included_other", "included_conferences", "included_registers", "included_citations")),
    Box("new", "Included", 5, 0, ("new_studies", "new_reports")),
    Box("previous", "Included", 5, 1, ("previous_studies", "previous_reports",
                                     "withdrawn_studies", "withdrawn_reports")),
    Box("total", "Included", 6, 0, ("total_studies", "total_reports")),
)
