"""The PRISMA 2020 flow as the CSV of the R package PRISMA2020 (Haddaway et al. 2022), both ways.

Its columns are data, node, box, description, boxtext, tooltips, url and n; a line is a box, and the
reasons of exclusion stand in one cell, "Wrong population, 60; No outcome, 50".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from review.checks.flow import REASONS
from review.checks.validate import check
from review.contents import Contents, project_contents
from review.dataset import characters, descriptor, files, freeze, replacing, schema
from review.dataset.load import Review, data_folder, find_edition, load, read_text
from review.dataset.paths import CURRENT
from review.dataset.problems import DataError, Problem, errors
from review.dataset.views import arrived
from review.update import staging
from review.update.spreadsheet import MOST_ROWS

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
    field = _form(schema.read_schema(data_folder(data))).field("data")
    r = load(edition or CURRENT, data, contents)
    rows = r.flow[r.flow["edition_id"] == r.name]
    words = pd.concat([rows, r.flow]).drop_duplicates("data")
    labels = words.set_index("data")["label"].to_dict()
    counts = {**_counted(r), **{row.data: row.n for row in rows.itertuples() if pd.notna(row.n)}}
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


def into_folder(file: Path, folder: Path, data: Path | str | None = None) -> int:
    """Writes the boxes of a file as the `flow.csv` of a folder of new rows, in place of the one
    that it has; returns how many. Raises DataError, and writes nothing, for lines that cannot be
    read."""
    data = data_folder(data)
    resources = schema.read_schema(data)
    rows = _rows(file, _form(resources), read_text(data, resources), _stem(folder))
    replacing.put(folder / resources["flow"].path, _csv(rows).encode("utf-8-sig"))
    return len(rows)


def complete(file: Path, edition: str | None = None, data: Path | str | None = None,
             contents: Contents | None = None) -> int:
    """Takes the boxes of a file into the flow of the newest edition, as far as it states none;
    returns how many came. The records that the edition states follow, and its digests.

    Raises DataError, and changes nothing, for any other edition, for a box that it states with
    another count, for lines that cannot be read, and where the dataset would have an error that it
    has not now.
    """
    data, contents = data_folder(data), contents or project_contents()
    resources = schema.read_schema(data)
    form = _form(resources)
    text = read_text(data, resources)
    chosen = find_edition(schema.typed(resources["editions"], text["editions"]), edition or CURRENT)
    name = str(chosen["edition_id"])
    if chosen["type"] != "update" or chosen["status"] != "current":
        raise DataError([Problem("flow.csv", 0, "edition_id", name, "frozen edition",
                                 f"the flow of {name} is that of a released publication",
                                 "name the newest update with --edition, or the folder of the next "
                                 "one with --into")])
    rows = _unstated(_rows(file, form, text, name, name), text["flow"], file)
    editions = text["editions"].copy()
    records = rows.loc[rows["data"] == "database_results", "n"]
    if len(records):
        editions.loc[(editions["edition_id"] == name).fillna(False), "records"] = records.iloc[0]
    joined = {**text, "flow": pd.concat([text["flow"], rows], ignore_index=True),
              "editions": editions}
    before = check(contents, resources, text, data)
    known = {(p.file, p.field, p.value, p.rule) for p in before}
    # the digests are written anew; that they were those of the rows until now is known from before
    wrong = [p for p in errors(check(contents, resources, joined, data))
             if (p.file, p.field, p.value, p.rule) not in known and p.rule not in freeze.RULES]
    if wrong := [*(p for p in errors(before) if p.rule in freeze.RULES), *wrong]:
        raise DataError(wrong)
    with staging.writing(data, name) as staged:
        new = staged / data.name
        staging.copy(data, new)
        for table in ("flow", "editions"):
            (new / resources[table].path).write_bytes(_csv(joined[table]).encode())
        freeze.record(new, [name])
        replacing.flush(new)
        replacing.exchange(new, data)
    return len(rows)


def passed_over(file: Path) -> list[str]:
    """Lines of a file that hold counts and are no boxes of ours, as their name and cell: the
    records of each database, which belong to the rows of the search."""
    told = [(line["data"].strip(), line["n"].strip()) for _, line in _lines(file)]
    return [f"{name} ({cell})" for name, cell in told
            if name in PASSED_OVER and name and re.search(r"\d", cell)]


def _form(resources: Mapping[str, schema.Resource]) -> schema.Resource:
    """The table of the flow; DataError for a review that has none."""
    if "flow" not in resources:
        raise DataError([Problem(descriptor.FILE, 0, "", "flow", "no flow",
                                 "the dataset has no table flow",
                                 "describe it there, with a column data for the boxes of PRISMA "
                                 "2020, and add flow.csv")])
    return resources["flow"]


def _stem(folder: Path) -> str:
    """What keys of a folder's rows begin with: its name, in the letters that keys have."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "update"


def _unstated(rows: pd.DataFrame, flow: pd.DataFrame, file: Path) -> pd.DataFrame:
    """The rows whose box has no count yet; DataError for one that has another."""
    stated = flow.set_index("flow_id")
    there = rows["flow_id"].isin(stated.index)
    other = rows[there & (rows["flow_id"].map(stated["n"]) != rows["n"])]
    if len(other):
        raise DataError(Problem(
            file.name, 0, "n", row.n, "stated already",
            f"{row.data} is {stated.at[row.flow_id, 'n']} in the released edition",
            "leave the line out, or put the new count into the next edition")
            for row in other.itertuples())
    return rows[~there]


