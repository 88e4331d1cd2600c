"""The published folder as an RO-Crate 1.1: what each file is, who made it of what, under which
licence.

Described are the page, the PDF and the files that `resources` of _quarto.yml names, as far as they
lie in the project when the text is made, so a render makes it after the others. What only one of
the renderers puts beside them is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from review import VERSION
from review.audit import sources
from review.dataset import bibliography, files
from review.dataset.load import PUBLISHED, ROOT, Review, find_edition
from review.formats import csl
from review.formats.described import (
    DESCRIPTOR,
    Described,
    described,
    digest,
    fingerprints,
    json_text,
)
from review.formats.names import ABOUT, CRATE

CONTEXT, PROFILE = "https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/crate/1.1"
PAGE, CODE, RENDER = "index.html", "#code", "#render"
MIT = "https://spdx.org/licenses/MIT"  # the licence of the code, whatever that of the data
FORMATS = {".csv": "text/csv", ".json": "application/json", ".zip": "application/zip",
           ".bib": "application/x-bibtex", ".ris": "application/x-research-info-systems",
           ".py": "text/x-python", ".html": "text/html", ".pdf": "application/pdf"}
OTHER_FORMAT = "application/octet-stream"
Thing = dict[str, Any]


def text(r: Review, root: Path = ROOT) -> str:
    """The metadata file of the crate, as JSON-LD.

    root: the project. Raises DataError where the bibliography or the descriptor cannot be read.
    """
    told = described(r.data)
    article = list(_article(r))
    book = yaml.safe_load(files.text(root / "_quarto.yml"))
    pdf = f"{book['book'].get('output-file', 'book')}.pdf"
    documents = [
        _file(PAGE, "the report as one page"),
        _file(pdf, "the report as a paper, where it was rendered as PDF too"),
    ]
    parts = [*documents, *_resources(r, root, book)]
    data = [part for part in parts if part["@id"].startswith("data/")]
    makers = [{"@id": f"#maker-{n}", "@type": "Organization", "name": name}
              for n, name in enumerate(told.creators, 1)]
    whole = {
        "@id": "./", "@type": "Dataset", "name": told.title, "description": told.description,
        "version": f"{told.version}, edition {r.name}", "datePublished": _day(r),
        "identifier": f"sha256:{digest(fingerprints(r.data))}",
        "license": {"@id": told.licence}, "author": _ids(makers),
        "publisher": _ids(makers[:1]), "isBasedOn": _ids(article[:1]),
        "hasPart": _ids(parts), "mentions": {"@id": RENDER}}
    whole = {name: value for name, value in whole.items() if value not in ("", [])}
    about = {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": PROFILE}}
    return json_text({"@context": CONTEXT, "@graph": [
        about, whole, *parts, *article, *makers, *_software(r, data, documents), *_licences(told)]})


def _ids(things: Iterable[Thing]) -> Any:
    """References to things; a single one is no list, as the standard asks."""
    ids = [{"@id": thing["@id"]} for thing in things]
    return ids[0] if len(ids) == 1 else ids


def _day(r: Review) -> str:
    """The day of the edition's release; where none is told, the last day of its search."""
    edition = r.edition
    day = edition["search_to"] if pd.isna(edition["released_on"]) else edition["released_on"]
    return str(day.date().isoformat())


def _file(path: str, about: str, size: int | None = None) -> Thing:
    made: Thing = {"@id": path, "@type": "File", "name": about[0].upper() + about[1:],
                   "encodingFormat": FORMATS.get(Path(path).suffix, OTHER_FORMAT)}
    if path.endswith(".py"):
        made["license"] = {"@id": MIT}
    return made if size is None else made | {"contentSize": str(size)}


def _resources(r: Review, root: Path, book: Thing) -> Iterator[Thing]:
    """The files that lie beside the page, in a fixed order, but for the crate's own."""
    patterns = book["project"].get("resources", [])
    paths = {path for pattern in ([patterns] if isinstance(patterns, str) else patterns)
             for path in root.glob(pattern) if path.is_file()}
    tables = {f"data/{one['path']}": f"{one.get('title', one['name'])}: "
              f"{one.get('description', 'a table of the dataset')}"
              for one in json.loads(files.text(r.data / DESCRIPTOR))["resources"]}
    for path in sorted(paths):
        name = path.relative_to(root).as_posix()
        if name == CRATE:
            continue
        about = tables.get(name) or ABOUT.get(path.name) or _by_place(name)
        yield _file(name, about, path.stat().st_size)


def _by_place(name: str) -> str:
    """What a file is that no list names."""
    path = Path(name)
    if path.name == DESCRIPTOR:
        return "descriptor of the dataset, a Frictionless data package"
    if path.parent.name == "rows":
        return f"rows behind {path.stem}"
    if path.parent.name == "audit":
        return f"what the audit found by trying: {path.stem}"
    kinds = {".py": f"code of {path.parent.name}: {path.stem}", ".bib": "the references as BibTeX"}
    return kinds.get(path.suffix, path.name)


def _article(r: Review) -> Iterator[Thing]:
    """The article that the review rebuilds, then its authors; only its citation where the
    bibliography lacks it."""
    key = sources.citekey(r, sources.article(r))
    path = bibliography.of(r.data)
    entry = bibliography.entries(path)[0].get(key) if path.exists() else None
    if entry is None:
        citation = str(find_edition(r.editions, PUBLISHED)["citation"])
        yield {"@id": f"#{key}", "@type": "ScholarlyArticle", "name": citation}
        return
    item = csl.item(entry)
    people = [
        {"@id": f"#author-{n}", "@type": "Person",
         "name": one.get("literal") or f"{one.get('given', '')} {one['family']}".strip()}
        for n, one in enumerate(item.get("author", []), 1)]
    address = f"https://doi.org/{item['DOI']}" if "DOI" in item else item.get("URL", f"#{key}")
    made = {"@id": address, "@type": "ScholarlyArticle", "name": item["title"],
            "author": _ids(people)}
    if journal := item.get("container-title"):
        made["publisher"] = journal
    if parts := item.get("issued", {}).get("date-parts"):
        made["datePublished"] = "-".join(f"{part:02d}" for part in parts[0])
    yield made
    yield from people


def _software(r: Review, data: list[Thing], documents: list[Thing]) -> Iterator[Thing]:
    """The code, and the render that made the documents of the data with it."""
    yield {"@id": CODE, "@type": "SoftwareApplication",
           "name": "review, the engine of this living review, with the code of the article",
           "softwareVersion": VERSION, "license": {"@id": MIT}}
    yield {"@id": RENDER, "@type": "CreateAction", "name": "render of the report",
           "description": f"review render --edition {r.name}", "instrument": {"@id": CODE},
           "object": _ids(data), "result": _ids(documents)}


def _licences(told: Described) -> Iterator[Thing]:
    yield {"@id": told.licence, "@type": "CreativeWork", "name": told.licence_name,
           "description": "licence of text and data"}
    yield {"@id": MIT, "@type": "CreativeWork", "name": "MIT License",
           "description": "licence of the code"}
