"""No stale number: every file of the project counts in what tells whether to render again, or is
listed as one that no report is made from.

The files are not changed: one after the other is read as if it had another byte at its end, and the
cache is asked what it would make anew.
"""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from press import cache, config, convert, pre_render, publish, qmd
from press.render import read_sources
from reproduce import conditions
from reproduce.needless import NEEDLESS, is_needless

ROOT = Path(__file__).parents[2]
FILES = conditions.files(ROOT)
CODE = ("data/", "review/", "article/", "references.bib", "_quarto.yml")
"""What chapters run or read: a change runs every cell again."""
OWN_CODE = re.compile(r"press/\w+\.py")


class Keys:
    """What the cache would say if one file were another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.changed: set[str] = set()
        self.shared = ""
        contents: dict[Path, bytes] = {}
        read_bytes = Path.read_bytes

        def read(path: Path) -> bytes:
            if path not in contents:
                contents[path] = read_bytes(path)
            return contents[path] + (b"\n" if str(path) in self.changed else b"")

        monkeypatch.setattr(Path, "read_bytes", read)
        self.compute_shared = cache.environment_digest
        # it is part of all three keys, and takes longest
        monkeypatch.setattr(cache, "environment_digest", lambda book: self.shared)
        self.book = config.load(ROOT)
        self.sources = read_sources(self.book)
        self.before = self.digests()

    def digests(self) -> dict[str, str]:
        """The keys of cells, of the pre-render commands and of the documents."""
        cache.own_code.cache_clear()
        convert.tools_digest.cache_clear()
        self.shared = self.compute_shared(self.book)
        sources = {path: self.read(path, source) for path, source in self.sources.items()}
        record = publish.RenderRecord(self.book, sources, ["html", "pdf"], ROOT / "_book")
        return {"cells": self.shared, "commands": pre_render.state_of(self.book),
                "documents": record.inputs()}

    def read(self, path: str, source: qmd.Source) -> qmd.Source:
        """A chapter, read again where it is the file that changed."""
        return qmd.read(ROOT, path) if str(ROOT / path) in self.changed else source

    def anew(self, *names: str) -> set[str]:
        """What would be made anew if files changed."""
        self.changed = {str(ROOT / name) for name in names}
        after = self.digests()
        self.changed = set()
        return {part for part, key in after.items() if key != self.before[part]}


@pytest.fixture
def keys(monkeypatch) -> Keys:
    yield Keys(monkeypatch)
    cache.own_code.cache_clear()
    convert.tools_digest.cache_clear()


def expected(name: str) -> set[str]:
    """What has to be made anew when a file changes."""
    if is_needless(name):
        return set()
    if name.startswith(CODE) or OWN_CODE.fullmatch(name):
        return {"cells", "commands", "documents"}
    if name.startswith("notebooks/"):
        return {"commands", "documents"}
    return {"documents"}


def test_every_file_counts_or_is_listed_as_needless(keys):
    counting = [name for name in FILES if not is_needless(name)]
    inputs = set(cache.input_digests(keys.book))
    # of what has a digest of its own in the key of cells, the first file of each folder will do
    folders = {Path(name).parent: name for name in reversed(counting) if name in inputs}
    tried = [name for name in counting if name not in inputs or name in folders.values()]
    assert len(counting) > 300 and len(tried) > 100
    wrong = {name: found for name in tried if (found := keys.anew(name)) != expected(name)}
    assert wrong == {}, "name it under press.inputs, or in reproduce/needless.py with the reason"
    assert keys.anew(*(name for name in FILES if is_needless(name))) == set()


def test_a_new_file_that_nobody_thought_of_is_seen(keys):
    for name in ("settings.toml", "assets/new.css"):
        assert keys.anew(name) != expected(name)
    # while these count without being named
    names = [path.relative_to(ROOT).as_posix() for path in cache.input_files(keys.book)]
    assert {"data/claims.csv", "review/cli.py", "article/contents.py"} <= set(names)


def test_the_list_of_needless_files_names_no_file_that_is_gone():
    assert [pattern for pattern in NEEDLESS
            if not any(fnmatchcase(name, pattern) for name in FILES)] == []


READS = """
import os, runpy, sys
seen = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        writes = isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wax+")
        if not writes:
            seen.add(os.path.abspath(os.fsdecode(arguments[0])))
sys.addaudithook(note)
module = sys.argv[1]
sys.argv[:] = [module, "--quiet"]
try:
    runpy.run_module(module, run_name="__main__", alter_sys=True)
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n".join(sorted(seen)), file=sys.stderr)
"""


@pytest.mark.nightly
def test_what_the_pre_render_command_reads_makes_it_run_again(tmp_path):
    """The commands run in processes of their own, where nobody notes what they open."""
    copy = tmp_path / "project"
    for name in FILES:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    done = subprocess.run(
        [sys.executable, "-c", READS, "review.report.package"], cwd=copy, capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stderr
    opened = {Path(line).relative_to(copy).as_posix() for line in done.stderr.splitlines()
              if line.startswith(f"{copy}{os.sep}")}
    opened = {re.sub(r"__pycache__/(\w+)\.[\w-]+\.pyc$", r"\1.py", name) for name in opened}
    book = config.load(copy)
    known = {path.relative_to(copy).as_posix() for path in
             (*cache.input_files(book), *cache.pre_render_files(book), *publish.resources(book))}
    assert "notebooks/index.ipynb" in opened and "data/claims.csv" in opened
    assert opened - known - {"data/.checked"} == set()


def test_every_variable_that_the_project_reads_is_in_the_key():
    read = {name for folder in ("review", "article") for path in (ROOT / folder).rglob("*.py")
            for name in re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", path.read_text("utf-8"))}
    named = set(config.load(ROOT).env)
    assert {"REVIEW_DATA", "REVIEW_EDITION"} <= read
    # the path is handed on to child processes as it is
    assert read - named - {"PATH"} == set()


@pytest.mark.parametrize("name", [*config.load(ROOT).env, "PYTHONOPTIMIZE", "LC_NUMERIC", "LANG",
                                  "TZ", "MPLCONFIGDIR"])
def test_a_variable_that_matters_is_in_the_key_of_cells(name, monkeypatch):
    book = config.load(ROOT)
    before = cache.environment_digest(book, {})
    monkeypatch.setenv(name, "another")
    assert cache.environment_digest(book, {}) != before


def test_the_version_of_a_package_is_in_the_key_of_cells(monkeypatch, tmp_path):
    book = config.load(ROOT)
    keys = [cache.environment_digest(book, {})]
    monkeypatch.syspath_prepend(str(tmp_path))
    for version in ("1.0", "1.1"):
        folder = tmp_path / f"some-{version}.dist-info"
        folder.mkdir()
        keys.append(cache.environment_digest(book, {}))
        folder.rmdir()
    assert len(set(keys)) == 3
