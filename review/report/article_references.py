"""The article's own list of references: each entry with its number, and links from the numbers.

The report cites by author and year. Where it has to show a number of the article's list, the number
leads to the entry here, which names the work in full and shows what was corrected in print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from review.audit.answers import Answer, NotRecomputable, Reading, compact
from review.dataset import bibliography, bibtex
from review.dataset.bibtex import plain
from review.dataset.load import Review
from review.markdown import escape
from review.wording import day

# words that announce numbers of the list, and the numbers: "ref 25", "refs 22–27, 57 and 60"
ANNOUNCED = re.compile(
    r"\b(?:[Rr]efs?|[Rr]eferences?) (\d+(?:(?:[–-]|, | and | or )\d+)*)(?!\w|\.\d|%)")
CODE = re.compile(r"^(`{3,}).*?^\1[ \t]*$|`[^`\n]+`|\]\([^()\s]*\)|^#[^\n]*$", re.S | re.M)


def address(r: Review, ref: int | str, base: str = "") -> str:
    """Where the entry of a number stands. base: way from the page to the folder of chapters."""
    return f"{base}{r.contents.references_chapter}#reference-{ref}"


def linked(text: str, r: Review, base: str = "") -> str:
    """Text with every number in it as a link to its entry; a number that the list lacks, and every
    number of an article without such a list, stays as it is."""
    known = _known(r)
    return re.sub(r"\d+", lambda n: f"[{n[0]}]({address(r, n[0], base)})"
                  if int(n[0]) in known else n[0], text)


def announced(markdown: str, r: Review, base: str = "") -> str:
    """Markdown in which the numbers after "ref", "refs" or "reference" are links to their entries;
    headings, code and addresses are left alone."""
    parts, end = [], 0
    for code in CODE.finditer(markdown):
        parts += [_announced(markdown[end:code.start()], r, base), code[0]]
        end = code.end()
    return "".join([*parts, _announced(markdown[end:], r, base)])


def in_sets(text: str, answer: Answer, r: Review) -> str:
    """The text of an answer in which each set of reference numbers among its values is linked."""
    sets = [atom for atom in _values(answer) if isinstance(atom, frozenset) and atom]
    for numbers in {*map(compact, sets), *(" or ".join(map(str, sorted(one))) for one in sets)}:
        text = re.sub(rf"(?<![\w\[.-]){numbers}(?![\w.-])", linked(numbers, r), text)
    return text


def _values(answer: Answer) -> tuple[Any, ...]:
    if isinstance(answer, Reading):
        return (*answer.plain.atoms, *answer.ruled.atoms)
    if isinstance(answer, NotRecomputable) and answer.beside is not None:
        return answer.beside.atoms
    return answer.atoms


def _announced(text: str, r: Review, base: str) -> str:
    return ANNOUNCED.sub(lambda found: found[0].replace(found[1], linked(found[1], r, base)), text)


def listing(r: Review) -> str:
    """The article's list in its order, as a numbered Markdown list.

    One entry a number: the work as `references.bib` has it, the citation that leads to this
    report's own references, the study it reports where it is an included report, and what was
    printed otherwise with the correct form and how it is known.
    """
    entries, _ = bibliography.entries(bibliography.cited(r.data))
    studies = r.studies.set_index("study_id")["label"]
    reports = r.reports.dropna(subset=["ref"]).set_index("ref")["study_id"].map(studies)
    lines = []
    for row in r.references.sort_values("ref").itertuples():
        work = reference(entries[row.citekey].fields)
        # around words: Typst has nothing to set the id of an empty span on
        parts = [f"[{work}]{{#reference-{row.ref}}} [@{row.citekey}]."]
        if row.ref in reports.index:
            parts.append(f"Report of {escape(reports[row.ref])}.")
        if pd.notna(row.printed_defect):
            parts.append(f"*Corrected here:* {escape(row.printed_defect)}. *Correct form:* "
                         f"{escape(row.correction)}. *Known from:* "
                         f"{escape(row.correction_source)}.")
        lines.append(f"{row.ref}. {' '.join(parts)}")
    return "\n".join(lines)


def reference(work: Mapping[str, str]) -> str:
    """One entry of a bibliography in words, as Markdown without a full stop at its end: authors,
    title, where it appeared, and a link by DOI or address. What an entry does not give is left
    out."""
    parts = [_people(work.get("author", "")), escape(plain(work.get("title", "")))]
    where = f"*{escape(plain(work['journal']))}*" if "journal" in work else ""
    volume = work.get("volume", "") + (f":{work['pages'].replace('--', '–')}"
                                       if "pages" in work else "")
    when = work.get("year", "")
    parts.append(" ".join(filter(None, (where, f"{when};{volume}" if when and volume else
                                        when or volume))))
    if "number" in work:
        parts.append(escape(work["number"]))
    if "doi" in work:
        parts.append(f"doi: [{escape(work['doi'])}](https://doi.org/{work['doi']})")
    elif "url" in work:
        read = f" (accessed {day(date.fromisoformat(work['urldate']))})" if "urldate" in work \
            else ""
        parts.append(f"<{work['url']}>{read}")
    return ". ".join(filter(None, parts))


def _people(authors: str) -> str:
    """Authors as medical journals write them: "Costa LJ, Cornell RF, et al"."""
    if authors.startswith("{"):
        return escape(plain(authors))
    names = []
    for author in bibtex.authors(authors):
        family, _, given = plain(author).partition(", ")
        names.append("et al" if author == "others" else
                     " ".join(filter(None, (family, re.sub(r"[. ]", "", given)))))
    return escape(", ".join(names))


def _known(r: Review) -> frozenset[int]:
    return frozenset(r.references["ref"]) if r.contents.references_chapter else frozenset()
