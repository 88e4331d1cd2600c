"""The book as real Quarto renders it, beside the embedded renderer. Where Quarto is not on PATH the
renders are skipped, saying so; that the checks can see a fault is tested everywhere."""

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from book_checks import (
    Sheet,
    Word,
    complaints,
    dead_links,
    fetched,
    leaked,
    lost_rows,
    numbers,
    outside,
    overprinted,
    repeated_ids,
    sheets,
    torn,
)
from bs4 import BeautifulSoup
from chromium import CHROMIUM
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
LEFT_OUT = [".git", ".venv", "_book", ".press", ".quarto", "notebooks", "tests", "bench"]
LABEL = re.compile(r"^#\|\s*label:\s*((?:fig|tbl)-[\w-]+)|\{#((?:fig|tbl)-[\w-]+)", re.M)
CHAPTER = "chapters/91-search.qmd"
# the figures of a page that have a form for a phone
NARROW = """[...document.querySelectorAll(".figure-narrow")].map(
    form => form.closest(".cell").previousElementSibling.querySelector("[id^=fig-]").id)"""


def sources(root: Path) -> list[Path]:
    """The chapters in the order of _quarto.yml."""
    book = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    return [root / name for name in [*book["chapters"], *book.get("appendices", [])]]


def parsed(path: Path) -> BeautifulSoup:
    """A page as a browser reads it."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


def run(project: Path, *command: str, **variables: str) -> str:
    """What a command in the project said; it must succeed. Python is ours, as in an active venv."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=project, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(project),
             "QUARTO_PYTHON": sys.executable, **variables})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@dataclass
class Rendered:
    """A copy of the project with its book by Quarto, and what Quarto said."""

    project: Path
    pages: dict[Path, BeautifulSoup]
    said: str

    def page(self, source: str) -> BeautifulSoup:
        """The page of a chapter."""
        return self.pages[(self.project / "_book" / source).with_suffix(".html").resolve()]

    @property
    def pdf(self) -> Path:
        """The PDF of the book."""
        (pdf,) = (self.project / "_book").glob("*.pdf")
        return pdf


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project under version control, where there is Quarto to render it."""
    if shutil.which("quarto") is None:
        pytest.skip("Quarto is not on PATH")
    copy = tmp_path_factory.mktemp("quarto") / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
        run(copy, *git, *command)
    return copy


@pytest.fixture(scope="module")
def book(project):
    """The book by Quarto, in both formats."""
    said = run(project, "quarto", "render")
    pages = {path.resolve(): parsed(path) for path in (project / "_book").rglob("*.html")}
    return Rendered(project, pages, said)


@pytest.fixture(scope="module")
def paper(book):
    """The pages of the PDF with the boxes of their words."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on PATH")
    return sheets(book.pdf)


@pytest.mark.slow
def test_quarto_warns_of_nothing(book):
    assert complaints(book.said) == []


@pytest.mark.slow
def test_a_render_leaves_the_work_tree_clean(book):
    assert run(book.project, "git", "status", "--porcelain") == ""


@pytest.mark.slow
def test_every_chapter_is_a_page_and_the_book_is_a_pdf(book):
    for source in sources(book.project):
        assert book.page(source.relative_to(book.project)) is not None
    assert book.pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.parametrize("fault", [leaked, repeated_ids, fetched])
def test_no_page_has(book, fault):
    assert {path.name: found for path, page in book.pages.items() if (found := fault(page))} == {}


@pytest.mark.slow
def test_every_figure_and_table_is_there(book):
    for source in sources(book.project):
        page = book.page(source.relative_to(book.project))
        for match in LABEL.finditer(source.read_text(encoding="utf-8")):
            label = match[1] or match[2]
            assert page.find(attrs={"id": label}), f"{label} of {source.name}"


@pytest.mark.slow
def test_every_link_within_the_book_leads_somewhere(book):
    assert dead_links(book.pages) == []


