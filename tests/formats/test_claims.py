"""The claims manifest: whole, explained by itself, and the same as the ledger."""

import hashlib
import json

import pytest

from review.audit import compare, verdicts


@pytest.fixture(scope="module")
def manifest(made):
    return json.loads(made["claims"])


def test_every_claim_is_there_with_the_verdict_of_the_ledger(manifest, published):
    ledger = verdicts.ledger(published).set_index("claim_id")
    assert [one["claim_id"] for one in manifest["claims"]] == list(ledger.index)
    for one in manifest["claims"]:
        row = ledger.loc[one["claim_id"]]
        assert (one["printed"], one["recomputed"] or "", one["status"], one["how"] or "") \
            == (row["published"], row["recomputed"], row["status"], row["how"])
        assert one["tokens"] == list(compare.tokens(published.claims.set_index("claim_id").loc[
            one["claim_id"], "tokens"]))


def test_the_manifest_explains_each_of_its_fields_and_no_other(manifest):
    for one in manifest["claims"]:
        assert list(one) == list(manifest["fields"])
        assert one["status"] in compare.STATUSES
        assert (one["status"] == compare.NOT_RECOMPUTABLE) == (one["how"] is None)
        assert all(value is None or value for name, value in one.items()
                   if name not in ("tokens", "rows"))


def test_every_row_is_one_of_the_dataset_and_leads_to_a_source(manifest, published):
    there = {row for table in published.tables.values() for row in table["row"]}
    rows = [row for one in manifest["claims"] for row in one["rows"]]
    assert len(rows) > 1000
    assert {row["row"] for row in rows} <= there
    named = {row["source_id"] for row in rows if row["source_id"]}
    assert named == set(manifest["sources"]) <= set(published.sources["source_id"])
    assert all(bool(row["source_id"]) == bool(row["locator"]) for row in rows)


def test_the_digest_is_the_one_that_sha256sum_gives(manifest, published):
    """By the recipe that the file itself tells: the lines of sha256sum, sorted by name."""
    told = manifest["dataset"]
    lines = [f"{hashlib.sha256((published.data / name).read_bytes()).hexdigest()}  {name}\n"
             for name in sorted(told["files"])]
    assert told["digest"] == f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"
    assert set(told["files"]) == {path.name for path in published.data.glob("*.csv")} \
        | {"datapackage.json"}
    assert (told["edition"], told["version"]) == ("published", json.loads(
        (published.data / "datapackage.json").read_text("utf-8"))["version"])


def test_claims_stay_those_of_the_published_edition(update, manifest):
    from review.formats.manifest import text

    later = json.loads(text(update))
    assert (later["dataset"]["edition"], later["dataset"]["edition_of_claims"]) \
        == (update.name, "published")
    assert later["claims"] == manifest["claims"]
    assert later["dataset"]["digest"] != manifest["dataset"]["digest"]
