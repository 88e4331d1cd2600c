"""The audit as a whole, its pages, the sources behind it, and its coverage by the chapters."""

import json
import re
from dataclasses import replace

import coverage
import pypandoc
import pytest

from article.figures import FIGURES
from article.tables import TABLES
from review.audit import compare, registry, sources, verdicts
from review.dataset.load import PUBLISHED, load
from review.report import ledger


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


@pytest.fixture(scope="module")
def found(r):
    return verdicts.entries(r)


def ids(markdown):
    """Every identifier that Pandoc sees in Markdown, and every link within the page."""
    tree = json.loads(pypandoc.convert_text(markdown, "json", format="markdown"))
    names, links = [], set()

    def walk(node):
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            content = node.get("c")
            attr = {"Header": 1, "Div": 0, "Span": 0}.get(node.get("t"))
            if attr is not None and content[attr][0]:
                names.append(content[attr][0])
            if node.get("t") == "Link":
                links.add(content[2][0])
            walk(list(node.values()))

    walk(tree["blocks"])
    return names, links


# --- the ledger ---------------------------------------------------------------------------------


def test_the_ledger_has_every_claim_in_the_registers_order(r):
    table = verdicts.ledger(r)
    assert table["claim_id"].tolist() == r.claims["claim_id"].tolist()
    assert list(table.columns[:8]) == ["claim_id", "section", "claim", "published", "recomputed",
                                       "status", "rule", "note"]
    assert set(table["status"]) <= set(compare.STATUSES)


def test_counts_name_every_status_and_add_up(r):
    assert verdicts.counts(r).index.tolist() == list(compare.STATUSES)
    assert verdicts.counts(r).sum() == len(r.claims)


def test_the_summary_is_made_of_the_counts(r):
    numbers = [int(n) for n in re.findall(r"\d+", verdicts.summary(r))]
    assert numbers == [len(r.claims), *verdicts.counts(r)]


def test_the_audit_speaks_of_the_published_edition_whatever_is_rendered(r):
    later = replace(r, edition=r.edition.replace({PUBLISHED: "later"}),
                    outcomes=r.outcomes.assign(value=1.0))
    assert verdicts.published(later).name == PUBLISHED
    assert verdicts.ledger(later).equals(verdicts.ledger(r))


# --- its pages ----------------------------------------------------------------------------------


def test_every_claim_has_its_target_in_the_ledger(r):
    names, links = ids(ledger.part("entries", r))
    assert [n for n in names if n.startswith("claim-")] == [
        f"claim-{claim_id}" for claim_id in r.claims["claim_id"]]
    assert len(set(names)) == len(names)


def test_findings_are_the_mismatches_and_link_to_their_entries(r, found):
    wrong = [e.claim_id for e in found if e.status == compare.DIFFERS]
    names, links = ids(ledger.part("findings", r))
    assert names == [f"finding-{claim_id}" for claim_id in wrong]
    assert {f"#claim-{claim_id}" for claim_id in wrong} <= links


def test_a_finding_shows_print_value_arithmetic_note_and_other_sources(r):
    text = ledger.part("findings", r)
    lynx = text[text.index("#finding-DI-20"):text.index("#finding-DI-21")]
    for told in ("48.8% (95% CI 35.1–62.6)", "48.78% (90% CI 35.14–62.56)", "20/41",
                 "belong to the exact interval of another level", "[@clopper1934]"):
        assert told in lynx


def test_every_external_finding_is_listed_with_its_source(r):
    text = ledger.part("external", r)
    assert text.count("\n- ") + 1 == len(r.external)
    for source in r.external["source_id"]:
        assert f"@{sources.citekey(r, source)}]" in text


def test_the_counts_table_adds_up_by_section(r):
    rows = [[int(cell.strip(" *")) for cell in line.split("|")[2:-1]]
            for line in ledger.part("counts", r).splitlines()[2:]]
    total, sections = rows[0], rows[1:]
    assert total == [sum(column) for column in zip(*sections, strict=True)]
    assert total[-1] == len(r.claims)


