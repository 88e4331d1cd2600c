"""One rule says what each row of an outcome is; sentences and quantities follow from it."""

import pandas as pd
import pytest

from review.audit import quantities
from review.audit.outcomes import outcome_rows
from review.dataset import states
from review.dataset.load import load
from review.report.outcomes import paragraph, short_range


@pytest.fixture(scope="module")
def r():
    return load("published")


def spoilt(r, key, **cells):
    """The edition with other cells in one outcome row."""
    rows = r.outcomes.copy()
    for name, value in cells.items():
        rows.loc[rows["outcome_id"] == key, name] = value
    return r.with_tables(outcomes=rows)


NOTHING = {"value": pd.NA, "printed": pd.NA, "bound_low": pd.NA, "bound_high": pd.NA}


@pytest.fixture(scope="module")
def key(r):
    """The row with the highest real-world median PFS."""
    return outcome_rows(r, "pfs", "rwe").high["outcome_id"].iloc[0]


@pytest.mark.parametrize(("cells", "state"), [
    ({}, states.VALUE),
    ({"kind": "bound", "status": "not reported", **NOTHING, "bound_high": 9.0}, states.LIMITS),
    ({"status": "not reached", **NOTHING, "bound_low": 9.0}, states.NOT_REACHED),
    ({"status": "not estimable", **NOTHING}, states.NOT_ESTIMABLE),
    ({"status": "not transcribed", **NOTHING}, states.NOT_TRANSCRIBED),
    ({"status": "not reported", **NOTHING}, states.NOT_REPORTED),
    ({"status": "not applicable", **NOTHING}, states.NOT_REPORTED),
])
def test_each_row_is_in_one_state(r, key, cells, state):
    summary = outcome_rows(spoilt(r, key, **cells), "pfs", "rwe")
    row = summary.rows.set_index("outcome_id").loc[key]
    assert row["state"] == state
    assert (key in set(summary.reported["outcome_id"])) == (state != states.NOT_REPORTED)
    assert (key in set(summary.high["outcome_id"])) == (state == states.VALUE)


def test_what_is_not_reported_is_no_report(r):
    before = outcome_rows(r, "os", "rwe")
    key = before.high["outcome_id"].iloc[0]
    after = outcome_rows(spoilt(r, key, status="not reported", **NOTHING), "os", "rwe")
    assert after.reporting_studies == before.reporting_studies - 1
    assert "It is not reported for one group" in paragraph(
        spoilt(r, key, status="not reported", **NOTHING), "os", "rwe")


def test_a_bound_never_ends_a_range(r, key):
    limited = spoilt(r, key, status="not reported", kind="bound", **{**NOTHING, "bound_high": 99.0})
    assert "99" not in short_range(limited, "pfs", "rwe")
    assert "at most 99 months" in paragraph(limited, "pfs", "rwe")


def test_every_owner_of_an_end_is_named(r):
    tied = outcome_rows(r, "orr", "clinical").low
    assert len(tied) > 1
    text = paragraph(r, "orr", "clinical")
    assert all(study in text for study in tied["study"])


def test_a_value_stands_with_its_own_study(r, key):
    """The numbers of one study never stand in a sentence about another."""
    other = spoilt(r, key, value=1.0, printed="1.0", ci_status="not reported", ci_low=pd.NA,
                   ci_high=pd.NA)
    high = outcome_rows(other, "pfs", "rwe").high.iloc[0]
    assert high["outcome_id"] != key
    text = paragraph(other, "pfs", "rwe")
    assert f"The highest is {high['printed']} months in {high['study']}" in text
    assert "2.8 to not estimable" not in text


def test_an_empty_table_is_told(r):
    bare = r.with_tables(outcomes=r.outcomes.iloc[:0])
    assert paragraph(bare, "pfs", "clinical") \
        == "Median PFS is reported for none of six clinical trials."
    assert short_range(bare, "pfs", "clinical") == "is not reported"
    assert all(one.text for one in quantities.evaluate(bare))


def test_a_quantity_rests_on_the_rows_that_it_counts(r):
    """Who moved a count is told by its rows: one that reports nothing moves none of the known."""
    before = outcome_rows(r, "os", "rwe").high
    key = before["outcome_id"].iloc[0]
    silent = spoilt(r, key, status="not reported", **NOTHING)
    rests = {one.quantity_id: one.rows for one in quantities.evaluate(silent)}
    row = f"outcomes/{key}"
    assert row in rests["os-rwe-studies"]
    assert not [name for name in ("os-rwe-groups", "os-rwe-range", "os-rwe-not-reached")
                if row in rests[name]]


def test_what_is_kept_as_context_is_no_quantity(r):
    """Counted among the results of the review it would be told as reported by no study."""
    kept = {code for code, one in r.contents.vocabulary.outcomes.items() if not one.synthesised}
    names = [one.quantity_id for one in quantities.evaluate(r)]
    assert kept and not [name for name in names if name.startswith(tuple(kept))]


def test_one_patient_is_one(r, key):
    assert "; 1 patient)" in paragraph(spoilt(r, key, n_total=1), "pfs", "rwe")
    assert " of 1 to " in paragraph(spoilt(r, key, n_total=1), "pfs", "rwe")


def test_quantities_are_the_same_on_every_edition(r):
    names = [one.quantity_id for one in quantities.evaluate(r)]
    assert len(names) == len(set(names)) > 20
    bare = r.with_tables(outcomes=r.outcomes.iloc[:0], characteristics=r.characteristics.iloc[:0])
    assert [one.quantity_id for one in quantities.evaluate(bare)] == names
