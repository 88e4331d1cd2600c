"""The rows that came or went from one edition to the next, and which took the place of which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pandas as pd

from review.dataset.load import Review, read_all
from review.dataset.printed import plain
from review.dataset.schema import ADDED as ADDED_BY
from review.dataset.schema import SUPERSEDED as SUPERSEDED_BY
from review.dataset.schema import Resource, read_schema
from review.dataset.views import Record, as_records, result_records

ADDED, CORRECTED, SUPERSEDED = "added", "corrected", "superseded"
# taken out because its study or report was retracted; replaced by what a newer report gives; the
# same under another key, because a row that it rests on has another
RETRACTED, UPDATED, CARRIED = "retracted", "updated", "carried over"
# which report of a study leads, and its place in the table that follows from it
LEADS = ("lead", "table_position")
NUMBER = r"[\d.,]+"
MOVES = ["change", "table", "row_old", "row_new", "study", "what", "old", "new", "reason"]


def moves(old: Review, new: Review) -> pd.DataFrame:
    """Rows that came or went, one line each; a row that took the place of another (the same
    subject: study, group, outcome ...) is one line with both."""
    lines = [line for resource in living(old) for line in _moves(resource, old, new)]
    return pd.DataFrame(lines, columns=MOVES).astype("string")


def living(r: Review) -> list[Resource]:
    """The tables whose rows carry the edition that added them."""
    return [resource for resource in read_schema(r.data).values() if resource.living]


def _moves(resource: Resource, old: Review, new: Review) -> list[Record]:
    """The lines of one table, in the order of their subjects."""
    before, after = old.tables[resource.name], new.tables[resource.name]
    key = before.columns[0]
    left = _named(resource, before[~before[key].isin(after[key])])
    arrived = _named(resource, after[~after[key].isin(before[key])])
    gone = {name: _described(old, resource, row) for name, row in left.items()}
    came = {name: _described(new, resource, row) for name, row in arrived.items()}
    told = _told(resource, new, gone)
    # a row that names its successor makes place for it
    then = {row: step["end"] for row, step in told.items() if step["end"] in came}
    taken = set(then.values())
    # else the first row that leaves a subject makes place for the first that comes, and so on
    places = _places(gone, then), _places(came, {row: row for row in taken})
    lines = []
    for place in sorted({*places[0], *places[1]}):
        there, here = (side.get(place) for side in places)
        was, now = gone.get(there or "", {}), came.get(here or "", {})
        why = told[there] if there else {"kind": None, "reason": None}
        change = ADDED if not there else CORRECTED
        if there and here:
            # a report of which the study has another lead now is the same report
            but = LEADS if why["kind"] in ("retraction", "newer report") else ()
            if _says(resource, left[there], but) == _says(resource, arrived[here], but):
                change = CARRIED
            elif why["kind"] == "newer report":
                change = UPDATED
        elif there:
            change = RETRACTED if why["kind"] == "retraction" else SUPERSEDED
        either = {name: was.get(name) if now.get(name) is None else now[name]
                  for name in ("study", "what")}
        lines.append({"change": change, "table": resource.name, "row_old": there, "row_new": here,
                      **either, "old": was.get("shown"), "new": now.get("shown"),
                      "reason": why["reason"]})
    return lines


def _places(rows: Mapping[str, Record], subjects: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Each row by its subject and its number among those of the same subject; `subjects` gives
    some of them another one."""
    found, seen = {}, Counter[str]()
    for row, one in rows.items():
        subject = subjects.get(row, one["subject"])
        found[subject, seen[subject]] = row
        seen[subject] += 1
    return found


