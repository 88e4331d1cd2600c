"""The cells of every table and the boxes of the flow diagram, recomputed from the CSV files."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import words as w
from reading import Edition, Row

Line = tuple[str, ...]
TITLES = {"clinical": "Clinical trials", "rwe": "Real-world studies"}
DESIGNS = {"randomised": "Randomised trials", "single-arm": "Single-arm trials",
           "retrospective": "Retrospective", "prospective": "Prospective"}
MISSING = {"not reached": "not reached", "not estimable": "not estimable", "not reported": "NR",
           "not applicable": "n/a", "not transcribed": "not transcribed"}
UNITS = {"percent": "%", "months": " months", "years": " years", "patients": " patients",
         "lines": " lines"}
CELLS = ("follow_up", "prior_lines", "refractory")
SHOWN = {"population_size": "Population", "age": "Age",
         "high_risk_cytogenetics": "High-risk cytogenetics",
         "prior_transplant": "Prior transplant", "refractory": "Refractory", "exposed": "Exposed",
         "time_off_anti_cd38": "Time off anti-CD38"}
CHECKS = {"retreated_share": "share or separate report, per study",
          "retreated_count": "patients in the largest retreated group, per study",
          "eligible_outcome": "an outcome row of this kind, per study",
          "design": "design of the study", "anti_cd38": "a retreatment group, per study"}
FLOW = ("database_results", "register_results", "duplicates", "excluded_automatic",
        "excluded_other", "website_results", "organisation_results", "citations_results",
        "records_screened", "records_excluded", "dbr_sought_reports", "dbr_notretrieved_reports",
        "other_sought_reports", "other_notretrieved_reports", "dbr_assessed", "dbr_excluded",
        "other_assessed", "other_excluded", "included_databases", "included_other",
        "included_conferences", "included_registers", "included_citations", "new_studies",
        "new_reports", "previous_studies", "previous_reports", "withdrawn_studies",
        "withdrawn_reports", "total_studies", "total_reports")


class Cells(HTMLParser):
    """The lines of a table's body, the heading of the group before each, and the footnotes."""

    def __init__(self, html: str):
        super().__init__()
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self._group, self._row, self._text, self._skip, self._in = "", [], None, 0, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if "gt_footnote_marks" in classes:
            self._skip = 1
        elif tag in ("tbody", "tfoot", "thead"):
            self._in = tag
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._skip:
            self._skip = 0
        elif tag in ("td", "th") and self._text is not None:
            self._row.append(" ".join(self._text.split()))
            self._text = None
        elif tag == "tr" and self._in == "tbody":
            if len(self._row) == 1:
                self._group = self._row[0]
            elif self._row:
                self.lines.append((self._group, *self._row))
        elif tag == "tr" and self._in == "tfoot":
            self.notes += self._row

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._skip:
            self._text += data


def table(html: str, e: Edition, label: str) -> None:
    """Every line and footnote of a table, in order within its groups."""
    found = Cells(html)
    expected = [tuple(" ".join(cell.split()) for cell in line) for line in EXPECTED[label](e)]
    heads = dict.fromkeys(line[0] for line in expected)
    grouped = [line for head in heads for line in expected if line[0] == head]
    w.same(len(found.lines), len(grouped), f"{label}, lines")
    for shown, line in zip(found.lines, grouped, strict=True):
        w.same(shown, line, label)
    notes = [" ".join(note["text"].split()) for note in e.tables["footnotes"]
             if note["table"] == label and note["study_id"] in (*e.study, "")]
    missing = [note for note in notes if not any(note in one for one in found.notes)]
    if label in ("tbl-clinical", "tbl-rwe") and expected:
        w.same(missing, [], f"{label}, footnotes")


def _number(cell: str) -> str:
    return f"{float(cell):g}"


def said(row: Row) -> str:
    """What a row of characteristics says, as printed where it is."""
    if row["status"] == "value" or row["kind"] == "bound":
        limits = [f"{sign}{_number(end)}" for sign, end in (
            ("≥", row["bound_low"]), ("≤", row["bound_high"])) if end]
        return w.pointed(row["printed"]) or (
            _number(row["value"]) if row["value"] else ", ".join(limits))
    return MISSING[row["status"]]


