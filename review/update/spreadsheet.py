"""A table as a spreadsheet program has saved it, read as it was meant: a CSV file, or the cells
of a sheet that `workbook` hands on.

What a program changes without harm (byte order mark, line ends, separator, decimal comma, capitals
of TRUE, blank rows, stray spaces) is undone; what cannot be read with certainty (dates made of
ranges, 1,234, another encoding) is refused, with the cell and the remedy.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from review.dataset import schema
from review.dataset.bibliography import DOI_ADDRESS
from review.dataset.printed_numbers import POINTS
from review.dataset.problems import Problem, visible
from review.update import stands_for

MOST_ROWS, LARGEST = 20_000, 100_000_000  # lines and bytes of a table; a study needs some hundreds
# filled in when an update is accepted
LATER = (schema.ADDED, schema.SUPERSEDED, "edition_id")
MONTH = "(?:" + "|".join((
    "jan(?:uary|uar|v|vier)?", "feb(?:ruary|ruar)?", "f[ée]v(?:rier|r)?", "mar(?:ch|s|zo)?",
    "m[äa]r?z", "mrz", "apr(?:il|ile)?", "avr(?:il)?", "abr(?:il)?", "may(?:o)?", "mai",
    "mag(?:gio)?", "june?", "juni", "juin", "giu(?:gno)?", "july?", "juli", "juil(?:let)?",
    "lug(?:lio)?",
    "aug(?:ust)?", "ao[ûu]t?", "ago(?:sto)?", "sept?(?:ember|embre)?", "set(?:tembre)?",
    "o[ck]t(?:ober|obre|ubre)?", "ott(?:obre)?", "out(?:ubro)?", "nov(?:ember|embre|iembre)?",
    "de[cz](?:ember|embre)?", "d[ée]c(?:embre)?", "dic(?:iembre|embre)?")) + r")\.?"
# whole cells that no field of ours holds, except a date where a date belongs
DATE = re.compile(
    rf"\d{{1,2}}[-. /]\s?{MONTH}(?:[-. /]\s?\d{{2,4}})?|{MONTH}(?:[-./]\s?\d{{2,4}}| \d{{2}})"
    r"|\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}([./-])\d{1,2}\2\d{1,2}(?:[ T]\d\d?:\d\d(?::\d\d)?)?"
    r"|\d{1,2}\.\d{1,2}\.", re.IGNORECASE)
TIME = re.compile(r"\d{1,4}:\d{2}(?::\d{2})?(?:\s?[AP]M)?", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
SHEET_ERROR = re.compile(
    r"#(?:REF|NAME|VALUE|VALEUR|WERT|DIV/0|N/A|NV|NUM|NULL|BEZUG|\?+)[!?]?|#{2,}|Err:\d+",
    re.IGNORECASE)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
WRONG_ENCODING = re.compile(r"\ufffd|â€|Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]")
# fields of prose, where a whole cell may well be a date
PROSE = ("note", "locator", "description", "citation", "time_zero", "basis", "statement")
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\ufeff\u200b"), " ")
RAISED = dict.fromkeys(map(ord, POINTS), ".")
QUOTES = "'\"‘’‚“”„«»"
TRUTHS = {"true": "true", "wahr": "true", "vrai": "true", "verdadero": "true", "vero": "true",
          "false": "false", "falsch": "false", "faux": "false", "falso": "false"}
COMMA = re.compile(r"\d+,\d+")
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ '’]\d{3})+")
FULL = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+\.\d+")


def read(path: Path, resource: schema.Resource, problems: list[Problem]) -> pd.DataFrame:
    """A file's rows as text in the resource's columns; what cannot be read goes to `problems`.

    The frame is indexed so that `schema.line` gives a row's line in the file; empty cells are <NA>,
    blank rows are gone. Columns that are not required may be missing.
    """
    empty = pd.DataFrame(columns=resource.names, dtype="string")
    content = _decoded(path, problems)
    if content is None:
        return empty
    separator = _separator(content, resource)
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    began = 1
    try:
        for cells in reader:
            if lines or not _before_header(cells):
                lines.append((began, cells))
            began = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(path.name, began, "", "", "unreadable",
                                f"the row cannot be read: {error}",
                                "look for a quotation mark that is opened and not closed, or for a "
                                "cell that holds a whole text"))
        return empty
    if len(lines) > MOST_ROWS:
        problems.append(Problem(path.name, MOST_ROWS, "", "", "too large",
                                f"the file has {len(lines):,} lines, more than {MOST_ROWS:,}",
                                "copy the rows into the template"))
        return empty
    if not lines:
        problems.append(Problem(path.name, 0, "", "", "no header", "the file is empty",
                                "make it again with review new-study, or remove it"))
        return empty
    return table(path.name, resource, lines, problems,
                 "put quotation marks around a text that contains the separator "
                 f"{separator!r}, or empty the cells beyond the last column")


def table(file: str, resource: schema.Resource, lines: list[tuple[int, list[str]]],
          problems: list[Problem],
          too_many: str = "empty the cells beyond the last column") -> pd.DataFrame:
    """Rows of a file or of a sheet in the dataset's columns and notation.

    file: how problems name it. lines: number and cells of each line, the header first. too_many:
    what to do about cells beyond the header. The frame is indexed as that of `read`. A column that
    the schema does not require may be missing: a folder filled from an earlier template lacks the
    columns that came since. They count as empty, which a warning says.
    """
    empty = pd.DataFrame(columns=resource.names, dtype="string")
    (_, header), *body = lines
    header = [_tidy(cell).lower() for cell in header]
    while header and not header[-1]:
        header.pop()
    if not set(header) & set(resource.names):
        first = next(filter(None, header), "")
        problems.append(Problem(
            file, lines[0][0], "", first[:60], "no header",
            "the first line that is not blank names no column of the table",
            "put the line with the columns of the template first; in a CSV file, separate them by "
            "commas, semicolons or tabs"))
        return empty
    newer = [field.name for field in resource.fields if field.name not in header
             and (field.name in LATER or not field.required)]
    wrong = schema.header_breaches(replace(resource, path=file),
                                   pd.DataFrame(columns=[*header, *newer]))
    repeated = {name for name in header if header.count(name) > 1}
    wrong += [Problem(file, 1, name, name, "repeated column",
                      f"column {name or '(without a name)'} stands more than once", "keep one")
              for name in sorted(repeated)]
    if wrong:
        problems += wrong
        return empty
    if lacking := [name for name in newer if name not in LATER]:
        problems.append(Problem(
            file, 1, lacking[0], "", "older template",
            f"made from an earlier template: without {', '.join(lacking)}, which count as empty",
            "add the columns if the source has something for them", "warning"))
    rows, index = [], []
    for number, cells in body:
        cells = [_tidy(cell) for cell in cells]
        if not any(cells):
            continue
        if any(cells[len(header):]):
            problems.append(Problem(
                file, number, "", "", "too many cells",
                f"{len(cells)} cells under {len(header)} columns", too_many))
            continue
        cells = [*cells, *[""] * len(header)][:len(header)]
        if wrong_key := _heads_or_sums(resource, header, cells):
            problems.append(Problem(
                file, number, resource.primary_key[0], visible(wrong_key), "no row of the table",
                f"{visible(wrong_key)!r} begins a line in which no cell has a word of its column: "
                "it is a heading, an explanation or a sum", "remove the row"))
            continue
        rows.append(dict(zip(header, cells, strict=True)))
        index.append(number - 2)
    decimal_comma = _uses_commas(rows, resource)
    read = []
    for number, row in zip(index, rows, strict=True):
        read.append({field.name: _cell(file, number + 2, field, row.get(field.name, ""),
                                       decimal_comma, problems) for field in resource.fields})
    frame = pd.DataFrame(read, columns=resource.names, index=index, dtype="string")
    return frame.mask(frame == "")


def _heads_or_sums(resource: schema.Resource, header: list[str], cells: list[str]) -> str:
    """What stands for the key of a second heading, an explanation or a sum, "" for any other line:
    none of the columns with words of their own has one of them, and it has not the form of a key or
    they have other words."""
    row = dict(zip(header, cells, strict=True))
    key = resource.field(resource.primary_key[0])
    form = key.constraints.get("pattern")
    own = [field for field in resource.fields if field.allowed and field.required]
    told = row.get(key.name, "")
    words = [(field, word) for field in own if (word := row.get(field.name, ""))]
    if not form or not own or any(word.lower() in field.allowed for field, word in words):
        return ""
    return told if len(words) > 1 or not re.fullmatch(form, told) else ""


def _cell(file: str, row: int, field: schema.Field, cell: str, decimal_comma: bool,
          problems: list[Problem]) -> str:
    """A cell in the dataset's notation; "" for one that is empty or was reported."""

    def refuse(rule: str, message: str, remedy: str) -> str:
        problems.append(Problem(file, row, field.name, cell, rule, message, remedy))
        return ""

    if not cell:
        return ""
    if WRONG_ENCODING.search(cell):
        return refuse("encoding", f"{cell!r} was saved in another encoding than it was read in",
                      "type it again and save as CSV UTF-8")
    if SHEET_ERROR.fullmatch(cell):
        return refuse("spreadsheet error", f"{cell!r} is an error of the spreadsheet program",
                      "format the column as text and type the cell again")
    if field.type == "date":
        if DATE.fullmatch(cell) and not ISO.fullmatch(cell):
            return refuse("date", f"{cell!r} can be read as more than one day",
                          "format the column as text and write YYYY-MM-DD")
        return cell
    if not (field.name in PROSE and ISO.fullmatch(cell)) and field.type != "boolean":
        if DATE.fullmatch(cell) and not _own_notation(field, cell):
            return refuse("made into a date",
                          f"{cell!r} is a date that a spreadsheet program made of something else",
                          "format the column as text and type it again as in the source, such as "
                          "2–4 or 1.9")
        if TIME.fullmatch(cell):
            return refuse("made into a time",
                          f"{cell!r} is a time of day that a spreadsheet program made of something "
                          "else", "format the column as text and type it again as in the source")
    if field.type in ("number", "integer"):
        return _number(field, _unquoted(cell), decimal_comma, refuse)
    if field.type == "boolean":
        return TRUTHS.get(_unquoted(cell).lower(), cell)
    if field.name == "doi":
        return DOI_ADDRESS.sub("", _unquoted(cell))
    if field.allowed or "pattern" in field.constraints:
        return _unquoted(cell)
    if decimal_comma and field.name.endswith("printed") and COMMA.fullmatch(cell):
        # the cell was typed as a number and written with the program's own comma
        return cell.replace(",", ".")
    return cell


