"""What each format shows of a chapter's tree."""

import json
import subprocess

import pytest

from press import pandoc
from press.conditional import for_format


def plain(markdown, fmt):
    """The text of what a format shows."""
    read = subprocess.run([pandoc.binary(), "-f", "markdown", "-t", "json"], input=markdown,
                          text=True, capture_output=True, check=True)
    tree = json.loads(read.stdout)
    tree["blocks"] = for_format(tree["blocks"], fmt)
    written = subprocess.run([pandoc.binary(), "-f", "json", "-t", "plain"], text=True,
                             input=json.dumps(tree), capture_output=True, check=True)
    return " ".join(written.stdout.split())


@pytest.mark.parametrize("attributes, html, typst", [
    (".content-visible when-format=html", True, False),
    (".content-visible when-format=typst", False, True),
    (".content-visible when-format=pdf", False, True),
    (".content-visible unless-format=html", False, True),
    (".content-hidden when-format=html", False, True),
    (".content-hidden unless-format=html", True, False),
    (".content-hidden", False, False),
    (".content-visible .other #id", True, True),
    (".other when-format=html", True, True),
])
def test_conditional_divs_and_spans(attributes, html, typst):
    block = f"Before.\n\n::: {{{attributes}}}\nInside.\n\nTwo.\n:::\n\nAfter."
    inline = f"Before. [Inside.]{{{attributes}}} After."
    for fmt, expected in (("html", html), ("typst", typst)):
        assert plain(block, fmt) == f"Before. {'Inside. Two. ' if expected else ''}After."
        assert plain(inline, fmt) == f"Before. {'Inside. ' if expected else ''}After."


def test_conditions_nest():
    text = (":::: {.content-visible when-format=html}\nA\n\n::: {.content-hidden when-format=html}"
            "\nB\n:::\n\n::: {.x}\nC\n:::\n::::")
    assert (plain(text, "html"), plain(text, "typst")) == ("A C", "")


def test_code_for_some_formats():
    text = '~~~ {.python formats="html"}\na\n~~~\n\n~~~ python\nb\n~~~'
    assert (plain(text, "html"), plain(text, "typst")) == ("a b", "b")


def test_raw_content_is_for_its_format():
    blocks = [{"t": "RawBlock", "c": [name, text]} for name, text in (
        ("html", "<p>"), ("html", "<table></table>"), ("typst", "#x"), ("latex", "y"))]
    assert [b["c"][1] for b in for_format(blocks, "html")] == ["<p>", "<table></table>", "y"]
    assert [b["c"][1] for b in for_format(blocks, "typst")] == ["<table></table>", "#x", "y"]


def test_what_is_not_shown_changes_nothing_else():
    read = subprocess.run([pandoc.binary(), "-f", "markdown", "-t", "json"], text=True, check=True,
                          input="# A {#b .c}\n\n| x |\n|---|\n| [y]{.z} [@k] |\n\n$$a$$\n\n1. b",
                          capture_output=True)
    blocks = json.loads(read.stdout)["blocks"]
    assert for_format(blocks, "html") == for_format(blocks, "typst") == blocks
