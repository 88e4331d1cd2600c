"""The register of claims and the findings from other sources keep their form."""

import re
from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[2] / "data"
TOKEN = re.compile(
    r"[≤≥<>]?\d+(?:\.\d+)?"  # a number or a bound, as printed
    r"|\d{4}-\d{2}-\d{2}|NCT\d{8}|true|NR|not reached|not estimable|English|terminated"
    r"|refs:\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*"
)
LAST_REFERENCE = 65


@pytest.fixture
def claims() -> pd.DataFrame:
    return read("claims")


def read(resource: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{resource}.csv", dtype=str, keep_default_na=False)


def expand(refs: str) -> list[int]:
    """Numbers of a set of references: "21, 28-30" is 21, 28, 29, 30."""
    numbers = []
    for part in re.split(r",\s*", refs):
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    return numbers


def bad_tokens(claims: pd.DataFrame) -> list[str]:
    """Tokens that are neither a number, a date, an id, a known word nor a set of references."""
    return [
        f"{row.claim_id}: {token}"
        for row in claims.itertuples()
        for token in filter(None, row.tokens.split(";"))
        if not TOKEN.fullmatch(token)
    ]


def bad_references(claims: pd.DataFrame) -> list[str]:
    """Claims whose references do not exist or stand twice."""
    wrong = []
    for row in claims.itertuples():
        tokens = [t.removeprefix("refs:") for t in row.tokens.split(";") if t.startswith("refs:")]
        for refs in filter(None, [row.refs_cited, *tokens]):
            numbers = expand(refs)
            if not all(1 <= number <= LAST_REFERENCE for number in numbers) or (
                len(set(numbers)) < len(numbers)
            ):
                wrong.append(row.claim_id)
    return wrong


def unplaced(claims: pd.DataFrame) -> list[str]:
    """Claims in a figure or table without its label, or in the audit alone without a reason."""
    wrong = []
    for row in claims.itertuples():
        if row.shown in ("figure", "table"):
            prefix = {"figure": "fig-", "table": "tbl-"}[row.shown]
            if not row.shown_reason.startswith(prefix):
                wrong.append(row.claim_id)
        elif (row.shown == "audit") != bool(row.shown_reason):
            wrong.append(row.claim_id)
    return wrong


def test_tokens_have_a_known_form(claims):
    assert bad_tokens(claims) == []
    claims.loc[0, "tokens"] = "1.8%;refs:21-;n/a"
    assert len(bad_tokens(claims)) == 3


def test_printed_numbers_stand_in_the_tokens_as_printed(claims):
    """A number among the tokens of an estimate or range is one that `published` shows."""
    rows = claims[claims["kind"].isin(["estimate", "range", "proportion", "table row"])]
    for row in rows.itertuples():
        shown = set(re.findall(r"[≤>]?\d+(?:\.\d+)?", row.published + " " + row.claim))
        numbers = {t for t in row.tokens.split(";") if re.fullmatch(r"[≤>]?[\d.]+", t)}
        assert numbers - shown == set(), row.claim_id


def test_references_of_claims_exist(claims):
    assert bad_references(claims) == []
    claims.loc[0, "refs_cited"] = "66"
    claims.loc[1, "tokens"] = "refs:3,1-4"
    assert bad_references(claims) == claims["claim_id"].iloc[:2].tolist()


def test_every_claim_has_a_place_or_a_reason(claims):
    assert unplaced(claims) == []
    claims.loc[0, ["shown", "shown_reason"]] = ["audit", ""]
    claims.loc[claims["claim_id"] == "T1-01", "shown_reason"] = "the table"
    assert unplaced(claims) == ["FM-01", "T1-01"]


def test_a_kind_and_a_consequence_stand_where_the_verdict_asks_for_them(claims):
    compared = claims["status_reviewed"] != "not_recomputable"
    assert ((claims["how"] != "") == compared).all()
    assert ((claims["consequence"] != "") == (claims["status_reviewed"] == "does_not_match")).all()


def test_claims_are_not_doubled(claims):
    assert claims["claim_id"].is_unique
    assert not claims.duplicated(["section", "claim"]).any()


def test_findings_from_elsewhere_name_claims_that_exist(claims):
    named = set(";".join(read("external")["claim_ids"]).split(";"))
    assert named - set(claims["claim_id"]) == set()
