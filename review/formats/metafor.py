"""Results of the synthesis as one CSV in the layout that R's packages meta and metafor read.

One row a group and outcome. In R, of the rows of one outcome:

    d <- read.csv("meta-analysis.csv", na.strings = "NA")
    metafor::escalc(measure = "PLO", xi = xi, ni = ni, data = d)        # proportions
    meta::metaprop(xi, ni, studlab = study, data = d)
    meta::metagen(log(est), lower = log(ci.lb), upper = log(ci.ub), studlab = study,
                  data = d)                                             # medians

What is not known is NA. A limit is never a value: a group of which only limits are known has NA in
est, `status` says so, and xi is NA too unless order and whole counts leave one count (class B); an
upper end that was not reached is NA in ci.ub. Whether results may be pooled is for the report's
gate to say, not for this file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from review.audit.outcomes import outcome_rows
from review.audit.stored_rows import cell_text
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.states import VALUE
from review.formats.metafor_columns import COLUMNS, NA
from review.synthesis.knowledge import knowledge

PROPORTION = "proportion"


def text(r: Review) -> str:
    """The CSV of an edition: the groups of the synthesis, by outcome and setting."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    words = r.contents.vocabulary
    for outcome in words.outcomes:
        for setting in words.settings:
            rows = outcome_rows(r, outcome, setting).records
            writer.writerows(_filled(_result(row)) for row in rows)
    return file.getvalue()


def _result(row: Mapping[str, Any]) -> dict[str, Any]:
    rate = knowledge(row) if row["statistic"] == PROPORTION else None
    has_value, interval = row["state"] == VALUE, row["ci_status"] == "value"
    given = {name: row.get(name) for name in (
        "outcome", "setting", "study", "statistic", "unit", "design", "phase", "report_type",
        "exposure", "line", "time_zero", "locator")}
    return given | {
        "group": row["arm"], "row": row[ROW], "source": row["source_id"],
        "xi": rate.events if rate and rate.counted else None,
        "ni": row["n_total"],
        "known": rate.letter if rate else None,
        "est": row["value"] if has_value else None,
        "kind": row["kind"],
        "ci.level": row["ci_level"] if interval else None,
        "ci.lb": row["ci_low"] if interval else None,
        "ci.ub": row["ci_high"] if interval else None,
        "ci.ub.status": row["ci_high_status"] if interval else None,
        "status": row["state"],
        "refractory": row.get("refractory_percent"),
        "follow_up": row.get("follow_up_printed"),
    }


def _filled(result: Mapping[str, Any]) -> dict[str, str]:
    return {name: NA if pd.isna(value) else cell_text(value) for name, value in result.items()}
