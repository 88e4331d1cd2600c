"""A workbook, .xlsx or .ods, read sheet by sheet as if each were the CSV file of its table.

Only values are read: a formula shows another number on the next computer, and a link to another
workbook leads out of the folder, so both are refused with the cell and the remedy.
"""

from __future__ import annotations

import datetime
import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from review.dataset import schema
from review.dataset.problems import Problem, errors
from review.update import sheet_marks, spreadsheet
from review.update.spreadsheet import LARGEST, MOST_ROWS

FORMATS = (".xlsx", ".ods")
# sheets of the template that hold no rows
HELP_SHEETS = ("words", "read me")
MOST_COLUMNS = 500
# a sheet is what follows the header: (line as the program numbers it, cells as text)
Lines = list[tuple[int, list[str]]]


def read(path: Path, sheets: Mapping[str, schema.Resource],
         problems: list[Problem]) -> dict[str, tuple[str, pd.DataFrame]]:
    """The tables of a workbook by resource: how problems name the sheet, and its rows as
    `spreadsheet.table` gives them. sheets: the tables it may have, by name. What cannot be read
    goes to `problems`.
    """
    try:
        content = path.read_bytes()
        if wrong := _unsafe(path, content):
            problems.append(wrong)
            return {}
        found = _xlsx(path, content, problems) if path.suffix.lower() == ".xlsx" else \
            _ods(path, content, problems)
        known = {name.casefold(): name for name in sheets}
        tables: dict[str, tuple[str, pd.DataFrame]] = {}
        for title, lines in found:
            name = known.get(title.strip().casefold().removesuffix(".csv"))
            file = f"{path.name}/{title}"
            if not lines or title.strip().casefold() in HELP_SHEETS:
                continue
            if name is None:
                problems.append(_unknown(file, title, list(sheets)))
            elif name in tables:
                problems.append(Problem(file, 0, "", "", "table given twice",
                                        f"{tables[name][0]} is a sheet of this table too",
                                        "keep one of the two"))
            else:
                tables[name] = file, spreadsheet.table(file, sheets[name], lines, problems)
        return tables
    except Exception as error:
        # a damaged file raises whatever the library happens to trip over
        reason = str(error).partition("\n")[0] or type(error).__name__
        problems.append(Problem(path.name, 0, "", "", "unreadable", f"cannot be read: {reason}",
                                "open it with a spreadsheet program and save it again as .xlsx"))
        return {}


