"""Text alternatives, made from the rows that were drawn."""

from __future__ import annotations

import re

import pandas as pd

from article.figures.limits import limits_text
from article.figures.results import ADDED, shown
from article.vocabulary import AXIS_TITLES, FULL_NAMES
from review.dataset.states import NOT_ESTIMABLE
from review.dataset.views import Record, as_records
from review.wording import listed as names


def describe(rows: pd.DataFrame, title: str) -> str:
    """What a forest-like figure shows: how many groups, the extremes, what is not known."""
    if rows.empty:
        return f"{title}: no group of this edition has the result."
    records = as_records(rows)
    outcome = FULL_NAMES[records[0]["outcome"]]
    studies = len({study for record in records
                   for study in re.split(", | or ", record["study_id"])})
    sentences = [f"{title}: {counted(len(records), 'treatment group')} of "
                 f"{counted(studies, 'study', 'studies')}, {outcome}."]
    sentences += _values([record for record in records if record["mark"] == "point"])
    for kind, words in (("arrow", "Median not reached"), ("unknown", "Not in the text"),
                        ("none", "No result")):
        groups = [group(record) for record in records if record["mark"] == kind]
        if groups:
            sentences.append(f"{words}: {listed(groups)}.")
    bounds = [f"{group(record)} {limits_text(record['bound_low'], record['bound_high'])}"
              for record in records if record["mark"] == "bound"]
    if bounds:
        sentences.append(f"No value, only limits are known: {listed(bounds)}.")
    added = [group(record) for record in records if record["section"] == ADDED]
    if added:
        sentences.append(f"{ADDED}: {listed(added)}.")
    return " ".join(sentences)


def _values(points: list[Record]) -> list[str]:
    if not points:
        return ["No group has a value in the text."]
    ordered = sorted(points, key=lambda record: record["value"])
    values = [f"{group(record)} {record['text']}"
              + (f" {record['detail']}" if record["detail"] else "") for record in ordered]
    spread = "" if len(points) == 1 else \
        f", from {_as_drawn(ordered[0])} to {_as_drawn(ordered[-1])}"
    return [f"{counted(len(points), 'value')}{spread}: {listed(values)}."]


def finding(rows: pd.DataFrame) -> str:
    """What a forest-like figure shows in one or two sentences: the span of the values with their
    owners, and how many groups have none."""
    if rows.empty:
        return ""
    records = as_records(rows)
    points = sorted((one for one in records if one["mark"] == "point"),
                    key=lambda one: one["value"])
    measure = AXIS_TITLES[records[0]["outcome"]]
    unit = "%" if records[0]["unit"] == "percent" else " months"
    # a group for which nothing is reported is drawn, and is none of those that report
    silent = [one for one in records if one["mark"] == "none" and one["status"] != NOT_ESTIMABLE]
    total = counted(len(records) - len(silent), "group")
    if not points:
        told = f"{measure}: no value is in the text for any of {total}."
    else:
        # of several groups with one value, the first of the figure says how it is printed
        low, high = points[0], next(
            one for one in points if one["value"] == points[-1]["value"])
        # within one study the groups are what is compared
        own = len({one["name"] for one in points}) == 1
        spread = (f"{_as_drawn(high)}{unit} in {_owners(points, high)}"
                  if low["value"] == high["value"] else
                  f"{_as_drawn(low)} ({_owners(points, low, own)}) to "
                  f"{_as_drawn(high)}{unit} ({_owners(points, high, own)})")
        told = f"{measure}: {spread}, known for {len(points)} of {total}."
    for n, words in (*((sum(one["mark"] == kind for one in records), words) for kind, words in (
                         ("arrow", "not reached in"), ("bound", "only limits known for"),
                         ("unknown", "not in the text for"))),
                     (sum(one["status"] == NOT_ESTIMABLE for one in records), "not estimable in"),
                     (len(silent), "not reported for")):
        if n:
            told = f"{told[:-1]}; {words} {n}."
    return told


def _owners(points: list[Record], end: Record, groups: bool = False) -> str:
    """Every study with the value of an end, each once; groups: its groups in place of it."""
    told = (f"group “{one['arm']}”" if groups else one["name"] for one in points
            if one["value"] == end["value"])
    return names(list(dict.fromkeys(told)))


def _as_drawn(record: Record) -> str:
    """The value with the zeros that the figure shows beside it."""
    return shown(record["value"], re.split("[ *%]", record["text"])[0])


def spoken(record: Record) -> str:
    """All that a mark stands for: group, result, patients, follow-up, refractoriness, place."""
    size = "" if record["n_total"] is None else f"N {record['n_total']}; "
    ref = f" [{record['ref']}]" if record["ref"] is not None else ""
    detail = f" {record['detail']}" if record["detail"] else ""
    follow = record["follow_up"]
    months = f"follow-up {follow} months; " if follow[-1:].isdigit() else ""
    refractory = "not reported" if record["refractory"] == "NR" else record["refractory"]
    return (f"{group(record)}{ref}: {record['text']}{detail}; {size}{months}"
            f"refractory before: {refractory}. {record['locator']}")


def group(record: Record) -> str:
    """A treatment group in words: study and regimen."""
    return f"{record['name']} ({record['arm']})"


def listed(items: list[str]) -> str:
    """Items as a list of a sentence; semicolons, because the items hold commas."""
    return "; ".join(items)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count and its noun: 1 study, 3 studies."""
    return f"{number} {one if number == 1 else many or one + 's'}"
