"""The line under a forest plot: the ends with every owner, and how many groups have what."""

from __future__ import annotations

import words as w
from figure_rows import Cells
from synthesis import listed as joined

AXES = {"pfs": "Median PFS", "os": "Median OS", "orr": "Overall response rate",
        "cr_or_better": "Complete response or better"}
COUNTS = ("not reached in", "only limits known for", "not in the text for",
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
    own = len({row["name"] for row in known}) == 1 < len({row["value"] for row in known})
    low, high = (end(float(row["value"]) for row in known) for end in (min, max))
    found = w.read(
        rf"{axis}: (?:(?P<one>{w.NUMBER}){unit} in (?P<all>.+)|(?P<low>{w.NUMBER}) \((?P<at>.+)\) "
        rf"to (?P<high>{w.NUMBER}){unit} \((?P<top>.+)\)), known for {len(known)} of {total}",
        start, what)
    for number, owners, value in ((found["one"] or found["low"], found["all"] or found["at"], low),
                                  (found["one"] or found["high"], found["all"] or found["top"],
                                   high)):
        w.same(number, _drawn(next(row for row in known if float(row["value"]) == value)), what)
        names = list(dict.fromkeys(f"group “{row['arm']}”" if own else row["name"]
                                   for row in known if float(row["value"]) == value))
        w.listed(owners, names, f"{what}, owners of {value:g}")
    w.same(found["one"] is not None, low == high, f"{what}, a span")


def _drawn(row: Cells) -> str:
    """The number at the start of what the figure says of a row."""
    return w.read(rf"({w.NUMBER}).*", row["text"], "a row's text")[1]


# the other figures: their rows, which were checked before, give each sentence anew

SETTINGS = {"clinical": "Clinical trials", "rwe": "Real-world studies"}
BOXES = {"database_results": "records from databases", "total_reports": "reports included",
         "total_studies": "studies included"}


def flow(rows: list[Cells]) -> str:
    counts = {row["data"]: row["n"] for row in rows if row["n"] is not None}
    told = [f"{counts[box]} {what}" for box, what in BOXES.items() if box in counts]
    return f"{'; '.join(told)}." if told else ""


def known(rows: list[Cells]) -> str:
    told = []
    for setting in dict.fromkeys(row["setting"] for row in rows):
        parts = []
        for head in ("PFS", "OS", "ORR", "CR"):
            states = [row["state"] for row in rows
                      if row["setting"] == setting and row["column"] == head]
            some = [one for one in states if one in ("reported", "limits only", "cited only")]
            if some:
                parts.append(f"{head} {some.count('reported')} of {len(some)}")
        if parts:
            told.append(f"{SETTINGS[setting]}: {', '.join(parts)}.")
    begin = "Studies that report a result, of those of which anything is known."
    return " ".join([begin, *told]) if told else ""


def response(rows: list[Cells]) -> str:
    with_interval = [row for row in rows if row["low"] is not None]
    if not with_interval:
        return ""
    values = [float(row["value"]) for row in with_interval]
    ends = []
    for value in sorted({min(values), max(values)}):
        owners = [row for row in with_interval if row["value"] == value]
        ends.append(f"{_drawn(owners[0])}% ({joined([row['study'] for row in owners])})")
    groups = "1 group" if len(rows) == 1 else f"{len(rows)} groups"
    return (f"Overall response rate: {' to '.join(ends)}. The {len(with_interval)} of {groups} "
            "with known events and patients have an interval.")


def maturity(rows: list[Cells]) -> str:
    placed = [row for row in rows if row["clock"] == "from the start of the retreatment"]
    beyond = [f"{row['study']} ({row['outcome'].upper()} {row['text']} months, follow-up "
              f"{float(row['follow_up']):g})" for row in placed
              if float(row["value"]) > float(row["follow_up"])]
    if not placed:
        return ""
    medians = "1 median" if len(placed) == 1 else f"{len(placed)} medians"
    lie = "lies" if len(beyond) == 1 else "lie"
    return (f"Of {medians} with follow-up on the same clock, {len(beyond)} {lie} beyond that "
            f"follow-up{': ' if beyond else ''}{'; '.join(beyond)}.")


def contrasts(rows: list[Cells]) -> str:
    if not rows:
        return ""
    own = [row for row in rows if row["status"] != "not included"]
    chance = sum(row["pairing"] == "randomised" for row in own)
    intervals = sum(" to " in (row["interval"] or "") for row in own)
    pairs = "1 comparison" if len(own) == 1 else f"{len(own)} comparisons"
    verb = "is" if chance < 2 else "are"
    return (f"Of {pairs} in included studies, {chance or 'none'} {verb} of "
            f"groups made by chance; an interval of the difference can be computed for "
            f"{intervals or 'none'}.")


OTHERS = {"fig-prisma": flow, "fig-known": known, "fig-response": response,
          "fig-maturity": maturity, "fig-contrasts": contrasts}


def other(text: str, rows: list[Cells], label: str) -> None:
    w.same(text, OTHERS[label](rows), f"{label}, finding")
