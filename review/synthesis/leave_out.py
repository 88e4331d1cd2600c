"""What is left of an edition's counts, ranges and headlines without some of its evidence.

The page's script (assets/without.html) does the same in the reader's browser; a test compares both
on random selections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from review.audit.conclusions import TRUTH
from review.dataset.problems import ReviewError
from review.dataset.states import LIMITS, NOT_REACHED, NOT_REPORTED, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record
from review.synthesis.evidence import Rule
from review.synthesis.selection import Selection
from review.wording import counted, listed, share


class UnknownWord(ReviewError):
    """A study or a word of a filter that the edition does not have; the message lists those it
    has."""


def selection(known: Record, studies: Sequence[str], designs: Sequence[str] = (),
              report_types: Sequence[str] = (), refractoriness: Sequence[str] = (),
              smallest: int = 0) -> Selection:
    """What is left out, by words that the evidence has; UnknownWord for another."""
    asked = (("studies", "id", studies), ("rows", "design", designs),
             ("rows", "report", report_types), ("rows", "refractory", refractoriness))
    for table, column, words in asked:
        there = list(dict.fromkeys(row[column] for row in known[table] if row[column]))
        if unknown := [word for word in words if word not in there]:
            what = "study" if table == "studies" else column
            raise UnknownWord(f"there is no {what} {unknown[0]!r}; there are {', '.join(there)}")
    return Selection(frozenset(studies), frozenset(designs), frozenset(report_types),
                     frozenset(refractoriness), smallest)


def told(known: Record, chosen: Selection, form: str) -> str:
    """The record of a selection as JSON, or as text beside the whole edition."""
    found = record(known, chosen)
    if form == "json":
        return json.dumps(found, ensure_ascii=False, indent=1)
    return "\n".join(lines(record(known, Selection()), found))


def record(known: Record, chosen: Selection) -> Record:
    """Counts, ranges with owners, and verdicts, without what is left out.

    known: of `evidence`. The result is plain data. studies, reports: counts. ranges: by outcome
    and setting; patients: of the groups with a value that state their size (sized). text: the
    range as a clause of a sentence. headlines: holds, does not hold, or cannot be decided.
    """
    studies = [one for one in known["studies"] if one["id"] not in chosen.studies]
    rows = [row for row in known["rows"] if _passes(row, chosen)]
    traits = [row for row in known["characteristics"] if row["study"] not in chosen.studies]
    by_key = {row["id"]: row for row in rows}
    return {
        "studies": len(studies), "reports": sum(one["reports"] for one in studies),
        "ranges": {name: _range([row for row in rows if row["range"] == name])
                   for name in known["ranges"]},
        "characteristics": {
            name: _ends([row for row in traits if row["range"] == name], "value")
            for name in dict.fromkeys(row["range"] for row in known["characteristics"])},
        "headlines": {rule["name"]: TRUTH[holds(rule, by_key)] for rule in known["rules"]},
    }


def _passes(row: Record, chosen: Selection) -> bool:
    return not (row["study"] in chosen.studies or row["design"] in chosen.designs
                or row["report"] in chosen.report_types
                or row["refractory"] in chosen.refractoriness
                or (row["size"] is not None and row["size"] < chosen.smallest))


def _range(rows: list[Record]) -> Record:
    reported = [row for row in rows if row["state"] != NOT_REPORTED]
    values = [row for row in rows if row["state"] == VALUE]
    sizes = [row["size"] for row in values if row["size"] is not None]
    ends = _ends(values, "least")
    return {
        "studies": len({row["study"] for row in reported}), "groups": len(reported),
        "values": len(values), "unreached": sum(row["state"] == NOT_REACHED for row in rows),
        "patients": sum(sizes), "sized": len(sizes), "low": ends["low"], "high": ends["high"],
        "text": _clause(len(reported), len(values), ends)}


def _ends(rows: list[Record], column: str) -> Record:
    """Both ends of some values: the value as text, and who has it."""
    ends: list[Record | None] = []
    for pick in (min, max):
        held = [row for row in rows if row[column] == pick(one[column] for one in rows)]
        ends.append({"text": held[0]["text"], "owners": owners(held)} if held else None)
    return {"values": len(rows), "low": ends[0], "high": ends[1]}


def owners(rows: Iterable[Record]) -> list[str]:
    """The studies of some rows, each once; how many groups, where a study has several."""
    labels = [row["label"] for row in rows]
    return [label if labels.count(label) == 1 else f"{label}, {labels.count(label)} groups"
            for label in dict.fromkeys(labels)]


def _clause(groups: int, values: int, ends: Record) -> str:
    """The range as an abstract tells it, with what it is known for."""
    if not groups:
        return "is not reported"
    if not values:
        return f"is reported for {counted(groups, 'group', 'groups')} and known for none"
    known = f"known for {share(values, groups, 'group', 'groups')}"
    low, high = _owned(ends["low"]), _owned(ends["high"])
    if ends["low"]["text"] == ends["high"]["text"]:
        return f"was {low}, {known}"
    return f"ranged from {low} to {high}, {known}"


def _owned(end: Record) -> str:
    return f"{end['text']} ({listed(end['owners'])})"


def holds(rule: Rule, rows: dict[str, Record]) -> bool | None:
    """Whether a headline holds on the rows that are left; None where they cannot decide it."""
    kind = rule["kind"]
    if kind == "all":
        truths = [holds(part, rows) for part in rule["parts"]]
        return False if False in truths else None if None in truths else True
    if kind == "ceiling":
        return _below(rule, _left(rule["rows"], rows, rule["reached"]))
    more, others = (_middle(_left(rule[side], rows)) for side in ("more", "others"))
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        return more[1] < others[0]
    return None


def _left(keys: Iterable[str], rows: dict[str, Record], reached: bool = False) -> list[Record]:
    """The rows that count; reached: medians that were not reached do not."""
    states = (VALUE, LIMITS, NOT_TRANSCRIBED, *(() if reached else (NOT_REACHED,)))
    return [rows[key] for key in keys if key in rows and rows[key]["state"] in states]


def _below(rule: Rule, rows: list[Record]) -> bool | None:
    limit, exceptions = rule["limit"], rule["exceptions"]
    above = [row for row in rows if row["least"] is not None and row["least"] >= limit]
    below = [row for row in rows if row["most"] is not None and row["most"] < limit]
    open_ = [row for row in rows if row not in above and row not in below]
    n_above, unsure = (len({row["study"] for row in part}) for part in (above, open_))
    if n_above > exceptions or n_above + unsure < exceptions:
        return False
    # a range that a review states for all of its rows shows nothing of one of them
    left = {row["id"] for row in rows}
    ranged = any(left.isdisjoint(rule["ranged"][row["id"]]) for row in below
                 if row["id"] in rule["ranged"])
    return None if unsure or ranged or not rows else True


def _middle(rows: list[Record]) -> tuple[float, float] | None:
    """Lowest and highest median of the medians that values and limits allow."""
    if not rows:
        return None
    lows = [0.0 if row["least"] is None else row["least"] for row in rows]
    highs = [float("inf") if row["most"] is None else row["most"] for row in rows]
    return median(lows), median(highs)


def changes(before: Record, after: Record) -> list[tuple[str, Any, Any]]:
    """What differs between two records: (name, before, after) for ends of ranges (None: no value
    is known) and verdicts. Counts fall with everything that is left out and are not told."""
    found: list[tuple[str, Any, Any]] = []
    for part in ("ranges", "characteristics"):
        for name, old in before[part].items():
            found += [(f"{name} {end}", old[end], after[part][name][end])
                      for end in ("low", "high") if old[end] != after[part][name][end]]
    found += [(name, old, after["headlines"][name]) for name, old in before["headlines"].items()
              if old != after["headlines"][name]]
    return found


def lines(before: Record, after: Record) -> list[str]:
    """The record of a selection as text, one line a count, range and verdict; a star marks what
    differs from the whole edition."""
    out = [f"studies: {after['studies']} of {before['studies']}; reports: {after['reports']} of "
           f"{before['reports']}"]
    moved = {name.removesuffix(" low").removesuffix(" high") for name, _, _ in
             changes(before, after)}
    for name, new in after["ranges"].items():
        out.append(f"{_mark(name in moved)} {name}: {new['text']}")
    for name, new in after["characteristics"].items():
        ends = [_owned(new[end]) for end in ("low", "high") if new[end]]
        out.append(f"{_mark(name in moved)} {name}: {' to '.join(dict.fromkeys(ends)) or 'none'}")
    for name, verdict in after["headlines"].items():
        was = f" (was: {before['headlines'][name]})" if name in moved else ""
        out.append(f"{_mark(name in moved)} {name}: {verdict}{was}")
    return out


def _mark(moved: bool) -> str:
    return "*" if moved else " "
