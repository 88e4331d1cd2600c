"""The flow diagram: every published count, no zero for the unknown, sums that must hold."""


import pandas as pd
import pytest
from figure_reading import changed, texts

from article.figures import prisma
from review.audit import displays
from review.dataset.load import DataError


def joined(built):
    return " ".join(texts(built.artist)).replace("\xa0", " ")


def test_prisma(built):
    made = built("fig-prisma")
    counts = made.rows.set_index("data")["n"].dropna().to_dict()
    assert counts == {
        "database_results": 2938, "duplicates": 130, "records_screened": 2808,
        "records_excluded": 2621, "dbr_assessed": 187, "dbr_excluded": 164,
        "included_databases": 23, "included_other": 11, "included_conferences": 9,
        "included_registers": 1, "included_citations": 1, "total_studies": 24,
        "total_reports": 34}
    for row in made.rows.to_dict("records"):
        star = "*" if row["kind"] == "derived" else ""
        assert f"{row['label']} ({row['text']}{star})" in joined(made)


def test_what_is_not_published_says_so(built):
    made = built("fig-prisma")
    unknown = made.rows[made.rows["status"] != "value"]
    assert len(unknown) == 12 and unknown["n"].isna().all()
    assert (unknown["text"] == "not reported").all()
    assert "n = 0" not in joined(made)
    italic = {text.get_text() for axes in made.artist.axes for text in axes.texts
              if text.get_style() == "italic"}
    assert italic and not any("n\xa0=" in text for text in italic)


def test_each_box_is_drawn_once_with_its_rows(built):
    made = built("fig-prisma")
    drawn = [patch.get_label() for axes in made.artist.axes for patch in axes.patches
             if patch.get_label().startswith("box:")]
    assert drawn == [f"box:{name}" for name in dict.fromkeys(made.rows["box"])]


@pytest.mark.parametrize("name", [
    "database_results", "duplicates", "records_screened", "records_excluded", "dbr_assessed",
    "dbr_excluded", "included_databases", "included_other", "included_conferences",
    "included_registers", "included_citations", "total_studies", "total_reports"])
def test_one_more_in_any_box_is_refused(r, name):
    key = f"published-{name}"
    count = int(r.flow.set_index("flow_id").at[key, "n"])
    with pytest.raises(DataError) as refused:
        displays.rows("fig-prisma", changed(r, "flow", key, n=count + 1))
    assert all(p.file == "flow.csv" and p.row > 1 and "gives" in p.message
               for p in refused.value.problems)


def test_the_message_names_the_box_the_sum_and_the_line(r):
    problems = prisma.breaches(changed(r, "flow", "published-records_excluded", n=2620))
    assert [str(p) for p in problems] == [
        f"flow.csv:{_line(r, 'published-dbr_assessed')}:n: Reports assessed for eligibility is "
        "187 in edition published, but 2808 - 2620 gives 188; "
        "correct the count or the counts it follows from"]


def test_a_reported_count_joins_the_sums(r):
    more = changed(r, "flow", "published-register_results", n=7, status="value")
    assert any("2938 + 7 - 130 gives 2815" in str(p) for p in prisma.breaches(more))


def test_other_sources_add_up_when_they_are_reported(r):
    given = changed(r, "flow", "published-other_assessed", n=20, status="value")
    given = changed(given, "flow", "published-other_excluded", n=9, status="value")
    assert prisma.breaches(given) == []
    given = changed(given, "flow", "published-other_excluded", n=8, status="value")
    assert any("20 - 8 gives 12" in str(p) for p in prisma.breaches(given))


@pytest.mark.parametrize("name", ["included_other", "included_registers", "other_excluded",
                                  "dbr_excluded", "duplicates"])
def test_an_unknown_part_refuses_nothing(r, name):
    flow = changed(r, "flow", "published-other_assessed", n=20, status="value")
    unknown = changed(flow, "flow", f"published-{name}", n=None, status="not reported")
    assert prisma.breaches(unknown) == []


def test_an_update_shows_previous_new_and_total(r):
    """The template of an updated review: what was there, what is new, and the sum."""
    flow = r.flow.copy()
    for name, n in {"previous_studies": 24, "previous_reports": 34, "new_studies": 0,
                    "new_reports": 0, "included_databases": 0, "included_other": 0,
                    "included_conferences": 0, "included_registers": 0, "included_citations": 0,
                    "dbr_assessed": 164, "records_screened": 2785, "duplicates": 153}.items():
        chosen = flow["flow_id"] == f"published-{name}"
        flow.loc[chosen, "n"] = n
        flow.loc[chosen, "status"] = "value"
    made = displays.build("fig-prisma", r.with_tables(flow=flow))
    assert {"new", "previous", "total"} <= set(made.rows["box"])
    assert "previous version (n = 24)" in joined(made)
    flow.loc[flow["flow_id"] == "published-previous_studies", "n"] = 23
    with pytest.raises(DataError, match="23 \\+ 0 gives 23"):
        displays.rows("fig-prisma", r.with_tables(flow=flow))


def test_an_edition_without_counts_reports_none_and_counts_its_rows(r):
    bare = r.with_tables(flow=r.flow[r.flow["edition_id"] != r.name].reset_index(drop=True))
    rows = displays.rows("fig-prisma", bare).set_index("data")
    assert rows.loc["database_results", "status"] == "not reported"
    assert rows.loc["total_studies", "n"] == 24 and rows.loc["total_studies", "kind"] == "derived"
    assert pd.isna(rows.loc["included_other", "n"])
    assert displays.build("fig-prisma", bare).artist


def _line(r, key):
    return r.flow.index[r.flow["flow_id"] == key][0] + 2


def test_a_further_report_is_not_told_as_one_of_a_new_study(r, monkeypatch):
    first = r.reports["report_id"] == "ref-57"
    old = r.with_tables(reports=r.reports[~first].reset_index(drop=True))
    monkeypatch.setattr(prisma, "before", lambda edition: old)
    prisma._counts.cache_clear()
    bare = r.with_tables(flow=r.flow[r.flow["edition_id"] != r.name].reset_index(drop=True))
    rows = displays.rows("fig-prisma", bare).set_index("data")
    prisma._counts.cache_clear()
    assert (rows.loc["new_studies", "n"], rows.loc["new_reports", "n"]) == (0, 1)
    assert rows.loc["new_reports", "label"] == "New reports included"
