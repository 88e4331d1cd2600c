"""Read ``_quarto.yml``: the subset of a book project that this renderer honours.

Which keys there are, what each does and which values it may have stands in ``options.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from .errors import ConfigError, Problem
from .options import CONFIG_PLACES, Effect, options_of
from .reading import load_yaml, read_text

CONFIG_FILE = "_quarto.yml"
APPLIED_BESIDE = ("_quarto-*.yml", "_quarto.yml.local", "_quarto-*.yml.local", "_environment",
                  "_environment.local", "_environment-*", "_metadata.yaml", "_quarto.yaml")
"""Files in the project's root that Quarto applies besides ``_quarto.yml``."""
FORMATS = {"html": "html", "pdf": "typst"}
"""What the reader asks for, and what Quarto calls the format that makes it."""
MANUSCRIPTS = {"docx": ".docx", "jats": ".xml"}
"""What can be asked for besides: the paper as one file, and how its name ends."""


@dataclass(frozen=True)
class Chapter:
    """One source file of the book, in reading order. ``path`` is relative to the root."""

    path: str
    appendix: bool = False

    @property
    def slug(self) -> str:
        """The path without suffix, fit for a file name: ``chapters/01-data`` -> ``01-data``."""
        return Path(self.path).stem

    @property
    def name(self) -> str:
        """The slug, fit for an id in HTML."""
        return re.sub(r"[^A-Za-z0-9-]", lambda m: f"_{ord(m[0]):x}_", self.slug)


@dataclass(frozen=True)
class Book:
    """A book project. Paths are relative to ``root`` unless they say otherwise.

    A text that is not given is "", a list that is not given is empty. ``formats`` holds, for each
    document by Quarto's name (``html``, ``typst``), the value of every option that can be given for
    one document.
    """

    root: Path
    title: str
    subtitle: str
    description: str
    authors: tuple[str, ...]
    date: str
    chapters: tuple[Chapter, ...]
    lang: str
    nocite: str
    output_dir: str
    output_file: str
    bibliography: tuple[str, ...]
    csl: str
    execute_dir: str
    pre_render: tuple[str, ...]
    resources: tuple[str, ...]
    env: tuple[str, ...]
    inputs: tuple[str, ...]
    pre_render_inputs: tuple[str, ...]
    preload: tuple[str, ...]
    first: tuple[str, ...]
    css: tuple[str, ...]
    in_header: tuple[str, ...]
    after_body: tuple[str, ...]
    supplement: tuple[str, ...]
    font_paths: tuple[str, ...]
    formats: Mapping[str, Mapping[str, Any]]
    further_inputs: tuple[str, ...] = ()
    """Files and folders that chapters read besides, given on the command line."""

    def option(self, fmt: str, name: str) -> Any:
        """An option as it holds for one output format (``html`` or ``typst``)."""
        return self.formats[fmt][name]


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _author(value: Any) -> str:
    if isinstance(value, dict):
        name = value.get("name", "")
        return " ".join(map(str, name.values())) if isinstance(name, dict) else str(name)
    return str(value)


