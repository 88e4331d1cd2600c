"""The panels: which groups, in which order, with which marks; and what one changed cell does."""


import pandas as pd
import pytest
from figure_reading import changed, marks, plot_of, row, texts

from article.figures.results import ADDED, published_order
from review.audit import displays
from review.audit.intervals import clopper_pearson


def studies(built):
    return built.rows["study"].tolist()


def marks_of(built):
    return built.rows["mark"].value_counts().to_dict()


def test_clinical_pfs(built):
    panel = built("fig-clinical-pfs")
    assert studies(panel) == ["TRIMM-2", "Frerichs 2021 (ATRA)", "ICARIA-MM", "Lesokhin 2023",
                              "FUSION-MM-005", "Mikhael 2021"]
    assert marks_of(panel) == {"point": 3, "bound": 3}
    assert row(panel, "icaria-mm-dara-after-isa-pfs")["text"] == "2.2 (0.1–7.6)"
    assert row(panel, "trimm-2-retreated-pfs")["detail"] == "CI not reported"
    # a size given for another result of the group is not the denominator of this one
    assert "(32)" in texts(panel.artist) and "32" not in texts(panel.artist)
    # the abstract gives it for all patients, and 44 is the size of another result
    assert "44" not in " ".join(texts(panel.artist))
    assert row(panel, "dara-atra-all-pfs")["detail"] == "CI not transcribed"


def test_clinical_os(built):
    panel = built("fig-clinical-os")
    assert panel.rows["text"].tolist() == ["19.1 (15.0–23.1)", "10.7 (8.0–19.0)", "not reached"]
    # the follow-up is the one for overall survival where the study has one of its own
    assert panel.rows["follow_up"].tolist() == ["43", "4.7", "2.9"]
    assert row(panel, "fusion-mm-005-retreated-os")["mark"] == "arrow"


def test_an_unreached_median_has_no_place_on_the_scale(built):
    axes = plot_of(built("fig-clinical-os").artist)
    arrow = next(line for line in axes.lines if line.get_label().startswith("arrow:"))
    assert arrow.get_transform() == axes.get_yaxis_transform()
    assert max(arrow.get_xdata()) < 1


def test_clinical_orr(built):
    panel = built("fig-clinical-orr")
    assert studies(panel)[:3] == ["TRIMM-2", "ICARIA-MM", "Frerichs 2021 (ATRA)"]
    assert panel.rows["value"].tolist() == [75, 25, 4.5, 0, 0, 0]
    icaria = row(panel, "icaria-mm-dara-orr")
    exact = clopper_pearson(5, 20)
    assert icaria["interval"] == "computed"
    assert (icaria["low"], icaria["high"]) == pytest.approx((exact.low, exact.high), abs=0.05)
    assert row(panel, "dara-atra-retreated-orr")["text"] == "4.5% (2*/44)"
    # without a count there is no interval to compute
    trimm = row(panel, "trimm-2-retreated-orr")
    assert trimm["interval"] == "none" and pd.isna(trimm["low"])


def test_rwe_pfs(built):
    panel = built("fig-rwe-pfs")
    one_of = "Kastritis 2023, EMMY or MAMMOTH"
    assert len(panel.rows) == 13 and "13 treatment groups of 9 studies" in panel.alt
    assert studies(panel) == ["Kikuchi 2023", "Kostopoulos 2023", one_of, "Zhou 2022",
                              one_of, one_of, "Nooka 2019", *["Yashar 2021"] * 4,
                              "IMAGE", "IMAGE"]
    assert marks_of(panel) == {"bound": 8, "point": 5}
    uncertain = panel.rows[panel.rows["place"].notna()]
    assert uncertain["place"].tolist() == ["3", "5", "6"]
    # the panel's sizes cannot be read, and no candidate's own size is that of a row
    assert uncertain["n_total"].isna().all()
    assert any("or: which of these studies the row is, is not known." in text
               for text in _joined(panel))


def test_an_interval_without_upper_limit_is_open(built):
    panel = built("fig-rwe-pfs")
    image = row(panel, "image-exposed-pfs")
    assert image["interval"] == "open" and pd.isna(image["high"])
    assert image["text"] == "8.4 (2.8–NE)"
    assert ("open", "image-exposed-pfs") in marks(panel.artist)


