"""The article's Tables 1 and 2, rebuilt line by line from typed rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from article.tables.cells import value_text
from article.tables.style import plain_table
from article.vocabulary import VOCABULARY
from review.audit.displays import Table
from review.dataset.load import PUBLISHED, Review
from review.dataset.views import Record, as_records, described_records
from review.markdown import escape
from review.report.article_references import linked

if TYPE_CHECKING:
    from great_tables import GT

DESIGNS = {
    "randomised": "Randomised trials", "single-arm": "Single-arm trials",
    "retrospective": "Retrospective", "prospective": "Prospective",
}
COLUMNS = {"follow_up": "Median follow-up (range), months",
           "prior_lines": "Median (range) prior lines",
           "refractory": "Refractory, overall population"}
LINE = ["study_id", "report_id", "design", "study", "publication", "regimen",
        *(f"{name}{part}" for name in COLUMNS for part in ("", "_notes")), "source_id", "locator"]


def draw(lines: pd.DataFrame, r: Review, setting: str) -> GT:
    """The lines of a setting, grouped by design, with the footnotes of its table."""
    label = VOCABULARY.settings[setting].table
    shown = pd.DataFrame({
        "design": lines["design"].map(DESIGNS),
        "study": lines["study"],
        "publication": lines["publication"].map(lambda text: _with_links(text, r)),
        "regimen": lines["regimen"],
        **{name: lines[name] for name in COLUMNS},
    })
    table = plain_table(shown, label, group_by="design").fmt_markdown("publication").cols_label({
        "study": "Study", "publication": "Publication", "regimen": "Retreatment regimen",
        **COLUMNS})
    if setting == "rwe":
        # few cohorts have a name; a column of its own would stand almost empty
        table = table.cols_hide("study")
    for note in r.footnotes[r.footnotes["table"] == label].itertuples():
        table = _footnote(table, lines, note)
    return table


def _footnote(table: GT, lines: pd.DataFrame, note: Any) -> GT:
    """Ties a footnote to its cells: a study's regimen, the cells that name it, else the head."""
    from great_tables import loc

    if pd.notna(note.study_id):
        rows = lines.index[(lines["study_id"] == note.study_id) & (lines["regimen"] != "")].tolist()
        return table.tab_footnote(note.text, loc.body(columns="regimen", rows=rows))
    tied = False
    for name in COLUMNS:
        marked = lines[f"{name}_notes"].str.split(";").map(lambda notes: note.footnote in notes)
        if marked.any():
            tied = True
            rows = lines.index[marked].tolist()
            table = table.tab_footnote(note.text, loc.body(columns=name, rows=rows))
    return table if tied else table.tab_footnote(note.text, loc.column_labels(columns="regimen"))


def lines_of(r: Review, setting: str) -> pd.DataFrame:
    """The included studies of a setting, one line a printed publication label."""
    label = VOCABULARY.settings[setting].table
    cells_of: dict[str, list[Record]] = {}
    for cell in described_records(r):
        # a later edition's cell needs no place in a printed table
        printed = cell["table"] == label or (cell["table"] is None
                                             and cell["edition_added"] != PUBLISHED)
        if printed and cell["use"] == "synthesis":
            cells_of.setdefault(cell["study_id"], []).append(cell)
    lines = []
    studies = r.studies[r.studies["setting"] == setting].sort_values(
        "table_position", kind="stable")
    reports = as_records(r.reports.sort_values("table_position", kind="stable"))
    arms, labels = ({row[key]: row["label"] for row in rows} for key, rows in (
        ("arm_id", as_records(r.arms)), ("report_id", reports)))
    for study in as_records(studies):
        publications: dict[str, list[Record]] = {}
        for report in reports:
            if report["study_id"] == study["study_id"]:
                publications.setdefault(report["label"], []).append(report)
        for position, group in enumerate(publications.values()):
            first = position == 0
            own = [report["report_id"] for report in group]
            here = [cell for cell in cells_of.get(study["study_id"], [])
                    if (first if cell["report_id"] is None else cell["report_id"] in own)]
            line = {
                "study_id": study["study_id"], "report_id": ";".join(own),
                "design": study["design"], "study": _name(study) if first else "",
                "publication": _publication(group, study if first else None),
                "regimen": study["regimen"] if first else "",
            }
            for name in COLUMNS:
                of = [row for row in here if row["characteristic"] == name]
                line[name] = "; ".join(
                    _cell(row, arms, len(of) > 1) + _elsewhere(row, labels) for row in of)
                line[f"{name}_notes"] = ";".join(
                    row["footnote"] for row in of if row["footnote"] is not None)
            line["source_id"] = study["source_id"]
            line["locator"] = study["locator"]
            lines.append(line)
    return pd.DataFrame(lines, columns=LINE)


def _publication(reports: list[Record], study: Record | None) -> str:
    """Printed label with reference numbers; a cohort's name leads its first line."""
    numbers = ", ".join(str(report["ref"]) for report in reports if report["ref"] is not None)
    label = reports[0]["label"] + (f" [{numbers}]" if numbers else "")
    named = study is not None and study["setting"] == "rwe" and study["acronym"] is not None
    return f"{study['acronym']}: {label}" if study and named else label


def _with_links(publication: str, r: Review) -> str:
    """The words of a publication as Markdown, its reference numbers as links to their entries."""
    return re.sub(r"\\\[([\d, ]+)\\\]", lambda found: f"\\[{linked(found[1], r)}\\]",
                  escape(publication))


def _name(study: Record) -> str:
    phase = None if study["phase"] is None else f"phase {study['phase']}"
    parts = (study["acronym"], study["registry_id"], phase)
    return ", ".join(dict.fromkeys(part for part in parts if part is not None))


def _cell(row: Record, arms: Mapping[str, str], several: bool) -> str:
    # a cell for one group of the line names it by what sets it apart, the bracket of its label
    label = "" if row["arm_id"] is None else arms[row["arm_id"]]
    group = re.search(r"\(([^()]*)\)$", label)
    name = group[1] if group else label if several else ""
    return f"{name}: {value_text(row)}" if name else value_text(row)


def _elsewhere(row: Record, labels: Mapping[str, str]) -> str:
    """The report that a cell was read in, where it stands in the line of another."""
    if row["report_id"] is None or row["read_in"] == row["report_id"]:
        return ""
    return f", in {labels.get(row['read_in'], 'an earlier report')}"


def _table(label: str, title: str, setting: str) -> Table:
    """Table 1 or 2 of the article."""
    return Table(label, title, partial(lines_of, setting=setting), partial(draw, setting=setting))


clinical = _table("tbl-clinical", "Included clinical trials", "clinical")
rwe = _table("tbl-rwe", "Included real-world studies", "rwe")
