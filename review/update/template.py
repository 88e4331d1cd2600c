"""The template folder for a new study, made from the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from review.contents import Contents, project_contents
from review.dataset.load import data_folder, read_text
from review.dataset.problems import ReviewError
from review.dataset.schema import SUPERSEDED, Resource, read_schema
from review.dataset.vocabulary import Vocabulary
from review.update import folder as folders
from review.update import lineage
from review.update.intake import GUIDE, SUPERSEDES, SUPERSEDES_FILE
from review.update.spreadsheet import LATER

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

README = """\
# {study_id}: rows for a new study

Fill in either the workbook `{folder}.xlsx` (one sheet a table, notes on the headers, lists to
choose from) or the CSV files, which hold the same rows. `{guide}` explains every column. Keys are
filled in; change them if you like, but everywhere. Coloured headers are required.

1. CSV files: open them with a spreadsheet program, **every column as text** (in the import
   dialogue), or it turns 2-4 into a date and 3.0 into 3; save as CSV UTF-8. The workbook's columns
   are text already; save it as .xlsx or .ods.
2. Fill in one row a group and outcome. What the source does not give stays empty, with the reason
   in `status` (not reported, not reached, not estimable). Remove rows that have no use, add others.
   A limit such as "up to 53" goes into `bound_low` or `bound_high` with kind `bound`, never into
   `value`. `printed` and `ci_printed` are what the source prints, as it prints it.
3. Every row names its source (`source_id`, a row of `sources` here or in the dataset) and the
   place in it (`locator`). New publications also go into `references.bib`, under their `citekey`,
   or into any .bib or .ris file beside it. `extracted_by` and `extracted_on` say who read a value
   and when; a second person fills in `checked_by` and `checked_on`.
4. Leave {later} empty: they are filled in when the update is accepted.
5. A further publication of a study that the review has, a correction and a retraction have
   commands of their own: `review new-report`, `review correct`, `review retract`. They fill in
   `{supersedes}`.
6. Records, reports and reasons of the new search: rows in `flow.csv` and `search.csv` (as in
   the dataset, their `edition_id` empty), or `review flow --import` afterwards.

Then, with this folder's path: `review validate`, `review what-if`, and `review accept --edition`.
"""


class UnusableKey(ReviewError):
    """A key or setting that a template cannot be made for; the message says which would do."""


def write(study_id: str, setting: str, folder: Path, data: Path | str | None = None,
          contents: Contents | None = None) -> list[Path]:
    """Makes `folder` with the tables of a new study, their keys filled in, and the field guide.

    setting: a word of studies.setting. Returns the files written. Raises FileExistsError where the
    folder is there already (nothing is overwritten) and UnusableKey for a key that is malformed or
    taken, or for a setting that the review does not have.
    """
    data, words = data_folder(data), (contents or project_contents()).vocabulary
    resources = read_schema(data)
    text = read_text(data, resources)
    studies = text["studies"]
    if not KEY.fullmatch(study_id):
        raise UnusableKey(f"{study_id!r} is no key: small letters, digits and single hyphens, "
                          "such as smith-2026")
    gone = studies[(studies["study_id"] == study_id) & studies[SUPERSEDED].notna()]
    if len(gone):
        raise UnusableKey(f"{study_id} is a study that no longer counts since edition "
                          f"{gone[SUPERSEDED].iloc[0]}; "
                          f"{lineage.instead(text, 'studies', study_id)}")
    if study_id in set(studies["study_id"]):
        raise UnusableKey(f"{study_id} is already a study of the dataset; for a further "
                          f"publication of it: review new-report {study_id}")
    known = resources["studies"].field("setting").allowed
    if setting not in known:
        raise UnusableKey(f"{setting!r} is no setting of this review; choose from "
                          f"{', '.join(known)}")
    rows = _rows(words, study_id, setting, len(studies[studies["setting"] == setting]) + 1)
    later = ", ".join(f"`{name}`" for name in LATER[:2])
    return folders.write(
        folder, README.format(study_id=study_id, folder=folder.name, guide=GUIDE, later=later,
                              supersedes=SUPERSEDES_FILE),
        resources, {**{name: rows.get(name, []) for name in asked(resources)}, SUPERSEDES: []})


def asked(resources: Mapping[str, Resource]) -> list[str]:
    """Tables that a new study has rows in."""
    return [name for name, resource in resources.items() if resource.update == "template"]


def _rows(words: Vocabulary, study: str, setting: str,
          position: int) -> dict[str, list[dict[str, str]]]:
    arm, report, source = f"{study}-{words.therapy}", f"{study}-report", f"{study}-source"
    read = {"source_id": source}
    return {
        "studies": [{"study_id": study, "setting": setting, "table_position": str(position),
                     **read}],
        "reports": [{"report_id": report, "study_id": study, "lead": "true", "table_position": "1",
                     **read}],
        "arms": [{"arm_id": arm, "study_id": study, "therapy": words.therapy, **read}],
        "outcomes": [
            {"outcome_id": f"{arm}-{code}", "arm_id": arm, "report_id": report,
             "outcome": code, "statistic": outcome.statistic, "use": "synthesis",
             "unit": outcome.unit, **read}
            for code, outcome in words.outcomes.items() if outcome.asked],
        "characteristics": [
            {"characteristic_id": f"{study}-{name.replace('_', '-')}", "study_id": study,
             "report_id": report, "characteristic": name, "statistic": one.statistic,
             "use": "synthesis", "unit": one.unit, "table": words.settings[setting].table, **read}
            for name, one in words.characteristics.items() if one.statistic],
        "quality": [{"study_id": study, "tool": words.appraisal_tool, **read}],
        "sources": [{"source_id": source}],
    }
