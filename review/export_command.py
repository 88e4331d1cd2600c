"""The command `review export`: one open format on stdout or in a file, or the list of them."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from review.commands import UsageError, dataset
from review.dataset.problems import ReviewError
from review.dataset.program import FINE
from review.formats.metafor_columns import COLUMNS, NA

EPILOG = "\n".join([
    f"Columns of the CSV for R (metafor). What is not known is {NA}; a limit is never a value.",
    *(f"  {name:14}{about}" for name, about in COLUMNS.items()),
    "The claims manifest explains its own fields."])


def export(args: argparse.Namespace) -> int:
    """Writes one format of an edition, or prints the formats that there are."""
    from review.dataset.load import load
    from review.formats.export import FORMATS

    if args.name is None:
        if args.output:
            raise UsageError("--output needs a format; review export lists them")
        print("\n".join(f"{name:10}{one.about}" for name, one in FORMATS.items()))
        return FINE
    if args.name not in FORMATS:
        near = difflib.get_close_matches(args.name, FORMATS, 1, 0.4)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no format {args.name!r}; {hint}"
                         f"choose from {', '.join(FORMATS)}")
    if args.output:
        _can_be_written(args.output)
    text = FORMATS[args.name].text(load(args.edition, dataset(args)))
    if args.output:
        _write(args.output, text)
    else:
        sys.stdout.write(text)
    return FINE


def _can_be_written(path: Path) -> None:
    """Says at once what stands in the way of a file: some formats take seconds to make."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first, or name another file")


def _write(path: Path, text: str) -> None:
    from review.dataset.replacing import put

    try:
        put(path, text.encode())
    except OSError as error:
        raise ReviewError(f"{path} cannot be written: {error.strerror}; what was there is as it "
                          "was. Make room or allow writing, or name another file") from None
