"""What print says of a number, as a statement of its row; and results that a group can hardly have.

One row of the published edition with other cells, and what the rules of these subjects say of it
that they did not say before.
"""

from dataclasses import replace

import as_published
import only_touched
import pandas as pd
import pytest

from article.contents import CONTENTS
from review.checks import (
    characteristics,
    completeness,
    contradictions,
    notations,
    outcomes,
    plausible,
    proportions,
    reports,
    validate,
)
from review.dataset import schema
from review.dataset.load import read_text

DATA = as_published.dataset()
RESOURCES = schema.read_schema(DATA)
MODULES = (characteristics, completeness, contradictions, notations, outcomes, plausible,
           proportions, reports)
PFS, OS = "nooka-2019-retreated-pfs", "kikuchi-2023-retreated-os"
CR, ORR = "kikuchi-2023-retreated-cr-or-better", "kikuchi-2023-retreated-orr"
FOLLOW_UP, REFRACTORY = "kikuchi-2023-follow-up", "kikuchi-2023-refractory"
CERTAIN = {"ci_status": "value", "ci_level": "95", "ci_high_status": "value"}
NO_INTERVAL = {"ci_status": "not reported", "ci_level": None, "ci_low": None, "ci_high": None,
               "ci_high_status": None, "ci_printed": None}
UNREACHED = {"value": None, "status": "not reached", "printed": "NR"}
BETWEEN = {"value": None, "status": "not reported", "kind": "bound", **NO_INTERVAL,
           "bound_low": "12", "bound_high": "14"}
# 38.5% of the group's 39: as its row between limits would be, were it read off the figure
RATE = {"value": "38.5", "status": "value", "kind": "reported", "printed": "38.5", "n": "15",
        "n_kind": "reported", "bound_low": None, "bound_high": None, "ci_status": "not reported"}


STUDIES = ("nooka-2019", "kikuchi-2023", "trimm-2", "icaria-mm", "lesokhin-2023", "emmy", "image")


@pytest.fixture(scope="module")
def whole():
    """A few studies of the dataset: the rules ask each row by itself, or those of its group."""
    text = read_text(DATA, RESOURCES)
    groups = text["arms"]["arm_id"][text["arms"]["study_id"].isin(STUDIES)]
    few = {name: rows[rows["study_id"].isin(STUDIES)] if "study_id" in rows
           else rows[rows["arm_id"].isin(groups)] if "arm_id" in rows else rows
           for name, rows in text.items()}
    return replace(validate.dataset(CONTENTS, RESOURCES, few, DATA), digests={})


@pytest.fixture(scope="module")
def before(whole):
    return only_touched.clean(whole, [rule for module in MODULES for rule in module.RULES])


@pytest.fixture
def said(before):
    """said(table, key, **cells): field, rule and severity of what is new with these cells."""

    def run(table, key, **cells):
        return {(p.field, p.rule, p.severity)
                for p in only_touched.new_problems(before, spoilt(before, table, key, cells))}

    return run


def spoilt(before, table, key, cells):
    """The tables as text with cells of one row changed; None empties a cell."""
    text = before.dataset.text
    rows = text[table].copy()
    at = rows.index[rows[rows.columns[0]] == key]
    for column, cell in cells.items():
        rows.loc[at, column] = pd.NA if cell is None else cell
    return {**text, table: rows}


def tells(before, table, key, cells, found):
    """Whether field, rule and severity are among what is new with these cells."""
    field, rule, severity = found
    problem = only_touched.told(before, spoilt(before, table, key, cells), field, rule)
    return problem is not None and problem.severity == severity


@pytest.mark.parametrize(("key", "cells"), [
    (CR, {"printed": "8 (20.5)"}), (CR, {"printed": "8 [20,5%]"}), (CR, {"printed": "≥CR 20.5%"}),
    (CR, {"printed": ">=CR 20.5%"}), (CR, {"printed": "20.5% (n=8)"}),
    (CR, {"printed": "20.5% of the 39 patients"}), (CR, {"printed": "8 out of 39 (20.5%)"}),
    (CR, {"printed": "8/39", "kind": "derived", "note": "8/39"}),
    (CR, {"printed": "8 of 39 patients", "kind": "derived", "note": "8/39"}),
    (PFS, {"printed": "3 months 9 days", "kind": "derived", "note": "3 + 9/30.4"}),
    (PFS, {"printed": "~3.3", "note": "Roughly, in the abstract."}),
    (OS, {"ci_status": "not estimable", "ci_level": "95", "ci_printed": "NR–NR"}),
    (OS, {"ci_status": "not estimable", "ci_printed": "95% CI NE to NE"}),
    (PFS, {**BETWEEN, "printed": "12–14"}), (PFS, {**BETWEEN, "printed": "12 to 14 months"}),
    (ORR, {**RATE, **CERTAIN, "ci_low": "23", "ci_high": "54", "ci_printed": "23–54"})])
def test_what_is_printed_is_entered_as_printed(said, key, cells):
    assert said("outcomes", key, **cells) == set()


