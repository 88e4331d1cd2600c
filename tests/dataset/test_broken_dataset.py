"""A broken dataset is told in words: file, row and field of every fault, all at once, no traceback.

The faults are made from the schema: each round breaks every table that has a field for it, and the
descriptor loses or changes each of its keys in turn.
"""

import copy
import csv
import json
import os
import shutil
import time
from pathlib import Path

import as_published
import pytest
from layers import first

from review import cli
from review.checks.validate import validate
from review.dataset import schema
from review.dataset.load import load
from review.dataset.problems import DataError

DATA = as_published.dataset()
# the tables that have rows to break: in a new dataset nothing is superseded yet
RESOURCES = {name: resource for name, resource in schema.read_schema(DATA).items()
             if len((DATA / resource.path).read_text("utf-8").splitlines()) > 1}
DESCRIPTOR = json.loads((DATA / "datapackage.json").read_text("utf-8"))
ROW = 3  # the line that is broken, so that a row before it stays whole


@pytest.fixture
def folder(tmp_path):
    """A copy of the dataset with its bibliography beside it."""
    made = tmp_path / "data"
    shutil.copytree(DATA, made, ignore=shutil.ignore_patterns("rows", "candidates", ".checked"))
    shutil.copy(DATA.parent / "references.bib", tmp_path)
    return made


def told(folder, capsys):
    """(file, row, field) of every error that the command tells, which ends with 1 and writes
    nothing."""
    before = state(folder.parent)
    start = time.process_time()
    assert cli.main(["validate", "--data", str(folder), "--format", "json"]) == 1
    assert time.process_time() - start < 4  # two seconds where nothing else runs
    out, err = capsys.readouterr()
    assert "Traceback" not in err and "fault of the program" not in err
    assert state(folder.parent) == before
    problems = json.loads(out)
    assert all(p["message"] and p["remedy"] for p in problems)
    return {(p["file"], p["row"], p["field"]) for p in problems if p["severity"] == "error"}


def state(folder):
    return {path: path.read_bytes() if path.is_file() and os.access(path, os.R_OK) else None
            for path in sorted(folder.rglob("*"))}


# --- files ----------------------------------------------------------------------------------------


def as_folder(path):
    path.unlink()
    path.mkdir()


def as_lost_link(path):
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def written(change):
    """A fault that changes the bytes of a file."""
    return lambda path: path.write_bytes(change(path.read_bytes()))


def in_row(change):
    """A fault that changes the bytes of one line."""
    def fault(content):
        lines = content.split(b"\n")
        lines[ROW - 1] = change(lines[ROW - 1])
        return b"\n".join(lines)
    return written(fault)


# what is done to a file, and the line that is told
FILES = {
    "missing": (Path.unlink, 0),
    "a folder": (as_folder, 0),
    "a link that leads nowhere": (as_lost_link, 0),
    "empty": (written(lambda content: b""), 1),
    "in UTF-16": (written(lambda content: content.decode().encode("utf-16")), 0),
    "in Latin-1": (in_row(lambda line: line + b"\xe9"), ROW),
    "a picture": (written(lambda content: b"\x89PNG\r\n\x1a\n" + bytes(range(256))), 1),
    "a cell too many": (in_row(lambda line: line + b",more,and more"), ROW),
    "a cell too few": (in_row(lambda line: line.split(b",")[0]), ROW),
    "an empty row": (in_row(lambda line: b""), ROW),
    "a column twice": (written(lambda content: content.split(b",")[0] + b"," + content), 1),
    "a mark not closed": (in_row(lambda line: b'"' + line), ROW),
}


@pytest.mark.parametrize("fault", FILES)
def test_every_file_that_cannot_be_read(folder, capsys, fault):
    break_file, row = FILES[fault]
    for resource in RESOURCES.values():
        break_file(folder / resource.path)
    found = {(file, line) for file, line, _ in told(folder, capsys)}
    assert {(resource.path, row) for resource in RESOURCES.values()} <= found


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(folder, capsys):
    (folder / "outcomes.csv").chmod(0)
    assert ("outcomes.csv", 0, "") in told(folder, capsys)


