"""An update enters the dataset as a whole or not at all, and never touches a published row."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from layers import first
from second_bed import SecondReview, copied
from uncompared import CHANGED

from review.checks import validate
from review.dataset import replacing
from review.dataset.load import load
from review.dataset.problems import DataError, errors
from review.update import accept, staging

pytestmark = pytest.mark.slow
EDITION = accept.Edition(key="2024-1", search_to="2024-03-31", released_on="2024-05-01")
LATER = accept.Edition(key="2024-2", search_to="2024-06-30")


def state(data: Path) -> dict[str, bytes]:
    """Every file of the project, by its place in it; that it was checked is no part of it."""
    project = data.parent
    return {str(path.relative_to(project)): path.read_bytes()
            for path in sorted(project.rglob("*"))
            if path.is_file() and path.name != ".checked"}


def candidate(data: Path, name: str = "grove-2024") -> Path:
    return data / "candidates" / name


@pytest.fixture
def contents(second_contents):
    """The article of the second review."""
    return second_contents


@pytest.fixture(scope="module")
def with_candidates(tmp_path_factory, second_contents) -> Path:
    """The second review, with two candidates. Not to be changed."""
    review = SecondReview(copied(tmp_path_factory.mktemp("accept") / "review"), second_contents)
    review.candidate("grove-2024", recovery="24", improved="70")
    review.candidate("heath-2023", "hospital", recovery="19")
    return review.root


@pytest.fixture
def data(with_candidates, tmp_path) -> Path:
    """The dataset of the second review, with two candidates."""
    return shutil.copytree(with_candidates, tmp_path / "review") / "data"


def test_an_update(data, contents):
    old, project = state(data), sorted(data.parent.iterdir())
    folder = candidate(data)
    done = accept.accept([folder, candidate(data, "heath-2023")], EDITION, data, contents)
    assert done.changes.change_class == "changed"
    assert done.added["studies"] == 2 and done.superseded == 0
    assert done.warnings == ()

    r = load("2024-1", data, contents)
    assert {"heath-2023", "grove-2024"} <= set(r.studies["study_id"])
    assert r.edition["studies"] == len(r.studies) == 7
    assert (r.edition["hospital"], r.edition["community"]) == (4, 3)
    assert r.edition["change_class"] == "changed"
    assert str(r.edition["search_to"].date()) == "2024-03-31"
    assert load(None, data, contents).name == "2024-1"
    assert r.editions.set_index("edition_id").loc["published", "status"] == "superseded"

    # the published edition is what it was, and its rows stand first and unchanged in every file
    published = load("published", data, contents)
    assert len(published.studies) == 5
    new = state(data)
    for name, content in old.items():
        if name.endswith("editions.csv") or "candidates/" in name or "rows/" in name:
            continue
        assert new[name].startswith(content), name
    assert b"@article{grove2024," in new["references.bib"]
    assert errors(validate.validate(data, contents)) == []
    assert sorted(data.parent.iterdir()) == project


@pytest.mark.nightly
def test_a_second_update_follows_the_first(data, contents, quick):
    accept.accept([candidate(data)], EDITION, data, contents)
    later = accept.Edition(key="2024-2", search_to="2024-09-30")
    accept.accept([candidate(data, "heath-2023")], later, data, contents)
    editions = pd.read_csv(data / "editions.csv")
    assert editions["edition_id"].tolist()[-2:] == ["2024-1", "2024-2"]
    assert editions["status"].tolist()[-2:] == ["superseded", "current"]
    assert len(load("2024-1", data, contents).studies) == 6
    assert len(load("2024-2", data, contents).studies) == 7


def refused(data, contents, folders, edition=EDITION) -> set[str]:
    before = state(data)
    with pytest.raises(DataError) as caught:
        accept.accept(folders, edition, data, contents)
    assert state(data) == before
    return {p.rule for p in caught.value.problems}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_bad_rows_are_refused(data, contents):
    edit(candidate(data), "outcomes.csv", ",24,days,24,", ",24,days,42,")
    assert refused(data, contents, [candidate(data)]) == {"print disagrees"}


def test_what_is_wrong_is_told_at_the_row_of_its_folder(data, contents):
    """In a folder by its file's own lines; of several folders each by name, and all at once."""
    folders = [candidate(data), candidate(data, "heath-2023")]
    for folder, value in zip(folders, (24, 19), strict=True):
        edit(folder, "outcomes.csv", f",{value},days,{value},", f",{value},days,42,")
    for chosen, files in ((folders[:1], {"outcomes.csv"}),
                          (folders, {f"{folder.name}/outcomes.csv" for folder in folders})):
        with pytest.raises(DataError) as caught:
            accept.accept(chosen, EDITION, data, contents)
        assert {(p.file, p.row, p.field) for p in caught.value.problems} == {
            (file, 2, "printed") for file in files}
    for folder in folders:
        edit(folder, "outcomes.csv", ",days,42,", ",days,5-Aug,")
    with pytest.raises(DataError) as caught:
        accept.accept(folders, EDITION, data, contents)
    assert {(p.file, p.row) for p in caught.value.problems} == {
        (f"{folder.name}/outcomes.csv", 2) for folder in folders}


