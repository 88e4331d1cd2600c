"""Each headline sentence holds on the published rows as it should, and changes when they do."""

import pytest

from article.conclusions.limits import against_limit
from article.contents import CONTENTS
from review.audit import compare, conclusions, registry
from review.audit.conclusions import (
    UnknownConclusion,
    conclude,
    say,
)
from review.audit.printed import limit
from review.dataset.views import group_records, groups
from review.wording import plain, unmarked

HEADLINES = conclusions.headlines(CONTENTS)
PUBLISHED = {
    # medians that only the article's own range holds below the limit show nothing
    "clinical-pfs-ceiling": None, "rwe-pfs-ceiling": None, "os-ceiling": True,
    # one included record gives a longer median, counted from another day
    "os-included-records": True,
    "clinical-orr-floor": True,
    # values that stand only in a figure image leave the order of the middles open
    "refractoriness-gradient": None,
    "benefit-limited": None,
}
# what a verdict of the ledger says of the statement, in the words of a headline
SAYS = {compare.REPRODUCES: True, compare.UNDER_RULE: True, compare.DIFFERS: False,
        compare.NOT_RECOMPUTABLE: None}


@pytest.mark.parametrize("name", HEADLINES)
def test_truth_on_the_published_edition(published, name):
    assert conclude(name, published).truth is PUBLISHED[name]


def test_every_conclusion_restates_claims_of_the_register_and_rests_on_rows(published):
    known = set(published.claims["claim_id"])
    for found in conclusions.evaluate(published):
        assert found.claims and set(found.claims) <= known
        assert found.rows and found.because


@pytest.mark.parametrize("name", ["clinical-pfs-ceiling", "rwe-pfs-ceiling", "os-ceiling",
                                  "os-included-records", "clinical-orr-floor"])
def test_limits_are_those_of_the_register(published, name):
    claim_id = HEADLINES[name].claims[0]
    assert f"below {plain(limit(published, claim_id))}" in say(name, published)


def disagreements(r):
    """Headlines and the claims that each restates, where the two say something else."""
    return [(name, claim_id) for name, head in HEADLINES.items() for claim_id in head.claims
            if SAYS[registry.entry(r, claim_id).status] is not conclude(name, r).truth]


def test_each_headline_agrees_with_the_claims_it_restates(published):
    assert disagreements(published) == []


def test_a_headline_and_its_claim_that_part_are_noticed(published):
    register = published.claims.copy()
    register.loc[register["claim_id"] == "DI-05", "tokens"] = "false"
    assert disagreements(published.with_tables(claims=register)) == [("os-ceiling", "DI-05")]


def test_both_turn_together_when_the_rows_do(changed):
    """A value above each limit: the ledger and the headline say so both."""
    for key, name in (("image-exposed-pfs", "rwe-pfs-ceiling"),
                      ("dara-atra-retreated-os", "os-ceiling")):
        r = changed("outcomes", key, "value", 30.0)
        assert conclude(name, r).truth is False
        assert not [pair for pair in disagreements(r) if pair[0] == name]


def test_a_median_that_the_articles_own_range_holds_below_is_said_to_be_so(published):
    told = say("rwe-pfs-ceiling", published)
    assert "for four of them taken from the article's own range" in told
    assert "taken from the article's own range" in say("clinical-pfs-ceiling", published)
    assert "own range" not in say("os-ceiling", published)


def test_the_one_exception_is_named_with_its_value(published):
    told = say("clinical-pfs-ceiling", published)
    rows = groups(published, "pfs", "clinical")
    top = rows.loc[rows["value"].idxmax()]
    assert f"all but one of six clinical trials; the exception is {top['study']}" in told
    assert f"({top['printed']} months)" in told


@pytest.mark.parametrize(("name", "outcome", "setting", "over"), [
    ("clinical-pfs-ceiling", "pfs", "clinical", 3), ("rwe-pfs-ceiling", "pfs", "rwe", 9),
    ("os-ceiling", "os", "rwe", 20), ("os-ceiling", "os", "clinical", 21.0),
    ("clinical-orr-floor", "orr", "clinical", 5),
])
def test_a_study_at_the_limit_turns_the_truth_and_the_sentence(
        published, grown, name, outcome, setting, over):
    new = grown(published, outcome, setting, value=over)
    found, was = conclude(name, new), conclude(name, published)
    assert was.truth is not False and found.truth is False
    assert found.sentence != was.sentence and "Newcomer 2026" in found.sentence
    assert "Newcomer 2026" in found.because


