"""No run of eight words in our texts is one of the article's sentences."""

import re
from pathlib import Path

import own_words
import pytest

from review.dataset.load import ROOT, load
from review.report import chapter, quote

INLINE = re.compile(r"`\{python\} (.+?)`")
CELL = re.compile(r"^```\{python\}.*?^```[ \t]*$", re.S | re.M)
# what a reader meets beside the chapters, and the code, whose words may reach a page
BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "press/README.md")


@pytest.fixture(scope="module")
def known():
    return own_words.stored()


@pytest.fixture
def told(monkeypatch):
    """told(path): a chapter as the published edition reads, without cells and without cards."""
    r = load("published", ROOT / "data")
    q = quote.Quotes(r)
    monkeypatch.setattr(quote.Quotes, "_markup", lambda self, entry, text, mark, printed="": text)
    monkeypatch.setattr(chapter, "r", r)
    monkeypatch.setattr(chapter, "q", q)
    names = {name: getattr(chapter, name) for name in chapter.__all__}

    def value(found: re.Match) -> str:
        made = eval(found[1], names)  # the chapters' own expressions
        return made.data if hasattr(made, "data") else str(made)

    return lambda path: INLINE.sub(value, CELL.sub("", path.read_text("utf-8")))


@pytest.mark.parametrize("name", ["index.qmd", *sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "chapters").glob("*.qmd"))])
def test_a_chapter_has_words_of_its_own(known, told, name):
    assert own_words.shared([told(ROOT / name)], known) == []


def test_the_dataset_has_words_of_its_own(known):
    # what an abbreviation stands for is a name, and everybody writes it so
    names = set(own_words.cells(ROOT / "data" / "abbreviations.csv"))
    texts = (cell for path in sorted((ROOT / "data").rglob("*.csv"))
             for cell in own_words.cells(path))
    found = own_words.shared(texts, known)
    named = {run for name in names for run in own_words.runs(name)}
    assert [run for run in found if run not in named] == []


def test_guides_and_code_have_words_of_their_own(known):
    files = [*(ROOT / name for name in BESIDE), *sorted((ROOT / "review").rglob("*.py")),
             *sorted((ROOT / "article").rglob("*.py"))]
    assert own_words.shared((path.read_text("utf-8") for path in files), known) == []


def test_a_run_of_eight_words_is_seen_and_one_of_seven_is_not():
    run = "one two three four five six seven eight"
    known = frozenset({own_words.fingerprint(run)})
    assert own_words.shared(["And ONE, two (22, 47) three; four **five** six-seven eight."],
                            known) == [run]
    assert own_words.shared(["one two three four five six seven"], known) == []


def test_the_fingerprints_are_those_of_a_whole_article(known):
    assert len(known) > 3000
    assert all(re.fullmatch(r"[0-9a-f]{12}", one) for one in known)


def test_cells_are_texts_of_their_own(tmp_path):
    table = Path(tmp_path / "t.csv")
    table.write_text('a,b\n"one, two",three\n', "utf-8")
    assert list(own_words.cells(table)) == ["a", "b", "one, two", "three"]
