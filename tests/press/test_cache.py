"""What runs again, and what does not."""

import os

import pytest

from press import config
from press.render import render

DATA = "chapters/01-data.qmd"
ALL = ["index.qmd", DATA, "chapters/02-heights.qmd", "chapters/90-rows.qmd"]


def ran(book, **options):
    result = render(config.load(book.root), options.pop("formats", ["html"]), **options)
    return result.ran, result.unchanged


def test_unchanged_does_nothing(book):
    stamps = {p: p.stat().st_mtime_ns for p in book.path("_book").rglob("*")}
    assert ran(book, formats=["html", "pdf"]) == ([], True)
    assert {p: p.stat().st_mtime_ns for p in book.path("_book").rglob("*")} == stamps


def test_prose_runs_nothing(book):
    book.append(DATA, "A new sentence.")
    assert ran(book) == ([], False)
    assert "A new sentence." in book.read("_book/index.html")


def test_code_runs_its_chapter_alone(book):
    book.append("index.qmd", "Now `{python} 6 * 7`.")
    assert ran(book) == (["index.qmd"], False)
    assert "Now 42." in book.read("_book/index.html")


def test_data_run_everything(book):
    book.edit("data/tides.csv", "Alder,north,1,4.1", "Alder,north,1,9.9")
    assert ran(book) == (ALL, False)
    assert "9.9" in book.read("_book/index.html")


@pytest.mark.parametrize("change", ["helper", "variable", "package"])
def test_what_else_is_in_the_key(book, monkeypatch, change):
    from press import cache, qmd

    loaded = config.load(book.root)
    source = qmd.read(book.root, DATA)

    def key():
        return cache.chapter_key(cache.environment_digest(loaded), source)

    before = key()
    assert key() == before
    if change == "helper":
        book.append("lib/tides.py", "# changed")
    elif change == "variable":
        monkeypatch.setenv("TIDES_EDITION", "published")
    else:
        monkeypatch.setattr(cache, "packages", lambda: ["pandas-0.dist-info"])
    assert key() != before


def test_the_variable_reaches_the_kernels(book, monkeypatch):
    for name in ALL[1:]:
        book.edit("_quarto.yml", f"    - {name}\n", "")
    book.edit("_quarto.yml", "  appendices:\n", "")
    book.path("index.qmd").write_text(
        "# One\n\n```{python}\n#| include: false\nfrom lib.tides import *\n```\n\n"
        "Edition `{python} EDITION`.\n", "utf-8")
    monkeypatch.setenv("TIDES_EDITION", "published")
    assert ran(book) == (["index.qmd"], False)
    assert "Edition published." in book.read("_book/index.html")
    assert os.environ["TIDES_EDITION"] == "published"
    monkeypatch.delenv("TIDES_EDITION")
    assert ran(book)[0] == ["index.qmd"]
    monkeypatch.setenv("TIDES_EDITION", "published")
    assert ran(book)[0] == []


def test_output_that_was_touched_is_made_again(book):
    book.path("_book/index.html").write_text("broken", "utf-8")
    assert ran(book, formats=["html", "pdf"]) == ([], False)
    assert book.read("_book/index.html") != "broken"


def test_the_digest_tells_parts_apart():
    from press.cache import digest

    assert digest("ab", "c") != digest("a", "bc")


def test_inputs_default_to_the_project(book):
    from press.cache import input_files

    book.edit("_quarto.yml", "  inputs: [data, lib]\n", "")
    names = {p.name for p in input_files(config.load(book.root))}
    assert {"tides.csv", "tides.py", "check.py", "wave.svg"} <= names
    assert not {n for n in names if n.endswith((".qmd", ".html", ".pdf", ".json"))}


def test_pre_render_runs_when_something_it_reads_changed(book):
    book.append("lib/check.py", 'with open("ran.log", "a") as log:\n    log.write("ran\\n")')

    def times():
        return book.read("ran.log").count("ran")

    book.append(DATA, "One sentence.")
    ran(book)
    book.append(DATA, "Another sentence.")
    ran(book)
    assert times() == 1
    ran(book, force=True)
    assert times() == 2


def test_a_kernel_that_ends_is_named(book):
    line = book.append("index.qmd", "```{python}\nimport os\nos._exit(3)\n```")
    done = book.press("render")
    assert done.status == 1
    assert f"index.qmd:{line}: the cell ended its kernel" in done.err


def test_what_the_pre_render_changed_is_imported_anew(small):
    """The fork server imports libraries while the pre-render runs, but the project's own modules
    only after it."""
    small.path("word.py").write_text("WORD = 'before'\n", "utf-8")
    small.path("pre.py").write_text(
        "import time\ntime.sleep(1.5)\n"
        "open('word.py', 'w').write(\"WORD = 'after'\\n\")\n", "utf-8")
    small.edit("_quarto.yml", "project:\n", "press:\n  preload: [word]\nproject:\n"
               "  pre-render: pre.py\n")
    small.append("index.qmd", "The word is `{python} __import__('word').WORD`.\n")
    ran(small)
    assert "The word is after." in small.read("_book/index.html")


def test_a_fork_server_that_ended_is_reported_without_a_traceback(small):
    """As when the system ends it for want of memory."""
    from press import kernels
    from press.errors import CellError

    if not kernels.CAN_FORK:
        pytest.skip("kernels are forked on Linux only")
    small.append("_quarto.yml", "press:\n  preload: [json]\n")
    with kernels.KernelHost(config.load(small.root)) as host:
        host.fork_server._process.kill()
        host.fork_server._process.wait()
        with pytest.raises(CellError, match="process that starts kernels has ended"):
            host.fork_server.fork(["-f", "none.json"], str(small.root))
