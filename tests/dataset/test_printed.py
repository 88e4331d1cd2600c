"""Numbers and intervals as they are printed."""

import pytest

from review.dataset.printed import Interval, ends, interval, plain


@pytest.mark.parametrize(("text", "low", "high", "level"), [
    ("4.2–7.9", 4.2, 7.9, None), ("2.4-4.8", 2.4, 4.8, None), ("4·2–7·9", 4.2, 7.9, None),
    ("95% CI 4.2–7.9", 4.2, 7.9, 95), ("95% CI, 4.2 to 7.9", 4.2, 7.9, 95),
    ("5.8 (4.2–7.9)", 4.2, 7.9, None), ("11,9–17,8", 11.9, 17.8, None),
    ("23,1 (0,1-70,2)", 0.1, 70.2, None), ("48.5–NR", 48.5, None, None),
    ("[95% CI, 4.2, NR]", 4.2, None, 95), ("IC95% 4,2; 7,9", 4.2, 7.9, 95),
    ("5.8 months (90% CI 4.2 months–not reached)", 4.2, None, 90),
])
def test_intervals(text, low, high, level):
    assert interval(text) == Interval(low, high, level)


@pytest.mark.parametrize(("printed", "low", "high", "status", "shown"), [
    ("3.0–7.90", 3.0, 7.9, "value", ("3.0", "7.90")), ("95% CI 3·0, NR", 3.0, None, "not reached",
                                                       ("3.0", "not reached")),
    ("5.8 (3,0-NE)", 3.0, None, "not estimable", ("3.0", "not estimable")),
    ("3.0–8.0", 3.0, 7.9, "value", ("3.0", "7.9")), (None, 3.0, 7.0, "value", ("3", "7")),
    ("as in the figure", 3.5, 7.0, "value", ("3.5", "7")),
])
def test_limits_are_shown_as_printed(printed, low, high, status, shown):
    row = {"ci_printed": printed, "ci_low": low, "ci_high": high, "ci_high_status": status}
    assert ends(row) == shown


@pytest.mark.parametrize("text", ["", "about five", "5.8", "95% CI"])
def test_what_is_no_interval(text):
    assert interval(text) is None


@pytest.mark.parametrize(("text", "meant"), [
    ("5·8", "5.8"), ("11,9", "11.9"), ("1,234", "1234"), ("0,123", "0.123"), ("12.5", "12.5"),
    ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("2\u2009938 records", "2938 records"),
    ("1,23.4", "1,23.4"), ("4.2, 7.9", "4.2, 7.9"), ("5 · 8", "5.8")])
def test_numbers(text, meant):
    assert plain(text) == meant
