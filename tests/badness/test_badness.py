"""Badness made from the schema: one to five known faults in a dataset or in a folder of new rows.

Each has to be told with its file, row and field, with exit 1, nothing written and no traceback.
How many cases are made says `conftest.py`.
"""

import contextlib
import hashlib
import io
import json
import re
import time

import as_published
import faulty_book
import made_faults
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import cli

DATA = as_published.dataset()
CANDIDATES = ("martino-2025", "lynx")
DATASET = faulty_book.read(DATA, DATA)
FOLDERS = {name: faulty_book.read(DATA / "candidates" / name, DATA, new=True)
           for name in CANDIDATES}
UPDATE = ["--edition", "2026-1", "--search-to", "2026-01-31"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A copy of the dataset with the candidates, which every case finds as it was."""
    return as_published.copied(tmp_path_factory.mktemp("badness") / "data", "published.sha256")


@pytest.fixture
def seconds(record_property):
    """How long each case took."""
    taken = []
    record_property("seconds", taken)
    return taken


def state(root):
    """What is in a folder: names and digests."""
    return {str(path.relative_to(root)): path.is_file() and hashlib.sha256(
        path.read_bytes()).hexdigest() for path in sorted(root.rglob("*"))}


@contextlib.contextmanager
def spoilt(folder, case):
    """The folder with the files of a case, put back afterwards; nothing else may change in the
    project meanwhile."""
    kept = {}
    for table in case.changed:
        path = folder / case.book.resources[table].path
        kept[path] = path.read_bytes()
        path.write_bytes(case.book.content(table))
    try:
        yield
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


def run(*words):
    """Status, what a command printed for programs, and for people."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([str(word) for word in words])
    said = out.getvalue() + err.getvalue()
    assert "Traceback" not in said and "fault of the program" not in said, said
    return status, out.getvalue(), err.getvalue()


def told(text):
    """(file, row, field) of each line of a text for people."""
    lines = re.findall(r"^([^\s:]+):(?:(\d+):)?(?:([^\s:]+):)? ", text, re.MULTILINE)
    return {(file, int(row or 0), field) for file, row, field in lines}


def told_as_json(text):
    problems = json.loads(text)
    problems = problems["problems"] if isinstance(problems, dict) else problems
    assert all(one["message"] and one["remedy"] for one in problems)
    return {(one["file"], one["row"], one["field"]) for one in problems
            if one["severity"] == "error"}


def check(case, said, status):
    assert status == 1, case.told
    missing = {(file, row, field) for file, row, field in case.expected
               if not any((file, row) == one[:2] and field in ("", one[2]) for one in said)}
    assert missing == set(), (case.told, sorted(said)[:20])


@given(case=made_faults.faults(DATASET), form=st.sampled_from(["text", "json"]))
def test_a_spoilt_dataset(place, seconds, case, form):
    with spoilt(place, case):
        before = state(place.parent)
        start = time.perf_counter()
        status, out, _ = run("validate", "--data", place, "--format", form)
        seconds.append(time.perf_counter() - start)
        assert state(place.parent) == before
    check(case, told_as_json(out) if form == "json" else told(out), status)


@given(data=st.data(), name=st.sampled_from(CANDIDATES))
def test_a_spoilt_folder(place, seconds, data, name):
    case = data.draw(made_faults.faults(FOLDERS[name]))
    folder = place / "candidates" / name
    # to try rows that can be read takes as long as to compute what they change
    also = data.draw(st.sampled_from(["", "", "what-if", "accept"]))
    with spoilt(folder, case):
        before = state(place.parent)
        start = time.perf_counter()
        status, out, _ = run("validate", folder, "--data", place, "--format", "json")
        seconds.append(time.perf_counter() - start)
        check(case, told_as_json(out), status)
        if also == "what-if" and "rule" not in case.layers:
            status, out, _ = run("what-if", folder, "--data", place, "--format", "json")
            check(case, told_as_json(out), status)
        elif also == "accept":
            status, out, err = run("accept", folder, "--data", place, *UPDATE)
            assert out == ""
            check(case, told(err), status)
        after = state(place.parent)
        # the dataset itself was found to keep its schema, which is noted beside it
        after.pop("data/.checked", None)
        before.pop("data/.checked", None)
        assert after == before


def test_what_is_not_told_is_seen():
    """The comparison itself can fail: at another row, at another column, with exit 0."""
    case = made_faults.Case(DATASET, (), frozenset({("arms.csv", 3, "label")}), (), ())
    check(case, {("arms.csv", 3, "label"), ("arms.csv", 9, "note")}, 1)
    for said, status in (({("arms.csv", 4, "label")}, 1), ({("arms.csv", 3, "note")}, 1),
                         (set(), 1), ({("arms.csv", 3, "label")}, 0)):
        with pytest.raises(AssertionError):
            check(case, said, status)


@pytest.mark.parametrize("book", [DATASET, *FOLDERS.values()], ids=["dataset", *FOLDERS])
def test_every_kind_of_fault_has_a_place(book):
    """What a folder cannot have: columns that are unique, which describe editions and authors."""
    without = {kind.name for kind in made_faults.KINDS if not kind.places(book)}
    assert without <= ({"a value twice that is unique", "markup in an address"} if book.new
                       else set())
