"""Marks that would stand in the text as words are refused; what is meant as words is none."""

import subprocess

import pytest

from press import pandoc
from press.as_words import faults


def told(text):
    written = subprocess.run([pandoc.binary(), "--from=markdown", "--to=json"], input=text,
                             capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return [(line, message) for line, message, _ in faults(written, text)]


@pytest.mark.parametrize("text, lines, words", [
    ("Text\n## Heading\nmore", [2], "this heading"), ("Text:\n- one", [2], "this list"),
    ("Text\n1. a\n2. b", [2, 3], "this list"), ("> Text\n> - a\n> - b", [2, 3], "this list"),
    ("- item\n  ## Head", [2], "this heading"), (": Orphan", [1], "this caption"),
    ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", [2, 3, 4], "this row"),
    ("| a |\n|---|\n| 1 |\n\n: Cap\n\n  more {#tbl-z}", [7], "these attributes"),
    ("Text\n[^1]: note", [2], "this note"), ('[x](a b "t" c)', [1], "this link"),
    ("Table: Orphan", [1], "this caption"), ("a[^b c]", [1], "this note"),
    ("a\n{tbl-colwidths=\"[1,2]\"}", [2], "these attributes"),
    ("a $$ b", [1], "this `$$`"), ("a <!-- b", [1], "this comment"),
    ("Text\n___\nmore", [2], "this rule"), ("Text\n* * *", [2], "this rule"),
    ("a[^1]\n\n[^1]: N [^2]\n\n[^2]: M", [3], "this note"),
    ("Text\n> quoted", [2], "this quotation"), ("- a\n    > quoted", [2], "this quotation"),
    ("Term\n\n:   Meaning\n\n| a |\n|---|\n| 1 |", [3], "this definition"),
    ("- a\n\n  Term\n\n  :   *Mean* it\n\n  | a |\n  |---|\n  | 1 |", [5], "this definition"),
    ("::: {.x}\n- a\n\n  A     B\n  ----- -------\n  x     y\n:::", [5], "this line of dashes"),
    ("A. one\nB. two\nC. three", [2, 3], "this list would be printed as one"),
])
def test_what_would_stand_as_words(text, lines, words):
    found = told(text)
    assert [line for line, _ in found] == lines
    assert all(message.startswith(words) for _, message in found)


@pytest.mark.parametrize("text", [
    "Term\n:   Meaning\n\n| a |\n|---|\n| 1 |", "Text\n\n: Words\n\n| a |\n|---|\n| 1 |",
    "Text\n— said — he\n-- and more\n\nHead\n---\n\nA     B\n----- -----\nx     y\n",
    r"Escaped \{#x} \[x](y z) \$\$ `{#x}` and \<!-- x" + "\n\n$$a$$", "Text\n\\## x",
    "A \\<!-- x --\\> as words\n\n<!-- a\n\ncomment --> and <!-- another -->",
    "Wrapped 3\n- 4 is fine.", "A paragraph with 1.\n5. wrapped.", "| line\n| block | it is |",
    "Term\n: Def\n: Other", "::: {.small}\n- x\n- y\n:::", "1. a\n   - b\n   - c\n2. d",
    "| a | b |\n|---|---|\n| - x | 1. y |\n\n: Cap {#tbl-a}", "Hyphen\n-- dash", "#tag and [x]{.y}",
    "## Head {#sec-a}\n\n![x](y){#fig-a}\n\n$$\na\n$$ ", "[a]\n\n[a]: https://x.org",
    "a[^1]\n\n[^1]: N",
    "where p\n> 0.05", "> a\n> b\n\n> c", "by A. Smith,\nB. Jones", "A.  x\nB.  y",
 "[see [there](two.qmd#x) @a, {p. 3}; @b]",
])
def test_what_is_meant_as_words_or_is_a_mark(text):
    assert told(text) == []


def test_the_words_are_found_in_the_chapter_as_they_stand(small):
    line = small.append("index.qmd", "## Head\n\n:    Orphan of a table\n") + 2
    assert f"index.qmd:{line}: this caption belongs to no table" in small.press("render").err
