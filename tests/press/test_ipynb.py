"""Stored notebooks: in step with the chapters, and such that nbval really compares them."""

import json
import os
import subprocess
import sys

import nbformat
import pytest


@pytest.fixture
def stored(book):
    assert book.press("notebooks").status == 0
    return book


def cells(book, name="01-data"):
    return json.loads(book.read(f"notebooks/{name}.ipynb"))["cells"]


def test_they_are_valid_and_without_chance(stored):
    for path in stored.path("notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        counts = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1))
    before = {p: p.read_bytes() for p in stored.path("notebooks").iterdir()}
    assert len(before) == 4
    assert stored.press("notebooks").out == ""
    assert {p: p.read_bytes() for p in stored.path("notebooks").iterdir()} == before


def test_each_inline_value_is_a_hidden_cell_before_its_text(stored):
    inline = [c for c in cells(stored) if c["metadata"].get("tags") == ["inline"]]
    assert "".join(inline[0]["source"]) == "len(rows)"
    assert inline[0]["outputs"][0]["data"]["text/plain"] == ["9"]
    assert all(c["metadata"]["jupyter"] == {"source_hidden": True} for c in inline)


def test_figures_are_text_and_their_rows_are_kept(stored):
    by_id = {c["id"]: c for c in cells(stored)}
    figure = by_id["fig-heights"]
    assert figure["metadata"]["tags"] == ["nbval-ignore-output"]
    assert "image" not in json.dumps(figure["outputs"])
    assert "Alder,1,4.1" in json.dumps(by_id["heights-rows"]["outputs"])


def test_check_passes_and_runs_nothing(stored):
    stored.edit("data/tides.csv", "4.1", "9.9")
    done = stored.press("notebooks", "--check")
    assert (done.status, done.err) == (0, "")


@pytest.mark.parametrize("change, message", [
    (lambda b: b.edit("chapters/01-data.qmd", "len(rows)", "len(rows) + 1"), "cell `inline-1`"),
    (lambda b: b.edit("chapters/01-data.qmd", "There are", "There were"), "cell `text-2`"),
    (lambda b: b.append("chapters/01-data.qmd", "```{python}\n1\n```"), "cell `text-"),
    (lambda b: b.path("notebooks/01-data.ipynb").unlink(), "is missing"),
    (lambda b: b.path("notebooks/01-data.ipynb").write_text("x"), "is not a notebook"),
    (lambda b: b.path("notebooks/01-data.ipynb").rename(b.path("notebooks/old.ipynb")),
     "belongs to no chapter"),
])
def test_check_finds_what_is_not_in_step(stored, change, message):
    change(stored)
    done = stored.press("notebooks", "--check")
    assert done.status == 1
    assert message in done.err and "run `python -m press notebooks`" in done.err


def test_notebooks_of_others_stay(stored):
    stored.path("notebooks/mine.ipynb").write_text('{"cells": []}')
    assert stored.press("notebooks", "--check").status == 0
    stored.press("notebooks")
    assert stored.path("notebooks/mine.ipynb").exists()


def nbval(book):
    environment = os.environ | {"PYTHONPATH": str(book.root), "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p",
         "no:cacheprovider", "-c", os.devnull, "notebooks/01-data.ipynb"],
        cwd=book.root, env=environment, text=True, capture_output=True)


@pytest.mark.nightly
def test_nbval_agrees_and_sees_a_changed_row(stored):
    done = nbval(stored)
    assert done.returncode == 0, done.stdout
    stored.edit("data/tides.csv", "Alder,north,1,4.1", "Alder,north,1,4.2")
    done = nbval(stored)
    assert done.returncode == 1
    # the printed rows of the figure, and the table; the inline values did not change
    assert "2 failed" in done.stdout, done.stdout
