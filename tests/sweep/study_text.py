"""The sections of studies, line by line against the rows: no cell of a row is lost, none is told of
another one."""

from __future__ import annotations

import re
from collections import Counter

import words as w
from reading import LABELS, Edition, Row, usual

# cells that stand elsewhere on the page, or place the row in the dataset
APART = {"source_id", "locator", "extracted_by", "extracted_on", "checked_by", "checked_on",
         "edition_added", "edition_superseded", "figure", "figure_row", "figure_row_options",
         "table", "footnote", "study_id", "report_id", "arm_id"}
RULE = {("use", "synthesis"), ("kind", "reported"), ("kind", "bound"), ("n_kind", "reported"),
        ("n_total_kind", "reported"), ("ci_status", "not reported"), ("ci_status", "value"),
        ("spread", "not reported"), ("scope", "overall"), ("exposure_point", "not stated")}
STATISTIC = {"follow_up": "median", "prior_lines": "median", "population_size": "count"}
NAMES = {**LABELS, "vgpr_or_better": "VGPR or better",
         "time_to_retreatment": "Median time to retreatment",
         "time_to_next_treatment": "Median time to next treatment",
         "duration_of_response": "Median duration of response", "adverse_event": "adverse event"}
CELL = r"\[(?P<words>.+?)\]\{#(?P<id>row-[^}]+)\}<br>\[\[(?P<key>.+?)\]\(#[^)]+\)\]\{\.row-key\}"


def index(text: str, e: Edition) -> None:
    """A line a study, with how many reports, groups and results it has."""
    lines = [w.cells(line) for line in text.splitlines() if line.startswith("| [")]
    w.same(len(lines), len(e.studies()), "index of studies, lines")
    places = {study["study_id"]: study for study in e.studies()}
    for name, setting, design, reports, groups, results, *_ in lines:
        found = w.read(r"\[(.+)\]\(#study-(.+)\)", name, "index of studies")
        study = places.pop(found[2])
        w.same((w.plain(found[1]), setting, design, reports, groups, results),
               (study["label"], _setting(study), study["design"],
                *(str(len(_rows(e, study["study_id"], table)))
                  for table in ("reports", "arms", "outcomes"))), f"index, {study['label']}")


def sections(text: str, e: Edition) -> None:
    """Every study, and in its section each of its rows with each of its cells."""
    parts = re.split(r"^### ", text, flags=re.M)[1:]
    found = {w.read(r"(.+?) \{#study-(\S+) .*", part.partition("\n")[0], "section")[2]: part
             for part in parts}
    w.same(sorted(found), sorted(study["study_id"] for study in e.studies()), "sections")
    for study in e.studies():
        _section(found[study["study_id"]], study, e)


def _section(text: str, study: Row, e: Edition) -> None:
    label, name = study["label"], study["study_id"]
    head, summary = text.split("\n\n")[:2]
    w.same(w.plain(head.partition(" {#")[0]), label, "head of a section")
    _summary(summary, study, e)
    _reports(text, study, e)
    lines = {}
    for line in text.splitlines():
        if line.startswith("| [") and (row := re.match(CELL, w.cells(line)[0])):
            lines[row["id"]] = (row, w.cells(line))
    rows = [(table, row) for table in ("arms", "outcomes", "characteristics")
            for row in _rows(e, name, table)]
    w.same(list(lines), [_anchor(table, row) for table, row in rows], f"{label}, rows")
    heads = [w.cells(line) for line in text.splitlines()
             if re.match(r"\| (Group|Result|Characteristic) \|", line)]
    shown = {"Group": "arms", "Result": "outcomes", "Characteristic": "characteristics"}
    columns = {shown[head[0]]: head for head in heads}
    for table, row in rows:
        found, cells = lines[_anchor(table, row)]
        what = f"{label}, {_key(row)}"
        w.same(w.plain(found["key"]), _key(row), what)
        told = dict(zip(columns[table][1:], cells[1:], strict=True))
        expected = {**_expected(table, row, e), "Source": _place(row, e)}
        w.same((w.plain(found["words"]), {head: w.plain(told.get(head, "")) for head in expected}),
               (_words(table, row, e), expected), what)
    _extraction(text, [row for table, row in rows if table != "arms"], label)


