"""What later editions may hold that the published one does not: each counts as what it is."""

import pandas as pd
import pytest
from layers import first

from article.synthesis.contrasts import contrast_rows
from review.audit.outcomes import outcome_rows
from review.dataset.schema import ROW
from review.report import chapter, studies
from review.report.sentences import tell


def with_rows(r, table, *changes):
    """The edition with copies of rows of a table: (key of the row, cells that differ)."""
    frame = r.tables[table]
    more = [frame[frame.iloc[:, 0] == key].assign(**cells) for key, cells in changes]
    more = [one.assign(**{ROW: f"{table}/{one.iloc[0, 0]}"}) for one in more]
    rows = pd.concat([frame, *[one.astype(object) for one in more]], ignore_index=True)
    return r.with_tables(**{table: rows.astype(frame.dtypes.to_dict())})


def without(r, table, *keys):
    frame = r.tables[table]
    return r.with_tables(**{table: frame[~frame.iloc[:, 0].isin(keys)].reset_index(drop=True)})


def test_groups_of_a_comparison_count_where_a_study_has_nothing_else(published):
    own = published.outcomes
    nooka = own[own["outcome_id"].str.startswith("nooka-2019") & (own["outcome"] == "orr")
                & (own["use"] == "synthesis")]
    elsewhere = nooka.loc[nooka["figure"].astype("string") != "fig-naive", "outcome_id"]
    assert 0 < len(elsewhere) < len(nooka)
    before = outcome_rows(published, "orr", "rwe")
    after = outcome_rows(without(published, "outcomes", *elsewhere), "orr", "rwe")
    assert after.reporting_studies == before.reporting_studies
    assert set(after.rows["outcome_id"]) - set(before.rows["outcome_id"]) == set(
        nooka["outcome_id"]) - set(elsewhere)


def test_a_rate_is_not_set_beside_a_ratio(published):
    r = with_rows(published, "outcomes",
                  ("image-exposed-pfs", {"outcome_id": "a", "use": "context", "statistic": "rate",
                                         "unit": "percent", "value": 55.0}),
                  ("image-naive-pfs", {"outcome_id": "b", "use": "context",
                                       "statistic": "hazard ratio", "unit": "ratio",
                                       "value": 0.5}))
    assert len(contrast_rows(r)) == len(contrast_rows(published))


def test_a_median_not_reached_is_longer_than_one_that_was(published):
    outcomes = published.outcomes.copy()
    row = outcomes["outcome_id"] == "image-exposed-pfs"
    outcomes.loc[row, ["status", "kind"]] = ["not reached", "bound"]
    outcomes.loc[row, ["value", "printed", "bound_low"]] = [pd.NA, pd.NA, 60.0]
    before, after = (contrast_rows(r).set_index(["outcome_id", "beside"]) for r in (
        published, published.with_tables(outcomes=outcomes)))
    assert len(after) == len(before)
    exposed = after.loc["image-exposed-pfs"]
    assert set(exposed["direction"]) == {"higher"} and set(exposed["value"]) == {"not reached"}


def test_a_trial_that_was_outside_and_is_included_is_told_as_one_of_the_review(published):
    r = with_rows(published, "studies",
                  ("trimm-2", {"study_id": "lynx", "label": "LYNX", "design": "randomised"}))
    assert not (contrast_rows(r)["study"] == "LYNX").any()
    assert tell("lynx-place", r) == "a randomised trial of this edition"
    assert tell("lynx-place", published) == "a randomised trial outside the review"
    r = with_rows(r, "arms", ("image-exposed", {"arm_id": "lynx-dkd", "study_id": "lynx"}),
                  ("image-naive", {"arm_id": "lynx-kd", "study_id": "lynx"}))
    r = with_rows(r, "outcomes",
                  ("image-exposed-pfs", {"outcome_id": "lynx-a", "arm_id": "lynx-dkd"}),
                  ("image-naive-pfs", {"outcome_id": "lynx-b", "arm_id": "lynx-kd"}))
    own = contrast_rows(r).query("study == 'LYNX'")
    assert len(own) == 1 and own["pairing"].tolist() == ["randomised"]
    assert own["caveat"].tolist() == ["not stated"]
    assert "not allotted by chance, except in LYNX, some overlap" in tell("contrasts-caution", r)
    assert "in LYNX, groups with and without retreatment were allotted by chance" in tell(
        "synthesis-proposals", r)


def test_a_study_left_alone_of_its_cohort_shares_patients_with_none(published):
    cohort = published.overlaps.iloc[0]
    own = published.overlaps[published.overlaps["cohort"] == cohort["cohort"]]
    gone = without(published, "studies", *own["study_id"].iloc[1:])
    assert str(cohort["cohort"]) in tell("synthesis-overlaps", published)
    assert str(cohort["cohort"]) not in tell("synthesis-overlaps", gone)


def test_a_response_that_could_not_be_estimated_is_no_count(published):
    before = tell("synthesis-identified", published)
    r = with_rows(published, "outcomes",
                  ("image-exposed-pfs", {"outcome_id": "x", "outcome": "orr", "unit": "percent",
                                         "statistic": "proportion", "status": "not estimable",
                                         "value": pd.NA, "printed": pd.NA, "n_total": 40}))
    assert tell("synthesis-identified", r) == before
    assert tell("synthesis-classes", r) == tell("synthesis-classes", published)


@pytest.mark.parametrize(("statistic", "words"), first(1, [
    ("median", "Median PFS"), ("hazard ratio", "PFS, hazard ratio"), ("rate", "PFS, rate")]))
def test_a_section_names_a_result_by_its_own_statistic(published, statistic, words):
    r = with_rows(published, "outcomes", ("image-exposed-pfs", {
        "outcome_id": "made-row", "statistic": statistic}))
    [line] = [line for line in studies.sections(r).split("\n") if "made-row" in line]
    assert words in line


def test_what_the_article_has_is_quoted_when_its_row_is_gone(published, monkeypatch):
    key = "outcomes/nooka-2019-dara-refractory-orr"
    printed = chapter.cell(key, "printed")
    monkeypatch.setattr(chapter, "r", without(published, "outcomes", key.partition("/")[2]))
    monkeypatch.setattr(chapter._verdicts, "published", lambda r: published)
    assert chapter.cell(key, "printed") == printed
    with pytest.raises(KeyError):
        chapter.cell("outcomes/no-such-row", "printed")
