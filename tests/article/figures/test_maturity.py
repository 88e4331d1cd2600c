"""Medians against follow-up: the points are the rows, and immature ones are told apart."""

import pandas as pd
from figure_reading import changed, plot_of, row
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from article.figures import results, scatter
from article.figures.maturity import SAME
from review.audit import displays


def points(figure):
    """{collection label: [(x, y)]} as drawn."""
    return {c.get_label(): sorted(tuple(map(float, xy)) for xy in c.get_offsets())
            for c in plot_of(figure).collections}


def in_plot(r):
    """Results that are drawn."""
    rows = displays.rows("fig-maturity", r)
    return set(rows.loc[rows["clock"] == SAME, "outcome_id"])


def test_follow_up(built):
    made = built("fig-maturity")
    expected = {}
    placed = made.rows[made.rows["clock"] == SAME]
    for record in placed.to_dict("records"):
        state = "immature" if record["immature"] else "within"
        expected.setdefault(f"{state}:{record['outcome']}", []).append(
            (record["follow_up"], record["value"]))
    assert points(made.artist) == {label: sorted(found) for label, found in expected.items()}
    assert (placed["immature"] == (placed["value"] > placed["follow_up"])).all()


def test_limits_and_unreported_follow_up_have_no_place(r, built):
    rows = built("fig-maturity").rows
    assert rows["value"].notna().all()
    assert rows.loc[rows["clock"] == SAME, "follow_up"].notna().all()
    assert "kostopoulos-2023-retreated-pfs" not in in_plot(r)  # not reported
    frame = displays.rows("fig-rwe-orr", r)
    assert frame.set_index("study_id").at["perez-de-acha-2023", "follow_up"] == "≤53"


def test_a_longer_follow_up_makes_a_median_mature(r):
    after = displays.build("fig-maturity", changed(
        r, "outcomes", "trimm-2-retreated-pfs", follow_up_printed="30.5"))
    assert row(after, "trimm-2-retreated-pfs")["follow_up"] == 30.5
    assert (30.5, 19.4) in points(after.artist)["within:pfs"]


def test_a_follow_up_of_the_whole_study_is_no_maturity_of_a_group(r):
    """It runs on the clock of the study: shown beside the group, and in no plot."""
    key = "icaria-mm-dara-after-isa-pfs"
    assert row(displays.build("fig-clinical-pfs", r), key)["follow_up"] == "35.3†"
    assert key not in in_plot(r)


def test_follow_up_of_a_result_its_group_its_report_its_study(r):
    """The nearest statement counts: beside the result, for the group, the report, the study."""
    base = {"outcome": "os", "follow_up_printed": pd.NA, "study_id": "nooka-2019",
            "arm_id": "nooka-2019-dara-refractory", "report_id": "ref-45"}
    assert results.follow_up(r, {**base, "follow_up_printed": "7.25"}) == ("7.25", 7.25)
    assert results.follow_up(r, base) == ("3", 3.0)
    assert results.follow_up(r, {**base, "arm_id": "other", "report_id": "ref-33"}) == ("41", 41)
    mikhael = {**base, "study_id": "mikhael-2021", "arm_id": "x", "report_id": "ref-26"}
    assert results.follow_up(r, mikhael)[1] == 4.7
    assert results.follow_up(r, {**mikhael, "outcome": "pfs"})[1] == 1.9
    assert results.follow_up(r, {**base, "study_id": "emmy", "arm_id": "x",
                                 "report_id": "ref-21"}) == ("NR", None)


def test_names_of_points_that_lie_close_stand_apart():
    """A later edition may bring many studies with a short follow-up."""
    rows = pd.DataFrame([
        {"name": f"Newcomer {n}", "text": f"{value}", "follow_up": follow_up, "value": value,
         "outcome": outcome, "immature": value > follow_up}
        for n, (follow_up, value, outcome) in enumerate([
            (1.0, 1.0, "pfs"), (2.2, 1.1, "pfs"), (2.2, 2.0, "os"), (7.7, 5.8, "pfs"),
            (7.7, 8.4, "os"), (7.9, 6.0, "pfs"), (8.0, 6.0, "os"), (1.0, 30.5, "pfs"),
            (43.0, 19.1, "os"), (43.0, 19.0, "pfs")])])
    fig = scatter.draw(rows)
    point = 10  # in pixels: with fewer, letters are as wide as whole pixels
    fig.set_dpi(72 * point)
    renderer = FigureCanvasAgg(fig).get_renderer()
    axes = next(axes for axes in fig.axes if axes.get_label() == "plot")
    for text in axes.texts:
        text.update_positions(renderer)
    names = [Text.get_window_extent(text, renderer) for text in axes.texts]
    assert len(names) == len(rows)
    frame = axes.get_window_extent(renderer)
    assert all(box.x0 >= frame.x0 and box.y0 >= frame.y0 - 2 * point for box in names)
    marks = axes.transData.transform(rows[["follow_up", "value"]].to_numpy(float))
    for place, box in enumerate(names):
        assert not any(box.contains(*mark) for mark in marks), rows["name"][place]
        assert not any(box.padded(-point).overlaps(other.padded(-point))
                       for other in names[:place])