@pytest.mark.parametrize(("name", "outcome", "setting", "under"), [
    ("clinical-pfs-ceiling", "pfs", "clinical", 2.99), ("rwe-pfs-ceiling", "pfs", "rwe", 8.99),
    ("os-ceiling", "os", "rwe", 19.99), ("clinical-orr-floor", "orr", "clinical", 4.9),
])
def test_a_study_just_below_the_limit_keeps_the_truth(
        published, grown, name, outcome, setting, under):
    found = conclude(name, grown(published, outcome, setting, value=under))
    assert found.truth is PUBLISHED[name]
    assert "Newcomer 2026" not in found.sentence.replace(
        "highest is Newcomer 2026", "")  # it may be the new highest, not an exception


def test_more_exceptions_than_the_article_excepts_are_said(published, grown):
    new = grown(published, "pfs", "clinical", value=10.7)
    told = say("clinical-pfs-ceiling", new)
    assert "five of seven clinical trials; the exceptions are TRIMM-2" in told
    assert "where the article excepts one" in told
    assert "Newcomer 2026 (10.7 months)" in told


def test_fewer_exceptions_than_the_article_excepts_turn_the_truth(published, without):
    rows = groups(published, "pfs", "clinical")
    top = rows.loc[rows["value"].idxmax(), "outcome_id"]
    found = conclude("clinical-pfs-ceiling",
                     without(published, published.outcomes["outcome_id"] == top))
    assert found.truth is False
    assert "all five clinical trials" in found.sentence


def test_a_bound_proves_but_is_never_a_value(published, grown):
    proven = grown(published, "os", "rwe", status="not transcribed", kind="bound", bound_low=8.4,
                   bound_high=19.9)
    assert conclude("os-ceiling", proven).truth is True
    assert "19.9" not in say("os-ceiling", proven)
    at_it = grown(published, "os", "rwe", status="not transcribed", kind="bound", bound_low=8.4,
                  bound_high=20)
    assert conclude("os-ceiling", at_it).truth is None
    open_ = grown(published, "os", "rwe", status="not transcribed", kind="bound", bound_low=8.4,
                  bound_high=30)
    found = conclude("os-ceiling", open_)
    assert found.truth is None
    assert "cannot be decided for Newcomer 2026" in found.sentence
    beyond = grown(published, "os", "rwe", status="not transcribed", kind="bound", bound_low=21,
                   bound_high=30)
    assert conclude("os-ceiling", beyond).truth is False


def test_a_value_not_transcribed_without_limits_leaves_it_open(published, grown):
    new = grown(published, "pfs", "rwe", status="not transcribed")
    assert conclude("rwe-pfs-ceiling", new).truth is None
    assert conclude("benefit-limited", new).truth is None


@pytest.mark.parametrize("status", ["not reached", "not reported"])
def test_what_was_not_reached_or_reported_is_no_median(published, grown, status):
    new = grown(published, "os", "rwe", status=status)
    assert conclude("os-ceiling", new).truth is True
    assert ("Newcomer 2026" in say("os-ceiling", new)) == (status == "not reached")


def test_a_study_that_cannot_be_placed_is_no_exception(published, grown):
    """It is not told as the one exception, and a count of groups says of which groups."""
    new = grown(published, "pfs", "rwe", status="not transcribed", kind="bound", bound_low=2,
                bound_high=20)
    told = say("rwe-pfs-ceiling", new)
    assert "in nine of ten real-world studies" in told
    assert "For eight groups of 13 that can be placed only an upper limit is known" in told
    assert "in nine of ten real-world studies (not decided for one)" in say("benefit-limited", new)
    assert "(not decided" not in say("benefit-limited", published)


def test_what_cannot_be_estimated_is_not_told_as_not_reached(published, grown):
    told = say("os-ceiling", grown(published, "os", "rwe", status="not estimable"))
    assert "it was not reached in FUSION-MM-005 and Kikuchi 2023; it could not be estimated in " \
        "Newcomer 2026." in told


def test_several_studies_with_the_highest_value_are_many(published, grown):
    told = say("os-ceiling", grown(published, "os", "rwe", value=19.1))
    assert "the highest are Frerichs 2021 (ATRA) (19.1 months) and Newcomer 2026 (19.1 months);" \
        in told


