"""A folder of new rows, read: its tables from CSV files or from a workbook.

A folder made by `review new-study` and its like holds both forms with the same rows. The form that
somebody filled in counts; `template.sha256`, the digests of the files as they were made, tells
which that is.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from review.dataset import schema
from review.dataset.load import data_folder
from review.dataset.problems import DataError, Problem, errors
from review.update import spreadsheet, workbook

SUPERSEDES = "supersedes"
SUPERSEDES_FILE = f"{SUPERSEDES}.csv"
# made with the template for the reader; no rows
GUIDE = "fields.csv"
# digests of the template's files as they were made, in the form of sha256sum
MADE = "template.sha256"
# files of spreadsheet programs that are not read
OTHER_SPREADSHEETS = (
    ".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".xlam", ".fods", ".ots", ".sxc",
    ".numbers", ".gsheet", ".wps", ".et", ".dif", ".slk", ".sylk", ".wk1", ".wks", ".123", ".qpw")
# files of reference managers that are not read
OTHER_CITATIONS = (".nbib", ".enw", ".ciw", ".xml", ".rdf", ".enl", ".json")
KINDS = ("correction", "retraction", "newer report")


@dataclass(frozen=True)
class NewRows(Mapping[str, pd.DataFrame]):
    """The tables of a folder, as text in the dataset's columns and notation, by resource.

    `supersedes` among them names the rows that the new ones take the place of. files: where each
    table was read, as problems name it ("outcomes.csv", "smith-2026.xlsx/outcomes"). warnings: what
    was read in a way that the reader should know of.
    """

    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


def read_folder(folder: Path | str, data: Path | str | None = None) -> NewRows:
    """The tables of a folder of new rows, as text in the dataset's columns and in its notation.

    folder: one CSV file a resource, named as in the dataset, or a workbook (.xlsx or .ods) with a
    sheet a resource, and perhaps supersedes.csv (resource, key, successor, kind, reason: rows that
    count no more). Each frame is indexed so that `schema.line` gives a row's line in its file;
    empty cells are <NA>, blank rows are gone. Numbers have decimal points and truths are true or
    false, whatever the spreadsheet made of them. Raises DataError with everything that cannot be
    read with certainty.
    """
    folder = Path(folder)
    resources = schema.read_schema(data_folder(data))
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    files: dict[str, str] = {}
    for path in _chosen(folder, resources, problems):
        read = workbook.read(path, _sheets(resources), problems) \
            if path.suffix.lower() in workbook.FORMATS else _read_csv(path, resources, problems)
        for name, (file, table) in read.items():
            if name not in tables:
                tables[name], files[name] = table, file
            elif len(table) and len(tables[name]):
                problems.append(Problem(
                    file, 0, "", "", "table given twice", f"{files[name]} has rows of this table "
                    "too", "keep one of the two"))
            elif len(table):
                tables[name], files[name] = table, file
    if not errors(problems) and not any(len(table) for table in tables.values()):
        able = ", ".join(resource.path for resource in resources.values() if resource.update)
        problems.append(Problem(folder.name, 0, "", "", "no rows", "the folder holds no rows",
                                f"fill in its tables: {', '.join(sorted(able.split(', ')))}"))
    if errors(problems):
        raise DataError(problems)
    return NewRows(tables, files, tuple(problems))


def supersedes() -> schema.Resource:
    """The table of a folder that names rows of the dataset which count no more."""
    about = {
        "resource": ("Table of the row that counts no more.", "outcomes", True),
        "key": ("Key of that row.", "smith-2020-outcome", True),
        "successor": ("Key of the row of this folder that takes its place; empty where none does.",
                      "smith-2020-outcome-v2", False),
        "kind": ("Why it counts no more: correction, retraction or newer report. Empty is "
                 "correction.", "correction", False),
        "reason": ("The reason, in a sentence for the history of editions.",
                   "The table of the full article gives 3.2", True),
    }
    fields = tuple(schema.Field(
        name, "string", text, example, "",
        {**({"required": True} if required else {}),
         **({"enum": list(KINDS)} if name == "kind" else {})})
        for name, (text, example, required) in about.items())
    return schema.Resource(SUPERSEDES, SUPERSEDES_FILE, "Rows that count no more", "", fields,
                           ("resource", "key"), ())


def digests(files: Mapping[str, bytes]) -> str:
    """The text of `template.sha256`."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n"
                   for name, content in sorted(files.items()))


