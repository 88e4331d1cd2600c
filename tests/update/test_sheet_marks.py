"""What a sheet shows and its text does not tell: merged, hidden, struck out and raised cells, and
numbers as their format shows them."""

import io
import zipfile

import as_published
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from review.dataset.schema import read_schema
from review.update import sheet_marks, workbook

RESOURCE = read_schema(as_published.dataset())["outcomes"]
HEAD = [field.name for field in RESOURCE.fields]
ROW = {"outcome_id": "a-pfs", "arm_id": "a", "outcome": "pfs", "statistic": "median",
       "use": "synthesis", "status": "value", "kind": "reported", "value": "6.1",
       "unit": "months", "printed": "6.1", "ci_status": "not reported", "source_id": "a",
       "locator": "Abstract"}
AT = {name: place for place, name in enumerate(HEAD, 1)}


def xlsx(tmp_path, change):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "outcomes"
    for line in (HEAD, [ROW.get(name) for name in HEAD],
                 [{**ROW, "outcome_id": "b-pfs"}.get(name) for name in HEAD]):
        sheet.append(line)
    change(sheet)
    book.save(tmp_path / "a.xlsx")
    problems = []
    read = workbook.read(tmp_path / "a.xlsx", {"outcomes": RESOURCE}, problems)
    told = [(p.row, p.field, p.rule, p.severity) for p in problems if p.rule != "older template"]
    return read["outcomes"][1] if read else None, told


def number(value, form, field="value"):
    def change(sheet):
        cell = sheet.cell(2, AT[field])
        cell.value, cell.number_format = value, form
    return change


def rich(font, field="value"):
    def change(sheet):
        sheet.cell(2, AT[field]).value = CellRichText("4", TextBlock(InlineFont(**font), "1"))
    return change


@pytest.mark.parametrize(("value", "form", "told"), [
    (6.0, "#,##0.0", "6.0"), (6.0, '0.0" months"', "6.0"), (6.0, "0.0_);(0.0)", "6.0"),
    (5.800000000000001, "General", "5.8"),
    (6.0, "General", "6"), (6.25, "0.00", "6.25"), (1234.5, "#,##0.0", "1234.5")])
def test_a_number_is_read_with_the_zeros_that_it_shows(tmp_path, value, form, told):
    rows, problems = xlsx(tmp_path, number(value, form, "printed"))
    assert rows["printed"].iloc[0] == told
    assert not problems


def test_a_format_that_hides_digits_is_told(tmp_path):
    rows, problems = xlsx(tmp_path, number(6.4, "0"))
    assert rows["value"].iloc[0] == "6"
    assert problems == [(2, "value", "shown otherwise", "warning")]


@pytest.mark.parametrize(("change", "told"), [
    (lambda sheet: sheet.merge_cells(start_row=2, end_row=3, start_column=AT["n_total"],
                                     end_column=AT["n_total"]),
     (2, "n_total", "merged cells", "error")),
    (rich({"vertAlign": "superscript"}), (2, "value", "marked text", "error")),
    (rich({"strike": True}, "printed"), (2, "printed", "marked text", "error")),
    (lambda sheet: [setattr(cell, "font", Font(strike=True)) for cell in sheet[3]],
     (3, "", "marked text", "error")),
    (lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True), (3, "", "hidden", "warning")),
    (lambda sheet: setattr(sheet.column_dimensions["H"], "hidden", True),
     (1, HEAD[7], "hidden", "warning"))])
def test_marks_of_an_xlsx_file(tmp_path, change, told):
    assert told in xlsx(tmp_path, change)[1]


def test_a_comment_of_a_cell_is_told_with_its_words_and_one_of_the_template_is_not(tmp_path):
    def change(sheet):
        sheet.cell(1, AT["value"]).comment = Comment("What the column is for", "template")
        sheet.cell(2, AT["n_total"]).comment = Comment("Ann:\nonly 12 of 30 evaluable", "Ann")

    path, problems = tmp_path / "a.xlsx", []
    xlsx(tmp_path, change)
    workbook.read(path, {"outcomes": RESOURCE}, problems)
    told = [(p.row, p.field, p.value, p.severity) for p in problems if p.rule == "comment"]
    assert told == [(2, "n_total", "only 12 of 30 evaluable", "warning")]


