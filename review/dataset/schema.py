"""The one schema, data/datapackage.json, and the pandera checks made from it.

The same descriptor drives loading, validation, the templates for new studies and the data
dictionary, so that a field is described in one place.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from review.dataset.problems import DataError, Problem

DESCRIPTOR = "datapackage.json"
# the column that names a row in the whole dataset, put beside the typed columns
ROW = "row"
# the columns that place a row in the history of the review
ADDED, SUPERSEDED = "edition_added", "edition_superseded"
DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}
PATTERNS = {
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?",
    "boolean": r"true|false",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
}
EXPECTED = {
    "integer": "a whole number",
    "number": "a number with a decimal point",
    "boolean": "true or false",
    "date": "a date as YYYY-MM-DD",
}


@dataclass(frozen=True)
class Field:
    """A column: name, Table Schema type, description, example, unit and constraints."""

    name: str
    type: str
    description: str
    example: str
    unit: str
    constraints: Mapping[str, Any]

    @property
    def required(self) -> bool:
        return bool(self.constraints.get("required"))

    @property
    def allowed(self) -> list[str]:
        """The closed vocabulary, or an empty list."""
        return list(self.constraints.get("enum", []))


@dataclass(frozen=True)
class Resource:
    """A table: its file, fields, primary key and foreign keys (field, resource, field there).

    Under `review` the descriptor says what an update does with it. update: "template" (a new study
    has rows in it), "allowed" (a folder of new rows may have them) or empty (it describes the
    article or the review itself). noun: what a row is, one and many. evidence: whether a new row is
    new evidence. successor: the columns that a row and the one that takes its place have in common.
    what, shown, subject: how a row that comes or goes is told of: the column that names it, the one
    that holds its value, and those that a row shares with the one that it is a new version of.
    """

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...]
    update: str = ""
    noun: tuple[str, str] = ("row", "rows")
    evidence: bool = False
    successor: tuple[str, ...] = ()
    what: str = ""
    shown: str = ""
    subject: tuple[str, ...] = ()

    @cached_property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """The field of that name; StopIteration for one that is not there."""
        return next(field for field in self.fields if field.name == name)

    @property
    def living(self) -> bool:
        """Whether its rows carry the edition that added them and the one that superseded them."""
        return ADDED in self.names


def read_schema(data: Path) -> dict[str, Resource]:
    """The resources of `data`/datapackage.json by name, in its order.

    Raises FileNotFoundError where there is no such file and DataError where it is no JSON.
    """
    try:
        package = json.loads((data / DESCRIPTOR).read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise DataError([Problem(DESCRIPTOR, error.lineno, "", "", "unreadable",
                                 f"cannot be read as JSON: {error.msg}",
                                 "correct this line, or the one before")]) from None
    resources = {}
    for entry in package["resources"]:
        schema = entry["schema"]
        resources[entry["name"]] = Resource(
            name=entry["name"],
            path=entry["path"],
            title=entry["title"],
            description=entry["description"],
            fields=tuple(
                Field(
                    name=field["name"],
                    type=field["type"],
                    description=field["description"],
                    example=field["example"],
                    unit=field.get("unit", ""),
                    constraints=field.get("constraints", {}),
                )
                for field in schema["fields"]
            ),
            primary_key=tuple(schema["primaryKey"]),
            foreign_keys=tuple(
                (key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
                for key in schema["foreignKeys"]
            ),
            **_living(entry.get("review", {})),
        )
    return resources


def _living(review: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "update": review.get("update", ""),
        "noun": tuple(review.get("noun", ("row", "rows"))),
        "evidence": review.get("evidence", False),
        "successor": tuple(review.get("successor", ())),
        "what": review.get("what", ""),
        "shown": review.get("shown", ""),
        "subject": tuple(review.get("subject", ())),
    }


def typed(resource: Resource, text: pd.DataFrame) -> pd.DataFrame:
    """Checked text cells as typed columns: nullable dtypes, categories for closed vocabularies."""
    columns = {}
    for field in resource.fields:
        cells = text[field.name]
        if field.allowed:
            columns[field.name] = pd.Categorical(cells, categories=field.allowed)
        elif field.type == "boolean":
            columns[field.name] = cells.map({"true": True, "false": False}).astype("boolean")
        elif field.type == "date":
            columns[field.name] = pd.to_datetime(cells, format="%Y-%m-%d").astype(DTYPES["date"])
        else:
            columns[field.name] = cells.astype(DTYPES[field.type])
    columns[ROW] = _row_names(resource, text)
    return pd.DataFrame(columns, index=text.index)


def _row_names(resource: Resource, text: pd.DataFrame) -> pd.Series:
    """Name of each row: its table and key. Rows whose key is that of another table, of which they
    tell more, have that row's name."""
    key = resource.primary_key[0]
    table = next((other for field, other, _ in resource.foreign_keys if field == key),
                 resource.name)
    return (table + "/" + text[key]).astype("string")


