"""Characters that a cell may hold: letters of any language, but nothing that cannot be seen."""

from __future__ import annotations

import re
import unicodedata

from review.dataset.problems import visible

# of Unicode: controls, invisible format characters (zero width, direction), surrogates, private
# use, code points not assigned, separators of lines and paragraphs
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# spaces that look like the plain one and are not, letters that are drawn as nothing
LIKE_SPACE = "\u00ad\u034f\u115f\u1160\u3164\uffa0\u180e\u2800\u1680\u3000\u2000\u2001"
MARKUP = re.compile(r"[<>\"'`{}|\\^]")
PLAIN = re.compile(r"[ -~]*")
LONGEST = 10_000  # signs of a cell; those of the published edition have some hundreds
# letters of other scripts that look like Latin ones: none stands in a Latin word by chance;
# the Greek ones are those that look alike (NF-κB is no disguise)
SCRIPTS = ("CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH LATIN", "MATHEMATICAL")
LIKE_LATIN = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
WORD = re.compile(r"[^\W\d_]+")
PILED = 3  # accents on one letter; some languages write two
# what a spreadsheet program runs when it opens a CSV; a sign before a number is none, unless what
# follows calls a function or another program
FORMULA = re.compile(r"\s*(?:[=@\uff1d\uff20]|[-+\uff0b\uff0d](?!\s*(?:[\d.]|$))"
                     r"|[-+\uff0b\uff0d].*(?:[A-Za-z]\(|[|!]))")


def breach(cell: str, notation: bool, address: bool) -> tuple[str, str, str, str] | None:
    """Value, rule, message and remedy of a cell with a character that it may not hold, or that is a
    formula; None for one that is fine.

    notation: the column is of keys, numbers, dates, DOIs or addresses, which are written in plain
    ASCII, so that nothing in them looks like something that it is not. address: it is of web
    addresses or DOIs, which hold no markup.
    """
    if len(cell) > LONGEST:
        return (f"{cell[:60]}…", "cell too long",
                f"it has {len(cell):,} characters, and a cell has {LONGEST:,} at most",
                "write what the source says in a sentence, and where it says it in locator")
    if not PLAIN.fullmatch(cell) and (found := _odd(cell, notation)):
        return found
    if FORMULA.match(cell):
        return (visible(cell), "formula", f"{visible(cell)!r} begins as a formula does, and a "
                "spreadsheet program would run it", "put a word before it, or write the number "
                "alone")
    if address and (mark := MARKUP.search(cell)):
        return (cell, "markup in an address", f"{mark[0]} cannot stand in an address",
                "copy the address alone, or write the character as its %-code")
    return None


def _odd(cell: str, notation: bool) -> tuple[str, str, str, str] | None:
    shown = visible(cell)
    for place, mark in enumerate(cell, 1):
        if ord(mark) < 127 and mark >= " ":
            continue
        kind = unicodedata.category(mark)
        at = f"character {place} is {name(mark)}"
        if mark in "\n\r\v\f" or kind in ("Zl", "Zp"):
            return shown, "line break", at, "write the cell in one line"
        if _unseen(mark):
            return (shown, "invisible character", f"{at}, which cannot be seen",
                    "type the cell again instead of pasting it")
        if notation:
            return (shown, "character of another script", f"{at}; here only plain ASCII is read",
                    "type it again on the keyboard: digits 0 to 9, letters a to z, - . / : _")
        if kind == "Nd":
            return (shown, "digit of another script", at, "write the digits as 0 to 9")
    return _disguised(cell)


def _disguised(cell: str) -> tuple[str, str, str, str] | None:
    """What is wrong with letters that are all seen, and not taken for what they are."""
    for word in WORD.findall(cell):
        names = [name(mark).partition(" ")[2] for mark in word]
        for mark, called in zip(word, names, strict=True):
            alien = called.startswith(SCRIPTS) or mark in LIKE_LATIN
            if alien and any(other.startswith("LATIN") for other in names):
                return (visible(cell), "letter of another script",
                        f"{name(mark)} stands among Latin letters in {word!r}",
                        "type the word again on one keyboard")
    piled = 0
    for mark in cell:
        piled = piled + 1 if unicodedata.combining(mark) else 0
        if piled > PILED:
            return (visible(cell[:60]), "piled accents",
                    f"{name(mark)} is one of more than {PILED} accents on a letter",
                    "type the word again instead of pasting it")
    return None


def hidden(text: str) -> tuple[int, str] | None:
    """The line and the name of the first character of a file's text that cannot be seen, None
    where there is none."""
    # str.splitlines would take some of what cannot be seen for the end of a line
    for number, line in enumerate(text.split("\n"), 1):
        seen = line.removesuffix("\r")
        for mark in seen if not seen.isascii() or not seen.isprintable() else "":
            if mark != "\t" and _unseen(mark):
                return number, name(mark)
    return None


def _unseen(mark: str) -> bool:
    """Whether a character is drawn as nothing, or as a space that it is not."""
    return (unicodedata.category(mark) in HIDDEN or mark in LIKE_SPACE
            or "VARIATION SELECTOR" in name(mark))


def name(mark: str) -> str:
    """What a character is called, as U+200B ZERO WIDTH SPACE."""
    try:
        return f"U+{ord(mark):04X} {unicodedata.name(mark)}"
    except ValueError:
        return f"U+{ord(mark):04X}"

