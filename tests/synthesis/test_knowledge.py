"""Classes of what is known, the gate, the identified set, and pooling behind the gate."""

import numpy as np
import pandas as pd
import pytest

from review.audit.intervals import clopper_pearson, wilson
from review.audit.outcomes import OutcomeRows, outcome_rows
from review.dataset.states import state, with_state
from review.dataset.views import as_records
from review.synthesis.difference import newcombe
from review.synthesis.identified import identified
from review.synthesis.knowledge import MEANING, Knowledge, knowledge, whole_counts
from review.synthesis.pooling import pool, pooled, strata

EMPTY = {"status": "value", "kind": "reported", "value": pd.NA, "printed": pd.NA,
         "bound_low": pd.NA, "bound_high": pd.NA, "n": pd.NA, "n_kind": pd.NA, "n_total": pd.NA,
         "n_total_kind": pd.NA, "study": "Made 2026", "study_id": "made", "design": "single-arm",
         "outcome_id": "made-orr", "unit": "percent", "report_type": "article",
         "source_id": "own-report"}
BOUND = {"status": "not transcribed", "kind": "bound"}


def row(**cells):
    made = {**EMPTY, **cells}
    return {**made, "state": state(made)}


def counted(n, total, **cells):
    return row(value=100 * n / total, n=n, n_total=total, n_kind="reported",
               n_total_kind="reported", **cells)


@pytest.mark.parametrize(("cells", "letter", "counts"), [
    ({"value": 25, "n": 5, "n_total": 20, "n_kind": "reported", "n_total_kind": "reported"},
     "A", (5, 20, 5, 5)),
    ({"value": 0, "n": 0, "n_total": 18, "n_kind": "reported", "n_total_kind": "reported"},
     "A", (0, 18, 0, 0)),
    ({"value": 100, "n": 9, "n_total": 9, "n_kind": "reported", "n_total_kind": "reported"},
     "A", (9, 9, 9, 9)),
    ({"value": 4.5, "n": 2, "n_total": 44, "n_kind": "derived", "n_total_kind": "reported"},
     "B", (2, 44, 2, 2)),
    ({"value": 75, "printed": "75", "n_total": 57, "n_total_kind": "derived"},
     "B", (43, 57, 43, 43)),
    ({"value": 75, "printed": "75", "n_total": 400}, "C", (None, 400, 298, 302)),
    ({"value": 33.0, "printed": "33.0", "n_total": 12}, "C", (None, 12, None, None)),
    ({"value": 49, "printed": "about half", "n_total": 43}, "B", (21, 43, 21, 21)),
    ({"value": 0, "printed": "0"}, "C", (None, None, None, None)),
    ({**BOUND, "bound_low": 24.6, "bound_high": 48.8, "n_total": 9}, "D", (None, 9, 3, 4)),
    ({**BOUND, "bound_high": 48.8, "n_total": 43}, "D", (None, 43, 0, 21)),
    ({**BOUND, "bound_low": 52.9, "n_total": 17}, "D", (None, 17, 9, 17)),
    ({"status": "not transcribed", "n_total": 30}, "D", (None, 30, 0, 30)),
    ({**BOUND, "bound_low": 40, "bound_high": 60, "n_total": 2}, "B", (1, 2, 1, 1)),
    ({**BOUND, "bound_low": 48.8, "bound_high": 90}, "E", (None,) * 4),
    ({"status": "not transcribed"}, "E", (None,) * 4),
])
def test_the_class_of_a_row(cells, letter, counts):
    found = knowledge(row(**cells))
    assert found.letter == letter
    assert (found.events, found.total, found.least, found.most) == counts
    assert found.counted == (letter in ("A", "B")) and letter in MEANING


def test_what_is_not_reported_is_no_group():
    assert knowledge(row(status="not reported")) is None


def test_limits_that_no_count_meets_prove_nothing():
    assert whole_counts(41.0, 42.0, 3) == (0, 3)


def test_a_limit_is_a_rounded_number():
    """21 of 43 is 48.837%: it lies inside a limit printed as 48.8."""
    assert whole_counts(pd.NA, 48.8, 43) == (0, 21)
    assert whole_counts(48.84, pd.NA, 43) == (21, 43)
    assert whole_counts(48.9, pd.NA, 43) == (22, 43)


def test_the_identified_set():
    found = identified([Knowledge("A", 5, 20, 5, 5), Knowledge("D", None, 9, 3, 4),
                        Knowledge("E", None, None, None, None), None,
                        Knowledge("C", None, 10, None, None)])
    assert (found.least, found.most, found.patients) == (8, 19, 39)
    assert (found.groups, found.unsized) == (3, 1)
    assert found.percent == pytest.approx((100 * 8 / 39, 100 * 19 / 39))
    assert identified([]).percent is None


def outcome(*rows):
    frame = with_state(pd.DataFrame(list(rows), columns=[*EMPTY]))
    return OutcomeRows("orr", "clinical", as_records(frame), len(rows), lambda: frame)


def named(*rows):
    return outcome(*[{**one, "study": f"Study {place}", "study_id": f"s{place}",
                      "outcome_id": f"o{place}"} for place, one in enumerate(rows)])