def included(e: Edition, setting: str) -> list[Line]:
    lines = []
    for study in sorted(e.studies(setting), key=lambda row: int(row["table_position"])):
        reports: dict[str, list[Row]] = {}
        for row in sorted((one for one in e.tables["reports"]
                           if one["study_id"] == study["study_id"]),
                          key=lambda row: int(row["table_position"])):
            reports.setdefault(row["label"], []).append(row)
        for place, (label, group) in enumerate(reports.items()):
            numbers = ", ".join(row["ref"] for row in group if row["ref"])
            name = label + (f" [{numbers}]" if numbers else "")
            first = place == 0
            names = dict.fromkeys(one for one in (
                study["acronym"], study["registry_id"],
                f"phase {study['phase']}" if study["phase"] else "") if one)
            head = [", ".join(names) if first else ""] if setting == "clinical" else []
            if first and setting == "rwe" and study["acronym"]:
                name = f"{study['acronym']}: {name}"
            ids = {row["report_id"] for row in group} | ({""} if first else set())
            lines.append((DESIGNS[study["design"]], *head, name,
                          study["regimen"] if first else "",
                          *(_cell(e, study, ids, one) for one in CELLS)))
    return lines


def _cell(e: Edition, study: Row, reports: set[str], name: str) -> str:
    rows = [row for row in e.tables["characteristics"]
            if row["study_id"] == study["study_id"] and row["report_id"] in reports
            and row["characteristic"] == name and row["use"] == "synthesis"
            and (row["table"] == f"tbl-{study['setting']}"
                 or (not row["table"] and row["edition_added"] != "published"))]
    parts = []
    for row in rows:
        label = e.arm[row["arm_id"]]["label"] if row["arm_id"] else ""
        bracket = re.search(r"\(([^()]*)\)$", label)
        owner = bracket[1] if bracket else label if len(rows) > 1 else ""
        text = said(row) + elsewhere(e, row)
        parts.append(f"{owner}: {text}" if owner else text)
    return "; ".join(parts)


def elsewhere(e: Edition, row: Row) -> str:
    """How a cell that stands under one report and is from the document of another says so."""
    if not row["report_id"] or e.report[row["report_id"]]["source_id"] == row["source_id"]:
        return ""
    names = [one["label"] for one in e.tables["reports"] if one["study_id"] == row["study_id"]
             and one["source_id"] == row["source_id"]]
    return "" if not names else f", in {names[0]}" if len(names) == 1 else ", in an earlier report"


def patients(e: Edition) -> list[Line]:
    rows = [row for row in e.tables["characteristics"]
            if row["characteristic"] in SHOWN and not row["table"]]
    order = list(SHOWN)
    rows.sort(key=lambda row: (e.study[row["study_id"]]["setting"],
                               int(e.study[row["study_id"]]["table_position"]),
                               order.index(row["characteristic"])))
    kinds = {row["source_id"]: row["type"] for row in e.tables["sources"]}
    points = {"index": "before the index line", "retreatment": "at retreatment",
              "next line": "at the next line"}
    lines = []
    for row in rows:
        what = SHOWN[row["characteristic"]] + (f": {row['detail']}" if row["detail"] else "") + (
            "" if row["statistic"] in ("percent", "count") else f" ({row['statistic']})")
        value = said(row)
        if row["status"] == "value" and not value.endswith("%"):
            value += UNITS[row["unit"]]
        size = f", of {row['n_total']}" if row["n_total"] else ""
        source = "article" if row["source_id"] == "gay2025" else kinds[row["source_id"]]
        lines.append((e.study[row["study_id"]]["label"], what, value, f"{row['scope']}{size}; "
                      + points.get(row["exposure_point"], "time not stated"), source))
    return lines


def quality(e: Edition) -> list[Line]:
    known = {row["study_id"]: row for row in e.tables["quality"]}
    lines = []
    for setting in TITLES:
        for study in sorted(e.studies(setting), key=lambda row: int(row["table_position"])):
            row = known.get(study["study_id"])
            kinds = sorted({one["type"] for one in e.tables["reports"]
                            if one["study_id"] == study["study_id"]})
            answer = {"true": "✓ yes", "false": "– no"}.get(row["appraised"] if row else "",
                                                            "? not known")
            lines.append((TITLES[setting], study["label"], ", ".join(kinds),
                          answer + (f" ({row['kind']})" if row else ""),
                          row["rating_status"] if row else "no appraisal recorded"))
    return lines


