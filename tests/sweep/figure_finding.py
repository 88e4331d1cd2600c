"""The line under a forest plot: the ends with every owner, and how many groups have what."""

from __future__ import annotations

import words as w
from figure_rows import Cells

AXES = {"pfs": "Median PFS", "os": "Median OS", "orr": "Overall response rate",
        "cr_or_better": "Complete response or better"}
COUNTS = ("not reached in", "within known limits alone for", "not in the text for",
          "not estimable in", "not reported for")


def finding(text: str, rows: list[Cells], label: str) -> None:
    """rows: those of the figure, which were held against the CSV files before."""
    what = f"{label}, finding"
    if not rows:
        w.same(text, "", what)
        return
    unit = "%" if rows[0]["unit"] == "percent" else " months"
    known = [row for row in rows if row["mark"] == "point"]
    marks = {name: sum(row["mark"] == mark for row in rows)
             for name, mark in zip(COUNTS, ("arrow", "bound", "unknown"), strict=False)}
    without = [row for row in rows if row["mark"] == "none"]
    marks["not estimable in"] = sum(row["status"] == "not estimable" for row in without)
    marks["not reported for"] = len(without) - marks["not estimable in"]
    groups = len(rows) - marks["not reported for"]
    start, *rest = text.removesuffix(".").split("; ")
    w.same(rest, [f"{name} {marks[name]}" for name in COUNTS if marks[name]], f"{what}, counts")
    total = f"{groups} group" + ("" if groups == 1 else "s")
    axis = AXES[rows[0]["outcome"]]
    if not known:
        w.same(start, f"{axis}: no value is in the text for any of {total}", what)
        return
    low, high = (end(float(row["value"]) for row in known) for end in (min, max))
    found = w.read(
        rf"{axis}: (?:(?P<one>{w.NUMBER}){unit} in (?P<all>.+)|(?P<low>{w.NUMBER}) \((?P<at>.+)\) "
        rf"to (?P<high>{w.NUMBER}){unit} \((?P<top>.+)\)), known for {len(known)} of {total}",
        start, what)
    for number, owners, value in ((found["one"] or found["low"], found["all"] or found["at"], low),
                                  (found["one"] or found["high"], found["all"] or found["top"],
                                   high)):
        w.number(number, f"{value:g}", what)
        names = list(dict.fromkeys(row["name"] for row in known if float(row["value"]) == value))
        w.listed(owners, names, f"{what}, owners of {value:g}")
    w.same(found["one"] is not None, low == high, f"{what}, a span")
