"""References.bib as far as the dataset needs it: its keys, and citations to add to it.

Citations are read by libraries (pybtex for BibTeX, rispy for RIS), never by pattern; what they
cannot read is refused, so that the project's file stays readable for everything that uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from review.dataset import bibtex, characters, files, ris
from review.dataset.paths import ROOT
from review.dataset.problems import DataError, Problem

FILE = "references.bib"
TAKEN = "key taken"
ENTRY = re.compile(r"^[ \t]*@(?!comment|string|preamble)\w+\s*[{(]\s*([^,\s]+)\s*,", re.M | re.I)
BRACE = re.compile("[{}]")
# what a citation cannot do without: one field of each line
NEEDED = (("author", "editor", "organization", "institution"), ("title",), ("year", "date"))
CONTAINERS = ("journal", "journaltitle", "booktitle", "publisher", "howpublished", "url", "doi",
              "school", "institution", "organization", "series", "eprint")
LARGEST = 2_000_000  # characters of a file of citations
DEEPEST = 12  # braces in each other
# commands with which TeX reads, writes, runs or defines; a citation has letters and accents
COMMANDS = re.compile(r"\\(?:input|include|includegraphics|verbatiminput|lstinputlisting|openin|"
                      r"openout|read|write|immediate|special|directlua|catcode|csname|[egx]?def|let|"
                      r"newcommand|renewcommand|usepackage|url\{javascript)(?![A-Za-z])", re.I)
# addresses that run or hold something, wherever they stand, and in the field of an address in any
# spelling; "Long-term data: five-year results" is a title
RUNNING = re.compile(r"\b(?:(?:javascript|vbscript):(?=\S)|data:[\w-]+/[\w.+-]+[;,]|file:/)"
                     r"[^\s,}]{0,30}|(?:\burl\s*=\s*[{\"]?|^UR\s+-)\s*"
                     r"(?:javascript|vbscript|data|file)\s*:[^,}]{0,30}", re.I)
# a DOI is copied with the address that leads to it
DOI_ADDRESS = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
REGISTRY = re.compile(r"\bNCT\d{8}\b", re.I)


@dataclass(frozen=True)
class Entry:
    """One citation. fields: by name in lower case, authors among them; text: as BibTeX."""

    key: str
    file: str
    fields: Mapping[str, str]
    text: str

    @property
    def kind(self) -> str:
        """What is cited, as BibTeX calls it: article, online, ..."""
        found = re.match(r"\s*@(\w+)", self.text)
        return found[1].lower() if found else ""

    @property
    def doi(self) -> str:
        """The DOI in one spelling, "" where there is none."""
        return DOI_ADDRESS.sub("", self.fields.get("doi", "").strip().lower()).rstrip(".")

    @property
    def title(self) -> str:
        """The letters and digits of the title, in lower case."""
        return re.sub(r"[\W_]+", "", self.fields.get("title", "").lower())

    @property
    def registry(self) -> str:
        """A trial's number in a registry that the citation names, "" where there is none."""
        number = REGISTRY.search(" ".join((*self.fields.values(), self.key)))
        return number[0].upper() if number else ""


@dataclass(frozen=True)
class Brought:
    """What folders bring. texts: new citations as BibTeX, by key. problems: what is wrong with
    them. keys: of every entry, there before or new; None where that is not known, as there is no
    bibliography or a file could not be read as a whole."""

    texts: dict[str, str]
    problems: list[Problem]
    keys: frozenset[str] | None


def of(data: Path) -> Path:
    """The bibliography of the dataset in `data`: it lies beside it."""
    return data.parent / FILE


def cited(data: Path) -> Path:
    """The bibliography that a report of the dataset cites from: the one beside it, or that of the
    project where none lies there, as when a dataset alone was copied."""
    beside = of(data)
    return beside if beside.exists() or beside.is_symlink() else ROOT / FILE


def read(path: Path) -> tuple[frozenset[str] | None, list[Problem]]:
    """Keys of a BibTeX file, and what is wrong with it; None for keys where there is no file, and
    where it cannot be read as a whole: which it lacks is not known then."""
    if not path.exists() and not path.is_symlink():
        return None, []
    found, problems = entries(path)
    return None if _unread(problems) else frozenset(found), problems


def entries(path: Path) -> tuple[dict[str, Entry], list[Problem]]:
    """The citations of a .bib or .ris file by key, and what cannot be read of it."""
    try:
        text = files.text(path)
    except DataError as error:
        return {}, error.problems
    found, problems = _read(path.name, text)
    return dict(found), list(problems)


