"""data/datapackage.json, read and checked: what it lacks is told with its place in it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from review.dataset import files, needs
from review.dataset.problems import DataError, Problem

FILE = "datapackage.json"
TYPES = ("string", "integer", "number", "boolean", "date")
UPDATES = ("template", "allowed", "")


def read(data: Path) -> list[dict[str, Any]]:
    """The entries under `resources`, each with every key that the schema is made from.

    Raises DataError with everything that is missing or of another kind, by its place, such as
    "outcomes.value.type".
    """
    try:
        package = json.loads(files.text(data / FILE))
    except json.JSONDecodeError as error:
        raise DataError([Problem(FILE, error.lineno, "", "", "no JSON",
                                 f"the file is no JSON: {error.msg}",
                                 "mend the line, or restore the file")]) from None
    except ValueError as error:
        raise DataError([Problem(FILE, 0, "", "", "no JSON", f"a number cannot be read: {error}",
                                 "restore the file")]) from None
    except RecursionError:
        raise DataError([Problem(FILE, 0, "", "", "no JSON", "brackets lie too deep in each other",
                                 "restore the file")]) from None
    problems = list(_package(package))
    if problems:
        raise DataError(problems)
    return list(package["resources"])


def _problem(place: str, value: Any, message: str, remedy: str) -> Problem:
    shown = value if isinstance(value, str) else json.dumps(value)[:60]
    return Problem(FILE, 0, place, shown, "descriptor", message, remedy)


def _is(kind: type) -> Callable[[Any], bool]:
    # true is an int in Python and not in JSON
    return lambda value: isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _file_name(value: Any) -> bool:
    return isinstance(value, str) and value.endswith(".csv") and not re.search(r"[/\\\0]", value)


def _pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError, RecursionError, OverflowError):
        return False
    return True


# key: (what belongs there, whether it does, whether the key is required)
Form = Mapping[str, tuple[str, Callable[[Any], bool], bool]]
TEXT, LIST, OBJECT = "a text", "a list that is not empty", "an object in braces"
TABLE: Form = {
    "name": (TEXT, lambda v: _is(str)(v) and bool(v), True),
    "path": ("the name of a .csv file beside the descriptor", _file_name, True),
    "title": (TEXT, _is(str), True),
    "description": (TEXT, _is(str), True),
    "schema": (OBJECT, _is(dict), True),
    "review": (OBJECT, _is(dict), False),
}
SCHEMA: Form = {
    "fields": (LIST, lambda v: _is(list)(v) and bool(v), True),
    "primaryKey": ("a list of fields", _texts, True),
    "foreignKeys": ("a list, which may be empty", _is(list), True),
}
FIELD: Form = {
    "name": (TEXT, lambda v: _is(str)(v) and bool(v), True),
    "type": (f"one of {', '.join(TYPES)}", lambda v: _is(str)(v) and v in TYPES, True),
    "description": (TEXT, _is(str), True),
    "example": (TEXT, _is(str), True),
    "unit": (TEXT, _is(str), False),
    "constraints": (OBJECT, _is(dict), False),
}
CONSTRAINTS: Form = {
    "required": ("true or false", _is(bool), False),
    "unique": ("true or false", _is(bool), False),
    "enum": ("a list of words", _texts, False),
    "pattern": ("a regular expression", _pattern, False),
    "minimum": ("a number", _number, False),
    "maximum": ("a number", _number, False),
}
REVIEW: Form = {
    "update": ("template, allowed or nothing", lambda v: _is(str)(v) and v in UPDATES, False),
    "noun": ("two words, one and many", lambda v: _texts(v) and len(v) == 2, False),
    "evidence": ("true or false", _is(bool), False),
    "successor": ("a list of fields", _texts, False),
}


def _form(place: str, entry: Any, form: Form) -> Iterator[Problem]:
    """Keys of an object that are missing or hold something else than belongs there."""
    if not isinstance(entry, dict):
        yield _problem(place, entry, "there is no object in braces", "write one, or remove it")
        return
    for key, (what, fits, required) in form.items():
        if key not in entry:
            if required:
                yield _problem(f"{place}.{key}", "", f"{key} is missing", f"add it: {what}")
        elif not fits(entry[key]):
            yield _problem(f"{place}.{key}", entry[key], f"{key} is not {what}", f"write {what}")


def _package(package: Any) -> Iterator[Problem]:
    entries = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(entries, list) or not entries:
        yield _problem("resources", "", "there is no list of tables under resources",
                       "restore the file: it describes every table and field")
        return
    tables: dict[str, set[str]] = {}
    known = []
    for number, entry in enumerate(entries, 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        place = name if isinstance(name, str) and name else f"resources[{number}]"
        wrong = list(_form(place, entry, TABLE))
        if not wrong and place in tables:
            wrong = [_problem(place, place, "the table stands more than once", "keep one")]
        yield from wrong
        if not wrong:
            tables[place] = set()
            known.append(entry)
            yield from _table(place, entry, tables[place])
    for entry in known:
        yield from _keys(entry["name"], entry, tables)
    yield from _needed({entry["name"]: entry["schema"]["fields"] for entry in known
                        if isinstance(entry["schema"].get("fields"), list)})


def _table(place: str, entry: Mapping[str, Any], names: set[str]) -> Iterator[Problem]:
    """What is wrong with a table's schema; its fields are added to `names`."""
    yield from _form(place, entry["schema"], SCHEMA)
    yield from _form(place, entry.get("review", {}), REVIEW)
    fields = entry["schema"].get("fields")
    for number, field in enumerate(fields if isinstance(fields, list) else (), 1):
        name = field.get("name") if isinstance(field, dict) else None
        at = f"{place}.{name if isinstance(name, str) and name else f'fields[{number}]'}"
        yield from _form(at, field, FIELD)
        if isinstance(name, str) and name in names:
            yield _problem(at, name, "the field stands more than once", "keep one")
        if isinstance(name, str):
            names.add(name)
        rules = field.get("constraints", {}) if isinstance(field, dict) else {}
        if isinstance(rules, dict):
            yield from _form(at, rules, CONSTRAINTS)
            for key in rules.keys() - CONSTRAINTS:
                near = difflib.get_close_matches(key, CONSTRAINTS, 1)
                yield _problem(f"{at}.{key}", key, f"{key} is no constraint known here",
                               f"did you mean {near[0]}?" if near else "remove it")


