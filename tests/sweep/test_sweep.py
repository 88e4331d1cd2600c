"""A sample of the sweep, and a page spoilt by one fact, which the checker has to see.

`make sweep` runs the whole.
"""

import copy
import subprocess
import sys
from pathlib import Path

import check
import made
import page
import pytest
import sweep
from layers import first

pytestmark = pytest.mark.slow
SAMPLE = range(0, 120, 11)


@pytest.fixture(scope="module")
def published():
    """What the published edition shows."""
    return page.shown(made.DATA, "published", drawn=False)


def test_the_published_edition_says_what_its_rows_say(published):
    assert check.differences(published, made.DATA, "published") == []


@pytest.mark.parametrize("seed", first(2, SAMPLE))
def test_an_update_says_what_its_rows_say(seed):
    assert sweep.one(seed) == []


def test_the_whole_sweep_starts_by_itself():
    """`make sweep` runs outside pytest, and finds its parts there too."""
    run = subprocess.run([sys.executable, sweep.__file__, "--help"], capture_output=True, text=True,
                         cwd=Path(sweep.__file__).parents[2])
    assert (run.returncode, run.stderr) == (0, "") and "--updates" in run.stdout


def test_the_same_seed_makes_the_same_update(tmp_path):
    folders = [made.make(3).write(tmp_path / name) for name in ("a", "b")]
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()}
                     for folder in folders)
    assert first == second


@pytest.mark.parametrize(("name", "old", "new"), [
    ("outcome pfs clinical", "19.4 months", "19.5 months"),  # a value
    ("outcome pfs clinical", "TRIMM-2 (", "ICARIA-MM ("),  # an owner
    ("outcome pfs clinical", "95% CI 0.1", "95% CI 0.2"),  # an interval
    ("outcome pfs clinical", "@bahlis2023", "@richardson2022"),  # a citation
    ("outcome os clinical", "18 to 44 patients", "18 to 45 patients"),  # sizes
    ("outcome orr rwe", "14 of 18", "15 of 18"),  # a count
    ("outcome orr rwe", "in 14 groups", "in 15 groups"),
    ("outcome os rwe", "in one group (Kikuchi 2023)", "in one group (EMMY)"),  # a state
    ("outcome pfs rwe", "3.3 and 5.0 months", "3.3 and 5.1 months"),  # a limit
    ("outcome pfs rwe", "group “Isa, Pom, Dex (non-Dara ref)”", "group “Isa, Pom, Dex”"),
    ("tell included", "24 studies", "25 studies"),
    ("tell availability", "Girvan 2022", "Emmy 2022"),
    ("tell abstract-outcomes", "known for three of six", "known for four of six"),
    ("tell naive-comparisons", "and 65% in", "and 66% in"),
    ("tell designs", "four are single-arm", "five are single-arm"),
    ("range follow_up rwe", "41 months (Nooka 2019)", "41 months (Zhou 2020)"),
    ("say clinical-pfs-ceiling", "the exception is TRIMM-2", "the exception is ICARIA-MM"),
    ("say benefit-limited", "below 9 months", "below 8 months"),
    ("say refractoriness-gradient", "3.3 to 5 months", "3.3 to 6 months"),
    ("status line", "460 days", "461 days"),
    ("tell plain-pfs", "the exception is TRIMM-2", "the exception is ICARIA-MM"),
    ("tell plain-pfs", "the highest is IMAGE", "the highest is EMMY"),  # its second sentence
    ("tell plain-pfs", " Median PFS is below 9 months", " Median PFS is below 8 months"),
    ("tell plain-os", "within 20 months", "within 19 months"),
    ("tell plain-os", "all eight studies", "all nine studies"),
    ("tell plain-os", "Survival was short", "Survival was long"),
    ("tell plain-response", "24.6 to 90.0%", "24.5 to 90.0%"),
    ("tell plain-response", "four of 14 groups", "five of 14 groups"),
    ("tell plain-response", "in clinical trials", "in real-world studies"),
    ("tell plain-response", "Responses ranged widely", "Known responses"),
])
def test_a_spoilt_sentence_is_seen(published, name, old, new):
    spoilt = copy.deepcopy(published)
    assert old in spoilt["texts"][name]
    spoilt["texts"][name] = spoilt["texts"][name].replace(old, new, 1)
    assert [one for one in check.differences(spoilt, made.DATA, "published") if name in one]


@pytest.mark.parametrize(("label", "column", "value"), [
    ("fig-rwe-pfs", "value", 14.3), ("fig-rwe-pfs", "name", "EMMY"), ("fig-rwe-orr", "n_total", 7),
    ("fig-clinical-orr", "high", 99.0), ("fig-naive", "mark", "arrow"),
    ("fig-maturity", "follow_up", 1.0), ("fig-prisma", "n", 2939), ("fig-image", "text", "NE"),
])
def test_a_spoilt_figure_row_is_seen(published, label, column, value):
    spoilt = copy.deepcopy(published)
    row = next(row for row in spoilt["figures"][label] if row[column] not in (None, value))
    row[column] = value
    found = check.differences(spoilt, made.DATA, "published")
    assert any(label in one or "flow" in one for one in found)


