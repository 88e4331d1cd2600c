"""Contributed rows are data: what would act on a reader, a program or a page is refused with its
place and a remedy, or shown as the text that it is."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from layers import first

from review.dataset import bibliography, characters, descriptor, schema
from review.dataset.load import read_text
from review.dataset.problems import DataError, Problem, visible
from review.report import without
from review.update import extractions, folder, intake, prepare, spreadsheet

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
ENTRY = "@article{{new2026,\n author = {{New, A.}},\n title = {{{}}},\n journal = {{J}},\n" \
        " year = {{2026}}\n}}\n"


def odd(cell: str, notation: bool = False) -> list[str]:
    """The rules that a cell breaks."""
    found = characters.breach(cell, notation, False)
    return [found[1]] if found else []


@pytest.mark.parametrize(("cell", "rule"), [
    ("Sm\u0456th 2025", "letter of another script"), ("\u0410BC", "letter of another script"),
    ("M\u039fRE", "letter of another script"), ("\uff33mith", "letter of another script"),
    ("Иванов 2025", None), ("NF-κB, IFNγ, β2-microglobulin, μg", None), ("Müller, Ørsted", None),
    ("a" + "\u0301" * 9, "piled accents"), ("e\u0302\u0301", None),
    ("a\u202eb", "invisible character"), ("a\u2066b", "invisible character"),
    ("a\u200bb", "invisible character"), ("a\ufeffb", "invisible character"),
    ("a\x00b", "invisible character"), ("a\x1b[2Jb", "invisible character"),
    ("a\ufe0fb", "invisible character"), ("a\U000e0100b", "invisible character"),
    ("x" * 10_001, "cell too long"), ("x" * 10_000, None),
    ("=1+1", "formula"), ("+cmd|' /C calc'!A0", "formula"), ("@SUM(A1)", "formula"),
    ("-2+3+cmd|' /C calc'!A0", "formula"), ("\uff1d1+1", "formula"),
])
def test_a_cell_is_refused_or_is_what_it_looks_like(cell, rule):
    assert odd(cell) == ([rule] if rule else [])


def test_no_cell_of_ours_is_refused(published):
    for table in published.tables.values():
        for name in table.columns:
            for cell in set(table[name].dropna().astype("string")):
                assert not set(odd(cell)) & {"letter of another script", "piled accents",
                                             "cell too long"}


def told(newcomer: Path, name: str, content: str | bytes) -> list[tuple[str, int, str]]:
    """File, line and rule of what is wrong with a folder in which one file has this content."""
    (newcomer / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as caught:
        intake.read_folder(newcomer, DATA)
    assert all(one.message and one.remedy for one in caught.value.problems)
    return [(one.file, one.row, one.rule) for one in caught.value.problems]


@pytest.fixture
def made(newcomer):
    """A folder with one new study that is in order."""
    return newcomer(os="21.0")


@pytest.mark.parametrize(("change", "row", "rule"), [
    (lambda text: text + b"\xff\xfe" + text, 3, "encoding"),
    (lambda text: text.decode().encode("utf-16"), 0, "encoding"),
    (lambda text: text.replace(b"Newcomer 2026", b"x" * 2_000_000), 2, "unreadable"),
    (lambda text: text + text.splitlines(True)[1] * 25_000, 20_000, "too large"),
])
def test_a_file_of_a_folder(made, change, row, rule):
    content = (made / "studies.csv").read_bytes()
    assert told(made, "studies.csv", change(content)) == [("studies.csv", row, rule)]


def test_a_million_rows_are_refused_before_they_are_read(made, monkeypatch):
    monkeypatch.setattr(spreadsheet, "LARGEST", 10_000_000)
    content = (made / "outcomes.csv").read_bytes()
    assert told(made, "outcomes.csv", content + content.splitlines(True)[1] * 1_000_000) == [
        ("outcomes.csv", 0, "too large")]


@pytest.mark.parametrize(("table", "field", "cell"), first(1, [
    ("studies", "study_id", "../../evil"), ("studies", "label", "Newc\u043emer 2026"),
    ("studies", "note", "a\u202eb"), ("studies", "label", "New\0comer"),
    ("outcomes", "value", "1" * 5000), ("arms", "n_total", "9" * 400),
    ("outcomes", "value", "1e400"), ("arms", "note", "=HYPERLINK(\"http://x\")"),
]))
def test_a_cell_of_a_folder_is_told_with_its_place(run, made, table, field, cell):
    path = made / f"{table}.csv"
    rows = pd.read_csv(path, dtype="string")
    rows[field] = cell
    rows.to_csv(path, index=False)
    status, out, err = run("validate", made)
    assert status == 1 and f"{table}.csv:2:{field}: " in out and "fault of the program" not in err
    lines = (out + err).splitlines()
    assert all(line == visible(line) for line in lines) and max(map(len, lines)) < 1500


@pytest.mark.parametrize(("text", "row", "rule"), [
    (ENTRY.format("A\u202eB"), 3, "invisible character"),
    (ENTRY.format("A\u200bB"), 3, "invisible character"), (ENTRY.format("A\0B"), 3,
                                                           "invisible character"),
    *((ENTRY.format(f"A{mark}B"), 3, "invisible character") for mark in (
        "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\ufe0f", "\r")),
    (ENTRY.format("\\input{/etc/passwd}"), 3, "command"),
    (ENTRY.format("\\immediate\\write18{id}"), 3, "command"),
    ('@preamble{"\\def\\x{y}"}\n' + ENTRY.format("T"), 1, "command"),
    (ENTRY.format("T}, url = {javascript:alert(1)"), 3, "address"),
    (ENTRY.format("T}, file = {file:///etc/passwd"), 3, "address"),
    (ENTRY.format("T}, file = {file:/etc/passwd"), 3, "address"),
    (ENTRY.format("T}, url = {data:text/html,<b>"), 3, "address"),
    (ENTRY.format("T}, url = {javascript : alert(1)"), 3, "address"),
    (ENTRY.format("T") + "UR  - vbscript: x\n", 7, "address"),
    (ENTRY.format("T}, url = {DATA:image/svg+xml;base64,PHN2"), 3, "address"),
    ("@article{a, title = " + "{" * 100_000 + "}" * 100_000 + "}\n", 0, "citation"),
    ("% x\n" + "x" * 2_100_000, 0, "too large"),
])
@pytest.mark.parametrize("name", ["new.bib", "new.ris"])
def test_a_file_of_citations(tmp_path, text, row, rule, name):
    (tmp_path / name).write_text(text, "utf-8")
    found, problems = bibliography.entries(tmp_path / name)
    assert found == {} and (name, row, rule) in [(p.file, p.row, p.rule) for p in problems]
    assert all(visible(str(one)) == str(one) and one.remedy for one in problems)


def test_names_with_accents_and_markup_are_citations(tmp_path):
    for title in ("{\\'E}tude of \\\"uber {$\\beta$}-blockers", "CD38 <b>and</b> {{x}}", "Öl, β",
                  "Long-term data: five-year results", "Data: the whole", "Real-world data:results",
                  "The single file: a review", "JavaScript: a survey", "From data/file: how"):
        for ending in ("\n", "\r\n"):
            (tmp_path / "a.bib").write_text(ENTRY.format(title), "utf-8", newline=ending)
            found, problems = bibliography.entries(tmp_path / "a.bib")
            assert list(found) == ["new2026"] and problems == [], title


@pytest.mark.parametrize("text", [
    "[" * 100_000 + "]" * 100_000, '{"resources": ' + "[" * 900 + "]" * 900 + "}",
    '{"resources": ' + "9" * 5000 + "}", '{"resources": [1e999, NaN]}', "\ufeff", '"\\ud800"', "",
])
def test_a_descriptor_that_is_no_descriptor(tmp_path, text):
    (tmp_path / descriptor.FILE).write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        descriptor.read(tmp_path)
    assert {one.file for one in caught.value.problems} == {descriptor.FILE}
    assert all(one.remedy for one in caught.value.problems)


def workbook(path: Path, **parts: str) -> Path:
    """A workbook with parts of it in other words; a part's name has / as __."""
    book = openpyxl.Workbook()
    book.active.title = "studies"
    book.active.append(["study_id", "label"])
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    content |= {name.replace("__", "/"): text.encode() for name, text in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in content.items():
            packed.writestr(name, text)
    return path


LAUGHS = ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
          + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">'
                    for old, new in zip("abcdefgh", "bcdefghi", strict=True))
          + "]><sst>&i;</sst>")
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE])
def test_entities_in_a_workbook(tmp_path, suffix, text):
    workbook(tmp_path / f"a{suffix}", **{"content.xml": text})
    with pytest.raises(DataError) as caught:
        intake.read_folder(tmp_path, DATA)
    assert [(one.file, one.rule) for one in caught.value.problems] == [(f"a{suffix}", "entities")]


