"""What happens to a render from outside: killed, met by another, without room or rights."""

import errno
import fcntl
import os
import time

import pytest
from faults import left_behind, render_and_kill

from press import lock, publish

INDEX = "index.qmd"


def test_a_second_render_at_once_is_refused_and_changes_nothing(book):
    before = book.output()
    book.append(INDEX, "More.")
    held = os.open(book.path(".press"), os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = book.press("render")
    finally:
        os.close(held)
    assert done.status == 1 and "another render of this project is running" in done.err
    assert book.output() == before
    assert book.press("render").status == 0
    assert b"More." in book.output()["_book/index.html"]


def test_what_a_killed_render_moved_away_is_put_back_by_the_next(book):
    """Also by one that fails: what was there before it is whole again."""
    before = book.output()
    staging = book.path("_book") / f"{lock.STAGING}killed"
    (staging / lock.OLD).mkdir(parents=True)
    (staging / lock.NEW).mkdir()
    (staging / lock.NEW / "book.pdf").write_bytes(b"half of it")
    for name in ("index.html",):
        book.path("_book").joinpath(name).replace(staging / lock.OLD / name)
    (book.path(".press") / f"{lock.WORK}killed").mkdir()
    book.append(INDEX, "See [nothing](#nothing).")
    assert book.press("render").status == 1
    assert book.output() == before and left_behind(book.root) == []


@pytest.mark.parametrize("after", [0.6, 1.6])
def test_a_killed_render_spoils_nothing(book, after):
    before = book.output()
    render_and_kill(book.root, after)
    assert {name: content for name, content in book.output().items()
            if lock.STAGING not in name} == before
    for _ in range(50):  # what it started ends by itself
        if (done := book.press("render", "--force")).status == 0:
            break
        time.sleep(0.2)
    assert done.status == 0, done.err
    assert book.output() == before and left_behind(book.root) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_may_not_be_written_is_named(book):
    book.append(INDEX, "More.")
    book.path("_book").chmod(0o500)
    try:
        done = book.press("render")
    finally:
        book.path("_book").chmod(0o700)
    assert done.status == 1 and "_book" in done.err and "Traceback" not in done.err


def test_a_full_disk_leaves_the_output_as_it_was(book, monkeypatch):
    before = book.output()
    book.append(INDEX, "More.")

    def full(source, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    monkeypatch.setattr(publish.shutil, "copyfile", full)
    done = book.press("render")
    assert done.status == 1 and "No space left on device" in done.err
    assert "Traceback" not in done.err and book.output() == before
    assert left_behind(book.root) == []