def test_unreadable_rows_are_refused(data, contents):
    edit(candidate(data), "outcomes.csv", ",24,days,24,", ",24,days,5-Aug,")
    assert refused(data, contents, [candidate(data)]) == {"made into a date"}


def test_an_edition_has_one_key(data, contents):
    accept.accept([candidate(data)], EDITION, data, contents)
    assert refused(data, contents, [candidate(data, "heath-2023")]) == {"edition exists"}


@pytest.mark.parametrize("key", first(2, [
    "current", "../x", "", "candidate", "published", "2026 1", "2026/1", "Update-1", "2026-",
    "\u0662026", "x" * 100, "a\x1b[31m"]))
def test_a_key_that_no_edition_can_have(data, contents, key):
    assert refused(data, contents, [candidate(data)], accept.Edition(key, "2024-03-31")) == {
        "key of an edition"}


def test_a_search_does_not_go_back(data, contents):
    assert refused(data, contents, [candidate(data)], accept.Edition("2024-1", "2019-01-31")) == {
        "search goes back"}


def test_published_rows_are_not_written_over(data, contents):
    folder = candidate(data)
    header, *rows = (data / "outcomes.csv").read_text("utf-8").splitlines()
    own = next(row for row in rows if row.startswith("elm-2016-recovery,"))
    with (folder / "outcomes.csv").open("a", encoding="utf-8") as file:
        file.write(own.replace(",published,", ",,").replace("18,days,18", "17,days,17") + "\n")
    assert "duplicate key" in refused(data, contents, [folder])


def test_rows_cannot_claim_the_published_edition(data, contents):
    folder = candidate(data)
    rows = pd.read_csv(folder / "arms.csv", dtype=str)
    rows.assign(edition_added="published").to_csv(folder / "arms.csv", index=False)
    assert refused(data, contents, [folder]) == {"edition of a new row"}


def test_bibliography_keys_are_not_given_twice(data, contents):
    edit(candidate(data), "references.bib", "grove2024", "hazel2020")
    assert "key taken" in refused(data, contents, [candidate(data)])


def test_a_citation_needs_its_entry(data, contents):
    (candidate(data) / "references.bib").unlink()
    assert refused(data, contents, [candidate(data)]) == {"not in the bibliography"}


def test_superseding(data, contents, quick):
    folder = candidate(data)
    (folder / "supersedes.csv").write_text(
        "resource,key,reason\noutcomes,fir-2018-improved,read wrongly\n")
    before = len(load("published", data, contents).outcomes)
    done = accept.accept([folder], EDITION, data, contents)
    assert done.superseded == 1
    assert "fir-2018-improved" not in set(load("2024-1", data, contents).outcomes["outcome_id"])
    assert len(load("published", data, contents).outcomes) == before


@pytest.mark.parametrize(("line", "field"), first(2, [
    ("outcomes,fir-2018-improve,why", "key"), ("outcome,x,why", "resource"),
    ("outcomes,fir-2018-improved,", "reason"), ("sources,hazel2020,why", "resource")]))
def test_superseding_what_is_not_there(data, contents, line, field):
    folder = candidate(data)
    (folder / "supersedes.csv").write_text(f"resource,key,reason\n{line}\n")
    with pytest.raises(DataError) as caught:
        accept.accept([folder], EDITION, data, contents)
    assert [(p.file, p.row, p.field) for p in errors(caught.value.problems)] == [
        ("supersedes.csv", 2, field)]


# Interruptions ----------------------------------------------------------------------------------


class Interrupted(BaseException):
    """Stands for a key press, a full disk, a lost connection."""


def interrupt(*_, **__):
    raise Interrupted


@pytest.mark.parametrize(("owner", "name"), first(3, [
    (accept, "_write"), (os, "replace"), (replacing, "exchange"), (shutil, "copy2"),
    (accept, "_compared"), (replacing, "flush"), (os, "fsync"), (replacing, "exchange_at_once")]),
    ids=lambda one: one if isinstance(one, str) else "")
