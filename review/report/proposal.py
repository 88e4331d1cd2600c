"""What new rows would change, told on a terminal and on a page."""

from __future__ import annotations

from pathlib import Path

from review.dataset.load import Review
from review.dataset.problems import DataError, Problem, errors
from review.markdown import escape
from review.report.changes import (
    conclusion_lines,
    conclusions_markdown,
    quantities_markdown,
    quantity_lines,
    reasons,
    summary,
)
from review.report.release import turned
from review.update.changes import changes
from review.update.dry_run import WhatIf, tried_on
from review.update.intake import read_folder
from review.wording import counted, listed

CANDIDATES = "candidates"


def text(tried: WhatIf) -> str:
    """For a terminal."""
    parts = [f"What {tried.folder} would change in {tried.edition}; nothing is written."]
    validation = ["", f"Validation: {_verdict(tried.problems)}",
                  *(f"  {problem.severity}: {problem}" for problem in tried.problems)]
    effect = tried.changes
    if effect is None:
        return "\n".join([*parts, *validation, "",
                          "The rows make no edition, so nothing is tried."])
    parts += [turned(effect), *validation]
    parts += ["", f"Kind of update: {effect.change_class}", f"Rows: {summary(effect)}",
              *(f"  reason: {reason}" for reason in reasons(effect.moves))]
    if tried.own:
        own = listed([f"{counted(n, 'row', 'rows')} of {table}" for table, n in tried.own.items()])
        parts.append(f"  the edition's own: {own}, which its table of searches and its flow "
                     "diagram show")
    parts += [f"  {row.what}: {row.old} -> {row.new}" for row in effect.counts.itertuples()
              if row.old != row.new]
    parts += ["", *conclusion_lines(effect.conclusions)]
    parts += ["", f"Counts and ranges that differ: {len(effect.quantities)}",
              *quantity_lines(effect.quantities)]
    parts += ["", f"Figures and tables with other rows: {len(tried.displays)}"]
    parts += [f"  {row.label}: rows +{row.came} -{row.went} ({row.studies})"
              for row in tried.displays.itertuples()]
    return "\n".join(parts)


def candidates(r: Review) -> str:
    """A dry run of every folder of worked examples in the dataset that no edition has taken in, as
    Markdown: conclusions and quantities that would change. Validation and the rows of figures and
    tables are left to `what_if`: they would take longer than the rest of the report.
    """
    place = r.data / CANDIDATES
    folders = sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else []
    folders = [folder for folder in folders if not _taken_in(folder, r)]
    if not folders:
        return "The dataset has no worked examples that wait to be taken in.\n"
    return "\n".join(f"### {escape(_label(folder))} {{#sec-candidate-{folder.name}}}\n\n"
                     f"{_effect(folder, r)}" for folder in folders)


def _effect(folder: Path, base: Review) -> str:
    try:
        tried = tried_on(folder, base)
    except DataError as error:
        n = counted(len(error.problems), "problem", "problems")
        return (f"The rows make no edition: {n}"
                f", which `review what-if {CANDIDATES}/{folder.name}` lists.\n")
    effect = changes(base, tried)
    return "\n\n".join([
        f"It would be an update of the kind **{effect.change_class}**: {summary(effect)}.",
        conclusions_markdown(effect.conclusions), quantities_markdown(effect.quantities)]) + "\n"


def _verdict(problems: list[Problem]) -> str:
    bad = len(errors(problems))
    counts = [counted(n, one, many) for n, one, many in (
        (bad, "error", "errors"), (len(problems) - bad, "warning", "warnings")) if n]
    return listed(counts) or "nothing wrong"


def _taken_in(folder: Path, r: Review) -> bool:
    """Whether every study of a folder is in the dataset already."""
    try:
        studies = set(read_folder(folder, r.data)["studies"]["study_id"].dropna())
    except (DataError, KeyError):
        return False
    return bool(studies) and studies <= set(r.tables["studies"]["study_id"])


def _label(folder: Path) -> str:
    try:
        return str(read_folder(folder, folder.parents[1])["studies"]["label"].iloc[0])
    except (DataError, KeyError, IndexError):
        return folder.name
