"""The line under a figure or table, and the appendix of rows."""

import re

import pytest

from article.contents import CONTENTS
from review.audit import displays, stored_rows
from review.dataset.load import ROOT, load
from review.markdown import escape
from review.report import provenance


@pytest.fixture(scope="module")
def current():
    return load("current", ROOT / "data")


def test_the_line_names_rows_code_and_sources(published):
    line = provenance.provenance(displays.build("fig-clinical-pfs", published), published)
    html, typst = line.split('unless-format="html"')
    assert "(../data/rows/fig-clinical-pfs.csv)" in html and ".csv" not in typst
    assert "(94-rows.qmd#rows-fig-clinical-pfs)" in typst
    assert ("[`clinical_pfs`](94-rows.qmd#code-article-figures-panels-clinical_pfs) in "
            "[`article/figures/panels.py`](../article/figures/panels.py)") in html
    assert "`clinical_pfs` in `article/figures/panels.py`" in typst
    assert "[@gay2025; @frerichs2021atra]" in html and "[@gay2025; @frerichs2021atra]" in typst


def test_abbreviations_are_those_of_the_rows_that_are_drawn(published):
    line = provenance.provenance(displays.build("fig-maturity", published), published)
    assert "ATRA, all-trans retinoic acid" in line and "IMD, " not in line and "5L" not in line


def test_arithmetic_of_our_own_cites_no_document(published):
    """The counts of an accepted edition stand in no document, nor in that of a method."""
    counted = published.editions.assign(source_id="own-arithmetic")
    later = published.with_tables(editions=counted)
    line = provenance.provenance(displays.build("tbl-editions", later), later)
    assert "clopper" not in line and "Sources" not in line
    assert "clopper" not in provenance.section("tbl-editions", later)


@pytest.mark.parametrize("label", displays.labels(CONTENTS))
def test_the_appendix_has_a_section_for_each_label(current, label):
    text = provenance.section(label, current)
    frame = displays.rows(label, current)
    assert f"{{#rows-{label} " in text and f"@{label}" in text
    assert text.count("\n|") == len(frame) + 2
    if label in CONTENTS.figures:
        assert escape(displays.builder(CONTENTS, label).describe(frame)) in text
    assert "<NA>" not in text and "nan" not in re.findall(r"\w+", text)
    if "locator" in frame:
        for locator in frame["locator"].dropna():
            assert escape(locator) in text


def test_printed_rows_are_complete_and_plain(published, capsys):
    made = displays.build("fig-rwe-os", published)
    provenance.show_rows(made)
    printed = capsys.readouterr().out
    text = stored_rows.as_text(made.rows)
    for value in text.to_numpy().ravel():
        assert value in printed
    assert printed.splitlines()[-1].startswith("7 rows; empty: section")
    assert "..." not in printed and all(line == line.rstrip() for line in printed.splitlines())


def test_what_is_abbreviated_is_spelled_out_below(published):
    line = provenance.provenance(displays.build("fig-rwe-os", published), published)
    assert "Dara, daratumumab; " in line and "ATRA" not in line
    # in a drawing a cell with nothing else is written out
    assert "NR, not reported" not in line
    table = provenance.provenance(displays.build("tbl-rwe", published), published)
    assert "NR, not reported" in table
    own = provenance.provenance(displays.build("tbl-abbreviations", published), published)
    assert "Dara, daratumumab" not in own


def test_names_of_fields_stand_apart_from_what_they_say(published):
    assert "year printed: 2023; year: 2023" in provenance.other_rows(published)
