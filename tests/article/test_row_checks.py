"""Row checks: each fires on a row spoilt for it and is silent once the row is as it should be."""

import re

import pandas as pd
import pytest

from article.contents import CONTENTS
from article.row_checks import authors, ranks_of_median
from review.audit import row_checks
from review.dataset.schema import ROW
from review.report import ledger

CHECKS = row_checks.register(CONTENTS)


@pytest.fixture(scope="module")
def with_cells(published):
    """The published edition with cells changed: {(table, key): {column: value}}."""

    def make(changes):
        tables = {}
        for (table, key), cells in changes.items():
            frame = tables.get(table, getattr(published, table).copy())
            hit = frame[frame.columns[0]] == key
            assert hit.sum() == 1, (table, key)
            for column, value in cells.items():
                frame.loc[hit, column] = value
            tables[table] = frame
        return published.with_tables(**tables)

    return make


def texts(r, check_id):
    return [find.text for find in row_checks.finds(r, check_id)]


OUT, C = "outcomes", "characteristics"
EXPOSED = "image-exposed-pfs"
# a check, cells that spoil a clean row for it, and what it then says
SPOILT = [
    ("interval-beyond-follow-up",
     {(OUT, "dara-atra-retreated-os"): {"ci_high": 61.0},
      (C, "dara-atra-follow-up"): {"spread": "range", "low": 1.0, "high": 60.0}},
     "the interval ends at 61 and the follow-up of the longest-followed patient at 60 months"),
    ("median-beyond-follow-up", {(OUT, "dara-atra-retreated-os"): {"value": 44.0}},
     "Frerichs 2021 (ATRA) (“Dara + ATRA”)"),
    ("interval-cut-at-zero", {(OUT, EXPOSED): {"ci_low": 0.0, "ci_high": 17.0}},
     "it would begin at -0.2"),
    ("interval-symmetric", {(OUT, "image-refractory-pfs"): {"ci_high": 3.6}}, "0.6 below and 0.6"),
    ("same-group-twice",
     {(OUT, "image-refractory-pfs"): {"value": 5.0, "ci_low": 1.5, "ci_high": 8.4, "n_total": 35}},
     "IMAGE (reference 29), group image-refractory: each 35 patients with pfs 5"),
    ("two-denominators", {(OUT, "kikuchi-2023-retreated-os"): {"n_total": 38}},
     "Kikuchi 2023: PFS 39, OS 38, ORR 39"),
    ("share-of-another-group", {(OUT, "kikuchi-2023-retreated-orr"): {"n_total": 7}},
     "Kikuchi 2023, 7 patients: no whole number gives 72% (nearest 5/7 = 71.4%)"),
    ("too-few-lines", {(C, "kikuchi-2023-prior-lines"): {"low": 0.0}}, "Kikuchi 2023"),
    ("interval-of-a-count", {(C, "kikuchi-2023-prior-lines"): {"spread": "95% CI"}},
     "of 39 patients it ends at number 13 and 27 in order, so that at most 13 have 4"),
    ("median-at-an-end", {(C, "kikuchi-2023-prior-lines"): {"high": 4.0}},
     "at least half of the patients have exactly 4"),
    ("reference-of-another-study", {("claims", "R3.5-32"): {"refs_cited": "34"}},
     "printed with reference 34, which is Yashar 2021; the result is of Kikuchi 2023"),
    ("panel-size", {("panels", "fig-rwe-orr-8"): {"n_total": 40}},
     "Kikuchi 2023: 40 patients in row 8 of the panel, 39 elsewhere"),
    ("abbreviation-undefined", {("studies", "kikuchi-2023"): {"regimen": "Isa + XYZ"}},
     "XYZ in tbl-rwe, 1 time"),
]
# cells that mend what a check finds in the published edition, and whose finds are gone then
MENDED = [
    ("interval-beyond-follow-up", {(OUT, "mikhael-2021-retreated-os"): {"ci_high": 18.5}},
     "Mikhael"),
    ("median-beyond-follow-up", {(C, "trimm-2-follow-up"): {"value": 19.4}}, "TRIMM-2"),
    ("median-beyond-follow-up", {(OUT, "mikhael-2021-retreated-os"): {"time_zero": "diagnosis"}},
     "Mikhael"),
    ("interval-cut-at-zero", {(OUT, "nooka-2019-retreated-pfs"): {"ci_low": 0.1}}, "Nooka"),
    ("interval-symmetric", {(OUT, "zhou-2022-retreated-os"): {"ci_high": 12.0}}, "Zhou 2022"),
    ("same-group-twice", {(C, "nooka-2019-prior-lines"): {"high": 14.0}}, "Nooka"),
    ("two-denominators", {(OUT, "icaria-mm-dara-orr"): {"n_total": 9}}, "ICARIA"),
    ("share-of-another-group", {(OUT, "perez-de-acha-2023-retreated-orr"): {"n_total": pd.NA}},
     "Perez"),
    ("too-few-lines", {(C, "zhou-2020-prior-lines"): {"low": 2.0}}, "Zhou 2020"),
    ("too-few-lines", {(C, "szabo-2022-prior-lines"): {"exposure_point": "index"}}, "Szabo"),
    ("interval-of-a-count", {(C, "icaria-mm-prior-lines"): {"spread": "iqr"}}, "ICARIA"),
    ("median-at-an-end", {(C, "fusion-mm-005-prior-lines"): {"low": 3.0}}, "FUSION"),
    ("reference-of-another-study", {("claims", "R3.4-13"): {"refs_cited": "23"}}, "ATRA"),
    ("panel-size", {("panels", "fig-rwe-orr-2"): {"n_total": 38}}, "Zhou 2022"),
    # a size that is not known is not another one
    ("panel-size", {(OUT, "zhou-2022-retreated-orr"): {"n_total": pd.NA}}, "Zhou 2022"),
    ("abbreviation-undefined",
     {("abbreviations", "NS"): {"meaning": "not specified", "used_in": "tbl-rwe;figure-2"}}, "NS"),
]


