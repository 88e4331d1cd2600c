"""A review of another disease with the same engine and renderer: every command, in its folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import hostile_rows
import page_policy
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from second_bed import SECOND, copied, fill

from review.audit import compare
from review.dataset.needs import OPTIONAL
from review.dataset.schema import read_schema

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
# words of the review in the project's root, which no output of another one may hold
FOREIGN = re.compile(
    r"myeloma|cd38|clinical|\brwe\b|real-world|retreat|refractor|\bpfs\b|months|\bgay|martino|lynx",
    re.IGNORECASE)


# several commands in one process: most of a short command's time is the start of Python
COMMANDS = """
import contextlib, io, json, sys
from review.cli import main
told = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    told.append((status, out.getvalue(), err.getvalue()))
print(json.dumps(told))
"""


class Project:
    """A copy of the second review, and what the commands in it printed.

    out: what each command printed for programs, by its name. everything: all that was printed.
    """

    def __init__(self, root: Path):
        self.root = root
        self.out: dict[str, str] = {}
        self.everything: list[str] = []

    def review(self, *words: str) -> None:
        """Runs one command in the folder, as a person does."""
        done = self._python("-m", "review", *words)
        self._note(words, done.returncode, done.stdout, done.stderr)

    def reviews(self, *commands: tuple[str, ...]) -> None:
        """Runs commands in the folder, one after the other."""
        done = self._python("-c", COMMANDS, json.dumps(commands))
        assert done.returncode == 0, done.stderr
        for words, (status, out, err) in zip(commands, json.loads(done.stdout), strict=True):
            self._note(words, status, out, err)

    def _python(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("REVIEW_")} | {"PYTHONPATH": str(ROOT)}
        return subprocess.run([sys.executable, *words], cwd=self.root, env=environment,
                              capture_output=True, text=True)

    def _note(self, words: tuple[str, ...], status: int, out: str, err: str) -> None:
        assert status == 0, f"review {' '.join(words)}\n{out}\n{err}"
        self.out[words[0]] = out
        self.everything += [out, err]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The published review."""
    project = Project(copied(tmp_path_factory.mktemp("published") / "review"))
    project.reviews(("validate",), ("claims", "--format", "json"),
                    ("rows", "fig-recovery", "--format", "json"), ("sources", "RE-03"))
    return project


@pytest.fixture(scope="module")
def updated(tmp_path_factory) -> Project:
    """The review with one study more, from the template to the rendered edition. Every text of the
    study would act on who shows it."""
    project = Project(copied(tmp_path_factory.mktemp("updated") / "review"))
    project.review("new-study", "grove-2024", "--setting", "community")
    fill(project.root / "grove-2024", recovery="24", improved="70")
    hostile_rows.put_into(project.root / "grove-2024")
    project.reviews(
        ("what-if", "grove-2024"),
        ("accept", "grove-2024", "--edition", "2024-1", "--search-to", "2024-03-31",
         "--released-on", "2024-05-01"),
        ("validate",), ("changes", "published", "2024-1"),
        ("rows", "tbl-studies", "--format", "json"))
    project.review("render", "--engine", "embedded")
    return project


def test_it_is_small_and_brings_only_what_the_engine_needs():
    lines = [line for path in (SECOND / "article").rglob("*.py")
             for line in path.read_text("utf-8").splitlines()]
    assert len(lines) <= 250
    assert not set(read_schema(SECOND / "data")) & set(OPTIONAL)
    assert not (SECOND / "review").exists() and not (SECOND / "press").exists()


def test_its_dataset_has_no_problem(project):
    assert project.out["validate"] == ""


def test_its_claims_have_every_verdict(project):
    found = {row["claim_id"]: row["status"]
             for row in json.loads(project.out["claims"])}
    assert found == {
        "RE-01": compare.REPRODUCES, "RE-02": compare.REPRODUCES, "RE-03": compare.DIFFERS,
        "RE-04": compare.UNDER_RULE, "DI-01": compare.REPRODUCES,
        "DI-02": compare.NOT_RECOMPUTABLE}
    assert set(Counter(found.values())) == set(compare.STATUSES)


