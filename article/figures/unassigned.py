"""Rows of a panel of which only is known which studies they may be.

The panel prints a size beside each such row and the studies that are left for the rows; which is
which cannot be told. Each row is shown with all of its candidates and with what it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from article.figures.limits import limits_text
from review.dataset.load import Review
from review.dataset.states import NOT_TRANSCRIBED
from review.dataset.views import Record, as_records

# what is that of every candidate: named alike once, named apart with "or" between
JOINED = ("study_id", "study", "name", "citekey", "arm_id", "arm", "regimen", "design", "exposure",
          "refractory", "follow_up", "source_id", "locator")


def settle(r: Review, records: list[Record], panel: str | None) -> list[Record]:
    """The records with a row of the panel each, as far as their options leave one.

    Records of a panel that share as many free rows as there are of them, and of which nobody has
    transcribed one, are replaced by one record a row. Where another document gives a value or
    limits for one of them, each is shown as its own row says. A record whose other options are
    taken has the row that is left.
    """
    settled = [record for record in records if record["_row"] is not None or not record["_options"]]
    taken = {record["_row"] for record in settled}
    open_: dict[tuple[int, ...], list[Record]] = {}
    for record in sorted(records, key=lambda record: record["_study_position"]):
        if record["_row"] is None and record["_options"]:
            free = tuple(place for place in record["_options"] if place not in taken)
            open_.setdefault(free, []).append(record)
    for free, candidates in open_.items():
        unread = all(record["status"] == NOT_TRANSCRIBED for record in candidates)
        if panel is not None and 1 < len(free) == len(candidates) and unread:
            settled += [_row(r, candidates, place, panel) for place in free]
        else:
            for number, record in enumerate(candidates):
                place = free[number] if number < len(free) else record["_options"][-1]
                settled.append(record | {"_row": place})
    return settled


def _row(r: Review, candidates: Sequence[Record], place: int, panel: str | None) -> Record:
    """The row at `place` of the panel, with every candidate for it."""
    size, *proven = (_printed(r, panel, place, name)
                     for name in ("n_total", "bound_low", "bound_high"))
    ids = either([record["outcome_id"] for record in candidates])
    classes = {record["refractoriness"] for record in candidates}
    limits = {end: [record[end] for record in candidates] for end in ("bound_low", "bound_high")}
    # what the order of the rows and whole counts prove of this row, else what covers them all
    bounds = proven if None not in proven else [
        None if None in limits["bound_low"] else min(limits["bound_low"]),
        None if None in limits["bound_high"] else max(limits["bound_high"])]
    return candidates[0] | {
        **{name: either([record[name] for record in candidates if record[name] is not None])
           for name in JOINED},
        "outcome_id": f"{ids}, row {place}", "ref": None,
        "ref_options": either([str(record["ref"]) for record in candidates
                               if record["ref"] is not None]) or None,
        "refractoriness": classes.pop() if len(classes) == 1 else "not reported",
        "n_total": None if size is None else int(size),
        "n_total_kind": None if size is None else "reported",
        "n_total_of": None if size is None else "result",
        **dict(zip(limits, bounds, strict=True)),
        # of some candidates limits may be known, and none that hold for all of them
        "mark": "unknown" if bounds == [None, None] else "bound",
        "text": "not in text", "detail": _limits(bounds, candidates[0]["unit"]),
        "place": str(place), "_row": place}


def either(words: Sequence[str]) -> str:
    """Words of which one is meant: "A", "A or B", "A, B or C"; equal ones once, "" for none."""
    each = list(dict.fromkeys(words))
    return " or ".join(filter(None, (", ".join(each[:-1]), *each[-1:])))


def _limits(bounds: Sequence[float | None], unit: str) -> str:
    low, high = bounds
    if low is None and high is None:
        return "nothing known"
    return limits_text(low, high) + ("%" if unit == "percent" else "")


def _printed(r: Review, panel: str | None, place: int, column: str) -> float | None:
    return next((float(row[column]) for row in _panels(r)
                 if (row["figure"], row["figure_row"]) == (panel, place)
                 and row[column] is not None), None)


@lru_cache(maxsize=8)
def _panels(r: Review) -> list[Record]:
    return as_records(r.panels)
