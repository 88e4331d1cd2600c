"""The workbook to fill in: a sheet a table, drop-down lists, a note on every header.

Every column is text, so that a spreadsheet program makes no date of 2-4 and no 3 of 3.0. What is
required has a coloured header, what is filled in at acceptance a grey one.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from review.dataset.schema import Field, Resource
from review.update.spreadsheet import LATER

WORDS = "words"  # the hidden sheet with the words of the drop-down lists
ROWS = 500  # rows that have drop-down lists
WIDTHS = (12, 40)  # characters
REQUIRED, OPTIONAL, LATER_FILL = (PatternFill("solid", fgColor=colour)
                                  for colour in ("FFF2C4", "E8EEF4", "D9D9D9"))
KEY = "FF" + "1F4E79"


def workbook(forms: Mapping[str, Resource], rows: Mapping[str, Sequence[Mapping[str, str]]]
             ) -> bytes:
    """An .xlsx file with a sheet a table. forms: the tables by name; rows: theirs, as text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    words = _Words(book)
    for name, form in forms.items():
        sheet = book.create_sheet(name)
        _fill(sheet, form, rows[name])
        for position, field in enumerate(form.fields, 1):
            _list(sheet, position, _choices(form, field, forms, words), bool(field.allowed))
    words.sheet.sheet_state = "hidden"
    book.move_sheet(words.sheet, len(forms))
    book.active = 0
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, form: Resource, rows: Sequence[Mapping[str, str]]) -> None:
    for position, field in enumerate(form.fields, 1):
        head = sheet.cell(1, position, field.name)
        head.font = Font(bold=field.required, color=KEY)
        head.fill = LATER_FILL if field.name in LATER else REQUIRED if field.required else OPTIONAL
        head.comment = _note(field)
        column = sheet.column_dimensions[get_column_letter(position)]
        column.width = min(max(len(field.name) + 2, WIDTHS[0]), WIDTHS[1])
        column.number_format = "@"
        for line, row in enumerate(rows, 2):
            cell = sheet.cell(line, position)
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top")
            text = row.get(field.name) or None
            if text is not None:
                cell.value = text
                # a text that begins with = is a text
                cell.data_type = "s"
    sheet.freeze_panes = "B2"


def _note(field: Field) -> Comment:
    required = "Filled in when the update is accepted; leave it empty." if field.name in LATER \
        else "Required." if field.required else "May stay empty."
    parts = [field.description, required,
             f"Unit: {field.unit}." if field.unit else "",
             f"Allowed: {'; '.join(field.allowed)}." if field.allowed else "",
             f"Example: {field.example}" if field.example else ""]
    note = Comment("\n".join(part for part in parts if part), "review")
    note.width, note.height = 320, 160
    return note


class _Words:
    """The sheet that the drop-down lists take their words from, a column a list: in a list written
    into the cell's rule, a word with a comma would be two."""

    def __init__(self, book: Workbook):
        self.sheet = book.create_sheet(WORDS)
        self.ranges: dict[tuple[str, ...], str] = {}

    def range(self, words: Sequence[str]) -> str:
        """Where the words stand, as a formula."""
        key = tuple(words)
        if key not in self.ranges:
            position = len(self.ranges) + 1
            for line, word in enumerate(key, 1):
                self.sheet.cell(line, position, word).number_format = "@"
            letter = get_column_letter(position)
            self.ranges[key] = f"{WORDS}!${letter}$1:${letter}${len(key)}"
        return self.ranges[key]


def _choices(form: Resource, field: Field, forms: Mapping[str, Resource], words: _Words) -> str:
    """The formula of a field's list: its vocabulary, or the keys of another sheet; else ""."""
    if field.allowed:
        return words.range(field.allowed)
    if field.type == "boolean":
        return words.range(("true", "false"))
    for name, other, key in form.foreign_keys:
        if name == field.name and other in forms:
            letter = get_column_letter(forms[other].names.index(key) + 1)
            return f"{quote_sheetname(other)}!${letter}$2:${letter}${ROWS}"
    return ""


def _list(sheet: Worksheet, position: int, formula: str, closed: bool) -> None:
    if not formula:
        return
    letter = get_column_letter(position)
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    # keys of the dataset, which are not in this workbook, are allowed as well
    rule.showErrorMessage = closed
    rule.errorTitle, rule.error = "Not an allowed word", "Choose a word of the list."
    rule.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(rule)
