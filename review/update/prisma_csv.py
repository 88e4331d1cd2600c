"""The PRISMA 2020 flow as the CSV of the R package PRISMA2020 (Haddaway et al. 2022), both ways.

Its columns are data, node, box, description, boxtext, tooltips, url and n; a line is a box, and the
reasons of exclusion stand in one cell, "Wrong population, 60; No outcome, 50".
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from pathlib import Path

import pandas as pd

from review.checks.flow import REASONS
from review.checks.validate import check
from review.contents import Contents, project_contents
from review.dataset import schema
from review.dataset.load import Review, data_folder, find_edition, load, read_text
from review.dataset.paths import CURRENT
from review.dataset.problems import DataError, Problem, errors
from review.dataset.views import arrived

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
# headings and lists of the package's file that are no boxes of ours
PASSED_OVER = ("identification", "screening", "included", "prevstud", "newstud", "othstud",
               "database_specific_results", "register_specific_results", "NA", "")
PLACEHOLDER = re.compile(r"x+|na|n/a|", re.I)
REASON_OF = {box: reason for reason, box in REASONS.items()}


def export(edition: str | None = None, data: Path | str | None = None,
           contents: Contents | None = None) -> str:
    """The flow of an edition as CSV; boxes without a count are empty. Totals, previous and new
    studies and reports are counted from the rows where the flow does not state them."""
    r = load(edition or CURRENT, data, contents)
    rows = r.flow[r.flow["edition_id"] == r.name]
    words = pd.concat([rows, r.flow]).drop_duplicates("data")
    labels = words.set_index("data")["label"].to_dict()
    counts = {**_counted(r), **{row.data: row.n for row in rows.itertuples() if pd.notna(row.n)}}
    field = schema.read_schema(r.data)["flow"].field("data")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in field.allowed:
        if name in REASONS:
            continue
        told = "; ".join(f"{row.label}, {row.n}" for row in rows.itertuples()
                         if row.data == REASON_OF.get(name) and pd.notna(row.n))
        label = str(labels.get(name, name.replace("_", " ").capitalize()))
        n = told or counts.get(name, "")
        writer.writerow([name, "", name, label, label, label, "", n])
    return text.getvalue()


def import_(file: Path, edition: str | None = None, data: Path | str | None = None,
            contents: Contents | None = None) -> int:
    """Takes the boxes of a file as the flow of an edition, in place of those it has; returns how
    many. The records that the edition states follow.

    Raises DataError, and changes nothing, for the published edition, for lines that cannot be read,
    and where the dataset would have an error that it has not now.
    """
    folder, contents = data_folder(data), contents or project_contents()
    resources = schema.read_schema(folder)
    text = read_text(folder, resources)
    typed = schema.typed(resources["editions"], text["editions"])
    chosen = find_edition(typed, edition or CURRENT)
    name = str(chosen["edition_id"])
    if chosen["type"] != "update":
        raise DataError([Problem("flow.csv", 0, "edition_id", name, "frozen edition",
                                 f"the flow of {name} is that of a released publication",
                                 "name an update with --edition")])
    rows = _rows(file, chosen, resources["flow"], text["flow"])
    others = text["flow"][(text["flow"]["edition_id"] != name).fillna(True)]
    joined = {**text, "flow": pd.concat([others, rows], ignore_index=True)}
    records = rows.loc[rows["data"] == "database_results", "n"]
    editions = text["editions"].copy()
    here = (editions["edition_id"] == name).fillna(False)
    if len(records) and pd.notna(records.iloc[0]):
        editions.loc[here, "records"] = records.iloc[0]
    joined["editions"] = editions
    known = {(p.file, p.field, p.value, p.rule) for p in check(contents, resources, text, folder)}
    wrong = [p for p in errors(check(contents, resources, joined, folder))
             if (p.file, p.field, p.value, p.rule) not in known]
    if wrong:
        raise DataError(wrong)
    for table in ("flow", "editions"):
        _replace(folder / resources[table].path, joined[table])
    return len(rows)


def _counted(r: Review) -> dict[str, int]:
    counts = {"total_studies": len(r.studies), "total_reports": len(r.reports)}
    if r.edition["type"] == "update":
        for table in ("studies", "reports"):
            new = int(arrived(r, table).sum())
            counts |= {f"new_{table}": new, f"previous_{table}": len(r.tables[table]) - new}
    return counts


def _rows(file: Path, edition: pd.Series, form: schema.Resource,
          known: pd.DataFrame) -> pd.DataFrame:
    """Rows of flow.csv from a file; DataError with every line that cannot be read."""
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem(file.name, 0, "", "", "unreadable", f"cannot be read: {error}",
                                 "name the CSV of PRISMA2020, saved as UTF-8")]) from None
    reader = csv.DictReader(io.StringIO(content, newline=""))
    if missing := {"data", "n"} - set(reader.fieldnames or ()):
        raise DataError([Problem(file.name, 1, "", "", "missing column",
                                 f"column {' and '.join(sorted(missing))} is missing",
                                 f"the columns are {', '.join(COLUMNS)}")])
    boxes = form.field("data").allowed
    labels = known.drop_duplicates("data").set_index("data")["label"].to_dict()
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for line in reader:
        name, cell = (line["data"] or "").strip(), (line["n"] or "").strip()
        if name in PASSED_OVER:
            continue
        if name not in boxes or name in REASONS or name in seen:
            problems.append(Problem(file.name, reader.line_num, "data", name, "unknown box",
                                    f"{name!r} " + ("stands twice" if name in seen else
                                                    "is no box of PRISMA 2020"),
                                    "keep one line" if name in seen else "correct the name"))
            continue
        seen.add(name)
        label = str(labels.get(name) or line.get("description") or name)
        reasons = re.findall(r"\s*([^;]+?),\s*(\d+)\s*(?:;|$)", cell) if name in REASON_OF else []
        if reasons:
            cell = str(sum(int(n) for _, n in reasons))
            rows += [_row(edition, f"{REASON_OF[name]}-{place}", REASON_OF[name], reason, n, file)
                     for place, (reason, n) in enumerate(reasons, 1)]
        if PLACEHOLDER.fullmatch(cell):
            continue
        if not re.fullmatch(r"[0-9]+", cell):
            problems.append(Problem(
                file.name, reader.line_num, "n", cell, "type", f"{cell!r} is not a whole number",
                'write the count, or for excluded reports "Reason, 60; Other reason, 50"'))
            continue
        rows.append(_row(edition, name, name, label, cell, file))
    if not rows and not problems:
        problems.append(Problem(file.name, 0, "n", "", "no rows", "no box has a count",
                                "fill in the column n"))
    if problems:
        raise DataError(problems)
    return pd.DataFrame(rows, columns=form.names, dtype="string")


def _row(edition: pd.Series, key: str, name: str, label: str, n: str,
         file: Path) -> dict[str, str]:
    return {"flow_id": f"{edition['edition_id']}-{key}", "edition_id": str(edition["edition_id"]),
            "data": name, "label": label, "n": str(int(n)), "status": "value", "kind": "reported",
            "printed": n, "source_id": str(edition["source_id"]),
            "locator": f"Flow of the update, {file.name}"}


def _replace(path: Path, table: pd.DataFrame) -> None:
    """Writes a table whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(table.to_csv(index=False, lineterminator="\n").encode())
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