def search(e: Edition) -> list[Line]:
    names = {row["edition_id"]: row["name"] for row in e.every["editions"]}
    rows = sorted(e.tables["search"], key=lambda row: e.places[row["edition_id"]])
    return [(names[row["edition_id"]], row["name"], row["type"],
             row["from_year"] or ("inception" if row["type"] == "database" else "not stated"),
             row["to_date"] or row["to_year"] or "not stated", row["hits"] or row["hits_status"])
            for row in rows]


def editions(e: Edition) -> list[Line]:
    boxes = {(row["edition_id"], row["data"]): row["n"] for row in e.tables["flow"] if row["n"]}
    states = {"records": "database_results", "reports": "total_reports",
              "studies": "total_studies", "clinical": "", "rwe": ""}
    return [("", row["name"], row["search_to"], row["released_on"] or "not known",
             *(row[name] or boxes.get((row["edition_id"], box)) or "not stated"
               for name, box in states.items()), row["status"])
            for row in sorted(e.every["editions"], key=lambda row: int(row["position"]))]


def abbreviations(e: Edition) -> list[Line]:
    rows = sorted(e.tables["abbreviations"], key=lambda row: row["abbreviation"].casefold())
    return [("", row["abbreviation"], row["meaning"]) for row in rows]


def criteria(e: Edition) -> list[Line]:
    """Criteria that differ in their words alone share a line; one with a remark keeps its own."""
    lines: dict[Any, list[str]] = {}
    for place, row in enumerate(e.tables["eligibility"]):
        check = CHECKS.get(row["checked_by"], "needs a reader")
        own = place if ";" in row["criterion"] else -1
        words = row["criterion"]
        key = (row["element"], row["direction"], check, own)
        further = key in lines
        lines.setdefault(key, []).append(words[0].lower() + words[1:] if further else words)
    return [(element, direction, "; ".join(words), check)
            for (element, direction, check, _), words in lines.items()]


EXPECTED: dict[str, Callable[[Edition], list[Line]]] = {
    "tbl-clinical": lambda e: included(e, "clinical"), "tbl-rwe": lambda e: included(e, "rwe"),
    "tbl-patients": patients, "tbl-quality": quality, "tbl-search": search,
    "tbl-editions": editions, "tbl-abbreviations": abbreviations, "tbl-picos": criteria,
}


def flow(rows: list[dict[str, Any]], e: Edition) -> None:
    """Every box: its count, or why there is none; what follows from the rows is counted."""
    given = {row["data"]: row for row in e.tables["flow"] if row["edition_id"] == e.key}
    counts = counted(e)
    expected = []
    for name in FLOW:
        row = given.get(name)
        if row and row["status"] == "not applicable":
            continue
        if row:
            n, kind, status = row["n"], row["kind"], row["status"]
        elif name in counts:
            n, kind, status = str(counts[name]), "derived", "value"
        elif name.startswith(("previous_", "new_", "withdrawn_")):
            continue
        else:
            n, kind, status = "", "reported", "not reported"
        expected.append((name, n, kind, status, f"n = {n}" if status == "value" else status))
    found = [(row["data"], "" if row["n"] is None else str(row["n"]), row["kind"], row["status"],
              row["text"]) for row in rows]
    w.same(found, expected, "flow")


def counted(e: Edition) -> dict[str, int]:
    """Boxes that follow from the rows of this edition and of the one before."""
    counts = {}
    for table_, key in (("studies", "study_id"), ("reports", "citekey")):
        now = {row[key] for row in e.tables[table_]}
        if e.before:
            was = {row[key] for row in e.of(table_, e.before)}
            counts |= {f"previous_{table_}": len(was), f"new_{table_}": len(now - was)}
            if was - now:
                counts[f"withdrawn_{table_}"] = len(was - now)
        counts[f"total_{table_}"] = len(now)
    return counts


def flow_words(text: str, e: Edition, rows: list[dict[str, Any]]) -> None:
    """The words of the diagram name each count and each box without one."""
    for row in rows:
        told = f"{row['label']} {row['n']}" if row["status"] == "value" else row["label"]
        if told not in text:
            raise w.Differs(f"words of the flow: do not tell {told!r}")
