"""Formulas that Pandoc's writers would change: put right, or what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

NUMBER = re.compile(r"\\(?:tag|label)(?![A-Za-z])\*?")
LOST = re.compile(r"\\(?:color|textcolor|colorbox|fcolorbox|boxed|b?cancel|xcancel|hline)"
                  r"(?![A-Za-z])\*?")
RULED = re.compile(r"\\begin\s*\{array\}\s*(?:\[\w\])?\s*\{[^}]*\|[^}]*\}")
ABOVE = re.compile(r"\\overset\s*(?:\{[^{}]*\}|\S)\s*\{?\s*[A-Za-z0-9]")
"""Print sets what is above a letter as its power."""
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%.*")
MACROS = re.compile(r"\s*\\(?:(?:re|provide)?newcommand|providecommand|def|let|DeclareMathOperator|"
                    r"newenvironment)(?![A-Za-z])")
"""Begins raw TeX that defines commands, which Pandoc has put into the formulas already."""
BOLD = re.compile(r"\\mathbf\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\s([A-Za-z]))")
ACCENTED = re.compile(r"\\(?:wide)?(?:hat|tilde|bar|vec|ddot|dot|overline|underline)(?![A-Za-z])")
LETTER = re.compile(r"(\\[A-Za-z]+)|[A-Za-z0-9]")
DECIMAL_COMMA = re.compile(r"\d+(?:\{,\}\d+)+")
SIGN = re.compile(r"(\\[%$#&_])(?= )")
"""A sign after which Pandoc drops the space of a text."""
BOLD_BEGINNINGS = {"A": 0x1d400, "a": 0x1d41a, "0": 0x1d7ce}


def _bold(found: re.Match[str]) -> str:
    """What `\\mathbf` is around in bold letters; as it is where there are other commands in it."""
    inside = found[1] or found[2] or ""
    if "\\" in ACCENTED.sub("", inside):
        return found[0]

    def bold(part: re.Match[str]) -> str:
        letter = part[0]
        if part[1]:
            return letter
        first = "0" if letter.isdigit() else "a" if letter.islower() else "A"
        return chr(BOLD_BEGINNINGS[first] + ord(letter) - ord(first))

    return f"{{{LETTER.sub(bold, inside)}}}"


def written(tex: str) -> str:
    r"""A formula that both documents show as it is meant: bold upright letters, which the page
    would set in italics; numbers like `1{,}5` without space; words with theirs (`\text{5\% of}`);
    and no `\!`, for which print goes back a whole em."""
    tex = DECIMAL_COMMA.sub(lambda found: rf"\text{{{found[0].replace('{,}', ',')}}}",
                            BOLD.sub(_bold, tex))
    return SIGN.sub(r"\1{}", tex).replace(r"\!", "")


def faults(tex: str) -> Iterator[tuple[str, str]]:
    """What of a formula one of the documents would not show, in words, and how it is found in the
    chapter."""
    for command in NUMBER.findall(tex):
        yield (f"`{command}` in a formula is not shown in both documents; number the equation by "
               "its label, `$$ … $$ {#eq-x}`", command)
    for command in LOST.findall(tex):
        yield f"`{command}` in a formula is not shown in both documents; leave it out", command
    if ruled := RULED.search(tex):
        yield ("lines between the columns of a formula are not shown in both documents; leave out "
               "the `|`", ruled[0])
    if above := ABOVE.search(tex):
        yield ("what `\\overset` sets above a letter would be its power in print; write it another "
               "way", above[0])
    if comment := COMMENT.search(tex):
        yield ("`%` in a formula begins a comment, and what follows is lost; write `\\%`",
               comment[0].strip())
