"""Breaking it on purpose: a changed cell moves the claims that rest on it, and no other."""


import pandas as pd
import pytest
from layers import first

from article.claims import discussion
from review.audit import compare, registry, verdicts
from review.dataset.load import read_text
from review.dataset.schema import breaches, read_schema

SEEDS = [
    ("outcomes", "image-exposed-pfs", "value", 9.4),
    ("outcomes", "dara-atra-retreated-os", "value", 21.0),
    ("outcomes", "mammoth-dara-based-orr", "value", 12.3),
    ("outcomes", "szabo-2022-next-line-dara-os", "value", 12.0),
    ("outcomes", "trimm-2-retreated-orr", "value", 20.0),
    ("characteristics", "nooka-2019-prior-lines", "value", 2.0),
    ("facts", "lynx-enrolled", "value", 40),
    ("facts", "authors-with-interests", "value", 11),
    ("references", 49, "type", "review"),
    ("studies", "kikuchi-2023", "design", "prospective"),
]


def moved(old, new):
    """Ids whose recomputed value or verdict differs between two reviews."""
    before = {e.claim_id: e for e in registry.evaluate(old)}
    after = {e.claim_id: e for e in registry.evaluate(new)}
    return {claim_id for claim_id in before
            if (before[claim_id].recomputed, before[claim_id].status)
            != (after[claim_id].recomputed, after[claim_id].status)}


@pytest.mark.parametrize(("table", "key", "column", "value"), first(1, SEEDS))
def test_a_seeded_cell_moves_only_claims_that_rest_on_its_row(published, changed, table, key,
                                                              column, value):
    new = changed(table, key, column, value)
    found = moved(published, new)
    row = f"{table}/{key}"
    after = {e.claim_id: e.rows for e in registry.evaluate(new)}
    resting = {claim_id for claim_id in after
               if row in after[claim_id] or row in registry.entry(published, claim_id).rows}
    assert found, f"nothing rests on {row}"
    assert found <= resting | _through_its_study(table, key, after)


def _through_its_study(table, key, rows):
    """A study's own cells are joined to its results, so claims on these follow the study."""
    if table != "studies":
        return set()
    return {claim_id for claim_id, keys in rows.items() if any(key in name for name in keys)}


def test_exactly_the_claims_on_trimm2s_response_move(published, changed):
    assert moved(published, changed(*SEEDS[4])) == {
        "AB-20", "R3.4-20", "DI-10", "DI-11"}


def test_a_changed_verdict_names_old_new_and_the_row_that_moved(published, changed, tmp_path):
    new = changed("outcomes", "dara-atra-retreated-os", "value", 21.0)
    told = {p.message.split()[0]: p.message for p in verdicts.changed(new)}
    assert "was reproduces and is now does_not_match" in told["DI-05"]


def test_a_tampered_printed_value_is_a_mismatch(published):
    register = published.claims.copy()
    register.loc[register["claim_id"] == "RF-01", "tokens"] = "66"
    found = verdicts.changed(published.with_tables(claims=register))
    assert [(p.value, p.row) for p in found] == [
        ("reproduces", register.index[register["claim_id"] == "RF-01"][0] + 2)]
    assert "RF-01 was reproduces and is now does_not_match" in found[0].message


def test_an_emptied_cell_is_no_value_and_never_zero(published, changed):
    new = changed("outcomes", "trimm-2-retreated-orr", "value", pd.NA)
    found = registry.entry(new, "DI-10")
    assert found.status == compare.NOT_RECOMPUTABLE
    assert "no value in the data" in found.because


@pytest.mark.parametrize("table", ["search", "facts", "outcomes", "arms", "studies"])
def test_without_its_rows_a_statement_cannot_be_recomputed_and_is_told(published, table):
    without = published.with_tables(**{table: published.tables[table].iloc[:0]})
    found = [one for one in registry.evaluate(without)
             if "rows that the statement needs are not there" in one.because]
    assert found and all(one.status == compare.NOT_RECOMPUTABLE for one in found)
    reviewed = published.claims.set_index("claim_id")["status_reviewed"]
    turned = {one.claim_id for one in found if reviewed[one.claim_id] != one.status}
    assert turned <= {p.message.split()[0] for p in verdicts.changed(without)}


def test_a_claim_without_a_function_is_an_error(published):
    register = published.claims.copy()
    register.loc[0, "claim_id"] = "XX-99"
    found = verdicts.problems(published.with_tables(claims=register))
    assert "claim XX-99 has no function" in [p.message for p in found]


def test_a_function_without_a_claim_is_an_error(published):
    shorter = published.claims[published.claims["claim_id"] != "DI-20"].reset_index(drop=True)
    found = verdicts.problems(published.with_tables(claims=shorter))
    assert any("lynx_retreated_interval answers DI-20" in p.message for p in found)
    assert all(p.file.endswith(".py") and p.row for p in found if "answers" in p.message)


def test_two_functions_for_one_claim_are_an_error(published, monkeypatch):
    def twin(r):
        """Another rule."""

    twin.__module__ = discussion.__name__
    monkeypatch.setattr(discussion, "twin", registry.claim("DI-01")(twin), raising=False)
    registry.rules.cache_clear()
    try:
        found = verdicts.problems(published)
    finally:
        monkeypatch.undo()
        registry.rules.cache_clear()
    assert len(found) == 1 and "claim DI-01 has two functions" in found[0].message


def test_a_claim_written_twice_is_an_error(published):
    resource = read_schema(published.data)["claims"]
    text = read_text(published.data, read_schema(published.data))
    twice = pd.concat([text["claims"], text["claims"].iloc[[3]]], ignore_index=True)
    assert [p.rule for p in breaches(resource, twice)] == ["duplicate key"]


@pytest.mark.parametrize(("column", "value"), [
    ("refs_cited", "22, 66"), ("tokens", "refs:22,66")])
def test_a_citation_of_an_unknown_reference_is_an_error(published, column, value):
    register = published.claims.copy()
    register.loc[register["claim_id"] == "DI-08", column] = value
    found = verdicts.problems(published.with_tables(claims=register))
    assert [p.message for p in found] == [
        "claim DI-08 cites reference 66, which is not in references.csv"]


def test_an_external_finding_on_an_unknown_claim_is_an_error(published):
    external = published.external.copy()
    external.loc[0, "claim_ids"] = "AB-14;AB-99"
    found = verdicts.problems(published.with_tables(external=external))
    assert [p.message for p in found] == ["E1 names AB-99, which is not in claims.csv"]


def test_a_rule_that_answers_another_number_of_values_is_an_error(published):
    register = published.claims.copy()
    register.loc[register["claim_id"] == "DI-10", "tokens"] = "19.4"
    with pytest.raises(compare.OtherTokens, match="DI-10, trimm2_results: the rule gives 2 values"):
        registry.entry(published.with_tables(claims=register), "DI-10")
