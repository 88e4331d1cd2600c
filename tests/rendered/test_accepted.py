"""An accepted edition says the same numbers on its page and on paper."""

import subprocess
import sys

import as_published
import pytest
import same_numbers
from bs4 import BeautifulSoup
from published_book import PDF, ROOT
from pypdf import PdfReader

from review.update import accept


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """Page, and the text of each page of paper and supplement, of an edition with a study more."""
    folder = tmp_path_factory.mktemp("accepted")
    data = as_published.copied(folder / "data")
    accept.accept([data / "candidates" / "martino-2025"],
                  accept.Edition("2026-1", "2026-01-31", "2026-03-02"), data)
    run = subprocess.run(
        [sys.executable, "-m", "review", "render", "--data", str(data), "--edition", "2026-1",
         "--output", str(folder / "book")], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    page = BeautifulSoup((folder / "book" / "index.html").read_text("utf-8"), "html.parser")
    texts = [[part.extract_text() for part in PdfReader(folder / "book" / name).pages]
             for name in (PDF, PDF.replace(".pdf", "-supplement.pdf"))]
    return page, texts


@pytest.mark.nightly
def test_page_and_paper_of_an_accepted_edition_say_the_same_numbers(accepted):
    page, (paper, supplement) = accepted
    prose = same_numbers.prose(page)
    assert "Martino" in prose.get_text()
    lacking, compared = same_numbers.lacking(prose, paper + supplement)
    assert lacking == [] and compared > 40
    assert same_numbers.only_printed(page.find("main"), paper) == []


def test_a_number_that_differs_is_seen():
    page = BeautifulSoup("<main><p>Of 24 studies 9 report 5.0 to 8.4.</p></main>", "html.parser")
    same = "Of 24 studies\n9 report 5.0 to 8.4."
    assert same_numbers.lacking(same_numbers.prose(page), [same]) == ([], 1)
    assert same_numbers.only_printed(page.find("main"), [same]) == []
    other = same.replace("8.4", "8.5")
    assert len(same_numbers.lacking(same_numbers.prose(page), [other])[0]) == 1
    assert same_numbers.only_printed(page.find("main"), [other]) == ["8.5"]