def _unsafe(path: Path, content: bytes) -> Problem | None:
    """Why a workbook is not opened: no workbook, too large once unpacked, with a password."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return Problem(path.name, 0, "", "", "unreadable",
                       "it is protected by a password, or an old .xls file under a new name",
                       "save it as .xlsx without a password")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return Problem(path.name, 0, "", "", "unreadable", f"it is no {path.suffix.lower()} file",
                       "save it with a spreadsheet program as .xlsx or .ods")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        names = archive.namelist()
        declaring = [] if unpacked > LARGEST else [
            name for name in names if name.endswith((".xml", ".rels"))
            and re.search(rb"<!(?:DOCTYPE|ENTITY)", archive.read(name).replace(b"\0", b""))]
    if unpacked > LARGEST:
        return Problem(path.name, 0, "", "", "too large",
                       f"it holds {unpacked // 1_000_000} megabytes once unpacked",
                       "copy the rows into the template, without pictures and empty sheets")
    if any(name.startswith("xl/externalLinks/") for name in names):
        return Problem(path.name, 0, "", "", "external link", "it has links to other workbooks",
                       "copy the cells and paste them as values (Paste special), or break the "
                       "links (Data, Edit links)")
    if declaring:
        return Problem(path.name, 0, "", "", "entities",
                       f"{declaring[0]} in it declares entities, which no spreadsheet program "
                       "writes", "copy the rows into the template")
    if any(name.endswith("vbaProject.bin") for name in names):
        return Problem(path.name, 0, "", "", "macros", "it holds macros", "save it as .xlsx")
    return None


def _xlsx(path: Path, content: bytes, problems: list[Problem]) -> Iterator[tuple[str, Lines]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    whole = True
    for sheet in book.worksheets:
        file, lines = f"{path.name}/{sheet.title}", Lines()
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            cells = []
            for place, cell in enumerate(row):
                field = _head(lines, place)
                if cell.data_type == "f":
                    text = str(getattr(cell.value, "text", cell.value))
                    problems.append(sheet_marks.formula_in(file, number, cell.coordinate, text,
                                                           field))
                    cells.append("")
                else:
                    cells.append(_text(cell.value, str(cell.number_format or ""), file, number,
                                       problems, field))
            if not _keep(lines, number, cells, file, problems):
                whole = False
                break
        yield sheet.title, lines
    if whole:
        hidden = any(sheet.sheet_state != "visible" for sheet in book.worksheets
                     if sheet.title.strip().casefold() not in HELP_SHEETS)
        problems += sheet_marks.of_xlsx(path.name, content, HELP_SHEETS, hidden)


def _ods(path: Path, content: bytes, problems: list[Problem]) -> Iterator[tuple[str, Lines]]:
    from python_calamine import CalamineWorkbook

    marks = sheet_marks.Ods(path.name, content, HELP_SHEETS)
    problems += marks.problems
    if marks.filled > MOST_ROWS * 100:
        problems.append(Problem(path.name, 0, "", "", "too large",
                                f"it holds {marks.filled:,} cells",
                                "copy the rows into the template"))
        return
    if errors(marks.problems):
        return
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for title in book.sheet_names:
        file, lines = f"{path.name}/{title}", Lines()
        for number, row in enumerate(
                book.get_sheet_by_name(title).to_python(skip_empty_area=False), 1):
            cells = []
            for place, value in enumerate(row[:MOST_COLUMNS]):
                as_shown = marks.shown.get((title, number, place + 1))
                told = sheet_marks.with_decimals_of(value, as_shown) \
                    if as_shown and isinstance(value, float) else None
                cells.append(told or _text(value, "", file, number, problems))
            if not _keep(lines, number, cells, file, problems):
                break
        yield title, lines


def _head(lines: Lines, place: int) -> str:
    """What heads a column, as far as the header was read."""
    return lines[0][1][place].strip() if lines and place < len(lines[0][1]) else ""


def _keep(lines: Lines, number: int, cells: list[str], file: str,
          problems: list[Problem]) -> bool:
    """Adds a line that is not blank; False where a sheet has more than anybody fills in."""
    if lines and number > MOST_ROWS:
        problems.append(Problem(file, number, "", "", "too large",
                                f"the sheet has more than {MOST_ROWS:,} lines",
                                "copy the rows into the template"))
        return False
    if any(cell.strip() for cell in cells):
        while cells and not cells[-1]:
            cells.pop()
        lines.append((number, cells))
    return number < 10 * MOST_ROWS


def _text(value: Any, form: str, file: str, row: int, problems: list[Problem],
          field: str = "") -> str:
    """A cell as the sheet shows it, in the notation of a CSV file. form: its number format;
    field: what heads its column."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        day = value.time() == datetime.time()
        return value.date().isoformat() if day else value.isoformat(" ", "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value)
    if isinstance(value, (int, float)):
        if "%" in form:
            problems.append(sheet_marks.percentage(file, row, field, str(value)))
            return ""
        held = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else \
            f"{value:.15g}"  # as many digits as a spreadsheet program shows
        shown = sheet_marks.shown(value, form)
        if shown is not None and float(shown) != value:
            problems.append(Problem(
                file, row, field, held, "shown otherwise",
                f"the cell shows {shown} and holds {held}; {shown} was read",
                "format the column as text and type it as in the source", "warning"))
        return held if shown is None else shown
    return str(value)


def _unknown(file: str, title: str, known: list[str]) -> Problem:
    near = difflib.get_close_matches(title.lower(), known, 1)
    return Problem(file, 0, "", title, "unknown table", "no table of the dataset has this name",
                   f"rename the sheet to {near[0]}" if near else "remove the sheet")
