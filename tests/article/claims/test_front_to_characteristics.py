"""Claims of the front matter, abstract, introduction, methods and Results 3.1 to 3.3.

On the dataset: answers that follow from the paper by hand. On changed copies: a cell moves the
claims that rest on it, and a bound or an emptied cell never becomes a number.
"""

from dataclasses import replace

import pandas as pd
import pytest

from article import quantities
from article.contents import CONTENTS
from review.audit import compare, registry
from review.audit.answers import NotRecomputable


@pytest.fixture
def entry(published):
    return lambda claim_id: registry.entry(published, claim_id)


@pytest.fixture
def cells(published):
    """The published edition with several cells of one table changed, and one earlier change kept:
    cells("outcomes", {row key: {column: value}})."""

    def change(table, rows, review=published):
        frame = getattr(review, table).copy()
        for key, values in rows.items():
            hit = frame[frame.columns[0]] == key
            assert hit.sum() == 1, f"{table}/{key} is {hit.sum()} rows"
            for column, value in values.items():
                frame.loc[hit, column] = value
        return review.with_tables(**{table: frame})

    return change


def test_flow_of_records_adds_up(entry):
    assert "also printed elsewhere: 2938" in entry("R3.1-01").because
    assert entry("R3.1-05").because == "2938 − 130 − 2621 − 164 = 23"
    assert entry("R3.1-07").because == "9 + 1 + 1 = 11"
    assert entry("R3.1-06").because == "34 − 23 = 11"


@pytest.mark.parametrize(("count", "reports"), [(None, 34), (3, 35)])
def test_reports_of_the_flow_are_those_of_the_newest_edition_that_states_one(
        published, count, reports):
    """A later edition adds a report; what its boxes leave open counts it nowhere."""
    last = published.editions[published.editions["edition_id"] == "published"]
    later = last.assign(edition_id="2026-1", position=last["position"] + 1)
    report = published.reports.iloc[[0]].assign(report_id="new", edition_added="2026-1")
    box = published.flow[published.flow["flow_id"] == "published-database_results"].assign(
        flow_id="2026-1-database_results", edition_id="2026-1", n=count)

    def more(table, rows):
        return pd.concat([table, rows.astype(table.dtypes.to_dict())], ignore_index=True)

    r = replace(published.with_tables(editions=more(published.editions, later),
                                      reports=more(published.reports, report),
                                      flow=more(published.flow, box)), edition=later.iloc[0])
    assert quantities.flow_reports(r).value == reports
    assert quantities.flow(r, "database_results")[0].value == (count or 2938)


def test_one_equation_confirms_one_statement(entry, changed):
    """Each term follows from the others, so that it can be checked once and not once a term."""
    for terms, checked in ((("R3.1-02", "R3.1-03", "R3.1-04"), "R3.1-05"),
                           (("R3.1-08", "R3.1-10"), "R3.1-07"), (("M2.3-02",), "M2.3-01")):
        assert entry(checked).status == compare.REPRODUCES
        for term in terms:
            assert entry(term).status == compare.NOT_RECOMPUTABLE
            assert f"the one equation that holds it is that of {checked}" in entry(term).because
    r = changed("flow", "published-duplicates", "n", 131)
    assert registry.entry(r, "R3.1-05").status == compare.DIFFERS


def test_records_of_abstract_and_results_must_agree(changed):
    r = changed("flow", "published-database_results", "n", 2939)
    assert registry.entry(r, "R3.1-01").status == compare.DIFFERS


def test_an_emptied_box_is_no_zero(changed):
    r = changed("flow", "published-included_citations", "n", pd.NA)
    found = registry.entry(r, "R3.1-07")
    assert found.status == compare.NOT_RECOMPUTABLE
    assert "no count of included_citations" in found.because


def test_abstract_body_and_discussion_share_their_functions():
    rules = registry.rules(CONTENTS)
    for first, again in (("AB-05", "R3.1-11"), ("AB-06", "R3.1-12"), ("AB-08", "R3.2-02"),
                         ("AB-09", "R3.3-03"), ("AB-10", "R3.3-04")):
        assert rules[first] is rules[again]


def test_studies_by_setting_and_design(published, entry):
    counts = [quantities.studies(published, s).value for s in (None, "clinical", "rwe")]
    assert counts == [24, 6, 18]
    assert entry("R3.2-01").answer.atoms == (2, 4, 6)
    assert entry("R3.3-01").answer.members == ("EMMY",)


def test_reports_by_kind(published):
    kinds = {kind: quantities.reports(published, kind).value
             for kind in ("article", "abstract", "registry")}
    assert kinds == {"article": 16, "abstract": 17, "registry": 1}


