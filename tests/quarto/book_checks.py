"""What to find fault with in the book as Quarto renders it: pages, PDF and what was said."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup

# ipykernel says it at each start of a kernel; how a kernel is reached is Quarto's choice
TCP = re.compile(r"\[IPKernelApp\] WARNING \| Kernel is running over TCP without encryption[^\n]*")


def complaints(said: str) -> list[str]:
    """Lines in which Quarto, Pandoc or Typst warn of something or report an error."""
    return re.findall(r"^.*\b(?:warn|warning|error)\b.*$", TCP.sub("", said), re.M | re.I)


def leaked(page: BeautifulSoup) -> list[str]:
    """What a reader should never see: unevaluated code, unresolved references and citations.

    Code shown on purpose, in `pre` and `code`, does not count.
    """
    text = BeautifulSoup(str(page.find("main") or page), "html5lib")
    found = [element.get_text() for element in text.select(".quarto-unresolved-ref")]
    found += [
        strong.get_text()
        for strong in text.find_all("strong")
        if re.fullmatch(r"[\w:.-]+\?|\?@[\w-]+", strong.get_text())
    ]
    for code in text.find_all("code"):
        if code.get_text().startswith("{python}"):
            found.append(code.get_text())
    for element in text.find_all(["pre", "code", "script", "style"]):
        element.decompose()
    return found + re.findall(r"\{python\}[^\n]*|\?@[\w-]+|(?<!\w)@(?:fig|tbl|sec)-[\w-]+|:::+",
                              text.get_text())


def dead_links(pages: dict[Path, BeautifulSoup]) -> list[str]:
    """Links within the book whose page, file or target does not exist."""
    dead = []
    targets = {path: {element["id"] for element in page.find_all(id=True)}
               for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            address, target = urldefrag(unquote(link["href"]))
            if re.match(r"[a-z]+:", address):
                continue
            goal = (path.parent / address).resolve() if address else path
            if not goal.exists():
                dead.append(f"{path.name}: {link['href']}")
            elif target and goal in pages and target not in targets[goal]:
                dead.append(f"{path.name}: {link['href']}")
    return dead


def repeated_ids(page: BeautifulSoup) -> list[str]:
    """Ids that more than one element of the page has."""
    counts = Counter(element["id"] for element in page.find_all(id=True))
    return [name for name, count in counts.items() if count > 1]


def fetched(page: BeautifulSoup) -> list[str]:
    """Addresses on other hosts that the page loads something from."""
    links = [element.get("src") or element.get("href") for element in
             page.find_all(["script", "link", "img", "iframe", "source"])]
    return [link for link in links if link and re.match(r"(https?:)?//", link)]


def numbers(section: BeautifulSoup) -> Counter[str]:
    """The numbers in paragraphs, lists and tables of a chapter, each with how often it is there.

    Left out is what differs by the renderer: numbers of headings, captions and references to them
    (a statement's list of where it is quoted, which ours alone has), the letters after years and
    the list of references, which Quarto makes for every page.
    """
    text = BeautifulSoup(str(section), "html5lib")
    for element in text.select("h1, h2, h3, h4, h5, h6, figcaption, nav, header, pre, script,"
                               "style, #refs, #quarto-appendix, #title-block-header, .quarto-xref,"
                               "a.xref, .cite, .citation, .claim-card, .backlinks, svg,"
                               "details.code-fold"):
        element.decompose()
    found = Counter()
    for element in text.find_all(["p", "li", "dd", "dt", "td", "th"]):
        if not element.find(["p", "li", "td"]):
            found.update(re.findall(r"\d+(?:[.,]\d+)*", element.get_text()))
    return found


class Word(NamedTuple):
    """A word of a PDF with its page and its box, in points from the upper left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    text: str


class Sheet(NamedTuple):
    """The size of a page in points, with its words."""

    width: float
    height: float
    words: list[Word]


def sheets(pdf: Path) -> list[Sheet]:
    """The pages of a PDF, by pdftotext of poppler-utils."""
    run = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    pages = BeautifulSoup(run.stdout.decode("utf-8"), "html.parser").find_all("page")
    return [Sheet(float(page["width"]), float(page["height"]), [
        Word(number, *(float(word[side]) for side in ("xmin", "ymin", "xmax", "ymax")),
             word.get_text().strip("\u200b")) for word in page.find_all("word")])
            for number, page in enumerate(pages, 1)]


def overprinted(sheet: Sheet) -> list[tuple[Word, Word]]:
    """Pairs of words that are printed over each other: boxes that share a quarter of the smaller.

    Boxes of neighbours touch, and a raised mark shares a corner with the line above.
    """
    found = []
    words = sorted(sheet.words, key=lambda word: word.y0)
    for index, one in enumerate(words):
        for other in words[index + 1:]:
            if other.y0 >= one.y1:
                break
            width = min(one.x1, other.x1) - max(one.x0, other.x0)
            height = min(one.y1, other.y1) - other.y0
            smaller = min((w.x1 - w.x0) * (w.y1 - w.y0) for w in (one, other))
            if width > 0 and width * height > smaller / 4:
                found.append((one, other))
    return found


def outside(sheet: Sheet) -> list[Word]:
    """Words that are not wholly on the page."""
    return [word for word in sheet.words
            if word.x0 < 0 or word.y0 < 0 or word.x1 > sheet.width or word.y1 > sheet.height]


def torn(sheet: Sheet, names: list[str]) -> list[Word]:
    """Words that are the beginning of a name, up to a full stop, whose rest is on another line."""
    begun = {name[:place + 1] for name in names for place in range(len(name)) if name[place] == "."}
    return [word for word in sheet.words if word.text in begun]


def letters(text: str) -> str:
    """The text without spaces and hyphens, which a line break may add or take away."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def lost_rows(table: BeautifulSoup, text: str) -> list[str]:
    """Rows of an HTML table that the text of a PDF does not have, cell after cell."""
    whole = letters(text)
    rows = [" ".join(cell.get_text() for cell in row.find_all(["td", "th"]))
            for row in table.find_all("tr")]
    return [row for row in rows if letters(row) not in whole]
