"""Small books for single questions."""

import pytest


@pytest.fixture
def two(small):
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - two.qmd")
    small.path("two.qmd").write_text(
        "# Two\n\n## Summary\n\n[Mine](#summary), [theirs](index.qmd#summary).\n", "utf-8")
    small.append("index.qmd", "## Summary\n\n[Mine](#summary), [theirs](two.qmd#summary).\n")
    return small


def test_headings_of_the_same_words(two):
    said = two.press("render", "--to", "html")
    assert said.status == 0, said.err
    links = [(a.get_text(), a["href"]) for a in two.page.main.find_all("a")]
    assert links == [("Mine", "#summary"), ("theirs", "#summary-1"),
                     ("Mine", "#summary-1"), ("theirs", "#summary")]
    assert [h.get_text() for h in two.page.main.find_all("h2")] == ["1.1 Summary", "2.1 Summary"]


def test_an_id_given_twice_is_an_error(two):
    two.edit("index.qmd", "## Summary", "## Summary {#sec-sum}")
    two.edit("two.qmd", "## Summary", "## Other {#sec-sum}")
    said = two.press("render", "--to", "html")
    assert "index.qmd:5: the label `sec-sum` is given twice" in said.err
    assert "two.qmd:3: the label `sec-sum` is given twice" in said.err


def test_a_book_without_bibliography_has_no_references(small):
    assert small.press("render").status == 0
    assert "References" not in small.page.main.get_text()
    assert sorted(small.output()) == ["_book/book.pdf", "_book/index.html"]


def test_tables_without_a_number_have_boxes_with_different_names(small):
    small.append("index.qmd", "| A |\n|---|\n| 1 |\n\n| B |\n|---|\n| 2 |\n\n: Titled\n")
    assert small.press("render").status == 0
    boxes = small.page.find_all(class_="table-scroll")
    assert [box["aria-label"] for box in boxes] == ["Table in: One", "Titled"]


def test_a_long_line_does_not_set_the_widths_of_a_pipe_table(small):
    small.append("index.qmd", f"| A | B |\n|---|---|\n| 1 | {'word ' * 40} |\n")
    assert small.press("render", "--to", "html").status == 0
    assert not small.page.find("col", style=True)


def test_titles_with_markup_characters(small):
    small.edit("_quarto.yml", "title: Small", 'title: "A < B & C"')
    assert small.press("render").status == 0
    assert small.page.title.string == "A < B & C"
    assert small.page.find("h1").get_text() == "A < B & C"
