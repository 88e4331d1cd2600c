"""A table as Markdown: the words of the table, and nothing that a page of many cannot bear."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from great_tables import GT

from review.audit.displays import build
from review.dataset.load import load
from review.report.table_markup import markdown


@pytest.fixture(scope="module")
def published():
    return load("published")


def words(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    for style in soup("style"):
        style.decompose()
    return soup.get_text(" ").split()


def test_the_markup_has_the_words_of_the_table_without_ids_and_style(published):
    assert len(published.contents.tables) > 5
    for label in published.contents.tables:
        artist = build(label, published).artist
        made = markdown(artist)
        assert made.startswith("```{=html}\n<table") and made.endswith("</table>\n```")
        assert words(made[len("```{=html}\n"):-len("\n```")]) == words(artist.as_raw_html())
        assert not re.search(r"<style|<div|\s(id|headers)=|data-quarto", made)


def test_marks_groups_and_right_columns_keep_their_look():
    frame = pd.DataFrame({"group": ["a", "a"], "name": ["x", "y"], "count": [1, 2]})
    made = markdown(GT(frame, rowname_col="name", groupname_col="group").tab_footnote("Note."))
    soup = BeautifulSoup(made, "html.parser")
    assert soup.find("th", class_="gt_group_heading").strong.get_text() == "a"
    assert all("text-align: right" in td["style"] for td in soup.select("td.gt_right"))
    assert len(soup.select("td.gt_right")) == 2
    assert not [th for th in soup("th") if not th.get_text(strip=True)]


def test_a_mark_of_a_footnote_is_raised(published):
    made = markdown(build("tbl-clinical", published).artist)
    assert "<sup" in made and "<span" not in made


def test_no_column_is_narrower_than_its_words():
    table = GT(pd.DataFrame({"a": ["x"], "b": ["y"]})).cols_width({"a": "90%", "b": "10%"})
    assert "fixed" in table.as_raw_html()
    told = markdown(table)
    assert "fixed" not in told and "width:90%" in told.replace(" ", "")


def heads(frame: pd.DataFrame, **how) -> list[str]:
    soup = BeautifulSoup(markdown(GT(frame, **how)), "html.parser")
    return [cell.get_text() for cell in soup.select("tbody th[scope=row]")]


def test_what_names_a_row_is_its_head():
    frame = pd.DataFrame({"g": ["a", "a", "b"], "s": ["x", "", "y"], "p": ["k", "l", "k"],
                          "v": ["1", "1", "1"]})
    assert heads(frame, groupname_col="g") == ["x", "k", "l", "y", "k"]
    assert heads(frame.drop(columns="s")) == []  # two rows begin with the same
    assert heads(frame[["p", "v"]]) == []
    assert heads(frame[["v"]][:1]) == []  # a list has no rows with a name
    assert heads(frame[["g", "v"]], rowname_col="g") == ["a", "a", "b"]


def test_most_tables_of_the_report_name_their_rows(published):
    named = [label for label in published.contents.tables
             if 'scope="row"' in markdown(build(label, published).artist)]
    assert len(named) > 8 and "tbl-patients" not in named
