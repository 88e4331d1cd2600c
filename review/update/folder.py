"""A folder for somebody to fill in: tables as CSV files and as one workbook, both explained.

It appears whole or not at all: half of a template would be taken for one that somebody edited.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from review.dataset import bibliography, replacing
from review.dataset.characters import FORMULA
from review.dataset.schema import Resource
from review.update.form import workbook
from review.update.intake import GUIDE, MADE, SUPERSEDES, SUPERSEDES_FILE, digests, supersedes
from review.update.spreadsheet import LATER

Rows = Sequence[Mapping[str, str]]

BIBLIOGRAPHY = """\
% Publications that references.bib of the project does not have yet, for example:
% @article{lastname2026,
%   author  = {Lastname, A. and Other, B.},
%   title   = {...},
%   journal = {...},
%   year    = {2026},
%   doi     = {10.....},
% }
% A file exported from a reference manager as BibTeX (.bib) or RIS (.ris) does as well.
"""


def write(folder: Path, readme: str, resources: Mapping[str, Resource],
          tables: Mapping[str, Rows], more: Mapping[str, str] | None = None) -> list[Path]:
    """Makes `folder` with the tables, each as a CSV file and as a sheet of one workbook.

    tables: rows by resource, `supersedes` among them, in the order of the sheets. more:
    further texts, by file name. Returns the files written. Raises FileExistsError where the folder
    is there already.
    """
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(f"{folder} is already there; nothing is overwritten")
    if file := next((place for place in folder.parents if place.exists() and not place.is_dir()),
                    None):
        raise FileExistsError(f"{file} is a file, and no folder can be made in it; name another "
                              "place")
    forms = {name: supersedes() if name == SUPERSEDES else resources[name] for name in tables}
    rows = {f"{forms[name].path}": _csv(forms[name].names, tables[name]) for name in tables}
    # with a byte order mark, spreadsheet programs read UTF-8 as UTF-8
    filled = {name: text.encode("utf-8-sig") for name, text in rows.items()}
    filled[f"{folder.name}.xlsx"] = workbook(forms, tables)
    files = {
        "README.md": readme.encode(),
        GUIDE: guide(forms).encode("utf-8-sig"),
        bibliography.FILE: BIBLIOGRAPHY.encode(),
        **{name: text.encode() for name, text in (more or {}).items()},
        **filled,
        MADE: digests(filled).encode(),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    replacing.put_folder(folder, files, fresh=True)
    return [folder / name for name in files]


def guide(forms: Mapping[str, Resource]) -> str:
    """The field guide as CSV: every column of the tables, as the schema describes it."""
    lines = [
        {
            "table": form.path if name != SUPERSEDES else SUPERSEDES_FILE,
            "field": field.name,
            "required": "filled in when accepted" if field.name in LATER
            else "yes" if field.required else "no",
            "type": field.type,
            "unit": field.unit,
            "description": field.description,
            "allowed": "; ".join(field.allowed) or _limits(field.constraints),
            "example": field.example,
        }
        for name, form in forms.items() for field in form.fields
    ]
    return _csv(list(lines[0]), lines)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    # a review whose tables lack a column has no use for what would be filled in there
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore",
                            lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _inert(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue()


def _inert(cell: str) -> str:
    """A cell that a spreadsheet program shows and does not run: cells of folders are written here
    before anybody has checked them."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def _limits(constraints: Mapping[str, object]) -> str:
    parts = [f"at least {constraints['minimum']}"] if "minimum" in constraints else []
    parts += [f"at most {constraints['maximum']}"] if "maximum" in constraints else []
    parts += [f"form {constraints['pattern']}"] if "pattern" in constraints else []
    return "; ".join(parts)
