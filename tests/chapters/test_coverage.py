"""The chapters show every claim and type no number; and the look at them sees what is missing."""

import chapter_coverage as coverage
import pytest

from article.contents import CONTENTS
from review.audit import displays
from review.dataset.load import PUBLISHED, load


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


@pytest.fixture
def book(tmp_path):
    """A project with one chapter of the given text."""

    def write(text):
        (tmp_path / "chapters").mkdir(exist_ok=True)
        (tmp_path / "index.qmd").write_text("# First\n", "utf-8")
        (tmp_path / "chapters" / "01-text.qmd").write_text(text, "utf-8")
        return tmp_path

    return write


def test_the_chapters_show_every_claim(r):
    assert [str(p) for p in coverage.uncovered(r, displays.labels(CONTENTS))] == []


def test_the_chapters_type_no_number():
    assert [str(p) for p in coverage.typed_numbers()] == []


def one_claim(r, claim_id, **cells):
    register = r.claims[r.claims["claim_id"] == claim_id].reset_index(drop=True)
    for column, cell in cells.items():
        register[column] = register[column].astype("string")
        register.loc[0, column] = cell
    return r.with_tables(claims=register)


def test_a_claim_quoted_nowhere_is_found(r, book):
    alone = one_claim(r, "DI-10", shown="prose")
    root = book("Nothing here.\n")
    assert [p.message for p in coverage.uncovered(alone, [], root)] == [
        "DI-10 is quoted in no chapter"]
    for call in ("q", "number", "studies_of"):
        root = book(f'A median of `{{python}} {call}("DI-10", 0)` months.\n')
        assert coverage.uncovered(alone, [], root) == []


def test_a_conclusion_quotes_the_claims_it_restates(r, book):
    alone = one_claim(r, "DI-05", shown="prose")
    assert coverage.uncovered(alone, [], book('`{python} say("os-ceiling")`\n')) == []


def test_a_quote_of_an_unknown_claim_is_found_with_its_line(r, book):
    root = book('# Text\n\nA `{python} q("DI-100")`.\n')
    found = coverage.uncovered(one_claim(r, "DI-10", shown="audit", shown_reason="why"), [], root)
    assert [str(p) for p in found] == [
        "chapters/01-text.qmd:3: quotes DI-100, which is no claim; did you mean DI-10?"]


def test_a_figure_must_exist_and_stand_in_a_chapter(r, book):
    shown = one_claim(r, "DI-10", shown="figure", shown_reason="fig-clinical-pfs")
    cell = "```{python}\n#| label: fig-clinical-pfs\nfigure()\n```\n"
    assert coverage.uncovered(shown, ["fig-clinical-pfs"], book(cell)) == []
    assert "which no chapter has" in coverage.uncovered(shown, ["fig-clinical-pfs"], book("x"))[
        0].message
    assert "which no chapter has" in coverage.uncovered(shown, [], book(cell))[0].message


def test_audit_only_needs_a_reason(r, book):
    bare = one_claim(r, "DC-01", shown="audit", shown_reason=None)
    assert "no reason" in coverage.uncovered(bare, [], book("x"))[0].message


@pytest.mark.parametrize(("text", "typed"), [
    ("There are 24 studies.\n", ["24"]),
    ("# Results 3.4\n\nIn 6 of 18 (33.3%).\n", ["3.4", "6", "18", "33.3"]),
    ("From 1.9–43.0 months and 2,938 records.\n", ["1.9–43.0", "2,938"]),
    ('```{python}\n#| fig-cap: "Twelve of 13 groups"\n```\n', ["Twelve", "13"]),
    ("```{python}\n#| fig-alt: 7 bars\nx = 5\n```\n", ["7"]),
])
def test_typed_numbers_are_found(book, text, typed):
    assert [p.value for p in coverage.typed_numbers(book(text))] == typed


@pytest.mark.parametrize("text", [
    "CD38, TRIMM-2, NCT03871829, FUSION-MM-005, Table S1 and UTF-8.\n",
    "Kikuchi 2023, PRISMA 2020 and Gay et al. 2025.\n",
    "Figure 2B, Tables 1 and 2, sections 3.4, 3.5 and 4.\n",
    'A value `{python} q("AB-11", 0)` and code `x = 3`.\n',
    "[link](92-audit.qmd#claim-AB-11){.claim width=3} [@ref2019; @fig-2] @sec-5.\n",
    "---\ntitle: Year 2\n---\n\nText.\n",
    "```{python}\nx = 12\n```\n\n~~~\n5\n~~~\n",
    "<!-- 17 -->\n<https://example.org/12>\n",
    "a 95% confidence interval, the 95% CI\n",
])
def test_names_code_and_addresses_are_no_typed_numbers(book, text):
    assert [p.value for p in coverage.typed_numbers(book(text))] == []


def test_a_typed_number_is_told_with_file_and_line(book):
    found = coverage.typed_numbers(book("# Text\n\nA\nB 12 C\n"))
    assert str(found[0]).startswith("chapters/01-text.qmd:4: the number 12 is typed by hand")
