"""The book as real Quarto renders it. Where Quarto is not on PATH the render is skipped, saying so;
that the checks can see a fault is tested everywhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
LEFT_OUT = [".git", ".venv", "_book", ".press", ".quarto", "notebooks", "tests", "bench"]
LABEL = re.compile(r"^#\|\s*label:\s*((?:fig|tbl)-[\w-]+)|\{#((?:fig|tbl)-[\w-]+)", re.M)


def sources(root: Path) -> list[Path]:
    """The chapters in the order of _quarto.yml."""
    book = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    return [root / name for name in [*book["chapters"], *book.get("appendices", [])]]


def leaked(page: BeautifulSoup) -> list[str]:
    """What a reader should never see: unevaluated code, unresolved references and citations.

    Code shown on purpose, in `pre` and `code`, does not count.
    """
    text = BeautifulSoup(str(page.find("main") or page), "html5lib")
    found = [
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
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            address, target = urldefrag(unquote(link["href"]))
            if re.match(r"[a-z]+:", address):
                continue
            goal = (path.parent / address).resolve() if address else path
            if not goal.exists():
                dead.append(f"{path.name}: {link['href']}")
            elif target and goal in pages and not pages[goal].find(attrs={"id": target}):
                dead.append(f"{path.name}: {link['href']}")
    return dead


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A render of a copy of the project: its folder, pages and what Quarto said."""
    if shutil.which("quarto") is None:
        pytest.skip("Quarto is not on PATH")
    project = tmp_path_factory.mktemp("quarto") / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
    run = subprocess.run(
        ["quarto", "render"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "QUARTO_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    output = project / "_book"
    pages = {
        path.resolve(): BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")
        for path in output.rglob("*.html")
    }
    return project, output, pages, run.stdout + run.stderr


@pytest.mark.slow
def test_quarto_warns_of_nothing(book):
    assert re.findall(r"^.*\b(?:WARN|WARNING|ERROR)\b.*$", book[3], re.M) == []


@pytest.mark.slow
def test_every_chapter_is_a_page_and_the_book_is_a_pdf(book):
    project, output, pages, _ = book
    for source in sources(project):
        page = (output / source.relative_to(project)).with_suffix(".html").resolve()
        assert page in pages, source.name
    (pdf,) = output.glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_nothing_leaks(book):
    assert {path.name: found for path, page in book[2].items() if (found := leaked(page))} == {}


@pytest.mark.slow
def test_every_figure_and_table_is_there(book):
    project, output, pages, _ = book
    for source in sources(project):
        page = pages[(output / source.relative_to(project)).with_suffix(".html").resolve()]
        for match in LABEL.finditer(source.read_text(encoding="utf-8")):
            label = match[1] or match[2]
            assert page.find(attrs={"id": label}), f"{label} of {source.name}"


@pytest.mark.slow
def test_every_link_within_the_book_leads_somewhere(book):
    assert dead_links(book[2]) == []


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


def html(body: str) -> BeautifulSoup:
    return BeautifulSoup(f"<main>{body}</main>", "html5lib")


@pytest.mark.parametrize(
    "body",
    [
        "<p>in <code>{python} count(r)</code> studies</p>",
        "<p>in {python} count(r) studies</p>",
        "<p>see <strong>?@fig-none</strong></p>",
        "<p>see @tbl-none</p>",
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