def test_rwe_os(built):
    panel = built("fig-rwe-os")
    assert studies(panel) == ["Kostopoulos 2023", "Kastritis 2023", "EMMY", "Nooka 2019",
                              "MAMMOTH", "Zhou 2022", "Kikuchi 2023"]
    assert panel.rows["n_total"].tolist() == [35, 42, 173, 12, 57, 38, 39]
    assert marks_of(panel) == {"bound": 4, "point": 2, "arrow": 1}


def test_rwe_orr(built):
    panel = built("fig-rwe-orr")
    refs = panel.rows["ref"].astype("string").fillna(panel.rows["ref_options"]).tolist()
    assert refs == ["44", "35", "39 or 42", "38", "39 or 42", "37", "43", "31", "32", "34", "41",
                    "40", "33", "28 or 36"]
    assert "[28 or 36]" in _joined(panel)[0]
    assert marks_of(panel) == {"point": 4, "bound": 10}
    values = panel.rows["value"].dropna().tolist()
    assert values == sorted(values, reverse=True)


def test_image(built):
    panel = built("fig-image")
    assert panel.rows["arm_id"].tolist() == ["image-naive", "image-exposed", "image-refractory"]
    assert panel.rows["n_total"].tolist() == [215, 22, 56]
    assert panel.rows["high_status"].tolist()[:2] == ["not reached", "not estimable"]
    assert panel.rows["refractoriness"].tolist() == ["not refractory", "not refractory",
                                                    "all refractory"]


def test_best_response(built):
    panel = built("fig-best-response")
    assert panel.rows["study"].nunique() == len(panel.rows) == 11
    assert studies(panel)[:2] == ["Kikuchi 2023", "Yashar 2021"]
    assert panel.rows["text"].tolist()[:2] == ["20.5% (8/39)", "2% (1/49)"]
    assert marks_of(panel) == {"point": 2, "bound": 9}


def test_naive(built):
    panel = built("fig-naive")
    assert panel.rows["arm_id"].tolist() == [
        "abdallah-2023-naive", "abdallah-2023-retreated", "yashar-2021-naive",
        "yashar-2021-retreated", "nooka-2019-naive", "nooka-2019-dara-refractory",
        "nooka-2019-dara-and-pom-refractory"]
    # the comparison is of an earlier report of that study
    assert set(panel.rows.loc[panel.rows["study_id"] == "nooka-2019", "name"]) == {"Nooka 2016"}
    assert row(panel, "yashar-2021-naive-orr")["mark"] == "unknown"


def test_a_changed_value_moves_its_mark(r, built):
    key = "kostopoulos-2023-retreated-pfs"
    after = displays.build("fig-rwe-pfs", changed(r, "outcomes", key, value=6.5, printed="6.5"))
    assert marks(built("fig-rwe-pfs").artist)["point", key][0] == [5.0]
    assert marks(after.artist)["point", key][0] == [6.5]
    assert "6.5 (1.5–8.4)" in texts(after.artist) and "6.5 (1.5–8.4)" in after.alt


def test_a_transcribed_value_becomes_a_point(r, built):
    key = "kikuchi-2023-retreated-pfs"
    assert ("bound", key) in marks(built("fig-rwe-pfs").artist)
    after = displays.build("fig-rwe-pfs", changed(
        r, "outcomes", key, status="value", kind="reported", value=7.0, printed="7.0",
        bound_low=None, bound_high=None, ci_status="value", ci_level=95.0, ci_low=2.0,
        ci_high=9.0, ci_printed="2.0–9.0"))
    found = marks(after.artist)
    assert found["point", key][0] == [7.0] and found["reported", key][0] == [2.0, 9.0]
    assert ("bound", key) not in found
    assert after.rows.iloc[0]["text"] == "7.0 (2.0–9.0)"


def test_a_bound_with_a_number_in_its_value_is_still_no_point(r):
    # validation refuses such a row; the drawing does not depend on that
    key = "kikuchi-2023-retreated-pfs"
    after = displays.build("fig-rwe-pfs", changed(r, "outcomes", key, value=7.0))
    assert ("point", key) not in marks(after.artist)