def test_an_interruption_leaves_the_old_state(data, contents, quick, monkeypatch, owner, name):
    before = state(data)
    monkeypatch.setattr(owner, name, interrupt)
    with pytest.raises(Interrupted):
        accept.accept([candidate(data)], EDITION, data, contents)
    assert state(data) == before


def test_a_dataset_changed_meanwhile_is_not_written_over(data, contents, monkeypatch):
    def meanwhile(*_):
        edit(data, "sources.csv", "invented review", "Invented review")
        return CHANGED

    monkeypatch.setattr(accept, "_compared", meanwhile)
    with pytest.raises(DataError, match="changed while"):
        accept.accept([candidate(data)], EDITION, data, contents)
    assert "Invented review" in (data / "sources.csv").read_text("utf-8")
    assert "2024-1" not in (data / "editions.csv").read_text("utf-8")


@pytest.mark.parametrize("code", first(1, [errno.EXDEV, errno.EACCES]))
def test_a_command_names_a_folder_with_a_space(second_copy, contents, quick, monkeypatch, code):
    data = second_copy.data.parent / "a folder" / "data"
    shutil.copytree(second_copy.data, data)
    shutil.copy(second_copy.data.parent / "references.bib", data.parent)
    folder = second_copy.candidate("grove-2024", recovery="24", improved="70")

    def refused(*_):
        raise OSError(code, os.strerror(code), str(data))

    monkeypatch.setattr(replacing, "exchange", refused)
    with pytest.raises(staging.NotWritten) as caught:
        accept.accept([folder], EDITION, data, contents)
    quoted = shlex.quote(str(data))
    assert quoted.startswith("'")
    message = str(caught.value)
    copy = f"'{data}-copy'"
    assert {errno.EXDEV: f"cp -a {quoted} {copy} && rm -r {quoted} && mv {copy} {quoted}",
            errno.EACCES: f"(chmod u+rwX {quoted})"}[code] in message


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("owner", "name"), first(1, [
    (replacing, "exchange"), (staging, "copy"), (replacing, "flush")]))
def test_a_killed_process_leaves_the_old_dataset(data, contents, quick, monkeypatch, owner, name):
    before = {path: content for path, content in state(data).items() if path.startswith("data/")}
    real = getattr(owner, name)

    def killed(*arguments):
        if name != "exchange" or arguments[1] != data:
            real(*arguments)
        if name != "exchange" or arguments[1] == data:
            os._exit(9)

    monkeypatch.setattr(owner, name, killed)
    if (child := os.fork()) == 0:
        try:
            accept.accept([candidate(data)], EDITION, data, contents)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    after = {path: content for path, content in state(data).items() if path.startswith("data/")}
    assert after == before
    monkeypatch.undo()
    monkeypatch.setattr(accept, "_compared", lambda *_: CHANGED)
    assert accept.accept([candidate(data)], EDITION, data, contents).edition == "2024-1"
    assert not [p for p in data.parent.iterdir() if p.name.startswith(".")]
    entries = (data.parent / "references.bib").read_text("utf-8")
    assert entries.count("@article{grove2024,") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_a_killed_update_added_to_the_references_is_taken_back(data, contents, quick,
                                                                    monkeypatch):
    before = state(data)
    real = replacing.exchange
    monkeypatch.setattr(replacing, "exchange",
                        lambda new, old: os._exit(9) if old == data else real(new, old))
    if (child := os.fork()) == 0:
        try:
            accept.accept([candidate(data)], EDITION, data, contents)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert state(data) != before
    monkeypatch.undo()
    (candidate(data) / "studies.csv").unlink()
    with pytest.raises(DataError):
        accept.accept([candidate(data)], EDITION, data, contents)
    del before["data/candidates/grove-2024/studies.csv"]
    assert state(data) == before


def test_an_interruption_after_the_last_step_leaves_the_new_state(data, contents, quick,
                                                                  monkeypatch):
    """The references keep what the new dataset cites."""
    real = replacing.exchange

    def late(new, old):
        real(new, old)
        if old == data:
            raise Interrupted

    monkeypatch.setattr(replacing, "exchange", late)
    with pytest.raises(Interrupted):
        accept.accept([candidate(data)], EDITION, data, contents)
    assert accept.is_there(EDITION, data)
    assert "@article{grove2024," in (data.parent / "references.bib").read_text("utf-8")


