"""Each rule finds the damage it is for, and nothing in the dataset as it is."""

from collections.abc import Mapping

import as_published
import only_touched
import pandas as pd
import pytest
from layers import first

from article import eligibility
from article.contents import CONTENTS
from review.checks import flow, validate
from review.dataset import schema
from review.dataset.load import read_text
from review.dataset.problems import errors

DATA = as_published.dataset()
RESOURCES = schema.read_schema(DATA)


@pytest.fixture(scope="module")
def text() -> Mapping[str, pd.DataFrame]:
    return read_text(DATA, RESOURCES)


@pytest.fixture(scope="module")
def before(text) -> only_touched.Clean:
    return only_touched.clean(validate.dataset(CONTENTS, RESOURCES, text, DATA))


def spoil(text, table: str, key: str, **cells) -> dict[str, pd.DataFrame]:
    """The tables with cells of one row changed; None empties a cell."""
    changed = dict(text)
    rows = changed[table] = changed[table].copy()
    index = rows.index[rows[rows.columns[0]] == key]
    assert len(index) == 1, f"{key} is not one row of {table}"
    for column, value in cells.items():
        assert column in rows
        rows.loc[index, column] = pd.NA if value is None else value
    return changed


def append(text, table: str, like: str, **cells) -> dict[str, pd.DataFrame]:
    """The tables with a copy of a row after the last one, with other cells."""
    changed = dict(text)
    rows = changed[table]
    row = rows[rows[rows.columns[0]] == like].copy()
    assert len(row) == 1
    for column, value in cells.items():
        row[column] = pd.NA if value is None else value
    changed[table] = pd.concat([rows, row], ignore_index=True)
    return changed


def later(text) -> dict[str, pd.DataFrame]:
    """The tables with an update after the published edition, without rows of its own yet."""
    return append(text, "editions", "published", edition_id="2026-1", position="3", type="update",
                  change_class="changed", search_to="2026-01-31", released_on="2026-02-28")


def found(text, before) -> dict[tuple[str, str, str], object]:
    """New problems by file, field and rule."""
    return {(p.file, p.field, p.rule): p for p in only_touched.new_problems(before, text)}


def test_the_published_dataset_has_no_error():
    assert errors(validate.validate(DATA)) == []


def test_every_rule_is_named_for_what_it_asks():
    assert all(rule.__doc__ for rule in validate.rules(CONTENTS))


PFS, ORR = "nooka-2019-retreated-pfs", "yashar-2021-retreated-cr-or-better"
OS, RANGE = "kostopoulos-2023-retreated-os", "abdallah-2023-responders-time-to-retreatment"
FOLLOW_UP, LINES = "kikuchi-2023-follow-up", "kikuchi-2023-prior-lines"

