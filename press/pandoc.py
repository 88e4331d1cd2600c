"""Call Pandoc, and read what it and the filters found wrong."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import tables
from .cache import Outputs
from .config import Book
from .notebook import Source
from .problems import Problem, RenderError

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
MISSING_CITATION = re.compile(r"citation (\S+) not found")


@lru_cache
def binary() -> str:
    """Pandoc from the wheel, without the seconds that asking pypandoc for it takes."""
    spec = importlib.util.find_spec("pypandoc")
    if spec and spec.origin:
        for name in ("pandoc", "pandoc.exe"):
            path = Path(spec.origin).parent / "files" / name
            if path.is_file():
                return str(path)
    import shutil

    found = shutil.which("pandoc")
    if not found:
        raise RenderError(Problem("pandoc", 0, "not found; install pypandoc_binary"))
    return found


@lru_cache
def memory() -> list[str]:
    """How Pandoc keeps its memory, where it lets itself be told: new values within the
    processor's cache, and no search for old ones below a size that chapters rarely reach."""
    wanted = ["+RTS", "-A2m", "-O256m", "-RTS"]
    heeded = subprocess.run([binary(), *wanted, "--version"], capture_output=True)
    return wanted if heeded.returncode == 0 else []


@lru_cache
def api_version() -> list[int]:
    """The version of Pandoc's trees."""
    text, _ = run(["--from=markdown", "--to=json"], HERE, "")
    return json.loads(text)["pandoc-api-version"]


def command(book: Book, to: str) -> list[str]:
    """The arguments with which trees are written."""
    said = ["--from=json", f"--to={to}", "--wrap=none", f"--metadata=lang:{book.lang}",
            f"--syntax-highlighting={ASSETS / 'code.theme'}"]
    if to == "html5":
        said += ["--section-divs", "--mathml", "--email-obfuscation=none"]
    return said


@dataclass(frozen=True)
class Finding:
    """Something Pandoc or a filter reported, before its place in the chapters is known."""

    kind: str
    what: str
    chapter: str = ""


def run(arguments: list[str], folder: Path, text: str) -> tuple[str, list[Finding]]:
    """What Pandoc makes of ``text``; everything it says on standard error is a finding."""
    process = subprocess.run([binary(), *memory(), *arguments], cwd=folder, input=text, text=True,
                             encoding="utf-8", capture_output=True)
    said = process.stderr
    findings = []
    for line in said.splitlines():
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


MESSAGES = {
    "unresolved": "`{0}` leads nowhere: no such label in the book",
    "citation": "`@{0}` is cited but is not in the bibliography",
    "duplicate": "the label `{0}` is given twice; a label has to be unique in the book",
    "uncaptioned": "`{0}` has no caption",
    "notecite": "the citation of `{0}` has a footnote inside; write the note outside of it",
    "noalt": "the image `{0}` has no text alternative; add fig-alt=\"…\"",
    "resource": "the link to `{0}` leads to no file; name it under `project.resources` in "
                "_quarto.yml, or mend the path",
    "second": "the heading \"{0}\" is a second one of level 1; a chapter has one",
    "skipped": "the heading \"{0}\" leaves out a level; PDF/UA wants them one after the other",
    "pandoc": "{0}",
}


def _needle(finding: Finding) -> re.Pattern[str] | None:
    """What finds the place of a finding in a chapter's text."""
    name = re.escape(finding.what)
    pattern = {
        "unresolved": rf"{name}(?![\w-])",
        "notecite": rf"@\{{?{name}(?![\w:-])",
        "citation": rf"@\{{?{name}(?![\w:-])",
        "duplicate": rf"\{{#{name}(?![\w-])|label:\s*[\"']?{name}(?![\w-])",
        "uncaptioned": rf"#{name}(?![\w-])|label:\s*[\"']?{name}(?![\w-])",
        "resource": re.escape(finding.chapter),
        "skipped": rf"^#+\s+{name}",
        "second": rf"^#\s+{name}",
        "noalt": re.escape(Path(finding.what.removeprefix("root:")).name)
        + r"\)(?!\{[^}]*fig-alt=[\"'][^\"'])",
    }.get(finding.kind)
    return re.compile(pattern, re.M) if pattern else None


def _written(output: dict[str, object]) -> str:
    """The part of an output that can hold a label, a citation or a link."""
    data = output.get("data", {})
    return f"{data.get('text/markdown', '')}\n{tables.cleaned(data.get('text/html', ''), 'x')}"


def _places(needle: re.Pattern[str], source: Source, outputs: Outputs) -> list[int]:
    """Lines of a chapter where the text, or else a cell that wrote it, matches."""
    lines = source.text.splitlines()
    found = [number for number, line in enumerate(lines, 1) if needle.search(line)]
    for unit, results in zip(source.executable(), outputs, strict=False):
        inside = range(unit.line, unit.line + unit.source.count("\n") + 2)
        if any(needle.search(_written(o)) for o in results) and not set(inside) & set(found):
            found.append(unit.line)
    return found


def locate(findings: list[Finding], sources: dict[str, Source],
           outputs: dict[str, Outputs]) -> list[Problem]:
    """Each finding as problems with chapter and line, once for every place it is made."""
    problems = []
    for finding in dict.fromkeys(findings):
        message = MESSAGES[finding.kind].format(finding.what.removeprefix("root:"))
        needle = _needle(finding)
        places = [(path, line) for path, source in sources.items() if needle
                  for line in _places(needle, source, outputs.get(path, []))]
        if not places:
            places = [(finding.chapter if finding.chapter in sources else "_quarto.yml", 0)]
        problems += [Problem(*place, message) for place in places]
    return problems