def _chosen(folder: Path, resources: Mapping[str, schema.Resource],
            problems: list[Problem]) -> list[Path]:
    """The files that hold the folder's rows; what cannot be read goes to `problems`."""
    known = {resource.path: resource for resource in resources.values()}
    csv: list[Path] = []
    books: list[Path] = []
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name == GUIDE or path.name.startswith((".", "~")):
            continue
        named = path.name == SUPERSEDES_FILE or path.name in known
        if not path.is_file():
            if named or suffix in (*workbook.FORMATS, ".bib", ".ris"):
                problems.append(Problem(path.name, 0, "", "", "no file",
                                        "it is a folder or a link that leads nowhere, not a file",
                                        "put the file itself there, or remove it"))
        elif suffix in workbook.FORMATS:
            books.append(path)
        elif suffix in OTHER_SPREADSHEETS:
            problems.append(Problem(
                path.name, 0, "", "", "spreadsheet format", f"{suffix} files are not read",
                "save it as .xlsx or .ods (File, Save as), or each sheet as CSV UTF-8 under the "
                "name of its table, and remove this file"))
        elif suffix in OTHER_CITATIONS:
            problems.append(Problem(
                path.name, 0, "", "", "citation format", f"{suffix} files are not read",
                "export the citation as BibTeX (.bib) or RIS (.ris), and remove this file"))
        elif named and (path.name == SUPERSEDES_FILE or known[path.name].update):
            csv.append(path)
        elif suffix in (".csv", ".tsv", ".txt"):
            problems.append(_unknown(path, known))
    return _filled(folder, csv, books, problems)


def _filled(folder: Path, csv: list[Path], books: list[Path],
            problems: list[Problem]) -> list[Path]:
    """The form that was filled in, where the template offers two."""
    if not csv or not books:
        return [*csv, *books]
    made = _made(folder)
    touched = [[path for path in form
                if hashlib.sha256(path.read_bytes()).hexdigest() != made.get(path.name)]
               for form in (csv, books)]
    # the counts of a search come in a file of their own, whichever form the study is in
    asked = [path for path in touched[0] if path.name in made]
    if not made or (asked and touched[1]):
        problems.append(Problem(
            books[0].name, 0, "", "", "filled in twice",
            f"rows stand in it and in {listed_names(asked or csv)}",
            "keep them in one form: move this file out of the folder, or the CSV files"))
        return []
    return [*(path for path in csv if path.name not in made), *books] if touched[1] else csv


def listed_names(paths: list[Path]) -> str:
    """Names of files in words, at most three of them."""
    names = [path.name for path in paths]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _made(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / MADE).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}


def _sheets(resources: Mapping[str, schema.Resource]) -> dict[str, schema.Resource]:
    """What a workbook may have a sheet of, by the sheet's name."""
    able = {name: resource for name, resource in resources.items() if resource.update}
    return {**able, SUPERSEDES: supersedes()}


def _read_csv(path: Path, resources: Mapping[str, schema.Resource],
              problems: list[Problem]) -> dict[str, tuple[str, pd.DataFrame]]:
    resource = next(one for one in (*resources.values(), supersedes()) if one.path == path.name)
    resource = replace(resource, path=path.name)
    return {resource.name: (path.name, spreadsheet.read(path, resource, problems))}


def _unknown(path: Path, known: Mapping[str, schema.Resource]) -> Problem:
    if path.name in known:
        return Problem(path.name, 0, "", "", "table not extended",
                       "this table is not extended by new studies", "remove the file")
    able = [name for name, resource in known.items() if resource.update]
    near = difflib.get_close_matches(path.name, [*able, SUPERSEDES_FILE], 1)
    return Problem(path.name, 0, "", "", "unknown table", "no table of the dataset has this name",
                   f"rename it to {near[0]}" if near else "remove it")