@pytest.mark.parametrize(("part", "label", "old", "new"), [
    ("findings", "fig-clinical-orr", "FUSION-MM-005 and ", ""),
    ("findings", "fig-clinical-orr", "of 6", "of 7"),
    ("findings", "fig-rwe-os", "not reached in 1", "not reached in 2"),
    ("findings", "fig-rwe-pfs", "8.4", "8.5"),
    ("findings", "fig-known", "PFS 3 of 6", "PFS 4 of 6"),
    ("findings", "fig-maturity", "2 lie", "3 lie"), ("findings", "fig-response", "10 of", "11 of"),
    ("findings", "fig-contrasts", "for 2", "for 3"), ("findings", "fig-prisma", "2938", "2939"),
    ("tables", "tbl-clinical", "35.3", "35.4"), ("tables", "tbl-rwe", "Kikuchi", "Kikuchy"),
    ("tables", "tbl-patients", "time not stated", "at retreatment"),
    ("tables", "tbl-quality", "✓ yes", "– no"),
    ("tables", "tbl-search", "2023-12-08", "2023-12-09"),
    ("tables", "tbl-editions", "2938", "2939"), ("tables", "tbl-abbreviations", "acid", "acids"),
    ("tables", "tbl-picos", "design of the study", "a reader"),
    ("studies", "index", "| 4 | 3 | 3 |", "| 4 | 3 | 4 |"),
    ("studies", "sections", "(95% CI 0.0 to 6.9)", "(95% CI 0 to 6.9)"),
    ("studies", "sections", "38.5% (5/13)", "38.5% (5/14)"),
    ("studies", "sections", "within 25.0 to 33.3%", "25.0%"),
    ("studies", "sections", "; n total kind: inferred", ""),  # a cell of a row that is lost
    ("studies", "sections", "use: comparator; ", ""),
    ("studies", "sections", "range 3 to 13", "range 3 to 12"),
    ("studies", "sections", "| Dara, Pom, Dex (all) |", "| Dara, Pom, Dex |"),  # another group's
    ("studies", "sections", "News summary [@nooka2016-news]", "News summary [@gay2025]"),
    ("studies", "sections", "[@richardson2022subsequent]: abstract", "[@perrot2021]: abstract"),
])
def test_a_spoilt_finding_or_table_cell_is_seen(published, part, label, old, new):
    spoilt = copy.deepcopy(published)
    assert old in spoilt[part][label]
    spoilt[part][label] = spoilt[part][label].replace(old, new, 1)
    assert [one for one in check.differences(spoilt, made.DATA, "published") if label in one]


@pytest.fixture(scope="module")
def updated(tmp_path_factory):
    """A folder of data with an update on it, its edition, and what that one shows."""
    update = made.make(3)
    data = update.write(tmp_path_factory.mktemp("made") / "data")
    return data, update.edition, page.shown(data, update.edition, drawn=False)


@pytest.mark.parametrize(("old", "new"), [
    ("| Studies | 24 | 28 |", "| Studies | 24 | 27 |"), ("two outcome values", "one outcome value"),
    ("| Frerichs 2021 (ATRA) | ORR, Dara + ATRA | 5% |",
     "| Frerichs 2021 (ATRA) | ORR, Dara + ATRA | 6% |"),
    ("OS, hazard ratio, ", "Median OS, "),  # another measure
    ("8.4 months (IMAGE) | ", "8.5 months (IMAGE) | "), ("And 37 more", "And 36 more"),
    ("known range | 1.5 months", "range | 1.5 months"), ("    - New: Median", "    - New: Mean"),
    ("| Records from databases | 2457 |", "| Records from databases | 2458 |"),
])
def test_a_spoilt_step_of_the_history_is_seen(updated, old, new):
    data, edition, shown = updated
    text = shown["history"]["what changed"]
    assert old in text
    spoilt = {**shown, "history": {"what changed": text.replace(old, new, 1)}}
    assert [one for one in check.differences(spoilt, data, edition) if "history" in one]


def test_a_page_that_cannot_be_made_is_a_difference(published):
    spoilt = copy.deepcopy(published)
    del spoilt["texts"]["own search"]
    spoilt["failed"]["texts status line"] = "KeyError: 'records'"
    found = check.differences(spoilt, made.DATA, "published")
    assert len(found) == 2


def test_an_exception_is_told_with_its_seed_and_ends_nothing(monkeypatch):
    def broken(seed, thorough):
        raise TypeError("no number")

    monkeypatch.setattr(sweep, "one", broken)
    seed, found = sweep._numbered(7)
    assert seed == 7 and len(found) == 1 and found[0].endswith(": no number")
