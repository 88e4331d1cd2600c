"""The bibliography as CSL-JSON, which Zotero, Pandoc and citation processors read."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from review.dataset import bibliography
from review.dataset.bibliography import Entry
from review.dataset.bibtex import authors, plain
from review.dataset.load import Review
from review.dataset.problems import DataError
from review.formats.described import json_text

TYPES = {"article": "article-journal", "inproceedings": "paper-conference", "online": "webpage",
         "incollection": "chapter", "book": "book", "techreport": "report",
         "phdthesis": "thesis", "dataset": "dataset"}
OTHER_TYPE = "document"
# fields of an entry that CSL has as plain text, under its own names
NAMES = {"title": "title", "shorttitle": "title-short", "journal": "container-title",
         "journaltitle": "container-title", "booktitle": "container-title",
         "publisher": "publisher", "volume": "volume", "issn": "ISSN", "version": "version",
         "edition": "edition"}
VERBATIM = {"doi": "DOI", "url": "URL"}  # an address has no markup, and its % begins no comment
# the number of an article is that of its issue, of anything else its own
NUMBERS = {"article": "issue"}
OTHERS = "others"


def text(r: Review) -> str:
    """Every entry of the bibliography beside the dataset, in its order; an empty list where there
    is no bibliography. Raises DataError with every entry that cannot be read."""
    path = bibliography.of(r.data)
    if not path.exists():
        return json_text([])
    entries, problems = bibliography.entries(path)
    if problems:
        raise DataError(problems)
    return json_text([item(entry) for entry in entries.values()])


def item(entry: Entry) -> dict[str, Any]:
    """One entry as CSL-JSON; what CSL has no name for is left out."""
    fields = {name: value.strip() for name, value in entry.fields.items() if value.strip()}
    made: dict[str, Any] = {"id": entry.key, "type": TYPES.get(entry.kind, OTHER_TYPE)}
    for role in ("author", "editor"):
        if role in fields:
            made[role] = _people(fields[role])
    made |= {theirs: plain(fields[ours]) for ours, theirs in NAMES.items() if ours in fields}
    made |= {theirs: fields[ours] for ours, theirs in VERBATIM.items() if ours in fields}
    if "number" in fields:
        made[NUMBERS.get(entry.kind, "number")] = plain(fields["number"])
    if "pages" in fields:
        # a citation processor writes the dash of its language for the hyphen
        made["page"] = plain(fields["pages"]).replace("–", "-")
    if day := fields.get("date") or fields.get("year"):
        made["issued"] = _date(day)
    if day := fields.get("urldate"):
        made["accessed"] = _date(day)
    return made


def _people(cell: str) -> list[dict[str, str]]:
    """The names of a field. "and others" is one more name, which citation processors print as et
    al., as Pandoc writes it."""
    return [_person(name) for name in authors(cell)]


def _person(name: str) -> dict[str, str]:
    from pybtex.database import Person

    if name == OTHERS:
        return {"literal": OTHERS}
    if name.startswith("{"):
        # braces around the whole name: an organisation
        return {"literal": plain(name)}
    person = Person(name)
    # the library counts all up to the last small word as particles, "Perez de" of Perez de Acha
    particles = list(takewhile(str.islower, person.prelast_names))
    family = [*person.prelast_names[len(particles):], *person.last_names]
    parts = {"family": family, "given": [*person.first_names, *person.middle_names],
             "non-dropping-particle": particles, "suffix": person.lineage_names}
    return {part: plain(" ".join(words)) for part, words in parts.items() if words}


def _date(day: str) -> dict[str, Any]:
    """A day, month or year; what is none of them as it is written."""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", day):
        return {"date-parts": [[int(part) for part in day.split("-")]]}
    return {"raw": day}
