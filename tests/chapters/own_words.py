"""Runs of words that our texts share with the article's sentences, without holding the article.

The sentences of the article (abstract, sections 1 to 4, footnotes and legends, not the cells of its
tables, its headings and its reference list) are kept as fingerprints of every run of eight words:
enough to see a copied run, not to read one. Whoever holds the article makes them anew from its
sentences, with an empty line between paragraphs:

    python tests/chapters/own_words.py ARTICLE.txt > tests/chapters/article_fingerprints.txt
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

RUN = 8
DIGITS = 12  # hexadecimal digits of a fingerprint: chance meetings stay far below one
STORED = Path(__file__).with_name("article_fingerprints.txt")
CITED = re.compile(r"\((?:refs?\.? )?\d+(?:\s*[,;–-]\s*\d+)*\)")


def words(text: str) -> list[str]:
    """The words of a text in small letters; figures of a decimal number stay together, marks of
    citation, of layout and of Markdown are left out."""
    plain = unicodedata.normalize("NFKD", CITED.sub(" ", text)).casefold()
    return re.findall(r"[a-z0-9]+(?:\.\d+)*", plain.replace("’", "").replace("'", ""))


def runs(text: str) -> Iterator[str]:
    """Every run of eight words."""
    found = words(text)
    for start in range(len(found) - RUN + 1):
        yield " ".join(found[start:start + RUN])


def fingerprint(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:DIGITS]


def stored(path: Path = STORED) -> frozenset[str]:
    """The article's fingerprints."""
    return frozenset(path.read_text("utf-8").split())


def shared(texts: Iterable[str], known: frozenset[str]) -> list[str]:
    """The runs of the texts that are the article's, each once."""
    return list(dict.fromkeys(run for text in texts for run in runs(text)
                              if fingerprint(run) in known))


def cells(path: Path) -> Iterator[str]:
    """The cells of a table, each a text of its own."""
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file):
            yield from line


if __name__ == "__main__":
    every = {fingerprint(run) for name in sys.argv[1:]
             for block in Path(name).read_text("utf-8").split("\n\n") for run in runs(block)}
    print("\n".join(sorted(every)))
