"""Folders for what happens to a study after it is in: a further report, a correction, a retraction.

Each holds every row that the update takes. What stays is carried over under new keys, and what is
left to fill in is what only the person with the paper knows.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from review.dataset import characters
from review.dataset.load import data_folder, read_text
from review.dataset.problems import ReviewError
from review.dataset.schema import EXTRACTION, Resource, read_schema
from review.update import folder as folders
from review.update import lineage
from review.update.folder import Rows
from review.update.intake import GUIDE, KINDS, SUPERSEDES

CORRECTION, RETRACTION, NEWER = KINDS
HEAD = """\
# {title}

{what}

The rows stand in the workbook `{folder}.xlsx` and, the same, in the CSV files: use one of the two.
`{guide}` explains every column. Then, with this folder's path: `review validate`, `review what-if`,
and `review accept --edition`.
"""


class Unprepared(ReviewError):
    """A row, study or report that no folder can be made for; the message says why and what would
    do."""


@dataclass(frozen=True)
class Prepared:
    """What was made. files: written; todo: what is left to do, in a sentence."""

    files: list[Path]
    todo: str


@dataclass(frozen=True)
class _Dataset:
    """The dataset's tables as text, with the lines of `supersedes` that are made from them."""

    resources: Mapping[str, Resource]
    text: Mapping[str, pd.DataFrame]

    @property
    def living(self) -> list[str]:
        return [name for name, resource in self.resources.items() if resource.living]

    def row(self, table: str, key: str) -> dict[str, str]:
        """The row that counts, by its key."""
        rows = lineage.counting(self.text[table])
        found = rows[(rows[self.resources[table].primary_key[0]] == key).fillna(False)]
        return {str(name): str(cell) for name, cell in found.fillna("").iloc[0].items()}

    def check(self, table: str, key: str) -> None:
        """Refuses a key that the table has not, or that no longer counts."""
        column = self.resources[table].primary_key[0]
        rows = self.text[table]
        found = rows[(rows[column] == key).fillna(False)]
        if found.empty:
            near = difflib.get_close_matches(key, rows[column].dropna().tolist(), 3, 0.5)
            raise Unprepared(f"{key!r} is not in {table}.csv; "
                             + (f"did you mean {' or '.join(near)}?" if near else
                                f"its keys stand in the column {column}"))
        if pd.notna(gone := found["edition_superseded"].iloc[0]):
            raise Unprepared(f"{key} no longer counts since edition {gone}; "
                             + lineage.instead(self.text, table, key))

    def reports(self, study: str) -> pd.DataFrame:
        """The reports of a study that count, the newest first."""
        rows = lineage.counting(self.text["reports"])
        rows = rows[(rows["study_id"] == study).fillna(False)]
        order = rows.assign(year=pd.to_numeric(rows["year"]) if "year" in rows else 0)
        return rows.loc[order.sort_values("year", ascending=False, kind="stable").index]


def correct(table: str, key: str, output: Path | None = None, reason: str = "",
            data: Path | str | None = None) -> Prepared:
    """A folder in which another row takes the place of one, with all rows that rest on it.

    The rows stand as they are now, under new keys; the one to correct is the first of its table. A
    group keeps its place in a figure. Raises Unprepared for a table or key that cannot be
    corrected so, and FileExistsError where the folder is there.
    """
    d = _dataset(data)
    _fit_for_a_cell(reason)
    _able(d, table)
    d.check(table, key)
    owner, at = _owner(d, table, key)
    keys = lineage.resting(d.resources, d.text, owner, [at])
    rows, renamed = lineage.copies(d.resources, d.text, keys)
    for row in rows[table]:
        if row[d.resources[table].primary_key[0]] == renamed[table][key]:
            # who read and checked the wrong value did not read the right one
            row.update(dict.fromkeys(set(EXTRACTION) & set(row), ""))
    told = {(owner, at): reason, (table, key): reason}
    lines = [_line(name, old, CORRECTION, told.get(
        (name, old), f"rests on {owner}/{at}, which is corrected" if reason else ""),
        renamed[name][old]) for name, olds in keys.items() for old in olds]
    for line in lines:
        line["reason"] = line["reason"] or (
            "" if (line["resource"], line["key"]) in told
            else f"rests on {owner}/{at}, which is corrected")
    place = f"{d.resources[table].path}, row {renamed[table][key]}"
    also = sum(map(len, keys.values())) - 1
    what = (f"Write what is right into the row `{renamed[table][key]}` of `{table}`, with its "
            "source and place" + ("" if reason else ", and the reason into `supersedes`") + "."
            + (f" The other rows ({also}) rest on it and stay as they are." if also else ""))
    return _written(output or Path(f"correct-{key}"), d, f"Correction of {table}/{key}", what,
                    {**rows, "sources": rows.get("sources", [])}, lines,
                    f"correct {place}" + ("" if reason else "; give the reason in supersedes.csv"))


