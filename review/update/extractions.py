"""Two people extracted the same study on their own: where they agree, and where they do not.

Rows are matched by key, which the template fills in for both; a row that one of them added is a
difference of its own. Cells count as they are read: 3,0 and 3.0 are the same number, and so are
6.10 and 6.1, of which the folder to adjudicate keeps the first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pandas as pd

from review.dataset import bibliography, schema
from review.dataset.load import data_folder
from review.dataset.problems import DataError, Problem, visible
from review.dataset.schema import EXTRACTION, Resource
from review.dataset.views import as_records
from review.markdown import escape
from review.update import folder as folders
from review.update.intake import GUIDE, SUPERSEDES, NewRows, read_folder, supersedes
from review.update.spreadsheet import LATER
from review.wording import counted

DIFFERENCES = ["table", "key", "field", "first", "second"]
AGREEMENT = ["table", "field", "compared", "agreed", "kappa"]
README = """\
# To adjudicate: {first} and {second}

Cells on which both agree are filled in; the others are empty and listed in `differences.md`. A row
that only one of them has stands with its key alone: fill it in, or remove it. Look each up in the
source, fill it in here, then: `review validate`.
`{guide}` explains every column.
"""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two extractions compared.

    differences: a cell a line, with what each wrote (DIFFERENCES); a row that only one has is a
    line with the field empty, and one for each cell that is filled in. alone: how many such rows
    there are. agreement: by table and field, the cells of rows that both have, those that agree
    and Cohen's kappa (AGREEMENT); kappa is <NA> where both wrote one and the same throughout.
    agreed: the rows with the cells that agree, by table. citations: those of both folders that
    the bibliography has not, as BibTeX; of a key that both have, the first one's.
    """

    first: str
    second: str
    differences: pd.DataFrame
    alone: int
    agreement: pd.DataFrame
    agreed: Mapping[str, list[dict[str, str]]]
    citations: str = ""

    def json(self) -> str:
        """Everything, for a program."""
        def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
            return as_records(frame)

        return json.dumps({"first": self.first, "second": self.second,
                           "differences": records(self.differences),
                           "agreement": records(self.agreement)}, ensure_ascii=False, indent=1)

    def text(self) -> str:
        """For a terminal."""
        compared, agreed = (int(self.agreement[name].sum()) for name in ("compared", "agreed"))
        alone = counted(self.alone, "row is", "rows are")
        lines = [f"{self.first} and {self.second}: {agreed} of {compared} cells of rows that both "
                 f"have agree; {alone} of one of them alone", "",
                 f"Differences: {len(self.differences)}"]
        for row in self.differences.itertuples():
            what = f":{row.field}" if row.field else ""
            lines.append(f"  {row.table}/{row.key}{what}: {row.first or '(empty)'} | "
                         f"{row.second or '(empty)'}")
        lines += ["", "Agreement by field:"]
        for row in self.agreement.itertuples():
            kappa = "kappa not defined" if pd.isna(row.kappa) else f"kappa {row.kappa:.2f}"
            lines.append(f"  {row.table}.{row.field}: {row.agreed} of {row.compared}, {kappa}")
        return "\n".join(visible(line) for line in lines)


