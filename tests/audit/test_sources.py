"""The sources behind claims, figures and tables: document and place."""

import pytest

from review.audit import sources
from review.audit.displays import UnknownLabel
from review.dataset.load import PUBLISHED, load


@pytest.fixture(scope="module")
def r():
    return load(PUBLISHED)


def test_sources_behind_a_claim_have_document_and_place(r):
    places = sources.behind(r, "DI-20")
    assert [p.source_id for p in places] == ["gay2025", "ctgov-nct03871829"]
    assert "LYNX" in places[0].locator
    assert sources.citation(r, "gay2025").startswith("The reviewed article")


def test_sources_behind_a_figure_and_a_table_are_those_of_their_rows(r):
    for label in ("fig-rwe-orr", "tbl-clinical"):
        assert all(p.locator for p in sources.behind(r, label))
        assert sources.behind(r, label)


@pytest.mark.parametrize("name", ["XX-01", "fig-nothing", "tbl-nothing"])
def test_an_unknown_name_has_no_sources(r, name):
    with pytest.raises(UnknownLabel, match=name):
        sources.behind(r, name)


def test_locators_are_grouped_by_document():
    places = [sources.Place("a", "x"), sources.Place("b", "y"), sources.Place("a", "z")]
    assert sources.grouped(places) == {"a": ["x", "z"], "b": ["y"]}
