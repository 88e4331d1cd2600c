"""Workbooks: the template's own, filled in; .ods; and what is refused with the cell."""

import io
import shutil
import zipfile
from pathlib import Path

import as_published
import openpyxl
import pytest

from review.dataset.problems import DataError
from review.dataset.schema import read_schema
from review.update import intake, template

DATA = as_published.dataset()
RESOURCES = read_schema(DATA)


@pytest.fixture
def folder(tmp_path) -> Path:
    template.write("martino-2099", "rwe", tmp_path / "new", DATA)
    return tmp_path / "new"


def book(folder):
    return openpyxl.load_workbook(folder / "new.xlsx")


def put(sheet, field, value, row=2):
    names = [cell.value for cell in sheet[1]]
    sheet.cell(row, names.index(field) + 1).value = value


def refused(folder) -> list[tuple[str, int, str]]:
    with pytest.raises(DataError) as caught:
        intake.read_folder(folder, DATA)
    return [(p.file, p.row, p.rule) for p in caught.value.problems]


def test_a_sheet_a_table_with_lists_notes_and_keys(folder):
    made = book(folder)
    asked = [*template.asked(RESOURCES), "supersedes"]
    assert [s.title for s in made if s.sheet_state == "visible"] == asked
    for name in template.asked(RESOURCES):
        sheet, resource = made[name], RESOURCES[name]
        assert [cell.value for cell in sheet[1]] == resource.names
        for cell, field in zip(sheet[1], resource.fields, strict=True):
            assert field.description in cell.comment.text
            assert cell.font.bold is field.required
        lists = {str(rule.sqref).split("2:")[0] for rule in sheet.data_validations.dataValidation}
        for cell, field in zip(sheet[1], resource.fields, strict=True):
            if field.allowed:
                assert cell.column_letter in lists, field.name
    assert made["outcomes"]["A2"].value == "martino-2099-retreatment-pfs"


def test_the_form_that_was_filled_in_counts(folder):
    assert intake.read_folder(folder, DATA).files["studies"] == "studies.csv"
    made = book(folder)
    put(made["outcomes"], "printed", "3.0")
    put(made["outcomes"], "value", 3)
    made.save(folder / "new.xlsx")
    read = intake.read_folder(folder, DATA)
    assert read.files["outcomes"] == "new.xlsx/outcomes"
    assert read["outcomes"].iloc[0][["printed", "value"]].tolist() == ["3.0", "3"]
    (folder / "arms.csv").write_text((folder / "arms.csv").read_text("utf-8-sig") + ",\n")
    assert [rule for *_, rule in refused(folder)] == ["filled in twice"]


@pytest.mark.parametrize(("field", "value", "rule"), [
    ("value", "=1+2", "formula"), ("value", "NR", "no number"), ("value", "≥12", "no number")])
def test_cells_are_refused_by_sheet_and_row(folder, field, value, rule):
    made = book(folder)
    put(made["outcomes"], field, value)
    made.save(folder / "new.xlsx")
    assert refused(folder) == [("new.xlsx/outcomes", 2, rule)]


def test_percentages_as_the_program_shows_them_are_refused(folder):
    made = book(folder)
    put(made["outcomes"], "value", 0.46)
    sheet = made["outcomes"]
    sheet.cell(2, RESOURCES["outcomes"].names.index("value") + 1).number_format = "0%"
    made.save(folder / "new.xlsx")
    assert refused(folder) == [("new.xlsx/outcomes", 2, "percent format")]


@pytest.mark.parametrize("name", ["a.xls", "a.xlsm", "a.xlsb", "a.fods", "a.numbers"])
def test_other_formats_are_named(folder, name):
    (folder / name).write_text("x")
    assert refused(folder) == [(name, 0, "spreadsheet format")]


@pytest.mark.parametrize(("content", "rule"), [
    (b"no zip", "unreadable"), (b"\xd0\xcf\x11\xe0 old", "unreadable"),
    (b"PK\x03\x04", "unreadable")])
def test_files_that_are_no_workbooks(tmp_path, content, rule):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused(tmp_path) == [("a.xlsx", 0, rule)]


def test_a_bomb_and_a_link_are_not_opened(tmp_path):
    for name, inner, size in (("bomb.xlsx", "xl/a.xml", 200_000_000),
                              ("link.xlsx", "xl/externalLinks/externalLink1.xml", 10)):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inner, b"0" * size)
    assert refused(tmp_path) == [("bomb.xlsx", 0, "too large"), ("link.xlsx", 0, "external link")]


def ods(cells: list[list[str]], extra: str = "") -> bytes:
    """A minimal .ods file with one sheet, abbreviations."""
    rows = "".join("<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string" {extra if cell == "F" else ""}>'
        f"<text:p>{cell}</text:p></table:table-cell>" for cell in row) + "</table:table-row>"
        for row in cells)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '''<?xml version="1.0"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>''')
        archive.writestr("content.xml", f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0"
 xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>
<table:table table:name="abbreviations">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>""")
    return content.getvalue()


HEAD = ["abbreviation", "meaning", "used_in"]


def test_an_ods_file(tmp_path):
    (tmp_path / "a.ods").write_bytes(ods([HEAD, ["TTNT", "time to next treatment", "text"]]))
    read = intake.read_folder(tmp_path, DATA)
    assert read["abbreviations"].iloc[0].tolist() == ["TTNT", "time to next treatment", "text"]
    assert read.files == {"abbreviations": "a.ods/abbreviations"}


def test_a_formula_in_an_ods_file(tmp_path):
    (tmp_path / "a.ods").write_bytes(
        ods([HEAD, ["F", "x", "y"]], 'table:formula="of:=A1"'))
    assert refused(tmp_path) == [("a.ods/abbreviations", 2, "formula")]


def test_a_folder_of_an_earlier_template_is_taken(folder):
    text = (folder / "studies.csv").read_text("utf-8-sig").replace("country,", "", 1)
    rows = text.splitlines()
    names = (folder / "studies.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    cells = rows[1].split(",")
    del cells[names.index("country")]
    (folder / "studies.csv").write_text(rows[0] + "\n" + ",".join(cells) + "\n")
    read = intake.read_folder(folder, DATA)
    assert read["studies"]["country"].isna().all()
    assert [(p.rule, p.severity) for p in read.warnings] == [("older template", "warning")]


def test_a_folder_in_the_place_of_a_table(folder):
    (folder / "arms.csv").unlink()
    (folder / "arms.csv").mkdir()
    assert ("arms.csv", 0, "no file") in refused(folder)
    shutil.rmtree(folder / "arms.csv")
