"""Which of the project's files no report is made from, and why.

Every other file counts: when it changes, the next render makes the report anew. A test holds both,
and ``make reproduce`` renders with these files empty and gets the same bytes.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

NEEDLESS = {
    ".ci/*": "runs the checks",
    ".git*": "tells git and the repository's host what to do",
    "CHANGELOG.md": "tells what changed, to people",
    "CITATION.cff": "tells programs how to cite; a test holds its version to that of the code",
    "CONTRIBUTING.md": "a guide for people",
    "LICENSE*": "licences; the report links to them",
    "Makefile": "calls the commands",
    "README.md": "a guide for people",
    "assets/quarto.*": "what Quarto alone needs to be told",
    "assets/webfonts/LICENSE*": "the licence of the fonts of the page",
    "assets/webfonts/subset.py": "made the fonts that lie beside it",
    "bench/*": "measures speed",
    "env/*": "what is installed; the installed versions themselves count",
    "pyproject.toml": "how it is installed and checked; its version stands in the code as well",
    "reproduce/*": "renders again elsewhere, from outside",
    "tests/*": "tests",
}
"""Patterns of paths (``*`` stands for slashes, too), and why a change of such a file changes
nothing."""


def is_needless(path: str) -> bool:
    """Whether the file at a path from the project's root is none that a report is made from."""
    return any(fnmatchcase(path, pattern) for pattern in NEEDLESS)
