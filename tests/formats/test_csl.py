"""CSL-JSON, by its own rules and as Pandoc reads it."""

import json
import re

import pypandoc
import pytest
from pybtex.database import parse_string

from review.dataset.bibliography import Entry, entries
from review.dataset.load import ROOT
from review.formats.csl import item

TYPES = {"article-journal", "paper-conference", "webpage", "chapter", "book", "report", "thesis",
         "dataset", "document"}
TEXTS = {"id", "type", "title", "title-short", "container-title", "publisher", "volume", "issue",
         "number", "page", "DOI", "ISSN", "URL", "version", "edition"}
PEOPLE, DATES = {"author", "editor"}, {"issued", "accessed"}
NAMES = {"family", "given", "non-dropping-particle", "suffix", "literal"}


@pytest.fixture(scope="module")
def items(made):
    return json.loads(made["csl-json"])


@pytest.fixture(scope="module")
def bib():
    found, problems = entries(ROOT / "references.bib")
    assert not problems
    return found


def test_every_entry_is_there_in_order(items, bib):
    assert [one["id"] for one in items] == list(bib)


def test_every_item_keeps_the_rules_of_csl(items):
    for one in items:
        assert set(one) <= TEXTS | PEOPLE | DATES and {"id", "type", "title"} <= set(one)
        assert one["type"] in TYPES
        assert all(isinstance(one[name], str) and one[name] for name in set(one) & TEXTS)
        for role in PEOPLE & set(one):
            assert all(set(person) <= NAMES and {"family", "literal"} & set(person)
                       for person in one[role])
        for name in DATES & set(one):
            (parts,) = one[name]["date-parts"]
            assert 1 <= len(parts) <= 3 and all(type(part) is int for part in parts)


def test_no_markup_of_bibtex_is_left(items):
    for one in items:
        texts = [one[name] for name in TEXTS & set(one)]
        texts += [part for role in PEOPLE & set(one) for person in one[role]
                  for part in person.values()]
        assert [text for text in texts if re.search(r"[{}\\]|--", text)] == []


def test_it_says_what_pandoc_makes_of_the_same_file(items):
    """Pandoc's own reading of references.bib; it alone changes the capitals of titles."""
    theirs = json.loads(pypandoc.convert_file(str(ROOT / "references.bib"), "csljson",
                                              format="biblatex"))
    other = {one["id"]: one for one in theirs}
    assert set(other) == {one["id"] for one in items}
    for one in items:
        its = other[one["id"]]
        for name in ("type", "issued", "accessed", "DOI", "volume", "issue", "number", "page"):
            assert one.get(name) == its.get(name), (one["id"], name)
        assert straight(one.get("author")) == straight(its.get("author")), one["id"]
        assert letters(one["title"]) == letters(its["title"])
        assert letters(one.get("container-title", "")) == letters(its.get("container-title", ""))


def test_pandoc_makes_the_same_bibliography_of_it(made, bib):
    back = parse_string(pypandoc.convert_text(made["csl-json"], "biblatex", format="csljson"),
                        "bibtex").entries
    assert set(back) == set(bib)
    for key, entry in bib.items():
        its = back[key].fields
        assert letters(its["title"]) == letters(entry.fields["title"]), key
        assert its.get("doi") == entry.fields.get("doi")
        assert its.get("url") == entry.fields.get("url")
        assert str(its.get("date", its.get("year", "")))[:4] == entry.fields.get("year", "")
        names = entry.fields.get("author", "").split(" and ")
        assert len(back[key].persons.get("author", [])) == len(list(filter(None, names))), key


def test_commands_particles_and_suffixes_become_text():
    fields = {"title": r"Sm{\o}rrebr{\o}d \& {DNA}: 5% or 6\%", "year": "2020", "pages": "1--9",
              "url": "https://a.example/x%20y_z",
              "author": r"van der Berg, Jr., Ludwig and Perez de Acha, O. and {J\&J Medical} and "
              "others"}
    made = item(Entry("one", "made.bib", fields, "@article{one,}"))
    assert made == {
        "id": "one", "type": "article-journal", "title": "Smørrebrød & DNA: 5% or 6%",
        "page": "1-9", "URL": "https://a.example/x%20y_z",
        "issued": {"date-parts": [[2020]]},
        "author": [{"family": "Berg", "given": "Ludwig", "non-dropping-particle": "van der",
                    "suffix": "Jr."}, {"family": "Perez de Acha", "given": "O."},
                   {"literal": "J&J Medical"}, {"literal": "others"}]}


def test_a_date_that_is_none_stays_as_it_is_written():
    made = item(Entry("one", "made.bib", {"title": "T", "year": "in press"}, "@misc{one,}"))
    assert made["issued"] == {"raw": "in press"} and made["type"] == "document"


def straight(people):
    """Names with typewriter apostrophes, which Pandoc makes typographic."""
    return json.loads(json.dumps(people, ensure_ascii=False).replace("’", "'"))


def letters(text):
    """A text without markup, spaces, marks and capitals."""
    return re.sub(r"[\W_]+", "", re.sub(r"<[^>]+>", "", text).lower())
