"""A percentage of another denominator than the count beside it, through figure, section and class;
and decimal commas of a source."""

import as_published
import pytest

from article.figures import results as figures
from review.dataset.load import load
from review.dataset.states import other_denominator
from review.dataset.views import results
from review.report.row_words import result
from review.synthesis.knowledge import knowledge
from review.wording import amount

DATA = as_published.dataset()


@pytest.fixture(scope="module")
def changed():
    """The published edition with one rate of other patients than its count."""
    r = load("published", DATA)
    rows = r.outcomes.copy()
    chosen = (rows["outcome"] == "orr") & rows["n"].notna() & (rows["ci_status"] != "value")
    name = rows.loc[chosen, "outcome_id"].iloc[0]
    rows.loc[rows["outcome_id"] == name, ["value", "n", "n_total"]] = [45.0, 17, 40]
    rows.loc[rows["outcome_id"] == name, "printed"] = "45"
    return r.with_tables(outcomes=rows), name


def row_of(r, name):
    rows = results(r)
    return rows[rows["outcome_id"] == name].iloc[0].to_dict()


def test_it_has_no_class_with_a_count_and_no_interval(changed):
    r, name = changed
    row = row_of(r, name)
    assert other_denominator(row)
    known = knowledge(row)
    assert (known.letter, known.events, known.least) == ("C", None, None)
    drawn = figures.group_rows(r, {name}).iloc[0]
    assert (drawn["interval"], drawn["text"], drawn["detail"]) == ("none", "45%",
                                                                   "other denominator")
    assert "another denominator" in result(row)


def test_published_rates_are_those_of_their_counts():
    rows = results(load("published", DATA))
    assert not any(other_denominator(row) for row in rows.to_dict("records"))


@pytest.mark.parametrize(("printed", "told"), [
    ("6,0", "6.0 months"), ("6·0", "6.0 months"), ("6.0", "6.0 months"), ("6,1", "6 months"),
    ("6 (as printed)", "6 months")])
def test_a_decimal_comma_of_a_source_becomes_a_point(printed, told):
    assert amount(6.0, "months", printed) == told


@pytest.mark.parametrize(("printed", "told"), [
    ("17,5", ("17.5", 17.5)), ("17·5", ("17.5", 17.5)), ("≤17,5", ("≤17.5", None)),
    ("9,5 (3,0–20,1)", ("9.5", 9.5)), ("NR", ("NR", None))])
def test_a_follow_up_with_a_decimal_comma_is_read_whole(printed, told):
    assert figures._leading(printed) == told
