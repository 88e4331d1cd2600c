"""The command line: ``review`` or ``python -m review``.

What a program reads goes to stdout, what a person reads on the way to stderr. Exit 0: fine; 1:
findings (bad data, a broken check, a failed render); 2: wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path

from review import commands, export_command, update_commands
from review.commands import USAGE, UsageError
from review.dataset import program
from review.dataset.paths import CURRENT, PUBLISHED
from review.dataset.problems import DataError, Problem, ReviewError, summary
from review.dataset.program import FINDINGS, FINE

FORMATS = ("html", "pdf")
PAPER_FORMATS = ("docx", "jats")  # the paper alone, where it is asked for
WINDOWS = ("Windows is supported through its Linux: `wsl --install`, then in its terminal "
           "`make report`; see README.md")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns its exit status. No traceback unless --debug asks for it."""
    if sys.platform == "win32":
        return _say(WINDOWS, USAGE)
    program.plain_streams()
    if arguments is None:  # as a program of its own
        program.stop_in_order()
    args = parser().parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except UsageError as error:
        return _refused(args, error, USAGE)
    except DataError as error:
        return _report_problems(error.problems, getattr(args, "format", "text"))
    except ReviewError as error:
        return _refused(args, error, FINDINGS)
    except KeyboardInterrupt:
        return _say("stopped; nothing was changed", FINDINGS)
    except BrokenPipeError:
        program.drop_output()  # the reader (head, less) has seen enough
        return FINE
    except OSError as error:
        if args.debug:
            raise
        program.drop_output()
        return _say(f"review {args.command}: {program.told(error)}", FINDINGS)
    except Exception as error:
        if args.debug:
            raise
        return _say(f"review {args.command} failed: {type(error).__name__}: {error}\n"
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
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str,
                *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made = subparsers.add_parser(name, parents=[shared, *parents], help=about,
                                     description=about[0].upper() + about[1:] + ".")
        made.set_defaults(run=run)
        return made

    it = command("render", commands.render, "render the report", edition)
    it.add_argument("--as-of", metavar="DATE", type=_date,
                    help="the day for which the living status is told (default: the release)")
    it.add_argument("--to", type=_formats, default=list(FORMATS), metavar="html,pdf",
                    help="the formats to write (default: both); docx and jats, too: the paper for "
                    "a word processor and for a journal's archive, by the embedded renderer")
    it.add_argument("--engine", choices=("auto", "embedded", "quarto"), default="auto",
                    help="auto: Quarto where it is on PATH, else the embedded renderer")
    it.add_argument("--output", type=Path, metavar="DIR", help="where to write (default: _book)")
    it.add_argument("--force", action="store_true", help="run every cell again")
    it.add_argument("--timings", action="store_true",
                    help="print where the seconds go (the embedded renderer only)")

    it = command("validate", commands.validate,
                 "check the dataset, or a folder of new rows against it")
    it.add_argument("folder", nargs="?", type=Path, metavar="DIR",
                    help="a folder made by new-study; without it, the dataset itself")
    it.add_argument("--format", choices=("text", "json"), default="text")
    it.add_argument("--quiet", action="store_true", help="errors and one line of summary only")

    it = command("claims", commands.claims, "the ledger: every claim of the article, recomputed")
    it.add_argument("--section", metavar="S", help="only claims whose section contains S")
    it.add_argument("--status", metavar="S", help="only claims with this status")
    it.add_argument("--format", choices=("table", "csv", "json"), default="table")

    it = command("rows", commands.rows,
                 "the rows behind a figure or table; without LABEL, the labels", edition)
    it.add_argument("label", nargs="?", metavar="LABEL", help="fig-… or tbl-…")
    it.add_argument("--format", choices=("table", "csv", "json"), default="table")

    it = command("sources", commands.sources, "the sources behind a claim, figure or table",
                 edition)
    it.add_argument("name", metavar="CLAIM_ID|LABEL")

    it = command("export", export_command.export,
                 "ledger and dataset in an open format; without FORMAT, the formats", edition)
    it.add_argument("name", nargs="?", metavar="FORMAT", help="claims, ro-crate, prov, …")
    it.epilog, it.formatter_class = export_command.EPILOG, argparse.RawDescriptionHelpFormatter
    it.add_argument("--output", type=Path, metavar="FILE",
                    help="the file to write (default: standard output)")

    it = command("new-study", update_commands.new_study, "write a template folder for a new study")
    it.add_argument("study_id", metavar="STUDY_ID", help="for example smith-2026")
    it.add_argument("--setting", metavar="SETTING", required=True,
                    help="its setting, a word of the column setting in studies.csv")
    it.add_argument("--output", type=Path, metavar="DIR",
                    help="the folder to make (default: STUDY_ID in the current folder)")

    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--output", type=Path, metavar="DIR",
                        help="the folder to make (default: named after what it is for)")

    it = command("new-report", update_commands.new_report,
                 "write a folder for a further publication of a study that is in", output)
    it.add_argument("study_id", metavar="STUDY", help="key of the study, for example image")
    it.add_argument("--lead", action="store_true",
                    help="its values stand for the study from now on; what stays is carried over")

    it = command("correct", update_commands.correct,
                 "write a folder in which another row takes the place of one", output)
    it.add_argument("table", metavar="TABLE", help="for example outcomes")
    it.add_argument("key", metavar="KEY", help="key of the row that is wrong")
    it.add_argument("--reason", default="", metavar="TEXT",
                    help="why, for the history (can be filled in later, in supersedes)")

    it = command("retract", update_commands.retract,
                 "write a folder that takes a study or report out, with all its rows", output)
    it.add_argument("name", metavar="STUDY|REPORT", help="key of the study or of the report")
    it.add_argument("--reason", required=True, metavar="TEXT",
                    help="why; kept in the dataset and shown in the history")

    it = command("what-if", update_commands.what_if,
                 "what would change with the rows of folders; writes nothing", edition)
    it.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    it.add_argument("--format", choices=("text", "json"), default="text")

    it = command("accept", update_commands.accept,
                 "take folders of new rows into the dataset as a new edition")
    it.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    it.add_argument("--edition", required=True, metavar="NAME", dest="new_edition",
                    help="key of the edition to add, for example 2026-1")
    it.add_argument("--search-to", required=True, metavar="DATE", type=_date,
                    help="last day the searches cover, as YYYY-MM-DD")
    it.add_argument("--released-on", metavar="DATE", type=_date,
                    help="day the edition is released, as YYYY-MM-DD (default: today)")
    it.add_argument("--conferences-to", metavar="DATE", type=_date,
                    help="last day the conference searches cover, where it differs")
    it.add_argument("--next-search-due", metavar="DATE", type=_date,
                    help="day by which the next search is due, where one is planned")
    it.add_argument("--name", help="name shown to readers (default: Update NAME)")
    it.add_argument("--citation", help="how to cite the edition (default: made from its name)")

    it = command("flow", update_commands.flow,
                 "write or read the PRISMA 2020 flow as the CSV of the PRISMA2020 package", edition)
    way = it.add_mutually_exclusive_group(required=True)
    way.add_argument("--export", action="store_true", help="print the flow of the edition")
    way.add_argument("--import", type=Path, metavar="FILE", dest="file",
                     help="take the boxes of FILE in: into the folder of --into, or into the flow "
                     "of the newest edition where it states none yet")
    it.add_argument("--into", type=Path, metavar="FOLDER",
                    help="with --import: the folder of new rows that gets them as flow.csv")

    it = command("compare-extractions", update_commands.compare_extractions,
                 "compare what two people filled in on their own, field by field")
    it.add_argument("first", type=Path, metavar="A")
    it.add_argument("second", type=Path, metavar="B")
    it.add_argument("--output", type=Path, metavar="DIR",
                    help="write the folder to adjudicate: what both say, and what differs empty")
    it.add_argument("--format", choices=("text", "json"), default="text")

    it = command("without", commands.without,
                 "ranges and headlines without some studies or results", edition)
    it.add_argument("studies", nargs="*", metavar="STUDY", help="key of a study to leave out")
    for option, what in (("--design", "studies of this design"),
                         ("--report-type", "results read from reports of this type"),
                         ("--refractoriness", "groups of which all, part or none are refractory, "
                          "or 'not stated'")):
        it.add_argument(option, action="append", default=[], metavar="WORD",
                        help=f"leave out {what}; may be repeated")
    it.add_argument("--smaller-than", type=int, default=0, metavar="N", dest="smallest",
                    help="leave out results of fewer than N patients; unknown sizes stay")
    it.add_argument("--format", choices=("text", "json"), default="text")

    it = command("changes", commands.changes, "what changed between two editions")
    it.add_argument("old", metavar="OLD")
    it.add_argument("new", metavar="NEW")
    it.add_argument("--format", choices=("text", "json"), default="text")
    return top


def _formats(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = (*FORMATS, *PAPER_FORMATS)
    if not names or set(names) - set(known):
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {', '.join(known)}")
    return names


def _date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date as YYYY-MM-DD") from None


def _report_problems(problems: list[Problem], form: str) -> int:
    if form == "json":
        # a program that asked for JSON gets JSON, also where there is nothing else to say
        print(json.dumps({"problems": [problem.as_dict() for problem in problems]},
                         ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            print(problem, file=sys.stderr)
    return _say(summary(problems), FINDINGS)


def _refused(args: argparse.Namespace, error: ReviewError, status: int) -> int:
    """Says why a command did nothing: to who reads, and as JSON to who asked for JSON."""
    if getattr(args, "format", "") == "json":
        print(json.dumps({"error": str(error)}, ensure_ascii=False, indent=1))
    return _say(f"review {args.command}: {error}", status)


def _say(text: str, status: int) -> int:
    print(text, file=sys.stderr)
    return status
