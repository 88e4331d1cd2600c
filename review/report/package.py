"""What the report offers to take away: the dataset in one file, its notebooks, its references, and
ledger and dataset in open formats.

    python -m review.report.package     writes downloads/ in the project

The same input gives the same bytes, so that two renders are alike.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from review.audit import sources
from review.dataset import bibliography, bibtex, files, program, replacing
from review.dataset.bibliography import Entry
from review.dataset.load import Review, load
from review.dataset.paths import ROOT, data_folder
from review.formats import crate
from review.formats.export import FORMATS
from review.formats.names import (
    CITATION_BIB,
    CITATION_RIS,
    CRATE,
    DATA,
    FOLDER,
    NOTEBOOKS,
    REFERENCES,
)

# the first day that a zip file can tell
NO_DAY = (1980, 1, 1, 0, 0, 0)
RIS_TYPES = {"article": "JOUR", "inproceedings": "CPAPER", "online": "ELEC", "dataset": "DATA",
             "book": "BOOK"}
RIS_NAMES = {"title": "title", "journal": "journal_name", "booktitle": "secondary_title",
             "year": "year", "volume": "volume", "number": "number", "doi": "doi",
             "publisher": "publisher", "version": "edition"}


def write(root: Path = ROOT, data: Path | None = None) -> list[Path]:
    """Write the files of `downloads/` and the description of them all beside it; return them.

    The package holds what `data/` holds for readers: descriptor, tables, rows behind figures and
    tables, who notices a slipped digit, and the references that its keys name. Raises DataError
    for a file that cannot be read.
    """
    data = data or data_folder()
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    bib = bibliography.cited(data)
    known = bibliography.entries(bib)[0] if bib.exists() else {}
    package = {path.relative_to(data).as_posix(): path.read_bytes()
               for pattern in ("*.json", "*.csv", "rows/*.csv", "audit/*.csv")
               for path in sorted(data.glob(pattern))}
    if known:
        package[bib.name] = bib.read_bytes()
    notebooks = {path.name: path.read_bytes()
                 for path in sorted((root / "notebooks").glob("*.ipynb"))}
    r = load(data=data)
    own = own_entry(data)
    cited = [*_article(r, known), own]
    written = [
        _zip(folder / DATA, package),
        _zip(folder / NOTEBOOKS, notebooks),
        _text(folder / REFERENCES, ris(known.values())),
        _text(folder / CITATION_RIS, ris(cited)),
        _text(folder / CITATION_BIB, "\n\n".join(entry.text for entry in cited) + "\n"),
        *(_text(folder / one.file, one.text(r)) for one in FORMATS.values() if one.file != CRATE),
    ]
    # it describes the files above, so it is the last
    return [*written, _text(root / CRATE, crate.text(r, root))]


def own_entry(data: Path) -> Entry:
    """The dataset itself as a citation, from its descriptor."""
    told = json.loads(files.text(data / "datapackage.json"))
    given = {"title": told.get("title", told["name"]), "version": told.get("version", ""),
             "url": told.get("homepage", "")}
    fields = {name: value for name, value in given.items() if value}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    text = "\n".join([f"@dataset{{{told['name']},", *lines, "}"])
    return Entry(told["name"], "datapackage.json", fields, text)


def _article(r: Review, known: Mapping[str, Entry]) -> list[Entry]:
    """The reviewed article's entry."""
    key = sources.citekey(r, sources.article(r))
    return [known[key]] if key in known else []


def ris(entries: Iterable[Entry]) -> str:
    """Citations as RIS, which is plain text: fields that it has no tag for are left out, and the
    commands and braces of BibTeX with what they stand for in their place."""
    import rispy

    text = str(rispy.dumps([_record(entry) for entry in entries]))
    # the library writes a number before each record, which is no line of the format
    return re.sub(r"^\d+\.\n", "", text, flags=re.M)


def _record(entry: Entry) -> dict[str, str | list[str]]:
    """A citation under the names that the library has for the tags of RIS."""
    fields = {name: value if name in bibtex.VERBATIM else bibtex.plain(value)
              for name, value in entry.fields.items() if value}
    record: dict[str, str | list[str]] = {"type_of_reference": RIS_TYPES.get(entry.kind, "GEN")}
    if author := entry.fields.get("author"):
        record["authors"] = [bibtex.plain(name) for name in bibtex.authors(author)]
    if pages := fields.get("pages"):
        record["start_page"], _, last = pages.partition("–")
        record |= {"end_page": last} if last else {}
    if url := fields.get("url"):
        record["urls"] = [url]
    return record | {theirs: fields[ours] for ours, theirs in RIS_NAMES.items() if ours in fields}


def _zip(path: Path, contents: Mapping[str, bytes]) -> Path:
    """A zip file that is the same for the same contents, whenever it is written."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    replacing.put(path, packed.getvalue())
    return path


def _text(path: Path, text: str) -> Path:
    replacing.put(path, text.encode())
    return path


def main(arguments: Iterable[str]) -> int:
    """Writes the files; says where only when asked to, as a render does not ask."""
    written = write()
    if "--quiet" not in arguments:
        print(f"{len(written)} files in {ROOT / FOLDER} and beside it")
    return 0


if __name__ == "__main__":
    sys.exit(program.run(lambda: main(sys.argv[1:])))
