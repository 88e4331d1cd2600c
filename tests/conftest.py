"""The published edition, copies of the dataset, and folders of new rows to try on it."""

import csv

import as_published
import chromium
import pandas as pd
import pytest
from second_bed import second, second_contents, second_copy

from review import cli
from review.dataset.load import ROOT, load

__all__ = ["second", "second_contents", "second_copy"]  # fixtures for every folder

SOURCE = {"source_id": "new-2026", "locator": "Abstract"}
STUDY = {"study_id": "newcomer-2026", "label": "Newcomer 2026", "setting": "rwe",
         "design": "retrospective", "regimen": "Isa", "mixed_population": "all",
         "table_position": "99"}
ARM = {"arm_id": "newcomer-2026-retreated", "study_id": "newcomer-2026", "label": "Isa",
       "regimen": "isatuximab", "population": "all patients", "therapy": "retreatment",
       "exposure": "refractory", "refractory_printed": "100%", "refractory_percent": "100",
       "n_total": "51", "n_total_kind": "reported"}
REPORT = {"report_id": "newcomer2026", "study_id": "newcomer-2026", "citekey": "newcomer2026",
          "label": "Newcomer, 2026", "type": "abstract", "year": "2026", "lead": "true",
          "found_via": "database", "table_position": "1"}
OUTCOME = {"arm_id": "newcomer-2026-retreated", "report_id": "newcomer2026",
           "statistic": "median", "use": "synthesis", "status": "value", "kind": "reported",
           "unit": "months", "ci_status": "not reported", "n_total": "51",
           "n_total_kind": "reported"}

EDITION = {"edition_id": "2026-1", "position": "3", "name": "Update 2026/1", "type": "update",
           "search_to": "2026-01-31", "released_on": "2026-03-02", "status": "current",
           "citation": "The maintainers. Update 2026/1", "source_id": "gay2025",
           "locator": "This dataset"}
STAMP = {"edition_added": "2026-1"}
LONGEST_CELL = csv.field_size_limit()


@pytest.fixture(autouse=True)
def cells_as_python_reads_them():
    """frictionless, which tests alone use, lets a cell be of any length in the whole process."""
    csv.field_size_limit(LONGEST_CELL)


def pytest_collection_modifyitems(items):
    """Files that are marked slow as a whole come first, so that no worker is left alone with one
    at the end."""
    items.sort(key=lambda item: item.parent.get_closest_marker("slow") is None)


@pytest.fixture
def run(capsys):
    """Status, stdout and stderr of a command."""

    def runner(*arguments):
        try:
            status = cli.main([str(a) for a in arguments])
        except SystemExit as stopped:
            status = stopped.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return status, said.out, said.err

    return runner


@pytest.fixture(scope="module")
def started_browser():
    """The system's Chromium, started once for the tests of a module."""
    with chromium.started() as started:
        yield started


@pytest.fixture
def browser(started_browser):
    """The system's Chromium. What a test opens is closed after it: a page that stays open goes on
    working, and a report has a hundred thousand elements."""
    before = list(started_browser.contexts)
    yield started_browser
    for context in started_browser.contexts:
        if context not in before:
            context.close()


@pytest.fixture(scope="session")
def published():
    """The published edition."""
    return load("published", ROOT / "data")


@pytest.fixture
def bare_data(tmp_path):
    """A copy of the dataset without what is made from it and without worked examples."""
    return copied(tmp_path / "data")


@pytest.fixture
def next_edition():
    """A row of editions.csv for the update after the published edition."""
    return dict(EDITION)


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory):
    """newcomer(os="21.0", setting="rwe"): a folder with one new study and these medians."""

    def make(setting="rwe", **medians):
        folder = tmp_path_factory.mktemp("new") / "newcomer"
        append(folder, "sources", {"source_id": "new-2026", "citekey": "newcomer2026",
                                   "type": "primary abstract", "description": "Newcomer 2026"})
        design = {"rwe": "retrospective", "clinical": "randomised"}[setting]
        append(folder, "studies", {**STUDY, **SOURCE, "setting": setting, "design": design})
        append(folder, "arms", {**ARM, **SOURCE})
        append(folder, "reports", {**REPORT, **SOURCE})
        append(folder, "outcomes", *(
            {**OUTCOME, **SOURCE, "outcome_id": f"newcomer-2026-{name}", "outcome": name,
             "value": value, "printed": value} for name, value in medians.items()))
        return folder

    return make


@pytest.fixture(scope="session")
def append_rows():
    """append_rows(folder, table, *rows): see `append`."""
    return append


def copied(folder):
    """The dataset without what is made from it."""
    return as_published.copied(folder, "candidates", "published.sha256")


def append(folder, table, *rows):
    """Appends rows (dicts) to a table's CSV, in the schema's columns; other cells stay empty."""
    folder.mkdir(exist_ok=True)
    columns = pd.read_csv(ROOT / "data" / f"{table}.csv", dtype="string", nrows=0).columns
    path = folder / f"{table}.csv"
    there = [pd.read_csv(path, dtype="string")] if path.exists() else []
    new = pd.DataFrame(list(rows), columns=columns, dtype="string")
    pd.concat([*there, new]).to_csv(path, index=False, lineterminator="\n")


@pytest.fixture(scope="session")
def updated(tmp_path_factory, newcomer):
    """updated(os="21.0"): a dataset with one more edition, which adds one study."""

    def make(setting="rwe", **medians):
        data = copied(tmp_path_factory.mktemp("updated") / "data")
        append(data, "editions", EDITION)
        for path in sorted(newcomer(setting, **medians).glob("*.csv")):
            rows = pd.read_csv(path, dtype="string").dropna(axis=1, how="all").to_dict("records")
            stamp = {} if path.stem == "sources" else STAMP
            append(data, path.stem, *({**row, **stamp} for row in rows))
        return data

    return make


@pytest.fixture(scope="session")
def flipped(updated):
    """A dataset whose new edition turns the limit on OS over, read once for all tests."""
    return updated(os="21.0")


@pytest.fixture(scope="session")
def update(flipped):
    """That edition, with one study more, as a review."""
    return load("2026-1", flipped)
