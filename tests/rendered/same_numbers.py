"""Whether page and PDF of one edition say the same numbers, by what two readers of files see."""

import copy
import re

from bs4 import BeautifulSoup, Tag
from published_book import NUMBER

FIGURES_BETWEEN = 3  # pages that figures fill before a paragraph goes on


def prose(page: BeautifulSoup) -> Tag:
    """The page's text without code, figures and the cards beside quoted numbers."""
    main = copy.copy(page.find("main"))
    for part in main(["pre", "code", "svg", "style", "script", "template"]):
        part.decompose()
    for part in main(class_=["claim-card", "backlinks"]):  # print has neither
        part.decompose()
    return main


def lacking(told: Tag, pages: list[str]) -> tuple[list[str], int]:
    """Paragraphs of the page whose numbers do not stand in the PDF in their order, and how many
    were looked for. pages: the text of each page of paper and supplement."""
    stream = " ".join(NUMBER.findall(_without_furniture(pages)))
    streams = [f' {" ".join(NUMBER.findall(text))} ' for text in pages]
    lost, compared = [], 0
    for paragraph in told.find_all("p"):
        if paragraph.find_parent(class_=re.compile("provenance|content-visible|filter")):
            continue
        if "with the rows below" in paragraph.get_text():
            continue  # places that print lists and the page folds
        numbers = NUMBER.findall(paragraph.get_text("").replace("\u2060", ""))
        if 3 <= len(numbers):
            compared += 1
            if not (" ".join(numbers) in stream or _across_pages(numbers, stream)
                    or _around_figures(numbers, streams)):
                lost.append(paragraph.get_text(" ", strip=True)[:300])
    return lost, compared


def only_printed(main: Tag, pages: list[str]) -> list[str]:
    """Numbers of a PDF that stand nowhere on the page, figures and tables among it."""
    for part in main(["style", "script"]):
        part.decompose()
    shown = set(NUMBER.findall(main.get_text(" ")))
    return sorted({number for text in pages for number in NUMBER.findall(text)} - shown)


def _without_furniture(pages: list[str]) -> str:
    """Text of all pages without the running head and the page number of each."""
    kept = []
    for text in pages:
        lines = [line for line in text.splitlines() if line.strip()]
        kept.append(" ".join(lines))
    return " ".join(kept)


def _across_pages(numbers: list[str], stream: str) -> bool:
    """Whether the numbers stand in the stream in order with a few others between (a page's end)."""
    pattern = r"\b" + r"(?: \S+){0,3} ".join(map(re.escape, numbers)) + r"\b"
    return re.search(pattern, stream) is not None


def _around_figures(numbers: list[str], streams: list[str]) -> bool:
    """Whether the numbers go on on a later page, with figures between."""
    cuts = [tuple(f' {" ".join(part)} ' for part in (numbers[:cut], numbers[cut:]))
            for cut in range(1, len(numbers))]
    return any(first in here and rest in after
               for ahead in range(1, FIGURES_BETWEEN + 1)
               for here, after in zip(streams, streams[ahead:], strict=False)
               for first, rest in cuts)