# table, row, cells, field, rule: one row a defect
DEFECTS = [
    # results: value, status, bound, print
    ("outcomes", PFS, {"value": None}, "value", "value missing"),
    ("outcomes", PFS, {"status": "not reached"}, "status", "value with a status of none"),
    ("outcomes", "emmy-retreated-pfs", {"value": "4.0"}, "value", "bound as value"),
    ("outcomes", PFS, {"printed": "≤3.3"}, "value", "bound as value"),
    ("outcomes", PFS, {"printed": "up to 3.3"}, "value", "bound as value"),
    ("outcomes", "emmy-retreated-pfs", {"bound_low": None, "bound_high": None}, "kind",
     "bound without limit"),
    ("outcomes", PFS, {"bound_high": "5"}, "kind", "limit without bound"),
    ("outcomes", "emmy-retreated-pfs", {"bound_low": "6"}, "bound_low", "bound reversed"),
    ("outcomes", PFS, {"printed": None}, "printed", "print missing"),
    ("outcomes", PFS, {"printed": "3.8"}, "printed", "print disagrees"),
    # intervals
    ("outcomes", OS, {"ci_low": "20"}, "ci_low", "interval not around the value"),
    ("outcomes", OS, {"ci_high": "18.5"}, "ci_low", "interval not around the value"),
    ("outcomes", OS, {"ci_low": "25"}, "ci_low", "interval reversed"),
    ("outcomes", RANGE, {"range_high": "1"}, "range_low", "interval not around the value"),
    ("outcomes", OS, {"ci_level": None}, "ci_level", "level missing"),
    ("outcomes", OS, {"ci_status": "not reported"}, "ci_status", "interval with a status of none"),
    ("outcomes", OS, {"ci_low": None}, "ci_low", "limit missing"),
    ("outcomes", OS, {"ci_high": None}, "ci_high", "limit missing"),
    ("outcomes", OS, {"ci_high_status": "not reached"}, "ci_high_status", "limit with no status"),
    ("outcomes", OS, {"ci_printed": "13.5–24.4"}, "ci_printed", "print disagrees"),
    # one document, one number and one year
    ("reports", "ref-31", {"ref": "32"}, "ref", "another document"),
    ("reports", "ref-31", {"year": "2022"}, "year", "another document"),
    ("reports", "ref-31", {"year": "2022"}, "year", "year of another report"),
    ("reports", "ref-31", {"label": "Kikuchi, 2022"}, "year", "year of another report"),
    ("sources", "leleu2022", {"ref": "15"}, "ref", "another document"),
    ("references", "31", {"year_printed": "2022"}, "year_printed", "another year printed"),
    ("references", "45", {"printed_defect": None}, "year_printed", "another year printed"),
    ("references", "9", {"congress_year": "2000"}, "congress_year",
     "another year than the congress"),
    ("facts", "population-clinical", {"value": "0.3"}, "value", "print disagrees"),
    ("facts", "population-clinical", {"value_high": "0.3"}, "value_high", "print disagrees"),
    ("reports", "ref-31", {"table_position": "2"}, "table_position", "place in a table"),
    ("studies", "kikuchi-2023", {"table_position": "1"}, "table_position", "place in a table"),
    ("arms", "kikuchi-2023-retreated", {"n_total": "40"}, "n_total", "size of no result"),
    # counts and percentages
    ("outcomes", ORR, {"n": "50"}, "n", "n above n_total"),
    ("outcomes", ORR, {"n_kind": None}, "n_kind", "count without kind"),
    ("outcomes", ORR, {"n_total": "60"}, "n_total", "more than the group"),
    ("outcomes", ORR, {"value": "200", "printed": "200"}, "value", "above 100 percent"),
    ("outcomes", ORR, {"value": "12", "printed": "12"}, "value", "percentage not n/n_total"),
    ("outcomes", ORR, {"value": "2.3", "printed": "2.3"}, "printed",
     "more decimals than the count has"),
    ("outcomes", ORR, {"value": "3", "printed": "3", "n": None, "n_kind": None}, "value",
     "percentage impossible"),
    # units and plausibility
    ("outcomes", ORR, {"outcome": "pfs"}, "statistic", "statistic of another outcome"),
    ("outcomes", PFS, {"unit": "percent"}, "unit", "unit of another statistic"),
    ("outcomes", PFS, {"value": "45691", "printed": "45691"}, "value", "implausible"),
    ("outcomes", "yashar-2021-5l-pfs", {"follow_up_printed": "1.2"}, "value", "immature"),
    ("outcomes", "image-refractory-pfs", {"ci_low": "1.2", "ci_printed": "1.2–4.8"}, "ci_low",
     "symmetric interval"),
    # whose result
    ("outcomes", PFS, {"arm_id": "image-all"}, "use", "not retreatment"),
    ("arms", "nooka-2019-retreated", {"exposure": "naive"}, "exposure", "naive and retreated"),
    ("outcomes", PFS, {"report_id": "ref-31"}, "report_id", "report of another study"),
    ("outcomes", PFS, {"time_zero": "diagnosis"}, "time_zero", "another time zero"),
    ("outcomes", PFS, {"outcome": "os"}, "outcome", "counted twice"),
    ("outcomes", OS, {"kind": "derived"}, "note", "reason missing"),
    # characteristics
    ("characteristics", FOLLOW_UP, {"value": None}, "value", "value missing"),
    ("characteristics", "perez-de-acha-2023-follow-up", {"value": "53", "status": "value"},
     "value", "bound as value"),
    ("characteristics", FOLLOW_UP, {"printed": "7.8 (0.1–25.0)"}, "printed", "print disagrees"),
    ("characteristics", FOLLOW_UP, {"printed": "8.7 (0.1–26.0)"}, "printed", "print disagrees"),
    ("characteristics", FOLLOW_UP, {"high": None}, "low", "half a bracket"),
    ("characteristics", FOLLOW_UP, {"spread": None}, "spread", "bracket without name"),
    ("characteristics", FOLLOW_UP, {"low": "26"}, "low", "interval reversed"),
    ("characteristics", FOLLOW_UP, {"low": "9"}, "low", "interval not around the value"),
    ("characteristics", FOLLOW_UP, {"unit": "years"}, "unit", "unit of another characteristic"),
    ("characteristics", LINES, {"value": "41", "printed": "41 (1–8)"}, "value", "implausible"),
    ("characteristics", "kikuchi-2023-refractory", {"n": "40", "n_total": "39"}, "n",
     "n above n_total"),
    ("characteristics", "kikuchi-2023-refractory", {"n": "20", "n_total": "39"}, "value",
     "percentage not n/n_total"),
    ("characteristics", "kikuchi-2023-refractory", {"n_total": "10", "note": None}, "value",
     "percentage impossible"),
    # what a print says beside its number
    ("outcomes", PFS, {"printed": "4 lines"}, "printed", "print disagrees"),
    ("outcomes", PFS, {"value": "26", "printed": "26 weeks"}, "printed", "print in another unit"),
    ("outcomes", PFS, {"follow_up_printed": "52 weeks"}, "follow_up_printed",
     "print in another unit"),
    ("outcomes", PFS, {"ci_printed": "IQR 2.4–4.8"}, "ci_printed", "no confidence interval"),
    ("outcomes", PFS, {"ci_printed": "range 2.4–4.8"}, "ci_printed", "no confidence interval"),
    ("outcomes", PFS, {"value": "3", "printed": "3–5"}, "value", "range as value"),
    ("outcomes", PFS, {"value": "3", "printed": "3+"}, "value", "bound as value"),
    ("outcomes", PFS, {"printed": "3.0 (2.0–4.8)"}, "printed", "print disagrees"),
    ("outcomes", PFS, {"ci_printed": "2.4–NE", "ci_high": None,
                       "ci_high_status": "not reached"}, "ci_high_status", "print disagrees"),
    ("outcomes", ORR, {"printed": "2% (1/48)"}, "n_total", "print disagrees"),
    ("outcomes", ORR, {"value": "0.02", "printed": "0.02"}, "value", "share of one"),
    ("characteristics", LINES, {"printed": "4 (IQR 1–8)"}, "spread", "bracket of another name"),
    ("characteristics", LINES, {"low": "0", "printed": "4 (0–8)"}, "exposure_point",
     "no prior line"),
    ("characteristics", LINES, {"low": "0", "printed": "4 (0–8)", "exposure_point": "retreatment"},
     "low", "no prior line"),
    ("characteristics", LINES, {"exposure_point": "index", "use": "context",
                                "scope": "retreated"}, "exposure_point",
     "value of the index therapy"),
    ("characteristics", LINES, {"exposure_point": "index"}, "use", "value of the index therapy"),
    ("characteristics", LINES, {"report_id": "ref-33"}, "report_id", "row of another study"),
    ("characteristics", LINES, {"kind": "inferred"}, "note", "reason missing"),
    ("arms", "kikuchi-2023-retreated", {"refractory_percent": "27"}, "refractory_percent",
     "print disagrees"),
    ("arms", "kikuchi-2023-retreated", {"n_total_kind": None}, "n_total_kind",
     "count without kind"),
    # studies and reports
    ("reports", "ref-36", {"lead": "true"}, "lead", "several leads"),
    ("reports", "ref-31", {"lead": "false"}, "study_id", "no lead"),
    ("reports", "ref-36", {"doi": "10.1182/BLOOD-2021-144387"}, "doi", "same doi"),
    ("reports", "ref-36", {"citekey": "costa2021"}, "citekey", "same publication"),
    ("studies", "trimm-2", {"registry_id": "NCT02990338"}, "registry_id", "same registry number"),
    ("studies", "zhou-2022", {"label": "Zhou 2020"}, "label", "same label"),
    ("arms", "kikuchi-2023-retreated", {"therapy": "any"}, "study_id", "no retreated group"),
    ("studies", "kikuchi-2023", {"design": "single-arm"}, "design", "design of another setting"),
    ("studies", "trimm-2", {"retreated_percent": None}, "retreated_percent", "share missing"),
    # eligibility
    ("studies", "trimm-2", {"retreated_percent": "79"}, "retreated_percent", "eligibility"),
    ("studies", "trimm-2", {"mixed_population": "not reported"}, "mixed_population",
     "eligibility not known"),
    ("arms", "kikuchi-2023-retreated", {"regimen": "pomalidomide"}, "regimen", "eligibility"),
    # flow of records and what an edition says of itself
    ("flow", "published-records_screened", {"n": "2807"}, "n", "flow arithmetic"),
    ("flow", "published-duplicates", {"status": "not reported"}, "n", "value and status disagree"),
    ("editions", "published", {"records": "2939"}, "records", "edition and flow disagree"),
    ("flow", "published-total_studies", {"n": "25"}, "n", "edition and flow disagree"),
    ("flow", "published-total_reports", {"n": "33"}, "n", "edition and flow disagree"),
    ("editions", "published", {"rwe": "17"}, "rwe", "edition and rows disagree"),
    ("editions", "published", {"rwe": "17"}, "studies", "studies do not add up"),
    # editions
    ("editions", "ispor-2024", {"type": "published"}, "type", "several published editions"),
    ("editions", "ispor-2024", {"type": "update"}, "position", "update before the published "
     "edition"),
    ("editions", "ispor-2024", {"status": "current"}, "status", "several current editions"),
    ("editions", "published", {"released_on": "2023-01-01"}, "released_on",
     "released before the search ended"),
    ("editions", "published", {"search_to": "2023-07-01"}, "search_to", "search goes back"),
    ("outcomes", PFS, {"edition_superseded": "published"}, "edition_superseded",
     "superseded too early"),
    ("outcomes", PFS, {"edition_added": "ispor-2024"}, "edition_added", "rows of a predecessor"),
    ("outcomes", PFS, {"note": "another reading"}, "", "frozen row"),
    # sources
    ("outcomes", PFS, {"locator": " "}, "locator", "locator missing"),
    ("outcomes", PFS, {"locator": "see article"}, "locator", "locator missing"),
    ("sources", "gay2025", {"citekey": "gay2052"}, "citekey", "not in the bibliography"),
]


