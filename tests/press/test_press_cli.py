"""The command line: what it prints where, and its exit status."""

import json
import subprocess
import sys

import pytest


def test_render_prints_the_files_and_says_what_it_did(book):
    done = book.press("render", "--timings")
    assert done.status == 0
    assert done.out.splitlines() == [str(book.path("_book/index.html")),
                                     str(book.path("_book/tides.pdf"))]
    assert "unchanged" in done.err and "the book" in done.err and "everything" in done.err


def test_timings_by_chapter_and_phase(small):
    small.append("index.qmd", "```{python}\nsum(range(3_000_000))\n```\n")
    done = small.press("render", "--to", "html", "--timings", "--format", "json")
    assert done.status == 0, done.err
    answer = json.loads(done.out)
    assert answer["files"] == [str(small.path("_book/index.html"))]
    assert answer["ran"] == ["index.qmd"] and not answer["unchanged"]
    rows = {(row["chapter"], row["phase"]): row for row in answer["timings"]}
    assert {phase for chapter, phase in rows if chapter} == {
        "kernel", "cells", "markdown", "read", "html"}
    cells, everything = rows["index.qmd", "cells"], rows[None, "everything"]
    assert 0.01 < cells["processor"] < everything["processor"]
    assert 0.01 < cells["wall"] < everything["wall"]
    assert rows["index.qmd", "read"]["processor"] > 0.001


def test_one_format_into_another_folder(book, tmp_path):
    done = book.press("render", "--to", "html", "--output", str(tmp_path / "out"))
    assert done.status == 0
    written = sorted(p.relative_to(tmp_path / "out").as_posix()
                   for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert written == ["data/tides.csv", "figures/fig-heights.svg", "index.html"]
    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert "tides.pdf" not in page


@pytest.mark.parametrize("arguments", [
    ["render", "--to", "epub"], ["render", "--to", ""], ["render", "--bogus"], ["paint"], []])
def test_wrong_usage(arguments):
    done = subprocess.run([sys.executable, "-m", "press", *arguments], text=True,
                          capture_output=True)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_no_project_here(tmp_path):
    done = subprocess.run([sys.executable, "-m", "press", "render", str(tmp_path)], text=True,
                          capture_output=True)
    assert done.returncode == 1
    assert done.stderr.startswith("_quarto.yml: not found") and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_output_that_cannot_be_written(book, tmp_path):
    (tmp_path / "file").write_text("x")
    done = book.press("render", "--to", "html", "--output", str(tmp_path / "file"))
    assert done.status == 1
    assert "file: File exists; the output is as it was" in done.err