def _fit_for_a_cell(reason: str) -> None:
    """Raises Unprepared for a reason that no cell may hold: every row of the folder would have
    it."""
    if found := characters.breach(reason, False, False):
        _, _, message, remedy = found
        raise Unprepared(f"--reason: {message}; {remedy}")


def retract(name: str, reason: str, output: Path | None = None,
            data: Path | str | None = None) -> Prepared:
    """A folder that takes a study or a report out of the review, with all rows that rest on it.

    name: key of the study or report. reason: kept in the dataset and shown in the history. Where a
    lead report goes and the study has another, the newest of the others leads, under a new key;
    where it has none, the study goes. The appraisal of a study goes with its lead report. Raises
    Unprepared for a name that is neither.
    """
    d = _dataset(data)
    if not reason.strip():
        raise Unprepared("a retraction needs its reason: --reason TEXT")
    _fit_for_a_cell(reason)
    study = name in set(d.text["studies"]["study_id"].dropna())
    if not study and name not in set(d.text["reports"]["report_id"].dropna()):
        known = [*d.text["studies"]["study_id"].dropna(), *d.text["reports"]["report_id"].dropna()]
        near = difflib.get_close_matches(name, known, 3, 0.5)
        raise Unprepared(f"{name!r} is no study and no report of the dataset; "
                         + (f"did you mean {' or '.join(near)}?" if near
                            else "their keys stand in studies.csv and reports.csv"))
    d.check("studies" if study else "reports", name)
    output, what = output or Path(f"retract-{name}"), ""
    carried: dict[str, list[dict[str, str]]] = {}
    renamed: dict[str, dict[str, str]] = {}
    keys: dict[str, list[str]] = {}
    if not study:
        report = d.row("reports", name)
        others = d.reports(report["study_id"])
        others = others[(others["report_id"] != name).fillna(True)]
        if others.empty:
            name, study = report["study_id"], True
            what = " It was the only report of its study, which goes with it."
        elif report["lead"] == "true":
            heir = str(others["report_id"].iloc[0])
            keys = lineage.resting(d.resources, d.text, "reports", [heir])
            gone = lineage.resting(d.resources, d.text, "reports", [name])
            keys = {table: [key for key in olds if key not in gone.get(table, [])]
                    for table, olds in keys.items()}
            carried, renamed = lineage.copies(d.resources, d.text, keys)
            carried["reports"][0]["lead"] = "true"
            what = (f" {heir} leads the study now, as `{carried['reports'][0]['report_id']}`, with "
                    "its rows: look whether their `use` is right.")
    gone = lineage.resting(d.resources, d.text, "studies" if study else "reports", [name])
    if not study:
        appraised = _appraisal(d, name)
        gone |= appraised
        if appraised:
            what += (" The appraisal of the study, which had it for its lead report, goes with it: "
                     "the study counts as not appraised until another edition adds one.")
    lines = [_line(table, old, RETRACTION, reason) for table, olds in gone.items() for old in olds]
    lines += [_line(table, old, RETRACTION, f"carried over, as another report leads: {reason}",
                    renamed[table][old]) for table, olds in keys.items() for old in olds]
    n = sum(map(len, gone.values()))
    verb = "row counts" if n == 1 else "rows count"
    about = f"{n} {verb} no more with {name}.{what}"
    todo = "Nothing is left to fill in." if not what else \
        "Nothing has to be filled in, but look at what is said above."
    return _written(output, d, f"Retraction of {name}", f"{about} {todo}",
                    carried, lines, about.removesuffix("."))