def _own_notation(field: schema.Field, cell: str) -> bool:
    """Whether the cell has the form of its field: the key mai-2023 is no date."""
    pattern = field.constraints.get("pattern") or schema.PATTERNS.get(field.type)
    return bool(pattern and re.fullmatch(pattern, cell))


def _number(field: schema.Field, cell: str, decimal_comma: bool,
            refuse: Callable[[str, str, str], str]) -> str:
    """A number in the dataset's notation; what `refuse` gives where it can be read in two ways."""
    remedy = f"write it with a decimal point and no thousands separator, such as {field.example}"
    cell = cell.translate(RAISED)
    if SCIENTIFIC.fullmatch(cell):
        return refuse("scientific notation", f"{cell!r} has lost digits or was not a number",
                      "format the column as text and type it again as in the source")
    if GROUPED.fullmatch(cell):
        return re.sub(r"\D", "", cell)
    if FULL.fullmatch(cell):
        return cell.replace(",", "")
    if told := stands_for.told(cell):
        return refuse("no number", *told)
    if field.type == "integer":
        if THOUSANDS.fullmatch(cell) and not decimal_comma:
            return cell.replace(",", "")
        if THOUSANDS.fullmatch(cell) or POINT.fullmatch(cell):
            return refuse("ambiguous number", f"{cell!r} can be read in two ways", remedy)
        return re.sub(r"[.,]0+$", "", cell)
    if THOUSANDS.fullmatch(cell):
        return refuse("ambiguous number", f"{cell!r} is {cell.replace(',', '')} or "
                      f"{cell.replace(',', '.')}", remedy)
    if decimal_comma and POINT.fullmatch(cell):
        return refuse("ambiguous number", f"{cell!r} is {cell} or {cell.replace('.', '')}, as "
                      "other numbers of the file have decimal commas", remedy)
    return cell.replace(",", ".") if COMMA.fullmatch(cell) else cell