def test_what_cannot_be_decided_is_said_once(published, grown):
    new = grown(published, "os", "rwe", status="not transcribed", kind="bound", bound_low=6)
    assert "lies below 20 months cannot be decided for Newcomer 2026, where no value" in say(
        "os-included-records", new)


def test_no_row_at_all_is_no_support(published, without):
    empty = without(published, published.outcomes["outcome"].notna())
    for found in conclusions.evaluate(empty):
        assert found.truth is not True
        assert "nan" not in found.sentence.lower() and found.sentence.endswith(".")


def test_a_part_that_flips_flips_the_whole(published, grown):
    new = grown(published, "os", "rwe", value=21.0)
    found = conclude("benefit-limited", new)
    assert found.truth is False
    assert "reached OS does not hold" in found.because
    assert "not all limits that it names hold" in found.sentence


def test_another_time_zero_is_said(published):
    told = say("os-included-records", published)
    assert told.startswith("The same holds")
    row = published.outcomes[published.outcomes["time_zero"].notna()
                             & (published.outcomes["outcome"] == "os")].iloc[0]
    assert f"counted from the {row['time_zero']}" in told


def test_the_gradient_is_decided_once_the_values_are_known(published):

    def read(at: str):
        rows = published.outcomes.copy()
        image = (rows["status"] == "not transcribed") & (rows["outcome"] == "pfs")
        low, high = rows.loc[image, "bound_low"], rows.loc[image, "bound_high"]
        rows.loc[image, "value"] = low if at == "low" else high
        rows.loc[image, "status"], rows.loc[image, "kind"] = "value", "reported"
        return conclude("refractoriness-gradient", published.with_tables(outcomes=rows))

    assert {read("low").truth, read("high").truth} == {True, False}
    assert "cannot be decided" not in read("low").sentence + read("high").sentence


@pytest.fixture
def two_groups(published):
    """two_groups(refractory, exposed): the edition with a median of PFS in real-world groups of
    Kostopoulos 2023 and IMAGE alone, each with the cells given; None leaves a group out."""

    def make(**cells):
        groups_ = {"refractory": "kostopoulos-2023-retreated-pfs", "exposed": "image-exposed-pfs"}
        kept = [groups_[name] for name, given in cells.items() if given is not None]
        rows = published.outcomes
        rows = rows[rows["outcome_id"].isin(kept)].reset_index(drop=True)
        for name, given in cells.items():
            for column, cell in (given or {}).items():
                rows.loc[rows["outcome_id"] == groups_[name], column] = cell
        return published.with_tables(outcomes=rows)

    return make


KNOWN_BETWEEN_2_AND_5 = {"status": "not transcribed", "kind": "bound", "value": None,
                         "bound_low": 2.0, "bound_high": 5.0}


@pytest.mark.parametrize(("refractory", "exposed", "truth"), [
    ({"value": 4.9}, {"value": 5.0}, True),
    ({"value": 5.0}, {"value": 5.0}, False),
    # ranges that touch leave it open
    (KNOWN_BETWEEN_2_AND_5, {"value": 5.0}, None),
    ({"value": 2.0}, KNOWN_BETWEEN_2_AND_5, None),
    ({"value": 5.0}, KNOWN_BETWEEN_2_AND_5, False),
])
def test_the_order_is_decided_where_the_ranges_of_the_middles_do_not_touch(
        two_groups, refractory, exposed, truth):
    r = two_groups(refractory=refractory, exposed=exposed)
    assert conclude("refractoriness-gradient", r).truth is truth


@pytest.mark.parametrize("there", ["refractory", "exposed"])
def test_medians_on_one_side_alone_have_no_order(two_groups, there):
    r = two_groups(**{"refractory": None, "exposed": None, there: {}})
    found = conclude("refractoriness-gradient", r)
    assert found.truth is None
    assert "there are not medians on both sides of 95% refractory" in found.sentence


def test_groups_are_counted_where_a_study_has_several(published):
    assert "in five studies with more than 95% refractory patients" in say(
        "refractoriness-gradient", published)
    assert "in the others (eight groups of four studies)" in say(
        "refractoriness-gradient", published)