@lru_cache(maxsize=8)  # a command asks for keys, entries and faults of the same text
def _read(file: str, text: str) -> tuple[tuple[tuple[str, Entry], ...], tuple[Problem, ...]]:
    # biber and pandoc take such lines for comments, and the template has its example there
    text = re.sub(r"^[ \t]*%.*$", "", text, flags=re.M)
    if wrong := tuple(_dangerous(file, text)):
        return (), wrong
    return _ris(file, text) if file.lower().endswith(".ris") else _bibtex(file, text)


def _dangerous(file: str, text: str) -> Iterator[Problem]:
    """What no citation holds, and what would act on who reads the file or is hidden from them."""
    if len(text) > LARGEST:
        yield _problem(file, 0, "", "too large", f"the file has {len(text):,} characters",
                       "keep the citations of this study alone")
        return
    if found := characters.hidden(text):
        line, what = found
        yield _problem(file, line, "", "invisible character",
                       f"the line holds {what}, which cannot be seen",
                       "type it again instead of pasting it")
    for number, line_text in enumerate(text.split("\n"), 1):
        if command := COMMANDS.search(line_text):
            yield _problem(file, number, "", "command", f"{command[0]} is a command to TeX, not a "
                           "part of a citation", "write what it stands for")
        if address := RUNNING.search(line_text):
            yield _problem(file, number, "", "address", f"{address[0]} is no address of a document",
                           "write one that begins with https://")
    depth = deepest = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        yield _problem(file, 0, "", "citation", f"braces lie {deepest} deep in each other",
                       "export the citation again")


def new_entries(folders: Iterable[Path], main: Path) -> Brought:
    """Citations that the folders' .bib and .ris files bring and the bibliography has not, and
    everything that is wrong with them: unreadable, incomplete, a key of another entry, a
    publication that is there under another key.
    """
    known, problems = entries(main) if main.exists() else ({}, [])
    whole = main.exists() and not _unread(problems)
    new: dict[str, Entry] = {}
    # BibTeX has no capitals: of two keys that differ by them alone, it reads one
    folded = {key.lower(): entry for key, entry in known.items()}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in (".bib", ".ris") or path.name.startswith((".", "~")) \
                    or not path.is_file():
                continue
            found, wrong = entries(path)
            problems += wrong
            cut = _unread(wrong)
            whole = whole and not cut
            for key, entry in found.items():
                other = folded.get(key.lower())
                if other is None:
                    if not cut:
                        problems += _incomplete(entry)
                    problems += _twins(entry, [*known.values(), *new.values()])
                    new[key] = folded[key.lower()] = entry
                elif other.key != key:
                    problems.append(_problem(
                        entry.file, 0, key, TAKEN,
                        f"{key} differs by capitals alone from {other.key} of {other.file}: "
                        f"{_brief(other)}", "use that entry, or give the new one another key"))
                elif _content(other) != _content(entry):
                    problems.append(_problem(
                        entry.file, 0, key, TAKEN,
                        f"{key} is another entry of {other.file}: {_brief(other)}",
                        "use that entry, or give the new one a key of its own"))
    return Brought({key: entry.text for key, entry in new.items()}, problems,
                   frozenset(known) | frozenset(new) if whole else None)


def _unread(problems: Iterable[Problem]) -> bool:
    """Whether something in a file was not read, so that an entry may be missing or cut. Of two
    entries with one key, each was."""
    return any(p.severity == "error" and p.rule != TAKEN for p in problems)


def _bibtex(file: str, text: str) -> tuple[tuple[tuple[str, Entry], ...], tuple[Problem, ...]]:
    from pybtex import errors
    from pybtex.database import parse_string

    with errors.capture() as captured:
        bibliography = parse_string(text, "bibtex")
    problems = [_unreadable(file, error) for error in captured]
    texts = _texts(text)
    macros = re.search(r"@string\s*[{(]", text, re.I)
    found = []
    for key, entry in bibliography.entries.items():
        fields = {name.lower(): str(cell) for name, cell in entry.fields.items()}
        for role, persons in entry.persons.items():
            fields[role.lower()] = " and ".join(str(person) for person in persons)
        own = texts.get(key, "")
        if macros or not own.startswith("@") or "(" in own.partition(key)[0]:
            # it rests on an abbreviation of its file, or has no braces around it
            own = bibtex.written(entry.original_type, key, fields)
        found.append((key, Entry(key, file, fields, own)))
    return tuple(found), tuple(problems)


