"""What a sheet shows its reader and the text of its cells does not tell: cells that are merged,
hidden, struck out, partly raised or annotated, and numbers as their format shows them.

A merged cell would count for its first row alone, "4¹" with a raised mark would be 41, what is
struck out would count: these are refused. What is hidden is read, and that is said; so is the
annotation of a cell, which is not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from review.dataset.problems import Problem

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# parts of an .xlsx file that have something of this are read a second time, with their styles
SIGNS = re.compile(rb"<(?:\w+:)?mergeCell |hidden=\"(?:1|true)\"|<(?:\w+:)?strike|vertAlign")
# a comment of a cell below the first line, where the template explains its columns
COMMENT = re.compile(rb"<(?:\w+:)?(?:threadedC|c)omment\b[^>]*\bref=\"[A-Z]+(?!1\")\d+\"")
# what stands before the words of a comment that belongs to a conversation
THREAD = re.compile(r"\[Threaded comment\].*?(?:Comment|Kommentar|Commentaire)\s*:\s*", re.S)
ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ODS_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ODS_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# of a number format: what is shown as it stands, or not at all
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
FIXED = re.compile(r"[\s(+-]*[#0,?\s]*0(?:\.(0+))?[\s)]*")
NUMBER = re.compile(r"[-+]?\d[\d.,'\s\u00a0\u202f]*")


def shown(value: float, form: str) -> str | None:
    """A number as its format shows it where that fixes the decimals ("0.0", "#,##0.00", '0" mo"'),
    without separators of thousands; None where it does not."""
    found = FIXED.fullmatch(LITERAL.sub("", form.partition(";")[0]))
    return None if found is None else f"{value:.{len(found[1] or '')}f}"


def with_decimals_of(value: float, text: str) -> str | None:
    """A number with as many decimals as a text that shows it ("6,0", "1.234,50"); None where the
    text is no such number."""
    if not NUMBER.fullmatch(text):
        return None
    decimals = re.search(r"[.,](\d+)$", text)
    for places in (len(decimals[1]) if decimals else 0, 0):
        told = f"{value:.{places}f}"
        if re.sub(r"\D", "", told) == re.sub(r"\D", "", text):
            return told
    return None


def of_xlsx(name: str, content: bytes, help_sheets: Sequence[str],
            look: bool = False) -> list[Problem]:
    """Merged, hidden, struck and raised cells of an .xlsx file. name: how problems name it;
    help_sheets: sheets that hold no rows, in lower case; look: also where no part has a sign of
    them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [part for part in archive.namelist() if part.startswith("xl/")
                 and part.endswith(".xml")]
        if not look and not any(SIGNS.search(text) or COMMENT.search(text)
                                for text in map(archive.read, parts)):
            return []
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True, keep_links=False)
    return [problem for sheet in book.worksheets
            if sheet.title.strip().casefold() not in help_sheets
            for problem in _of_sheet(f"{name}/{sheet.title}", sheet)]


def _of_sheet(file: str, sheet: Worksheet) -> Iterator[Problem]:
    rows = [row for row in sheet.iter_rows() if any(_told(cell.value) for cell in row)]
    if not rows:
        return
    heads = {cell.column: _told(cell.value) for cell in rows[0]}
    if sheet.sheet_state != "visible":
        yield _hidden(file, 0, "the sheet")
    for area in sheet.merged_cells.ranges:
        yield _merged(file, area.min_row, heads.get(area.min_col, ""), area.coord)
    columns = {index for letter, column in sheet.column_dimensions.items() if column.hidden
               for index in range(column.min or 0, (column.max or 0) + 1)}
    for column in sorted(columns & set(heads)):
        if any(_told(cell.value) for row in rows[1:] for cell in row if cell.column == column):
            yield _hidden(file, 1, f"the column {heads[column]}", heads[column])
    for row in rows:
        number = int(row[0].row or 0)
        if sheet.row_dimensions[number].hidden:
            yield _hidden(file, number, "the row")
        struck = [cell for cell in row if _told(cell.value) and cell.font and cell.font.strike]
        if len(struck) == sum(bool(_told(cell.value)) for cell in row):
            yield _marked(file, number, "", "the row", "struck out")
            continue
        for cell in row if row is not rows[0] else ():
            if cell.comment:
                yield _annotated(file, number, heads.get(cell.column, ""),
                                 THREAD.sub("", cell.comment.text), cell.comment.author)
        for cell in row:
            for what in dict.fromkeys([*_runs(cell.value), *["struck out"] * (cell in struck)]):
                yield _marked(file, number, heads.get(cell.column, ""), _told(cell.value), what)


