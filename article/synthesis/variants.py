"""The sensitivity analyses: which results of an edition each of them keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from article.eligibility import threshold
from review.audit.outcomes import outcome_rows
from review.audit.printed import limit
from review.dataset import successors
from review.dataset.load import Review
from review.dataset.states import VALUE
from review.dataset.views import Record
from review.synthesis.ranges import Range, range_of

Keep = Callable[[Review, list[Record]], list[Record]]

# studies that the article sets apart from the others, by key
SET_APART = "trimm-2"


@dataclass(frozen=True)
class Variant:
    """A sensitivity analysis. about: what it keeps, in words. keep: from the groups of an outcome,
    one row each, to those that stay."""

    name: str
    about: str
    keep: Keep


def variants(r: Review) -> list[Variant]:
    """Every analysis in the order of the table, the whole edition first.

    A group whose size or share of refractory patients is not stated is not known to be small, nor
    to be above the share.
    """
    apart = successors.heir(r.tables, int(r.edition["position"]), "studies", SET_APART)
    share = limit(r, "R3.5-08")  # what the article calls a high share, in percent
    least = threshold(r.eligibility, "retreated_count") or 0  # patients that it asks for
    return [
        Variant("all", "all groups", lambda r, rows: rows),
        Variant("without-set-apart", f"without {_label(r, apart)}",
                lambda r, rows: [row for row in rows if row["study_id"] != apart]),
        Variant("not-small", f"without groups known to have fewer than {least:g} patients",
                lambda r, rows: [row for row in rows
                                 if row["n_total"] is None or row["n_total"] >= least]),
        Variant("full-articles", "results read from full articles only",
                lambda r, rows: [row for row in rows if row["report_type"] == "article"]),
        Variant("refractory", f"groups with more than {share:g}% refractory patients",
                lambda r, rows: [row for row in rows if (row["refractory_percent"] or 0) > share]),
        Variant("not-inferred", "without inferred values",
                lambda r, rows: [row for row in rows
                                 if (row["kind"], row["state"]) != ("inferred", VALUE)]),
        Variant("cohorts", "one group a cohort, the largest", _one_a_cohort),
        Variant("reports", "one group a report, the largest",
                lambda r, rows: largest(rows, lambda row: (row["study_id"], row["report_id"]))),
        Variant("studies", "one group a study, the largest",
                lambda r, rows: largest(rows, lambda row: row["study_id"])),
    ]


def kept(r: Review, one: Variant, outcome: str, setting: str) -> Range:
    """The known range of an outcome in a setting under an analysis."""
    rows = list(outcome_rows(r, outcome, setting).records)
    return range_of(one.keep(r, rows), outcome, setting)


def largest(rows: list[Record], unit: Callable[[Record], object]) -> list[Record]:
    """One group of each unit: the one with a value and most patients, the first where several; in
    their order.

    A group whose size is not stated comes after those that state theirs.
    """
    first: dict[object, int] = {}
    for place in sorted(range(len(rows)), key=lambda place: _rank(rows[place]), reverse=True):
        first.setdefault(unit(rows[place]), place)
    return [rows[place] for place in sorted(first.values())]


def _rank(row: Record) -> tuple[bool, int]:
    return row["state"] == VALUE, -1 if row["n_total"] is None else row["n_total"]


def cohorts(r: Review) -> dict[str, str]:
    """Cohort by study, from the overlaps of the dataset; a study without one is its own."""
    return {str(row.study_id): str(row.cohort) for row in r.overlaps.itertuples()}


def _one_a_cohort(r: Review, rows: list[Record]) -> list[Record]:
    own = cohorts(r)
    return largest(rows, lambda row: own.get(row["study_id"], row["study_id"]))


def _label(r: Review, study_id: str) -> str:
    """The study's name; that it is not there where the edition has no such study."""
    found = r.studies.loc[r.studies["study_id"] == study_id, "label"]
    return str(found.iloc[0]) if len(found) else f"{study_id} (not in this edition)"
