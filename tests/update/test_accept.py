"""An update enters the dataset as a whole or not at all, and never touches a published row."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from review.checks import validate
from review.dataset.load import load
from review.dataset.problems import DataError, errors
from review.update import accept, merge, staging
from review.update.validate_folder import validate_folder

EDITION = accept.Edition(key="2026-1", search_to="2026-01-31", released_on="2026-02-28")


def state(data: Path) -> dict[str, bytes]:
    """Every file of the project, by its place in it; that it was checked is no part of it."""
    project = data.parent
    return {str(path.relative_to(project)): path.read_bytes()
            for path in sorted(project.rglob("*"))
            if path.is_file() and path.name != ".checked"}


def candidate(data: Path, name: str = "martino-2025") -> Path:
    return data / "candidates" / name


@pytest.fixture
def quick(monkeypatch):
    """Without the comparison of editions, which takes seconds and has tests of its own."""
    monkeypatch.setattr(accept, "_classify", lambda *_: "changed")


def test_an_update(data):
    old = state(data)
    folder = candidate(data)
    done = accept.accept([folder, candidate(data, "lynx")], EDITION, data)
    assert done.change_class == "changed"
    assert done.added["studies"] == 2 and done.superseded == 0
    assert {p.rule for p in done.warnings} == {"limits of another level", "no appraisal"}

    r = load("2026-1", data)
    assert {"lynx", "martino-2025"} <= set(r.studies["study_id"])
    assert r.edition["studies"] == len(r.studies) == 26
    assert r.edition["clinical"] + r.edition["rwe"] == 26
    assert r.edition["change_class"] == "changed"
    assert str(r.edition["search_to"].date()) == "2026-01-31"
    assert load(None, data).name == "2026-1"
    assert r.editions.set_index("edition_id").loc["published", "status"] == "superseded"

    # the published edition is what it was, and its rows stand first and unchanged in every file
    published = load("published", data)
    assert len(published.studies) == 24
    new = state(data)
    for name, content in old.items():
        if name.endswith("editions.csv") or "candidates/" in name:
            continue
        assert new[name].startswith(content), name
    assert b"@article{martino2025," in new["references.bib"]
    assert not folder.exists()  # it is no candidate any more
    assert errors(validate.validate(data)) == []
    assert sorted(p.name for p in data.parent.iterdir()) == ["data", "references.bib"]


def test_a_second_update_follows_the_first(data, quick):
    accept.accept([candidate(data)], EDITION, data)
    later = accept.Edition(key="2026-2", search_to="2026-06-30")
    accept.accept([candidate(data, "lynx")], later, data)
    editions = pd.read_csv(data / "editions.csv")
    assert editions["edition_id"].tolist()[-2:] == ["2026-1", "2026-2"]
    assert editions["status"].tolist()[-2:] == ["superseded", "current"]
    assert len(load("2026-1", data).studies) == 25
    assert len(load("2026-2", data).studies) == 26


def refused(data, folders, edition=EDITION) -> set[str]:
    before = state(data)
    with pytest.raises(DataError) as caught:
        accept.accept(folders, edition, data)
    assert state(data) == before
    return {p.rule for p in caught.value.problems}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_bad_rows_are_refused(data):
    edit(candidate(data), "outcomes.csv", ",5.8,months,5.8,", ",5.8,months,8.5,")
    assert refused(data, [candidate(data)]) == {"print disagrees"}


def test_unreadable_rows_are_refused(data):
    edit(candidate(data), "outcomes.csv", ",5.8,months,5.8,", ",5.8,months,5-Aug,")
    assert refused(data, [candidate(data)]) == {"made into a date"}


def test_an_edition_has_one_key(data):
    accept.accept([candidate(data)], EDITION, data)
    assert refused(data, [candidate(data, "lynx")]) == {"edition exists"}


@pytest.mark.parametrize("key", ["current", "candidate", "published", "2026 1", "2026/1", "../x",
                                 "Update-1", "", "2026-", "\u0662026", "x" * 100, "a\x1b[31m"])
def test_a_key_that_no_edition_can_have(data, key):
    assert refused(data, [candidate(data)], accept.Edition(key, "2026-01-31")) == {
        "key of an edition"}


def test_a_search_does_not_go_back(data):
    assert refused(data, [candidate(data)], accept.Edition("2026-1", "2023-01-31")) == {
        "search goes back"}


def test_published_rows_are_not_written_over(data):
    folder = candidate(data)
    header, *rows = (data / "outcomes.csv").read_text("utf-8").splitlines()
    own = next(row for row in rows if row.startswith("kostopoulos-2023-retreated-os,"))
    with (folder / "outcomes.csv").open("a", encoding="utf-8") as file:
        file.write(own.replace(",published,", ",,").replace("19.0", "19.5") + "\n")
    assert "duplicate key" in refused(data, [folder])


def test_rows_cannot_claim_the_published_edition(data):
    folder = candidate(data)
    rows = pd.read_csv(folder / "arms.csv", dtype=str)
    rows.assign(edition_added="published").to_csv(folder / "arms.csv", index=False)
    assert refused(data, [folder]) == {"edition of a new row"}


def test_bibliography_keys_are_not_given_twice(data):
    edit(candidate(data), "references.bib", "martino2025", "gay2025")
    assert "key taken" in refused(data, [candidate(data)])


def test_a_citation_needs_its_entry(data):
    (candidate(data) / "references.bib").unlink()
    assert refused(data, [candidate(data)]) == {"not in the bibliography"}


def test_superseding(data, quick):
    folder = candidate(data)
    (folder / "supersedes.csv").write_text(
        "resource,key,reason\noutcomes,mammoth-dara-imid-pfs,read wrongly\n")
    before = len(load("published", data).outcomes)
    done = accept.accept([folder], EDITION, data)
    assert done.superseded == 1
    assert "mammoth-dara-imid-pfs" not in set(load("2026-1", data).outcomes["outcome_id"])
    assert len(load("published", data).outcomes) == before


@pytest.mark.parametrize(("line", "field"), [
    ("outcomes,mammoth-dara-imid-pf,why", "key"), ("outcome,x,why", "resource"),
    ("outcomes,mammoth-dara-imid-pfs,", "reason"), ("sources,gay2025,why", "resource")])
def test_superseding_what_is_not_there(data, line, field):
    folder = candidate(data)
    (folder / "supersedes.csv").write_text(f"resource,key,reason\n{line}\n")
    with pytest.raises(DataError) as caught:
        accept.accept([folder], EDITION, data)
    assert [(p.file, p.row, p.field) for p in caught.value.problems] == [
        ("supersedes.csv", 2, field)]


# Interruptions ----------------------------------------------------------------------------------


class Interrupted(BaseException):
    """Stands for a key press, a full disk, a lost connection."""


def interrupt(*_, **__):
    raise Interrupted


STEPS = [
    (shutil, "copy2"), (accept, "_write"), (accept, "_classify"), (staging, "flush"),
    (os, "fsync"), (os, "replace"), (staging, "exchange"), (staging, "exchange_at_once"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_an_interruption_leaves_the_old_state(data, quick, monkeypatch, owner, name):
    before = state(data)
    monkeypatch.setattr(owner, name, interrupt)
    with pytest.raises(Interrupted):
        accept.accept([candidate(data)], EDITION, data)
    assert state(data) == before


def test_a_dataset_changed_meanwhile_is_not_written_over(data, monkeypatch):
    def meanwhile(*_):
        edit(data, "abbreviations.csv", "venetoclax", "Venetoclax")
        return "changed"

    monkeypatch.setattr(accept, "_classify", meanwhile)
    with pytest.raises(DataError, match="changed while"):
        accept.accept([candidate(data)], EDITION, data)
    assert "Venetoclax" in (data / "abbreviations.csv").read_text("utf-8")
    assert "2026-1" not in (data / "editions.csv").read_text("utf-8")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", ["copy", "flush", "exchange"])
def test_a_killed_process_leaves_the_old_dataset(data, quick, monkeypatch, name):
    before = {path: content for path, content in state(data).items() if path.startswith("data/")}
    real = getattr(staging, name)

    def killed(*arguments):
        if name != "exchange":
            real(*arguments)
        os._exit(9)

    monkeypatch.setattr(staging, name, killed)
    if (child := os.fork()) == 0:
        try:
            accept.accept([candidate(data)], EDITION, data)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    after = {path: content for path, content in state(data).items() if path.startswith("data/")}
    assert after == before
    monkeypatch.undo()
    monkeypatch.setattr(accept, "_classify", lambda *_: "changed")
    assert accept.accept([candidate(data)], EDITION, data).edition == "2026-1"
    assert sorted(p.name for p in data.parent.iterdir()) == ["data", "references.bib"]
    entries = (data.parent / "references.bib").read_text("utf-8")
    assert entries.count("@article{martino2025,") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_a_killed_update_added_to_the_references_is_taken_back(data, quick, monkeypatch):
    before = state(data)
    monkeypatch.setattr(staging, "exchange", lambda *_: os._exit(9))
    if (child := os.fork()) == 0:
        try:
            accept.accept([candidate(data)], EDITION, data)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert state(data) != before
    monkeypatch.undo()
    (candidate(data) / "studies.csv").unlink()
    with pytest.raises(DataError):
        accept.accept([candidate(data)], EDITION, data)
    del before["data/candidates/martino-2025/studies.csv"]
    assert state(data) == before


def test_a_second_update_at_the_same_time_is_told_to_wait(data, quick, monkeypatch):
    real = staging.flush

    def another(folder):
        with pytest.raises(DataError, match="another update is being accepted; wait"):
            accept.accept([candidate(data, "lynx")], accept.Edition("2026-2", "2026-06-30"), data)
        real(folder)

    monkeypatch.setattr(staging, "flush", another)
    accept.accept([candidate(data)], EDITION, data)
    monkeypatch.setattr(staging, "flush", real)
    accept.accept([candidate(data, "lynx")], accept.Edition("2026-2", "2026-06-30"), data)
    assert set(load(None, data).studies["study_id"]) >= {"martino-2025", "lynx"}


FULL, CLOSED = "is full; nothing was changed. Free at least", "chmod u\\+rwX"


@pytest.mark.parametrize(("owner", "name", "code", "word"), [
    (shutil, "copy2", 28, FULL), (os, "fsync", 28, FULL), (os, "mkdir", 28, FULL),
    (os, "mkdir", 13, CLOSED), (os, "mkdir", 30, CLOSED),
    (shutil, "copy2", 5, "nothing was changed. Mend that")])
def test_a_disk_that_does_not_take_it_is_told_in_a_line(data, quick, monkeypatch, owner, name,
                                                        code, word):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code), str(data.parent / ".data-update-x"))

    before = state(data)
    monkeypatch.setattr(owner, name, refuse)
    with pytest.raises(staging.NotWritten, match=word) as caught:
        accept.accept([candidate(data)], EDITION, data)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert state(data) == before


def test_folders_that_are_not_ours_are_left_alone(data, quick):
    for name in (".data-backup", ".data-old-2026"):
        (data.parent / name).mkdir()
    accept.accept([candidate(data)], EDITION, data)
    assert {".data-backup", ".data-old-2026"} <= {p.name for p in data.parent.iterdir()}


def folders(tmp_path) -> tuple[Path, Path]:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    return tmp_path / "a", tmp_path / "b"


def test_exchange(tmp_path):
    a, b = folders(tmp_path)
    staging.exchange(a, b)
    assert ((a / "name").read_text(), (b / "name").read_text()) == ("b", "a")


def without_exchange(*_):
    raise OSError(38, "not here")


def test_exchange_where_the_system_has_none(tmp_path, monkeypatch):
    a, b = folders(tmp_path)
    monkeypatch.setattr(staging, "exchange_at_once", without_exchange)
    staging.exchange(a, b)
    assert ((a / "name").read_text(), (b / "name").read_text()) == ("b", "a")
    assert len(list(tmp_path.iterdir())) == 2


def test_exchange_in_renames_is_undone(tmp_path, monkeypatch):
    a, b = folders(tmp_path)
    monkeypatch.setattr(staging, "exchange_at_once", without_exchange)
    real = Path.rename

    def rename(path, target):
        if path == a:
            raise Interrupted
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(Interrupted):
        staging.exchange(a, b)
    assert (b / "name").read_text() == "b"


# What the candidates are ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lynx", "martino-2025"])
def test_candidates_can_be_tried(data, name):
    problems = validate_folder(candidate(data, name), data)
    assert errors(problems) == []
    tables = merge.dataset_with(candidate(data, name), data)
    assert name in set(tables["studies"]["study_id"])
    assert tables["editions"]["edition_id"].iloc[-1] == merge.CANDIDATE


@pytest.mark.parametrize("name", ["lynx", "martino-2025"])
def test_candidates_are_marked_and_in_no_edition(data, name):
    assert "not vetted, part of no edition" in (candidate(data, name) / "README.md").read_text()
    assert name not in set(pd.read_csv(data / "studies.csv")["study_id"])
