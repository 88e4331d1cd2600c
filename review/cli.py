"""The command line: ``review`` or ``python -m review``.

What a program reads goes to stdout, what a person reads on the way to stderr. Exit 0: fine; 1:
findings (bad data, a broken check, a failed render); 2: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .folder import CURRENT, PUBLISHED, ROOT, data_folder, digest, edition_name
from .problems import DataError, Problem, errors, summary

if TYPE_CHECKING:
    import pandas as pd

FINE, FINDINGS, USAGE = 0, 1, 2
FORMATS = ("html", "pdf")
WIDEST = 40  # characters
LEDGER = ["claim_id", "section", "claim", "published", "recomputed", "status", "rule", "note"]
QUARTO_FORMATS = {"html": "html", "pdf": "typst"}


class UsageError(Exception):
    """A name or folder on the command line that is not there; the message says what is."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns its exit status. No traceback unless --debug asks for it."""
    said = parser().parse_args(arguments)
    try:
        return said.run(said)
    except UsageError as error:
        return _say(f"review {said.command}: {error}", USAGE)
    except DataError as error:
        return _report_problems(error.problems)
    except KeyboardInterrupt:
        return _say("stopped; nothing was changed", FINDINGS)
    except BrokenPipeError:
        # the reader (head, less) has seen enough; nothing may be written any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:
        if said.debug:
            raise
        return _say(f"review {said.command} failed: {type(error).__name__}: {error}\n"
                    "This is a fault of the program; run it again with --debug for the details.",
                    FINDINGS)


