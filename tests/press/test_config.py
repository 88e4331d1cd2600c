"""`_quarto.yml`: what is not supported is done, all at once, with the line."""

import pytest

from press import config
from press.errors import ConfigError


def problems(root):
    with pytest.raises(ConfigError) as caught:
        config.load(root)
    return [str(p) for p in caught.value.problems]


def test_the_demonstration(demo):
    book = config.load(demo.root)
    assert book.title == "Tides at three harbours"
    assert book.authors == ("Ada Marsh", "Ben Strand")
    assert [c.slug for c in book.chapters if c.appendix] == ["90-rows"]
    assert (book.output_file, book.execute_dir) == ("tides", "project")
    assert book.env == ("TIDES_EDITION",)
    assert book.option("typst", "echo") is False
    assert book.option("html", "echo") is True


@pytest.mark.parametrize("old, new, line, message", [
    ("  type: book", "  type: website", 2, "`project.type: website` must be book"),
    ("  title: Small", "  subtitle: Small", 3, "`book.title` is missing"),
    ("    - index.qmd", "    - ./index.qmd", 6, "without a leading ./"),
    ("    - index.qmd", "    - part: A", 5, "parts and titled entries are not supported"),
    ("    - index.qmd", "    - index.qmd\n    - none.qmd", 7, "none.qmd does not exist"),
    ("    - index.qmd", "    - index.qmd\nexecute:\n  freeze: auto", 8, "`execute.freeze` serves"),
    ("    - index.qmd", "    - index.qmd\nexecute:\n  cache: true", 8, "`execute.cache` breaks"),
    ("    - index.qmd", "    - index.qmd\nbogus: 1", 7, "`bogus` is not supported"),
    ("    - index.qmd", "    - index.qmd\ncsl: none.csl", 7, "none.csl does not exist"),
    ("  title: Small", "  title: Small\n  date: today", 5, "changes with every render"),
    ("book:", "book: [", 5, "not valid YAML"),
])
def test_each_rule(small, old, new, line, message):
    small.edit("_quarto.yml", old, new)
    messages = problems(small.root)
    assert any(message in p and p.startswith(f"_quarto.yml:{line}:" if line else "_quarto.yml")
               for p in messages), messages


def test_all_problems_at_once(small):
    small.edit("_quarto.yml", "  type: book", "  type: site\n  post-render: x")
    small.edit("_quarto.yml", "    - index.qmd", "    - none.qmd")
    assert len(problems(small.root)) == 3


def test_no_project(tmp_path):
    assert "not found" in problems(tmp_path)[0]


def test_two_chapters_of_one_name(small):
    small.path("sub").mkdir()
    small.path("sub/index.qmd").write_text("# Two\n", "utf-8")
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\n    - sub/index.qmd")
    assert any("same file name" in p for p in problems(small.root))


def test_further_keys_are_not_dropped_without_a_word(small):
    small.path("more.yml").write_text("format: {typst: {margin: 1in}}\n", "utf-8")
    small.edit("_quarto.yml", "    - index.qmd", "    - index.qmd\nmetadata-files: [more.yml]")
    assert any("more.yml is not read here" in p for p in problems(small.root))
    small.edit("_quarto.yml", "metadata-files", "press: {quarto-only: [more.yml]}\nmetadata-files")
    assert config.load(small.root).title == "Small"
