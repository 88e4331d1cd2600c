"""The sentence on refractoriness and progression-free survival, read and held against the rows."""

from __future__ import annotations

import math
import re
from statistics import median

import words as w
from reading import (
    LIMITS,
    NOT_REACHED,
    NOT_TRANSCRIBED,
    STUDIES,
    VALUE,
    Edition,
    Row,
    valued,
)


def gradient(text: str, e: Edition) -> None:
    """Middles of the medians on both sides of a share of refractory patients."""
    text, what, share = w.plain(text), "refractoriness", e.threshold("R3.5-08")
    rows = [row for row in e.groups("pfs", "rwe")
            if row["state"] in (VALUE, LIMITS, NOT_TRANSCRIBED, NOT_REACHED)]
    refractory = {row["study_id"] for row in e.traits("refractory", "rwe", lead=False)
                  if row["value"] and float(row["value"]) > share and row["unit"] == "percent"}
    sides = ([row for row in rows if row["study_id"] in refractory],
             [row for row in rows if row["study_id"] not in refractory])
    more, others = (_middle(side) for side in sides)
    holds = None
    if more and others and (more[1] < others[0] or more[0] >= others[1]):
        holds = more[1] < others[0]
    start = {True: "Median PFS is shorter where more patients are refractory",
             False: "Median PFS is not shorter where more patients are refractory",
             None: "The data do not settle whether median PFS is shorter where more patients are "
                   "refractory"}[holds]
    if not more or not others:
        w.same(text, f"{start}: there are not medians on both sides of {share:g}% refractory "
               "patients.", what)
        return
    found = w.read(
        rf"{start}(?:: (?P<limits>.+?))?\. "
        rf"By the share in each study as a whole, in (?P<n>.+?) with more than {share:g}% "
        r"refractory patients the middle of the medians is (?P<more>.+?); in the others "
        r"\((?P<m>.+?)\) it is (?P<others>[^()]+?)\."
        r"(?: (?P<within>Within .+)\.)?", text, what)
    _without_value(found["limits"], rows, f"{what}, limits")
    for part, side in (("n", sides[0]), ("m", sides[1])):
        _groups(found[part], side, what)
    for part, middle in (("more", more), ("others", others)):
        _ends(found[part], middle, f"{what}, {part}")
    _within(found["within"], rows, what)


def _without_value(text: str | None, rows: list[Row], what: str) -> None:
    """How many medians are known by limits alone, and how many were not reached."""
    longer = sum(row["state"] == NOT_REACHED for row in rows)
    limited = len(rows) - len(valued(rows)) - longer
    of_all = f" of {w.spelled(len(rows))} {'median' if len(rows) == 1 else 'medians'}"
    told = []
    if limited:
        told.append(f"{w.spelled(limited)}{of_all} " + (
            "is known only by its limits" if limited == 1 else "are known only by their limits"))
    if longer:
        told.append(f"{w.spelled(longer)}{'' if limited else of_all} "
                    f"{'was' if longer == 1 else 'were'} not reached")
    w.same(text, " and ".join(told) or None, what)


def _middle(rows: list[Row]) -> tuple[float, float] | None:
    if not rows:
        return None
    ends = []
    for column, missing in (("bound_low", 0.0), ("bound_high", math.inf)):
        ends.append(median(
            float(row["value"]) if row["state"] == VALUE else
            missing if row["state"] == NOT_REACHED and column == "bound_high" else
            float(row[column]) if row[column] else missing for row in rows))
    return ends[0], ends[1]


def _ends(text: str, middle: tuple[float, float], what: str) -> None:
    low, high = middle
    if math.isinf(high):
        w.amount(w.read(r"above (.+)", text, what)[1], str(low), "months", what)
    elif low == high:
        w.amount(text, str(low), "months", what)
    else:
        found = w.read(rf"({w.NUMBER}) to (.+)", text, what)
        w.number(found[1], str(low), what)
        w.amount(found[2], str(high), "months", what)


def _groups(text: str, rows: list[Row], what: str) -> None:
    studies = len({row["study_id"] for row in rows})
    if len(rows) == studies:
        w.counted(text, studies, *STUDIES, what)
    else:
        found = w.read(r"(.+ groups?) of (.+)", text, what)
        w.counted(found[1], len(rows), "group", "groups", what)
        w.counted(found[2], studies, *STUDIES, what)


def _within(text: str | None, rows: list[Row], what: str) -> None:
    """Studies that give refractory and exposed, not refractory patients, with all their medians."""
    known: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        if row["state"] in (VALUE, NOT_REACHED) and row["exposure"] in (
                "refractory", "exposed, not refractory"):
            known.setdefault(row["study"], {}).setdefault(row["exposure"], []).append(row)
    pairs = {study: sides for study, sides in known.items() if len(sides) == 2}
    w.same(text is not None, bool(pairs), f"{what}, within")
    if not text:
        return
    told = re.split(r"(?<=refractory patients)(?:, | and )", w.start(text))
    w.same(len(told), min(len(pairs), w.SHOWN) + (len(pairs) > w.SHOWN), f"{what}, within")
    for part, (study, sides) in zip(told, pairs.items(), strict=False):
        one = w.read(rf"within {re.escape(study)}, median PFS was (.+) in refractory and (.+) in "
                     "exposed, not refractory patients", part, what)
        for shown, side in ((one[1], sides["refractory"]), (one[2],
                                                            sides["exposed, not refractory"])):
            values = re.split(r", | and ", shown)
            w.same(len(values), len(side), f"{what}, {study}")
            for value, row in zip(values, side, strict=True):
                if row["state"] == NOT_REACHED:
                    w.same(value, "not reached", f"{what}, {study}")
                else:
                    w.amount(value, row["value"], row["unit"], f"{what}, {study}")
