"""`make` stops with a clear sentence where it cannot work, and the files around the code agree."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from press.__main__ import main as press_main
from review import VERSION
from review.cli import main as review_main

ROOT = Path(__file__).parents[2]
COMMANDS = ["env", "report", "formats", "test", "nightly", "sweep", "soak", "mutate", "notebooks",
            "validate", "bench", "lock", "clean", "archive", "reproduce"]

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def make(*arguments: str) -> subprocess.CompletedProcess:
    environment = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def interpreter(folder: Path, script: str) -> Path:
    """An executable that stands in for Python: a shell script seeing Python's arguments."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@needs_make
def test_an_old_python_is_refused_by_name_and_version(tmp_path):
    old = interpreter(
        tmp_path,
        'case "$2" in *version_info*) exit 1 ;; *python_version*) echo 3.9.2 ;; esac',
    )
    run = make("env", f"PYTHON={old}", f"VENV={tmp_path}/venv")
    assert run.returncode != 0
    assert re.search(r"needs Python 3\.11 or later, and '.*/python' is 3\.9\.2", run.stderr)
    assert not (tmp_path / "venv").exists()


@needs_make
def test_a_missing_python_is_named(tmp_path):
    run = make("env", f"PYTHON={tmp_path}/none", f"VENV={tmp_path}/venv")
    assert run.returncode != 0
    assert f"There is no '{tmp_path}/none' here" in run.stderr


@needs_make
def test_a_python_without_venv_is_told_what_to_install(tmp_path):
    bare = interpreter(tmp_path, 'case "$2" in *ensurepip*) exit 1 ;; esac')
    run = make("env", f"PYTHON={bare}", f"VENV={tmp_path}/venv")
    assert run.returncode != 0
    assert "python3-venv" in run.stderr


@needs_make
def test_make_on_windows_says_what_to_use():
    run = make("report", "OS=Windows_NT")
    assert run.returncode != 0
    assert "wsl --install" in run.stderr and run.stderr.count("\n") == 1


@pytest.mark.parametrize("main", [review_main, press_main])
def test_the_first_command_on_windows_says_what_to_use(main, monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["--help"]) == 2
    told = capsys.readouterr()
    assert "wsl --install" in told.err and told.err.count("\n") == 1 and not told.out


@needs_make
def test_help_names_every_command():
    text = make("help").stdout
    for command in COMMANDS:
        assert re.search(rf"\bmake {command}\b", text), command
    assert make().stdout == text, "a bare `make` helps and changes nothing"


@needs_make
def test_byte_code_is_written_whatever_the_environment_says():
    assert "unexport PYTHONDONTWRITEBYTECODE" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--compile" in make("-n", "env", "VENV=/nonexistent/venv").stdout


def test_make_stays_within_gnu_make_3_81():
    """macOS ships 3.81, which knows no `!=`, `.ONESHELL`, `::=`, `$(file …)` or `undefine`."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not re.search(r"^[\w.-]+\s*(!=|::=)|^\.ONESHELL|\$\(file |^undefine|&:", text, re.M)


def test_citation_names_this_version_and_the_original_article():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"] == VERSION
    (article,) = citation["references"]
    assert article["doi"] == "10.3389/fonc.2025.1550644"
    assert "doi" not in citation, "this edition has no DOI of its own"


def test_licences_are_there_in_full():
    mit = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert mit.startswith("MIT License") and "WITHOUT WARRANTY OF ANY KIND" in mit
    by = (ROOT / "LICENSE-CC-BY-4.0.txt").read_text(encoding="utf-8")
    for number in range(1, 9):
        assert re.search(rf"^Section {number} -- ", by, re.M), f"section {number} is missing"


def test_ci_runs_the_same_checks():
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & stat.S_IXUSR
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text and "make --no-print-directory test" in text
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["test"]["steps"]
    assert any(step.get("run", "").startswith("make test") for step in steps)
    for job in workflow["jobs"].values():
        for action in [step["uses"] for step in job["steps"] if "uses" in step]:
            assert re.search(r"@v\d+$", action), f"{action}: name the major version"
