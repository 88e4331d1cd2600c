"""The second review, of another disease: a small dataset on which tests of the engine are quick.

It lies in tests/second_review, with an article package of its own that is loaded here under the
name `second_article`, beside the project's `article`. tests/conftest.py offers the fixtures.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from review.contents import Contents
from review.dataset.load import Review, load
from review.update import template

SECOND = Path(__file__).parent / "second_review"
PACKAGE = "second_article"
# what somebody fills in who has read the new study; keys, outcomes and units are in the template
CELLS = {
    "sources": {"citekey": "{key}", "type": "primary article",
                "description": "Invented J {year};14:1, article"},
    "studies": {"label": "{name} {year}", "design": "cohort", "regimen": "soft brace"},
    "reports": {"citekey": "{key}", "label": "{name}, {year}", "type": "article"},
    "arms": {"label": "Brace", "population": "adults", "n_total": "70",
             "n_total_kind": "reported"},
    "outcomes": {"status": "value", "kind": "reported", "ci_status": "not reported",
                 "n_total": "70", "n_total_kind": "reported"},
    "characteristics": {"status": "value", "kind": "reported", "value": "90", "printed": "90",
                        "scope": "overall"},
}
ENTRY = """\
@article{{{key},
  author = {{{name}, A.}},
  title = {{A brace after an ankle sprain}},
  journal = {{Invented Journal}},
  year = {{{year}}}
}}
"""


@dataclass(frozen=True)
class SecondReview:
    """A copy of the second review. root: its folder. contents: those of its article."""

    root: Path
    contents: Contents

    @property
    def data(self) -> Path:
        """The dataset."""
        return self.root / "data"

    def load(self, edition: str = "current") -> Review:
        """One of its editions."""
        return load(edition, self.data, self.contents)

    def candidate(self, study_id: str, setting: str = "community", **values: str) -> Path:
        """A folder among the dataset's candidates with one new study; see `fill`."""
        folder = self.data / "candidates" / study_id
        template.write(study_id, setting, folder, self.data, self.contents)
        fill(folder, **values)
        return folder


def fill(folder: Path, **values: str) -> None:
    """Fills in the template of a new study in the folder of its name, such as grove-2024.

    values: its results by outcome, as printed; outcomes without one lose their row.
    """
    name, year = folder.name.split("-")
    told = {"key": f"{name}{year}", "name": name.capitalize(), "year": year}
    for table, cells in CELLS.items():
        path = folder / f"{table}.csv"
        rows = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
        rows = rows.assign(**{column: cell.format(**told) for column, cell in cells.items()})
        if table == "outcomes":
            rows["value"] = rows["printed"] = rows["outcome"].map(values).astype("string")
            rows = rows[rows["value"].notna()]
        if "locator" in rows:
            rows["locator"] = "Results"
        rows.to_csv(path, index=False)
    (folder / "references.bib").write_text(ENTRY.format(**told), "utf-8")


def copied(place: Path) -> Path:
    """The second review in a folder of its own, without what was made from it."""
    return shutil.copytree(SECOND, place, ignore=shutil.ignore_patterns(
        ".checked", "__pycache__", "_book", ".press"))


@pytest.fixture(scope="session")
def second_contents() -> Contents:
    """What the article of the second review hands to the engine."""
    folder = SECOND / "article"
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)])
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    return import_module(f"{PACKAGE}.contents").CONTENTS


@pytest.fixture(scope="session")
def second(tmp_path_factory, second_contents) -> SecondReview:
    """The second review as published. Not to be changed."""
    return SecondReview(copied(tmp_path_factory.mktemp("second") / "review"), second_contents)


@pytest.fixture
def second_copy(tmp_path, second_contents) -> SecondReview:
    """A copy of the second review for one test to change."""
    return SecondReview(copied(tmp_path / "review"), second_contents)
