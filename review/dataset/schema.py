"""The one schema, data/datapackage.json, and the checks made from it.

The same descriptor drives loading, validation, the templates for new studies and the data
dictionary, so that a field is described in one place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from review.dataset import characters, descriptor
from review.dataset.problems import Problem, visible

# the column that names a row in the whole dataset, put beside the typed columns
ROW = "row"
# the columns that place a row in the history of the review
ADDED, SUPERSEDED = "edition_added", "edition_superseded"
# the column of rows that are told of an edition: its flow, its search, what it superseded
OF_EDITION = "edition_id"
# who read a value from its source and when, who compared it with it and when
EXTRACTION = ("extracted_by", "extracted_on", "checked_by", "checked_on")
DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}
PATTERNS = {
    "integer": r"-?[0-9]+",
    "number": r"-?[0-9]+(?:\.[0-9]+)?",
    "boolean": r"true|false",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
# more digits than a float keeps are no measurement but a slip
DIGITS = 15
# in which a search, a release or a publication of a review lies
YEARS = (1900, 2100)
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
        """Whether no cell of the column may be empty."""
        return bool(self.constraints.get("required"))

    @property
    def allowed(self) -> list[str]:
        """The closed vocabulary, or an empty list."""
        return list(self.constraints.get("enum", []))

    @property
    def notation(self) -> bool:
        """Whether its cells are written in a fixed form in plain ASCII, and are no prose."""
        return self.type != "string" or "pattern" in self.constraints

    @property
    def address(self) -> bool:
        """Whether it holds web addresses or DOIs: its example is one."""
        return self.notation and bool(re.match(r"https?://|10\.\d", self.example))


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
        """Names of the columns, in the order of the file."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """The field of that name; StopIteration for one that is not there."""
        return next(field for field in self.fields if field.name == name)

    @property
    def living(self) -> bool:
        """Whether its rows carry the edition that added them and the one that superseded them."""
        return ADDED in self.names


def read_schema(data: Path) -> dict[str, Resource]:
    """The resources of `data`/datapackage.json by name, in its order; DataError with everything
    that is wrong with that file."""
    resources = {}
    for entry in descriptor.read(data):
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
            places = {word: place for place, word in enumerate(field.allowed)}
            columns[field.name] = pd.Categorical.from_codes(
                [places.get(cell, -1) for cell in cells.array], categories=field.allowed)
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


def breaches(resource: Resource, text: pd.DataFrame, first: int = 0) -> list[Problem]:
    """Every breach of the schema in a table read as text (missing cells as <NA>), from row `first`
    on; those before it are known to keep it.

    One a cell: an empty cell that is required, a character that may not stand, then the type, the
    vocabulary, the pattern, the limits. Then keys that stand twice. Foreign keys need the other
    tables: see `breaches.dangling`.
    """
    problems = header_breaches(resource, text)
    if problems:
        return problems
    for field in resource.fields:
        problems += _field_breaches(resource, field, text[field.name], first)
    key = list(resource.primary_key)
    again = text.duplicated(key) & text[key].notna().any(axis=1)
    for index in text.index[again]:
        value = ", ".join(str(text.at[index, name]) for name in key)
        problems.append(Problem(resource.path, line(index), key[0], value, "duplicate key",
                                f"{value!r} stands more than once",
                                "give the row a key of its own"))
    return problems


def _field_breaches(resource: Resource, field: Field, cells: pd.Series,
                    first: int) -> Iterator[Problem]:
    """Breaches of one column from row `first` on, one a cell: what is found first spares the checks
    after it."""
    asked = cells.iloc[first:]
    written = asked.to_numpy(dtype=object, na_value=None)
    # what stands in many rows is looked at once
    wrong = {cell: found for cell in set(written)
             if (found := _breach(field, cell)) is not None}
    if wrong:
        for index, cell in zip(asked.index, written, strict=True):
            if cell in wrong:
                yield Problem(resource.path, line(index), field.name, *wrong[cell])
    if field.constraints.get("unique"):
        again = cells.duplicated()[asked.index] & asked.notna()
        for index, cell in asked[again].items():
            if cell not in wrong:
                yield Problem(resource.path, line(index), field.name, str(cell), "unique",
                              *_wording(field, "unique", str(cell)))


def _breach(field: Field, cell: str | None) -> tuple[str, str, str, str] | None:
    """What is wrong with a cell whatever the others say: value, rule, message, remedy."""
    if cell is None:
        return ("", "required", *_wording(field, "required", "")) if field.required else None
    if found := characters.breach(cell, field.notation, field.address):
        return found
    check = _failed(field, cell)
    return (cell, check, *_wording(field, check, cell)) if check else None


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
            # its unit in brackets is no part of a name
            bare = re.split(r"[(\[]", str(name))[0].strip()
            near = difflib.get_close_matches(bare, resource.names, 1)
            hint = f"rename it to {near[0]}" if near else "remove it; see the data dictionary"
            shown = visible(str(name))
            problems.append(
                Problem(resource.path, 1, shown, shown, "unknown column",
                        f"column {shown} is not in the schema", hint)
            )
    return problems


def line(index: int) -> int:
    """Line of a row as an editor shows it: the header is line 1."""
    return int(index) + 2


def _failed(field: Field, cell: str) -> str:
    """The first check that a cell fails, empty where it passes all; each may rely on those before
    it."""
    rules = field.constraints
    if field.type in PATTERNS and not re.fullmatch(PATTERNS[field.type], cell):
        return "type"
    if field.type in ("integer", "number") and len(re.findall("[0-9]", cell)) > DIGITS:
        return "size"
    if field.type == "date":
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            return "date"
        if not YEARS[0] <= day.year <= YEARS[1]:
            return "year"
    if field.allowed and cell not in field.allowed:
        return "vocabulary"
    # in ASCII, \d is a digit that a number is made of and not one of another script
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell, flags=re.ASCII):
        return "pattern"
    if "minimum" in rules and float(cell) < rules["minimum"]:
        return "minimum"
    if "maximum" in rules and float(cell) > rules["maximum"]:
        return "maximum"
    return ""


def in_form(field: Field, cell: str) -> str | None:
    """A cell in the form that its field asks for; None where no such spelling of it is known."""
    # as it is; capitals, spaces and other signs in a key; small letters in a number of a registry
    near = (cell, re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-"),
            re.sub(r"[\s-]+", "", cell.upper()))
    form = field.constraints.get("pattern", ".*")
    return next((one for one in near if re.fullmatch(form, one, flags=re.ASCII)), None)


def _wording(field: Field, check: str, value: str) -> tuple[str, str]:
    """What is wrong and what to do."""
    rules = field.constraints
    example = f"write it as in the example {field.example}"
    look = "check the cell against its source"
    if check == "required":
        return "the cell is empty but required", f"fill it in, for example {field.example}"
    if check == "type":
        return f"{value!r} is not {EXPECTED[field.type]}", f"write it for example {field.example}"
    if check == "size":
        return f"{value!r} has more than {DIGITS} digits", look
    if check == "date":
        return f"there is no day {value}", look
    if check == "year":
        return f"{value} is not in the years {YEARS[0]} to {YEARS[1]}", look
    if check == "vocabulary":
        near = difflib.get_close_matches(value.lower(), field.allowed, 1, 0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return (f"{value!r} is not an allowed word",
                f"{hint}allowed are {', '.join(field.allowed)}")
    if check == "pattern":
        fit = in_form(field, value)
        return (f"{value!r} does not have the form of {field.name}",
                example if fit is None else f"write it as {fit}")
    if check == "minimum":
        return f"{value} is below {rules['minimum']}", look
    if check == "maximum":
        return f"{value} is above {rules['maximum']}", look
    return f"{value!r} stands more than once in {field.name}", "give each row its own"
