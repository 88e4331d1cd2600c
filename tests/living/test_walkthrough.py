"""The walk-through of a new study in CONTRIBUTING.md, executed line by line on a copy."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from review import cli
from review.dataset.load import ROOT

pytestmark = pytest.mark.slow
GUIDE = ROOT / "CONTRIBUTING.md"
# rendering has tests of its own; here its arguments are only parsed
RENDERED = ("review", "render")
FROZEN = ("studies", "reports", "arms", "outcomes", "characteristics", "quality")


def walkthrough():
    """The commands of the first shell block that makes a new study; comments left out."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    found = [block for block in blocks if "review new-study" in block]
    assert found, "CONTRIBUTING.md has no shell block with review new-study"
    return [shlex.split(line) for line in found[0].splitlines()
            if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of what the commands touch."""
    place = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data", place / "data", ignore=shutil.ignore_patterns(".checked"))
    shutil.copy(ROOT / "references.bib", place)
    return place


@pytest.fixture(scope="module")
def run(project):
    """run(words): a command in the copy; returns its process, output as text."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "REVIEW_DATA": str(project / "data")}
    environment.pop("REVIEW_EDITION", None)

    def execute(words):
        command = [sys.executable, "-m", "review", *words[1:]] if words[0] == "review" else \
            ["sh", "-c", " ".join(words)]
        return subprocess.run(command, cwd=project, env=environment, capture_output=True,
                              text=True)

    return execute


@pytest.fixture(scope="module")
def walked(project, run):
    """Every command done, with its process; the digest of the published rows before."""
    before = _published(run)
    steps = [(words, None if tuple(words[:2]) == RENDERED else run(words))
             for words in walkthrough()]
    return before, steps


def _published(run):
    """A digest of the published edition's rows as the audit and the figures see them."""
    told = run(["review", "claims", "--format", "json"])
    assert told.returncode == 0, told.stderr
    return hashlib.sha256(told.stdout.encode()).hexdigest()


def _step(steps, *words):
    return next(done for command, done in steps if tuple(command[:len(words)]) == words)


def test_every_command_succeeds(walked):
    for words, done in walked[1]:
        if done is None:
            cli.parser().parse_args(words[1:])
        else:
            assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"


def test_the_steps_are_all_there(walked):
    told = [" ".join(words[:2]) for words, _ in walked[1] if words[0] == "review"]
    assert list(dict.fromkeys(told)) == [
        "review new-study", "review validate", "review what-if", "review accept",
        "review claims", "review changes", "review render"]


def test_the_dry_run_announces_what_the_update_then_changes(walked):
    dry, done = (_step(walked[1], "review", name).stdout for name in ("what-if", "changes"))
    for piece in ("changed", "Martino 2025", "21.0 months", "does not hold",
                  "Median OS in real-world studies: known range"):
        assert piece in dry and piece in done


def test_the_new_edition_carries_the_rows_and_its_kind(walked, project, run):
    told = json.loads(run(["review", "changes", "published", "current", "--format",
                           "json"]).stdout)
    assert told["class"] == "changed" and told["new"] == "2026-1"
    assert {row["study"] for row in told["rows"]} == {"Martino 2025"}
    assert "changed" in _step(walked[1], "review", "accept").stdout
    stored = (project / "data" / "editions.csv").read_text("utf-8").splitlines()[-1]
    assert stored.startswith("2026-1,") and ",changed," in stored


def test_the_published_edition_and_its_audit_stay(walked, run):
    assert _published(run) == walked[0]


def test_the_rows_of_the_published_edition_keep_every_byte(walked, project):
    for table in FROZEN:
        old = (ROOT / "data" / f"{table}.csv").read_text("utf-8")
        assert (project / "data" / f"{table}.csv").read_text("utf-8").startswith(old)


def test_a_second_acceptance_is_refused_and_changes_nothing(walked, project, run):
    before = {path.name: path.read_bytes() for path in (project / "data").glob("*.csv")}
    again = run(["review", "accept", "martino-2025", "--edition", "2026-2", "--search-to",
                 "2026-06-30"])
    assert again.returncode == 1 and "Traceback" not in again.stderr
    assert "stands more than once" in again.stderr
    assert {path.name: path.read_bytes()
            for path in (project / "data").glob("*.csv")} == before
