"""A review of another disease with the same engine and renderer: every command, in its folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from second_bed import SECOND, copied, fill
from pypdf import PdfReader

from review.audit import compare
from review.dataset import optional
from review.dataset.schema import read_schema

ROOT = Path(__file__).parents[2]
# words of the review in the project's root, which no output of another one may hold
FOREIGN = re.compile(
    r"myeloma|cd38|clinical|\brwe\b|real-world|retreat|refractor|\bpfs\b|months|\bgay|martino|lynx",
    re.IGNORECASE)


class Project:
    """A copy of the second review, and what each command in it printed."""

    def __init__(self, root: Path):
        self.root = root
        self.told: list[str] = []

    def review(self, *words: str) -> str:
        """Runs a command in the folder; returns what it prints for programs."""
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("REVIEW_")} | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-m", "review", *words], cwd=self.root,
                              env=environment, capture_output=True, text=True)
        self.told += [done.stdout, done.stderr]
        assert done.returncode == 0, f"review {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The published review. Its dataset is not to be changed."""
    return Project(copied(tmp_path_factory.mktemp("published") / "review"))


@pytest.fixture(scope="module")
def updated(tmp_path_factory) -> tuple[Project, dict[str, str]]:
    """The review with one study more, from the template to the rendered edition; what each
    command printed, by its name."""
    project = Project(copied(tmp_path_factory.mktemp("updated") / "review"))
    told = {"new-study": project.review("new-study", "grove-2024", "--setting", "community")}
    fill(project.root / "grove-2024", recovery="24", improved="70")
    for words in (("what-if", "grove-2024"),
                  ("accept", "grove-2024", "--edition", "2024-1", "--search-to", "2024-03-31",
                   "--released-on", "2024-05-01"),
                  ("validate",),
                  ("changes", "published", "2024-1"),
                  ("render", "--engine", "embedded")):
        told[words[0]] = project.review(*words)
    return project, told


def test_it_is_small_and_brings_only_what_the_engine_needs():
    lines = [line for path in (SECOND / "article").rglob("*.py")
             for line in path.read_text("utf-8").splitlines()]
    assert len(lines) <= 250
    assert not set(read_schema(SECOND / "data")) & set(optional.COLUMNS)
    assert not (SECOND / "review").exists() and not (SECOND / "press").exists()


def test_its_dataset_has_no_problem(project):
    assert project.review("validate") == ""


def test_its_claims_have_every_verdict(project):
    found = {row["claim_id"]: row["status"]
             for row in json.loads(project.review("claims", "--format", "json"))}
    assert found == {
        "RE-01": compare.REPRODUCES, "RE-02": compare.REPRODUCES, "RE-03": compare.DIFFERS,
        "RE-04": compare.UNDER_RULE, "DI-01": compare.REPRODUCES,
        "DI-02": compare.NOT_RECOMPUTABLE}
    assert set(Counter(found.values())) == set(compare.STATUSES)


def test_rows_and_sources(project):
    rows = json.loads(project.review("rows", "fig-recovery", "--format", "json"))
    assert [(row["study"], row["value"]) for row in rows] == [
        ("Cedar 2014", 9), ("Ash 2011", 12), ("Birch 2013", 14), ("Elm 2016", 18)]
    told = project.review("sources", "RE-03").splitlines()
    assert told == ["Invented J 2016;6:1, article", "    Results",
                    "Invented J 2018;8:2, article", "    Results"]


def test_a_dry_run_announces_what_the_update_then_changes(updated):
    _, told = updated
    assert "Validation: nothing wrong" in told["what-if"]
    for piece in ("changed", "Grove 2024", "24 days", "does not hold", "RE-01"):
        assert piece in told["what-if"] and piece in told["changes"]
    assert "fig-recovery: rows +1 -0 (Grove 2024)" in told["what-if"]


def test_the_new_edition_is_accepted_and_sound(updated):
    project, told = updated
    assert "edition 2024-1 accepted (changed)" in told["accept"]
    assert told["validate"] == ""
    stored = (project.root / "data" / "editions.csv").read_text("utf-8").splitlines()[-1]
    assert stored.startswith("2024-1,2,") and ",6,6,3,3,current,changed," in stored
    rows = (project.root / "data" / "rows" / "fig-recovery.csv").read_text("utf-8")
    assert "Grove 2024,community,24,days" in rows


def page(project: Project) -> str:
    html = (project.root / "_book" / "index.html").read_text("utf-8")
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def pdf(project: Project) -> str:
    reader = PdfReader(project.root / "_book" / "ankle-sprain.pdf")
    return " ".join(" ".join(one.extract_text() for one in reader.pages).split())


@pytest.mark.parametrize("text", [page, pdf])
def test_the_rendered_edition_shows_its_numbers(updated, text):
    told = text(updated[0])
    for piece in ("Update 2024-1", "now 6", "now 345", "later than 21 days in some studies",
                  "the longest median is 24 days", "Grove 2024", "Ledger"):
        assert piece.casefold() in told.casefold(), piece


def test_nothing_of_the_other_review_is_said(project, updated):
    later = updated[0]
    files = [path for folder in ("data", "grove-2024", "_book")
             for path in (later.root / folder).rglob("*") if path.suffix in (".csv", ".md")]
    said = [*project.told, *later.told, page(later), pdf(later), project.review("--help"),
            *(path.read_text("utf-8-sig") for path in files)]
    assert len(project.told) > 1 and len(files) > 10
    found = [match[0] for text in said for match in FOREIGN.finditer(text)]
    assert found == []
