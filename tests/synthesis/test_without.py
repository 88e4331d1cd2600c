"""Without some studies: the page's script, the command line and the engine say the same."""

from __future__ import annotations

import json
import random

import chromium
import pytest

from article.contents import CONTENTS
from review.audit import conclusions
from review.audit.conclusions import TRUTH
from review.audit.outcomes import outcome_rows
from review.cli import main
from review.dataset.load import ROOT, load
from review.report.outcomes import short_range
from review.synthesis.evidence import evidence
from review.synthesis.leave_out import changes, lines, record
from review.synthesis.ranges import known_range
from review.synthesis.selection import Selection, UnknownStudy, refractory_class, without
from review.wording import unmarked

SUBSETS = 200
NOTHING = Selection()


def drawn(known, seed):
    """A random selection: any studies, now and then a filter."""
    rng = random.Random(seed)
    keys = [one["id"] for one in known["studies"]]

    def some(name):
        values = sorted({row[name] for row in known["rows"] if row[name]})
        return frozenset(rng.sample(values, rng.choice([0, 0, 0, 1, 2])))

    return Selection(frozenset(rng.sample(keys, rng.randint(0, len(keys)))), some("design"),
                     some("report"), some("refractory"), rng.choice([0, 0, 10, 40]))


def arguments(chosen):
    """The selection as the command line takes it."""
    words = ["without", *sorted(chosen.studies), "--smaller-than", str(chosen.smallest)]
    for option, values in (("--design", chosen.designs), ("--report-type", chosen.report_types),
                           ("--refractoriness", chosen.refractoriness)):
        words += [word for value in sorted(values) for word in (option, value)]
    return words


@pytest.fixture(scope="module")
def known(published):
    return evidence(published)


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="no Chromium on PATH")
@pytest.mark.nightly
def test_the_script_says_what_the_command_line_says(known, capsys, monkeypatch):
    monkeypatch.setenv("REVIEW_EDITION", "published")
    script = (ROOT / "assets" / "without.html").read_text("utf-8")
    with chromium.started() as browser:
        page = browser.new_page()
        page.set_content(f"<!doctype html><title>x</title>{script}")
        selections = [drawn(known, seed) for seed in range(SUBSETS)]
        by_script = page.evaluate(
            "([known, all]) => all.map((one) => withoutStudies.record(known, one))",
            [known, [{"studies": sorted(s.studies), "designs": sorted(s.designs),
                      "report_types": sorted(s.report_types),
                      "refractoriness": sorted(s.refractoriness), "smallest": s.smallest}
                     for s in selections]])
    differing = []
    for chosen, of_script in zip(selections, by_script, strict=True):
        assert main([*arguments(chosen), "--format", "json"]) == 0
        if json.loads(capsys.readouterr().out) != of_script:
            differing.append(chosen)
    assert differing == []


@pytest.mark.parametrize("seed", range(12))
def test_the_record_is_what_the_engine_finds(published, known, seed):
    """The same ranges and verdicts as of an edition that never had what is left out."""
    chosen = drawn(known, 1000 + seed)
    left, found = without(published, chosen), record(known, chosen)
    assert found["studies"] == len(left.studies) and found["reports"] == len(left.reports)
    for name in conclusions.headlines(CONTENTS):
        assert found["headlines"][name] == TRUTH[conclusions.conclude(name, left).truth], name
    for name, one in found["ranges"].items():
        code, setting = name.rsplit("-", 1)
        assert one["text"] == unmarked(short_range(left, code, setting))
        engine = known_range(outcome_rows(left, code, setting))
        assert (one["patients"], one["sized"], one["studies"], one["groups"]) == (
            engine.patients, engine.sized, engine.studies, engine.groups)


def test_every_headline_has_a_rule(known):
    assert [rule["name"] for rule in known["rules"]] == list(conclusions.headlines(CONTENTS))


