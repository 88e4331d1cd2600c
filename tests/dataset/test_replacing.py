"""A file or folder gets another content in one step, and what a killed writer left goes."""

import os

import pytest

from review.dataset import replacing


def stopped(*_):
    raise KeyboardInterrupt


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "rows"
    replacing.put_folder(made, {"a.csv": b"1", "b.csv": b"2"})
    return made


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_another_one_as_a_whole(folder):
    replacing.put_folder(folder, {"a.csv": b"3"})
    assert content(folder) == {"a.csv": b"3"} and list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("step", ["flush", "exchange"])
def test_a_writer_that_is_stopped_leaves_the_old_folder(folder, monkeypatch, step):
    before = content(folder)
    monkeypatch.setattr(replacing, step, stopped)
    with pytest.raises(KeyboardInterrupt):
        replacing.put_folder(folder, {"a.csv": b"3"})
    assert content(folder) == before and list(folder.parent.iterdir()) == [folder]


def test_what_a_killed_writer_left_goes_and_what_somebody_writes_stays(folder):
    left, other = (folder.with_name(f".rows{replacing.MARK}{name}") for name in ("left", "other"))
    for path in (left, other):
        path.mkdir()
    held = os.open(other, os.O_RDONLY)
    replacing._hold(held)
    try:
        replacing.put_folder(folder, {"a.csv": b"3"})
    finally:
        os.close(held)
    assert sorted(folder.parent.iterdir()) == sorted([folder, other])


def test_a_new_file_has_the_rights_that_files_have(tmp_path):
    old = os.umask(0o027)
    try:
        replacing.put(tmp_path / "new", b"x")
        (tmp_path / "kept").write_bytes(b"y")
        (tmp_path / "kept").chmod(0o600)
        replacing.put(tmp_path / "kept", b"z")
    finally:
        os.umask(old)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "new", tmp_path / "kept")] == [
        0o640, 0o600]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "file")
    replacing.put(tmp_path / "link", b"y")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "far" / "file").read_bytes() == b"y"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        replacing.put(tmp_path / "pipe", b"z")
        assert os.read(reader, 9) == b"z" and (tmp_path / "pipe").is_fifo()
    finally:
        os.close(reader)


def test_a_full_disk_is_told_with_the_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    for write in (lambda: replacing.put(tmp_path / "a", b"x"),
                  lambda: replacing.put_folder(tmp_path / "a", {"b": b"x"})):
        with pytest.raises(OSError, match="a'$") as caught:
            write()
        assert caught.value.filename == str(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