def parser() -> argparse.ArgumentParser:
    """The commands with their arguments and help."""
    top = argparse.ArgumentParser(
        prog="review", description="The living review: check, audit, extend and render it.",
        epilog="Exit status: 0 fine, 1 findings, 2 wrong usage.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset (default: the project's data/)")
    shared.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    edition = argparse.ArgumentParser(add_help=False)
    edition.add_argument("--edition", metavar="NAME",
                         help=f"the edition (default: {CURRENT}; {PUBLISHED} is the frozen one)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, run, about, *parents):
        made = commands.add_parser(name, parents=[shared, *parents], help=about,
                                   description=about[0].upper() + about[1:] + ".")
        made.set_defaults(run=run)
        return made

    it = command("render", _render, "render the report", edition)
    it.add_argument("--to", type=_formats, default=list(FORMATS), metavar="html,pdf",
                    help="the formats to write (default: both)")
    it.add_argument("--engine", choices=("auto", "embedded", "quarto"), default="auto",
                    help="auto: Quarto where it is on PATH, else the embedded renderer")
    it.add_argument("--output", type=Path, metavar="DIR", help="where to write (default: _book)")
    it.add_argument("--force", action="store_true", help="run every cell again")

    it = command("validate", _validate, "check the dataset, or a folder of new rows against it")
    it.add_argument("folder", nargs="?", type=Path, metavar="DIR",
                    help="a folder made by new-study; without it, the dataset itself")
    it.add_argument("--format", choices=("text", "json"), default="text")
    it.add_argument("--quiet", action="store_true", help="errors and one line of summary only")

    it = command("claims", _claims, "the ledger: every claim of the article, recomputed")
    it.add_argument("--section", metavar="S", help="only claims whose section contains S")
    it.add_argument("--status", metavar="S", help="only claims with this status")
    it.add_argument("--format", choices=("table", "csv", "json"), default="table")

    it = command("rows", _rows, "the rows behind a figure or table; without LABEL, the labels",
                 edition)
    it.add_argument("label", nargs="?", metavar="LABEL", help="fig-… or tbl-…")
    it.add_argument("--format", choices=("table", "csv", "json"), default="table")

    it = command("sources", _sources, "the sources behind a claim, figure or table", edition)
    it.add_argument("name", metavar="CLAIM_ID|LABEL")

    it = command("new-study", _new_study, "write a template folder for a new study")
    it.add_argument("study_id", metavar="STUDY_ID", help="for example lynx or martino-2025")
    it.add_argument("--setting", choices=("clinical", "rwe"), required=True)
    it.add_argument("--output", type=Path, metavar="DIR",
                    help="the folder to make (default: STUDY_ID in the current folder)")

    it = command("what-if", _what_if, "what would change with the rows of a folder; writes nothing",
                 edition)
    it.add_argument("folder", type=Path, metavar="DIR")
    it.add_argument("--format", choices=("text", "json"), default="text")

    it = command("accept", _accept, "take folders of new rows into the dataset as a new edition")
    it.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    it.add_argument("--edition", required=True, metavar="NAME", dest="new_edition",
                    help="key of the edition to add, for example 2026-1")
    it.add_argument("--search-to", required=True, metavar="DATE", type=_date,
                    help="last day the searches cover, as YYYY-MM-DD")
    it.add_argument("--released-on", metavar="DATE", type=_date,
                    help="day the edition is released, as YYYY-MM-DD (default: today)")
    it.add_argument("--conferences-to", metavar="DATE", type=_date,
                    help="last day the conference searches cover, where it differs")
    it.add_argument("--name", help="name shown to readers (default: Update NAME)")
    it.add_argument("--citation", help="how to cite the edition (default: made from its name)")

    it = command("changes", _changes, "what changed between two editions")
    it.add_argument("old", metavar="OLD")
    it.add_argument("new", metavar="NEW")
    it.add_argument("--format", choices=("text", "json"), default="text")
    return top


def _render(said: argparse.Namespace) -> int:
    # the rules are checked by the pre-render command of _quarto.yml, in both renderers
    data = _dataset(said)
    edition = edition_name(said.edition, data)
    environment = {**os.environ, "REVIEW_EDITION": edition, "REVIEW_DATA": str(data),
                   "REVIEW_DATA_STATE": digest(data)}
    quarto = shutil.which("quarto")
    if said.engine == "quarto" and not quarto:
        raise UsageError("quarto is not on PATH; install it, or use --engine embedded")
    if quarto and said.engine != "embedded":
        return _with_quarto(quarto, said, edition, environment)
    print(f"rendering edition {edition} with the embedded renderer", file=sys.stderr)
    command = [sys.executable, "-m", "press", "render", "--to", ",".join(said.to)]
    if said.output:
        command += ["--output", str(said.output.resolve())]
    if said.force:
        command.append("--force")
    return FINDINGS if subprocess.run(command, cwd=ROOT, env=environment).returncode else FINE


def _with_quarto(quarto: str, said: argparse.Namespace, edition: str, environment: dict) -> int:
    version = subprocess.run([quarto, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"rendering edition {edition} with Quarto {version}", file=sys.stderr)
    environment["QUARTO_PYTHON"] = sys.executable
    command = [quarto, "render"]
    if len(said.to) == 1:
        # for both there is no --to: Quarto would empty the first one's output for the second
        command += ["--to", QUARTO_FORMATS[said.to[0]]]
    if said.output:
        command += ["--output-dir", str(said.output.resolve())]
    if said.force:
        command.append("--cache-refresh")
    return FINDINGS if subprocess.run(command, cwd=ROOT, env=environment).returncode else FINE


def _validate(said: argparse.Namespace) -> int:
    from . import validate

    data = _dataset(said)
    if said.folder:
        problems = validate.validate_folder(_folder(said.folder), data)
    else:
        problems = validate.validate(data)
    wrong = errors(problems)
    if said.format == "json":
        print(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in wrong if said.quiet else problems:
            mark = "" if problem.severity == "error" else "warning: "
            print(f"{mark}{problem}")
    print(summary(problems), file=sys.stderr)
    return FINDINGS if wrong else FINE


def _claims(said: argparse.Namespace) -> int:
    from . import audit, compare
    from .data import load

    if said.status and said.status not in compare.STATUSES:
        raise UsageError(f"no status {said.status!r}; choose from {', '.join(compare.STATUSES)}")
    r = load(PUBLISHED, said.data)
    rows = audit.ledger(r)
    if said.section:
        rows = rows[rows["section"].str.contains(said.section, case=False, regex=False)]
        if rows.empty:
            known = "; ".join(dict.fromkeys(r.claims["section"]))
            raise UsageError(f"no section contains {said.section!r}; sections are {known}")
    if said.status:
        rows = rows[rows["status"] == said.status]
    _print_frame(rows[LEDGER], said.format)
    changed = audit.changed(r)
    for problem in changed:
        print(problem, file=sys.stderr)
    return FINDINGS if changed else FINE


def _rows(said: argparse.Namespace) -> int:
    from . import provenance
    from .data import load

    known = provenance.labels()
    if not said.label:
        print("\n".join(known))
        return FINE
    if said.label not in known:
        raise UsageError(_unknown("label", said.label, known))
    _print_frame(provenance.rows(said.label, load(said.edition, said.data)), said.format)
    return FINE


def _sources(said: argparse.Namespace) -> int:
    from . import sources
    from .data import load

    r = load(said.edition, said.data)
    try:
        places = sources.behind(r, said.name)
    except LookupError:
        from . import provenance

        known = [*r.claims["claim_id"], *provenance.labels()]
        raise UsageError(_unknown("claim or label", said.name, known)) from None
    for source, locators in sources.grouped(places).items():
        print(sources.citation(r, source))
        for locator in locators:
            print(f"    {locator}")
    return FINE


def _new_study(said: argparse.Namespace) -> int:
    from . import newstudy

    folder = said.output or Path(said.study_id)
    try:
        written = newstudy.write(said.study_id, said.setting, folder, _dataset(said))
    except (ValueError, FileExistsError) as error:
        raise UsageError(str(error)) from None
    for path in written:
        print(path)
    print(f"fill in the tables, then: review validate {folder}", file=sys.stderr)
    return FINE


def _what_if(said: argparse.Namespace) -> int:
    from . import whatif

    found = whatif.what_if(_folder(said.folder), _dataset(said), said.edition)
    print(found.json() if said.format == "json" else found.text())
    return FINE


def _accept(said: argparse.Namespace) -> int:
    import datetime

    from . import accept

    released = said.released_on or datetime.date.today().isoformat()
    edition = accept.Edition(
        key=said.new_edition, search_to=said.search_to, released_on=released,
        conferences_to=said.conferences_to, name=said.name, citation=said.citation)
    done = accept.accept([_folder(folder) for folder in said.folders], edition, _dataset(said))
    for problem in done.warnings:
        print(f"warning: {problem}", file=sys.stderr)
    print(done)
    return FINE


def _changes(said: argparse.Namespace) -> int:
    from . import editions

    found = editions.between(said.old, said.new, said.data)
    print(found.json() if said.format == "json" else found.text())
    return FINE


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    """A frame on stdout: aligned text, CSV as the report offers it, or JSON records."""
    from . import provenance

    if form == "csv":
        print(provenance.csv_text(frame), end="")
    elif form == "json":
        print(frame.to_json(orient="records", force_ascii=False, indent=1, date_format="iso"))
    else:
        print(provenance.fixed_width(frame.map(_cut)))


def _cut(cell: object) -> object:
    """A cell short enough for a column on screen; CSV and JSON are never cut."""
    if not isinstance(cell, str):
        return cell
    text = " ".join(cell.split())
    return text if len(text) <= WIDEST else text[:WIDEST - 1] + "…"


def _dataset(said: argparse.Namespace) -> Path:
    data = data_folder(said.data)
    if not (data / "datapackage.json").is_file():
        raise UsageError(f"there is no dataset in {data} (no datapackage.json)")
    return data


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}")
    return path


def _unknown(what: str, name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 3, 0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "review rows lists the labels"
    return f"there is no {what} {name!r}; {hint}"


def _formats(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names or set(names) - set(FORMATS):
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {', '.join(FORMATS)}")
    return names


def _date(text: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date as YYYY-MM-DD") from None


def _report_problems(problems: list[Problem]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return _say(summary(problems), FINDINGS)


def _say(text: str, status: int) -> int:
    print(text, file=sys.stderr)
    return status
