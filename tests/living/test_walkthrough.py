"""The walk-throughs of a new study, and of what happens to one later, in CONTRIBUTING.md, executed
line by line on a copy."""

import contextlib
import hashlib
import io
import json
import re
import shlex
import shutil
import subprocess

import as_published
import pandas as pd
import pytest

from review import cli
from review.dataset.load import ROOT

pytestmark = pytest.mark.slow
# the second review takes the same way through every command at every change
walks = pytest.mark.nightly
GUIDE = ROOT / "CONTRIBUTING.md"
# rendering has tests of its own; here its arguments are only parsed
RENDERED = ("review", "render")
FROZEN = ("studies", "reports", "arms", "outcomes", "characteristics", "quality")


def walkthrough(command="review new-study"):
    """The commands of the first shell block that has this one; comments left out."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    found = [block for block in blocks if command in block]
    assert found, f"CONTRIBUTING.md has no shell block with {command}"
    return [shlex.split(line) for line in found[0].splitlines()
            if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of what the commands touch, in a folder with spaces and letters of other scripts."""
    place = tmp_path_factory.mktemp("project") / "мой review – 日本 [1] 'x'"
    as_published.copied(place / "data")
    shutil.copy(ROOT / "CHANGELOG.md", place)
    shutil.copy(ROOT / "_quarto.yml", place)
    return place


@pytest.fixture(scope="module")
def run(project):
    """run(words): a command in the copy; returns its status and what it wrote. One of ours runs in
    this process, as most of a short command's time is the start of Python."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(project)
        patched.setenv("REVIEW_DATA", str(project / "data"))
        patched.delenv("REVIEW_EDITION", raising=False)
        yield execute


def execute(words):
    if words[0] != "review":
        return subprocess.run(["sh", "-c", " ".join(words)], capture_output=True, text=True)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main(words[1:])
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


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


@pytest.mark.parametrize("command", ["review new-study", "review new-report"])
def test_every_command_is_one(command):
    for words in walkthrough(command):
        if words[0] == "review":
            cli.parser().parse_args(words[1:])


@walks
def test_every_command_succeeds(walked):
    for words, done in walked[1]:
        if done is None:
            cli.parser().parse_args(words[1:])
        else:
            assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"


def test_the_steps_are_all_there():
    told = [" ".join(words[:2]) for words in walkthrough() if words[0] == "review"]
    assert list(dict.fromkeys(told)) == [
        "review new-study", "review validate", "review what-if", "review accept",
        "review claims", "review changes", "review render"]


@walks
def test_the_dry_run_announces_what_the_update_then_changes(walked):
    dry, done = (_step(walked[1], "review", name).stdout for name in ("what-if", "changes"))
    for piece in ("changed", "Martino 2025", "21.0 months", "does not hold",
                  "Median OS in real-world studies: known range"):
        assert piece in dry and piece in done


@walks
def test_the_new_edition_carries_the_rows_and_its_kind(walked, project, run):
    told = json.loads(run(["review", "changes", "published", "current", "--format",
                           "json"]).stdout)
    assert told["class"] == "changed" and told["new"] == "2026-1"
    assert {row["study"] for row in told["rows"]} == {"Martino 2025"}
    assert "changed" in _step(walked[1], "review", "accept").stdout
    stored = (project / "data" / "editions.csv").read_text("utf-8").splitlines()[-1]
    assert stored.startswith("2026-1,") and ",changed," in stored


@walks
def test_the_book_carries_the_day_of_the_release(walked, project):
    assert '  date: "2026-03-02"' in (project / "_quarto.yml").read_text("utf-8")


@walks
def test_the_published_edition_and_its_audit_stay(walked, run):
    assert _published(run) == walked[0]


@walks
def test_the_rows_of_the_published_edition_keep_every_byte(walked, project):
    for table in FROZEN:
        old = (ROOT / "data" / f"{table}.csv").read_text("utf-8")
        assert (project / "data" / f"{table}.csv").read_text("utf-8").startswith(old)


@walks
def test_a_second_acceptance_is_refused_and_changes_nothing(walked, project, run):
    before = {path.name: path.read_bytes() for path in (project / "data").glob("*.csv")}
    again = run(["review", "accept", "martino-2025", "--edition", "2026-2", "--search-to",
                 "2026-06-30"])
    assert again.returncode == 1 and "Traceback" not in again.stderr
    assert "stands more than once" in again.stderr
    assert {path.name: path.read_bytes()
            for path in (project / "data").glob("*.csv")} == before


# --- a further report, a correction and a retraction, on top of that edition ----------------------


def write(folder, table, key, **cells):
    """The hand work: cells of a row of a prepared folder."""
    path = folder / f"{table}.csv"
    rows = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    assert (rows.iloc[:, 0] == key).sum() == 1, f"{path} has no single row {key}"
    rows.loc[rows.iloc[:, 0] == key, list(cells)] = list(cells.values())
    rows.to_csv(path, index=False)


def fill_in_report(place):
    folder, report = place / "kostopoulos-2023-report-1", "kostopoulos-2023-report-1"
    source = "kostopoulos-2023-source-1"
    write(folder, "reports", report, citekey="kostopoulos2026", label="Kostopoulos, 2026",
          type="article", year="2026", found_via="database", locator="Table 2")
    write(folder, "sources", source, citekey="kostopoulos2026", type="primary article",
          description="Full text")
    write(folder, "outcomes", "kostopoulos-2023-retreated-os-v2", value="21.0", printed="21.0",
          report_id=report, source_id=source, locator="Table 2", ci_low="15.0", ci_high="30.0",
          ci_printed="15.0–30.0")
    (folder / "references.bib").unlink()
    (folder / "citation.ris").write_text(
        "TY  - JOUR\nID  - kostopoulos2026\nAU  - Kostopoulos, I\nTI  - The whole report\n"
        "PY  - 2026\nJO  - Blood\nER  - \n")


def fill_in_correction(place):
    write(place / "correct-image-refractory-pfs", "outcomes", "image-refractory-pfs-v2",
          value="3.2", printed="3.2")


def fill_in_twice(place):
    for name in ("ann", "bob"):
        shutil.copytree(ROOT / "data" / "candidates" / "martino-2025", place / name)
    write(place / "bob", "outcomes", "martino-2025-retreated-orr", value="45", printed="45")


HAND_WORK = {"new-report": fill_in_report, "correct": fill_in_correction, "retract": fill_in_twice}


@pytest.fixture(scope="module")
def walked_on(walked, project, run):
    """The second block's commands, with their processes; hand work between them."""
    steps = []
    for words in walkthrough("review new-report"):
        steps.append((words, run(words)))
        HAND_WORK.get(words[1], lambda place: None)(project)
    return steps