def test_a_group_of_a_later_edition_stands_apart(r):
    """Below a heading of its own, whatever its value; the published rows keep their order."""
    study = r.studies[r.studies["study_id"] == "kikuchi-2023"].assign(
        study_id="new-2026", label="New 2026", acronym=pd.NA, table_position=99,
        edition_added="later")
    arm = r.arms[r.arms["arm_id"] == "kikuchi-2023-retreated"].assign(
        arm_id="new-2026-retreated", study_id="new-2026", edition_added="later")
    outcome = r.outcomes[r.outcomes["outcome_id"] == "kostopoulos-2023-retreated-pfs"].assign(
        outcome_id="new-2026-pfs", arm_id="new-2026-retreated", report_id=pd.NA, value=30.0,
        printed="30.0", ci_high=40.0, ci_printed="1.5–40.0", figure=pd.NA, figure_row=pd.NA,
        edition_added="later")
    later = r.with_tables(studies=pd.concat([r.studies, study], ignore_index=True),
                          arms=pd.concat([r.arms, arm], ignore_index=True),
                          outcomes=pd.concat([r.outcomes, outcome], ignore_index=True))
    made = displays.build("fig-rwe-pfs", later)
    assert made.rows["study"].tolist()[:-1] == displays.rows("fig-rwe-pfs", r)["study"].tolist()
    assert made.rows.iloc[-1]["study"] == "New 2026"
    assert made.rows.iloc[-1]["section"] == ADDED and ADDED in texts(made.artist)
    assert marks(made.artist)["point", "new-2026-pfs"][0] == [30.0]
    assert "New 2026" in made.alt


def test_a_group_without_any_number_is_drawn_as_unknown(r):
    key = "kikuchi-2023-retreated-pfs"
    after = displays.build("fig-rwe-pfs", changed(
        r, "outcomes", key, kind="reported", bound_low=None, bound_high=None))
    assert ("unknown", key) in marks(after.artist)
    assert row(after, key)["detail"] == "nothing known"


def test_a_reported_interval_wins_over_a_computed_one(r):
    key = "icaria-mm-dara-orr"
    after = displays.build("fig-clinical-orr", changed(
        r, "outcomes", key, ci_status="value", ci_level=90.0, ci_low=10.4, ci_high=45.6,
        ci_printed="10.4–45.6", ci_high_status="value"))
    made = row(after, key)
    assert (made["interval"], made["low"], made["high"]) == ("reported", 10.4, 45.6)
    assert made["detail"] == "(10.4–45.6, 90% CI)"


def test_the_order_where_the_article_gives_none():
    """Its rows first, then values from high to low, then limits, then medians not reached."""
    nothing = {"_row": None, "value": None, "_study_position": 1}
    records = [
        {**nothing, "mark": "arrow"}, {**nothing, "mark": "bound"},
        {**nothing, "mark": "point", "value": 2.0},
        {**nothing, "mark": "point", "value": 9.0, "_study_position": 2},
        {**nothing, "mark": "point", "value": 9.0}, {**nothing, "mark": "bound", "_row": 7},
        {**nothing, "mark": "arrow", "_row": 1}]
    assert sorted(records, key=published_order) == [records[i] for i in (6, 5, 4, 3, 2, 1, 0)]


def test_a_row_of_one_of_two_studies_names_both_with_the_printed_size(r):
    rows = displays.rows("fig-rwe-orr", r)
    shared = rows[rows["place"].notna()]
    assert shared["position"].tolist() == [3, 5]
    assert set(shared["name"]) == {"Leblanc 2022 or Reyes 2022"}
    assert shared["n_total"].tolist() == [19, 78] and set(shared["follow_up"]) == {"21 or 21.3"}


def test_a_study_whose_row_is_settled_leaves_the_other_one_its_own(r):
    """Once one of two is placed, the other is the row that is left, by elimination."""
    placed = changed(r, "outcomes", "leblanc-2022-retreated-orr", figure_row=5,
                     figure_row_options=None)
    rows = displays.rows("fig-rwe-orr", placed)
    assert rows["study"].tolist()[2] == "Reyes 2022" and rows["place"].isna().all()


def test_a_value_of_one_of_two_studies_is_its_own(r):
    key = "leblanc-2022-retreated-orr"
    read = changed(r, "outcomes", key, status="value", kind="reported", value=60.0, printed="60",
                   bound_low=None, bound_high=None)
    assert row(displays.build("fig-rwe-orr", read), key)["text"].startswith("60%")


def test_limits_that_another_document_gives_for_one_of_two_studies_are_its_own(r):
    key = "leblanc-2022-retreated-orr"
    read = changed(r, "outcomes", key, status="not reported", bound_low=0.5, bound_high=1.0)
    built = displays.build("fig-rwe-orr", read)
    assert row(built, key)["detail"] == "within 0.5–1.0%" and built.rows["place"].isna().all()
    assert row(built, "reyes-2022-retreated-orr")["detail"] == "within 50.0–89.5%"


def _joined(panel):
    return [" ".join(texts(panel.artist))]