def compare(first: Path, second: Path, data: Path | str | None = None) -> Comparison:
    """Two folders in the form of `review new-study`, compared cell by cell.

    Raises DataError for a folder that cannot be read, and for a row of either that has no key or
    that of another, as it could be matched with none.
    """
    resources = {**schema.read_schema(data_folder(data)), SUPERSEDES: supersedes()}
    a, b = read_folder(first, data), read_folder(second, data)
    if problems := [*_unmatched(first, a, resources), *_unmatched(second, b, resources)]:
        raise DataError(problems)
    differences: list[tuple[str, str, str, str, str]] = []
    agreement: list[tuple[str, str, int, int, float | None]] = []
    agreed: dict[str, list[dict[str, str]]] = {}
    alone = 0
    for name, resource in resources.items():
        if name not in a and name not in b:
            continue
        one, two = (_by_key(rows.get(name), resource) for rows in (a, b))
        both = [key for key in one if key in two]
        key_columns = resource.primary_key
        single = [key for key in dict.fromkeys([*one, *two]) if key not in both]
        alone += len(single)
        for key in single:
            differences.append((name, key, "", "row" if key in one else "",
                                "row" if key in two else ""))
            differences += [(name, key, field, one.get(key, {}).get(field, ""),
                             two.get(key, {}).get(field, "")) for field in resource.names
                            if field not in key_columns and field not in LATER
                            and field not in EXTRACTION
                            and {**one, **two}[key][field]]
        agreed[name] = [{**{column: one[key][column] for column in key_columns},
                         **_readers(one[key], two[key])} for key in both]
        numbers = {field.name for field in resource.fields if field.type in ("number", "integer")}
        for field in resource.names:
            if field in key_columns or field in LATER or field in EXTRACTION:
                continue
            pairs = [(one[key][field], two[key][field]) for key in both]
            read = [(_number(x), _number(y)) for x, y in pairs] if field in numbers else pairs
            said = [pair for pair in read if any(pair)]
            same = sum(x == y for x, y in said)
            if said:
                agreement.append((name, field, len(said), same, kappa(said)))
            for row, key, (x, y), (a_value, b_value) in zip(agreed[name], both, pairs, read,
                                                            strict=True):
                if a_value == b_value:
                    row[field] = x
                else:
                    differences.append((name, key, field, x, y))
        agreed[name] += [{column: {**one, **two}[key][column] for column in key_columns}
                         for key in single]
    main = bibliography.of(data_folder(data))
    citations = bibliography.new_entries((first, second), main).texts
    own, other = (bibliography.new_entries((folder,), main).texts for folder in (first, second))
    told = [(key, " ".join(own[key].split()), " ".join(other[key].split()))
            for key in own if key in other]
    differences += [(bibliography.FILE, key, "", x, y) for key, x, y in told if x != y]
    return Comparison(first.name, second.name, pd.DataFrame(differences, columns=DIFFERENCES),
                      alone, pd.DataFrame(agreement, columns=AGREEMENT).astype(
                          {"kappa": "Float64"}), agreed, "\n\n".join(citations.values()))


def _number(cell: str) -> str:
    """A number in one way of writing it; a cell that is none as it is."""
    try:
        return str(Decimal(cell).normalize())
    except InvalidOperation:
        return cell


def kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960) of two raters' words; None where chance alone would agree always."""
    n = len(pairs)
    first, second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    chance = sum(first[word] * second[word] for word in first) / n ** 2
    if chance == 1:
        return None
    return (sum(x == y for x, y in pairs) / n - chance) / (1 - chance)


def adjudicate(compared: Comparison, folder: Path, data: Path | str | None = None) -> list[Path]:
    """Writes a folder with the cells on which both agree, and the differences as a list.

    Raises FileExistsError where the folder is there already.
    """
    resources = schema.read_schema(data_folder(data))
    readme = README.format(first=compared.first, second=compared.second, guide=GUIDE)
    rows = {name: list(lines) for name, lines in compared.agreed.items()}
    return folders.write(folder, readme, resources, {SUPERSEDES: [], **rows}, {
        "differences.md": _listed(compared.differences),
        **({bibliography.FILE: f"{compared.citations}\n"} if compared.citations else {})})


def _readers(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Who read a row of two extractions: the second reader, on their own, checks the first."""
    read_by, read_on, checked_by, checked_on = EXTRACTION
    if read_by not in first:
        return {}
    return {read_by: first[read_by], read_on: first[read_on],
            checked_by: second[read_by], checked_on: second[read_on]}


def _listed(differences: pd.DataFrame) -> str:
    head = f"| {' | '.join(DIFFERENCES)} |"
    lines = ["# Differences", "", head, "|---" * len(DIFFERENCES) + "|"]
    for row in differences.itertuples(index=False):
        cells = (escape(visible(str(cell))) for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _unmatched(folder: Path, rows: NewRows, resources: Mapping[str, Resource]) -> list[Problem]:
    """Rows of a folder that have no key, or the key of a row before them."""
    problems = []
    for name, table in rows.items():
        if name not in resources:
            continue
        columns = list(resources[name].primary_key)
        empty = table[columns].isna().any(axis=1)
        for index in table.index[empty | table.duplicated(columns)]:
            cells = table.loc[index, columns].fillna("")
            field = next((column for column in columns if not cells[column]), columns[0])
            rule, message, remedy = (
                ("required", "the cell is empty but required",
                 "fill in the key that the template gives the row") if empty[index] else
                ("duplicate key", f"{'/'.join(cells)!r} stands more than once",
                 "give the row a key of its own"))
            problems.append(Problem(f"{folder.name}/{rows.files.get(name, name)}",
                                    schema.line(index), field, str(cells[field]), rule, message,
                                    remedy))
    return problems


def _by_key(rows: pd.DataFrame | None, resource: Resource) -> dict[str, dict[str, str]]:
    """Rows as written, by their key."""
    if rows is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for cells in rows.fillna("").to_dict("records"):
        row = {str(name): str(cell) for name, cell in cells.items()}
        found.setdefault("/".join(row[column] for column in resource.primary_key), row)
    return found
