"""Claims of the discussion, the reference list and the declarations."""

import pytest

from review.audit import compare, registry
from review.audit.answers import NotRecomputable, Reading


@pytest.fixture
def entry(published):
    return lambda claim_id: registry.entry(published, claim_id)


def test_limits_hold_over_values_and_proven_limits(entry):
    """What a value above it in an ordered panel holds is proven; what only the range holds is not.
    """
    assert entry("DI-04").status == compare.NOT_RECOMPUTABLE
    assert "4 of 13 medians" in entry("DI-04").because
    assert "(Kikuchi 2023, Yashar 2021)" in entry("DI-04").because
    assert entry("DI-05").status == compare.REPRODUCES
    assert entry("DI-05").answer.value is True


def test_a_longer_survival_in_an_included_report_is_found(entry):
    found = entry("DI-06")
    assert found.status == compare.UNDER_RULE and found.answer.plain.value is False
    assert "24.6" in found.because and "end of the index daratumumab regimen" in found.because
    assert "outcomes/szabo-2022-next-line-dara-os" in found.rows


def test_a_context_row_never_enters_the_reviews_own_statement(entry):
    assert "outcomes/szabo-2022-next-line-dara-os" not in entry("DI-05").rows


def test_one_context_value_above_the_limit_leaves_the_reviews_own_statement_alone(changed):
    r = changed("outcomes", "szabo-2022-next-line-dara-os", "value", 10.0)
    assert registry.entry(r, "DI-06").status == compare.REPRODUCES
    r = changed("outcomes", "dara-atra-retreated-os", "value", 20.0)
    assert registry.entry(r, "DI-05").answer.value is False


def test_the_two_trials_above_the_limit_and_their_references(entry):
    assert entry("DI-07").answer.members == ("ICARIA-MM", "TRIMM-2")
    assert entry("DI-08").answer.value == frozenset({22, 27})
    assert entry("DI-08").status == compare.DIFFERS


def test_trimm2_is_the_highest_only_among_the_trials(entry):
    found = entry("DI-11")
    assert isinstance(found.answer, Reading)
    assert (found.answer.plain.value, found.answer.ruled.value) == (False, True)
    assert found.status == compare.UNDER_RULE and "clinical trials" in found.rule


def test_half_of_the_studies_is_no_majority(entry):
    found = entry("DI-15")
    assert (found.answer.plain.value, found.answer.ruled.value) == (False, True)
    assert "12 of 24" in found.answer.plain.because and "14 of 24" in found.answer.ruled.because


@pytest.mark.parametrize(("claim_id", "told", "count"), [
    ("DI-20", "20/41", (35.14, 62.56)), ("DI-21", "18/39", (32.35, 60.42)),
])
def test_the_search_finds_count_method_and_level_of_the_lynx_intervals(entry, claim_id, told,
                                                                       count):
    found = entry(claim_id)
    *_, low, high, level = found.answer.atoms
    assert (round(low, 2), round(high, 2), level) == (*count, 90.0)
    assert found.because.startswith(f"{told} with the exact method at 90%")
    assert found.status == compare.DIFFERS


def test_an_interval_that_no_count_gives_is_not_recomputed(changed):
    r = changed("facts", "lynx-vgpr-dkd-interval", "printed", "35.1–70.0")
    found = registry.entry(r, "DI-20")
    assert isinstance(found.answer, NotRecomputable)
    assert found.because.startswith("not published: 0 combinations")


def test_the_search_stops_at_the_enrolment(changed):
    r = changed("facts", "lynx-enrolled", "value", 40)
    assert isinstance(registry.entry(r, "DI-20").answer, NotRecomputable)


def test_designs_and_their_majority(entry):
    assert entry("DI-27").because == "17 retrospective and 4 single-arm: 21 of 24 studies"


def test_ongoing_trials_leave_out_the_record_whose_results_are_quoted(entry):
    assert entry("DI-31").answer.value == frozenset({51, 52, 53})


def test_statements_that_repeat_another_have_its_answer(published):
    for claim_id, first in (("DI-03", "R3.4-03"), ("DI-28", "R3.5-41"), ("DI-33", "R3.5-08")):
        assert registry.entry(published, claim_id).answer == registry.entry(published, first).answer


def test_the_included_set_in_the_reference_list(entry, published):
    assert entry("RF-01").answer.value == len(published.references)
    assert entry("RF-02").answer.value == frozenset([*range(21, 46), *range(57, 66)])


def test_the_year_of_a_volume_comes_from_its_neighbours(entry, changed):
    assert entry("RF-04").answer.value == 2016
    assert "Blood 128 is 2016 by reference 50" in entry("RF-04").because
    r = changed("references", 50, "year_printed", 2015)
    found = registry.entry(r, "RF-04")
    assert found.status == compare.NOT_RECOMPUTABLE and "2 years" in found.because


def test_printed_defects_show_in_title_and_names(entry):
    assert "durvalumab" in entry("RF-03").because
    assert "Janssen" in entry("RF-05").because and "Bahlis NJ" in entry("RF-05").because


def test_reports_that_the_results_never_cite(entry):
    assert entry("RF-06").answer.beside.value == 9


def test_a_study_is_cited_by_another_report_than_its_lead(entry):
    """No rule of the article says which report of a study is cited."""
    assert entry("RF-07").status == compare.NOT_RECOMPUTABLE
    assert "reference 63 is the article of 2023" in entry("RF-07").because


def test_authors_without_interests(entry):
    assert entry("DC-04").because == "13 authors - 12 named = 1"


def test_judgements_say_why_they_have_no_value(published):
    for claim_id in ("DI-18", "DI-24", "DI-25", "DI-29", "DI-34"):
        answer = registry.entry(published, claim_id).answer
        assert isinstance(answer, NotRecomputable)
        assert answer.reason == "judgement" and answer.detail