def breaches(resource: Resource, text: pd.DataFrame) -> list[Problem]:
    """Every breach of the schema in a table read as text (missing cells as <NA>).

    Types, required cells, vocabularies, patterns, limits and unique columns are pandera's; the
    text of each message is ours. Every column is text, which pandera need not check. Foreign keys
    need the other tables: see `dangling`.
    """
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    problems = header_breaches(resource, text)
    if problems:
        return problems
    checks = {
        field.name: pa.Column(
            checks=_checks(pa, field),
            nullable=not field.required,
            unique=bool(field.constraints.get("unique")),
        )
        for field in resource.fields
    }
    schema = pa.DataFrameSchema(checks, unique=list(resource.primary_key), ordered=False)
    try:
        schema.validate(text, lazy=True)
    except SchemaErrors as error:
        seen = set()
        for case in error.failure_cases.itertuples():
            problem = _problem(resource, text, case)
            if problem and (problem.row, problem.field, problem.rule) not in seen:
                seen.add((problem.row, problem.field, problem.rule))
                problems.append(problem)
    return problems


def header_breaches(resource: Resource, text: pd.DataFrame) -> list[Problem]:
    """Missing, unknown or repeated columns."""
    problems = []
    for name in resource.names:
        if name not in text.columns:
            problems.append(
                Problem(resource.path, 1, name, "", "missing column", f"column {name} is missing",
                        "add the column; see the data dictionary")
            )
    for name in text.columns:
        if name not in resource.names:
            near = difflib.get_close_matches(str(name), resource.names, 1)
            hint = f"rename it to {near[0]}" if near else "remove it; see the data dictionary"
            problems.append(
                Problem(resource.path, 1, str(name), str(name), "unknown column",
                        f"column {name} is not in the schema", hint)
            )
    return problems


def dangling(resources: Mapping[str, Resource],
             text: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Foreign keys that lead nowhere, with the nearest existing key."""
    problems = []
    for resource in resources.values():
        table = text[resource.name]
        for field, other, key in resource.foreign_keys:
            if field not in table or key not in text[other]:
                continue
            known = text[other][key].dropna()
            cells = table[field].dropna()
            for index, value in cells[~cells.isin(known)].items():
                near = difflib.get_close_matches(value, known.tolist(), 1)
                hint = f"did you mean {near[0]}?" if near else f"add it to {resources[other].path}"
                problems.append(
                    Problem(resource.path, line(index), field, value, "unknown key",
                            f"{value!r} is not in {resources[other].path}", hint)
                )
    return problems


def line(index: int) -> int:
    """Line of a row as an editor shows it: the header is line 1."""
    return int(index) + 2


def _checks(pa: ModuleType, field: Field) -> list[Any]:
    """pandera's checks of one column; `pa` is pandera, which is loaded when rows are checked."""
    rules = field.constraints
    checks = []
    if field.type in PATTERNS:
        checks.append(pa.Check.str_matches(f"^({PATTERNS[field.type]})$", error="type"))
    if field.allowed:
        checks.append(pa.Check.isin(field.allowed, error="vocabulary"))
    if "pattern" in rules:
        checks.append(pa.Check.str_matches(f"^({rules['pattern']})$", error="pattern"))
    if "minimum" in rules:
        checks.append(pa.Check(_at_least(rules["minimum"]), error="minimum"))
    if "maximum" in rules:
        checks.append(pa.Check(_at_most(rules["maximum"]), error="maximum"))
    return checks


def _at_least(limit: float) -> Callable[[pd.Series], pd.Series]:
    # a cell that is no number is the type check's business, not this one's
    return lambda cells: ~(pd.to_numeric(cells, errors="coerce") < limit).fillna(False)


def _at_most(limit: float) -> Callable[[pd.Series], pd.Series]:
    return lambda cells: ~(pd.to_numeric(cells, errors="coerce") > limit).fillna(False)


def _problem(resource: Resource, text: pd.DataFrame, case: Any) -> Problem | None:
    check = str(case.check)
    if check == "multiple_fields_uniqueness" or pd.isna(case.index):
        return _duplicate(resource, text, case)
    index, name = int(case.index), str(case.column)
    field = resource.field(name)
    value = "" if pd.isna(case.failure_case) else str(case.failure_case)
    rule, message, remedy = _wording(field, check, value)
    return Problem(resource.path, line(index), name, value, rule, message, remedy)


def _wording(field: Field, check: str, value: str) -> tuple[str, str, str]:
    rules = field.constraints
    example = f"for example {field.example}"
    look = "check the cell against its source"
    if check == "not_nullable":
        return "required", "the cell is empty but required", f"fill it in, {example}"
    if check == "type":
        return "type", f"{value!r} is not {EXPECTED[field.type]}", f"write it {example}"
    if check == "vocabulary":
        near = difflib.get_close_matches(value.lower(), field.allowed, 1, 0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return ("vocabulary", f"{value!r} is not an allowed word",
                f"{hint}allowed are {', '.join(field.allowed)}")
    if check == "pattern":
        return "pattern", f"{value!r} does not have the form of {field.name}", f"write it {example}"
    if check == "minimum":
        return "minimum", f"{value} is below {rules['minimum']}", look
    if check == "maximum":
        return "maximum", f"{value} is above {rules['maximum']}", look
    return "unique", f"{value!r} stands more than once in {field.name}", "give each row its own"


def _duplicate(resource: Resource, text: pd.DataFrame, case: Any) -> Problem | None:
    key = list(resource.primary_key)
    rows = text.index[text.duplicated(key, keep="first")]
    if pd.isna(case.index) or int(case.index) not in rows:
        return None  # pandera lists every row of a clash; the first keeps its key
    index = int(case.index)
    value = ", ".join(str(text.at[index, name]) for name in key)
    return Problem(resource.path, line(index), key[0], value, "duplicate key",
                   f"{value!r} stands more than once", "give the row a key of its own")