def test_studies_that_compare_within_stand_in_the_order_of_the_dataset(published):
    arms = published.arms.copy()
    for arm, exposure in (("yashar-2021-2l", "refractory"),
                          ("yashar-2021-5l", "exposed, not refractory")):
        arms.loc[arms["arm_id"] == arm, "exposure"] = exposure
    outcomes = published.outcomes.copy()
    second = outcomes["outcome_id"] == "yashar-2021-2l-pfs"
    for column, cell in {"status": "value", "kind": "reported", "value": 2.0}.items():
        outcomes.loc[second, column] = cell
    told = say("refractoriness-gradient", published.with_tables(arms=arms, outcomes=outcomes))
    assert told.index("Within Yashar 2021") < told.index("within IMAGE")


def test_the_comparison_within_a_study_is_given(published):
    assert "Within IMAGE, median PFS was 3.0 months in refractory and 8.4 months in exposed" in say(
        "refractoriness-gradient", published)


def test_words_can_be_linked_to_the_claim_they_restate(published):
    linked = say("os-ceiling", published, lambda claim_id, words: f"<{claim_id}:{words}>")
    assert "<DI-05:below 20 months>" in linked
    assert unmarked(say("os-ceiling", published)) in linked.replace(
        "<DI-05:below 20 months>", "below 20 months")


def test_an_unknown_conclusion_is_an_error(published):
    with pytest.raises(UnknownConclusion, match="no-such"):
        say("no-such", published)


def test_every_group_is_somewhere(published):
    rows = group_records(published, "os")
    found = against_limit(rows, 20)
    parts = (found.above, found.below, found.open, found.unreached)
    assert sorted(row["outcome_id"] for part in parts for row in part) == sorted(
        row["outcome_id"] for row in rows)


# --- medians that were not reached, and what is no median ---------------------------------------


def test_a_median_known_not_to_be_reached_by_the_limit_is_an_exception(published, grown):
    r = grown(published, "pfs", "rwe", status="not reached", kind="bound", bound_low=14.0)
    assert conclude("rwe-pfs-ceiling", r).truth is False
    told = say("rwe-pfs-ceiling", r)
    assert "Newcomer 2026 (not reached, at least 14 months)" in told
    assert "all but one of ten" in told


def test_a_median_not_reached_leaves_the_limit_open_where_nothing_is_known_of_it(published, grown):
    r = grown(published, "pfs", "clinical", status="not reached", bound_low=2.0)
    found = conclude("clinical-pfs-ceiling", r)
    assert found.truth is None
    assert "it cannot be decided for Newcomer 2026, where it was not reached" in found.sentence
    assert "in five of seven clinical trials" in found.sentence
    assert "(not decided for one)" in say("benefit-limited", r)


def test_a_limit_of_medians_that_were_reached_says_nothing_of_the_others(published, grown):
    r = grown(published, "os", "rwe", status="not reached", kind="bound", bound_low=30.0)
    assert conclude("os-ceiling", r).truth is True
    assert conclude("os-included-records", r).truth is True
    assert "in all eight studies" in say("os-ceiling", r)


def test_a_longer_median_never_lowers_the_middle(published):
    def exposed(**cells):
        outcomes = published.outcomes.copy()
        row = outcomes["outcome_id"] == "image-exposed-pfs"
        for name, cell in cells.items():
            outcomes.loc[row, name] = cell
        return say("refractoriness-gradient", published.with_tables(outcomes=outcomes))

    assert "it is 2.25 to 8.4 months" in exposed()
    longer = exposed(status="not reached", kind="bound", value=None, printed=None, bound_low=9.0)
    assert "it is 2.25 to 8.4 months" in longer
    assert "known only by their limits and one was not reached. By" in longer
    assert "3.0 months in refractory and not reached in exposed" in longer


@pytest.mark.parametrize(("statistic", "unit", "value"), [
    ("rate", "percent", 44.0), ("hazard ratio", "ratio", 0.5)])
def test_a_rate_or_a_ratio_is_no_median(published, grown, statistic, unit, value):
    r = grown(published, "os", "rwe", use="context", statistic=statistic, unit=unit, value=value)
    for name in HEADLINES:
        assert say(name, r) == say(name, published)


def test_the_records_themselves_are_told_apart_from_what_the_review_shows(published, grown):
    r = grown(published, "os", "rwe", value=30.0, time_zero="start of the first line")
    assert conclude("os-ceiling", r).truth is False
    told = say("os-included-records", r)
    assert told.startswith("Every median OS of retreated patients that was seen")
