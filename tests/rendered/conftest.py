"""The report rendered once for all tests here, whichever worker comes first."""

from pathlib import Path

import pytest
import same_numbers
from bs4 import BeautifulSoup, Tag
from published_book import PDF, opened, render
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
def prose(page) -> Tag:
    return same_numbers.prose(page)


@pytest.fixture(scope="session")
def pages(book) -> list[str]:
    return [p.extract_text() for p in PdfReader(book / PDF).pages]


@pytest.fixture(scope="session")
def all_pages(book, pages) -> list[str]:
    """The paper and, after it, its supplement."""
    supplement = PdfReader(book / PDF.replace(".pdf", "-supplement.pdf"))
    return pages + [p.extract_text() for p in supplement.pages]


AS_OPENED = """() => {
    const search = document.getElementById('search');
    search.value = '';
    search.dispatchEvent(new Event('input'));
    document.activeElement.blur();
    history.replaceState(null, '', location.pathname);
    scrollTo({ top: 0, behavior: 'instant' });
}"""


@pytest.fixture(scope="module")
def whole_page(started_browser, book):
    """The page on a wide screen, with all of it laid in: that takes seconds, so a module does it
    once."""
    return opened(started_browser, book, viewport={"width": 1280, "height": 900})


@pytest.fixture
def desk(whole_page):
    """That page for a test that leaves it as it was, but for where it looks and what it seeks."""
    whole_page.mouse.move(0, 0)
    whole_page.evaluate(AS_OPENED)
    return whole_page
