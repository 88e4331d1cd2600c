"""What is typed where a number belongs is told as what it is, with the place of its parts."""

import pytest

from review.update.stands_for import told


@pytest.mark.parametrize(("cells", "what", "place"), [
    (("NR", "NYR", "n.r.", "not yet reached", "∞"), "says why", "not reached"),
    (("NE", "N.E.", "not estimable", "undefined"), "says why", "not estimable into"),
    (("—", "–", "…", "n/a", "nan", "None", "not stated"), "says why", "write not reported"),
    (("<1", "≥12", "12+", "up to 12", "≤ 5,8 months"), "is a limit", "bound_low"),
    (("~6", "≈6", "approx. 6", "ca. 6", "c. 6", "about 6 months"), "roughly", "into note"),
    (("6 (4-9)", "5.8±1.2", "2–4", "29/51", "5.8 or 6.1", "12 to 14", "6 [4; 9]"),
     "more than one number", "one number a cell"),
    (("6*", "6a", "5.8†", "6.0 months", "74.5%", "29 pts", "5l"), "something after it", "alone")])
def test_each_kind(cells, what, place):
    for cell in cells:
        message, remedy = told(cell)
        assert what in message and place in remedy, cell


@pytest.mark.parametrize("cell", ["0", "5.8", "5,8", "-5.8", "+5.8", "1 234", "1.234,5", "six"])
def test_a_number_is_none_of_them(cell):
    assert told(cell) is None
