"""Printed numbers: each sign and separator has its one reading, and what has two is refused."""

from decimal import Decimal

import pytest

from review.audit import compare, registry
from review.dataset.printed_numbers import Printed, Unreadable, read


@pytest.mark.parametrize(("printed", "value", "limit"), [
    ("8.4", "8.4", ""), ("43", "43", ""), ("89.0%", "89.0", ""), ("10*", "10", ""),
    ("35.3\u00a7", "35.3", ""), ("\u22120.3", "-0.3", ""), ("-0.3", "-0.3", ""),
    ("12\u00b75", "12.5", ""), ("12,5", "12.5", ""), ("0,125", "0.125", ""),
    ("1234,567", "1234.567", ""), ("1\u2009234", "1234", ""), ("12 345.6", "12345.6", ""),
    ("1,234.5", "1234.5", ""), ("1,234,567", "1234567", ""), ("1.234,5", "1234.5", ""),
    ("<0.001", "0.001", "<"), ("\u226453", "53", "<="), (">= 3", "3", ">="),
    ("\u2265 3", "3", ">="), (">3", "3", ">"),
])
def test_a_printed_number_is_read(printed, value, limit):
    assert read(printed) == Printed(Decimal(value), limit)


@pytest.mark.parametrize("printed", ["1,234", "12,34,5", "1.2.3", "1 23", "1,23.4", "5."])
def test_what_has_no_single_reading_is_refused(printed):
    with pytest.raises(Unreadable, match="cannot be compared"):
        read(printed)


@pytest.mark.parametrize("words", ["NR", "not reached", "true", "", "nan", "inf", "3 to 5", "1e3"])
def test_words_are_no_number(words):
    assert read(words) is None


@pytest.mark.parametrize(("atom", "token", "agree"), [
    (12.5, "12,5", True), (125, "12,5", False), (0.0003, "<0.001", True), (0.002, "<0.001", False),
    (0.001, "<0.001", False), (53, "\u226453", True), (54, "\u226453", False),
    (-0.3, "\u22120.3", True), (0.3, "\u22120.3", False), (12.5, "12\u00b75", True),
    (1234, "1\u2009234", True), (10, "10*", True), (3, "\u2265 3", True), (3, ">3", False),
    (8.44, "8.4", True), (8.46, "8.4", False), (5.0, "NR", False), (5.0, "not reached", False),
])
def test_a_number_agrees_with_print(atom, token, agree):
    assert compare.agrees(atom, token) is agree


@pytest.mark.parametrize(("value", "holds"), [
    ("8.35", True), ("8.45", True), ("8.349", False), ("8.451", False)])
def test_both_ties_round_to_what_is_printed(value, holds):
    assert Printed(Decimal("8.4")).holds(Decimal(value)) is holds


@pytest.mark.parametrize("token", ["1,234", "about 5", "true", "3 to 5"])
def test_what_cannot_be_read_is_refused_and_no_difference(token):
    with pytest.raises(Unreadable, match="cannot be compared"):
        compare.agrees(5.0, token)


def test_the_claim_with_an_unreadable_print_is_named(published):
    claims = published.claims.copy()
    claims.loc[claims["claim_id"] == "AB-03", "tokens"] = "2,938"
    with pytest.raises(Unreadable, match=r"claim AB-03.*2938 and as 2\.938"):
        registry.entry(published.with_tables(claims=claims), "AB-03")
