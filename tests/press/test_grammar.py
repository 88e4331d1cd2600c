"""Every word of chapters by a grammar is on the page and in print: once, in order, marked as it
was."""

import re
import unicodedata

from bs4 import BeautifulSoup
from grammar import Grammar
from pypdf import PdfReader

TAGS = {"em": {"em"}, "strong": {"strong", "b"}, "del": {"del"}, "code": {"code"}, "sup": {"sup"},
        "link": {"a"}, "cell": {"td", "th"}, "item": {"li"}, "quoted": {"blockquote"}}
NAME = re.compile(r"w\d+q")
EXTRA = str.maketrans("", "", "\u200b\u00ad\u2060")


def read(text):
    return unicodedata.normalize("NFKC", text).translate(EXTRA)


def missing(words, text, fmt):
    """What is not in a document as it should be: how often, how it reads, and in which order."""
    places = {}
    for found in NAME.finditer(text):
        places.setdefault(found[0], []).append(found.start())
    joined, last = re.sub(r"\s+", "", text), {}
    for word in words:
        at = places.get(word.name, [])
        if fmt not in word.formats:
            yield from (f"{word.name} is shown" for _ in at)
        elif not at and word.text in joined:  # parted at the end of a line
            continue
        elif not at or len(at) > 1 and "head" not in word.within:
            yield f"{word.name} is there {len(at)} times"
        elif read(word.text) not in joined:
            yield f"{word.text} reads {text[at[0]:at[0] + 20]}"
        elif "head" not in word.within and "cell" not in word.within:
            if at[0] < last.get(word.place, -1):
                yield f"{word.name} is out of order"
            last[word.place] = at[0]


def test_every_word_is_there(small, seed=1):
    small.path("a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
                                   "utf-8")
    small.append("_quarto.yml", "    - two.qmd\n")
    grammar = Grammar(seed)
    for name in ("index", "two"):
        small.path(f"{name}.qmd").write_text(grammar.chapter(name.title(), 5), "utf-8")
    done = small.press("render")
    assert done.status == 0, done.err
    page = BeautifulSoup(small.read("_book/index.html"), "html.parser").main
    for element in page(["annotation"]):
        element.decompose()
    paper = "\n".join(p.extract_text() for p in PdfReader(small.path("_book/book.pdf")).pages)
    assert list(missing(grammar.words, read(page.get_text()), "html")) == []
    assert list(missing(grammar.words, read(paper), "pdf")) == []
    around = {name: {parent.name for parent in text.parents} for text in page(string=NAME)
              for name in NAME.findall(text)}
    for word in grammar.words:
        for mark in word.within & TAGS.keys() if "html" in word.formats else ():
            assert around[word.name] & TAGS[mark], (word, mark)
