"""The forms of figures for a phone: everything that the drawing says, and nothing without rows."""

import pytest
from bs4 import BeautifulSoup

from article.contents import CONTENTS
from review.audit import displays

LABELS = ("fig-prisma", "fig-known", "fig-response", "fig-maturity", "fig-contrasts", "fig-rwe-os")


def form(rows, label):
    made = displays.builder(CONTENTS, label)
    return BeautifulSoup(made.narrow(rows), "html.parser")


def words(element):
    return " ".join(element.get_text(" ").replace("\xa0", " ").split())


@pytest.fixture(params=LABELS)
def label(request):
    return request.param


def test_without_rows_there_is_no_form(published, label):
    made = displays.builder(CONTENTS, label)
    assert made.narrow(made.rows(published).iloc[:0]) == ""


def test_a_name_leads_to_its_row_of_the_dataset(published, label):
    rows = displays.builder(CONTENTS, label).rows(published)
    links = {a["href"] for a in form(rows, label).find_all("a")}
    known = {f"#row-outcomes-{key}" for key in rows.get("outcome_id", [])}
    assert links <= known and (links or label in ("fig-prisma", "fig-known"))


def test_every_box_of_the_flow_is_there_once(published):
    rows = displays.builder(CONTENTS, "fig-prisma").rows(published)
    made = form(rows, "fig-prisma")
    assert len(made.select("div")) == rows["box"].nunique()
    lines = [words(line) for line in made.select("span")]
    assert len(lines) == len(rows)
    for row in rows.to_dict("records"):
        star = "*" if row["kind"] == "derived" else ""
        told = f"{row['label']} ({row['text']}{star})"
        assert told in lines
        assert bool(made.find("i", string=told.replace("not reported", "not\xa0reported"))) == (
            row["status"] != "value")


def test_every_cell_of_the_matrix_has_its_letter(published):
    rows = displays.builder(CONTENTS, "fig-known").rows(published)
    for setting, part in rows.groupby("setting", sort=False):
        table = form(rows, "fig-known").select('[role="table"]')[
            list(dict.fromkeys(rows["setting"])).index(setting)]
        heads = [words(head) for head in table.select('span[role="columnheader"]')]
        shown = {(words(line.find("b")), column): words(cell)
                 for line in table.select('[role="row"]')[1:]
                 for column, cell in zip(heads, line.select('[role="cell"]'), strict=True)}
        assert shown == {(row["study"], row["column"]): row["letter"]
                         for row in part.to_dict("records")}


def test_every_rate_stands_at_its_place_with_both_intervals(published):
    rows = displays.builder(CONTENTS, "fig-response").rows(published)
    items = form(rows, "fig-response").select("li")
    assert len(items) == len(rows)
    for item, row in zip(items, rows.to_dict("records"), strict=True):
        assert words(item).startswith(row["study"]) and row["text"] in words(item)
        kinds = {mark["class"][0]: mark["style"] for mark in item.select(".narrow-track b")}
        if row["block"].startswith("No interval"):
            assert row["reason"] in words(item) and set(kinds) <= {"limits"}
        else:
            assert kinds["point"] == f"left:{row['value']:.1f}%"
            assert kinds["interval"].startswith(f"left:{row['low']:.1f}%")
            assert kinds["wilson"].startswith(f"left:{row['wilson_low']:.1f}%")


def test_medians_beyond_the_follow_up_are_hollow_and_right_of_the_bar(published):
    rows = displays.builder(CONTENTS, "fig-maturity").rows(published)
    placed = rows[rows["immature"].notna()]
    items = form(rows, "fig-maturity").select("li")
    assert len(items) == len(placed) > 0
    for item, row in zip(items, placed.to_dict("records"), strict=True):
        assert f"{row['follow_up']:g}" in words(item) and row["text"] in words(item)
        point, bar = item.select_one("b.point"), item.select_one("b.limits")
        place, end = (float(mark["style"].split(":")[-1].rstrip("%")) for mark in (point, bar))
        assert ("hollow" in point["class"]) == row["immature"] == (place > end)


def test_comparisons_say_both_values_direction_and_caveat(published):
    rows = displays.builder(CONTENTS, "fig-contrasts").rows(published)
    items = form(rows, "fig-contrasts").select("li")
    assert len(items) == len(rows)
    for item, row in zip(items, rows.to_dict("records"), strict=True):
        for name in ("study", "group", "value", "beside", "value_beside", "direction", "caveat"):
            assert " ".join(row[name].split()) in words(item), (row["study"], name)


def test_groups_with_limits_alone_stand_apart(published):
    """As in the drawing: values lead, under no heading; a comparison keeps its pairs together."""
    rows = displays.builder(CONTENTS, "fig-rwe-os").rows(published)
    lists = form(rows, "fig-rwe-os").find_all("ul", class_="narrow-rows")
    assert [len(one.find_all("li")) for one in lists] == [3, 4]
    head = lists[1].find_previous_sibling("p")
    assert words(head) == "No value in the text: limits that are known"
    pairs = displays.builder(CONTENTS, "fig-naive").rows(published)
    names = [words(li.b) for li in form(pairs, "fig-naive").find_all("li")]
    assert names == list(pairs["name"])
