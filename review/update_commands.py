"""The commands that take new rows into the dataset: templates, tries, editions, flow, extractions.

Like `commands`, each takes the parsed arguments, returns the exit status, and imports what it needs
when it runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from review.commands import UsageError, dataset, folder_named
from review.dataset.problems import ReviewError
from review.dataset.program import FINDINGS, FINE

if TYPE_CHECKING:
    from review.update.accept import Accepted
    from review.update.prepare import Prepared


def new_study(args: argparse.Namespace) -> int:
    """Writes the template folder of a new study."""
    from review.update import template

    folder = args.output or Path(args.study_id)
    try:
        written = template.write(args.study_id, args.setting, folder, dataset(args))
    except (template.UnusableKey, FileExistsError) as error:
        raise UsageError(str(error)) from None
    for path in written:
        print(path)
    print(f"fill in the tables, then: review validate {folder}", file=sys.stderr)
    return FINE


def new_report(args: argparse.Namespace) -> int:
    """Writes the folder of a further publication of a study."""
    from review.update import prepare

    return _prepared(lambda: prepare.new_report(args.study_id, args.lead, args.output,
                                                dataset(args)))


def correct(args: argparse.Namespace) -> int:
    """Writes the folder of a correction, with every row that it takes."""
    from review.update import prepare

    return _prepared(lambda: prepare.correct(args.table, args.key, args.output, args.reason,
                                             dataset(args)))


def retract(args: argparse.Namespace) -> int:
    """Writes the folder of a retraction, with every row that it takes."""
    from review.update import prepare

    return _prepared(lambda: prepare.retract(args.name, args.reason, args.output, dataset(args)))


def _prepared(make: Callable[[], Prepared]) -> int:
    """Prints the files of a folder that was made, and what is left to do with it."""
    from review.update.prepare import Unprepared

    try:
        made = make()
    except (Unprepared, FileExistsError) as error:
        raise UsageError(str(error)) from None
    for path in made.files:
        print(path)
    print(f"{made.todo}; then: review validate {made.files[0].parent}", file=sys.stderr)
    return FINE


def what_if(args: argparse.Namespace) -> int:
    """Prints what the rows of folders would change; writes nothing. Findings are errors that
    would stop their acceptance."""
    from review.report.proposal import text
    from review.update import dry_run

    tried = dry_run.what_if(*map(folder_named, args.folders), data=dataset(args),
                            edition=args.edition)
    print(tried.json() if args.format == "json" else text(tried))
    return FINE if tried.acceptable else FINDINGS


def accept(args: argparse.Namespace) -> int:
    """Takes folders of new rows into the dataset as a new edition."""
    import datetime

    from review.update import accept as update

    released = args.released_on or datetime.date.today().isoformat()
    edition = update.Edition(
        key=args.new_edition, search_to=args.search_to, released_on=released,
        conferences_to=args.conferences_to, next_search_due=args.next_search_due, name=args.name,
        citation=args.citation)
    data = dataset(args)
    try:
        done = update.accept([folder_named(folder) for folder in args.folders], edition, data)
        return _accepted(done, data)
    except KeyboardInterrupt:
        if not update.is_there(edition, data):
            raise
        raise ReviewError(f"stopped when edition {edition.key} was in the dataset; the texts for "
                          "its release may be missing: review changes tells the same") from None


def _accepted(done: Accepted, data: Path) -> int:
    """Prints what was accepted and what is next, and writes the texts that go with it."""
    from review.report import release

    for problem in done.warnings:
        print(f"warning: {problem}", file=sys.stderr)
    print(f"{done}\n{release.turned(done.changes)}")
    written, steps = _released(done, data.parent), release.next_steps(done.edition)
    print("\n".join([*written, "next:", *(f"  {step}" for step in steps)]), file=sys.stderr)
    return FINE


def _released(done: Accepted, project: Path) -> list[str]:
    """Writes the texts that go with an accepted edition; says which. The edition itself is in the
    dataset by then, so that a text that cannot be written is told and nothing is undone."""
    from review.dataset.replacing import put
    from review.report import release

    changelog, request = project / "CHANGELOG.md", project / f"pull-request-{done.edition}.md"
    book, day = project / "_quarto.yml", done.changes.new["released_on"]
    told = []
    try:
        if book.is_file():
            put(book, release.dated(book.read_text("utf-8"), f"{day:%Y-%m-%d}").encode())
            told.append(f"date of page and PDF: {book}")
        if changelog.is_file():
            entry = release.changelog_entry(done.changes)
            put(changelog, release.in_changelog(changelog.read_text("utf-8"), entry).encode())
            told.append(f"changelog entry: {changelog}")
        put(request, release.pull_request(done.changes, done.warnings).encode())
        told.append(f"text of the pull request: {request}")
    except (OSError, UnicodeDecodeError) as error:
        told.append(f"warning: a text for the release could not be written: {error}; "
                    "review changes tells the same")
    return told


def flow(args: argparse.Namespace) -> int:
    """Prints the PRISMA flow of an edition as CSV, or takes one into it or into a folder."""
    from review.update import prisma_csv

    if args.export:
        print(prisma_csv.export(args.edition, dataset(args)), end="")
        return FINE
    if not args.file.is_file():
        raise UsageError(f"there is no file {args.file}")
    if args.into:
        taken = prisma_csv.into_folder(args.file, folder_named(args.into), dataset(args))
    else:
        taken = prisma_csv.complete(args.file, args.edition, dataset(args))
    for line in prisma_csv.passed_over(args.file):
        print(f"not taken in: {line}; the records of each database are hits in search.csv",
              file=sys.stderr)
    print(f"{taken} {'count' if taken == 1 else 'counts'} taken in; next: review validate"
          + (f" {args.into}" if args.into else ""), file=sys.stderr)
    return FINE


def compare_extractions(args: argparse.Namespace) -> int:
    """Compares two folders filled in by two people; findings are fields that differ."""
    from review.update import extractions

    compared = extractions.compare(folder_named(args.first), folder_named(args.second),
                                   dataset(args))
    if args.output:
        try:
            extractions.adjudicate(compared, args.output, dataset(args))
        except FileExistsError as error:
            raise UsageError(str(error)) from None
    print(compared.json() if args.format == "json" else compared.text())
    return FINDINGS if len(compared.differences) else FINE
