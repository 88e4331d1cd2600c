"""The pages of the audit: counts, findings, what other sources say, and every entry."""

import dataclasses
import json
import re

import pypandoc
import pytest

from review.audit import compare, sources, verdicts
from review.dataset.load import PUBLISHED, load
from review.dataset.printed_numbers import Unreadable
from review.dataset.problems import DataError
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


def test_the_summary_is_made_of_the_counts(r):
    numbers = [int(n) for n in re.findall(r"\d+", ledger.summary(r))]
    kinds = verdicts.how_counts(r)[[compare.REPRODUCES, compare.UNDER_RULE]].sum(axis=1)
    assert numbers == [len(r.claims), *verdicts.counts(r), *kinds]
    assert kinds.sum() == sum(verdicts.counts(r)[[compare.REPRODUCES, compare.UNDER_RULE]])
    assert "rest on arithmetic from other numbers" in ledger.summary(r)


def test_every_claim_has_its_target_in_the_ledger(r):
    names, links = ids(ledger.part("entries", r))
    assert [n for n in names if n.startswith("claim-")] == [
        f"claim-{claim_id}" for claim_id in r.claims["claim_id"]]
    assert len(set(names)) == len(names)


def test_findings_are_the_mismatches_and_link_to_their_entries(r, found):
    wrong = [e.claim_id for e in found if e.status == compare.DIFFERS]
    names, links = ids(ledger.part("findings", r))
    assert sorted(names) == sorted(f"finding-{claim_id}" for claim_id in wrong)
    assert {f"#claim-{claim_id}" for claim_id in wrong} <= links


def test_findings_come_in_the_order_of_what_they_change(r):
    text = ledger.part("findings", r)
    told = re.findall(r"It changes (.+?), and rests on ", text)
    order = list(verdicts.CONSEQUENCES.values())
    assert len(told) == text.count("::: {.finding}") and set(told) > {"a number", "form alone"}
    assert told == sorted(told, key=order.index)


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
    for table, whole in zip(ledger.part("counts", r).split("\n\n"), (
            len(r.claims), len(r.claims) - verdicts.counts(r)[compare.NOT_RECOMPUTABLE]),
            strict=True):
        rows = [[int(re.search(r"\d+", cell)[0]) for cell in line.split("|")[2:-1]]
                for line in table.splitlines()[2:]]
        total, sections = rows[0], rows[1:]
        assert total == [sum(column) for column in zip(*sections, strict=True)]
        assert total[-1] == whole


def test_the_code_of_each_rule_can_be_unfolded(r, found):
    html = pypandoc.convert_text(ledger.part("entries", r), "html", format="markdown")
    folded = len(found) + sum(bool(e.rows) for e in found)
    assert html.count("<details>") == html.count("</details>") == folded
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


def test_places_in_one_part_of_a_document_stand_together():
    assert ledger.places(["Table 1, Smith row", "Table 1, Lee row; Results 3.1", "Results 3.1",
                          "Table 2, Lee row"]) == [
        "Table 1 (Smith row; Lee row)", "Results 3.1", "Table 2, Lee row"]
    assert ledger.places(["Figure 2", "Figure 2, row 1"]) == ["Figure 2", "Figure 2, row 1"]


def test_a_mismatch_that_nobody_judged_is_told_with_its_place(r, found, monkeypatch):
    entry = next(e for e in found if e.status == compare.DIFFERS)
    monkeypatch.setattr(verdicts, "entries",
                        lambda _: [dataclasses.replace(entry, consequence="", how="")])
    with pytest.raises(DataError) as caught:
        ledger.findings(r)
    assert [(p.file, p.field) for p in caught.value.problems] == [
        ("claims.csv", "consequence"), ("claims.csv", "how")]
    assert all(p.row > 1 and entry.claim_id in p.message for p in caught.value.problems)


@pytest.mark.parametrize("token", ["refs:a", "refs:1-", "21:22", "refs:1-99999999999", "<b>"])
def test_what_is_no_list_of_references_is_told(r, token):
    with pytest.raises(Unreadable, match="no list of references"):
        compare.references(token)
    claims = r.claims.copy()
    claims.loc[claims["claim_id"] == "AB-07", "tokens"] = f"refs:{token}"
    wrong = verdicts.problems(r.with_tables(claims=claims))
    assert [(p.file, p.field) for p in wrong] == [("claims.csv", "tokens")]