def _ris(file: str, text: str) -> tuple[tuple[tuple[str, Entry], ...], tuple[Problem, ...]]:
    import rispy

    try:
        records = rispy.loads(text)
    except Exception as error:
        # the library raises what its parser happens to trip over
        return (), (_problem(file, 0, "", "citation", f"cannot be read: {error}",
                             "export the citation again as RIS or BibTeX"),)
    if not records and text.strip():
        return (), (_problem(file, 0, "", "citation", "no record was found",
                             "export the citation again; a record begins with TY  - and ends with "
                             "ER  -"),)
    found: dict[str, Entry] = {}
    problems = []
    for record in records:
        entry = Entry(*ris.citation(record, file))
        if entry.key in found:
            problems.append(_problem(file, 0, entry.key, TAKEN,
                                     f"two records have the key {entry.key}",
                                     "give each its own in the line ID  - "))
        found.setdefault(entry.key, entry)
    return tuple(found.items()), tuple(problems)


def _incomplete(entry: Entry) -> list[Problem]:
    missing = [names[0] for names in NEEDED
               if not any(entry.fields.get(name, "").strip() for name in names)]
    problems = []
    if missing:
        problems.append(_problem(
            entry.file, 0, entry.key, "citation incomplete",
            f"{entry.key} has no {' and no '.join(missing)}", "complete the entry"))
    year = entry.fields.get("year") or entry.fields.get("date") or ""
    if year and not re.search(r"\d{4}", year):
        problems.append(_problem(
            entry.file, 0, entry.key, "citation incomplete",
            f"{entry.key} has {year!r} for a year, which the references print as none",
            "write the year in figures as soon as it has one", "warning"))
    if entry.file.lower().endswith(".bib"):
        problems += [_problem(entry.file, 0, entry.key, "cut in print",
                              f"{name} of {entry.key}: {why}", remedy)
                     for name, why, remedy in bibtex.lost(entry.fields)]
    if names := bibtex.together(entry.fields):
        problems.append(_problem(
            entry.file, 0, entry.key, "authors in one name",
            f"{entry.key} has {names!r} for one author", "write \" and \" between two authors, and "
            "\"and others\" for the rest", "warning"))
    if not any(entry.fields.get(name, "").strip() for name in CONTAINERS):
        problems.append(_problem(
            entry.file, 0, entry.key, "citation incomplete",
            f"{entry.key} does not say where it was published",
            "add journal, booktitle, howpublished, doi or url", "warning"))
    return problems


def _twins(entry: Entry, known: Iterable[Entry]) -> list[Problem]:
    """The same publication under another key: by DOI an error, by title or registry number a
    question."""
    problems = []
    for other in known:
        for what, severity in (("doi", "error"), ("title", "warning"), ("registry", "warning")):
            mine, its = getattr(entry, what), getattr(other, what)
            if not mine or mine != its:
                continue
            name = {"registry": "registry number"}.get(what, what)
            problems.append(_problem(
                entry.file, 0, entry.key, f"same {name}",
                f"{entry.key} has the {name} of {other.key} in {other.file}: {_brief(other)}",
                f"if it is the same publication, cite it as {other.key} and remove this entry",
                severity))
            break
    return problems


def _content(entry: Entry) -> dict[str, str]:
    return {name: " ".join(re.sub(r"[{}]", "", cell).split())
            for name, cell in entry.fields.items() if cell.strip()}


def _brief(entry: Entry) -> str:
    title = bibtex.plain(entry.fields.get("title", "without a title"))
    return f"{title[:60]}{'…' if len(title) > 60 else ''} ({entry.fields.get('year', 'no year')})"


def _unreadable(file: str, error: Exception) -> Problem:
    line = int(getattr(error, "lineno", 0) or 0)
    message = str(error).strip()
    repeated = re.search(r"repeated bibliography entry: (.*)", message)
    if repeated:
        return _problem(file, line, repeated[1], TAKEN,
                        f"two entries have the key {repeated[1]}", "give each a key of its own")
    return _problem(file, line, "", "citation", f"cannot be read: {message}",
                    "look for a brace, a quotation mark or a comma that is missing there")


def _problem(file: str, line: int, key: str, rule: str, message: str, remedy: str,
             severity: str = "error") -> Problem:
    return Problem(file, line, "", key, rule, message, remedy, severity)


def _texts(text: str) -> dict[str, str]:
    """Entries as they are written, by key; an entry ends with the brace that closes it. Only for
    the text: what counts as an entry is the library's to say."""
    found: dict[str, str] = {}
    for match in ENTRY.finditer(text):
        depth = 0
        for brace in BRACE.finditer(text, match.start()):
            depth += 1 if brace[0] == "{" else -1
            if brace[0] == "}" and depth == 0:
                found.setdefault(match[1], text[match.start():brace.end()].strip())
                break
    return found
