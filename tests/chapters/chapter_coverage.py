"""Whether the chapters show every claim, and type no number by hand.

Reads the chapters as text: an inline quote is found by its call, prose by leaving out everything
that is code, address, attribute or citation.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from article.contents import CONTENTS
from review.audit.conclusions import headlines
from review.dataset.load import ROOT, Review
from review.dataset.problems import Problem
from review.dataset.schema import line as row_line

QUOTE = re.compile(r"""\b(?:q|number|studies_of)\(\s*["']([^"']+)["']""")
SAID = re.compile(r"""\bsay\(\s*["']([^"']+)["']""")
LABEL = re.compile(r"^#\|\s*label:\s*((?:fig|tbl)-\S+)\s*$", re.M)
CAPTION = re.compile(r"^#\|\s*(?:fig-cap|tbl-cap|fig-alt)\s*:(.*)$", re.M)

# what is not prose, in the order in which it is taken out
NOT_PROSE = (
    re.compile(r"\A---\n.*?\n---\n", re.S),              # YAML
    re.compile(r"^(`{3,}|~{3,}).*?^\1[ \t]*$", re.S | re.M),  # cells and fenced code
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S),      # inline code
    re.compile(r"\]\([^()\s]*\)"),                       # addresses of links
    re.compile(r"<https?://[^>]*>|https?://\S+"),
    re.compile(r"\{[^{}\n]*\}"),                         # attributes
    re.compile(r"(?<![\w])-?@[\w:.#$%&+?<>~/-]*\w"),     # citations and cross-references
)
# numbers that are names: section and table numbers of the article, years in names and of studies,
# and any word that begins with a letter (CD38, TRIMM-2, NCT03871829, Table S1)
NAMES = (
    re.compile(r"\b(?:[Ss]ections?|[Tt]ables?|[Ff]igures?|[Aa]ppendix)\s+\d[\w.]*"
               r"(?:(?:,\s*|\s+(?:and|to|or)\s+)\d[\w.]*)*"),
    re.compile(r"\b[A-Z][\w'’-]*(?:\s+(?:and|et al\.)(?:\s+[A-Z][\w'’-]*)?)?,?\s+(?:19|20)\d\d\b"),
    re.compile(r"\b[A-Za-z][\w/.-]*\d[\w-]*"),
    re.compile(r"\bCC BY \d\.\d\b"),
    re.compile(r"\b9[05]% (?:CI|(?:confidence )?intervals?)\b"),  # the usual levels, as a name
)


NUMBER = re.compile(r"\d+(?:[.,–-]?\d+)*")
# a caption or text alternative cannot be computed, so that a count in it is typed, in words too
WORDS = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")


def chapters(root: Path = ROOT) -> list[Path]:
    """The project's chapter files, the first page first."""
    return [root / "index.qmd", *sorted((root / "chapters").glob("*.qmd"))]


def quotes(root: Path = ROOT) -> Iterator[tuple[str, str, int]]:
    """Every quote of a claim in the chapters: (claim id, file, line).

    A conclusion quotes the claims that it restates.
    """
    for path in chapters(root):
        text = path.read_text("utf-8")
        for found in QUOTE.finditer(text):
            yield found[1], _name(path, root), _line(text, found.start())
        for found in SAID.finditer(text):
            for claim_id in headlines(CONTENTS)[found[1]].claims:
                yield claim_id, _name(path, root), _line(text, found.start())


def uncovered(r: Review, labels: Iterable[str], root: Path = ROOT) -> list[Problem]:
    """Claims that the report does not show where the register says, and quotes of unknown claims.

    labels: every label that a builder exists for. A claim is quoted in a chapter, or shown by a
    figure or table that a chapter has, or left to the audit with a reason.
    """
    quoted = list(quotes(root))
    known = r.claims["claim_id"].tolist()
    found = [
        Problem(file, line, "", claim_id, "unknown claim", f"quotes {claim_id}, which is no claim",
                _nearest(claim_id, known))
        for claim_id, file, line in quoted if claim_id not in known
    ]
    ids, drawn = {claim_id for claim_id, _, _ in quoted}, _drawn(root) & set(labels)
    for index, row in r.claims.iterrows():
        gap = _gap(row, ids, drawn)
        if gap:
            found.append(Problem("claims.csv", row_line(index), "shown", row["shown"],
                                 "claim not shown", f"{row['claim_id']} {gap[0]}", gap[1]))
    return found


def typed_numbers(root: Path = ROOT) -> list[Problem]:
    """Numbers in the chapters' prose and captions that are neither computed nor part of a name:
    digits, and in captions words too."""
    found = []
    for path in chapters(root):
        text = path.read_text("utf-8")
        for start, digits in _digits(text):
            found.append(Problem(
                _name(path, root), _line(text, start), "", digits, "typed number",
                f"the number {digits} is typed by hand",
                'quote a claim, a cell or a fact: `{python} q("AB-11")`'))
    return found


def _gap(row: pd.Series, quoted: set[str], drawn: set[str]) -> tuple[str, str] | None:
    """What is missing for one claim and what to do about it; None when it is shown."""
    if row["claim_id"] in quoted:
        return None
    reason = "" if pd.isna(row["shown_reason"]) else row["shown_reason"]
    if row["shown"] == "prose":
        return ("is quoted in no chapter",
                f'quote it with q("{row["claim_id"]}") or say in `shown` where it is shown')
    if row["shown"] == "audit":
        return None if reason else ("has no reason why the audit alone shows it",
                                    "give one in shown_reason")
    if reason in drawn:
        return None
    return (f"is said to be shown by {reason or 'no label'}, which no chapter has",
            "name the label of a figure or table in shown_reason")


def _drawn(root: Path) -> set[str]:
    """Labels of the figures and tables that the chapters have."""
    return {found[1] for path in chapters(root)
            for found in LABEL.finditer(path.read_text("utf-8"))}


def _digits(text: str) -> Iterator[tuple[int, str]]:
    """Place and text of each number in prose and captions."""
    captions = [(found.start(1), found[1]) for found in CAPTION.finditer(text)]
    for pattern in NOT_PROSE:
        text = pattern.sub(_blank, text)
    for start, part in [(0, text), *captions]:
        for pattern in NAMES:
            part = pattern.sub(_blank, part)
        number = NUMBER if start == 0 else re.compile(f"{NUMBER.pattern}|{WORDS.pattern}", re.I)
        for found in number.finditer(part):
            yield start + found.start(), found[0]


def _blank(found: re.Match) -> str:
    """As many blanks as were taken out, so that places and lines stay."""
    return re.sub(r"[^\n]", " ", found[0])


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _nearest(claim_id: str, known: list[str]) -> str:
    near = difflib.get_close_matches(claim_id, known, 1)
    return f"did you mean {near[0]}?" if near else "correct the id"
