"""The rows and words of every figure, recomputed from the CSV files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import words as w
from reading import (
    LIMITS,
    NOT_REACHED,
    NOT_TRANSCRIBED,
    VALUE,
    Edition,
    Row,
    state,
)

Cells = dict[str, Any]
PANELS = {f"fig-{setting}-{outcome}": (outcome, setting) for setting in ("clinical", "rwe")
          for outcome in ("pfs", "os", "orr")} | {"fig-best-response": ("cr_or_better", "rwe")}
MARKS = {VALUE: "point", LIMITS: "bound", NOT_REACHED: "arrow", NOT_TRANSCRIBED: "unknown"}
EXPOSURES = ["naive", "exposed, not refractory", "exposed", "mixed", "refractory", "not reported"]
ADDED = "Added since the published edition"
TEXTS = ("study_id", "arm_id", "exposure", "status", "kind", "unit", "outcome", "outcome_id",
         "source_id", "locator")


def figure(rows: list[Cells], e: Edition, label: str) -> None:
    """Each row of a figure, in its order."""
    expected = EXPECTED[label](e)
    w.same([row["position"] for row in rows], list(range(1, len(rows) + 1)), f"{label}, positions")
    key = "data" if label == "fig-prisma" else "outcome_id"
    w.same(sorted(row[key] for row in rows), sorted(row[key] for row in expected),
           f"{label}, which rows")
    by_key = {row[key]: row for row in expected}
    for row in rows:
        for name, cell in by_key[row[key]].items():
            if name.startswith("_"):
                continue
            _cell(row[name], cell, f"{label}, {row[key]}, {name}")
    orders = [by_key[row[key]]["_order"] for row in rows]
    w.same(orders, sorted(orders), f"{label}, order")


def _cell(found: Any, expected: Any, what: str) -> None:
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if found is None or abs(float(found) - expected) > 1e-9:
            raise w.Differs(f"{what}: the figure has {found!r}, the rows give {expected!r}")
    else:
        w.same(found, expected, what)


def panel(e: Edition, label: str) -> list[Cells]:
    outcome, setting = PANELS[label]
    cells = [_row(e, row, label) for row in e.groups(outcome, setting)]
    cells = _each_place_once(e, cells, label)
    for row in cells:
        row["_order"] = (row["section"] or "", *(
            (0, row["_place"]) if row["_place"] is not None else
            (1, -row["value"], row["_at"]) if row["mark"] == "point" else
            (2, row["mark"] != "bound", row["_at"])))
    return cells


def _each_place_once(e: Edition, cells: list[Cells], label: str) -> list[Cells]:
    """Where studies share places of the panel, a row a place that names all of them."""
    taken = {row["_place"] for row in cells}
    shared: dict[tuple[int, ...], list[Cells]] = {}
    for row in sorted(cells, key=lambda row: row["_at"]):
        if row["_place"] is None and row["_options"]:
            free = tuple(place for place in row["_options"] if place not in taken)
            shared.setdefault(free, []).append(row)
    for places, rows in shared.items():
        if len(places) == len(rows) > 1 and {row["status"] for row in rows} == {NOT_TRANSCRIBED}:
            cells = [row for row in cells if row not in rows]
            cells += [_may_be(e, rows, place, label) for place in places]
        else:
            for number, row in enumerate(rows):
                row["_place"] = places[number] if number < len(places) else row["_options"][-1]
    return cells


def _may_be(e: Edition, rows: list[Cells], place: int, label: str) -> Cells:
    sizes = [one["n_total"] for one in e.every["panels"]
             if one["figure"] == label and one["figure_row"] == str(place)]
    size = int(sizes[0]) if sizes and sizes[0] else None
    kinds = {row["refractoriness"] for row in rows}
    names = ("study_id", "study", "name", "citekey", "arm_id", "arm", "design", "exposure",
             "refractory", "follow_up", "source_id", "locator")
    told = next((one for one in e.every["panels"] if one["bound_low"]
                 and (one["figure"], one["figure_row"]) == (label, str(place))), None)
    low, high = ((float(told["bound_low"]), float(told["bound_high"])) if told else
                 (_outermost(min, [row["bound_low"] for row in rows]),
                  _outermost(max, [row["bound_high"] for row in rows])))
    unknown = low is None and high is None
    detail = "nothing known" if unknown else \
        _between(low, high) + ("%" if rows[0]["unit"] == "percent" else "")
    refs = [str(row["ref"]) for row in rows if row["ref"]]
    return rows[0] | {
        **{name: _or([row[name] for row in rows]) for name in names},
        "outcome_id": f"{_or([row['outcome_id'] for row in rows])}, row {place}", "ref": None,
        # the reference list is the article's: a later report has no number in it
        "ref_options": _or(refs) if refs else None,
        "refractoriness": kinds.pop() if len(kinds) == 1 else "not reported",
        "n_total": size, "n_total_kind": "reported" if size else None,
        "n_total_of": "result" if size else None, "bound_low": low, "bound_high": high,
        "mark": "unknown" if unknown else "bound",
        "detail": detail, "place": str(place), "_place": place}


def _outermost(choose: Callable[[list[float]], float], limits: list[float | None]) -> float | None:
    """The limit that holds for all rows: none where one of them has none."""
    stated = [limit for limit in limits if limit is not None]
    return choose(stated) if len(stated) == len(limits) else None


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:g}"
    if high is None:
        return f"at least {low:g}"
    if low == high:
        return f"only {low:g}"
    decimals = max(w.places(f"{low:g}"), w.places(f"{high:g}"))
    return f"within {low:.{decimals}f}–{high:.{decimals}f}"


def _or(words: list[str]) -> str:
    each = list(dict.fromkeys(words))
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} or {each[-1]}"


def image(e: Edition) -> list[Cells]:
    studies = {row["study_id"] for row in e.outcomes if row["figure"] == "fig-image"}
    cells = [_row(e, row) for row in e.outcomes if row["study_id"] in studies
             and row["outcome"] == "pfs" and row["use"] != "context"]
    for row in cells:
        row["_order"] = (row["section"] or "", *_by_exposure(row))
    return cells


def naive(e: Edition) -> list[Cells]:
    rates = [row for row in e.outcomes if row["outcome"] == "orr"]
    first = [row for row in rates if row["use"] == "comparator" and row["exposure"] == "naive"]
    reports = {row["report_id"] for row in first} - {""}
    cells = [_row(e, row) for row in rates if row in first or (
        row["use"] == "synthesis" and row["report_id"] in reports)]
    for row in cells:
        row["_order"] = (row["section"] or "", row["_at"], *_by_exposure(row))
    return cells


def _by_exposure(row: Cells) -> tuple[int, float]:
    return EXPOSURES.index(row["exposure"]), -(row["value"] or 0)


def _row(e: Edition, row: Row, label: str | None = None) -> Cells:
    study, arm = e.study[row["study_id"]], e.arm[row["arm_id"]]
    report = e.report.get(row["report_id"], {})
    here = label is None or row["figure"] == label
    own = row["n_total"] != ""
    size = row["n_total"] or arm["n_total"]
    lead = report.get("lead") == "true"
    point = row["state"] == VALUE
    cells: Cells = {
        **{name: row[name] for name in TEXTS}, "study": study["label"], "arm": arm["label"],
        "design": study["design"],
        "section": "" if (here and row["figure"]) or row["edition_added"] == "published" else ADDED,
        "name": study["label"] if study["acronym"] or lead or not report
        else report["label"].replace(",", ""),
        "ref": int(report["ref"]) if report.get("ref") else None,
        "citekey": report.get("citekey"),
        "n": int(row["n"]) if row["n"] else None, "n_kind": row["n_kind"] or None,
        "n_total": int(size) if size else None,
        "n_total_kind": (row if own else arm)["n_total_kind"] or None,
        "n_total_of": "result" if own else "group" if size else None,
        "refractory": arm["refractory_printed"] or ("naive" if arm["exposure"] == "naive"
                                                    else "NR"),
        "refractoriness": _refractoriness(arm), "follow_up": follow_up(e, row)[0],
        "mark": MARKS.get(row["state"], "none"),
        "value": float(row["value"]) if point else None,
        "bound_low": float(row["bound_low"]) if row["bound_low"] else None,
        "bound_high": float(row["bound_high"]) if row["bound_high"] else None,
        "place": None, "ref_options": None,
        "_place": int(row["figure_row"]) if here and row["figure_row"] else None,
        "_options": [int(one) for one in row["figure_row_options"].split(";") if one and here],
        "_at": int(study["table_position"]),
    }
    if here and label:
        for one in e.every["panels"]:
            if one["refs"] and (one["figure"], one["figure_row"]) == (label, row["figure_row"]):
                cells |= {"ref": None, "ref_options": one["refs"].replace(";", " or ")}
    cells |= _interval(row, point)
    cells["text"], cells["detail"] = _words(row, cells)
    return cells


def _refractoriness(arm: Row) -> str:
    if arm["refractory_percent"]:
        share = float(arm["refractory_percent"])
        return "all refractory" if share == 100 else "not refractory" if share == 0 else \
            "part refractory"
    return "not refractory" if arm["exposure"] == "naive" else "not reported"


def _interval(row: Row, point: bool) -> Cells:
    if point and row["ci_status"] == "value":
        is_open = not row["ci_high"]
        return {"interval": "open" if is_open else "reported", "level": float(row["ci_level"]),
                "low": float(row["ci_low"]), "high": None if is_open else float(row["ci_high"]),
                "high_status": row["ci_high_status"] if is_open else None}
    if point and row["statistic"] == "proportion" and row["n"] and row["n_total"] \
            and w.of_the_count(row):
        low, high = exact(int(row["n"]), int(row["n_total"]))
        return {"interval": "computed", "level": 95, "low": low, "high": high, "high_status": None}
    return {"interval": "none", "level": None, "low": None, "high": None, "high_status": None}


@cache
def exact(n: int, total: int) -> tuple[float, float]:
    """Exact 95% limits of a proportion in percent, by halving until the tail is 2.5%."""
    low = 0.0 if n == 0 else _solve(lambda p: 1 - _below(n - 1, total, p) - 0.025)
    high = 1.0 if n == total else _solve(lambda p: 0.025 - _below(n, total, p))
    return round(100 * low, 1), round(100 * high, 1)


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return low


def _below(n: int, total: int, p: float) -> float:
    """Probability of at most n of total, by logarithms, so that large totals do not overflow."""
    if n < 0:
        return 0.0
    if p <= 0 or p >= 1:
        return 1.0 if p <= 0 else float(n >= total)
    ways = math.lgamma(total + 1)
    return math.fsum(math.exp(ways - math.lgamma(k + 1) - math.lgamma(total - k + 1)
                              + k * math.log(p) + (total - k) * math.log1p(-p))
                     for k in range(n + 1))


def _star(kind: str | None) -> str:
    return "*" if kind in ("derived", "inferred") else ""


def _shown(value: str, printed: str | None) -> str:
    """A number as printed, where the print is that number and nothing else."""
    digits = w.pointed(printed or "").strip().removesuffix("%").strip()
    return digits if re.fullmatch(r"\d+(\.\d+)?", digits) and float(digits) == float(value) \
        else f"{float(value):g}"


def _words(row: Row, cells: Cells) -> tuple[str, str]:
    percent = "%" if row["unit"] == "percent" else ""
    if cells["mark"] == "bound":
        low, high = row["bound_low"], row["bound_high"]
        if low and high and float(low) == float(high):
            limits = f"only {float(low):g}"
        elif low and high:
            decimals = max(w.places(low), w.places(high))
            limits = f"within {float(low):.{decimals}f}–{float(high):.{decimals}f}"
        else:
            limits = f"at least {float(low):g}" if low else f"at most {float(high):g}"
        count = f" ({row['n']}{_star(row['n_kind'])}/{row['n_total']})" \
            if row["n"] and row["n_total"] else ""
        return ("not in text" if row["status"] == NOT_TRANSCRIBED else "limits",
                f"{limits}{percent}{count}")
    if cells["mark"] == "unknown":
        return "not in text", "nothing known"
    if cells["mark"] != "point":
        return row["status"], ""
    value = _shown(row["value"], row["printed"]) + percent + _star(row["kind"])
    if cells["interval"] in ("reported", "open"):
        low, high = w.interval_ends(row)
        level = "" if float(row["ci_level"]) == 95 else f", {float(row['ci_level']):g}% CI"
        interval = f"({low}–{high.replace('not estimable', 'NE')}{level})"
        return (f"{value} {interval}", "") if len(interval) <= 12 else (value, interval)
    if row["n"] and row["n_total"] and row["unit"] == "percent" and not w.of_the_count(row):
        return value, "other denominator"
    if row["n"] and row["n_total"]:
        count = f"{row['n']}{_star(row['n_kind'])}/{row['n_total']}{_star(row['n_total_kind'])}"
        limits = f"[{cells['low']:.1f}–{cells['high']:.1f}]" if cells["low"] is not None else ""
        return f"{value} ({count})", limits
    unseen = row["ci_status"] if row["ci_status"] in ("not transcribed", "not estimable") \
        else "not reported"
    return value, f"CI {unseen}" if row["statistic"] == "median" else "count not given"


def follow_up(e: Edition, row: Row) -> tuple[str, float | None]:
    """Median follow-up of a result: its own, else that of the group, the report, the study."""
    if row["follow_up_printed"]:
        return _leading(row["follow_up_printed"])
    cells = [one for one in e.tables["characteristics"]
             if one["characteristic"] == "follow_up" and one["use"] == "synthesis"
             and one["study_id"] == row["study_id"] and one["detail"] in ("", row["outcome"])]
    cells.sort(key=lambda one: one["detail"] == "")
    cells = [one for one in cells if _document(e, one) in ("", row["report_id"])]
    for fits in (lambda one: one["arm_id"] and one["arm_id"] == row["arm_id"],
                 lambda one: not one["arm_id"] and row["report_id"] in (
                     _document(e, one) or one["report_id"],),
                 lambda one: not one["arm_id"] and (not one["report_id"] or e.report[
                     one["report_id"]]["lead"] == "true")):
        for cell in cells:
            if fits(cell):
                text, _ = _leading(cell["printed"])
                if state(cell) == VALUE:
                    return _shown(cell["value"], text), float(cell["value"])
                return text, None
    return "NR", None


def _document(e: Edition, cell: Row) -> str:
    """The report whose document a cell is from, where it stands under another one; "none" where
    several reports are from it."""
    if not cell["report_id"] or e.report[cell["report_id"]]["source_id"] == cell["source_id"]:
        return ""
    of = [one["report_id"] for one in e.tables["reports"] if one["study_id"] == cell["study_id"]
          and one["source_id"] == cell["source_id"]]
    return "" if not of else of[0] if len(of) == 1 else "none"


def _leading(printed: str) -> tuple[str, float | None]:
    found = re.match(r"([≤≥<>]?)\s*(\d+(?:\.\d+)?)", w.pointed(printed.strip()))
    if not found:
        return "NR", None
    if printed.endswith(", overall study population"):  # another clock than the group's
        return f"{found[1]}{found[2]}†", None
    return found[1] + found[2], None if found[1] else float(found[2])


EXPECTED: dict[str, Callable[[Edition], list[Cells]]] = {
    **{label: lambda e, label=label: panel(e, label) for label in PANELS},
    "fig-image": image, "fig-naive": naive,
}


def alternative(text: str, e: Edition, label: str) -> None:
    """The words of a figure: how many groups and studies, every value, what is not known."""
    rows = EXPECTED[label](e)
    what = f"words of {label}"
    if not rows:
        w.read(r".+: no group of this edition has the result\.", text, what)
        return
    found = w.read(r"[^:]+: (\d+) treatment groups? of (\d+) stud(?:y|ies), .+", text, what)
    studies = len({study for row in rows
                   for study in row["study_id"].replace(" or ", ", ").split(", ")})
    w.same((int(found[1]), int(found[2])), (len(rows), studies), what)
    for row in rows:
        group = f"{row['name']} ({row['arm']})"
        if row["mark"] == "point":
            told = f"{group} {row['text']}" + (f" {row['detail']}" if row["detail"] else "")
        else:
            told = f"{group} {row['detail'].partition('%')[0]}" if row["mark"] == "bound" else group
        if told not in text:
            raise w.Differs(f"{what}: does not tell {told!r}")
        if row["section"] and f"{ADDED}: " not in text:
            raise w.Differs(f"{what}: does not say what was added")