def test_the_code_of_each_rule_can_be_unfolded(r, found):
    html = pypandoc.convert_text(ledger.part("entries", r), "html", format="markdown")
    assert html.count("<details>") == html.count("</details>") == len(found)
    assert "def trimm2_results" in ledger.part("entries", r)


def test_the_filter_names_each_status_with_its_count(r):
    form = ledger.part("filter", r)
    for status, n in verdicts.counts(r).items():
        assert f'id="show-{status.replace("_", "-")}"' in form
        assert f"{verdicts.LABELS[status]} ({n})" in form


def test_no_code_of_a_rule_is_left_in_print(r):
    """The code stands in parts for HTML alone, so that the rest is the complete ledger."""
    text = re.sub(r':::: \{\.content-visible when-format="html"\}.*?\n::::\n', "",
                  ledger.part("entries", r), flags=re.S)
    assert "def " not in text and "<details>" not in text


# --- sources ------------------------------------------------------------------------------------


def test_sources_behind_a_claim_have_document_and_place(r):
    places = sources.behind(r, "DI-20")
    assert [p.source_id for p in places] == ["gay2025", "ctgov-nct03871829"]
    assert "LYNX" in places[0].locator
    assert sources.citation(r, "gay2025").startswith("The reviewed article")


def test_sources_behind_a_figure_and_a_table_are_those_of_their_rows(r):
    for label in ("fig-rwe-orr", "tbl-clinical"):
        assert all(p.locator for p in sources.behind(r, label))
        assert sources.behind(r, label)


@pytest.mark.parametrize("name", ["XX-01", "fig-nothing", "tbl-nothing"])
def test_an_unknown_name_has_no_sources(r, name):
    with pytest.raises(LookupError, match=name):
        sources.behind(r, name)


def test_locators_are_grouped_by_document():
    places = [sources.Place("a", "x"), sources.Place("b", "y"), sources.Place("a", "z")]
    assert sources.grouped(places) == {"a": ["x", "z"], "b": ["y"]}


# --- coverage of the claims by the chapters -------------------------------------------------------


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
    assert [str(p) for p in coverage.uncovered(r, [*FIGURES, *TABLES])] == []


def test_the_chapters_type_no_number():
    assert [str(p) for p in coverage.typed_numbers()] == []


def one_claim(r, claim_id, **cells):
    register = r.claims[r.claims["claim_id"] == claim_id].reset_index(drop=True)
    for column, cell in cells.items():
        register[column] = register[column].astype("string")
        register.loc[0, column] = cell
    return replace(r, claims=register)


def test_a_claim_quoted_nowhere_is_found(r, book):
    alone = one_claim(r, "DI-10", shown="prose")
    root = book("Nothing here.\n")
    assert [p.message for p in coverage.uncovered(alone, [], root)] == [
        "DI-10 is quoted in no chapter"]
    root = book('A median of `{python} q("DI-10", 0)` months.\n')
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
    ('```{python}\n#| fig-cap: "Twelve of 13 groups"\n```\n', ["13"]),
    ("```{python}\n#| fig-alt: 7 bars\nx = 5\n```\n", ["7"]),
])
def test_typed_numbers_are_found(book, text, typed):
    assert [p.value for p in coverage.typed_numbers(book(text))] == typed


@pytest.mark.parametrize("text", [
    "CD38, TRIMM-2, NCT03871829, FUSION-MM-005, Table S1 and UTF-8.\n",
    "Kikuchi 2023, PRISMA 2020 and Gay et al. 2025.\n",
    "Figure 2B, Tables 1 and 2, sections 3.4, 3.5 and 4.\n",
    'A value `{python} q("AB-11", 0)` and code `x = 3`.\n',
    "[link](92-verdicts.qmd#claim-AB-11){.claim width=3} [@ref2019; @fig-2] @sec-5.\n",
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


def test_entries_are_the_claims_module_evaluated_on_the_published_edition(r, found):
    assert found == registry.evaluate(r)
