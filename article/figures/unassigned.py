"""Rows of a panel of which only is known which studies they may be.

The panel prints a size beside each such row and the studies that are left for the rows; which is
which cannot be told. Each row is shown with all of its candidates and with what it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from review.dataset.load import Review

Record = dict[str, Any]
UNREAD = ("bound", "unknown")
# what is that of every candidate: named alike once, named apart with "or" between
JOINED = ("study_id", "study", "name", "citekey", "arm_id", "arm", "regimen", "design", "exposure",
          "refractory", "follow_up", "source_id", "locator")


def settle(r: Review, records: list[Record], panel: str | None) -> list[Record]:
    """The records with a row of the panel each, as far as their options leave one.

    Records of a panel that share as many free rows as there are of them, and of which none has a
    value, are replaced by one record a row. A record whose other options are taken has the row
    that is left.
    """
    settled = [record for record in records if record["_row"] is not None or not record["_options"]]
    taken = {record["_row"] for record in settled}
    open_: dict[tuple[int, ...], list[Record]] = {}
    for record in sorted(records, key=lambda record: record["_study_position"]):
        if record["_row"] is None and record["_options"]:
            free = tuple(place for place in record["_options"] if place not in taken)
            open_.setdefault(free, []).append(record)
    for free, candidates in open_.items():
        unread = all(record["mark"] in UNREAD for record in candidates)
        if panel is not None and 1 < len(free) == len(candidates) and unread:
            settled += [_row(r, candidates, place, panel) for place in free]
        else:
            for number, record in enumerate(candidates):
                place = free[number] if number < len(free) else record["_options"][-1]
                settled.append(record | {"_row": place})
    return settled


def _row(r: Review, candidates: Sequence[Record], place: int, panel: str | None) -> Record:
    """The row at `place` of the panel, with every candidate for it."""
    size = _printed_size(r, panel, place)
    ids = either([record["outcome_id"] for record in candidates])
    classes = {record["refractoriness"] for record in candidates}
    limits = {end: [record[end] for record in candidates] for end in ("bound_low", "bound_high")}
    return candidates[0] | {
        **{name: either([record[name] for record in candidates if record[name] is not None])
           for name in JOINED},
        "outcome_id": f"{ids}, row {place}", "ref": None,
        "ref_options": either([str(record["ref"]) for record in candidates
                               if record["ref"] is not None]) or None,
        "refractoriness": classes.pop() if len(classes) == 1 else "not reported",
        "n_total": size, "n_total_kind": None if size is None else "reported",
        "n_total_of": None if size is None else "result",
        "bound_low": None if None in limits["bound_low"] else min(limits["bound_low"]),
        "bound_high": None if None in limits["bound_high"] else max(limits["bound_high"]),
        "place": str(place), "_row": place}


def either(words: Sequence[str]) -> str:
    """Words of which one is meant: "A", "A or B", "A, B or C"; equal ones once, "" for none."""
    each = list(dict.fromkeys(words))
    return " or ".join(filter(None, (", ".join(each[:-1]), *each[-1:])))


def _printed_size(r: Review, panel: str | None, place: int) -> int | None:
    printed = r.panels[(r.panels["figure"] == panel) & (r.panels["figure_row"] == place)]
    sizes = printed["n_total"].dropna()
    return None if sizes.empty or pd.isna(sizes.iloc[0]) else int(sizes.iloc[0])
