"""The paper for a word processor and for archives, held against the page."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from published_book import NUMBER, ROOT, render

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def paper(book, renders) -> Path:
    """The paper for a word processor and for archives, of what was rendered as a page."""
    render(renders / "paper", "--to", "docx,jats")
    return renders / "paper"


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def word(paper):
    with zipfile.ZipFile(paper / "anti-cd38-retreatment.docx") as packed:
        return ElementTree.fromstring(packed.read("word/document.xml"))


@pytest.fixture(scope="module")
def jats(paper):
    return ElementTree.parse(paper / "anti-cd38-retreatment.xml").getroot()


@pytest.fixture(scope="module")
def told(book):
    """The words of the page without what it alone shows."""
    soup = BeautifulSoup((book / "index.html").read_text("utf-8"), "html.parser")
    for part in soup.select(".claim-card, .is-does-not-match > .claim-link sup, svg, script, "
                            ".figure-narrow"):
        part.decompose()
    return without_spaces(soup.main.get_text())


"""Every sentence, figure and table of the page is in both, with the same numbers."""


@pytest.mark.nightly
def test_every_paragraph_with_a_number_is_one_of_the_page(word, told):
    paragraphs = ["".join(part.text or "" for part in one.iter(f"{WORD}t"))
                  for one in word.iter(f"{WORD}p")]
    numbered = [one for one in paragraphs if re.search(r"\d", one)
                and not one.startswith("Data: rows.")]  # the line as print has it
    assert len(numbered) > 500
    assert [one for one in numbered if without_spaces(one) not in told] == []


@pytest.mark.nightly
def test_both_have_every_figure_and_table_of_the_paper(page, jats, word):
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    apart = {label for path in settings["press"]["supplement"] for label in re.findall(
        r"label: ((?:fig|tbl)-[a-z-]+)", (ROOT / path).read_text("utf-8"))}
    wanted = {one["id"]: without_spaces(one.figcaption.get_text()).replace(":", "", 1)
              for one in page.select("figure.figure[id], figure.table[id]")
              if one["id"] not in apart}
    found = {one.get("id"): without_spaces("".join(one.find("label").itertext())
                                           + "".join(one.find("caption").itertext()))
             for one in jats.iter() if one.tag in ("fig", "table-wrap") and one.get("id")}
    assert found == wanted and len(found) > 20
    text = without_spaces("".join(part.text or "" for part in word.iter(f"{WORD}t"))
                          ).replace(":", "")
    assert [label for label, words in wanted.items()
            if words.replace(":", "") not in text] == []
    assert len(list(word.iter(f"{WORD}tbl"))) == len(list(jats.iter("table")))


@pytest.mark.nightly
def test_every_reference_leads_somewhere(paper, jats):
    ids = {one.get("id") for one in jats.iter()}
    assert {one.get("rid") for one in jats.iter("xref")} <= ids
    links = {one.get("{http://www.w3.org/1999/xlink}href") for one in jats.iter()} - {None}
    near = {link.partition("#")[0] for link in links if not re.match("[a-z]+:", link)}
    assert {name for name in near if not name.endswith(".pdf")
            and not (paper / unquote(name)).is_file()} == set()
    assert len(jats.findall(".//ref-list/ref")) > 50


@pytest.mark.nightly
def test_numbers_of_both_are_the_same(word, jats):
    of_word = NUMBER.findall(" ".join(part.text or "" for part in word.iter(f"{WORD}t")))
    of_jats = NUMBER.findall(" ".join(jats.find("body").itertext()))
    body = set(of_jats)
    assert len(body) > 200 and body <= set(of_word)
