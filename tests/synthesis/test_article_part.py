"""The article's part: sensitivity analyses, contrasts, matrix, maturity, and editions without."""

import pandas as pd
import pytest

from article.contents import CONTENTS
from article.figures.known import known_rows
from article.figures.maturity import SAME, interval_form, maturity_rows
from article.figures.response import UNCOUNTED, response_rows
from article.synthesis.contrasts import contrast_rows
from article.synthesis.variants import kept, largest, variants
from article.tables.synthesis import _folded
from review.audit import displays
from review.audit.intervals import clopper_pearson
from review.report.sentences import sentences, tell

OURS = [label for label, module in {**CONTENTS.figures, **CONTENTS.tables}.items()
        if label in ("fig-known", "fig-response", "fig-maturity", "fig-contrasts")
        or module.endswith(".synthesis")]
TOLD = [name for name in sentences(CONTENTS) if name.startswith("synthesis-")]


def emptied(r, *tables):
    return r.with_tables(**{name: r.tables[name].iloc[:0] for name in tables})


@pytest.mark.parametrize("tables", [
    ["outcomes", "arms", "characteristics", "reports", "studies", "quality"],
    ["outcomes"], ["contrasts", "facts", "overlaps"], ["characteristics"]])
def test_empty_tables_are_no_failure(published, tables):
    bare = emptied(published, *tables)
    for name in TOLD:
        assert "nan" not in tell(name, bare).split() and "None" not in tell(name, bare)
    for label in OURS:
        made = displays.builder(CONTENTS, label)
        made.rows(bare)
        if label.startswith("fig-"):
            assert made(bare).alt.endswith(".") and made(bare).artist is not None


def test_every_analysis_on_the_published_edition(published):
    found = {one.name: kept(published, one, "pfs", "clinical") for one in variants(published)}
    assert found["all"].high.owners == ("TRIMM-2",)
    assert found["without-set-apart"].high.text == "2.8 months"
    assert found["full-articles"].high.text == "2.8 months"  # TRIMM-2 is an abstract
    assert found["not-small"].low.text == "2.8 months"  # ICARIA-MM has nine patients
    rates = {one.name: kept(published, one, "orr", "clinical") for one in variants(published)}
    assert rates["all"].values - rates["not-inferred"].values == 2
    assert rates["not-inferred"].low.owners == ("FUSION-MM-005",)


def test_one_group_a_cohort_keeps_the_largest(published):
    cohorts = next(one for one in variants(published) if one.name == "cohorts")
    rows = kept(published, cohorts, "os", "rwe")
    whole = kept(published, variants(published)[0], "os", "rwe")
    assert rows.groups == whole.groups - 1  # Kostopoulos and Kastritis are one cohort
    groups = [{"row": row, "unit": unit, "state": state, "n_total": size}
              for row, (unit, state, size) in enumerate((
                  ("a", "limits", 90), ("a", "value", 12), ("a", "value", 20), ("a", "value", 20),
                  ("b", "value", None)))]
    assert [one["row"] for one in largest(groups, lambda row: row["unit"])] == [2, 4]


def test_the_response_rows(published):
    rows = response_rows(published).set_index("study_id")
    icaria = rows.loc["icaria-mm"]
    exact = clopper_pearson(5, 20)
    assert (icaria["low"], icaria["high"]) == pytest.approx((exact.low, exact.high), abs=0.05)
    without = rows[rows["block"] == UNCOUNTED]
    assert without["low"].isna().all() and without["reason"].notna().all()
    assert len(rows) == 20 and (rows["appraised"] == "not published").all()
    assert rows["block"].tolist() == sorted(rows["block"], key=lambda b: b == UNCOUNTED)


def test_only_equal_clocks_share_the_plot(published):
    rows = maturity_rows(published)
    placed = rows[rows["clock"] == SAME]
    assert "icaria-mm" not in set(placed["study_id"])  # its follow-up is that of the whole trial
    assert set(placed.loc[placed["immature"], "outcome_id"]) == {
        "trimm-2-retreated-pfs", "mikhael-2021-retreated-os"}
    assert rows.loc[rows["clock"] != SAME, "immature"].isna().all()