def _counted(r: Review) -> dict[str, int]:
    counts = {"total_studies": len(r.studies), "total_reports": len(r.reports)}
    if r.edition["type"] == "update":
        for table in ("studies", "reports"):
            new = int(arrived(r, table).sum())
            counts |= {f"new_{table}": new, f"previous_{table}": len(r.tables[table]) - new}
    return counts


def _rows(file: Path, form: schema.Resource, text: Mapping[str, pd.DataFrame], stem: str,
          edition: str = "") -> pd.DataFrame:
    """Rows of flow.csv from a file; DataError with every line that cannot be read.

    stem: what their keys begin with. edition: the one that they belong to; empty for one that is
    accepted later.
    """
    own = text["sources"].loc[text["sources"]["type"] == "own arithmetic", "source_id"]
    source = str(own.iloc[0]) if len(own) else str(text["editions"]["source_id"].iloc[-1])
    row = partial(_row, stem, edition, source)
    lines = _lines(file)
    boxes = form.field("data").allowed
    labels = text["flow"].drop_duplicates("data", keep="last").set_index("data")["label"].to_dict()
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in lines:
        name, cell = line["data"].strip(), line["n"].strip()
        if name in PASSED_OVER:
            continue
        if name not in boxes or name in REASONS or name in seen:
            problems.append(Problem(file.name, number, "data", name, "unknown box",
                                    f"{name!r} " + ("stands twice" if name in seen else
                                                    "is no box of PRISMA 2020"),
                                    "keep one line" if name in seen else "correct the name"))
            continue
        seen.add(name)
        label = str(labels.get(name) or line.get("description") or name)
        if found := characters.breach(label, False, False):
            problems.append(Problem(file.name, number, "description", *found))
        reasons = _reasons(cell) if name in REASON_OF else []
        if reasons:
            cell = str(sum(int(n) for _, n in reasons))
            problems += [Problem(file.name, number, "n", *found) for reason, _ in reasons
                         if (found := characters.breach(reason, False, False))]
            rows += [row(f"{REASON_OF[name]}-{place}", REASON_OF[name], reason, n)
                     for place, (reason, n) in enumerate(reasons, 1)]
        if PLACEHOLDER.fullmatch(cell):
            continue
        if not re.fullmatch(r"[0-9]{1,9}", cell):
            problems.append(Problem(
                file.name, number, "n", cell, "type", f"{cell!r} is not a whole number",
                'write the count, or for excluded reports "Reason, 60; Other reason, 50"'))
            continue
        rows.append(row(name, name, label, cell))
    if not rows and not problems:
        problems.append(Problem(file.name, 0, "n", "", "no rows", "no box has a count",
                                "fill in the column n"))
    if problems:
        raise DataError(problems)
    return pd.DataFrame(rows, columns=form.names, dtype="string")


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    """(line, cells by column) of each row of the file; DataError where it cannot be read."""
    text = files.text(file, "name the CSV of PRISMA2020, saved as UTF-8")
    if text.count("\n") > MOST_ROWS:
        raise DataError([Problem(file.name, 0, "", "", "too large",
                                 f"the file has more than {MOST_ROWS:,} lines",
                                 "name the CSV of PRISMA2020, which has some fifty")])
    if long := [number for number, line in enumerate(text.split("\n"), 1)
                if len(line) > characters.LONGEST]:
        raise DataError(Problem(file.name, number, "", "", "line too long",
                                f"the line has more than {characters.LONGEST:,} characters",
                                "write the count alone, or the reasons with their counts")
                        for number in long)
    # a spreadsheet program writes semicolons where the comma is the decimal sign
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    lines: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        for cells in reader:
            if any(cells[len(header):]):
                problems.append(Problem(
                    file.name, reader.line_num, "", "", "too many cells",
                    f"the row has {len(cells)} cells under {len(header)} columns",
                    f"put a cell that has a {separator!r} into quotation marks"))
            lines.append((reader.line_num, dict(zip(header, [*cells, *[""] * len(header)],
                                                    strict=False))))
    except csv.Error as error:
        problems.append(Problem(
            file.name, reader.line_num, "", "", "unreadable", f"the row cannot be read: {error}",
            "look for a quotation mark that is opened and not closed"))
    if not problems:
        problems = [Problem(file.name, 1, name, "", "column", f"column {name} stands "
                            + ("more than once" if name in header else "nowhere"),
                            f"the columns are {', '.join(COLUMNS)}, separated by commas")
                    for name in ("data", "n") if header.count(name) != 1]
    if problems:
        raise DataError(problems)
    return lines


def _reasons(cell: str) -> list[tuple[str, str]]:
    """The reasons of a cell with their counts; none where any part of it is no reason with a count,
    or has a count in two parts ("No outcome, 1,050"), so that none is lost in silence."""
    found = [re.fullmatch(r"\s*(\S[^;]*?),\s*([0-9]{1,9})\s*", part)
             for part in cell.split(";") if part.strip()]
    if not all(found) or any(one and re.search(r"(?:^|,)\s*\d{1,3}$", one[1]) for one in found):
        return []
    return [(one[1], one[2]) for one in found if one]


def _row(stem: str, edition: str, source: str, key: str, name: str, label: str,
         n: str) -> dict[str, str]:
    return {"flow_id": f"{stem}-{key}", "edition_id": edition, "data": name, "label": label,
            "n": str(int(n)), "status": "value", "kind": "reported", "printed": n,
            "source_id": source, "locator": "Flow of the update"}


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False, lineterminator="\n"))