def test_a_file_that_may_not_be_read_is_told_in_words(folder, monkeypatch):
    read = Path.read_bytes

    def refuse(path):
        if path.name == "outcomes.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(p.file, p.rule, "chmod" in p.remedy) for p in validate(folder)
            if p.severity == "error"] == [("outcomes.csv", "unreadable", True)]


@pytest.mark.parametrize(("name", "fault"), first(3, [
    ("published.sha256", as_folder),
    ("published.sha256", written(lambda content: content + "é\n".encode("latin-1"))),
    ("../references.bib", written(lambda content: content + b"\xff")),
    ("published.sha256", as_lost_link),
    ("published.sha256", written(lambda content: content + "é  x\n".encode())),
    ("published.sha256", written(lambda content: b"no digest\n" + content)),
    ("../references.bib", as_folder), ("../references.bib", as_lost_link),
]))
def test_what_lies_beside_the_tables(folder, capsys, name, fault):
    fault(folder / name)
    assert Path(name).name in {file for file, _, _ in told(folder, capsys)}


def test_a_dataset_that_cannot_be_read_is_no_edition(folder):
    as_folder(folder / "outcomes.csv")
    with pytest.raises(DataError, match=r"outcomes\.csv: it is a folder"):
        load("published", folder)


# --- cells ----------------------------------------------------------------------------------------


def of_type(*types):
    return lambda field: field.type in types and "pattern" not in field.constraints


def prose(field):
    return field.type == "string" and not field.allowed and not field.notation


# the field that is broken (the first that fits), and what is written into it
CELLS = {
    "Arabic digits": (of_type("integer", "number"), lambda cell: "\u0663"),
    "full-width digits": (of_type("integer", "number"), lambda cell: "\uff13"),
    "full-width digits of a date": (of_type("date"), lambda cell: "\uff12026-01-01"),
    "thirty digits": (of_type("integer", "number"), lambda cell: "1" * 30),
    "a decimal in a whole number": (of_type("integer"), lambda cell: "1.5"),
    "no such day": (of_type("date"), lambda cell: "2026-02-30"),
    "a year far off": (of_type("date"), lambda cell: "9999-01-01"),
    "a word for a number": (of_type("integer", "number"), lambda cell: "many"),
    "not a number": (of_type("number"), lambda cell: "NaN"),
    "a number without end": (of_type("number"), lambda cell: "1e999"),
    "a word for a truth": (of_type("boolean"), lambda cell: "yes"),
    "below the least": (lambda field: field.constraints.get("minimum") is not None,
                        lambda cell: "-1"),
    "another word": (lambda field: bool(field.allowed), lambda cell: "perhaps"),
    "a required cell emptied": (lambda field: field.required, lambda cell: ""),
    "a zero-width space": (lambda field: "pattern" in field.constraints,
                           lambda cell: f"{cell}\u200b"),
    "a letter of another script": (lambda field: "pattern" in field.constraints,
                                   lambda cell: f"{cell}\u0430"),
    "an escape sequence": (prose, lambda cell: f"{cell}\x1b[31mred"),
    "a null byte": (prose, lambda cell: f"{cell}\0"),
    "text that runs the other way": (prose, lambda cell: f"\u202e{cell}"),
    "a line break": (prose, lambda cell: f"{cell}\nmore"),
    "digits of another script in prose": (prose, lambda cell: f"{cell} \u0665"),
}


@pytest.mark.parametrize("fault", first(1, list(CELLS)))
def test_every_table_with_a_cell_that_is_none(folder, capsys, fault):
    fits, change = CELLS[fault]
    expected = set()
    for resource in RESOURCES.values():
        field = next((field.name for field in resource.fields if fits(field)), None)
        if field is None:
            continue
        path = folder / resource.path
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        cells = rows[ROW - 2 if len(rows) > 1 else 0]
        cells[header.index(field)] = change(cells[header.index(field)])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
        expected.add((resource.path, rows.index(cells) + 2, field))
    assert expected
    assert expected <= told(folder, capsys)


def test_names_with_accents_are_fine(folder):
    path = folder / "authors.csv"
    path.write_text(path.read_text("utf-8").replace(
        "Francesca Gay", "Fran\u00e7ois D\u0142ugosz-Mu\u00f1oz \u674e\u660e S\u0326ahin"),
        "utf-8")
    assert [p for p in validate(folder) if p.severity == "error"] == []


