"""The template folder for a new study, made from the schema."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from review.contents import Contents, project_contents
from review.dataset.load import data_folder, read_text
from review.dataset.problems import ReviewError
from review.dataset.schema import Resource, read_schema
from review.dataset.vocabulary import Vocabulary
from review.update.merge import GUIDE, SUPERSEDES, SUPERSEDES_FIELDS
from review.update.spreadsheet import LATER

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

README = """\
# {study_id}: rows for a new study

One CSV file a table. `{guide}` explains every column: type, unit, whether it is required, the
words allowed, an example. Keys are filled in; change them if you like, but everywhere.

1. Open the files with a spreadsheet program, **every column as text** (in the import dialogue),
   or it turns 2-4 into a date and 3.0 into 3. Save as CSV UTF-8; commas, semicolons or tabs,
   decimal points or decimal commas are all read.
2. Fill in one row a group and outcome. What the source does not give stays empty, with the reason
   in `status` (not reported, not reached, not estimable). Remove rows that have no use, add others.
   A limit such as "up to 53" goes into `bound_low` or `bound_high` with kind `bound`, never into
   `value`. `printed` is the string exactly as printed, with its zeros.
3. Every row names its source (`source_id`, a row of `sources.csv` here or in the dataset) and the
   place in it (`locator`). New publications also go into `references.bib`, under their `citekey`.
4. Leave {later} empty: they are filled in when the update is accepted.
5. If the study replaces rows of the dataset (a longer follow-up, a full article after an
   abstract), name them in `{supersedes}`: table, key and reason. They stay in the editions that
   had them.

Then, with this folder's path: `review validate`, `review what-if`, and `review accept --edition`.
"""

BIBLIOGRAPHY = """\
% Publications that references.bib of the project does not have yet, for example:
% @article{lastname2026,
%   author  = {Lastname, A. and Other, B.},
%   title   = {...},
%   journal = {...},
%   year    = {2026},
%   doi     = {10.....},
% }
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
    studies = read_text(data, resources)["studies"]
    if not KEY.fullmatch(study_id):
        raise UnusableKey(f"{study_id!r} is no key: small letters, digits and single hyphens, "
                          "such as smith-2026")
    if study_id in set(studies["study_id"]):
        raise UnusableKey(f"{study_id} is already a study of the dataset; add its new report in a "
                          "folder of your own, or choose another key")
    known = resources["studies"].field("setting").allowed
    if setting not in known:
        raise UnusableKey(f"{setting!r} is no setting of this review; choose from "
                          f"{', '.join(known)}")
    if folder.exists():
        raise FileExistsError(f"{folder} is already there; nothing is overwritten")
    rows = _rows(words, study_id, setting, len(studies[studies["setting"] == setting]) + 1)
    later = ", ".join(f"`{name}`" for name in LATER[:2])
    files = {
        "README.md": README.format(study_id=study_id, guide=GUIDE, supersedes=SUPERSEDES,
                                   later=later),
        GUIDE: guide(resources),
        "references.bib": BIBLIOGRAPHY,
        SUPERSEDES: _csv(SUPERSEDES_FIELDS, []),
        **{resources[name].path: _csv(resources[name].names, rows.get(name, []))
           for name in asked(resources)},
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    # whole or not at all: a half-written template would be taken for one that somebody edited
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            # with a byte order mark, spreadsheet programs read UTF-8 as UTF-8
            encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
            (made / name).write_text(text, encoding, newline="")
        os.chmod(made, 0o777 & ~_umask())
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return [folder / name for name in files]


def asked(resources: Mapping[str, Resource]) -> list[str]:
    """Tables that a new study has rows in."""
    return [name for name, resource in resources.items() if resource.update == "template"]


def guide(resources: Mapping[str, Resource]) -> str:
    """The field guide as CSV: every column of the template's tables, as the schema describes it."""
    lines = [
        {
            "table": resource.path,
            "field": field.name,
            "required": "filled in when accepted" if field.name in LATER
            else "yes" if field.required else "no",
            "type": field.type,
            "unit": field.unit,
            "description": field.description,
            "allowed": "; ".join(field.allowed) or _limits(field.constraints),
            "example": field.example,
        }
        for resource in (resources[name] for name in asked(resources)) for field in resource.fields
    ]
    return _csv(list(lines[0]), lines)


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


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    # a review whose tables lack a column has no use for what would be filled in there
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore",
                            lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _limits(constraints: Mapping[str, object]) -> str:
    parts = [f"at least {constraints['minimum']}"] if "minimum" in constraints else []
    parts += [f"at most {constraints['maximum']}"] if "maximum" in constraints else []
    parts += [f"form {constraints['pattern']}"] if "pattern" in constraints else []
    return "; ".join(parts)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