def test_a_second_update_at_the_same_time_is_told_to_wait(data, contents, quick, monkeypatch):
    real = replacing.flush

    def another(folder):
        with pytest.raises(DataError, match="another update is being accepted; wait"):
            accept.accept([candidate(data, "heath-2023")], LATER, data,
                          contents)
        real(folder)

    monkeypatch.setattr(replacing, "flush", another)
    accept.accept([candidate(data)], EDITION, data, contents)
    monkeypatch.setattr(replacing, "flush", real)
    accept.accept([candidate(data, "heath-2023")], LATER, data,
                          contents)
    assert set(load(None, data, contents).studies["study_id"]) >= {"grove-2024", "heath-2023"}


FULL, CLOSED = "is full; nothing was changed. Free at least", "chmod u\\+rwX"


@pytest.mark.parametrize(("owner", "name", "code", "word"), first(1, [
    (shutil, "copy2", 28, FULL), (os, "mkdir", 13, CLOSED), (os, "fsync", 28, FULL),
    (os, "mkdir", 28, FULL), (os, "mkdir", 30, CLOSED),
    (shutil, "copy2", 5, "nothing was changed. Mend that")]))
def test_a_disk_that_does_not_take_it_is_told_in_a_line(data, contents, quick, monkeypatch, owner,
                                                        name, code, word):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code), str(data.parent / ".data-update-x"))

    before = state(data)
    monkeypatch.setattr(owner, name, refuse)
    with pytest.raises(staging.NotWritten, match=word) as caught:
        accept.accept([candidate(data)], EDITION, data, contents)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert state(data) == before


def test_folders_that_are_not_ours_are_left_alone(data, contents, quick):
    for name in (".data-backup", ".data-old-2026"):
        (data.parent / name).mkdir()
    accept.accept([candidate(data)], EDITION, data, contents)
    assert {".data-backup", ".data-old-2026"} <= {p.name for p in data.parent.iterdir()}


def folders(tmp_path) -> tuple[Path, Path]:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    return tmp_path / "a", tmp_path / "b"


def test_exchange(tmp_path):
    a, b = folders(tmp_path)
    replacing.exchange(a, b)
    assert ((a / "name").read_text(), (b / "name").read_text()) == ("b", "a")


def without_exchange(*_):
    raise OSError(38, "not here")


def test_exchange_where_the_system_has_none(tmp_path, monkeypatch):
    a, b = folders(tmp_path)
    monkeypatch.setattr(replacing, "exchange_at_once", without_exchange)
    replacing.exchange(a, b)
    assert ((a / "name").read_text(), (b / "name").read_text()) == ("b", "a")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.fixture
def from_an_image(tmp_path):
    """A folder that comes with a container's image: the lower layer of an overlay."""
    layers = tmp_path / "layers"
    layers.mkdir()
    merged = layers / "merged"
    mounts = [["mount", "-t", "tmpfs", "none", str(layers)],
              ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={layers}/lower,"
               f"upperdir={layers}/upper,workdir={layers}/work", str(merged)]]
    done = []
    try:
        for mount in mounts:
            if subprocess.run(mount, capture_output=True).returncode:
                pytest.skip("no file system may be mounted here")
            done.append(mount[-1])
            for name in ("lower", "upper", "work", "merged"):
                (layers / name).mkdir(exist_ok=True)
            (layers / "lower/data").mkdir(exist_ok=True)
            (layers / "lower/data/datapackage.json").write_text("{}", "utf-8")
        yield merged / "data"
    finally:
        for place in reversed(done):
            subprocess.run(["umount", place], check=True, capture_output=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="overlays are of Linux")
def test_a_dataset_in_the_image_of_a_container_is_told_how_to_move(from_an_image):
    def update():
        with staging.writing(from_an_image, "2026-1") as staged:
            staging.copy(from_an_image, staged / "new")
            (staged / "new/added.csv").write_text("x", "utf-8")
            replacing.exchange(staged / "new", from_an_image)

    with pytest.raises(staging.NotWritten, match="the image of a container") as told:
        update()
    assert [path.name for path in from_an_image.parent.iterdir()] == ["data"]
    assert [path.name for path in from_an_image.iterdir()] == ["datapackage.json"]
    command = str(told.value).partition("again: ")[2]
    subprocess.run(["sh", "-c", command], check=True)
    update()
    assert (from_an_image / "added.csv").exists()


def test_exchange_in_renames_is_undone(tmp_path, monkeypatch):
    a, b = folders(tmp_path)
    monkeypatch.setattr(replacing, "exchange_at_once", without_exchange)
    real = Path.rename

    def rename(path, target):
        if path == a:
            raise Interrupted
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(Interrupted):
        replacing.exchange(a, b)
    assert (b / "name").read_text() == "b"