def _uses_commas(rows: list[dict[str, str]], resource: schema.Resource) -> bool:
    """Whether a number of the file can only be read with a decimal comma."""
    numbers = [field.name for field in resource.fields if field.type == "number"]
    return any(COMMA.fullmatch(cell := _unquoted(row.get(name, ""))) and not
               THOUSANDS.fullmatch(cell) for row in rows for name in numbers)


def _decoded(path: Path, problems: list[Problem]) -> str | None:
    if (size := path.stat().st_size) > LARGEST:
        problems.append(Problem(path.name, 0, "", "", "too large",
                                f"it has {size // 1_000_000} megabytes; a study has some "
                                "thousand characters", "copy the rows into the template"))
        return None
    content = path.read_bytes()
    remedy = "save it as CSV UTF-8 (Excel: CSV UTF-8; LibreOffice: character set Unicode (UTF-8))"
    # without its mark, text in UTF-16 has a null byte for almost every letter
    begins = content[:1000]
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")) or 4 * begins.count(0) > len(begins):
        problems.append(Problem(path.name, 0, "", "", "encoding", "the file is in UTF-16", remedy))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[:error.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, "", "", "encoding",
                                "the file is in an older encoding than UTF-8", remedy))
        return None


def _separator(content: str, resource: schema.Resource) -> str:
    """The separator that gives the most columns of the table."""
    first = content.lstrip().partition("\n")[0]
    if first.lower().startswith("sep="):
        return first.strip()[4:5]
    known = set(resource.names)
    return max(",;\t", key=lambda mark: len(
        known & {_tidy(cell).strip('"').lower() for cell in first.split(mark)}))


def _before_header(cells: list[str]) -> bool:
    """Whether a record is none of the table: an empty one, or the one that names the separator."""
    return not any(cell.strip() for cell in cells) or cells[0].strip().lower().startswith("sep=")


def _tidy(cell: str) -> str:
    """Without spaces around it; spaces that do not break become plain ones."""
    return cell.translate(SPACES).strip()


def _unquoted(cell: str) -> str:
    return cell.strip(QUOTES).strip()
