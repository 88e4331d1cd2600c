"""The commands of the command line: each takes the parsed arguments and returns the exit status.

Modules are imported by the command that needs them, so that a command starts at once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from review.dataset import bibliography
from review.dataset.paths import PUBLISHED, ROOT, data_folder, digest, edition_name
from review.dataset.problems import ReviewError, errors, summary
from review.dataset.program import FINDINGS, FINE

if TYPE_CHECKING:

    import pandas as pd


USAGE = 2
WIDEST = 40  # characters
PATIENCE = 5  # seconds that a renderer gets to end by itself
LEDGER = ["claim_id", "section", "claim", "published", "recomputed", "status", "rule", "note"]
QUARTO_FORMATS = {"html": "html", "pdf": "typst"}


class UsageError(ReviewError):
    """A name or folder on the command line that is not there; the message says what is."""


def render(args: argparse.Namespace) -> int:
    """Renders the report with Quarto or with the embedded renderer, as asked for."""
    # the rules are checked by the pre-render command of _quarto.yml, in both renderers
    data = dataset(args)
    edition = edition_name(args.edition, data)
    environment = {**os.environ, "REVIEW_EDITION": edition, "REVIEW_DATA": str(data),
                   "REVIEW_DATA_STATE": digest(data), "REVIEW_AS_OF": args.as_of or ""}
    paper = [fmt for fmt in args.to if fmt not in QUARTO_FORMATS]
    if paper and args.engine == "quarto":
        raise UsageError(f"{' and '.join(paper)} come from the embedded renderer; leave out "
                         "--engine, or have Quarto write the whole book: quarto render --to docx")
    quarto = None if paper else shutil.which("quarto")
    if args.engine == "quarto" and not quarto:
        raise UsageError("quarto is not on PATH; install it, or use --engine embedded")
    references = bibliography.of(data)
    elsewhere = data != ROOT / "data"
    if quarto and args.engine != "embedded":
        if args.timings:
            raise UsageError("--timings is of the embedded renderer; add --engine embedded")
        return _with_quarto(quarto, args, edition, environment,
                            references if elsewhere and references.is_file() else None)
    print(f"rendering edition {edition} with the embedded renderer", file=sys.stderr)
    command = [sys.executable, "-m", "press", "render", "--to", ",".join(args.to)]
    if elsewhere:
        # its references lie beside it, as those of the project do
        command += ["--input", str(data)]
        if references.is_file():
            command += ["--input", str(references), "--bibliography", str(references)]
    if args.output:
        command += ["--output", str(args.output.resolve())]
    if args.force:
        command.append("--force")
    if args.timings:
        command.append("--timings")
    return _started(command, environment)


def _started(command: list[str], environment: dict[str, str]) -> int:
    """Runs a renderer to its end. Where this program is asked to end, the renderer is too, and has
    the time to put things in order."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as renderer:
        try:
            return FINDINGS if renderer.wait() else FINE
        except KeyboardInterrupt as stopped:
            # a terminal has told both of Ctrl-C; any other signal came to this process alone
            if not stopped.args:
                with suppress(subprocess.TimeoutExpired):
                    renderer.wait(PATIENCE)
            renderer.terminate()
            renderer.wait()
            return FINDINGS