def _told(resource: Resource, new: Review,
          rows: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """What is said of each row that left: the row that stands in its place at the end, after any
    number of editions, and kind and reason of the step that says why. That is the last one, unless
    the row at the end was only carried over from one that was changed before."""
    table = resource.name
    lines = {f"{table}/{line.key}": line for line in new.supersessions[
        new.supersessions["table"] == table].drop_duplicates("key").itertuples()}
    chains = {row: _chain(row, table, lines) for row in rows}
    if any(len(chain) > 2 for chain in chains.values()):
        # editions between the two are in the files
        every = _named(resource, read_all(new.data)[table])
    found = {}
    for row, chain in chains.items():
        steps = list(pairwise(chain))
        step = lines[steps[-1][0]] if steps else None
        if chain[-1] and len(steps) > 1:
            step = next((lines[one] for one, then in reversed(steps)
                         if _says(resource, every[one]) != _says(resource, every[then])), step)
        found[row] = {"end": chain[-1] if steps and chain[-1] else None,
                      "kind": step and str(step.kind), "reason": step and str(step.reason)}
    return found


def _chain(row: str, table: str, lines: Mapping[str, Any]) -> list[str]:
    """A row and those that took its place, one after the other; "" at the end where none did."""
    chain = [row]
    while chain[-1] in lines and len(chain) <= len(lines):
        then = lines[chain[-1]].successor
        chain.append(f"{table}/{then}" if pd.notna(then) else "")
    return chain


def _named(resource: Resource, rows: pd.DataFrame) -> dict[str, Record]:
    """Rows by their names."""
    return {f"{resource.name}/{row[resource.primary_key[0]]}": row for row in as_records(rows)}


def _says(resource: Resource, row: Record, without: tuple[str, ...] = ()) -> list[Any]:
    """What a row says: every cell but its keys, its place in the history and those named in
    `without`."""
    keys = {*resource.primary_key, *(field for field, _, _ in resource.foreign_keys),
            ADDED_BY, SUPERSEDED_BY, *without}
    return [row[name] for name in resource.names if name not in keys]


def _described(r: Review, resource: Resource, row: Record) -> Record:
    """A row as its study, what it is about, its value as text and its subject."""
    key = resource.primary_key[0]
    if resource.name == "outcomes":
        row = _joined(r)[row[key]]
        # a hazard ratio or a rate at a time is not the median of the outcome
        measured = r.contents.vocabulary.measured(row["outcome"], row["statistic"])
        what = None if row["arm"] is None else f"{measured}, {row['arm']}"
        subject = ["study_id", "arm", "outcome", "statistic", "use"]
        shown = _valued(row)
    elif resource.name == "characteristics":
        detail = "" if row["detail"] is None else f", {row['detail']}"
        what = row["characteristic"].replace("_", " ") + detail
        subject = ["study_id", "arm_id", "characteristic", "detail", "statistic", "use"]
        shown = _valued(row)
    else:
        what, subject = row[resource.what or key], list(resource.subject or [key])
        name = resource.shown or key
        shown = row[name]
        if resource.field(name).type == "boolean":
            shown = {True: name, False: f"not {name}"}.get(shown, "not known")
    study = row["study"] if resource.name == "outcomes" else _labels(r).get(row["study_id"])
    return {"study": study, "what": what, "shown": shown,
            "subject": "\x1f".join("" if row[name] is None else str(row[name])
                                   for name in subject)}


@lru_cache(maxsize=4)
def _joined(r: Review) -> dict[str, Record]:
    """Results by their key, with group and study beside them."""
    return {row["outcome_id"]: row for row in result_records(r)}


@lru_cache(maxsize=4)
def _labels(r: Review) -> dict[str, str]:
    return dict(zip(r.studies["study_id"], r.studies["label"], strict=True))


def _valued(row: Record) -> str | None:
    """The printed value with its unit, what stands in its place, or the limits it lies between."""
    unit = "%" if row["unit"] == "percent" else f" {row['unit']}"
    if row["status"] != "value":
        limits = "" if row["bound_low"] is None or row["bound_high"] is None else \
            f", between {row['bound_low']} and {row['bound_high']}{unit}"
        return f"{row['status']}{limits}"
    value = None if row["value"] is None else str(row["value"])
    printed = value if row["printed"] is None else plain(row["printed"])
    if printed is None:
        return None
    # of two readings of a comma, the one that is the value
    if value is not None and _number(printed) not in (None, row["value"]):
        printed = value
    # print may hold its own unit or words ("100% Dara ref")
    return printed + unit if re.fullmatch(NUMBER, printed) else printed


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
