"""A recomputed value against its printed token, kind by kind."""

import datetime
from decimal import Decimal

import pandas as pd
import pytest

from review.audit import compare
from review.audit.answers import AnyOf, NotRecomputable, Number, Reading

DAY = datetime.date(2023, 12, 8)


@pytest.mark.parametrize(("atom", "token", "agree"), [
    (DAY, "2023-12-08", True), (DAY, "2023-12-09", False),
    (pd.Timestamp(DAY), "2023-12-08", True), (pd.Timestamp(DAY), "2023-12-07", False),
    (True, "true", True), (True, "false", False), (False, "false", True), (False, "0", False),
    (frozenset({21, 28, 29}), "refs:21,28-29", True), (frozenset({21}), "refs:21,28", False),
    (AnyOf({28, 36}), "refs:36", True), (AnyOf({28, 36}), "refs:28,36", False),
    (AnyOf({28, 36}), "refs:35", False),
    ("Not reached", "not  reached", True), ("1–3", "1-3", True), ("1–3", "1-4", False),
    (8.44, "8.4", True), (8.46, "8.4", False), (3, "NR", False),
])
def test_each_kind_of_value(atom, token, agree):
    assert compare.agrees(atom, token) is agree


@pytest.mark.parametrize(("printed", "interval"), [
    ("8.4", ("8.35", "8.45")), ("43", ("42.5", "43.5")), ("25%", ("24.5", "25.5")),
    ("19.0", ("18.95", "19.05")), ("<5", None), ("≥ 20", None), ("not reached", None),
])
def test_what_rounds_to_a_printed_number(printed, interval):
    assert compare.rounding_interval(printed) == (
        tuple(map(Decimal, interval)) if interval else None)


def test_a_verdict_is_of_all_values_and_of_the_plain_reading_first():
    assert compare.status(Number(8.4), "8.4") == compare.REPRODUCES
    assert compare.status(Number(8.4), "8.5") == compare.DIFFERS
    assert compare.status(NotRecomputable("not published"), "8.4") == compare.NOT_RECOMPUTABLE
    reading = Reading(Number(7), "without one", Number(6))
    assert compare.status(reading, "7") == compare.REPRODUCES
    assert compare.status(reading, "6") == compare.UNDER_RULE
    assert compare.status(reading, "5") == compare.DIFFERS


def test_another_number_of_values_is_no_verdict():
    with pytest.raises(compare.OtherTokens, match="the rule gives 1 values .* prints 2 .8.4; 8.5"):
        compare.status(Number(8.4), "8.4; 8.5")