def test_rows_and_sources(project):
    rows = json.loads(project.out["rows"])
    assert [(row["study"], row["value"]) for row in rows] == [
        ("Cedar 2014", 9), ("Ash 2011", 12), ("Birch 2013", 14), ("Elm 2016", 18)]
    assert project.out["sources"].splitlines() == [
        "Invented J 2016;6:1, article", "    Results",
        "Invented J 2018;8:2, article", "    Results"]


def test_a_dry_run_announces_what_the_update_then_changes(updated):
    told = updated.out
    assert "Validation: nothing wrong" in told["what-if"]
    for piece in ("changed", "Grove 2024", "24 days", "does not hold",
                  "Included studies"):
        assert piece in told["what-if"] and piece in told["changes"]
    assert "fig-recovery: rows +1 -0 (Grove 2024)" in told["what-if"]


def test_the_new_edition_is_accepted_and_sound(updated):
    told = updated.out
    assert "edition 2024-1 accepted (changed)" in told["accept"]
    assert told["validate"] == ""
    stored = (updated.root / "data" / "editions.csv").read_text("utf-8").splitlines()[-1]
    assert stored.startswith("2024-1,2,") and ",6,6,3,3,current,changed," in stored
    rows = (updated.root / "data" / "rows" / "fig-recovery.csv").read_text("utf-8")
    assert "Grove 2024,community,24,days" in rows


def page(project: Project) -> str:
    html = (project.root / "_book" / "index.html").read_text("utf-8")
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def pdf(project: Project) -> str:
    reader = PdfReader(project.root / "_book" / "ankle-sprain.pdf")
    return " ".join(" ".join(one.extract_text() for one in reader.pages).split())


@pytest.mark.parametrize("text", [page, pdf])
def test_the_rendered_edition_shows_its_numbers(updated, text):
    told = text(updated)
    for piece in ("Update 2024-1", "All three community studies report",
                  "highest is 24 days in Grove 2024", "later than 21 days in some studies",
                  "the longest median is 24 days", "RE-03"):
        assert piece in told


def test_nothing_of_the_other_review_is_said(project, updated):
    files = [path for folder in ("data", "grove-2024", "_book")
             for path in (updated.root / folder).rglob("*") if path.suffix in (".csv", ".md")]
    said = [*project.everything, *updated.everything, page(updated), pdf(updated),
            *(path.read_text("utf-8-sig") for path in files)]
    assert len(files) > 10
    found = [match[0] for text in said for match in FOREIGN.finditer(text)]
    assert found == []


def flat(text: str) -> str:
    """Text without white space and with plain quotation marks and dots."""
    return re.sub(r"[\s\u00ad]+", "", text).replace("…", "...")


def test_rows_of_markup_are_text_in_page_pdf_and_terminal(updated):
    payload = hostile_rows.PAYLOAD
    in_terminal = json.dumps(json.loads(updated.out["rows"]), ensure_ascii=False)
    assert f"{payload} (studies.regimen)" in in_terminal.replace("\\\\", "\\")
    html = (updated.root / "_book" / "index.html").read_text("utf-8")
    assert page_policy.faults(html) == []
    page = BeautifulSoup(html, "html5lib")
    assert not page.main.find_all("script", type=None) and not page.find_all("img", src="x")
    assert not page.find_all("a", href=re.compile("javascript:"))
    text, printed = flat(page.main.get_text()), flat(pdf(updated))
    for place in hostile_rows.PLACES:
        shown = text.count(f"({place})")
        assert shown and text.count(flat(f"{payload} ({place})")) == shown, place
    assert printed.count("<script>alert(1)</script>**b**{{<includex>}}`{python}1/0`$x^2$") >= 5
    assert "alert(2)" in text