def _runs(value: Any) -> Iterator[str]:
    """What is done to a part of a cell's text."""
    for run in value if isinstance(value, list) else ():
        font = getattr(run, "font", None)
        if font is not None and font.strike:
            yield "struck out"
        elif font is not None and font.vertAlign in ("superscript", "subscript") \
                and re.search(r"\d", str(run)):
            yield "raised or lowered"


class Ods:
    """Merged, hidden, struck and raised cells of an .ods file, and its numbers as it shows them.

    problems: what is wrong. filled: how many cells hold something. shown: the text of a cell that
    holds a number, by sheet, line and column, counted from 1.
    """

    def __init__(self, name: str, content: bytes, help_sheets: Sequence[str]):
        self.name, self.help_sheets = name, help_sheets
        self.problems: list[Problem] = []
        self.filled = 0
        self.shown: dict[tuple[str, int, int], str] = {}
        self._styles: dict[str, str] = {}
        self._title, self._row, self._heads = "", 0, dict[int, str]()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in ("styles.xml", "content.xml"):
                if part in archive.namelist():
                    with archive.open(part) as stream:
                        self._read(stream)

    @property
    def _file(self) -> str:
        return f"{self.name}/{self._title}"

    def _read(self, stream: Any) -> None:
        for event, node in ElementTree.iterparse(stream, ("start", "end")):
            if node.tag == f"{ODS_STYLE}style" and event == "end":
                self._style(node)
            elif node.tag == f"{ODS_TABLE}table" and event == "start":
                self._title, self._row = node.get(f"{ODS_TABLE}name", ""), 0
                self._heads = {}
                if self._styles.get(node.get(f"{ODS_TABLE}style-name", "")) == "hidden":
                    self._tell(_hidden(self._file, 0, "the sheet"))
            elif node.tag == f"{ODS_TABLE}table-row" and event == "end":
                self._take(node)
                node.clear()

    def _tell(self, problem: Problem) -> None:
        if self._title.strip().casefold() not in self.help_sheets:
            self.problems.append(problem)

    def _style(self, node: ElementTree.Element) -> None:
        for part in node:
            if part.get(f"{ODS_TABLE}display") == "false":
                self._styles[node.get(f"{ODS_STYLE}name", "")] = "hidden"
            if part.get(f"{ODS_STYLE}text-line-through-style", "none") != "none":
                self._styles[node.get(f"{ODS_STYLE}name", "")] = "struck out"
            position = part.get(f"{ODS_STYLE}text-position", "0%")
            if not position.startswith("0%"):
                self._styles[node.get(f"{ODS_STYLE}name", "")] = "raised or lowered"

    def _take(self, row: ElementTree.Element) -> None:
        """One row, whatever it repeats: a row that repeats stands at the line of its first."""
        self._row += 1
        column, texts = 0, dict[int, str]()
        for cell in row:
            times = int(cell.get(f"{ODS_TABLE}number-columns-repeated", "1"))
            column += 1
            if cell.tag in (f"{ODS_TABLE}table-cell", f"{ODS_TABLE}covered-table-cell"):
                text = "\n".join("".join(part.itertext()) for part in cell.findall(f"{ODS_TEXT}p"))
                if text.strip():
                    texts[column] = text
                    self.filled += times * int(row.get(f"{ODS_TABLE}number-rows-repeated", "1"))
                self._cell(cell, column, text)
            column += times - 1
        if texts and not self._heads:
            self._heads = texts
        if texts and row.get(f"{ODS_TABLE}visibility", "visible") != "visible":
            self._tell(_hidden(self._file, self._row, "the row"))
        self._row += int(row.get(f"{ODS_TABLE}number-rows-repeated", "1")) - 1

    def _cell(self, cell: ElementTree.Element, column: int, text: str) -> None:
        field, kind = self._heads.get(column, ""), cell.get(f"{ODS_OFFICE}value-type")
        if formula := cell.get(f"{ODS_TABLE}formula"):
            self._tell(formula_in(self._file, self._row, "", formula, field))
        elif cell.get(f"{CALC}value-type") == "error":
            self._tell(Problem(self._file, self._row, field, text, "spreadsheet error",
                               f"{text!r} is an error of the spreadsheet program",
                               "format the column as text and type the cell again"))
        elif kind == "percentage":
            self._tell(percentage(self._file, self._row, field,
                                  cell.get(f"{ODS_OFFICE}value", text)))
        elif kind == "float":
            self.shown[self._title, self._row, column] = text.strip()
        for note in cell.findall(f"{ODS_OFFICE}annotation") if self._heads else ():
            words = [" ".join(part.itertext()) for part in note.findall(f"{ODS_TEXT}p")]
            self._tell(_annotated(self._file, self._row, field, "\n".join(words), ""))
            cell.remove(note)
        spans = [int(cell.get(f"{ODS_TABLE}number-{way}-spanned", "1"))
                 for way in ("rows", "columns")]
        if max(spans) > 1:
            self._tell(_merged(self._file, self._row, field, ""))
        marks = [self._styles.get(one.get(f"{ODS_TEXT}style-name", ""))
                 for one in cell.iter(f"{ODS_TEXT}span")
                 if re.search(r"\w", "".join(one.itertext()))]
        if text.strip() and self._styles.get(
                cell.get(f"{ODS_TABLE}style-name", "")) == "struck out":
            marks.append("struck out")
        for what in dict.fromkeys(mark for mark in marks if mark in ("struck out",
                                                                     "raised or lowered")):
            self._tell(_marked(self._file, self._row, field, text, str(what)))