@pytest.mark.slow
def test_both_renderers_give_the_same_numbers(book, tmp_path):
    run(book.project, sys.executable, "-m", "press", "render", "--to", "html",
        "--output", str(tmp_path))
    ours = parsed(tmp_path / "index.html")
    for source in sources(book.project):
        heading = re.search(r"^# .*?\{#([\w-]+)", source.read_text(encoding="utf-8"), re.M)
        name = heading[1] if heading else "about-this-edition"
        chapter = ours.find(id=name).find_parent("section") or ours.find(id=name)
        assert numbers(book.page(source.relative_to(book.project)).find("main")) == numbers(chapter)


@pytest.mark.slow
def test_no_line_of_the_pdf_is_printed_over_another_or_beyond_the_page(paper):
    assert [pair for sheet in paper for pair in overprinted(sheet)] == []
    assert [word for sheet in paper for word in outside(sheet)] == []


@pytest.mark.slow
def test_no_line_of_the_pdf_ends_within_the_id_of_a_statement(paper):
    with (ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["claim_id"] for row in csv.DictReader(file)]
    assert [word for sheet in paper for word in torn(sheet, ids)] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
@pytest.mark.parametrize("width", [1280, 400])
def test_a_figure_is_shown_in_one_form(book, browser, width):
    """As drawn on a desk, as lines of text on a phone."""
    figures = 0
    for path in book.pages:
        page = browser.new_page(viewport={"width": width, "height": 850})
        page.goto(path.as_uri())
        for name in page.evaluate(NARROW):
            drawn = page.locator(f"#{name} img").is_visible()
            told = page.locator(f".cell:has(#{name}) + .cell .figure-narrow").is_visible()
            assert (drawn, told) == (width == 1280, width == 400), f"{name} of {path.name}"
            figures += 1
        page.close()
    assert figures


@pytest.mark.slow
def test_every_row_of_every_table_is_in_the_pdf(book):
    # in the order in which it was written: cell after cell, also where a cell has several lines
    text = " ".join(sheet.extract_text() for sheet in PdfReader(book.pdf).pages)
    for path, page in book.pages.items():
        for table in page.select(".quarto-float-tbl table"):
            assert lost_rows(table, text) == [], path.name


@pytest.mark.slow
def test_the_references_of_the_pdf_have_one_heading(book):
    titles = [entry["/Title"] for entry in PdfReader(book.pdf).outline
              if not isinstance(entry, list)]
    assert titles.count("References") == 1


@pytest.mark.slow
def test_one_chapter_renders_alone(project):
    run(project, "quarto", "render", CHAPTER, "--to", "html")
    page = parsed((project / "_book" / CHAPTER).with_suffix(".html"))
    assert page.find(id="tbl-search") and not leaked(page)


@pytest.mark.slow
def test_the_edition_is_chosen_by_name(project, tmp_path):
    edition = ["--edition", "2026-1", "--search-to", "2026-01-31", "--released-on", "2026-03-02"]
    review = [sys.executable, "-m", "review"]
    run(project, *review, "accept", "data/candidates/martino-2025", *edition)
    for name, says in (("published", "Published article"), ("2026-1", "Update 2026-1")):
        output = tmp_path / name
        run(project, *review, "render", "--engine", "quarto", "--to", "html", "--edition", name,
            "--output", str(output))
        status = parsed(output / "index.html").find("main").get_text()
        assert re.search(rf"Edition:\s+{says}", status), status[:400]


def test_only_figures_and_tables_carry_their_labels():
    """Quarto numbers every cell labelled fig-… or tbl-…, with a caption or without one."""
    bare = []
    for source in sources(ROOT):
        text = source.read_text(encoding="utf-8")
        for cell in re.findall(r"^```\{python\}\n(.*?)^```", text, re.M | re.S):
            label = re.search(r"^#\|\s*label:\s*((fig|tbl)-[\w-]+)", cell, re.M)
            if label and not re.search(rf"^#\|\s*{label[2]}-cap:", cell, re.M):
                bare.append(f"{source.name}: {label[1]}")
    assert bare == []


def test_every_id_stands_on_words():
    """Typst has nothing to attach the id of an empty span to, so that Quarto makes no PDF."""
    made = [path for folder in ("review", "article") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in [*sources(ROOT), *made]
            if re.search(r"\[\]\{\{?#", path.read_text(encoding="utf-8"))] == []


def html(body: str) -> BeautifulSoup:
    return BeautifulSoup(f"<main>{body}</main>", "html5lib")