def test_follow_up_leaves_out_the_upper_limit(published, entry):
    assert quantities.follow_up_range(published, "clinical").atoms == (1.9, 43)
    assert quantities.follow_up_range(published, "rwe").atoms == (8.7, 41)
    found = entry("AB-14")
    assert found.status == compare.DIFFERS and "Perez de Acha 2023 prints ≤53" in found.because
    assert entry("R3.3-05").answer.high_by == "Frerichs 2021 (ATRA)"


def test_a_median_in_place_of_the_limit_would_reproduce_both_ends(cells):
    r = cells("characteristics", {"perez-de-acha-2023-follow-up": {
        "value": 53.0, "status": "value", "kind": "reported", "bound_high": pd.NA}})
    assert {registry.entry(r, name).status for name in ("AB-14", "R3.3-05")} == {compare.REPRODUCES}


def test_shortest_follow_up_rests_on_lead_reports(entry):
    found = entry("AB-13")
    assert found.status == compare.UNDER_RULE
    assert (found.answer.plain.value, found.answer.ruled.value) == (3, 8.7)


def test_studies_with_follow_up(entry):
    found = entry("AB-15").answer
    assert (found.plain.value, found.ruled.value) == (9, 10)
    assert "MAMMOTH" in found.plain.members and "ref-45" in found.ruled.members


def test_clinical_pfs_is_open_until_the_figure_is_read(entry, cells):
    found = entry("AB-16")
    assert isinstance(found.answer, NotRecomputable) and "3 of 5 medians" in found.because
    read = {"status": "value", "kind": "reported"}
    r = cells("outcomes", {
        "lesokhin-2023-retreated-pfs": {"value": 1.0, **read},
        "fusion-mm-005-retreated-pfs": {"value": 1.5, **read},
        "mikhael-2021-retreated-pfs": {"value": 2.0, **read}})
    found = registry.entry(r, "AB-16")
    assert found.answer.atoms == (1.0, 2.8) and found.status == compare.REPRODUCES


def test_one_trial_alone_is_above_the_range_as_far_as_is_known(changed, entry, cells):
    """Known medians can contradict the statement; to confirm it takes all of them."""
    assert entry("AB-17").status == compare.NOT_RECOMPUTABLE
    assert "3 of 6 medians stand only in the image of Figure 1A" in entry("AB-17").because
    for key, value in (("icaria-mm-dara-after-isa-pfs", 5.0), ("trimm-2-retreated-pfs", 20.0)):
        r = changed("outcomes", key, "value", value)
        assert registry.entry(r, "AB-17").status == compare.DIFFERS
    read = {"status": "value", "kind": "reported", "value": 2.0}
    names = ("lesokhin-2023", "fusion-mm-005", "mikhael-2021")
    r = cells("outcomes", {f"{name}-retreated-pfs": read for name in names})
    assert registry.entry(r, "AB-17").answer.atoms == (1, 19.4)
    assert {registry.entry(r, name).status for name in ("AB-17", "R3.4-03", "DI-03")} == {
        compare.REPRODUCES}


def test_ends_of_real_world_pfs_are_subgroups(entry):
    found = entry("AB-21").answer
    assert found.plain.atoms == (3.3, 5.0), "IMAGE and the lines of Yashar are parts of studies"
    assert (found.ruled.low_by, found.ruled.high_by) == ("Yashar 2021", "IMAGE")


def test_bounds_never_set_an_end(cells, published):
    r = cells("outcomes", {"kastritis-2023-retreated-os": {"bound_low": 0.1, "bound_high": 99.0},
                           "zhou-2022-retreated-orr": {"bound_high": 100.0}})
    for claim_id in ("AB-21", "AB-22", "AB-24"):
        before = registry.entry(published, claim_id)
        assert registry.entry(r, claim_id).recomputed == before.recomputed


def test_a_zero_decimal_added_is_form(entry, changed):
    assert entry("AB-27").answer.atoms == (43, 53)
    assert entry("AB-27").status == compare.REPRODUCES
    r = changed("characteristics", "dara-atra-follow-up", "value", 43.4)
    assert registry.entry(r, "AB-27").status == compare.DIFFERS


def test_the_numbers_of_one_sentence_need_one_rule(entry, changed):
    """Ends and count each follow by some unit, and by no unit together."""
    alone = [entry(name).status for name in ("AB-13", "AB-15")]
    assert set(alone) == {compare.UNDER_RULE}
    found = entry("AB-28")
    assert found.status == compare.DIFFERS and found.answer.atoms == (8.7, 41, 8)
    assert "publication lines, limits counted as medians: 3 to 53 in 10" in found.because
    assert entry("AB-29").status == compare.REPRODUCES
    spoilt = changed("characteristics", "mikhael-2021-follow-up", "value", 1.8)
    assert registry.entry(spoilt, "AB-29").status == compare.DIFFERS


