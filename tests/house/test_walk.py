"""The walk in CONTRIBUTING.md, from a sentence of the page to the cell behind it."""

import ast
import csv
import re
from pathlib import Path

import pytest

from review.audit.outcomes import outcome_rows
from review.dataset.load import load
from review.dataset.views import results
from review.report.outcomes import paragraph

ROOT = Path(__file__).parents[2]
STEP = re.compile(r"`(\w+)` in `([\w/]+\.py)`")


def walk() -> list[str]:
    """The numbered steps of the walk."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.partition("## From a sentence to the cell behind it")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. (.*)$", section, re.M)


@pytest.fixture(scope="module")
def r():
    return load("published", ROOT / "data")


def test_every_step_names_a_function_that_is_there():
    steps = [found for step in walk() for found in STEP.findall(step)]
    assert len(steps) >= 5
    for function, module in steps:
        tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_chapter_holds_the_call():
    call = re.search(r"`(outcome\(\"pfs\", \"rwe\")", walk()[0])[1]
    assert call in (ROOT / "chapters" / "03-results.qmd").read_text(encoding="utf-8")


def test_the_number_of_the_sentence_is_the_cell_of_the_row(r):
    high = outcome_rows(r, "pfs", "rwe").high
    assert len(high) == 1
    row = high.iloc[0]
    assert row["row"] in set(results(r)["row"]) & set(r.outcomes["row"])
    table, _, key = row["row"].partition("/")
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        cell = next(line for line in csv.DictReader(file) if line["outcome_id"] == key)
    text = paragraph(r, "pfs", "rwe")
    assert f"The highest is {cell['value']} months in {row['study']}" in text
    assert cell["source_id"] and cell["locator"]
