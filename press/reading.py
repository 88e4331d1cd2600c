"""Read a text of the project: UTF-8, with or without a byte-order mark, and any line ends; and YAML
in which a key is given once."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from .errors import PressError, Problem

OTHER_MARKS = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
               codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
"""Marks at the beginning of a file in another encoding; the longer ones first."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads what has no quotes as Quarto does, by YAML 1.2: `yes` and `12:30` are texts, and so is
    a number that would be written otherwise (`1.10`, `007`). The quick loader of libyaml, where
    PyYAML was built with it."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _written, _first in (
        ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"), ("null", "~|null|Null|NULL|", "~nN"),
        ("int", "0|-?[1-9][0-9]*", "-0123456789"), ("merge", "<<", "<"),
        ("float", r"-?(?:0|[1-9][0-9]{0,11})\.(?:[0-9]{0,3}[1-9]|0)", "-0123456789")):
    for _letter in [*_first, *([""] if _tag == "null" else [])]:
        _Loader.yaml_implicit_resolvers.setdefault(_letter, []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_written})$")))


class EncodingError(PressError):
    """A file of the project is not UTF-8."""


def decoded(data: bytes, path: str) -> str:
    """The text in ``data``, without a byte-order mark and with ``\\n`` at the end of each line.

    ``path`` is how a message names the file. Raises EncodingError with the line of the first byte
    that is not UTF-8.
    """
    for mark, name in OTHER_MARKS.items():
        if data.startswith(mark):
            raise EncodingError(Problem(path, 1, f"is {name}, not UTF-8; save it as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EncodingError(Problem(path, line, f"is not UTF-8: the byte 0x{data[error.start]:02x} "
                                    "begins no character; save the file as UTF-8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(root: Path, path: str) -> str:
    """The text of the file at ``root/path``. Raises EncodingError where it is not UTF-8."""
    return decoded((root / path).read_bytes(), path)


def _check_keys(node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"`{key.value}` is given twice, and only one can hold",
                    key.start_mark)
            seen.add(str(key.value))
            _check_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _check_keys(entry)


def load_yaml(text: str) -> tuple[Any, yaml.Node | None]:
    """What a YAML text says (None where it says nothing), and its tree, which has the lines.

    Raises yaml.YAMLError where it is not valid, or gives a key twice: one would be dropped.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        _check_keys(node)
        return loader.construct_document(node), node
    finally:
        loader.dispose()
