"""Singular, plural and none; lists that stay one sentence; numbers as their source prints them."""

import pytest

from review import wording as s


@pytest.mark.parametrize(("n", "told"), [
    (0, "no trial"), (1, "one trial"), (2, "two trials"), (12, "twelve trials"), (13, "13 trials"),
    (24000, "24,000 trials"),
])
def test_a_count_agrees_with_its_noun(n, told):
    assert s.counted(n, "trial", "trials") == told


@pytest.mark.parametrize(("items", "told"), [
    ([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C"),
    (list("ABCDEF"), "A, B, C, D, E and F"), (list("ABCDEFGH"), "A, B, C, D, E, F and 2 more"),
])
def test_a_list_ends_with_and_and_is_cut_with_a_count(items, told):
    assert s.listed(items) == told


def test_a_list_of_the_first_few_counts_the_rest():
    assert s.listed(["A", "B"], total=1200) == "A, B and 1,198 more"


@pytest.mark.parametrize(("part", "whole", "told"), [
    (6, 6, "all six trials"), (5, 6, "all but one of six trials"), (4, 6, "four of six trials"),
    (0, 6, "none of six trials"), (1, 1, "the one trial"), (0, 1, "not the one trial"),
    (1, 2, "one of two trials"), (2, 3, "two of three trials"),
])
def test_a_share_says_all_some_or_none(part, whole, told):
    assert s.share(part, whole, "trial", "trials") == told


@pytest.mark.parametrize(("value", "unit", "printed", "told"), [
    (19.0, "months", "19.0", "19.0 months"), (19.0, "months", None, "19 months"),
    (1, "months", None, "1 month"), (25, "percent", "25", "25%"),
    (25, "percent", "not the number", "25%"), (0, "percent", None, "0%"),
])
def test_an_amount_is_printed_as_in_its_source(value, unit, printed, told):
    assert s.amount(value, unit, printed) == told


def test_a_range_of_no_width_is_a_number():
    assert s.between(3, 3, "months") == "3 months"
    assert s.between(3.3, 5, "months") == "3.3 to 5 months"


def test_names_are_escaped_and_can_be_read_back():
    told = s.named("A*b [1]", "3 months")
    assert told == r"A\*b \[1\] (3 months)"
    assert s.unmarked(told) == "A*b [1] (3 months)"
