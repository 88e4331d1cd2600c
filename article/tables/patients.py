"""Patient characteristics as far as published, from the article and from its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from article.tables.cells import value_text
from article.tables.style import plain_table
from review.audit.displays import Table
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.dataset.views import Record, as_records, described

if TYPE_CHECKING:
    from great_tables import GT

# follow-up, prior lines and the article's refractoriness stand in its own two tables
SHOWN = {
    "population_size": "Population", "age": "Age", "high_risk_cytogenetics":
    "High-risk cytogenetics", "prior_transplant": "Prior transplant", "refractory": "Refractory",
    "exposed": "Exposed", "time_off_anti_cd38": "Time off anti-CD38",
}
UNITS = {"percent": "%", "months": " months", "years": " years", "patients": " patients",
         "lines": " lines"}


def patients_rows(r: Review) -> pd.DataFrame:
    """One line a value that Tables 1 and 2 do not already print, with population and time point."""
    rows = described(r).drop(columns=[ROW, "state", "read_in"])
    rows = rows[rows["characteristic"].isin(list(SHOWN)) & rows["table"].isna()]
    order = {name: position for position, name in enumerate(SHOWN)}
    rows = rows.assign(order=rows["characteristic"].astype(str).map(order)).sort_values(
        ["setting", "study_position", "order"], kind="stable").drop(columns="order")
    return rows.reset_index(drop=True)


def draw(rows: pd.DataFrame, r: Review) -> GT:
    """A line a row, under the name of its study."""
    records = as_records(rows)
    citation = rows["source_id"].map(r.sources.set_index("source_id")["type"].astype(str))
    shown = pd.DataFrame({
        "study": rows["study"],
        "characteristic": [_what(row) for row in records],
        "value": [_value(row) for row in records],
        "population": [_population(row) for row in records],
        "source": citation.where(rows["source_id"] != "gay2025", "article"),
    })
    return plain_table(shown, "tbl-patients", group_by="study").cols_label(
        characteristic="Characteristic", value="Value", population="Population and time",
        source="Source")


def _what(row: Record) -> str:
    detail = "" if row["detail"] is None else f": {row['detail']}"
    statistic = "" if row["statistic"] in ("percent", "count") else f" ({row['statistic']})"
    return f"{SHOWN[row['characteristic']]}{detail}{statistic}"


def _value(row: Record) -> str:
    value = value_text(row)
    if row["status"] != "value" or value.endswith("%"):
        return value
    return f"{value}{UNITS[row['unit']]}"


def _population(row: Record) -> str:
    point = {"index": "before the index line", "retreatment": "at retreatment",
             "next line": "at the next line"}.get(row["exposure_point"], "time not stated")
    of = "" if row["n_total"] is None else f", of {row['n_total']}"
    return f"{row['scope']}{of}; {point}"


patients = Table("tbl-patients", "Patient characteristics", patients_rows, draw, {
    "characteristic": "", "detail": " ", "statistic": "", "status": "", "value": " ", "unit": " ",
    "spread": "", "low": " ", "high": " to ", "scope": "", "n_total": "N ",
    "exposure_point": "time "})
