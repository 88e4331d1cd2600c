"""Prints that are entered as printed and pass, beside those that tests of the rules refuse."""

import pandas as pd
import pytest

from review.checks import notations, numbers, proportions
from review.dataset.printed import interval


def column(*cells):
    return pd.Series(cells, dtype="string")


@pytest.mark.parametrize(("printed", "unit", "months"), [
    ("26 weeks", "weeks", 5.98), ("1.5 years", "years", 18), ("183 days", "days", 6.01),
    ("6,1 months", "months", 6.1), ("6.1", None, None), ("6.1 (4.2–7.9)", None, None),
    ("68 (35–89) years", None, None), ("45% at 2 years", None, None)])
def test_the_unit_beside_the_first_number(printed, unit, months):
    told, number = notations.printed_unit(column(printed))
    assert (None if pd.isna(told[0]) else told[0]) == unit
    assert unit is None or round(number[0], 2) == months


def test_a_count_before_its_percentage_is_a_print_of_it():
    assert numbers.percents(column("18/40 (45%)", "18 (45.0 %)", "45")).tolist()[:2] == \
        ["45", "45.0"]


@pytest.mark.parametrize(("note", "n", "told"), [
    ("45% of 38 evaluable patients", 17, True), ("45% of 38 evaluable patients", None, True),
    ("of 39", 17, False), ("17 responders", 17, False), (None, 17, False),
    ("45% of the 40 patients", 17, False), ("see 38.5", 17, False)])
def test_a_note_names_the_denominator_of_which_the_count_is_the_percentage(note, n, told):
    rows = pd.DataFrame({"note": [note], "value": [45.0], "n": [n], "n_total": [40]})
    assert proportions.denominator_told(rows, pd.Series([0])).tolist() == [told]


def test_a_limit_at_which_a_patient_was_still_in_the_study_is_no_number():
    assert (interval("3.1–12+").low, interval("3.1–12+").high) == (3.1, None)
    assert interval("3.1–12").high == 12