def _keys(place: str, entry: Mapping[str, Any],
          tables: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Keys that name a field or table that is not there."""
    schema, own = entry["schema"], tables[place]
    for key, names in (("primaryKey", schema.get("primaryKey")),
                       ("successor", entry.get("review", {}).get("successor", []))):
        for name in names if _texts(names) else ():
            if name not in own:
                yield _problem(f"{place}.{key}", name, f"{name} is no field of {place}",
                               "name one of its fields, or add the field")
    keys = schema.get("foreignKeys")
    for number, key in enumerate(keys if isinstance(keys, list) else (), 1):
        at = f"{place}.foreignKeys[{number}]"
        reference = key.get("reference") if isinstance(key, dict) else None
        if not (isinstance(reference, dict) and _texts(key.get("fields"))
                and _texts(reference.get("fields")) and isinstance(reference.get("resource"), str)):
            yield _problem(at, key, "it does not name a field, a table and the field there",
                           'write {"fields": ["study_id"], "reference": {"resource": "studies", '
                           '"fields": ["study_id"]}}')
        elif key["fields"][0] not in own:
            yield _problem(at, key["fields"][0], f"{key['fields'][0]} is no field of {place}",
                           "name one of its fields, or add the field")
        elif reference["fields"][0] not in tables.get(reference["resource"], ()):
            yield _problem(at, f"{reference['resource']}.{reference['fields'][0]}",
                           f"{reference['resource']} has no field {reference['fields'][0]}",
                           "name a table and a field of it that are there")


def _needed(tables: Mapping[str, list[Any]]) -> Iterator[Problem]:
    """What the engine reads and the descriptor does not describe."""
    for table, columns in {**needs.TABLES, **needs.OPTIONAL}.items():
        if table not in tables:
            if table in needs.TABLES:
                yield _problem(table, "", f"there is no table {table}, which every review has",
                               f"restore it with its fields {', '.join(columns)}")
            continue
        types = {field.get("name"): field.get("type") for field in tables[table]
                 if isinstance(field, dict) and isinstance(field.get("name"), str)}
        for name, kind in columns.items():
            if name not in types:
                yield _problem(f"{table}.{name}", "", f"{table} has no field {name}, which every "
                               "review has", "restore it")
            elif types[name] != kind and isinstance(types[name], str):
                yield _problem(f"{table}.{name}.type", str(types[name]),
                               f"{name} is of type {types[name]}, and is read as {kind}",
                               f"write {kind}")
