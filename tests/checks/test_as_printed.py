"""What a source prints can be entered: flagged where two prints disagree, never refused."""

import shutil

import as_published
import pandas as pd
import pytest
from layers import first

from review.checks import numbers
from review.update.validate_folder import validate_folder

DATA = as_published.dataset()


@pytest.fixture
def checked(tmp_path):
    """checked(outcome, **cells): the rules and severities found in outcomes for a folder in which
    the row of an outcome has these cells."""
    folder = tmp_path / "new"
    shutil.copytree(DATA / "candidates" / "martino-2025", folder)

    def run(outcome, **cells):
        path = folder / "outcomes.csv"
        rows = pd.read_csv(path, dtype="string")
        rows.loc[rows["outcome"] == outcome, list(cells)] = list(cells.values())
        rows.to_csv(path, index=False)
        return {(p.field, p.rule, p.severity) for p in validate_folder(folder, DATA)
                if p.file == "outcomes.csv"}

    return run


INTERVAL = {"ci_status": "value", "ci_level": "95", "ci_low": "4.2", "ci_high_status": "value"}


@pytest.mark.parametrize("shown", first(2, [
    "5.8 (4.2–7.9)", "4·2–7·9", "95% CI 4.2–7.9", "4,2 to 7,9"]))
def test_intervals_as_printed(checked, shown):
    assert checked("pfs", **INTERVAL, ci_high="7.9", ci_printed=shown) == set()


def test_a_refractory_share_with_a_decimal_comma(tmp_path):
    folder = tmp_path / "new"
    shutil.copytree(DATA / "candidates" / "martino-2025", folder)
    rows = pd.read_csv(folder / "arms.csv", dtype="string")

    def told(printed):
        rows.assign(refractory_printed=printed, refractory_percent="88.5").to_csv(
            folder / "arms.csv", index=False)
        return [p.rule for p in validate_folder(folder, DATA) if p.file == "arms.csv"]

    assert told("88,5% Dara ref") == [] and told("88,4% Dara ref") == ["print disagrees"]


def test_an_upper_limit_that_was_not_reached(checked):
    assert checked("pfs", **{**INTERVAL, "ci_high_status": "not reached"},
                   ci_printed="4.2–NR") == set()


@pytest.mark.parametrize(("shown", "found"), [
    ("4.2–8.9", ("ci_printed", "print disagrees", "error")),
    ("90% CI 4.2–7.9", ("ci_level", "level disagrees", "error")),
    ("see figure", ("ci_printed", "print not read", "warning"))])
def test_intervals_that_disagree(checked, shown, found):
    assert checked("pfs", **INTERVAL, ci_high="7.9", ci_printed=shown) == {found}


def test_a_percentage_of_another_denominator_is_a_flag(checked):
    found = checked("orr", value="46", printed="46", n="10", n_kind="reported", n_total="22")
    assert {(rule, severity) for _, rule, severity in found} == {
        ("percentage not n/n_total", "warning")}


def test_a_percentage_computed_here_must_be_right(checked):
    found = checked("orr", value="46", printed="46", n="10", n_kind="derived", n_total="22")
    assert ("value", "percentage not n/n_total", "error") in found


def test_what_is_not_synthesised_is_kept_as_context(checked):
    ratio = {"statistic": "hazard ratio", "unit": "ratio", "value": "0.45", "printed": "0.45"}
    assert {rule for _, rule, _ in checked("pfs", **ratio)} == {"not synthesised", "reason missing"}
    assert checked("pfs", **ratio, use="context", note="against no anti-CD38") == set()


@pytest.mark.parametrize(("printed", "value", "right"), [
    ("1,234", 1234, True), ("1,234", 1.234, True), ("1,234", 12.34, False), ("0,125", 0.125, True),
    ("2 938", 2938, True),
    ("2\u2009938 records", 2938, True), ("1,234 records", 1.234, True), ("B12 3.4", 3.4, True),
    ("NR", 3.4, False)])
def test_a_comma_is_read_as_the_value_has_it(printed, value, right):
    assert numbers.gives(pd.Series([printed]), pd.Series([value])).tolist() == [right]
