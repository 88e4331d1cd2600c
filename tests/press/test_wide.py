"""What is wider than the page is set smaller, broken, or refused: nothing leaves it unseen."""

import re

import pytest
from pypdf import PdfReader


def table(columns, word):
    return (f"|{' x |' * columns}\n|{'---|' * columns}\n|{f' {word} |' * columns}\n")


def paper(book):
    return list(PdfReader(book.path("_book/book.pdf")).pages)


def edges(page):
    """Where each piece of text on a page begins."""
    found = []
    page.extract_text(visitor_text=lambda text, _, place, font, size: found.append(
        (text.strip(), place[4])))
    return [(text, left) for text, left in found if text]


def sizes(page):
    return {float(size) for size in re.findall(
        r"/\w+ ([\d.]+) Tf", page.get_contents().get_data().decode("latin-1"))}


def test_many_columns_are_set_smaller(small):
    small.append("index.qmd", table(25, "100.25") + "\n" + table(4, "100.25"))
    assert small.press("render").status == 0
    assert any(4.8 <= size < 6 for size in sizes(paper(small)[-1]))


@pytest.mark.parametrize("landscape", [False, True])
def test_a_table_that_is_too_wide_is_refused_unless_it_has_a_wide_page(small, landscape):
    rows = table(20, "1000000.25")
    line = small.append("index.qmd", f"::: {{.landscape}}\n{rows}:::\n" if landscape else rows)
    done = small.press("render")
    assert (done.status, f"index.qmd:{line + 2}: the table with `1000000.25` is too wide"
            in done.err) == ((0, False) if landscape else (1, True)), done.err


def test_a_wide_page_is_in_no_box(small):
    line = small.append("index.qmd", "::: {.small}\n::: {.landscape}\nx\n:::\n:::\n\n"
                        "::: {.callout-note}\n::: {.landscape}\ny\n:::\n:::\n")
    assert "`.landscape` makes a page of its own" in small.press("render").err
    small.edit("index.qmd", ".callout-note", ".small")
    assert small.press("render").status == 0
    assert line


def test_long_words_end_on_the_page(small):
    word = "ACGT" * 40
    small.append("index.qmd", f"Prose {word}END.\n\n## Heading {word}END\n\n"
                 f"| a | b |\n|---|---|\n| x | {word}END |\n\n```{{python}}\n#| echo: false\n"
                 f"from IPython.display import HTML\nHTML('<p>{word}END</p>')\n```\n")
    assert small.press("render").status == 0
    pages = paper(small)
    text = "".join("".join(page.extract_text() for page in pages).split()).replace("\u200b", "")
    assert text.replace("\xad", "").replace("-", "").count(f"{word}END") == 5
    assert len([line for page in pages for line in page.extract_text().splitlines()
                if "ACGT" in line]) > 14
    assert "\u200b" not in small.read("_book/index.html")


def test_a_long_formula_is_set_smaller_or_refused(small):
    terms = " + ".join(f"a_{{{n}}}" for n in range(30))
    small.append("index.qmd", f"$$a = b$$\n\n$${terms}$$ {{#eq-a}}\n\n@eq-a\n")
    assert small.press("render").status == 0
    assert min(sizes(paper(small)[-1])) < 8
    line = small.append("index.qmd", f"$$c + {terms} + {terms} + {terms}$$\n")
    assert f"index.qmd:{line}: Typst: panicked with: the formula" in small.press("render").err


def test_narrow_columns_part_long_words_alone_and_keep_every_sign(small):
    words = ("pharmacokinetics", "kostopoulos-2023", "DARATUMUMAB", "immunomodulatory/2", "short")
    small.append("index.qmd", "| a | b | c | d | e | f |\n|-|-|-|-|-|------------|\n"
                 f"| {' | '.join(words)} | {'x ' * 40}|\n")
    done = small.press("render")
    assert done.status == 0, done.err
    text = paper(small)[-1].extract_text().replace("\u00ad", "-")
    lines = [line.strip() for line in text.split("\n")]
    assert "pharmacokinetics" not in lines and any(line.endswith("-") for line in lines)
    together = re.sub(r"[-\s]", "", text)
    for word in words:
        assert word.replace("-", "") in together, (word, text)
    assert "-2023" in text and "DARATUMUMAB" in text


def test_a_table_of_many_rows_breaks_and_one_of_few_does_not(small):
    few = "| a | b |\n|---|---|\n" + "| x | y |\n" * 9
    small.append("index.qmd", "\n".join([few] * 6) + "\n\n| c | d |\n|---|---|\n"
                 + "| many | rows |\n" * 70)
    assert small.press("render").status == 0
    texts = [page.extract_text() for page in paper(small)]
    assert sum("many" in text for text in texts) > 1
    # each short one begins and ends on one page: its head and its nine rows
    assert all(text.count("y") >= 9 * len(re.findall(r"\bb\b", text)) for text in texts)