def formula_in(file: str, row: int, place: str, formula: str, field: str = "") -> Problem:
    """A formula where a value belongs."""
    return Problem(file, row, field, formula, "formula",
                   f"{f'cell {place} ' if place else 'a cell of the row '}holds the formula "
                   f"{formula!r}",
                   "copy the cell and paste it as a value (Paste special), as text where it is "
                   "something printed")


def percentage(file: str, row: int, field: str, value: str) -> Problem:
    """A cell whose format shows a hundred times what it holds."""
    return Problem(file, row, field, value, "percent format",
                   f"the cell is shown as a percentage and holds {value}",
                   "format the column as text and type the number as in the source")


def _merged(file: str, row: int, field: str, area: str) -> Problem:
    return Problem(file, row, field, area, "merged cells",
                   f"the cell is merged with others{f' ({area})' if area else ''}, and would count "
                   "for its first row and column alone", "split it and fill in each of the cells")


def _hidden(file: str, row: int, what: str, field: str = "") -> Problem:
    return Problem(file, row, field, "", "hidden", f"{what} is hidden, and is read like the others",
                   "remove it if it is not meant", "warning")


def _annotated(file: str, row: int, field: str, note: str, author: str | None) -> Problem:
    """A comment beside a cell. Who made it stands before its words, as the program writes it."""
    words = " ".join(note.removeprefix(f"{author}:").split())
    return Problem(file, row, field, words, "comment",
                   f"the cell has the comment {words!r}, which is not read",
                   "write what a reader of the row must know into its note", "warning")


def _marked(file: str, row: int, field: str, text: str, what: str) -> Problem:
    return Problem(file, row, field, text, "marked text",
                   f"{text!r} or a part of it is {what}, which plain text does not tell",
                   "remove what does not count, and write a mark of a footnote into note")


def _told(value: Any) -> str:
    return "" if value is None else str(value).strip()