def _appraisal(d: _Dataset, report: str) -> dict[str, list[str]]:
    """The appraisal of a study whose lead report goes: it judged what that report says."""
    row = d.row("reports", report)
    if row["lead"] != "true" or "quality" not in d.living:
        return {}
    rows = lineage.counting(d.text["quality"])
    keys = rows.loc[(rows["study_id"] == row["study_id"]).fillna(False), "study_id"].tolist()
    return {"quality": keys} if keys else {}


def new_report(study: str, lead: bool, output: Path | None = None,
               data: Path | str | None = None) -> Prepared:
    """A folder for a further publication of a study that is in.

    lead: whether its values stand for the study from now on. Then the rows of the lead report until
    now are in the folder under new keys, with their values: those that the new report gives anew
    are written over, the others stay. Raises Unprepared for a study that is not in.
    """
    d = _dataset(data)
    d.check("studies", study)
    reports = d.reports(study)
    taken = set(d.text["reports"]["report_id"].dropna())
    report = next(key for n in range(1, len(taken) + 2)
                  if (key := f"{study}-report-{n}") not in taken)
    source = report.replace("-report-", "-source-")
    # a review whose tables print no reports has no order of them
    place = "table_position" if "table_position" in reports else None
    last = str(int(pd.to_numeric(reports[place]).max()) + 1) if place else ""
    row = {"report_id": report, "study_id": study, "lead": str(lead).lower(), "source_id": source,
           **({place: "1" if lead else last} if place else {})}
    tables: dict[str, list[dict[str, str]]] = {
        name: [] for name, resource in d.resources.items()
        if resource.update == "template" and name not in ("studies", "quality")}
    tables["sources"], tables["reports"] = [{"source_id": source}], [row]
    lines: list[dict[str, str]] = []
    what = (f"Describe the report in `sources` and `reports` (`{report}`). Add the outcomes and "
            "characteristics that it gives; as another report leads, their `use` is context.")
    olds = reports.loc[(reports["lead"] == "true").fillna(False), "report_id"].tolist()
    if lead and olds:
        keys = lineage.resting(d.resources, d.text, "reports", olds[:1])
        rows, renamed = lineage.copies(d.resources, d.text, keys)
        for old in rows["reports"]:
            old |= {"lead": "false", **({place: last} if place else {})}
        for one in rows.get("characteristics", []):
            # what stands for a study stands on the line of its lead report
            one["report_id"] = report
        for name, more in rows.items():
            tables[name] = [*tables.get(name, []), *more]
        lines = [_line(name, old, NEWER, f"{report} leads the study", renamed[name][old])
                 for name, keys_ in keys.items() for old in keys_]
        what = (f"Describe the report in `sources` and `reports` (`{report}`). The outcomes and "
                f"characteristics below are those of {olds[0]}, which led until now. Where the new "
                f"report gives the value anew, write it over and name `{report}`, `{source}` and "
                "the place; the others stay as they are.")
    return _written(output or Path(report), d, f"A further report of {study}", what, tables, lines,
                    "fill in sources and reports, then what the report gives")


def _dataset(data: Path | str | None) -> _Dataset:
    place = data_folder(data)
    resources = read_schema(place)
    return _Dataset(resources, read_text(place, resources))


def _able(d: _Dataset, table: str) -> None:
    if table in d.living:
        return
    if table not in d.resources:
        raise Unprepared(f"there is no table {table!r}; choose from {', '.join(d.living)}")
    raise Unprepared(f"the rows of {table}.csv do not come and go with editions, so none is put in "
                     f"the place of another; edit the file, or choose from {', '.join(d.living)}")


def _owner(d: _Dataset, table: str, key: str) -> tuple[str, str]:
    """The row whose key a row has: an appraisal has that of its study, and gets a new key with
    it."""
    for field, other, _ in d.resources[table].foreign_keys:
        if field == d.resources[table].primary_key[0]:
            return other, key
    return table, key


def _line(table: str, key: str, kind: str, reason: str, successor: str = "") -> dict[str, str]:
    return {"resource": table, "key": key, "successor": successor, "kind": kind, "reason": reason}


def _written(output: Path, d: _Dataset, title: str, what: str, tables: Mapping[str, Rows],
             lines: Rows, todo: str) -> Prepared:
    ordered = {name: tables[name] for name in d.resources if name in tables}
    readme = HEAD.format(title=title, what=what, folder=output.name, guide=GUIDE)
    files = folders.write(output, readme, d.resources, {**ordered, SUPERSEDES: lines})
    return Prepared(files, todo)