def test_the_one_outlier_carries_two_headlines(known):
    moved = {name for name, _, _ in changes(
        record(known, NOTHING), record(known, Selection(frozenset({"trimm-2"}))))}
    assert {"clinical-pfs-ceiling", "clinical-orr-floor", "pfs-clinical high"} <= moved
    assert "rwe-pfs-ceiling" not in moved


def test_a_range_over_all_rows_holds_no_headline(known):
    """Without the value that holds its neighbours below the limit, the range is all that does."""
    before = record(known, NOTHING)["headlines"]
    assert before["clinical-pfs-ceiling"] == before["rwe-pfs-ceiling"] == "cannot be decided"
    assert before["os-ceiling"] == "holds"
    after = record(known, Selection(frozenset({"kostopoulos-2023"})))["headlines"]
    assert after["os-ceiling"] == "cannot be decided"
    neighbours = {"kastritis-2023", "emmy", "nooka-2019", "mammoth"}
    after = record(known, Selection(frozenset({"kostopoulos-2023", *neighbours})))["headlines"]
    assert after["os-ceiling"] == "holds"


def test_a_median_with_another_clock_decides_no_headline(published, known):
    (rule,) = (one for one in known["rules"] if one["name"] == "os-included-records")
    clocks = published.outcomes.set_index("outcome_id")["time_zero"]
    assert rule["rows"] and clocks[rule["rows"]].isna().all()


def test_nothing_left_is_no_failure(known):
    everything = Selection(frozenset(one["id"] for one in known["studies"]))
    found = record(known, everything)
    assert found["studies"] == found["reports"] == 0
    assert {one["text"] for one in found["ranges"].values()} == {"is not reported"}
    assert "holds" not in found["headlines"].values()


def test_a_result_of_unknown_size_stays(known):
    found = record(known, Selection(smallest=10_000))
    unsized = [row for row in known["rows"] if row["range"] == "orr-clinical"
               and row["size"] is None]
    assert found["ranges"]["orr-clinical"]["groups"] == len(unsized) == 1


def test_on_an_edition_with_one_study_more(update):
    known = evidence(update)
    before, after = record(known, NOTHING), record(known, Selection(frozenset({"newcomer-2026"})))
    assert before["headlines"]["os-ceiling"] == "does not hold"
    assert after["headlines"]["os-ceiling"] == "holds"
    assert before["studies"] == after["studies"] + 1


def test_text_marks_what_differs(known):
    told = lines(record(known, NOTHING), record(known, Selection(frozenset({"trimm-2"}))))
    starred = [line for line in told if line.startswith("*")]
    assert any("clinical-orr-floor: does not hold (was: holds)" in line for line in starred)
    assert not any(line.startswith("* os") for line in told)


@pytest.mark.parametrize(("words", "told"), [
    (["trimm"], "there is no study 'trimm'; there are lesokhin-2023"),
    (["--design", "cohort"], "there is no design 'cohort'")])
def test_a_name_that_is_not_there_is_told(capsys, words, told):
    assert main(["without", *words]) == 2
    assert told in capsys.readouterr().err


def test_the_engine_refuses_a_study_that_is_not_there(published):
    with pytest.raises(UnknownStudy, match="no study 'x'"):
        without(published, Selection(frozenset({"x"})))


def test_a_study_goes_with_all_its_rows(published):
    left = without(published, Selection(frozenset({"image"})))
    for name, frame in left.tables.items():
        if "study_id" in frame and name not in ("footnotes",):
            assert "image" not in set(frame["study_id"].dropna()), name
    assert not left.outcomes["arm_id"].str.startswith("image-").any()
    assert len(load("published", ROOT / "data").studies) == len(left.studies) + 1


@pytest.mark.parametrize(("percent", "name"), [
    (100, "all"), (0, "none"), (72, "part"), (None, "not stated")])
def test_the_class_of_a_share(percent, name):
    assert refractory_class(percent) == name
