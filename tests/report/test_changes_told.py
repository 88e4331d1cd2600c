"""What changed is told alike on a terminal, on a page and to a program."""

import json
import re

import pandas as pd
import pytest

from review.report.changes import SHOWN, markdown, text
from review.update import changes
from review.update.changes import Changes


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_form_tells_the_same(update, form):
    found = changes.since_previous(update)
    told = {"text": text, "markdown": markdown, "json": Changes.json}[form](found)
    for piece in ("changed", "Newcomer 2026", "21.0", "does not hold",
                  "Median OS in real-world studies: known range"):
        assert piece in told
    if form == "json":
        assert json.loads(told)["class"] == changes.CHANGED


def test_conclusions_are_counted_as_they_are_listed(update):
    lines = text(changes.since_previous(update)).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Conclusions that turn: "))
    listed = [line for line in lines[start + 1:] if re.match(r"  \S", line)]
    same = sum("as before, with other numbers" in line for line in listed)
    assert len(listed) > 1
    assert [int(number) for number in re.findall(r"\d+", lines[start])] == [
        len(listed) - same, same]


def test_long_lists_are_cut_and_counted_on_the_page_and_whole_in_json(published):
    row = {"change": "added", "table": "outcomes", "row_old": pd.NA, "row_new": "outcomes/x",
           "study": "X", "what": "PFS", "old": pd.NA, "new": "1 month",
           "reason": pd.NA}
    many = pd.DataFrame([row] * (SHOWN + 7))
    nothing = changes.changes(published, published)
    found = Changes(**{**vars(nothing), "moves": many})
    assert "And 7 more" in text(found) and "And 7 more" in markdown(found)
    assert len(found.as_dict()["rows"]) == SHOWN + 7
