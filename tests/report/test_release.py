"""The texts that go with an edition: changelog entry, pull request, what turns."""

import pytest

from review.dataset.load import ROOT
from review.dataset.problems import Problem
from review.report import release
from review.update import changes

HEAD = "# Changelog\n\nAbout the project.\n\n"


@pytest.fixture(scope="module")
def flip(published, update):
    return changes.changes(published, update)


def test_what_turns_is_told_with_its_cause(flip):
    told = release.turned(flip)
    assert told.startswith("Three headline sentences turn: “")
    moved = "(rows of Newcomer 2026 came or went)"
    assert told.count(f"” held before and does not hold now {moved}") == 2
    assert told.count(f"” could not be decided before and does not hold now {moved}") == 1


def test_nothing_turns(published):
    same = changes.changes(published, published)
    assert release.turned(same) == "No headline sentence turns."


def test_the_entry_is_a_line(flip):
    entry = release.changelog_entry(flip)
    assert entry.startswith("- Edition 2026-1 (changed): one study, ")
    assert "\n" not in entry and release.turned(flip) in entry


@pytest.mark.parametrize(("before", "after"), [
    (f"{HEAD}## Unreleased\n\n- Old.\n\n## 1.0\n\n- First.\n",
     f"{HEAD}## Unreleased\n\n- New.\n- Old.\n\n## 1.0\n\n- First.\n"),
    (f"{HEAD}## Unreleased\n\n## 1.0\n\n- First.\n",
     f"{HEAD}## Unreleased\n\n- New.\n\n## 1.0\n\n- First.\n"),
    (f"{HEAD}## 1.0\n\n- First.\n",
     f"{HEAD}## Unreleased\n\n- New.\n\n## 1.0\n\n- First.\n"),
    (f"{HEAD}## Unreleased\n", f"{HEAD}## Unreleased\n\n- New.\n"),
    ("# Changelog\n", "# Changelog\n\n## Unreleased\n\n- New.\n"),
    ("", "## Unreleased\n\n- New.\n"),
])
def test_the_entry_comes_first_among_what_is_not_released(before, after):
    assert release.in_changelog(before, "- New.") == after


def test_the_pull_request_asks_what_validation_asks(flip):
    told = release.pull_request(flip, [Problem("studies.csv", 3, "doi", "", "rule", "odd", "look",
                                               "warning")])
    assert "studies.csv:3:doi: odd; look" in told
    assert told.startswith("# Update 2026/1: changed\n\nThree headline sentences turn")
    assert "| Change" in told and told.count("- [ ]") == 4


@pytest.mark.parametrize(("before", "after"), [
    ('project:\n  date: never\nbook:\n  title: "T"\n\n  date: "2025-01-01"\n  author: A\n',
     'project:\n  date: never\nbook:\n  title: "T"\n\n  date: "2026-03-02"\n  author: A\n'),
    ("book:\n  title: T\nformat:\n  date: no\n", "book:\n  title: T\nformat:\n  date: no\n")])
def test_the_book_carries_the_day_of_its_newest_edition(before, after):
    assert release.dated(before, "2026-03-02") == after


def test_the_book_of_the_project_has_a_date_to_set():
    settings = (ROOT / "_quarto.yml").read_text("utf-8")
    assert release.dated(settings, "2031-05-06").count('"2031-05-06"') == 1
