"""Rules for cells that cannot both be true: a print and its number, a percentage and its limits."""

from __future__ import annotations

from collections.abc import Iterator

from review.checks import numbers
from review.checks.rule import WARNING, Dataset, blank, flag
from review.dataset.printed import intervals
from review.dataset.problems import Problem

TABLES = ("outcomes", "characteristics")
LIMITS = ("bound_low", "bound_high", "ci_low", "ci_high", "range_low", "range_high", "low", "high")
UPPER = r"^\s*(?:[<≤]|(?:up to|at most|less than|under)\b)"
BEGINS = r"^\s*\d"


def percentages(d: Dataset) -> Iterator[Problem]:
    """A limit of a percentage lies between 0 and 100."""
    for table in TABLES:
        rows = d[table]
        percent = rows["unit"] == "percent"
        for field in LIMITS:
            if field in rows:
                yield from flag(d, table, percent & ((rows[field] > 100) | (rows[field] < 0)),
                                field, "above 100 percent", f"{{{field}}} percent",
                                "correct it; a percentage lies between 0 and 100")


def no_value(d: Dataset) -> Iterator[Problem]:
    """Where the status says that there is no value, none is printed either."""
    for table in TABLES:
        rows = d[table]
        told = rows["value"].isna() & (rows["kind"] != "bound") & (rows["status"] != "value")
        number = rows["printed"].str.contains(BEGINS).fillna(False)
        yield from flag(d, table, told & number, "printed", "print disagrees",
                        "{printed!r} is printed and the status says {status}",
                        "fill in the value and write value into status, or correct printed")


def bounds(d: Dataset) -> Iterator[Problem]:
    """A limit that is printed is the one that is filled in, on the side that its sign names; so are
    the two of a range that stands for a value."""
    for table in TABLES:
        rows = d[table]
        sign = numbers.is_limit(rows["printed"]) & (rows["kind"] == "bound")
        upper = rows["printed"].str.contains(UPPER, case=False).fillna(False)
        number = numbers.first(rows["printed"]).astype("Float64")
        for field, side in (("bound_high", upper), ("bound_low", ~upper)):
            differs = (rows[field] != number).fillna(True)
            yield from flag(d, table, sign & side & number.notna() & differs, field,
                            "print disagrees", f"{{printed!r}} is printed and {field} is "
                            f"{{{field}!r}}", "correct the one that is not as in the source")
        lost = numbers.is_limit(rows["printed"]) & rows["value"].isna() & (rows["kind"] != "bound")
        yield from flag(d, table, lost, "kind", "limit not filled in",
                        "{printed!r} is printed, and the row holds no limit",
                        "if it is a limit of the value, write it into bound_low or bound_high and "
                        "bound into kind", WARNING)
        shown = intervals(rows["printed"])
        both = (rows["kind"] == "bound") & rows["printed"].str.contains(BEGINS) & ~sign
        for end in ("low", "high"):
            yield from flag(d, table, both & (shown[end] != rows[f"bound_{end}"]), f"bound_{end}",
                            "print disagrees", f"{{printed!r}} is printed and bound_{end} is "
                            f"{{bound_{end}!r}}", "correct the one that is not as in the source")


def printed_units(d: Dataset) -> Iterator[Problem]:
    """What is printed with a percent sign is a percentage."""
    for table in TABLES:
        rows = d[table]
        sign = rows["printed"].str.contains(r"^\s*[<>≤≥]?\s*[\d.]+\s*%").fillna(False)
        yield from flag(d, table, sign & (rows["unit"] != "percent"), "unit", "print disagrees",
                        "{printed!r} is printed and the unit is {unit}", "correct the unit, or "
                        "printed")


def follow_up(d: Dataset) -> Iterator[Problem]:
    """The follow-up that is printed beside a result is a number, or why there is none."""
    rows = d["outcomes"]
    cells = rows["follow_up_printed"]
    number = numbers.first(cells).astype("Float64")
    # a name of what is not there, such as NR or not reported
    word = cells.str.fullmatch(r"[A-Za-z][A-Za-z .]*").fillna(False)
    yield from flag(d, "outcomes", ~blank(cells) & number.isna() & ~word, "follow_up_printed",
                    "no number printed", "{follow_up_printed!r} holds no number of months",
                    "copy the follow-up as printed, such as 14.2, or NR")
    most = d.contents.vocabulary.most.get("months")
    if most is not None:
        yield from flag(d, "outcomes", number > most, "follow_up_printed", "implausible",
                        "a follow-up of {follow_up_printed} months", "check the source")


def boxes(d: Dataset) -> Iterator[Problem]:
    """The count of a box is the one that is printed."""
    if "flow" not in d.resources or "printed" not in d["flow"]:
        return
    rows = d["flow"]
    shown = numbers.first(rows["printed"])
    differs = shown.notna() & ~numbers.gives(rows["printed"], rows["n"])
    yield from flag(d, "flow", differs, "printed",
                    "print disagrees", "{printed!r} is printed and the count is {n!r}",
                    "correct the one that is not as in the source")


RULES = (percentages, no_value, bounds, printed_units, follow_up, boxes)
