"""A dry run of new rows: what validation says of them, and what would change. Writes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from . import intake, provenance, validate
from .data import CURRENT, Review, data_folder, read_all, select
from .editions import (
    Changes,
    changes,
    claim_lines,
    claims_markdown,
    conclusion_lines,
    conclusions_markdown,
    summary,
)
from .figures import FIGURES
from .markdown import escape
from .problems import DataError, Problem
from .sentences import counted, listed
from .tables import TABLES

CANDIDATES = "candidates"
# these show an edition and its search, which a dry run has not
OF_THE_EDITION = {"fig-prisma", "tbl-editions", "tbl-search"}
# a row that only moved down a place has not changed
PLACES = {"position", "place", "study_position", "table_position"}
COLUMNS = ["label", "old_rows", "new_rows", "came", "went", "studies"]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What a folder of new rows would do to an edition.

    folder: its name. edition: name of the edition that it is tried on. problems: what validation
    says of the folder's rows; an error would stop their acceptance. changes: rows, claims and
    conclusions, or None where the rows cannot be read as data. displays: figures and tables whose
    rows would differ (COLUMNS), with the studies in the rows that come or go.
    """

    folder: str
    edition: str
    problems: list[Problem]
    changes: Changes | None
    displays: pd.DataFrame

    @property
    def acceptable(self) -> bool:
        """Whether validation has no error."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_dict(self) -> dict:
        """Everything, for JSON."""
        return {
            "folder": self.folder, "edition": self.edition, "acceptable": self.acceptable,
            "problems": [problem.as_dict() for problem in self.problems],
            "changes": self.changes and self.changes.as_dict(),
            "displays": self.displays.to_dict("records"),
        }

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    def text(self) -> str:
        """For a terminal."""
        parts = [f"What {self.folder} would change in {self.edition}; nothing is written.", "",
                 f"Validation: {_verdict(self.problems)}",
                 *(f"  {problem.severity}: {problem}" for problem in self.problems)]
        found = self.changes
        if found is None:
            return "\n".join([*parts, "", "The rows cannot be read as data, so nothing is tried."])
        parts += ["", f"Kind of update: {found.change_class}", f"Rows: {summary(found)}"]
        parts += [f"  {row.what}: {row.old} -> {row.new}" for row in found.counts.itertuples()
                  if row.old != row.new]
        parts += ["", f"Conclusions that change: {len(found.flipped)}",
                  *conclusion_lines(found.conclusions)]
        parts += ["", f"Claims that differ: {len(found.claims)}", *claim_lines(found.claims)]
        parts += ["", f"Figures and tables with other rows: {len(self.displays)}"]
        parts += [f"  {row.label}: rows +{row.came} -{row.went} ({row.studies})"
                  for row in self.displays.itertuples()]
        return "\n".join(parts)


def what_if(folder: Path | str, data: Path | str | None = None,
            edition: str | None = None) -> WhatIf:
    """The dataset with the rows of `folder` added, against the dataset as it is.

    folder: in the form of `review new-study`. edition: the one to try it on, default the newest.
    Raises DataError where the dataset itself cannot be read or has no such edition.
    """
    folder, data = Path(folder), data_folder(data)
    return _tried(folder, select(read_all(data), edition or CURRENT, data))


def candidates(r: Review) -> str:
    """A dry run of every folder of worked examples in the dataset, as Markdown: conclusions and
    claims that would change. Validation and the rows of figures and tables are `what_if`'s: they
    would take longer than the rest of the report.
    """
    place = r.data / CANDIDATES
    folders = sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else []
    if not folders:
        return "The dataset has no worked examples.\n"
    return "\n".join(f"### {escape(_label(folder))} {{#sec-candidate-{folder.name}}}\n\n"
                     f"{_told(folder, r)}" for folder in folders)


def _told(folder: Path, base: Review) -> str:
    try:
        tables = intake.dataset_with(folder, base.data)
    except DataError as error:
        n = counted(len(error.problems), "problem", "problems")
        return (f"The rows cannot be read as data: {n}"
                f", which `review what-if {CANDIDATES}/{folder.name}` lists.\n")
    found = changes(base, _as_part_of(tables, base, folder.name))
    return "\n\n".join([
        f"It would be an update of the kind **{found.change_class}**: {summary(found)}.",
        conclusions_markdown(found.conclusions), claims_markdown(found.claims)]) + "\n"


@lru_cache(maxsize=8)
def _tried(folder: Path, base: Review) -> WhatIf:
    problems = validate.validate_folder(folder, base.data)
    try:
        tables = intake.dataset_with(folder, base.data)
    except DataError as error:
        return WhatIf(folder.name, base.edition["name"], problems or error.problems, None,
                      pd.DataFrame(columns=COLUMNS))
    tried = _as_part_of(tables, base, folder.name)
    return WhatIf(folder.name, base.edition["name"], problems, changes(base, tried),
                  displays(base, tried))


def _as_part_of(tables: dict[str, pd.DataFrame], base: Review, name: str) -> Review:
    """The edition with the candidate rows in it.

    What only an edition has (search, flow of records) stays its own: a dry run has none.
    """
    known = tables["editions"]
    until = known[(known["position"] <= base.edition["position"])
                  | (known["edition_id"] == intake.CANDIDATE)]
    tried = select({**tables, "editions": until}, intake.CANDIDATE, base.data)
    edition = base.edition.copy()
    edition["name"], edition["type"] = f"{edition['name']} with {name}", "update"
    return replace(tried, edition=edition, editions=base.editions)


def displays(old: Review, new: Review) -> pd.DataFrame:
    """Figures and tables whose rows differ, with how many come and go and whose they are."""
    found = []
    for label in (*FIGURES, *TABLES):
        if label in OF_THE_EDITION:
            continue
        before, after = _rows(label, old), _rows(label, new)
        was, now = _lines(before), _lines(after)
        came, went = after[~now.isin(was).to_numpy()], before[~was.isin(now).to_numpy()]
        if len(came) or len(went):
            studies = pd.concat([_names(came), _names(went)]).dropna().unique()
            found.append((label, len(before), len(after), len(came), len(went),
                          listed(list(studies))))
    return pd.DataFrame(found, columns=COLUMNS)


# the edition tried on is the same for every candidate
_rows = lru_cache(maxsize=64)(provenance.rows)


def _names(rows: pd.DataFrame) -> pd.Series:
    """What names each row: its study, or its report where the table leaves the study blank."""
    named = rows[[column for column in provenance.NAMES if column in rows]].astype("string")
    return named.mask(named == "").bfill(axis=1).iloc[:, 0]


def _lines(rows: pd.DataFrame) -> pd.Series:
    cells = rows.drop(columns=[column for column in PLACES if column in rows])
    first, *rest = (cells[column].astype("string").fillna("") for column in cells)
    return first.str.cat(rest, sep="\x1f")


def _verdict(problems: list[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    told = [counted(n, one, many) for n, one, many in (
        (errors, "error", "errors"), (len(problems) - errors, "warning", "warnings")) if n]
    return listed(told) or "nothing wrong"


def _label(folder: Path) -> str:
    try:
        return str(intake.read_folder(folder)["studies"]["label"].iloc[0])
    except (DataError, KeyError, IndexError):
        return folder.name
