"""Who read a value from its source, who compared it with it, and when, makes sense."""

from __future__ import annotations

from collections.abc import Iterator

from review.checks.rule import WARNING, Dataset, flag
from review.dataset.problems import Problem
from review.dataset.schema import EXTRACTION


def extraction(d: Dataset) -> Iterator[Problem]:
    """A day belongs to a person, a check comes after the reading, and a second person checks."""
    for name, resource in d.resources.items():
        if not set(EXTRACTION) <= set(resource.names):
            continue
        rows = d[name]
        for who, when in (EXTRACTION[:2], EXTRACTION[2:]):
            alone = rows[when].notna() & rows[who].isna()
            yield from flag(d, name, alone, who, "day without a person",
                            f"{{{when}}} is given and nobody beside it",
                            f"write the name into {who}, or empty {when}")
        early = (rows["checked_on"] < rows["extracted_on"]).fillna(False)
        yield from flag(d, name, early, "checked_on", "checked before it was read",
                        "{checked_on} is before {extracted_on}, when the value was read",
                        "correct one of the days")
        same = (rows["checked_by"].str.strip().str.casefold()
                == rows["extracted_by"].str.strip().str.casefold()).fillna(False)
        yield from flag(d, name, same, "checked_by", "checked by the same person",
                        "{checked_by} read the value and checked it",
                        "have another person compare it with the source", WARNING)


RULES = (extraction,)