@pytest.mark.parametrize(
    "body",
    [
        "<p>in <code>{python} count(r)</code> studies</p>",
        "<p>in {python} count(r) studies</p>",
        "<p>see <strong>?@fig-none</strong></p>",
        "<p>see @tbl-none</p>",
        "<p>see <a class='quarto-unresolved-ref'>none</a></p>",
        "<p>as shown (<strong>gay2025?</strong>)</p>",
        "<p>::: {.callout-note}</p>",
    ],
)
def test_a_leak_is_seen(body):
    assert leaked(html(body))


def test_code_that_is_shown_is_no_leak():
    shown = "<pre><code>x = '@fig-a' # {python}</code></pre><p>Is it so? <strong>Yes.</strong></p>"
    assert leaked(html(shown)) == []


@pytest.mark.parametrize(
    ("href", "dead"),
    [
        ("#here", False),
        ("#there", True),
        ("other.html#there", False),
        ("other.html#here", True),
        ("none.html", True),
        ("https://doi.org/10.3389/fonc.2025.1550644", False),
    ],
)
def test_a_dead_link_is_seen(tmp_path, href, dead):
    page, other = tmp_path.resolve() / "page.html", tmp_path.resolve() / "other.html"
    page.touch()
    other.touch()
    pages = {page: html(f'<p id="here"><a href="{href}">x</a></p>'),
             other: html('<p id="there"></p>')}
    assert bool(dead_links(pages)) is dead


@pytest.mark.parametrize("said", [
    "WARNING (refs.lua:128) Unable to resolve crossref @fig-a", "warning: unknown font family: x",
    "ERROR: no such file", "[W] error: cannot convert"])
def test_a_warning_is_seen(said):
    assert complaints(f"Executing\n{said}\nDone\n") == [said]


def test_the_notice_of_the_kernel_and_the_count_of_the_checks_are_no_warnings():
    notice = "[IPKernelApp] WARNING | Kernel is running over TCP without encryption. All of it."
    assert complaints(f"Starting python3 kernel...{notice}\n0 errors, 24 warnings\n") == []


def test_a_repeated_id_is_seen():
    assert repeated_ids(html('<p id="a"></p><p id="b"></p><div id="a"></div>')) == ["a"]


def test_what_is_fetched_is_seen():
    there = "https://cdn.example.org/require.min.js"
    page = html(f'<script src="{there}"></script><img src="a.svg"><a href="https://x.org">x</a>')
    assert fetched(page) == [there]


def test_numbers_are_those_of_the_text():
    page = html('<h2>1.1 Head</h2><p>1.5 to 2 (<a class="quarto-xref">Table 3.1</a>)</p><ul><li>7'
                '</li></ul><table><tr><td>8,000</td></tr></table><figcaption>Table 9</figcaption>')
    assert sorted(numbers(page)) == ["1.5", "2", "7", "8,000"]


def test_words_over_each_other_and_beyond_the_page_are_seen():
    one, beside = Word(1, 10, 10, 30, 20, "one"), Word(1, 30.2, 10, 50, 20, "beside")
    over, raised = Word(1, 12, 11, 32, 21, "over"), Word(1, 49, 6, 53, 11, "2")
    assert overprinted(Sheet(100, 100, [one, beside, raised])) == []
    assert overprinted(Sheet(100, 100, [one, over])) == [(one, over)]
    below = Word(1, 10, 95, 30, 105, "below")
    assert outside(Sheet(100, 100, [one, below])) == [below]


def test_a_torn_id_is_seen():
    begun, whole = Word(1, 10, 10, 30, 20, "R3."), Word(1, 10, 20, 30, 30, "AB-07")
    assert torn(Sheet(100, 100, [begun, whole]), ["R3.5-07", "AB-07"]) == [begun]


def test_a_lost_row_is_seen():
    table = html("<table><tr><td>Zhou 2022</td><td>9.9 (1–2)</td></tr><tr><td>A</td></tr></table>")
    assert lost_rows(table, "Zhou\n2022 9.9 (1–\n2) A") == []
    assert lost_rows(table, "Zhou 2022 A 9.9 (1–2)") == ["Zhou 2022 9.9 (1–2)"]
