"""What the engine reads of each table: the fields that a descriptor must have, with their types.

A review may have more tables and more fields; what its own rules and figures need of those is
theirs to know. Tables in OPTIONAL count as empty where a descriptor does not list them.
"""

from __future__ import annotations

from collections.abc import Mapping

Columns = Mapping[str, str]


def _columns(strings: str = "", **others: str) -> dict[str, str]:
    """Type by field, from the names of the fields of each type."""
    kinds = {"string": strings, **others}
    return {name: kind for kind, names in kinds.items() for name in names.split()}


_READ = "source_id locator"
_LIVING = f"{_READ} edition_added edition_superseded note"

TABLES: Mapping[str, Columns] = {
    "editions": _columns(f"edition_id name type status change_class citation {_READ} note",
                         integer="position records reports studies",
                         date="search_to released_on"),
    "sources": _columns("source_id citekey type description url"),
    "studies": _columns(f"study_id label setting design regimen {_LIVING}",
                        integer="table_position"),
    "reports": _columns(f"report_id study_id citekey label type {_LIVING}", boolean="lead"),
    "arms": _columns(f"arm_id study_id label population therapy n_total_kind {_LIVING}",
                     integer="n_total"),
    "outcomes": _columns(
        "outcome_id arm_id report_id outcome statistic use status kind unit printed ci_status "
        f"ci_high_status ci_printed n_kind n_total_kind follow_up_printed time_zero {_LIVING}",
        number="value bound_low bound_high ci_level ci_low ci_high range_low range_high",
        integer="n n_total"),
    "characteristics": _columns(
        "characteristic_id study_id report_id arm_id characteristic detail statistic use status "
        f"kind unit printed spread scope {_LIVING}",
        number="value bound_low bound_high low high", integer="n n_total"),
    "claims": _columns("claim_id section claim published tokens status_reviewed finding",
                       number="threshold"),
}
OPTIONAL: Mapping[str, Columns] = {
    "references": _columns("citekey printed_defect correction", integer="ref"),
    "search": _columns("edition_id name type", integer="from_year to_year", date="to_date"),
    "flow": _columns("edition_id data status kind", integer="n"),
    "supersessions": _columns("table key edition_id kind successor reason"),
    "external": _columns("external_id claim_ids place printed statement certainty source_id "
                         "locator note"),
}