@pytest.mark.parametrize(("check_id", "changes", "told"), SPOILT)
def test_a_spoilt_row_is_found(published, with_cells, check_id, changes, told):
    assert not any(told in text for text in texts(published, check_id))
    assert any(told in text for text in texts(with_cells(changes), check_id))


@pytest.mark.parametrize(("check_id", "changes", "who"), MENDED)
def test_a_row_as_it_should_be_is_passed_over(published, with_cells, check_id, changes, who):
    assert any(who in text for text in texts(published, check_id))
    assert not any(who in text for text in texts(with_cells(changes), check_id))


@pytest.mark.parametrize("check_id", ["median-beyond-follow-up", "interval-symmetric",
                                      "interval-cut-at-zero", "interval-beyond-follow-up"])
@pytest.mark.parametrize("statistic", ["rate", "hazard ratio"])
def test_what_is_no_median_is_not_looked_at_as_one(published, with_cells, check_id, statistic):
    """A rate at a time and a hazard ratio are kept beside the medians of the same outcome."""
    other = with_cells({(OUT, "trimm-2-retreated-pfs"): {"statistic": statistic},
                        (OUT, "mikhael-2021-retreated-os"): {"statistic": statistic},
                        (OUT, "nooka-2019-retreated-pfs"): {"statistic": statistic}})
    names = ("TRIMM-2", "Mikhael 2021", "Nooka 2019")
    assert not [text for text in texts(other, check_id) if text.startswith(names)]
    assert [text for text in texts(published, check_id) if text.startswith(names)] \
        or check_id == "interval-symmetric"


def test_one_month_and_one_patient_are_one(with_cells):
    short = with_cells({(C, "trimm-2-follow-up"): {"value": 1.0},
                        (OUT, "perez-de-acha-2023-retreated-orr"): {"n_total": 1}})
    assert any(text.endswith("after a median follow-up of 1 month")
               for text in texts(short, "median-beyond-follow-up"))
    assert any(text.startswith("Perez de Acha 2023, 1 patient: no whole number")
               for text in texts(short, "share-of-another-group"))