def test_paths_in_a_workbook_lead_nowhere(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    workbook(inside / "a.xlsx", **{"..__evil.txt": "x", "__evil.txt": "x"})
    with pytest.raises(DataError):
        intake.read_folder(inside, DATA)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.xlsx", "in"]
    assert not Path("/evil.txt").exists()


def test_a_file_with_a_name_for_the_terminal(run, made):
    (made / "\x1b[31mred\u202e.csv").write_text("a", "utf-8")
    status, out, err = run("validate", made)
    assert status == 1 and "\\x1b[31mred\\u202e.csv" in out and "\x1b" not in out + err


@pytest.mark.parametrize("words", [
    ("new-study", "../../evil", "--setting", "rwe"), ("new-report", "../evil"),
    ("correct", "outcomes", "../evil", "--reason", "x"), ("retract", "../evil", "--reason", "x"),
    ("validate", "../../no-such-folder")])
def test_a_key_is_no_path(run, tmp_path, monkeypatch, words):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    status, out, err = run(*words, "--data", DATA)
    assert status in (1, 2) and "fault of the program" not in err and err + out
    assert [path for path in tmp_path.rglob("*") if path.name not in ("a", "b")] == []


def test_a_folder_that_is_written_before_it_is_checked_holds_no_formula():
    written = folder._csv(["a", "b"], [{"a": "=1+1", "b": "-3.5"}, {"a": "@x", "b": "2–4"}])
    assert written.splitlines() == ["a,b", "'=1+1,-3.5", "'@x,2–4"]


@pytest.mark.parametrize("reason", ["=cmd", "a\nb", "a\u202eb", "x" * 10_001, "\udcff"])
def test_a_reason_that_no_cell_may_hold_makes_no_folder(second, tmp_path, reason):
    ash = next(iter(second.load().studies["study_id"]))
    for ask in (lambda: prepare.retract(ash, reason, tmp_path / "a", second.data),
                lambda: prepare.correct("studies", ash, tmp_path / "a", reason, second.data)):
        with pytest.raises(prepare.Unprepared, match="--reason: "):
            ask()
    assert list(tmp_path.iterdir()) == []


def test_a_label_does_not_keep_the_data_of_the_page_from_ending(second_copy):
    """Of <!--<script> a browser makes a script within a script."""
    path = second_copy.data / "studies.csv"
    rows = pd.read_csv(path, dtype="string")
    rows["label"] = rows["label"] + " <!--<script> <img src=x>"
    rows.to_csv(path, index=False)
    [_, markup] = without.widget(second_copy.load()).split("```{=html}\n")
    page = BeautifulSoup(markup.split("\n```")[0] + "<p id=after>", "html5lib")
    assert page.find(id="after").parent.name == "body"
    assert "<!--<script> <img src=x>" in str(json.loads(page.find(id="without-data").string))


@pytest.mark.parametrize(("table", "field"), [
    ("checklists", "anchor"), ("checklists", "chapter"), ("claims", "refs_cited"),
    ("external", "claim_ids")])
def test_what_names_something_has_a_form(table, field):
    """It stands in a link or is looked up: no text is plain there."""
    resources = schema.read_schema(DATA)
    rows = read_text(DATA, resources)[table]
    assert not schema.breaches(resources[table], rows)
    for cell in ("x) [l](javascript:alert(1)", "../../etc/passwd", "<b>", "1-9999999999"):
        spoilt = rows.copy()
        spoilt.loc[0, field] = cell
        assert [(p.row, p.field) for p in schema.breaches(resources[table], spoilt)] == [
            (2, field)], cell


def test_differences_of_two_folders_are_shown_and_not_obeyed(newcomer, tmp_path):
    ann, bob = (newcomer(os=value) for value in ("21.0", "22.0"))
    for place, note in ((ann, "a\x1b[2J\u202eb"), (bob, "<b>|x")):
        rows = pd.read_csv(place / "studies.csv", dtype="string")
        rows["note"] = note
        rows.to_csv(place / "studies.csv", index=False)
    compared = extractions.compare(ann, bob, DATA)
    assert "a\\x1b[2J\\u202eb" in compared.text() and "\x1b" not in compared.text()
    extractions.adjudicate(compared, tmp_path / "out", DATA)
    listed = (tmp_path / "out" / "differences.md").read_text("utf-8")
    assert "\\<b\\>\\|x" in listed and "\x1b" not in listed and "\u202e" not in listed


def test_a_message_does_not_fill_the_terminal():
    problem = Problem("a.csv", 2, "b", "", "r", f"'{'x' * 9000}' is no number", "write one")
    assert len(str(problem)) < 700 and str(problem).endswith("is no number; write one")