def test_the_gate_opens_on_enough_known_groups_and_pools():
    (one,) = strata(named(*[counted(n, 20) for n in (4, 6, 9, 12)],
                          counted(0, 9), counted(12, 12),
                          row(**BOUND, n_total=30, source_id="another")))
    assert one.gate.open and (one.gate.known, one.gate.groups) == (6, 7)
    found = pooled(one)
    assert found.fit.k == 6 and found.fit.prediction is not None
    assert found.fit.profile.low < found.fit.mu < found.fit.profile.high
    assert 0 < found.fit.percent < 100 and found.reml.corrected == 2


@pytest.mark.parametrize(("rows", "conditions"), [
    ([counted(3, 10)] * 4, (False, True, True)),
    ([counted(3, 10)] * 5 + [row(**BOUND, n_total=8, source_id="another")] * 3,
     (True, False, True)),
    # a document that leaves the rate of a group to a drawing has chosen whose rates it names
    ([counted(n, 10) for n in (1, 3, 5, 7, 9)] + [row(**BOUND, bound_high=80.0, n_total=8)],
     (True, True, False)),
    # a group that another document leaves open says nothing of why these are known
    ([counted(n, 10) for n in (1, 3, 5, 7, 9)]
     + [row(**BOUND, bound_high=90.0, n_total=8, source_id="another")], (True, True, True)),
    # a document with a rate for each of its groups has chosen none
    ([counted(n, 10) for n in (1, 3, 5, 7, 9)] + [row(status="not reported")],
     (True, True, True)),
])
def test_each_condition_of_the_gate(rows, conditions):
    (one,) = strata(named(*rows))
    assert (one.gate.enough_groups, one.gate.enough_share, one.gate.unchosen) == conditions
    assert one.gate.open == all(conditions)
    assert (pooled(one) is None) == (not one.gate.open)


def test_an_open_gate_over_nothing_but_zeros_has_no_rate_and_says_why():
    (one,) = strata(named(*[counted(0, n) for n in (9, 12, 18, 32, 5)]))
    assert one.gate.open
    found = pooled(one)
    assert found.fit is None and "nobody" in found.problem


def test_no_group_makes_no_stratum():
    assert strata(named()) == [] and strata(named(row(status="not reported"))) == []


def test_of_the_published_edition(published):
    found = {(setting, one.name): one for setting in ("clinical", "rwe")
             for one in strata(outcome_rows(published, "orr", setting))}
    assert not any(one.gate.open for one in found.values())
    cohorts = found["rwe", "retrospective"]
    # the article's text tells 90.0 and 24.6% and leaves nine rates to its figure
    assert cohorts.gate.named == ("Zhou 2020", "MAMMOTH") and not cohorts.gate.enough_share
    # it tells or leaves to elimination every rate of the trials
    assert not any(one.gate.named for (setting, _), one in found.items() if setting == "clinical")
    letters = pd.Series([known.letter for known in cohorts.known]).value_counts().to_dict()
    assert letters == {"D": 7, "B": 5, "E": 2}  # row 12: 3 of 9 is all that is left
    assert (cohorts.identified.least, cohorts.identified.most) == (206, 249)


def test_the_known_trial_groups_would_pool_to_almost_anything(published):
    """43 of 57 beside three groups without a response: the reason for a gate, in numbers."""
    known = [one for name in ("randomised", "single-arm") for stratum in strata(
        outcome_rows(published, "orr", "clinical")) if stratum.name == name
        for one in stratum.counted]
    found = pool(known)
    low, high = found.fit.profile.percent
    assert low < 1 and high > 50 and np.isfinite(found.fit.tau2)


# examples of Newcombe, Stat Med 1998;17:873, Table II, method 10
@pytest.mark.parametrize(("counts", "limits"), [
    ((56, 70, 48, 80), (0.0524, 0.3339)), ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)), ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 10), (0.6075, 1.0))])
def test_newcombe_of_his_own_examples(counts, limits):
    found = newcombe(*counts)
    assert (found.low / 100, found.high / 100) == pytest.approx(limits, abs=5e-5)


@pytest.mark.parametrize(("n", "total"), [(0, 18), (32, 32), (5, 20), (1, 49), (14, 57), (9, 10)])
def test_intervals_agree_with_scipy(n, total):
    from scipy.stats import binomtest

    exact = binomtest(n, total).proportion_ci(method="exact")
    score = binomtest(n, total).proportion_ci(method="wilson")
    ours = clopper_pearson(n, total), wilson(n, total)
    assert (ours[0].low, ours[0].high) == pytest.approx((100 * exact.low, 100 * exact.high))
    assert (ours[1].low, ours[1].high) == pytest.approx((100 * score.low, 100 * score.high))


# R's binom package, as statsmodels' tests hold its results
@pytest.mark.parametrize(("n", "total", "exact", "score"), [
    (18, 20, (0.6830173, 0.9876515), (0.6989664, 0.9721335)),
    (4, 20, (0.0573340, 0.4366140), (0.0806577, 0.4160174)),
    (1, 30, (0.0008435709, 0.17216946), (0.00590859, 0.16670391))])
def test_intervals_agree_with_r(n, total, exact, score):
    ours = clopper_pearson(n, total), wilson(n, total)
    assert (ours[0].low / 100, ours[0].high / 100) == pytest.approx(exact, abs=5e-7)
    assert (ours[1].low / 100, ours[1].high / 100) == pytest.approx(score, abs=5e-7)
