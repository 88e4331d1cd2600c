"""Tables of great_tables and pandas, as HTML for the page and as Typst for print."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from great_tables import GT, loc, style

from press import html_tables, pandoc


def typst(html, folder):
    """What the filters make of a table, as Typst."""
    arguments = ["--from=markdown", "--to=typst", "--wrap=none"]
    arguments += [f"--lua-filter={pandoc.FILTERS / name}.lua"
                  for name in ("crossref", "elements")]
    written, findings = pandoc.run(arguments, folder, f"~~~~ {{=html}}\n{html}\n~~~~\n")
    assert findings == []
    return written


@pytest.fixture
def wide():
    frame = pd.DataFrame({"g": ["a", "a", "b"], "s": ["x", "y", "z"], "n": [1, 2, 3],
                          "m": ["- 1", "+", "2."]})
    return (GT(frame, id="t", rowname_col="s", groupname_col="g")
            .tab_spanner("Both", ["n", "m"])
            .tab_style(style.borders(sides="top", color="#112233", weight="2px"),
                       loc.body(columns="n", rows=[1]))
            .tab_style(style.text(style="italic"), loc.body(columns="n", rows=[0]))
            .cols_width({"n": "30%", "m": "70%"})
            .tab_source_note("Note."))


def test_ids_carry_the_label_and_headers_follow():
    page = BeautifulSoup(html_tables.cleaned(
        GT(pd.DataFrame({"a b": [1]}), id="other").as_raw_html(), "tbl-x"), "html.parser")
    assert [e["id"] for e in page.find_all(id=True)] == ["tbl-x--other-a-b"]
    assert page.table and not page.find("style") and not page.find("div")


def test_a_table_is_named_by_its_title():
    page = BeautifulSoup(html_tables.cleaned(
        GT(pd.DataFrame({"a": [1]}), id="other").tab_header("T", "S").as_raw_html(), "tbl-x"),
        "html.parser")
    for name in ("aria-labelledby", "aria-describedby"):
        assert page.find(id=page.table[name])


def test_a_header_without_text_heads_nothing(wide):
    page = BeautifulSoup(html_tables.cleaned(wide.as_raw_html(), "t"), "html.parser")
    assert all(th.get_text(strip=True) for th in page.find_all("th"))
    named = {e["id"] for e in page.find_all(id=True)}
    assert all(set(e.get_attribute_list("headers")) <= named for e in page.find_all(headers=True))


def test_html_that_is_no_table_stays_as_it_is():
    assert html_tables.cleaned('<p id="a">b</p>', "x") == '<p id="a">b</p>'


def test_print_keeps_structure_and_style(wide, tmp_path):
    written = typst(html_tables.cleaned(wide.as_raw_html(), "t"), tmp_path)
    assert written.startswith("#data-table(")
    assert "colspan: 3, fill: group-fill, align: left + top)[#text(weight: \"bold\")[a]" in written
    assert "colspan: 2, align: center + bottom, stroke: (bottom: 0.5pt + rule-colour))" in written
    assert 'stroke: (top: 1.0pt + rgb("#112233"))' in written
    assert '#text(style: "italic")[1]' in written
    assert "([Note.], ))" in written


def test_text_that_typst_would_take_for_a_list_is_guarded(wide, tmp_path):
    written = typst(html_tables.cleaned(wide.as_raw_html(), "t"), tmp_path)
    assert r"[\- 1]" in written
    assert r"[\+]" in written
    assert r"[2\.]" in written


def test_pandas_frames_are_tables_too(tmp_path):
    html = pd.DataFrame({"a": [1.5]}, index=["r"])._repr_html_()
    written = typst(html_tables.cleaned(html, "t"), tmp_path)
    assert '#text(weight: "bold")[a]' in written and "[1.5]" in written


def test_a_group_heading_stays_with_its_rows_and_is_repeated(wide, tmp_path):
    written = typst(html_tables.cleaned(wide.as_raw_html(), "t"), tmp_path)
    assert written.count("table.header(level: 2, table.cell(colspan: 3") == 2