@pytest.mark.parametrize(("cells", "form"), [
    ((5.0, 1.5, 8.4, "value"), "symmetric"), ((3.3, 0.0, 6.9, "value"),
                                              "cut at zero or touching it"),
    ((8.4, 2.8, None, "value"), "open above"), ((10.7, 8.0, 19.0, "value"), "not symmetric"),
    ((10.7, None, None, "not reported"), "not known")])
def test_the_form_of_an_interval(cells, form):
    names = ("value", "ci_low", "ci_high", "ci_status")
    assert interval_form(dict(zip(names, cells, strict=True))) == form


def test_the_contrasts(published):
    rows = contrast_rows(published)
    assert list(dict.fromkeys(rows["study"])) == [
        "ICARIA-MM", "IMAGE", "Abdallah 2023", "Nooka 2019", "Yashar 2021", "Szabo 2022",
        "MAMMOTH", "LYNX"]
    by_study = rows.drop_duplicates("study").set_index("study")
    assert by_study.at["Abdallah 2023", "interval"] == "no CI: pairing not known"
    assert by_study.at["ICARIA-MM", "direction"] == "lower"
    assert "immortal" in by_study.at["Szabo 2022", "caveat"]
    assert by_study.at["Yashar 2021", "direction"] == "not known"
    assert by_study.at["Nooka 2019", "interval"] == "−73 to −18"
    assert (rows.loc[rows["study"] == "LYNX", "status"] == "not included").all()


def test_the_matrix_has_every_study_and_column(published):
    rows = known_rows(published)
    assert len(rows) == 6 * len(published.studies)
    girvan = rows[rows["study_id"] == "girvan-2022"]
    assert set(girvan["state"]) == {"not reported", "not an outcome"}


def test_a_later_study_is_in_every_part(update):
    assert "newcomer-2026" in set(known_rows(update)["study_id"])
    assert "newcomer-2026" in set(maturity_rows(update)["study_id"])
    later = displays.rows("tbl-leave-one-out", update).set_index("study_id")
    assert "does not hold → holds" in later.at["newcomer-2026", "headlines"]


def test_an_end_that_reads_the_same_has_not_moved(published):
    """A study may tell its value in an article and, of more patients, in an abstract."""
    rows = published.outcomes
    highest = rows[rows["outcome_id"] == "kostopoulos-2023-retreated-os"]
    types = published.reports.set_index("report_id")["type"]
    assert types[highest["report_id"].iloc[0]] == "abstract"
    again = highest.assign(outcome_id="told-again", n_total=2,
                           report_id=types.index[types == "article"][0])
    r = published.with_tables(outcomes=pd.concat([rows, again], ignore_index=True))
    lines = displays.rows("tbl-sensitivity", r)
    lines = lines[(lines["outcome"] == "os") & (lines["setting"] == "rwe")].set_index("label")
    line = lines.loc["one group a study, the largest"]
    assert line["highest"] == lines.loc["all groups", "highest"] == "19.0 months (Kostopoulos 2023)"
    assert line["moved"] == ""


def test_a_difference_has_the_decimals_of_what_it_is_between(published):
    found = displays.rows("fig-contrasts", published)["difference"].tolist()
    assert {"−2.0 months", "−56.0 points", "−16 points", "+0.1 months"} <= set(found)


def test_analyses_that_change_nothing_share_a_line_and_none_is_lost(published):
    rows = displays.rows("tbl-sensitivity", published)
    shown = _folded(rows)
    for name, part in rows.groupby("range", sort=False):
        labels = shown.loc[shown["range"] == name, "label"].str.split(". The same: ").explode()
        assert sorted(labels.str.split("; ").explode()) == sorted(part["label"])
    same = rows[rows["range"] == "Median OS, clinical trials"]
    assert (shown["range"] == "Median OS, clinical trials").sum() == 1 < len(same)


def test_without_each_study_setting_by_setting(published):
    backwards = published.studies.iloc[::-1].reset_index(drop=True)
    lines = displays.rows("tbl-leave-one-out", published.with_tables(studies=backwards))
    assert list(dict.fromkeys(lines["setting"])) == ["Clinical trials", "Real-world studies"]
    assert lines["study_id"].iloc[0] != published.studies["study_id"].iloc[0]
