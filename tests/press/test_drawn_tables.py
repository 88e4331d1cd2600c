"""Tables whose columns are drawn are read as they are drawn, or refused."""

import re

import pytest

from press.drawn_tables import faults, moved

GRID = "+-----+-------+\n| A   | B     |\n+=====+=======+\n{}\n+-----+-------+\n"
SIMPLE = "A     B\n----- -------\n{}\n\nText after it\n"
MULTILINE = "-----------\nA     B\n----- -----\nx     y\n\n{}\n-----------\n"


@pytest.mark.parametrize(("text", "line"), [
    (GRID.format("| x   | no    |"), 0),
    (GRID.format("| `|` | \u65e5\u672c  |"), 0),
    (GRID.format("| e\u0301   | a|b   |"), 0),
    (GRID.format("| over both   |"), 0),
    (GRID.format("| x  | no |"), 4),
    (GRID.format("| longer | no |"), 4),
    (GRID.format("| x   | no longer |"), 4),
    ("```\n" + GRID.format("| x  | no |") + "```\n", 0),
    (SIMPLE.format("x     y"), 0),
    (SIMPLE.format("      y over its end"), 0),
    (SIMPLE.format("too long   y"), 3),
    (SIMPLE.format("x    y"), 0),
    (SIMPLE.format("x   over"), 3),
    (SIMPLE.format("x     <p>y</p>"), 3),
    (SIMPLE.format("x     <b>y</b>"), 0),
    (MULTILINE.format("z     y"), 0),
    (MULTILINE.format("toolong  y"), 6),
    ("::: {.x}\n- - -\na sentence\n:::\n", 0), ("> ::: {.x}\n> - - -\n> a sentence\n> :::\n", 0),
    ("> A     B\n> ----- -----\n> x     y\n>\n> more words\n", 0),
    ("A \\` mark\n\n" + MULTILINE.format("`z`   y") + "\nmore words and `code`\n", 0),
    (GRID.format("| ``` | ```   |\n| x   | y     |\n| ``` | ```   |"), 0),
    ("::: {.x}\n- - -\n:::\n\nText\n\n- - -\n", 3),
    ("Text\n\n---\n## Head\n\nText\n\n---\n\nEnd\n", 4),
    ("---\n\nText\n\n---\n\nHead\n---\n\nText\n", 0),
    ("A word - - - and\n\n- - -\n\nanother\n", 0),
])
def test_rows_keep_to_the_lines(text, line):
    assert [number for number, _ in faults(text)] == [line] * bool(line)


def test_a_value_moves_no_column(small):
    grid = GRID.format("| x   | `{python} 1` |")
    simple = SIMPLE.format("x     `{python} 1`\n`{python} 2` y")
    assert list(moved(grid)) == [3] and list(moved(simple)) == [3]
    line = small.append("index.qmd", simple)
    assert f"index.qmd:{line + 3}: a value would move the columns" in small.press("lint").err


def test_a_narrow_column_is_as_wide_as_its_longest_word(small):
    small.append("index.qmd", f"| A | B |\n|-|{'-' * 99}|\n| longestword | {'text ' * 30}|\n")
    assert small.press("render", "--to", "pdf").status == 0
    written, = small.path(".press/fragments").glob("index*.typst.json")
    first, second = re.search(r"data-table\(\(([\d.]+)fr, ([\d.]+)fr,?\)",
                              written.read_text("utf-8")).groups()
    assert float(first) > 11 * 4.5 and float(first) + float(second) == pytest.approx(464, abs=1)