def test_cited_works_by_kind(entry):
    assert entry("IN-05").answer.value == frozenset({5, 6, 7, 8})
    assert entry("IN-10").answer.value == frozenset()
    assert entry("M2.1-10").answer.value == frozenset({16, 17})


def test_congresses_of_the_included_abstracts(entry, changed):
    assert entry("M2.1-07").answer.beside.value == "ASCO 1, ASH 13, EHA 3"
    r = changed("references", 45, "congress_year", 2015)
    assert registry.entry(r, "M2.1-06").status == compare.DIFFERS


def test_a_later_report_breaks_the_search_dates(changed):
    found = registry.entry(changed("reports", "ref-37", "year", 2024), "M2.1-04")
    assert found.status == compare.DIFFERS


def test_mixed_populations(entry, changed, cells):
    assert entry("M2.2-01").status == compare.NOT_RECOMPUTABLE
    assert "Girvan 2022, Zhou 2022, Regidor 2021" in entry("M2.2-01").because
    short = changed("studies", "trimm-2", "retreated_percent", 79)
    assert registry.entry(short, "M2.2-01").answer.value is False
    told = cells("studies", {name: {"mixed_population": "all"} for name in (
        "girvan-2022", "zhou-2022", "regidor-2021")})
    assert registry.entry(told, "M2.2-01").status == compare.REPRODUCES


def test_the_size_of_a_result_is_not_that_of_the_study(entry, cells, published):
    found = entry("M2.2-02")
    assert found.status == compare.NOT_RECOMPUTABLE
    assert "largest known result below it: Perez de Acha 2023 (9)" in found.because
    every = {key: {"n_total": 10} for key in published.outcomes["outcome_id"]}
    reported = registry.entry(cells("outcomes", every), "M2.2-02")
    assert reported.status == compare.NOT_RECOMPUTABLE, "one study has no result at all"
    assert "23 of 24 studies have a result for at least 10" in reported.because


def test_the_study_without_an_outcome_of_interest(entry):
    assert entry("M2.2-04").because == "23 of 24 studies; without one: Girvan 2022"


def test_shares_of_the_second_screen_are_complements(entry, changed):
    assert entry("M2.3-01").recomputed == "85"
    r = changed("facts", "second-screen-human", "value", 20)
    assert registry.entry(r, "M2.3-01").status == compare.DIFFERS


def test_appraised_studies_are_those_with_a_full_article(entry, changed):
    assert entry("R3.2-03").answer.ruled.value == 16
    assert "TRIMM-2" in entry("R3.2-04").answer.ruled.members
    r = changed("reports", "ref-22", "type", "article")
    assert {registry.entry(r, name).status for name in ("R3.2-03", "R3.2-04")} == {compare.DIFFERS}


def test_prior_lines_rest_on_lead_reports(entry):
    found = entry("R3.3-06").answer
    assert (found.plain.atoms, found.ruled.atoms) == ((2, 7), (3, 7))


def test_refractory_shares_outside_the_printed_range(entry, changed):
    """The footnote of the tables allows a row to be a subgroup, so no range is contradicted."""
    for name, told in (("R3.3-09", "MAMMOTH 100"), ("R3.3-10", "Zhou 2020 100")):
        assert entry(name).status == compare.NOT_RECOMPUTABLE
        assert f"outside the printed range: {told}, in a table that" in entry(name).because
    assert entry("R3.3-11").answer.atoms == (28, 100)
    r = changed("characteristics", "zhou-2020-refractory", "value", 60)
    assert "outside the printed range" not in registry.entry(r, "R3.3-10").because


def test_what_the_tables_do_not_report(entry):
    assert entry("R3.3-12").answer.beside.value == 7
    assert entry("R3.3-13").answer.beside.members == (
        "Abdallah 2023", "IMAGE", "Girvan 2022", "EMMY", "Atrash 2021", "Yashar 2021")


def test_authors_and_affiliations(entry):
    assert entry("FM-02").answer.atoms == (13, 13)
    assert entry("FM-01").answer.beside.value == "46 days to acceptance, 33 more to publication"


@pytest.mark.parametrize("claim_id", ["IN-01", "IN-08", "M2.3-03", "R3.2-05", "R3.3-07", "AB-09"])
def test_a_statement_made_once_shows_where(entry, claim_id):
    assert any(row.startswith("facts/") for row in entry(claim_id).rows)
