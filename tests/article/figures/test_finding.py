"""What the line under a forest plot says: every owner of an end, and how many groups have what."""

import pandas as pd
import pytest

from article.contents import CONTENTS
from article.figures.words import finding
from review.audit import displays


def rows(*groups):
    return pd.DataFrame([{"name": name, "mark": mark, "status": status, "value": value,
                          "arm": f"arm {place}", "outcome": "orr", "unit": "percent",
                          "text": "" if value is None else f"{value}%"}
                         for place, (name, mark, status, value) in enumerate(groups)])


def point(name, value):
    return (name, "point", "value", value)


def test_every_owner_of_an_end_is_named_once():
    told = finding(rows(point("A", 0.0), point("B", 0.0), point("C", 30.0), point("D", 75.0),
                        point("D", 75.0), point("E", 75.0)))
    assert told == ("Overall response rate: 0.0 (A and B) to 75.0% (D and E), "
                    "known for 6 of 6 groups.")


def test_one_value_that_all_share_is_no_span():
    assert finding(rows(point("A", 5.0), point("B", 5.0))) == \
        "Overall response rate: 5.0% in A and B, known for 2 of 2 groups."


def test_groups_of_one_study_are_told_apart():
    assert finding(rows(point("A", 5.0), point("A", 9.0))) == (
        "Overall response rate: 5.0 (group “arm 0”) to 9.0% (group “arm 1”), "
        "known for 2 of 2 groups.")


def test_a_group_without_a_report_is_none_of_those_that_report():
    told = finding(rows(point("A", 5.0), ("B", "none", "not reported", None),
                        ("C", "none", "not estimable", None), ("D", "arrow", "not reached", None)))
    assert told == ("Overall response rate: 5.0% in A, known for 1 of 3 groups; not reached in 1; "
                    "not estimable in 1; not reported for 1.")


@pytest.mark.parametrize("label", [
    "fig-prisma", "fig-known", "fig-response", "fig-maturity", "fig-contrasts"])
def test_every_other_figure_states_what_it_shows(published, label):
    made = displays.builder(CONTENTS, label)
    rows = made.rows(published)
    told = made.finding(rows)
    assert told.endswith(".") and any(sign.isdigit() for sign in told)
    assert made.finding(rows.iloc[:0]) == ""


def test_a_median_beyond_its_follow_up_is_counted_and_named(published):
    made = displays.builder(CONTENTS, "fig-maturity")
    rows = made.rows(published)
    placed = rows[rows["immature"].notna()]
    assert f"Of {len(placed)} medians" in made.finding(rows)
    assert f", {int(placed['immature'].sum())} lie beyond" in made.finding(rows)
    none = rows.assign(immature=rows["immature"].where(rows["immature"].isna(), False))
    assert ", 0 lie beyond that follow-up." in made.finding(none)
