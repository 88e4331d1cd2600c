"""The report rendered once for all tests here, whichever worker comes first."""

from pathlib import Path

import pytest
import same_numbers
from bs4 import BeautifulSoup
from published_book import PDF, render
from pypdf import PdfReader


@pytest.fixture(scope="session")
def renders(tmp_path_factory, worker_id) -> Path:
    """Where workers keep what they render: the folder above their own, that they share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def book(renders) -> Path:
    """The folder of the rendered report, rendered by the worker that comes first."""
    render(renders / "book")
    return renders / "book"


@pytest.fixture(scope="session")
def page(book) -> BeautifulSoup:
    return BeautifulSoup((book / "index.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="session")
def prose(page) -> BeautifulSoup:
    return same_numbers.prose(page)


@pytest.fixture(scope="session")
def pages(book) -> list[str]:
    return [p.extract_text() for p in PdfReader(book / PDF).pages]


@pytest.fixture(scope="session")
def all_pages(book, pages) -> list[str]:
    """The paper and, after it, its supplement."""
    supplement = PdfReader(book / PDF.replace(".pdf", "-supplement.pdf"))
    return pages + [p.extract_text() for p in supplement.pages]