@pytest.mark.parametrize(("table", "key", "cells", "field", "rule"), DEFECTS,
                         ids=[f"{d[4]}-{n}" for n, d in enumerate(DEFECTS)])
def test_defect_is_found(text, before, table, key, cells, field, rule):
    spoilt = spoil(text, table, key, **cells)
    assert only_touched.told(before, spoilt, field, rule) is not None, (
        f"{rule} not found; found {sorted(found(spoilt, before))}")


@pytest.mark.parametrize(("table", "key", "cells"), first(1, [
    ("outcomes", PFS, {"value": "9", "report_id": "nobody"}),
    ("sources", "gay2025", {"citekey": "no"}),
    ("editions", "published", {"search_to": None})]))
def test_only_rules_that_read_what_changed_say_something_new(text, before, table, key, cells):
    spoilt = spoil(text, table, key, **cells)
    every = validate.look(validate.dataset(CONTENTS, RESOURCES, spoilt, DATA))
    known = set().union(*before.said.values())
    assert only_touched.new_problems(before, spoilt) == set(every) - known


def test_a_row_is_named_as_an_editor_shows_it(text, before):
    problem = found(spoil(text, "outcomes", OS, ci_level=None), before)[
        ("outcomes.csv", "ci_level", "level missing")]
    line = (DATA / "outcomes.csv").read_text("utf-8").splitlines()[problem.row - 1]
    assert line.startswith(OS + ",")
    assert str(problem).startswith(f"outcomes.csv:{problem.row}:ci_level: ")


