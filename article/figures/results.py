"""Rows of the figures that show results by treatment group: what is drawn, without drawing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import pandas as pd

from article.figures.limits import limits_text
from article.figures.unassigned import settle
from article.ordered import row_reports
from review.audit.intervals import clopper_pearson
from review.audit.outcomes import outcome_rows
from review.dataset.load import PUBLISHED, Review
from review.dataset.printed import ends, plain
from review.dataset.states import (
    LIMITS,
    NOT_ESTIMABLE,
    NOT_REACHED,
    NOT_REPORTED,
    NOT_TRANSCRIBED,
    VALUE,
    other_denominator,
)
from review.dataset.views import Record, as_frame, as_records, result_records, trait_records

COLUMNS = [
    "position", "section", "study_id", "study", "name", "ref", "ref_options", "citekey",
    "arm_id", "arm", "regimen", "design", "exposure", "n", "n_kind", "n_total", "n_total_kind",
    "n_total_of", "refractory", "refractoriness", "follow_up", "status", "kind", "mark",
    "value", "interval", "level", "low", "high", "high_status", "bound_low", "bound_high",
    "unit", "text", "detail", "place", "outcome", "outcome_id", "source_id", "locator",
]
KINDS = {**dict.fromkeys(["position", "ref", "n", "n_total"], "Int64"),
         **dict.fromkeys(["value", "level", "low", "high", "bound_low", "bound_high"], "Float64")}
OPEN = {"not estimable": "NE", "not reached": "not reached", "not reported": "not reported"}
MARKS = {VALUE: "point", LIMITS: "bound", NOT_REACHED: "arrow", NOT_TRANSCRIBED: "unknown"}
OF_STUDY = "†"  # a follow-up of the whole study, on a clock of its own
ADDED = "Added since the published edition"
LIMITS_ONLY = "No value in the text: limits that are known"


def group_rows(r: Review, chosen: Collection[str],
               order: Callable[[Record], tuple[Any, ...]] | None = None,
               panel: str | None = None) -> pd.DataFrame:
    """The outcome rows with the keys of `chosen`, one row a mark, in the order of drawing.

    order: sort key of a row; None sorts as the
    article does (`published_order`). panel: label of the article's panel that the figure rebuilds;
    a row that names another has no place of the article in it.

    Columns (units: months for medians, percent for proportions):
    mark: point (a value), bound (only limits are known), arrow (median not reached), unknown
    (not transcribed, nothing known) or none (the status says why).
    interval: reported, open (upper limit not reached or not estimable), computed (exact 95%
    interval from n and n_total, where the percentage is theirs) or none; low and high are its
    limits.
    refractoriness: all refractory, part refractory, not refractory or not reported, from the
    share refractory to an anti-CD38 antibody.
    n_total_of: result, or group where the size is given for another result of the group.
    place: row of the published panel, where it is known only which studies it may be; such a row
    names all of them (`figures.unassigned`). ref_options: the references a row may be from.
    text and detail: what the column beside the plot says. name: the study, or the report where
    that is not the study's lead report and the study has no name of its own.
    """
    records = [_record(r, row, panel) for row in _records(r) if row["outcome_id"] in chosen]
    records = settle(r, records, panel)
    records.sort(key=lambda record: (record["section"] != "", *(order or published_order)(record)))
    for position, record in enumerate(records, start=1):
        record["position"] = position
    return as_frame(records, COLUMNS, KINDS)


def panel_rows(r: Review, label: str, outcome: str, setting: str) -> pd.DataFrame:
    """Rows of a panel of the article, and after them the groups that later editions added.

    The groups that the panel shows are those that counts and ranges of the text take in, wherever
    a row says that the article drew it.
    """
    chosen = {row["outcome_id"] for row in outcome_rows(r, outcome, setting).records}
    return group_rows(r, chosen, panel=label)


def published_order(record: Record) -> tuple[Any, ...]:
    """As the article sorts: by its row where that is known, else from high to low.

    Groups without a value have no place in that order and come last: first those of which limits
    are known, then, as in the article, medians not reached.
    """
    if record["_row"] is not None:
        return (0, record["_row"])
    if record["mark"] == "point":
        return (1, -record["value"], record["_study_position"])
    return (2, record["mark"] != "bound", record["_study_position"])


def refractoriness(percent: float | None, exposure: str) -> str:
    """Class of a group by its share refractory to an anti-CD38 antibody.

    Naive patients cannot be refractory; a missing share is not reported, whatever the exposure.
    """
    if percent is not None:
        return ("all refractory" if percent == 100 else
                "not refractory" if percent == 0 else "part refractory")
    return "not refractory" if exposure == "naive" else "not reported"


@lru_cache(maxsize=8)
def _records(r: Review) -> list[Record]:
    """Every row of `views.results` with the names and sizes that a mark shows; not to be
    written to."""
    studies, reports, arms = ({row[table.columns[0]]: row for row in as_records(table)}
                              for table in (r.studies, r.reports, r.arms))
    return [{**row, "acronym": studies.get(row["study_id"], {}).get("acronym"),
             "report": reports.get(row["report_id"], {}).get("label"),
             "lead": reports.get(row["report_id"], {}).get("lead"),
             "arm_n_total": arms.get(row["arm_id"], {}).get("n_total"),
             "arm_n_total_kind": arms.get(row["arm_id"], {}).get("n_total_kind")}
            for row in result_records(r)]


def _record(r: Review, row: Record, panel: str | None) -> Record:
    if panel is not None and row["figure"] != panel:
        row = row | {"figure": None, "figure_row": None, "figure_row_options": None}
    own_size = row["n_total"] is not None
    record = {
        **row,
        "section": "" if row["figure"] or row["edition_added"] == PUBLISHED else ADDED,
        "name": row["study"] if row["acronym"] or row["lead"] or not row["report"]
                else row["report"].replace(",", ""),
        "n_total": row["n_total"] if own_size else row["arm_n_total"],
        "n_total_kind": row["n_total_kind"] if own_size else row["arm_n_total_kind"],
        "n_total_of": "result" if own_size else "group" if row["arm_n_total"] else None,
        "refractory": row["refractory_printed"] or
                      ("naive" if row["exposure"] == "naive" else "NR"),
        "refractoriness": refractoriness(row["refractory_percent"], row["exposure"]),
        "follow_up": follow_up(r, row)[0],
        "mark": _mark(row),
        "place": None,
        "_row": row["figure_row"],
        "_options": [int(place) for place in (row["figure_row_options"] or "").split(";") if place],
        "_study_position": row["study_position"],
    }
    if panel is not None and len(options := row_reports(r, row)) > 1:
        record |= {"ref": None, "ref_options": " or ".join(map(str, options))}
    record |= _interval(record, row)
    record["text"], record["detail"] = _words(record, row)
    return record


def _mark(row: Record) -> str:
    return MARKS.get(row["state"], "none")


def _interval(record: Record, row: Record) -> Record:
    nothing = {"interval": "none", "level": None, "low": None, "high": None, "high_status": None}
    if record["mark"] != "point":
        return nothing
    if row["ci_status"] == "value":
        is_open = row["ci_high"] is None
        return {"interval": "open" if is_open else "reported", "level": row["ci_level"],
                "low": row["ci_low"], "high": row["ci_high"],
                "high_status": row["ci_high_status"] if is_open else None}
    if row["statistic"] == "proportion" and row["n"] is not None \
            and row["n_total"] is not None and not other_denominator(row):
        exact = clopper_pearson(int(row["n"]), int(row["n_total"]))
        return {"interval": "computed", "level": 95.0, "low": round(exact.low, 1),
                "high": round(exact.high, 1), "high_status": None}
    return nothing


def _words(record: Record, row: Record) -> tuple[str, str]:
    """The two lines of the value column: the result, and what is known of its precision."""
    percent = "%" if row["unit"] == "percent" else ""
    if record["mark"] == "point":
        value = shown(row["value"], row["printed"]) + percent + starred(row["kind"])
        if record["interval"] in ("reported", "open"):
            low, high = ends(row)
            level = "" if row["ci_level"] == 95 else f", {row['ci_level']:g}% CI"
            interval = f"({low}–{OPEN.get(high, high)}{level})"
            return (f"{value} {interval}", "") if len(interval) <= 12 else (value, interval)
        if other_denominator(row):
            return value, "other denominator"
        if row["n"] is not None and row["n_total"] is not None:
            count = f"{row['n']}{starred(row['n_kind'])}/{row['n_total']}" \
                    f"{starred(row['n_total_kind'])}"
            exact = f"[{record['low']:.1f}–{record['high']:.1f}]" \
                if record["interval"] == "computed" else ""
            return f"{value} ({count})", exact
        told = row["ci_status"] in (NOT_TRANSCRIBED, NOT_ESTIMABLE)
        ci = row["ci_status"] if told else NOT_REPORTED
        return value, f"CI {ci}" if row["statistic"] == "median" else "count not given"
    if record["mark"] == "bound":
        limits = f"{limits_text(row['bound_low'], row['bound_high'])}{percent}"
        if row["n"] is not None and row["n_total"] is not None:  # a single count is left
            limits += f" ({row['n']}{starred(row['n_kind'])}/{row['n_total']})"
        return "not in text" if row["status"] == "not transcribed" else "limits", limits
    if record["mark"] == "unknown":
        return "not in text", "nothing known"
    return row["status"], ""


def shown(value: float, printed: str | None) -> str:
    """The value with its printed zeros where the printed text is that number, else plain."""
    digits = plain((printed or "").strip().removesuffix("%").strip())
    return digits if re.fullmatch(r"\d+(\.\d+)?", digits) and float(digits) == value \
        else f"{value:g}"


def starred(kind: str | None) -> str:
    """The mark of a number that its source does not state."""
    return "*" if kind in ("derived", "inferred") else ""


def follow_up(r: Review, row: Record) -> tuple[str, float | None]:
    """Median follow-up of a result as printed, and in months.

    Beside the result, else for the group, else for the report (first the one for this outcome),
    else for the study by its lead report. A limit such as ≤53 is shown but has no number; what
    is not reported is NR. What is printed for another population ("35.3, overall study
    population") runs on a clock of its own: shown, without a number.
    """
    if not _absent(row["follow_up_printed"]):
        return _leading(str(row["follow_up_printed"]))
    cells = [one for one in _follow_ups(r).get(row["study_id"], ())
             if one["detail"] in (None, row["outcome"])]
    cells.sort(key=lambda one: one["detail"] is None)
    # what was carried over to a report that leads now is no follow-up of its results
    cells = [one for one in cells if one["read_in"] in (one["report_id"], row["report_id"])]
    for fits in (lambda one: one["arm_id"] is not None and one["arm_id"] == row["arm_id"],
                 lambda one: one["arm_id"] is None and one["read_in"] == row["report_id"],
                 lambda one: one["arm_id"] is None and one["lead"] is not False):
        cell = next((one for one in cells if fits(one)), None)
        if cell is not None:
            text, _ = _leading(cell["printed"] or "")
            if cell["status"] == "value":
                return shown(cell["value"], text), cell["value"]
            return text, None
    return "NR", None


@lru_cache(maxsize=8)
def _follow_ups(r: Review) -> dict[str, list[Record]]:
    """Follow-up cells of the article by study."""
    by_study: dict[str, list[Record]] = {}
    for one in trait_records(r, "follow_up", lead=False):
        by_study.setdefault(one["study_id"], []).append(one)
    return by_study


def _leading(printed: str) -> tuple[str, float | None]:
    number = re.match(r"([≤≥<>]?)\s*(\d+(?:\.\d+)?)(, overall study population)?",
                      plain(printed.strip()))
    if not number:
        return "NR", None
    elsewhere = OF_STUDY if number[3] else ""
    return (f"{number[1]}{number[2]}{elsewhere}",
            None if number[1] or elsewhere else float(number[2]))


def _absent(cell: Any) -> bool:
    return cell is None or bool(pd.isna(cell))


def set_apart(rows: list[Record]) -> None:
    """Groups that have neither a value nor a median that was not reached come last, under a
    heading of their own, wherever the article draws them."""
    for row in rows:
        if row["section"] == "" and row["mark"] not in ("point", "arrow"):
            row["section"] = LIMITS_ONLY
    if all(row["section"] == LIMITS_ONLY for row in rows):
        return
    rows.sort(key=lambda row: (row["section"] == ADDED, row["section"] == LIMITS_ONLY))
