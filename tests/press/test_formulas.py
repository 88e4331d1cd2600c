"""Formulas say the same on the page and in print."""

import pytest

from press.formulas import faults, written


@pytest.mark.parametrize("tex, shown", [
    ("1{,}5", r"\text{1,5}"), ("1{,}234{,}567 x", r"\text{1,234,567} x"), ("f(1,5)", "f(1,5)"),
    (r"\mathbf{A}_1", "{𝐀}_1"), (r"\mathbf x2", "{𝐱}2"), (r"\mathbf{\hat x}", r"{\hat 𝐱}"),
    (r"\mathbf{\beta}", r"\mathbf{\beta}"), (r"\boldsymbol{x}", r"\boldsymbol{x}"),
    (r"\int\! x", r"\int x"), (r"\text{5\% of}", r"\text{5\%{} of}"),
])
def test_what_a_writer_would_change_is_written_for_both(tex, shown):
    assert written(tex) == shown


@pytest.mark.parametrize("tex, found", [
    ("x = 5% + 1", "% + 1"), (r"x = 5\% + 1", ""), (r"a \\% b", r"\\% b"),
    (r"\overset{a}{b}", r"\overset{a}{b"), (r"\overset{!}{=}", ""), (r"\label{eq:x}", r"\label"),
    (r"\begin{array}{c|c} a \end{array}", r"\begin{array}{c|c}"), (r"\hline", r"\hline"),
    (r"\begin{array}{cc} |a| \end{array}", ""),
])
def test_what_a_document_would_not_show(tex, found):
    assert [search for _, search in faults(tex)] == [found] * bool(found)


def test_commands_that_a_chapter_defines(small):
    small.append("index.qmd", "\\newcommand{\\E}{\\mathbb{E}}\n\n$\\E[X] = 1{,}5 \\mathbf{A}$\n")
    assert small.press("render").status == 0
    assert "𝔼" in small.page.main.find("math").get_text()
    line = small.append("index.qmd", "$5% + 1$\n")
    assert f"index.qmd:{line}: `%` in a formula begins a comment" in small.press("render").err
