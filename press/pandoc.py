"""Call Pandoc, and read what it and the filters found wrong."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .cache import Outputs
from .config import Book
from .notebook import Source
from .problems import Problem, RenderError

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
READER = "markdown"
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


def command(book: Book, to: str) -> list[str]:
    """The arguments that both formats share."""
    said = [binary(), f"--from={READER}", f"--to={to}", "--wrap=none",
            f"--lua-filter={HERE / 'filters' / 'number.lua'}"]
    if book.bibliography:
        said += ["--citeproc", "--metadata=link-citations:true",
                 *(f"--bibliography={book.root / b}" for b in book.bibliography)]
        if book.csl:
            said.append(f"--csl={book.root / book.csl}")
    said += [f"--lua-filter={HERE / 'filters' / 'shape.lua'}", f"--metadata=lang:{book.lang}",
             f"--syntax-highlighting={ASSETS / 'code.theme'}"]
    return said


@dataclass(frozen=True)
class Finding:
    """Something Pandoc or a filter reported, before its place in the chapters is known."""

    kind: str
    what: str
    chapter: str = ""


def start(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(arguments, cwd=folder, text=True, encoding="utf-8",
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[str]) -> list[Finding]:
    """Wait for Pandoc; everything on its standard error is a finding."""
    said = process.communicate()[1]
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
    return findings


MESSAGES = {
    "unresolved": "`{0}` leads nowhere: no such label in the book",
    "citation": "`@{0}` is cited but is not in the bibliography",
    "duplicate": "the label `{0}` is given twice; a label has to be unique in the book",
    "uncaptioned": "`{0}` has no caption",
    "noalt": "the image `{0}` has no text alternative; add fig-alt=\"…\"",
    "resource": "the link to `{0}` leads to no file; name it under `project.resources` in "
                "_quarto.yml, or mend the path",
    "skipped": "the heading \"{0}\" leaves out a level; PDF/UA wants them one after the other",
    "pandoc": "{0}",
}


def _needles(finding: Finding) -> list[str]:
    """Patterns that find the place of a finding in a chapter's text."""
    name = re.escape(finding.what)
    if finding.kind == "unresolved":
        return [name + r"(?![\w-])"]
    if finding.kind == "citation":
        return [rf"@\{{?{name}(?![\w:-])"]
    if finding.kind == "duplicate":
        return [rf"#{name}(?![\w-])", rf"label:\s*[\"']?{name}(?![\w-])"]
    if finding.kind == "uncaptioned":
        return [rf"#{name}(?![\w-])", rf"label:\s*[\"']?{name}(?![\w-])"]
    if finding.kind == "resource":
        return [re.escape(finding.chapter or finding.what)]
    if finding.kind == "skipped":
        return [rf"^#+\s+{name}"]
    if finding.kind == "noalt":
        return [re.escape(Path(finding.what).name)]
    return []


def locate(findings: list[Finding], sources: dict[str, Source],
           outputs: dict[str, Outputs]) -> list[Problem]:
    """Each finding as problems with chapter and line: in the text, or in what a cell wrote."""
    problems = []
    for finding in dict.fromkeys(findings):
        message = MESSAGES[finding.kind].format(finding.what)
        places = []
        for needle in _needles(finding):
            pattern = re.compile(needle, re.M)
            for path, source in sources.items():
                places += [(path, number) for number, line in enumerate(
                    source.text.splitlines(), 1) if pattern.search(line)]
                for unit, results in zip(source.executable(), outputs.get(path, []), strict=False):
                    texts = (str(v) for o in results for v in o.get("data", {}).values())
                    if any(pattern.search(text) for text in texts):
                        places.append((path, unit.line))
        if finding.kind == "duplicate" and len(places) > 1:
            problems += [Problem(*place, message) for place in places]
        elif places:
            problems += [Problem(*place, message) for place in dict.fromkeys(places)]
        else:
            problems.append(Problem(finding.chapter or "_quarto.yml", 0, message))
    return problems