def _summary(text: str, study: Row, e: Edition) -> None:
    facts = [_setting(study), study["design"], *(
        f"{words}{study[field]}" for words, field in (
            ("phase ", "phase"), ("regimen ", "regimen"), ("country ", "country"))
        if study[field])]
    told = "; ".join(facts)
    start = f"[{told[:1].upper()}{told[1:]}.]{{#row-studies-{study['study_id']}}}"
    plain = w.plain(text)
    for part in (start, study["registry_id"], _line(study["note"]), f"Source: {_place(study, e)}."):
        if _line(part) not in _line(plain):
            raise w.Differs(f"{study['label']}: the section does not say {part!r}")


def _reports(text: str, study: Row, e: Edition) -> None:
    rows = _rows(e, study["study_id"], "reports")
    lines = [w.plain(line) for line in text.splitlines()
             if line.startswith("- [") and "{#row-reports-" in line]
    w.same(len(lines), len(rows), f"{study['label']}, reports")
    for line, row in zip(lines, rows, strict=True):
        start = (f"- [{_line(row['label'])}]{{#{_anchor('reports', row)}}} [@{row['citekey']}]: "
                 f"{row['type']}{', lead report' if row['lead'] == 'true' else ''}"
                 + (f", [doi:{row['doi']}](https://doi.org/{row['doi']})" if row["doi"] else "")
                 + ".")
        if not line.startswith(start):
            raise w.Differs(f"{study['label']}: a report is told as {line!r}, the row is {start!r}")


def measured(row: Row) -> str:
    """What a result is, by its own statistic."""
    name = NAMES.get(row["outcome"], row["outcome"])
    return name if usual(row) else f"{name.removeprefix('Median ')}, {row['statistic']}"


def _words(table: str, row: Row, e: Edition) -> str:
    """What names a line."""
    if table == "arms":
        return _line(row["label"])
    if table == "outcomes":
        return measured(row)
    told = row["characteristic"].replace("_", " ")
    told += f", {row['detail'].replace('_', ' ')}" if row["detail"] else ""
    return told + (f", group “{_line(e.arm[row['arm_id']]['label'])}”" if row["arm_id"] else "")


def _expected(table: str, row: Row, e: Edition) -> dict[str, str]:
    if table == "arms":
        return {"Patients": _line(row["population"]) or "–", "N": row["n_total"] or "–",
                "Details": _details(row, {_first(row), "label", "population", "n_total"}, e)}
    value, told = _value(row)
    if table == "outcomes":
        group = {"Group": _line(e.arm[row["arm_id"]]["label"])}
        return {**group, "Value": value, "Details": _details(
            row, {_first(row), "outcome", "statistic", *told}, e)}
    if row["statistic"] in (STATISTIC.get(row["characteristic"]), row["unit"]):
        told |= {"statistic"}
    return {"Value": value, "Details": _details(
        row, {_first(row), "characteristic", "detail", *told}, e)}


def _details(row: Row, told: set[str], e: Edition) -> str:
    parts = []
    study = row["study_id"] if "study_id" in row else e.arm[row["arm_id"]]["study_id"]
    if row.get("report_id") and len(_rows(e, study, "reports")) > 1:
        parts.append(f"report [@{e.report[row['report_id']]['citekey']}]")
    told = told | APART
    if row.get("low") and row.get("high"):
        parts.append(f"{row['spread'] or 'bracket'} {float(row['low']):g} to "
                     f"{float(row['high']):g}")
        told |= {"spread", "low", "high"}
    for field, cell in row.items():
        if cell and field not in told and (field, cell) not in RULE:
            number = re.fullmatch(r"-?\d+(\.\d+)?", cell) and field in NUMBERS
            parts.append(f"{field.replace('_', ' ')}: {f'{float(cell):.10g}' if number else cell}")
    return _line("; ".join(parts))


NUMBERS = {"refractory_percent", "value", "bound_low", "bound_high", "ci_level", "ci_low",
           "ci_high", "range_low", "range_high", "low", "high"}


