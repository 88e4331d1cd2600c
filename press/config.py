"""Read ``_quarto.yml``: the subset of a book project that this renderer honours.

A key is *honoured*, or *passed over* (Quarto's business, without influence on the text: search,
theme, repository links ...), or reported as not supported. Nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem, RenderError

FORMATS = {"html": "html", "pdf": "typst"}
"""What the reader asks for, and what Quarto calls the format that makes it."""

HONOURED: dict[str, set[str]] = {
    "": {"project", "book", "bibliography", "csl", "lang", "execute", "format", "press"},
    "project": {"type", "output-dir", "execute-dir", "pre-render", "resources"},
    "book": {"title", "subtitle", "author", "date", "description", "chapters", "appendices",
             "output-file"},
    "execute": {"echo", "warning"},
    "press": {"env", "first", "inputs", "preload"},
}
PASSED_OVER: dict[str, set[str]] = {
    "": {"jupyter", "crossref", "citeproc", "link-citations", "number-sections", "toc",
         "toc-depth", "license", "keywords", "editor", "metadata-files", "website",
         "execute-dir", "lightbox", "fig-format", "code-fold", "code-summary", "copyright",
         "code-line-numbers", "reference-section-title", "nocite", "keep-ipynb", "doi"},
    "project": {"render", "title", "lib-dir"},
    "book": {"repo-url", "repo-branch", "repo-actions", "repo-subdir", "site-url", "search",
             "sidebar", "navbar", "page-navigation", "page-footer", "page-header", "favicon",
             "cover-image", "cover-image-alt", "downloads", "sharing", "reader-mode",
             "open-graph", "twitter-card", "google-scholar", "date-format", "doi", "language",
             "issue-url", "back-to-top-navigation", "bread-crumbs", "abstract", "license",
             "image", "image-alt", "body-header", "body-footer", "margin-header"},
    "execute": {"freeze", "cache", "enabled", "daemon", "debug"},
    "press": set(),
}
FORBIDDEN_VALUES = {
    ("execute", "freeze"): "serves stale numbers after the data or the helper code changed",
    ("execute", "cache"): "breaks inline code",
}


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
    """A book project. Paths are relative to ``root`` unless they say otherwise."""

    root: Path
    title: str
    chapters: tuple[Chapter, ...]
    subtitle: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    lang: str = "en"
    output_dir: str = "_book"
    output_file: str = "book"
    bibliography: tuple[str, ...] = ()
    csl: str = ""
    execute_dir: str = "file"
    pre_render: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    css: tuple[str, ...] = ()
    after_body: tuple[str, ...] = ()
    formats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def option(self, fmt: str, name: str, default: Any = None) -> Any:
        """An option as it holds for one output format (``html`` or ``typst``)."""
        return self.formats.get(fmt, {}).get(name, default)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _author(value: Any) -> str:
    if isinstance(value, dict):
        name = value.get("name", "")
        return " ".join(map(str, name.values())) if isinstance(name, dict) else str(name)
    return str(value)


def _line(text: str, what: str) -> int:
    """The line on which a key or an entry of a list stands first (0 when it cannot be found)."""
    key = what.split(".")[-1]
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip().removeprefix("- ").strip("\"'")
        if entry == what or entry.startswith(f"{key}:"):
            return number
    return 0


class _Reader:
    """Collects every problem of one file, so that they can be shown together."""

    def __init__(self, root: Path):
        self.root, self.path = root, root / "_quarto.yml"
        self.problems: list[Problem] = []
        if not self.path.is_file():
            raise RenderError(Problem("_quarto.yml", 0, f"not found in {root}; give the folder "
                                      "of a Quarto book project"))
        self.text = self.path.read_text("utf-8")
        try:
            self.conf = yaml.safe_load(self.text) or {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise RenderError(Problem("_quarto.yml", mark.line + 1 if mark else 0,
                                      f"not valid YAML: {getattr(error, 'problem', error)}")
                              ) from None
        if not isinstance(self.conf, dict):
            raise RenderError(Problem("_quarto.yml", 1, "expected keys and values"))

    def bad(self, what: str, message: str) -> None:
        """Report a key (`book.date`) or an entry of a list, with its line."""
        self.problems.append(Problem("_quarto.yml", _line(self.text, what), message))

    def section(self, name: str) -> dict[str, Any]:
        value = self.conf if name == "" else self.conf.get(name) or {}
        if not isinstance(value, dict):
            self.bad(name, f"`{name}` must hold keys and values")
            return {}
        for key in value:
            if key not in HONOURED[name] and key not in PASSED_OVER[name]:
                where = f"{name}.{key}" if name else key
                self.bad(where, f"`{where}` is not supported by the embedded renderer; "
                                "remove it, or see press/README.md for what is")
        return value

    def chapters(self, book: dict[str, Any]) -> list[Chapter]:
        found = []
        for key in ("chapters", "appendices"):
            for entry in book.get(key) or []:
                if not isinstance(entry, str):
                    self.bad(f"book.{key}", f"`book.{key}` holds {entry!r}: parts and titled "
                                            "entries are not supported; list paths of .qmd files")
                    continue
                if entry.startswith("./"):
                    self.bad(entry, f"write {entry[2:]}, not {entry}: Quarto wants chapter paths "
                                    "without a leading ./")
                if not entry.endswith(".qmd"):
                    self.bad(entry, f"{entry} is not a .qmd file")
                elif not (self.root / entry).is_file():
                    self.bad(entry, f"{entry} does not exist")
                else:
                    found.append(Chapter(entry.removeprefix("./"), key == "appendices"))
        if not found and not self.problems:
            self.bad("book.chapters", "`book.chapters` lists no chapter")
        slugs: dict[str, str] = {}
        for chapter in found:
            if chapter.slug in slugs:
                self.bad(chapter.path, f"{chapter.path} and {slugs[chapter.slug]} have the same "
                                       "file name; give each chapter its own")
            slugs[chapter.slug] = chapter.path
        return found

    def formats(self, execute: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Options by format: what is said for all, overridden by what is said for one."""
        common = {k: v for k, v in self.conf.items()
                  if k in ("code-fold", "code-summary", "toc-depth", "toc")}
        common |= {k: v for k, v in execute.items() if k in ("echo", "warning")}
        said = self.conf.get("format") or {"html": {}, "typst": {}}
        if isinstance(said, str):
            said = {said: {}}
        formats = {}
        for name, options in said.items():
            options = options if isinstance(options, dict) else {}
            formats[name] = common | options | (options.get("execute") or {})
        for name in ("html", "typst"):
            formats.setdefault(name, dict(common))
        return formats

    def existing(self, key: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        for path in paths:
            if not (self.root / path).is_file():
                self.bad(key, f"`{key}`: {path} does not exist")
        return tuple(path for path in paths if (self.root / path).is_file())


def load(root: Path) -> Book:
    """The book project at ``root``. Raises RenderError with every problem of ``_quarto.yml``."""
    book, problems = examine(root)
    if problems:
        raise RenderError(problems)
    return book


def examine(root: Path) -> tuple[Book, list[Problem]]:
    """The book project as far as ``_quarto.yml`` can be read, and what is wrong with it."""
    reader = _Reader(root.resolve())
    top, project, book = reader.section(""), reader.section("project"), reader.section("book")
    execute, press = reader.section("execute"), reader.section("press")
    if project.get("type") != "book":
        reader.bad("type", "`project.type` must be book")
    if not book.get("title"):
        reader.bad("book", "`book.title` is missing")
    for (section, key), reason in FORBIDDEN_VALUES.items():
        if (reader.conf.get(section) or {}).get(key):
            reader.bad(f"{section}.{key}", f"`{section}.{key}` {reason}; leave it out")
    if str(book.get("date", "")) in ("today", "now", "last-modified"):
        reader.bad("book.date", f"`book.date: {book['date']}` changes with every render; "
                                "write the date")
    chapters = reader.chapters(book)
    formats = reader.formats(execute)
    authors = book.get("author") or []
    loaded = Book(
        root=reader.root,
        title=str(book.get("title", "")),
        subtitle=str(book.get("subtitle") or ""),
        description=str(book.get("description") or "").strip(),
        authors=tuple(map(_author, authors if isinstance(authors, list) else [authors])),
        date=str(book.get("date") or ""),
        chapters=tuple(chapters),
        lang=str(top.get("lang") or "en"),
        output_dir=str(project.get("output-dir") or "_book"),
        output_file=str(book.get("output-file") or "book"),
        bibliography=reader.existing("bibliography", _texts(top.get("bibliography"))),
        csl=next(iter(reader.existing("csl", _texts(top.get("csl")))), ""),
        execute_dir=str(project.get("execute-dir") or "file"),
        pre_render=_texts(project.get("pre-render")),
        resources=_texts(project.get("resources")),
        env=_texts(press.get("env")),
        inputs=_texts(press.get("inputs")),
        preload=_texts(press.get("preload")),
        first=_texts(press.get("first")),
        css=reader.existing("css", _texts(formats["html"].get("css"))),
        after_body=reader.existing("include-after-body",
                                   _texts(formats["html"].get("include-after-body"))),
        formats=formats,
    )
    return loaded, reader.problems