@walks
def test_every_later_command_succeeds(walked_on):
    for words, done in walked_on:
        # two extractions that differ are a finding
        expected = 1 if words[1] == "compare-extractions" else 0
        assert done.returncode == expected, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"


@walks
def test_two_extractions_are_compared(walked_on, project):
    told = _step(walked_on, "review", "compare-extractions").stdout
    assert "outcomes/martino-2025-retreated-orr:value: " in told and "kappa" in told
    assert (project / "adjudicated" / "differences.md").is_file()


@walks
def test_an_edition_on_top_of_an_edition_tells_what_happened(walked_on, project, run):
    told = json.loads(run(["review", "changes", "2026-1", "2026-2", "--format", "json"]).stdout)
    kinds = {row["change"] for row in told["rows"]}
    assert {"retracted", "corrected", "updated", "carried over"} <= kinds
    assert {row["study"] for row in told["rows"] if row["change"] == "retracted"} == {"Zhou 2022"}
    shown = _step(walked_on, "review", "changes").stdout
    for piece in ("19.0 months -> 21.0 months", "3.2", "Withdrawn by the journal"):
        assert piece in shown
    assert "@article{kostopoulos2026" in (project / "references.bib").read_text("utf-8")
    assert run(["review", "validate"]).returncode == 0


@walks
def test_later_editions_leave_the_published_one(walked_on, walked, run):
    assert _published(run) == walked[0]
    told = json.loads(run(["review", "changes", "published", "2026-1", "--format", "json"]).stdout)
    assert {row["study"] for row in told["rows"]} == {"Martino 2025"}


@walks
def test_texts_for_the_release_are_written(walked, walked_on, project):
    for edition in ("2026-1", "2026-2"):
        assert (project / f"pull-request-{edition}.md").is_file()
    log = (project / "CHANGELOG.md").read_text("utf-8")
    assert log.index("- Edition 2026-2 (") < log.index("- Edition 2026-1 (changed)")