def _value(row: Row) -> tuple[str, set[str]]:
    """The result of a row, and the fields that it tells."""
    told = {"status", "value", "unit"}
    if row["status"] == "value":
        printed = row["printed"] if re.fullmatch(r"\d+(?:[.,\u00b7]\d+)?", row["printed"]) else ""
        exact = printed and float(w.pointed(printed)) == float(row["value"])
        number = w.pointed(printed) if exact else \
            f"{float(row['value']):.2f}".rstrip("0").rstrip(".")
        told |= {"kind"} | ({"printed"} if exact and number == row["printed"] else set())
        one = row["unit"].removesuffix("s") if float(row["value"]) == 1 else row["unit"]
        parts = [f"{number}%" if row["unit"] == "percent" else f"{number} {one}"]
        if row.get("ci_low"):
            parts.append(_interval(row, told))
        if row["n"] and row["n_total"]:
            told |= {"n", "n_total"}
            apart = row["unit"] == "percent" and not w.of_the_count(row)
            parts.append(f"({row['n']}/{row['n_total']}" + (
                " patients, and the percentage has another denominator)" if apart else ")"))
        elif row["n_total"]:
            told |= {"n_total"}
            parts.append(f"(N {row['n_total']})")
        return " ".join(parts) + ("" if row["kind"] == "reported" else f", {row['kind']}"), told
    text = row["status"]
    if row.get("ci_low"):
        text += f" {_interval(row, told)}"
    if row["n_total"] and row["status"] in ("not reached", "not estimable"):
        told |= {"n_total"}
        text += f" (N {row['n_total']})"
    low, high = row["bound_low"], row["bound_high"]
    if low or high:
        told |= {"bound_low", "bound_high"}
        unit = "%" if row["unit"] == "percent" else f" {row['unit']}"
        decimals = max(w.places(low), w.places(high))
        text += f"; within {float(low):.{decimals}f} to {float(high):.{decimals}f}{unit}" \
            if low and high else f"; at {'least' if low else 'most'} {float(low or high):g}{unit}"
    return text, told


def _interval(row: Row, told: set[str]) -> str:
    told |= {"ci_level", "ci_low", "ci_high", "ci_high_status", "ci_printed"}
    low, high = w.interval_ends(row)
    return f"({float(row['ci_level']):g}% CI {low} to {high})"


def _extraction(text: str, rows: list[Row], label: str) -> None:
    """Who read and who checked how many values; that it is not recorded, where it is not."""
    told = Counter((row["extracted_by"], row["checked_by"]) for row in rows)
    said = re.search(r"\*\*Extraction:\*\* (.+)", text)
    if not rows:
        return
    for (read, checked), n in told.items():
        if not read and not checked:
            part = f"who checked {w.spelled(n)} {'value' if n == 1 else 'values'} is not recorded"
            if said is None or part not in said[1]:
                raise w.Differs(f"{label}: extraction is not told as {part!r}")
        for name in filter(None, (read, checked)):
            if said is None or name not in w.plain(said[1]):
                raise w.Differs(f"{label}: {name!r} is not named under extraction")


def _rows(e: Edition, study: str, table: str) -> list[Row]:
    if table == "outcomes":
        return [row for row in e.tables[table] if e.arm[row["arm_id"]]["study_id"] == study]
    return [row for row in e.tables[table] if row["study_id"] == study]


def _place(row: Row, e: Edition) -> str:
    if not row["source_id"]:
        return ""
    source = next(one for one in e.tables["sources"] if one["source_id"] == row["source_id"])
    return f"{_line(row['locator'])} [@{source['citekey']}]"


def _setting(study: Row) -> str:
    return {"clinical": "clinical trial", "rwe": "real-world study"}[study["setting"]]


def _first(row: Row) -> str:
    return next(iter(row))


def _key(row: Row) -> str:
    return row[_first(row)]


def _anchor(table: str, row: Row) -> str:
    return f"row-{table}-{_key(row)}"


def _line(text: str) -> str:
    return " ".join(text.split())
