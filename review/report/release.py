"""What the release of an edition needs in words: a changelog entry and a pull request's text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from review.audit.conclusions import TRUTH
from review.dataset.problems import Problem
from review.report.changes import markdown, reasons, summary
from review.update.changes import Changes
from review.wording import counted, listed

DATE = re.compile(r"^(book:\n(?:[ #].*\n|\n)*? +date:)[^\n]*$", re.M)
UNRELEASED = re.compile(r"^## Unreleased[^\n]*\n+", re.M)


def changelog_entry(changes: Changes) -> str:
    """The edition in a line: its kind, what moved, and what turns, for the changelog."""
    told = f"- Edition {changes.new['edition_id']} ({changes.change_class}): {summary(changes)}"
    why = f"; reasons given: {listed(reasons(changes.moves))}" if reasons(changes.moves) else ""
    return f"{told}{why}. {turned(changes)}"


def in_changelog(text: str, entry: str) -> str:
    """A changelog with an entry first under "Unreleased", a part that is made where it is
    missing."""
    if found := UNRELEASED.search(text):
        head, rest = text[:found.end()].rstrip("\n"), text[found.end():]
        between = "\n" if rest.startswith("-") else "\n\n"
        return f"{head}\n\n{entry}{between}{rest}" if rest else f"{head}\n\n{entry}\n"
    first = re.search(r"^## ", text, re.M)
    if first is None:
        return f"{text.rstrip()}\n\n## Unreleased\n\n{entry}\n".lstrip()
    return f"{text[:first.start()]}## Unreleased\n\n{entry}\n\n{text[first.start():]}"


def dated(settings: str, day: str) -> str:
    """The settings of the book (`_quarto.yml`) with a day (YYYY-MM-DD) as the date that page and
    PDF carry; as they are where they state none."""
    return DATE.sub(rf'\g<1> "{day}"', settings, count=1)


BEFORE = {TRUTH[True]: "held", TRUTH[False]: "did not hold", TRUTH[None]: "could not be decided"}


def turned(changes: Changes) -> str:
    """Which headline sentences turn, in plain words."""
    parts = [f"“{row.about}” {BEFORE[row.old_truth]} before and {row.new_truth} now"
             + (f" (rows of {row.why} came or went)" if row.why else "")
             for row in changes.flipped.itertuples()]
    if not parts:
        return "No headline sentence turns."
    n = len(parts)
    return (f"{counted(n, 'headline sentence turns', 'headline sentences turn').capitalize()}: "
            f"{'; '.join(parts)}.")


def pull_request(changes: Changes, warnings: Sequence[Problem]) -> str:
    """The text of a pull request for the edition, as Markdown."""
    parts = [f"# {changes.new['name']}: {changes.change_class}", turned(changes),
             markdown(changes).rstrip("\n")]
    if warnings:
        parts += ["## What validation asks", "\n".join(f"- {problem}" for problem in warnings)]
    parts += ["## To look at", "\n".join(f"- [ ] {step}" for step in (
        "each value against its source, by somebody who did not enter it",
        "the abstract and the results of the rendered edition, read once",
        "the rows and notebooks that the data make: `make notebooks`",
        "`make test`"))]
    return "\n\n".join(parts) + "\n"


def next_steps(edition: str) -> list[str]:
    """What to do after an edition was accepted, a line each."""
    return [f"look at it: review render --edition {edition}",
            "the rows and notebooks that follow from the data: make notebooks",
            "every check: make test",
            "then commit, tag and publish (CONTRIBUTING.md, A new study)"]
