"""Citations as BibTeX: written, read as text, and what is lost where one is read as TeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

# fields that are addresses and keys, taken letter by letter
VERBATIM = ("doi", "url", "eprint", "issn", "isbn", "file", "urldate", "crossref")
# what plain text has to be written as, so that TeX prints it
PLAIN = {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
         "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}",
         "^": r"\textasciicircum{}"}
# the same signs while other commands are read: letters that no text has
KEPT = {command: chr(0xF0000 + place) for place, command in enumerate(PLAIN.values())}


def written(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """An entry as text. fields: as TeX reads them, with braces in pairs."""
    lines = [f"  {name} = {{{cell}}},\n" for name, cell in fields.items() if cell]
    return f"@{kind}{{{key},\n{''.join(lines)}}}"


def from_plain(name: str, cell: str) -> str:
    """A field of plain text as TeX reads it; an address stays as it is, without braces."""
    if name in VERBATIM:
        return re.sub(r"[{}]", "", cell)
    return "".join(PLAIN.get(letter, letter) for letter in cell)


def plain(cell: str) -> str:
    """A field as text: without the braces that protect capitals, commands as the characters that
    they stand for. A bare % is itself, and begins no comment as it would in LaTeX; a command that
    says how its words look leaves the words."""
    from pybtex.richtext import Text

    for command, kept in KEPT.items():
        # the braces after a command that has letters end it, as a space does
        ended = re.escape(command.removesuffix("{}")) + (r"(?:\{\}|(?![A-Za-z])\s?)"
                                                         if command.endswith("{}") else "")
        cell = re.sub(r"(?<!\\)" + ended, kept, cell)
    cell = re.sub(r"\\\{([^{}]*)\\\}", KEPT[PLAIN["{"]] + r"\1" + KEPT[PLAIN["}"]], cell)
    # the end of a line, and what is no command: a space, a brace or nothing after it
    cell = re.sub(r"\\(?=[\s{}]|$)", "", cell.replace(r"\\", " "))
    looks = re.findall(r"\\([A-Za-z]+)\s*\{(?!\})", cell)
    text = str(Text.from_latex(cell.replace("%", KEPT[PLAIN["%"]])))
    text = re.sub(r"\\([A-Za-z]+) ?", lambda found: "" if found[1] in looks else found[0], text)
    return text.translate({ord(KEPT[command]): sign for sign, command in PLAIN.items()})


def authors(cell: str) -> list[str]:
    """The names of a field of people, as BibTeX parts them."""
    from pybtex.bibtex.utils import split_name_list

    return list(split_name_list(cell))


def people(names: Sequence[str]) -> str:
    """Authors of plain text: "Last, First" as it is, a name without a comma as one name, since
    "MM Study Group and Friends" is no two people."""
    told = [from_plain("author", name) for name in names]
    return " and ".join(name if "," in name else f"{{{name}}}" for name in told)


def together(fields: Mapping[str, str]) -> str:
    """Authors that would be printed as one name: BibTeX has " and " between two. "" where each
    stands by itself."""
    for name in re.split(r"\s+and\s+", fields.get("author", "")):
        # braces hold the name of a group, which may have any mark in it
        bare = re.sub(r"\{[^{}]*\}", "", name)
        if ";" in bare or bare.count(",") > 2 or re.search(
                r"\bet al\b|\b[A-Z]{1,3}\s*,\s*\w+ [A-Z]{1,3}\b", bare):
            return name
    return ""


def lost(fields: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Fields that would not be printed whole, with the reason and what to write: after a bare
    percent sign the rest is a comment, a single dollar sign begins a formula that never ends."""
    for name, cell in fields.items():
        if name in VERBATIM:
            continue
        if re.search(r"(?<!\\)%", cell):
            yield name, "a percent sign without \\ before it ends what is printed", r"write \%"
        if len(re.findall(r"(?<!\\)\$", cell)) % 2:
            yield name, "a single dollar sign begins a formula that does not end", r"write \$"