def test_a_comment_of_a_conversation_is_told_by_its_words():
    text = ("[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment;"
            " https://go.microsoft.com/fwlink\n\nComment:\n    check page 4")
    assert sheet_marks.THREAD.sub("", text) == "check page 4"


def test_a_comment_of_an_ods_file(tmp_path):
    note = "<office:annotation><text:p>only 12</text:p><text:p>of 30</text:p></office:annotation>"
    rows, problems = ods(tmp_path, {"n_total": cell("float", "30", "30").replace(
        "<text:p>", note + "<text:p>", 1)})
    assert problems == [(2, "n_total", "comment", "warning")]
    assert rows["n_total"].iloc[0] == "30"


def test_a_bold_part_of_a_cell_and_a_hidden_list_of_words_are_nothing_to_tell(tmp_path):
    rows, problems = xlsx(tmp_path, rich({"b": True}))
    assert rows["value"].iloc[0] == "41"
    assert not problems


OFFICE = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                  for name in ("office", "table", "text", "style"))
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(tmp_path, cells: dict[str, str], row="", styles=""):
    """An .ods file with one row. cells: elements by field; the others are texts."""
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = "".join(text.format(name) for name in HEAD)
    body = "".join(cells.get(name) or (text.format(ROW[name]) if name in ROW
                                       else "<table:table-cell/>") for name in HEAD)
    content = (
        f'<office:document-content {OFFICE} {CALC}><office:automatic-styles>{styles}'
        '</office:automatic-styles><office:body><office:spreadsheet>'
        f'<table:table table:name="outcomes"><table:table-row>{head}</table:table-row>'
        f'<table:table-row {row}>{body}</table:table-row></table:table>'
        '</office:spreadsheet></office:body></office:document-content>')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:'
                         'names:tc:opendocument:xmlns:manifest:1.0"/>')
        archive.writestr("content.xml", content)
    (tmp_path / "a.ods").write_bytes(made.getvalue())
    problems = []
    read = workbook.read(tmp_path / "a.ods", {"outcomes": RESOURCE}, problems)
    told = [(p.row, p.field, p.rule, p.severity) for p in problems if p.rule != "older template"]
    return read["outcomes"][1] if read else None, told


def cell(kind: str, value: str, text: str, more: str = "") -> str:
    return (f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}>'
            f'<text:p>{text}</text:p></table:table-cell>')


def test_a_percentage_of_an_ods_file_is_refused_as_one_of_an_xlsx_file_is(tmp_path):
    _, problems = ods(tmp_path, {"value": cell("percentage", "0.45", "45.0%")})
    assert problems == [(2, "value", "percent format", "error")]


@pytest.mark.parametrize("text", ["6.0", "6,0"])
def test_a_number_of_an_ods_file_has_the_zeros_that_it_shows(tmp_path, text):
    rows, problems = ods(tmp_path, {"printed": cell("float", "6", text)})
    assert rows["printed"].iloc[0] == "6.0"
    assert not problems


@pytest.mark.parametrize(("arguments", "told"), [
    ({"cells": {"n_total": cell("float", "4", "4", 'table:number-rows-spanned="2"')}},
     (2, "n_total", "merged cells", "error")),
    ({"cells": {"n": '<table:table-cell office:value-type="string" calcext:value-type="error">'
                     '<text:p>#N/A</text:p></table:table-cell>'}},
     (2, "n", "spreadsheet error", "error")),
    ({"cells": {"value": '<table:table-cell office:value-type="string"><text:p>4<text:span '
                         'text:style-name="T1">1</text:span></text:p></table:table-cell>'},
      "styles": '<style:style style:name="T1" style:family="text"><style:text-properties '
                'style:text-position="super 58%"/></style:style>'},
     (2, "value", "marked text", "error")),
    ({"cells": {}, "row": 'table:visibility="collapse"'}, (2, "", "hidden", "warning"))])
def test_marks_of_an_ods_file(tmp_path, arguments, told):
    assert ods(tmp_path, **arguments)[1] == [told]


def test_a_text_that_is_another_number_is_not_taken_for_what_a_cell_shows():
    assert sheet_marks.with_decimals_of(1234.5, "1.234,50") == "1234.50"
    assert sheet_marks.with_decimals_of(6.44, "6.4") == "6.4"
    assert sheet_marks.with_decimals_of(6.0, "7.0") is None
    assert sheet_marks.with_decimals_of(6.0, "six") is None