@pytest.mark.parametrize("address", first(1, [
    "https://doi.org/10.1/x<script>", "https://a.org/'onclick=1", 'https://a.org/"x"',
    "https://\u0430pple.org", "https://a.org/`x`"]))
def test_markup_and_look_alikes_in_an_address(folder, capsys, address):
    path = folder / "sources.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("url")] = address
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    assert ("sources.csv", 2, "url") in told(folder, capsys)


# --- the descriptor -------------------------------------------------------------------------------


def descriptors():
    """(place, descriptor) with a key of a table, its schema, a field or a key lost or changed."""
    def places(entry, path=()):
        if isinstance(entry, dict | list):
            items = entry.items() if isinstance(entry, dict) else enumerate(entry[:1])
            for key, value in items:
                yield (*path, key)
                yield from places(value, (*path, key))

    table = next(i for i, entry in enumerate(DESCRIPTOR["resources"])
                 if entry["name"] == "outcomes")
    for path in places(DESCRIPTOR["resources"][table], ("resources", table)):
        for change in ("lost", None, [], {}, 3, "\u0661(["):
            broken = copy.deepcopy(DESCRIPTOR)
            holder = broken
            for key in path[:-1]:
                holder = holder[key]
            if change == "lost":
                del holder[path[-1]]
            else:
                holder[path[-1]] = change
            yield f"{'.'.join(map(str, path[2:]))} {change}", broken


def test_a_descriptor_with_any_key_lost_or_changed(folder):
    path = folder / "datapackage.json"
    tried = 0
    for place, broken in descriptors():
        path.write_text(json.dumps(broken), "utf-8")
        try:
            schema.read_schema(folder)
        except DataError as error:
            assert {p.file for p in error.problems} == {"datapackage.json"}, place
            assert all(p.field and p.remedy for p in error.problems), place
            tried += 1
    assert tried > 100


@pytest.mark.parametrize(("text", "row", "word"), [
    ("", 1, "no JSON"), ("[]", 0, "resources"), ("{}", 0, "resources"), ("3", 0, "resources"),
    ('{"resources": []}', 0, "resources"), ('{"resources": [3]}', 0, "braces"),
    ('{"resources": {}}', 0, "resources"), ('{\n"a": 1,\n}', 3, "no JSON"),
    ("[" * 100_000, 0, "deep"), ('{"resources": null}', 0, "resources"),
])
def test_a_descriptor_that_is_none(folder, capsys, text, row, word):
    (folder / "datapackage.json").write_text(text, "utf-8")
    assert {(file, line) for file, line, _ in told(folder, capsys)} >= {("datapackage.json", row)}
    assert any(word in p.message for p in validate(folder))


@pytest.mark.parametrize("change", [
    lambda field: field.pop("type"), lambda field: field.update(type="decimal"),
    lambda field: field.update(type="number"), lambda field: field.pop("name"),
    lambda field: field.update(constraints={"pattern": "(["}),
    lambda field: field.update(constraints={"patern": "x"}),
    lambda field: field.update(constraints={"enum": "value"})])
def test_a_field_that_cannot_be_checked_is_told_through_the_command(folder, capsys, change):
    broken = copy.deepcopy(DESCRIPTOR)
    table = next(entry for entry in broken["resources"] if entry["name"] == "outcomes")
    change(next(field for field in table["schema"]["fields"] if field["name"] == "printed"))
    (folder / "datapackage.json").write_text(json.dumps(broken), "utf-8")
    assert {file for file, _, _ in told(folder, capsys)} == {"datapackage.json"}


def test_a_table_that_the_engine_needs_and_one_that_only_the_article_does(folder, capsys):
    for name, where in (("outcomes", ("datapackage.json", 0, "outcomes")),
                        ("eligibility", ("datapackage.json", 0, "eligibility"))):
        broken = copy.deepcopy(DESCRIPTOR)
        broken["resources"] = [entry for entry in broken["resources"] if entry["name"] != name]
        (folder / "datapackage.json").write_text(json.dumps(broken), "utf-8")
        assert where in told(folder, capsys)