def test_exact_90_percent_limits_called_95(text, before):
    limits = {"outcome": "vgpr_or_better", "value": "48.8", "printed": "48.8", "n": "20",
              "n_kind": "derived", "n_total": "41", "ci_status": "value", "ci_level": "95",
              "ci_low": "35.1", "ci_high": "62.6", "ci_high_status": "value",
              "ci_printed": "35.1–62.6"}
    assert ("outcomes.csv", "ci_level", "limits of another level") in found(
        spoil(text, "outcomes", ORR, **limits), before)
    right = limits | {"ci_low": "32.9", "ci_high": "64.9", "ci_printed": "32.9–64.9"}
    assert "limits of another level" not in {
        rule for _, _, rule in found(spoil(text, "outcomes", ORR, **right), before)}


def of_eligibility(text):
    seen = validate.dataset(CONTENTS, RESOURCES, text, DATA)
    return [problem for rule in eligibility.RULES for problem in rule(seen)]


def test_a_later_study_must_be_eligible_and_a_published_one_is_shown(text, before):
    small = {"n_total": "9", "n": None, "n_kind": None}
    shown = spoil(text, "outcomes", "perez-de-acha-2023-retreated-orr", note="x")
    shown = [p for p in of_eligibility(shown)
             if p.rule == "eligibility" and p.value == "perez-de-acha-2023"]
    assert [p.severity for p in shown] == ["warning"]
    assert "M2.2-02" in shown[0].remedy

    new = later(text)
    new = append(new, "studies", "perez-de-acha-2023", study_id="small", label="Small 2026",
                 edition_added="2026-1", table_position="19")
    new = append(new, "reports", "ref-40", report_id="small-report", study_id="small", ref=None,
                 doi=None, citekey="lesokhin2024", edition_added="2026-1")
    new = append(new, "arms", "perez-de-acha-2023-retreated", arm_id="small-retreated",
                 study_id="small", edition_added="2026-1")
    new = append(new, "outcomes", "perez-de-acha-2023-retreated-orr", outcome_id="small-orr",
                 arm_id="small-retreated", report_id="small-report", edition_added="2026-1",
                 **small)
    errors = [p for p in of_eligibility(new)
              if p.rule == "eligibility" and p.severity == "error"]
    assert [(p.value, p.message) for p in errors] == [
        ("small", "results for 9 retreated patients, and the rule asks for 10")]


