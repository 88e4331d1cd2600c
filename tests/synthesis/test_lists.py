"""Checklists and appraisals: complete, and every anchor is there."""

import re

import pandas as pd
import pytest

from review.dataset.load import ROOT
from review.report.checklists import UnknownList, appraisal, checklist, counts

# items by list, with the parts that a list splits an item into
ITEMS = {
    "prisma-2020": "1 2 3 4 5 6 7 8 9 10a 10b 11 12 13a 13b 13c 13d 13e 13f 14 15 16a 16b 17 18 "
                   "19 20a 20b 20c 20d 21 22 23a 23b 23c 23d 24a 24b 24c 25 26 27",
    "prisma-abstract": "1 2 3 4 5 6 7 8 9 10 11 12",
    "swim": "1 2 3 4 5 6 7 8 9",
    "prisma-lsr": "L1 L2 L3 L4",
}
TOOLS = {
    "amstar-2": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
    "robis": "1.1 1.2 1.3 1.4 1.5 2.1 2.2 2.3 2.4 2.5 3.1 3.2 3.3 3.4 3.5 4.1 4.2 4.3 4.4 4.5 4.6",
}


def missing_items(r, name):
    """Items of a list that the dataset lacks or has besides."""
    there = r.checklists.loc[r.checklists["checklist"].astype("string") == name, "number"]
    return set(there) ^ set(ITEMS[name].split())


def dead_anchors(r, root=ROOT):
    """Anchors of the checklists that no chapter has, as file#anchor."""
    dead = []
    for row in r.checklists.itertuples():
        path = (root / "chapters" / row.chapter).resolve()
        text = path.read_text("utf-8") if path.is_file() else ""
        if not re.search(rf"\{{#{re.escape(row.anchor)}[ }}]", text):
            dead.append(f"{row.chapter}#{row.anchor}")
    return dead


@pytest.mark.parametrize("name", ITEMS)
def test_no_item_is_missing(published, name):
    assert missing_items(published, name) == set()


def test_every_anchor_is_there(published):
    assert dead_anchors(published) == []


def test_a_missing_item_and_a_dead_anchor_are_seen(published):
    rows = published.checklists.copy()
    spoilt = published.with_tables(checklists=rows.iloc[1:])
    assert missing_items(spoilt, "prisma-2020") == {"1"}
    rows.loc[3, "anchor"] = "sec-nowhere"
    assert dead_anchors(published.with_tables(checklists=rows)) == [
        f"{rows.loc[3, 'chapter']}#sec-nowhere"]


def test_what_is_not_met_has_a_reason(published):
    rows = published.checklists
    open_ = rows[rows["status"].astype("string") != "met"]
    assert len(open_) > 5 and open_["reason"].notna().all()


@pytest.mark.parametrize("name", ITEMS)
def test_the_table_links_each_item(published, name):
    text = checklist(published, name)
    assert text.count("\n| ") == len(ITEMS[name].split()) + 2
    assert len(re.findall(r"\]\([^)]+\.qmd#sec-[a-z-]+\)", text)) == len(ITEMS[name].split())
    assert sum(counts(published, name).values()) == len(ITEMS[name].split())


@pytest.mark.parametrize("tool", TOOLS)
def test_an_appraisal_has_every_item_and_no_judgement(published, tool):
    rows = published.appraisals[published.appraisals["tool"].astype("string") == tool]
    assert rows["number"].tolist() == TOOLS[tool].split()
    lines = appraisal(published, tool).splitlines()[2:]
    assert all(line.endswith("| open |") for line in lines) and len(lines) == len(rows)


def test_an_unknown_list_is_told(published):
    with pytest.raises(UnknownList, match="no list 'prisma'; there are prisma-2020"):
        checklist(published, "prisma")
    empty = published.with_tables(checklists=published.checklists.iloc[:0])
    with pytest.raises(UnknownList, match="there are none"):
        checklist(empty, "swim")


def test_the_facts_of_a_contrast_are_there(published):
    rows = published.contrasts
    named = pd.concat([rows["fact_id"], rows["fact_beside"]]).dropna()
    assert set(named) <= set(published.facts["fact_id"])