@pytest.mark.parametrize(("key", "cells", "found"), [
    # a print of another number, or of a number of another name
    (CR, {"printed": "9 (20.5)"}, ("printed", "print disagrees", "error")),
    (CR, {"printed": "8/39"}, ("kind", "percentage not printed", "error")),
    (CR, {"printed": "8/39", "kind": "derived", "n": None, "n_kind": None},
     ("n", "print disagrees", "error")),
    (CR, {"printed": "20.5% (n=7)"}, ("n", "print disagrees", "warning")),
    (CR, {"printed": "20.5% of 44"}, ("n_total", "print disagrees", "warning")),
    (CR, {"value": None, "printed": None, "status": "not reported"},
     ("status", "count without its percentage", "error")),
    (PFS, {"printed": "mean 3.3"}, ("statistic", "statistic of another name", "error")),
    (PFS, {"printed": "HR 3.3"}, ("statistic", "statistic of another name", "error")),
    (PFS, {"printed": "3.3 ± 1.2"}, ("printed", "spread of a mean", "warning")),
    (PFS, {"printed": "about 3.3", "note": None}, ("note", "given roughly", "warning")),
    (PFS, {**BETWEEN, "printed": "12–15"}, ("bound_high", "print disagrees", "error")),
    (PFS, {**BETWEEN, "printed": "11–14"}, ("bound_low", "print disagrees", "error")),
    (PFS, {**UNREACHED, **NO_INTERVAL, "printed": ">12"},
     ("kind", "limit not filled in", "warning")),
    (OS, {"ci_status": "not estimable", "ci_printed": "4.2–NR"},
     ("ci_status", "print disagrees", "error")),
    # what a group can hardly have
    (PFS, {"value": "0", "printed": "0"}, ("value", "median of zero", "warning")),
    (PFS, {**UNREACHED}, ("ci_high", "upper limit of a median that was not reached", "warning")),
    (PFS, {"ci_low": "3.1", "ci_high": "3.6", "ci_printed": "3.1–3.6"},
     ("ci_low", "interval too narrow for its patients", "warning")),
    (CR, {**CERTAIN, "ci_low": "20", "ci_high": "21", "ci_printed": "20–21"},
     ("ci_low", "interval of other patients", "warning")),
    (CR, {**CERTAIN, "ci_low": "1", "ci_high": "90", "ci_printed": "1–90"},
     ("ci_low", "interval of other patients", "warning")),
    (CR, {"value": "74.4", "printed": "74.4", "n": "29"},
     ("value", "more than what it is a part of", "warning")),
    ("nooka-2019-retreated-pfs", {"value": "25", "printed": "25", **NO_INTERVAL},
     ("value", "more than what it is a part of", "warning"))])
def test_what_is_told(before, key, cells, found):
    assert tells(before, "outcomes", key, cells, found)


def test_one_mistake_of_the_unit_is_told_once(said):
    assert said("outcomes", PFS, printed="100 days") == {
        ("printed", "print in another unit", "error")}


def test_times_from_another_day_are_not_compared(said):
    assert said("outcomes", PFS, value="25", printed="25", time_zero="diagnosis", use="comparator",
                **NO_INTERVAL) == set()


@pytest.mark.parametrize(("key", "cells", "found"), [
    (FOLLOW_UP, {"printed": "8.7 (25th–75th percentile 0.1–25.0)", "spread": "iqr"}, set()),
    (FOLLOW_UP, {"printed": "8.7 (min–max 0.1–25.0)", "spread": "iqr"},
     {("spread", "bracket of another name", "error")}),
    (FOLLOW_UP, {"printed": "mean 8.7 (0.1–25.0)"},
     {("statistic", "statistic of another name", "error")}),
    (REFRACTORY, {"printed": "28/39", "kind": "derived", "n": "28", "n_total": "39",
                  "note": "28/39", "value": "71.8"}, set()),
    ("trimm-2-population-size", {"value": "39.5", "printed": "39.5"},
     {("value", "part of a patient", "error")})])
def test_characteristics(said, key, cells, found):
    assert said("characteristics", key, **cells) == found


@pytest.mark.parametrize(("table", "key", "cells", "found"), [
    ("reports", "ref-25", {"citekey": "other2026"}, ("ref", "number of another entry", "error")),
    ("studies", "emmy", {"acronym": "Image"}, ("acronym", "same acronym", "warning")),
    ("studies", "emmy", {"registry_id": "nct 02990338"},
     ("registry_id", "same registry number", "warning"))])
def test_studies_and_reports(before, table, key, cells, found):
    assert tells(before, table, key, cells, found)


@pytest.mark.parametrize(("field", "fine", "refused"), [
    ("registry_id", ["NCT02990338", "ISRCTN12345678", "EudraCT 2016-003097-41", "2022-501234-11-00",
                     "ChiCTR2000012345", "jRCT2031230001", "UMIN000012345", "CTRI/2020/01/022867"],
     ["NCT0299033", "nct02990338", "NCT 02990338", "02990", "unknown"]),
    ("phase", ["I", "Ib", "I/II", "Ib/IIa", "II/III", "IV"], ["2", "1/2", "Phase II", "IIII"])])
def test_registries_and_phases_as_they_are_written(field, fine, refused):
    one = next(field_ for field_ in RESOURCES["studies"].fields if field_.name == field)
    wrong = {cell: schema._breach(one, cell) for cell in [*fine, *refused]}
    assert [cell for cell in wrong if wrong[cell]] == refused


@pytest.mark.parametrize(("table", "field", "cell", "remedy"), [
    ("arms", "arm_id", "Rossi-2026-Isa_Pd", "write it as rossi-2026-isa-pd"),
    ("studies", "registry_id", "nct 02990338", "write it as NCT02990338"),
    ("studies", "registry_id", "NCT1", "write it as in the example NCT02990338")])
def test_a_wrong_form_is_told_with_the_right_one(table, field, cell, remedy):
    one = next(field_ for field_ in RESOURCES[table].fields if field_.name == field)
    assert schema._wording(one, "pattern", cell)[1] == remedy