def test_an_interval_of_lines_is_held_against_the_groups_of_its_study_alone(published):
    of_study = next(text for text in texts(published, "interval-of-a-count")
                    if text.startswith("ICARIA-MM"))
    assert re.findall(r"of (\d+) patients", of_study) == ["9", "20", "307"]


def test_authors_in_two_forms_are_found_and_in_one_are_not(published, tmp_path):
    """Read from the bibliography beside the data: one form begins the other."""
    data = tmp_path / "data"
    data.mkdir()
    entry = "@article{{{},\n  author  = {{{}}},\n}}\n"
    (tmp_path / "references.bib").write_text(
        entry.format("leleu2022", "Leleu, X. and Martin, T.")
        + entry.format("leleu2024isard", "Leleu, X. P. and Martin, T. G."))
    object.__setattr__(other := published.with_tables(), "data", data)
    assert texts(other, "initials-in-two-forms") == [
        "Leleu X (reference 14) and Leleu XP (reference 46)",
        "Martin T (reference 14) and Martin TG (reference 46)"]
    (tmp_path / "references.bib").write_text(entry.format("leleu2022", "Leleu, X. and Leleu, B."))
    assert texts(other, "initials-in-two-forms") == []


def test_a_year_that_the_bibliography_does_not_have_is_found(published, with_cells):
    assert texts(published, "year-of-the-bibliography") == []
    assert texts(with_cells({("references", 24): {"year": 2020}}), "year-of-the-bibliography") == [
        "Reference 24 is of 2020, its entry of 2021"]


def test_a_year_may_stand_in_the_date_of_an_entry(published, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    key = published.references.set_index("ref").at[24, "citekey"]
    object.__setattr__(other := published.with_tables(), "data", data)
    for field, found in (("date = {2020-03}", ["Reference 24 is of 2021, its entry of 2020"]),
                         ("date = {2021-03}", []), ("note = {2020}", [])):
        (tmp_path / "references.bib").write_text(f"@article{{{key},\n  {field},\n}}\n")
        assert texts(other, "year-of-the-bibliography") == found


def test_every_check_is_spoilt_and_mended_here():
    # in tests of their own
    other = {"initials-in-two-forms", "year-of-the-bibliography"}
    assert {case[0] for case in SPOILT} == {case[0] for case in MENDED} == set(CHECKS) - other


def test_every_find_names_rows_that_exist(published):
    known = {row for table in published.tables.values() for row in table[ROW]}
    for check_id, found in row_checks.evaluate(published).items():
        for find in found:
            assert find.rows and set(find.rows) <= known, (check_id, find)


def test_no_rows_no_finds(published):
    """An edition without results and cells is no error, and nothing to find among them."""
    empty = published.with_tables(outcomes=published.outcomes.iloc[:0],
                                  characteristics=published.characteristics.iloc[:0])
    assert {name for name, found in row_checks.evaluate(empty).items() if found} <= {
        "abbreviation-undefined", "initials-in-two-forms", "reference-of-another-study"}


def test_the_page_lists_each_find_under_its_check_and_names_the_silent(published, with_cells):
    told = ledger.part("checks", published)
    for check_id, found in row_checks.evaluate(published).items():
        assert (f"{{#rows-{check_id} " in told) == bool(found)
    assert told.count("\n- ") == sum(map(len, row_checks.evaluate(published).values()))
    mended = with_cells({(C, "fusion-mm-005-prior-lines"): {"low": 3.0}})
    told = ledger.part("checks", mended)
    assert "Nothing was found of: a median at the end of its range; " in told


def test_the_places_at_which_the_interval_of_a_median_ends():
    """As in tables of the sign test: 6 and 15 of 20, 136 and 172 of 307."""
    assert ranks_of_median(20) == (6, 15)
    assert ranks_of_median(307) == (136, 172)
    assert ranks_of_median(5) == (1, 5)


def test_authors_of_an_entry():
    assert authors("van de Donk, N. W. and {A Group} and Gay, Ann"
                   ) == [("van de Donk", "NW")]