def test_superseded_without_successor(text, before):
    gone = spoil(later(text), "outcomes", "mammoth-dara-imid-pfs", edition_superseded="2026-1",
                 note=None)
    rules = {rule for _, _, rule in found(gone, before)}
    assert "no successor" in rules
    followed = append(gone, "outcomes", "mammoth-dara-imid-pfs", outcome_id="mammoth-again",
                      edition_added="2026-1", edition_superseded=None)
    assert "no successor" not in {rule for _, _, rule in found(followed, before)}


def test_a_row_cannot_rest_on_a_superseded_one(text, before):
    gone = spoil(later(text), "arms", "kikuchi-2023-retreated", edition_superseded="2026-1")
    assert ("outcomes.csv", "arm_id", "rests on a superseded row") in found(gone, before)


def test_a_row_cannot_be_older_than_what_it_rests_on(text, before):
    young = spoil(later(text), "arms", "kikuchi-2023-retreated", edition_added="2026-1")
    assert ("outcomes.csv", "arm_id", "older than what it rests on") in found(young, before)


def test_superseding_a_published_row_does_not_change_it(text, before):
    gone = spoil(later(text), "outcomes", PFS, edition_superseded="2026-1")
    assert "frozen row" not in {rule for _, _, rule in found(gone, before)}


def test_a_published_row_cannot_vanish_or_arrive(text, before):
    removed = dict(text)
    removed["outcomes"] = text["outcomes"][text["outcomes"]["outcome_id"] != PFS].reset_index(
        drop=True)
    frozen = {p.value for p in found(removed, before).values() if p.rule == "frozen row"}
    assert PFS in frozen
    added = append(text, "outcomes", PFS, outcome_id="nooka-2019-retreated-again", use="context")
    problem = found(added, before)[("outcomes.csv", "outcome_id", "frozen row")]
    assert "was not there" in problem.message


def test_source_that_nothing_names(text, before):
    lonely = append(text, "sources", "gay2025", source_id="lonely")
    assert ("sources.csv", "source_id", "source not used") in found(lonely, before)


def test_update_without_class(text, before):
    update = later(text)
    update["editions"].loc[2, "change_class"] = pd.NA
    assert ("editions.csv", "change_class", "change not classed") in found(update, before)


def test_a_derived_box_must_add_up_and_a_reported_one_may_hide_an_unknown(text, before):
    def arithmetic(**cells):
        spoilt = spoil(text, "flow", "published-records_screened", **cells)
        seen = validate.dataset(CONTENTS, RESOURCES, spoilt, DATA)
        problems = [problem for rule in flow.RULES for problem in rule(seen)]
        return {p.value: p for p in problems if p.rule == "flow arithmetic"}

    derived = arithmetic(n="2807")["2807"]
    assert derived.severity == "error"
    assert derived.message == ("records_screened 2807 is not database_results 2938 - duplicates "
                               "130, which is 2808")
    # registers were searched, and how many records they gave is not reported
    assert arithmetic(n="2807", kind="reported")["2807"].severity == "warning"


def test_boxes_that_are_all_known_must_add_up(text, before):
    problem = found(spoil(text, "flow", "published-included_citations", n="2"), before)[
        ("flow.csv", "n", "flow arithmetic")]
    assert problem.severity == "error"


def test_the_claims_that_eligibility_names_speak_of_the_criteria(text):
    section = text["claims"].set_index("claim_id")["section"]
    named = {check: section.get(claim_id) for check, claim_id in eligibility.CLAIMS.items()}
    assert set(named.values()) == {"2.2 Selection criteria"}
    assert set(named) <= set(text["eligibility"]["checked_by"].dropna())