def _with_quarto(quarto: str, args: argparse.Namespace, edition: str,
                 environment: dict[str, str], references: Path | None) -> int:
    version = subprocess.run([quarto, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"rendering edition {edition} with Quarto {version}", file=sys.stderr)
    # the kernels' Python by QUARTO_PYTHON; that of the pre-render commands by PATH
    environment["QUARTO_PYTHON"] = sys.executable
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    command = [quarto, "render"]
    if len(args.to) == 1:
        # for both there is no --to: Quarto would empty the first one's output for the second
        command += ["--to", QUARTO_FORMATS[args.to[0]]]
    if references:
        command += ["--metadata", f"bibliography:{references}"]
    if args.output:
        command += ["--output-dir", str(args.output.resolve())]
    if args.force:
        command.append("--cache-refresh")
    return _started(command, environment)


def validate(args: argparse.Namespace) -> int:
    """Checks the dataset, or a folder of new rows against it."""
    from review.checks.validate import validate
    from review.update.validate_folder import validate_folder

    data = dataset(args)
    problems = validate_folder(folder_named(args.folder), data) if args.folder else validate(data)
    wrong = errors(problems)
    if args.format == "json":
        print(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in wrong if args.quiet else problems:
            mark = "" if problem.severity == "error" else "warning: "
            print(f"{mark}{problem}")
    print(summary(problems), file=sys.stderr)
    return FINDINGS if wrong else FINE


def claims(args: argparse.Namespace) -> int:
    """Prints the ledger of the published edition; findings are verdicts that changed."""
    from review.audit import compare, verdicts
    from review.dataset.load import load

    if args.status and args.status not in compare.STATUSES:
        raise UsageError(f"no status {args.status!r}; choose from {', '.join(compare.STATUSES)}")
    r = load(PUBLISHED, args.data)
    rows = verdicts.ledger(r)
    if args.section:
        rows = rows[rows["section"].str.contains(args.section, case=False, regex=False)]
        if rows.empty:
            known = "; ".join(dict.fromkeys(r.claims["section"]))
            raise UsageError(f"no section contains {args.section!r}; sections are {known}")
    if args.status:
        rows = rows[rows["status"] == args.status]
    _print_frame(rows[LEDGER], args.format)
    changed = verdicts.changed(r)
    for problem in changed:
        print(problem, file=sys.stderr)
    return FINDINGS if changed else FINE


def rows(args: argparse.Namespace) -> int:
    """Prints the rows behind a figure or table, or the labels that there are."""
    from review.audit import displays
    from review.contents import project_contents
    from review.dataset.load import load

    known = displays.labels(project_contents())
    if not args.label:
        print(json.dumps(known, indent=1) if args.format == "json" else "\n".join(known))
        return FINE
    if args.label not in known:
        raise UsageError(unknown("label", args.label, known))
    _print_frame(displays.rows(args.label, load(args.edition, args.data)), args.format)
    return FINE


def sources(args: argparse.Namespace) -> int:
    """Prints the sources behind a claim, figure or table with their places."""
    from review.audit import displays, sources
    from review.dataset.load import load

    r = load(args.edition, args.data)
    try:
        places = sources.behind(r, args.name)
    except displays.UnknownLabel:
        known = [*r.claims["claim_id"], *displays.labels(r.contents)]
        raise UsageError(unknown("claim or label", args.name, known)) from None
    for source, locators in sources.grouped(places).items():
        print(sources.citation(r, source))
        for locator in locators:
            print(f"    {locator}")
    return FINE


def without(args: argparse.Namespace) -> int:
    """Prints counts, ranges and verdicts without some studies or results."""
    from review.dataset.load import load
    from review.synthesis import evidence, leave_out

    if args.smallest < 0:
        raise UsageError(f"--smaller-than is a number of patients, and {args.smallest} is none")
    known = evidence.evidence(load(args.edition, args.data))
    try:
        chosen = leave_out.selection(known, args.studies, args.design, args.report_type,
                                     args.refractoriness, args.smallest)
    except leave_out.UnknownWord as error:
        raise UsageError(str(error)) from None
    print(leave_out.told(known, chosen, args.format))
    return FINE


def changes(args: argparse.Namespace) -> int:
    """Prints what changed between two editions."""
    from review.report.changes import text
    from review.update.changes import between

    difference = between(args.old, args.new, args.data)
    print(difference.json() if args.format == "json" else text(difference))
    return FINE


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    """A frame on stdout: aligned text, CSV as the report offers it, or JSON records."""
    from review.audit import stored_rows

    if form == "csv":
        print(stored_rows.csv_text(frame), end="")
    elif form == "json":
        print(frame.to_json(orient="records", force_ascii=False, indent=1, date_format="iso"))
    else:
        print(stored_rows.fixed_width(frame.map(_cut)))


def _cut(cell: object) -> object:
    """A cell short enough for a column on screen; CSV and JSON are never cut."""
    if not isinstance(cell, str):
        return cell
    text = " ".join(cell.split())
    return text if len(text) <= WIDEST else text[:WIDEST - 1] + "…"


def dataset(args: argparse.Namespace) -> Path:
    data = data_folder(args.data)
    if not (data / "datapackage.json").is_file():
        raise UsageError(f"there is no dataset in {data} (no datapackage.json)")
    return data


def folder_named(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}")
    return path


def unknown(what: str, name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 3, 0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "review rows lists the labels"
    return f"there is no {what} {name!r}; {hint}"
