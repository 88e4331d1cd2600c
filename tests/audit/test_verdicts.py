"""The audit as a whole: every claim of the register with its verdict, on the published edition."""

from dataclasses import replace

import pytest

from review.audit import compare, registry, verdicts
from review.dataset.load import PUBLISHED, load


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


def test_the_ledger_has_every_claim_in_the_registers_order(r):
    table = verdicts.ledger(r)
    assert table["claim_id"].tolist() == r.claims["claim_id"].tolist()
    assert list(table.columns[:8]) == ["claim_id", "section", "claim", "published", "recomputed",
                                       "status", "rule", "note"]
    assert set(table["status"]) <= set(compare.STATUSES)


def test_counts_name_every_status_and_add_up(r):
    assert verdicts.counts(r).index.tolist() == list(compare.STATUSES)
    assert verdicts.counts(r).sum() == len(r.claims)


def test_the_audit_speaks_of_the_published_edition_whatever_is_rendered(r):
    later = replace(r.with_tables(outcomes=r.outcomes.assign(value=1.0)),
                    edition=r.edition.replace({PUBLISHED: "later"}))
    assert verdicts.published(later).name == PUBLISHED
    assert verdicts.ledger(later).equals(verdicts.ledger(r))


def test_entries_are_the_claims_module_evaluated_on_the_published_edition(r):
    assert verdicts.entries(r) == registry.evaluate(r)
