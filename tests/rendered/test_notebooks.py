"""The stored notebooks hold, cell for cell, what the chapters printed in this render.

nbval runs each of them again; here the render's own outputs are stored once more,
which takes a second.
"""

import json
import shutil
from pathlib import Path

import pytest
from published_book import ROOT

from press.__main__ import main

STORED = ROOT / "notebooks"


@pytest.fixture(scope="module")
def fresh(book, renders) -> Path:
    """Notebooks of the chapters as they were rendered."""
    assert main(["notebooks", "--output", str(renders / "notebooks"), str(ROOT)]) == 0
    return renders / "notebooks"


def different(stored: Path, fresh: Path) -> list[str]:
    """Names of notebooks, with the cells that are not the same."""
    found = []
    names = {path.name for folder in (stored, fresh) for path in folder.glob("*.ipynb")}
    for name in sorted(names):
        one, other = (json.loads((folder / name).read_text("utf-8"))["cells"]
                      if (folder / name).is_file() else [] for folder in (stored, fresh))
        ids = {cell["id"]: None for cell in [*one, *other]}
        cells = [key for key in ids if [c for c in one if c["id"] == key]
                 != [c for c in other if c["id"] == key]]
        if cells or [cell["id"] for cell in one] != [cell["id"] for cell in other]:
            found.append(f"{name}: {', '.join(cells) or 'order of cells'}")
    return found


def test_stored_notebooks_are_those_of_this_render(fresh):
    assert len(list(fresh.glob("*.ipynb"))) > 10
    assert different(STORED, fresh) == [], "run `make notebooks`, or mend what changed the outputs"


def test_another_output_is_seen(fresh, tmp_path):
    spoilt = shutil.copytree(fresh, tmp_path / "notebooks")
    path = spoilt / "03-results.ipynb"
    text = path.read_text("utf-8")
    assert "kostopoulos-2023" in text
    path.write_text(text.replace("kostopoulos-2023", "kostopoulos-2024", 1), "utf-8")
    (spoilt / "index.ipynb").unlink()
    found = different(spoilt, fresh)
    assert len(found) == 2 and found[0].startswith("03-results.ipynb: ")
