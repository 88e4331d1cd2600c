"""The rows behind ranges and headlines as plain data: what a page can hold and a script can read.

Everything that a selection may leave out, and everything that is counted, stands in these rows
and in the rules of the headlines; `leave_out` evaluates them, and the page's script does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

import pandas as pd

from review.audit.outcomes import outcome_rows
from review.dataset.load import Review
from review.dataset.states import LIMITS, NOT_REACHED, NOT_TRANSCRIBED, VALUE
from review.dataset.views import Record, comparable, result_records, trait_records
from review.synthesis.ranges import value_text
from review.synthesis.selection import refractory_class

Rule = dict[str, Any]
Rules = Callable[[Review], list[Rule]]


@lru_cache(maxsize=8)  # a review is compared by identity; callers read, never write
def evidence(r: Review) -> Record:
    """The evidence of an edition, ready for JSON.

    studies: key, label, setting and number of reports, setting by setting. outcomes: what each is
    called, and nouns of the settings. rows: one a result, in the order of the dataset.
    characteristics: one a value by the statistic of the review. rules: of the headlines, see
    `headline_rules`.
    """
    words = r.contents.vocabulary
    reports = r.reports["study_id"].value_counts()
    return {
        "studies": [{"id": str(row.study_id), "label": str(row.label),
                     "setting": str(row.setting), "reports": int(reports.get(row.study_id, 0))}
                    for setting in words.settings
                    for row in r.studies[r.studies["setting"] == setting].itertuples()],
        "ranges": [f"{code}-{setting}" for code in words.outcomes for setting in words.settings],
        "rows": _rows(r), "characteristics": _characteristics(r), "rules": headline_rules(r),
    }


def headline_rules(r: Review) -> list[Rule]:
    """How the article decides its headlines, as data; none where it says nothing of it.

    A rule has a name and a kind. ceiling: all studies but `exceptions` of those of `rows` (keys of
    results) stay below `limit`. reached: it is for medians that were reached. ranged: of rows that
    only a range over all rows may hold below it, the rows of which one has to be left to hold them
    there too; without one the rule is undecided.
    order: the middle of `more` lies below the middle of `others`. all: every one of `parts` holds.
    """
    if not r.contents.headline_rules:
        return []
    rules: Rules = import_module(r.contents.headline_rules).rules
    return rules(r)


def _rows(r: Review) -> list[Record]:
    words = r.contents.vocabulary
    counted = {row["outcome_id"]: f"{code}-{setting}" for code in words.outcomes
               for setting in words.settings for row in outcome_rows(r, code, setting).records}
    return [_row(row, counted.get(row["outcome_id"])) for row in result_records(r)]


def _row(row: Record, range_name: str | None) -> Record:
    said = row["state"]
    least = most = None
    if said == VALUE:
        least = most = float(row["value"])
    elif said == NOT_REACHED:
        least = _number(row["bound_low"])
    elif said in (LIMITS, NOT_TRANSCRIBED):
        least, most = (_number(row[end]) for end in ("bound_low", "bound_high"))
    return {
        "id": str(row["outcome_id"]), "range": range_name, "study": str(row["study_id"]),
        "label": str(row["study"]), "state": said, "least": least, "most": most,
        "text": value_text(row) if said == VALUE else None,
        "size": None if pd.isna(row["n_total"]) else int(row["n_total"]),
        "design": str(row["design"]), "report": _text(row["report_type"]),
        "refractory": refractory_class(row.get("refractory_percent")),
    }


def _characteristics(r: Review) -> list[Record]:
    words = r.contents.vocabulary
    return [{"range": f"{code}-{setting}", "study": str(row["study_id"]),
             "label": str(row["study"]), "value": float(row["value"]), "text": value_text(row)}
            for code, one in words.characteristics.items() if one.label
            for setting in words.settings
            for row in comparable(r, trait_records(r, code, setting))]


def _number(cell: Any) -> float | None:
    return None if pd.isna(cell) else float(cell)


def _text(cell: Any) -> str | None:
    return None if pd.isna(cell) else str(cell)
