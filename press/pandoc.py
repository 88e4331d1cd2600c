"""Call Pandoc, and read what it and the filters in ``filters/`` report as wrong."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import processes
from .config import Book
from .errors import PandocError, Problem
from .timings import Spent

PACKAGE = Path(__file__).parent
ASSETS = PACKAGE / "assets"
FILTERS = PACKAGE / "filters"
ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
"""Pandoc reads names of files as the locale says, and finds none outside of ASCII under ``C``."""
MISSING_CITATION = re.compile(r"citation (\S+) not found")


@lru_cache
def binary() -> str:
    """The path of Pandoc: the one in the package pypandoc_binary, else the one on PATH.

    The file is looked up without importing pypandoc, which takes long. Raises PandocError where
    there is none.
    """
    spec = importlib.util.find_spec("pypandoc")
    if spec and spec.origin:
        for name in ("pandoc", "pandoc.exe"):
            path = Path(spec.origin).parent / "files" / name
            if path.is_file():
                return str(path)
    on_path = shutil.which("pandoc")
    if not on_path:
        raise PandocError(Problem("pandoc", 0, "not found; install pypandoc_binary"))
    return on_path


@lru_cache
def memory_options() -> list[str]:
    """Settings of Pandoc's garbage collector that make chapters quicker; none where this build of
    Pandoc does not accept them.

    ``-A2m``: new values are made in an area of 2 MB, which fits into the processor's cache.
    ``-O256m``: old values are not collected below 256 MB, which chapters rarely reach.
    """
    options = ["+RTS", "-A2m", "-O256m", "-RTS"]
    trial = subprocess.run([binary(), *options, "--version"], capture_output=True)
    return options if trial.returncode == 0 else []


@lru_cache
def api_version() -> list[int]:
    """The version of Pandoc's trees (documents as JSON)."""
    text, _ = run(["--from=markdown", "--to=json"], PACKAGE, "")
    version: list[int] = json.loads(text)["pandoc-api-version"]
    return version


def writer_options(book: Book, to: str) -> list[str]:
    """The arguments with which a tree is written as ``html5`` or ``typst``."""
    options = ["--from=json", f"--to={to}", "--wrap=none", f"--metadata=lang:{book.lang}",
            f"--syntax-highlighting={ASSETS / 'code.theme'}"]
    if to == "html5":
        options += ["--section-divs", "--mathml", "--email-obfuscation=none"]
    return options


@dataclass(frozen=True)
class Finding:
    """Something that Pandoc or a filter reports as wrong, before its place is known.

    ``kind`` is a key of ``findings.MESSAGES``, ``what`` the label, link, citation or heading in
    question, ``chapter`` the path of the chapter as far as the filter knows it, ``search`` a text
    that stands at the place, ``line`` the line where it is known.
    """

    kind: str
    what: str
    chapter: str = ""
    search: str = ""
    line: int = 0


def is_leaf(node: Any) -> bool:
    """Whether this is an element with nothing in it but words: most of a tree are words and
    spaces, which need no second look."""
    return isinstance(node, dict) and "t" in node and not isinstance(node.get("c"), (list, dict))


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of a tree (JSON) or of a part of one, each before what is in it."""
    if isinstance(node, list):
        for item in node:
            yield from elements(item)
    elif isinstance(node, dict):
        if "t" in node:
            yield node
        for value in node.values():
            if isinstance(value, (list, dict)):
                yield from elements(value)


def address(path: Path) -> str:
    """A file of references or a style as Pandoc wants it named: it takes %25 in a path for %."""
    return str(path).replace("%", "%25")


def run(arguments: list[str], folder: Path, text: str, spent: Spent | None = None,
        environment: Mapping[str, str] | None = None) -> tuple[str, list[Finding]]:
    """What Pandoc makes of ``text`` in ``folder``, and what it or a filter reports as wrong.

    ``environment``: variables beside those that every Pandoc gets. Every warning counts. A Pandoc
    that fails without a word gives a finding too. Its processor time is added to ``spent``.
    """
    variables = {**os.environ, **ENVIRONMENT, **(environment or {})}
    process = processes.run([binary(), *memory_options(), *arguments], folder, text, variables)
    if spent:
        spent.processor += process.processor
    findings: list[Finding] = []
    for line in process.stderr.splitlines():
        if line.startswith("press\t"):
            _, kind, what, chapter = line.split("\t")
            findings.append(Finding(kind, what, chapter))
        elif missing := MISSING_CITATION.search(line):
            findings.append(Finding("citation", missing[1]))
        elif line.startswith(("[WARNING]", "[ERROR]")):
            findings.append(Finding("pandoc", line.partition("] ")[2]))
        elif line.strip() and findings and findings[-1].kind == "pandoc":
            last = findings.pop()
            findings.append(Finding("pandoc", f"{last.what} {line.strip()}"))
        elif line.strip() and process.returncode:
            findings.append(Finding("pandoc", line.strip()))
    if process.returncode and not findings:
        findings.append(Finding("pandoc", f"stopped with exit status {process.returncode}"))
    return process.stdout, findings