def _lines(node: yaml.Node | None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """The line of every key, by its path, and of every entry of a list, by the list's path and
    the entry's text."""
    lines: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            lines.setdefault(inner, key.start_mark.line + 1)
            lines |= _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            if isinstance(entry, yaml.ScalarNode):
                lines.setdefault((*path, str(entry.value)), entry.start_mark.line + 1)
    return lines


class _Reader:
    """Reads one file and collects every problem in it, so that they can be shown together."""

    def __init__(self, root: Path):
        self.root, path = root, root / CONFIG_FILE
        self.problems: list[Problem] = []
        if not path.is_file():
            raise ConfigError(Problem(CONFIG_FILE, 0, f"not found in {root}; give the folder "
                                      "of a Quarto book project"))
        text = read_text(root, CONFIG_FILE)
        try:
            keys, tree = load_yaml(text)
            self.keys, self.lines = keys or {}, _lines(tree)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise ConfigError(Problem(CONFIG_FILE, mark.line + 1 if mark else 0,
                                      f"not valid YAML: {getattr(error, 'problem', error)}")
                              ) from None
        if not isinstance(self.keys, dict):
            raise ConfigError(Problem(CONFIG_FILE, 1, "expected keys and values"))

    def report(self, path: tuple[str, ...], message: str) -> None:
        """Note a problem with a key or an entry of a list, at its line or that of its section."""
        while path and path not in self.lines:
            path = path[:-1]
        self.problems.append(Problem(CONFIG_FILE, self.lines.get(path, 0), message))

    def raw(self, place: str) -> dict[str, Any]:
        """The section at a place as it is written; {} where it is not there or no section."""
        section: Any = self.keys
        for name in place.split(".") if place else []:
            section = section.get(name) if isinstance(section, dict) else None
        return section if isinstance(section, dict) else {}

    def check(self, place: str) -> None:
        """Check every key of a section against the table of options."""
        section, known = self.raw(place), options_of(place)
        above = tuple(place.split(".")) if place else ()
        for name, value in section.items():
            option, path = known.get(name), (*above, str(name))
            if option is None:
                self.report(path, f"`{'.'.join(path)}` is not supported by the embedded renderer; "
                            "remove it, or see press/README.md for what is")
                continue
            if fault := option.fault(place, value):
                self.report(path, fault)
            elif option.files:
                for file in _texts(value):
                    if not (self.root / file).is_file():
                        self.report(path, f"`{option.path(place)}`: {file} does not exist")
        for option in known.values():
            if option.required and section.get(option.name) in (None, "", []):
                self.report((*above, option.name), f"`{option.path(place)}` is missing")

    def value(self, place: str, name: str) -> Any:
        """The value of a key; its default where it is not given, left empty, or wrong."""
        option, value = options_of(place)[name], self.raw(place).get(name)
        return option.default if value in (None, "") or option.fault(place, value) else value

    def text(self, place: str, name: str) -> str:
        """The value of a key that holds one text."""
        value = self.value(place, name)
        return "" if value is None else str(value)

    def texts(self, place: str, name: str) -> tuple[str, ...]:
        """The value of a key that holds a text or several; of files, those that are there."""
        values = _texts(self.value(place, name))
        if not options_of(place)[name].files:
            return values
        return tuple(value for value in values if value and (self.root / value).is_file())

    def further_files(self) -> None:
        """Report files of further keys: what they say would be dropped without a word."""
        known = self.texts("press", "quarto-only")
        for name in self.texts("", "metadata-files"):
            if name not in known:
                self.report(("metadata-files", name), f"`metadata-files`: {name} is not read here; "
                            f"write its keys into {CONFIG_FILE}, or name it under "
                            "`press.quarto-only` where it holds what Quarto alone needs")

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters that can be read, in order; every other entry is reported."""
        chapters: list[Chapter] = []
        for key in ("chapters", "appendices"):
            for entry in self.value("book", key) or []:
                path = ("book", key, str(entry))
                if not isinstance(entry, str):
                    self.report(path, f"`book.{key}` holds {entry!r}: parts and titled "
                                "entries are not supported; list paths of .qmd files")
                    continue
                if entry.startswith("./"):
                    self.report(path, f"write {entry[2:]}, not {entry}: Quarto wants chapter paths "
                                "without a leading ./")
                if not entry.endswith(".qmd"):
                    self.report(path, f"{entry} is not a .qmd file")
                elif not (self.root / entry).is_file():
                    self.report(path, f"{entry} does not exist")
                else:
                    chapters.append(Chapter(entry.removeprefix("./"), key == "appendices"))
        if chapters and chapters[0].path != "index.qmd":
            self.report(("book", "chapters", chapters[0].path),
                        f"the first chapter is {chapters[0].path}; Quarto wants index.qmd there")
        first_of: dict[str, str] = {}
        for chapter in chapters:
            if chapter.slug in first_of:
                key = "appendices" if chapter.appendix else "chapters"
                first = first_of[chapter.slug]
                self.report(("book", key, chapter.path),
                            f"{chapter.path} is given twice; a chapter is in the book once"
                            if first == chapter.path else f"{chapter.path} and {first} have the "
                            "same file name; give each chapter its own")
            first_of[chapter.slug] = chapter.path
        return tuple(chapters)

    def other_files(self) -> None:
        """Files beside ``_quarto.yml`` that Quarto applies to it or to chapters."""
        folders = {self.root, *(self.root / Path(str(entry)).parent
                                for key in ("chapters", "appendices")
                                for entry in self.value("book", key) or []
                                if isinstance(entry, str))}
        found = [path for pattern in APPLIED_BESIDE for path in self.root.glob(pattern)]
        found += [folder / "_metadata.yml" for folder in folders
                  if (folder / "_metadata.yml").is_file()]
        for path in sorted(set(found)):
            name = path.relative_to(self.root).as_posix() if path.is_relative_to(
                self.root) else str(path)
            self.problems.append(Problem(name, 0, "Quarto applies this file, the embedded renderer "
                                         f"does not; write its keys into {CONFIG_FILE}"))

    def formats(self) -> dict[str, dict[str, Any]]:
        """The options of each document: what is given for all, overridden by what is given for
        one."""
        formats = {}
        for fmt in FORMATS.values():
            values: dict[str, Any] = {}
            for place in ("", "execute", f"format.{fmt}", f"format.{fmt}.execute"):
                for name, option in options_of(place).items():
                    if f"format.{fmt}" not in option.places or option.effect is not Effect.HONOURED:
                        continue
                    given = self.raw(place).get(name) is not None
                    if given or name not in values:
                        values[name] = self.value(place, name)
            formats[fmt] = values
        return formats


def line_of(root: Path, key: str) -> int:
    """The line of ``_quarto.yml`` on which a key stands; 0 where it is not found."""
    lines = read_text(root, CONFIG_FILE).splitlines()
    return next((number for number, line in enumerate(lines, 1)
                 if re.search(rf"(^|[\s{{,]){re.escape(key)}\s*:", line)), 0)


def with_files(book: Book, inputs: Sequence[Path], bibliography: Sequence[Path]) -> Book:
    """The book with further files that chapters read, and with other files of references than its
    own, where any are given. Raises ConfigError for each that is not there."""
    problems = [Problem(option, 0, f"{path} does not exist")
                for option, paths in (("--input", inputs), ("--bibliography", bibliography))
                for path in paths if not path.exists()]
    if problems:
        raise ConfigError(problems)
    return replace(book, further_inputs=tuple(str(path.resolve()) for path in inputs),
                   bibliography=tuple(str(path.resolve()) for path in bibliography)
                   or book.bibliography)


def load(root: Path) -> Book:
    """The book project at ``root``. Raises ConfigError with every problem of ``_quarto.yml``."""
    book, problems = examine(root)
    if problems:
        raise ConfigError(problems)
    return book


def examine(root: Path) -> tuple[Book, list[Problem]]:
    """The book project as far as ``_quarto.yml`` can be read, and what is wrong with it.

    Raises ConfigError where the file is missing or is not YAML.
    """
    reader = _Reader(root.resolve())
    for place in CONFIG_PLACES:
        reader.check(place)
    reader.further_files()
    reader.other_files()
    authors = reader.value("book", "author") or []
    book = Book(
        root=reader.root,
        title=reader.text("book", "title"),
        subtitle=reader.text("book", "subtitle"),
        description=reader.text("book", "description").strip(),
        authors=tuple(map(_author, authors if isinstance(authors, list) else [authors])),
        date=reader.text("book", "date"),
        chapters=reader.chapters(),
        lang=reader.text("", "lang"),
        nocite=reader.text("", "nocite"),
        output_dir=reader.text("project", "output-dir"),
        output_file=reader.text("book", "output-file"),
        bibliography=reader.texts("", "bibliography"),
        csl=next(iter(reader.texts("", "csl")), ""),
        execute_dir=reader.text("project", "execute-dir"),
        pre_render=reader.texts("project", "pre-render"),
        resources=reader.texts("project", "resources"),
        env=reader.texts("press", "env"),
        inputs=reader.texts("press", "inputs"),
        pre_render_inputs=reader.texts("press", "pre-render-inputs"),
        preload=reader.texts("press", "preload"),
        first=reader.texts("press", "first"),
        css=reader.texts("format.html", "css"),
        in_header=reader.texts("format.html", "include-in-header"),
        after_body=reader.texts("format.html", "include-after-body"),
        supplement=reader.texts("press", "supplement"),
        font_paths=reader.texts("format.typst", "font-paths"),
        formats=reader.formats(),
    )
    return book, reader.problems
