"""Citations as RIS, read by rispy: a record as the entry of a bibliography."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from review.dataset import bibtex

RIS_TYPES = {"JOUR": "article", "JFULL": "article", "EJOUR": "article", "CONF": "inproceedings",
             "CPAPER": "inproceedings", "ABST": "inproceedings", "CHAP": "incollection",
             "BOOK": "book", "RPRT": "techreport", "THES": "phdthesis"}
RIS_FIELDS = {"volume": "volume", "number": "number", "doi": "doi", "issn": "issn"}


def citation(record: Mapping[str, Any], file: str) -> tuple[str, str, dict[str, str], str]:
    """A record of a file: its key, which is its ID, else the first author's name and the year; the
    file; its fields under the names of BibTeX; and the entry as BibTeX."""
    authors = [str(name) for name in record.get("authors") or record.get("first_authors") or []]
    year = next((str(record[name])[:4] for name in ("year", "publication_year", "date")
                 if re.match(r"\d{4}", str(record.get(name) or ""))), "")
    name = unicodedata.normalize("NFKD", (authors or ["anonymous"])[0].partition(",")[0])
    name = re.sub(r"[^a-z]", "", name.lower())
    key = re.sub(r"[^A-Za-z0-9_:-]", "", str(record.get("id") or "")) or f"{name}{year}"
    pages = "--".join(str(record[page]) for page in ("start_page", "end_page") if record.get(page))
    container = next((str(record[place]) for place in (
        "journal_name", "secondary_title", "alternate_title3", "alternate_title1")
        if record.get(place)), "")
    kind = RIS_TYPES.get(str(record.get("type_of_reference")), "misc")
    place = "journal" if kind == "article" else "booktitle" if kind.startswith("in") \
        else "howpublished"
    urls = record.get("urls") or record.get("url") or []
    fields = {
        "title": str(record.get("title") or record.get("primary_title") or ""), place: container,
        "year": year, "pages": pages, "url": urls if isinstance(urls, str) else "".join(urls[:1]),
        **{ours: str(record.get(theirs) or "") for theirs, ours in RIS_FIELDS.items()}}
    fields = {field: cell for field, cell in fields.items() if cell}
    written = {"author": bibtex.people(authors),
               **{field: bibtex.from_plain(field, cell) for field, cell in fields.items()}}
    return (key, file, {**fields, "author": " and ".join(authors)},
            bibtex.written(kind, key, written))
