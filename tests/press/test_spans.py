"""Nested spans are rewritten without changing what Pandoc reads."""

import subprocess

import pytest

from press import pandoc
from press.spans import flattened

CARD = ("[[1.8^p^](92-audit.qmd#claim-IN-01){.claim-link aria-label=\"1.8 p: printed\"}"
        "[[A *title*]{.claim-title} [[Printed]{.key} 1.8%]{.line}]{.card role=\"note\"}]"
        "{.claim #c-1 tabindex=\"-1\"}")
TEXTS = [
    CARD,
    f"Before {CARD}, {CARD} and after [@knuth1984; see @tufte1983].",
    "A [[b]{.c}](d.qmd#e){.f g=\"h i\"} j.",
    "Literal [[x]] and x[[1]] and `[[a]{.b}]{.c}` and \\[[a]{.b}\\].",
    "A note.^[With [[a]{.b} c]{.d}.] An image ![[a]{.b}](c.png){.d}.",
    "Attributes: [[a]{.b} c]{key=\"x < y & z\"} [[a]{.b}]{ #i .j }.",
    "| A | B |\n|---|---|\n| [[a]{.b} c]{.d} | [[e](f)]{.g} |",
]


def tree(markdown):
    command = [pandoc.binary(), "-f", "markdown", "-t", "json", "--columns=999"]
    return subprocess.run(command, text=True, input=markdown, capture_output=True,
                          check=True).stdout


@pytest.mark.parametrize("text", TEXTS)
def test_pandoc_reads_the_same(text):
    assert tree(flattened(text)) == tree(text)


def test_nested_spans_are_rewritten():
    assert "]{" not in flattened(CARD).replace("){", "").replace("]{.claim-link", "")
    assert flattened(CARD).count("<span ") == 5


def test_plain_text_is_not_touched():
    assert flattened("A [link](x) and [span]{.y}.") == "A [link](x) and [span]{.y}."
