"""Where print sets figures and tables, as Typst that the filters write."""

import pytest

from press import pandoc

FIGURE = "![A wave](wave.svg){#fig-wave fig-alt=\"A wave.\"}\n\n"
ABOUT = "::: {.provenance}\nRows.\n:::\n\n"
TEXT = 400 * "word " + "\n\n"


def typst(text, folder):
    arguments = ["--from=markdown", "--to=typst", "--wrap=none",
                 '--metadata=press-words:{"fig": "Figure", "tbl": "Table"}',
                 f"--lua-filter={pandoc.FILTERS / 'crossref.lua'}",
                 f"--lua-filter={pandoc.FILTERS / 'elements.lua'}"]
    written, findings = pandoc.run(arguments, folder, text)
    assert findings == []
    return written


@pytest.mark.parametrize(("after", "moves"), [
    (TEXT, True), ("Short.\n", False), ("", False)])
def test_a_figure_moves_where_text_fills_what_it_leaves(after, moves, tmp_path):
    written = typst(FIGURE + ABOUT + after, tmp_path)
    assert ("#moving[" in written) == moves
    assert 'followed: true, whole: true' in written


@pytest.mark.parametrize(("rows", "kept"), [(12, True), (13, False)])
def test_a_low_table_is_kept_on_a_page_with_its_line(rows, kept, tmp_path):
    table = "| a | b |\n|---|---|\n" + "| x | y |\n" * rows + "\n: All {#tbl-all}\n\n"
    written = typst(table + ABOUT, tmp_path)
    assert ("#kept[" in written) == kept and "#provenance[" in written
