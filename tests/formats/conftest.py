"""The formats of the published edition, each made once, and the folder that the crate describes."""

import shutil
from pathlib import Path

import pytest
import yaml

from review.dataset.load import ROOT
from review.formats import crate
from review.formats.export import FORMATS
from review.formats.names import CRATE, FOLDER


@pytest.fixture(scope="session")
def made(published):
    """The text of each format by its name, but for the crate, which describes what lies there."""
    return {name: one.text(published) for name, one in FORMATS.items() if one.file != CRATE}


@pytest.fixture(scope="session")
def project(tmp_path_factory, published, made):
    """A project with the files that a render publishes, the crate's own among them; page and PDF
    stand there empty."""
    root = tmp_path_factory.mktemp("project")
    configuration = (ROOT / "_quarto.yml").read_text("utf-8")
    (root / "_quarto.yml").write_text(configuration, "utf-8")
    book = yaml.safe_load(configuration)
    for pattern in book["project"]["resources"]:
        for path in ROOT.glob(pattern):
            if path.name != CRATE and path.parent.name != FOLDER:
                copy = root / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    (root / FOLDER).mkdir()
    for name, text in made.items():
        (root / FOLDER / FORMATS[name].file).write_text(text, "utf-8")
    for name in ("index.html", f"{book['book']['output-file']}.pdf"):
        (root / name).touch()
    (root / CRATE).write_text(crate.text(published, root), "utf-8")
    return Path(root)
