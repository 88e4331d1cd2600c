"""What happens to a render from outside: killed, met by another, without room or rights."""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from faults import left_behind, render_and_kill
from layers import first

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


@pytest.mark.parametrize("after", first(1, [0.6, 1.6]))
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


@pytest.mark.parametrize("number", first(1, [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]))
def test_a_render_that_is_asked_to_end_leaves_nothing(book, tmp_path, number):
    before, temporary = book.output(), tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "press", "render", "--force", str(book.root)],
        env={**os.environ, "TMPDIR": str(temporary)}, stderr=subprocess.PIPE, text=True)
    while not list(temporary.glob(f"{lock.KERNELS}*/*.json")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    err = process.communicate(timeout=60)[1]
    # a kernel that was about to start may say before that its folder is gone
    assert process.returncode == 1 and err.endswith("stopped; the output is as it was.\n")
    assert "Traceback" not in err
    assert book.output() == before and left_behind(book.root) == []
    assert list(temporary.iterdir()) == []


def test_a_render_with_nothing_to_do_takes_away_what_a_killed_one_left(book, tmp_path, monkeypatch):
    monkeypatch.setattr(lock.tempfile, "tempdir", str(tmp_path))
    (book.path(".press") / f"{lock.WORK}killed").mkdir()
    (book.path("_book") / f"{lock.STAGING}killed" / lock.NEW).mkdir(parents=True)
    (tmp_path / f"{lock.KERNELS}killed").mkdir()
    done = book.press("render")
    assert done.status == 0 and "unchanged" in done.err
    assert left_behind(book.root) == [] and not list(tmp_path.glob(f"{lock.KERNELS}*"))


def test_a_folder_of_kernels_stays_while_its_process_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(lock.tempfile, "tempdir", str(tmp_path))
    one, other = lock.HeldFolder(), lock.HeldFolder()
    assert one.path.is_dir() and other.path.is_dir()
    one.cleanup()
    assert list(tmp_path.iterdir()) == [other.path]


def test_what_is_new_and_half_arrived_goes_again(tmp_path):
    staging = tmp_path / f"{lock.STAGING}killed"
    for name in (f"{lock.NEW}/c", f"{lock.OLD}/a"):
        (staging / name).parent.mkdir(parents=True)
        (staging / name).write_text(name, "utf-8")
    (staging / lock.ARRIVING).write_text('["a", "b", "c"]', "utf-8")
    for name in ("a", "b", "ours"):
        (tmp_path / name).write_text("new", "utf-8")
    lock.recover(tmp_path)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        "a": f"{lock.OLD}/a", "ours": "new"}


def test_half_written_results_go(tmp_path):
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells" / f"index.0{lock.PART}").write_text("{", "utf-8")
    with lock.alone(tmp_path):
        assert list((tmp_path / "cells").iterdir()) == []


@pytest.mark.parametrize("code", ["ascii", "utf-16"])
def test_what_is_written_is_the_same_in_every_locale(code):
    done = subprocess.run([sys.executable, "-m", "press", "options"], capture_output=True,
                          env={**os.environ, "PYTHONIOENCODING": code})
    assert done.returncode == 0 and "…" in done.stdout.decode("utf-8"), done.stderr


@pytest.mark.parametrize(("where", "status"), [(">/dev/full", 1), (">&-", 0), ("| true", 0)])
def test_an_output_that_takes_nothing(where, status):
    done = subprocess.run(f"set -o pipefail; {sys.executable} -m press options {where}", shell=True,
                          executable="/bin/bash", capture_output=True, text=True)
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == status, done.stderr


@pytest.mark.nightly
def test_a_folder_with_any_name_in_a_locale_without_utf8(demo, tmp_path):
    root = shutil.copytree(demo.root, tmp_path / "a 'b\" #%25 é中😀",
                           ignore=shutil.ignore_patterns(".press", "_book"))
    done = subprocess.run(
        [sys.executable, "-m", "press", "render", str(root)], capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    for name, content in demo.output().items():
        assert (root / name).read_bytes() == content, name
