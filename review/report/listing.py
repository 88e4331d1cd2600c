"""The code behind figures and tables: the builder itself and every function of ours that it calls.

Read from the source files, so that nothing has to be imported to be listed.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from review.audit.displays import code, labels
from review.contents import Contents
from review.dataset.paths import ROOT

Definition = ast.FunctionDef | ast.ClassDef | ast.Assign


@dataclass(frozen=True, order=True)
class Piece:
    """A function, class or builder at the top of a module, by names."""

    module: str
    name: str

    @property
    def anchor(self) -> str:
        """The id of its listing."""
        return f"code-{self.module.replace('.', '-')}-{self.name}"


@dataclass(frozen=True, eq=False)
class _Module:
    """A source file: its lines, what it defines at its top, and what its imported names mean."""

    path: Path
    lines: list[str]
    defined: dict[str, Definition]
    imported: dict[str, tuple[str, str]]


def behind(contents: Contents, label: str) -> list[Piece]:
    """The builder of a figure or table and, after it, what it calls, directly or not, in the order
    of the first call. Followed within the article's own package; of the engine the functions that
    the article calls are given, not what these call in turn."""
    path, name = code(contents, label)
    start = Piece(path.removesuffix(".py").replace("/", "."), name)
    package = start.module.partition(".")[0]
    found = {start: None}
    waiting = [start]
    while waiting:
        piece = waiting.pop(0)
        if piece.module.partition(".")[0] == package:
            new = [called for called in called_by(piece) if called not in found]
            found |= dict.fromkeys(new)
            waiting += new
    return list(found)


def links(contents: Contents, label: str) -> str:
    """The builder and, folded, what it calls, as links to their listings, for the chapter that
    holds them; for the page alone."""
    first, *others = [f"[`{piece.name}`](#{piece.anchor})" for piece in behind(contents, label)]
    calls = (f'\n\n```{{=html}}\n<details class="listing"><summary>{len(others)} functions that it '
             f'calls</summary>\n```\n\n{", ".join(others)}.\n\n```{{=html}}\n</details>\n```'
             if others else "")
    return f'::: {{.content-visible when-format="html"}}\nCode: {first}.{calls}\n:::'


def listings(contents: Contents) -> str:
    """The source of everything behind the figures and tables, each piece once, by module, folded;
    for the page alone."""
    pieces = sorted({piece for label in labels(contents) for piece in behind(contents, label)})
    blocks = []
    for name, group in groupby(pieces, key=lambda piece: piece.module):
        module = _module(name)
        assert module is not None  # a piece comes from a module that was read
        path = f"{name.replace('.', '/')}.py"
        blocks.append(f"```{{=html}}\n<details class=\"listing\"><summary><code>{path}</code>"
                      "</summary>\n```")
        for piece in sorted(group, key=lambda piece: _span(module, piece.name)):
            start, end = _span(module, piece.name)
            source = "\n".join(module.lines[start - 1:end])
            blocks.append(f"::::: {{#{piece.anchor}}}\n`{piece.name}`, line {start}\n\n"
                          f"````python\n{source}\n````\n:::::")
        blocks.append("```{=html}\n</details>\n```")
    text = "\n\n".join(blocks)
    return f':::::: {{.content-visible when-format="html"}}\n{text}\n::::::\n'


def _span(module: _Module, name: str) -> tuple[int, int]:
    """First and last line of a definition, its decorators with it."""
    node = module.defined[name]
    decorators = [] if isinstance(node, ast.Assign) else node.decorator_list
    return min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno


@cache
def called_by(piece: Piece) -> tuple[Piece, ...]:
    """What of ours a piece names, in order, each once: builders share most of what they call."""
    return tuple(dict.fromkeys(_named(piece)))


def _named(piece: Piece) -> Iterator[Piece]:
    module = _module(piece.module)
    if module is None or piece.name not in module.defined:
        return
    for node in ast.walk(module.defined[piece.name]):
        if isinstance(node, ast.Name):
            yield from _meant(module, piece.module, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            origin, name = module.imported.get(node.value.id, ("", ""))
            yield from _existing(f"{origin}.{name}" if name else origin, node.attr)


def _meant(module: _Module, here: str, name: str) -> Iterator[Piece]:
    if name in module.imported:
        yield from _existing(*module.imported[name])
    else:
        yield from _existing(here, name)


def _existing(module: str, name: str) -> Iterator[Piece]:
    """The function or class of that name, where it is one of ours."""
    found = _module(module) if module else None
    ours = module.partition(".")[0] != __name__.partition(".")[0]
    # of the engine's classes a reader needs no more than their names
    kinds = (ast.FunctionDef, ast.ClassDef) if ours else (ast.FunctionDef,)
    if found and isinstance(found.defined.get(name), kinds):
        yield Piece(module, name)


@cache
def _module(name: str) -> _Module | None:
    """A module of the project or of the engine; None for those of others."""
    path = ROOT / f"{name.replace('.', '/')}.py"
    if not path.is_file():
        if name.partition(".")[0] != __name__.partition(".")[0]:
            return None
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            return None
        if spec is None or spec.origin is None or spec.submodule_search_locations is not None:
            return None
        path = Path(spec.origin)
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    defined: dict[str, Definition] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined[node.name] = node
        elif isinstance(node, ast.Assign):
            defined |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    imported: dict[str, tuple[str, str]] = {}
    for inner in ast.walk(tree):
        if isinstance(inner, ast.ImportFrom) and inner.module and not inner.level:
            imported |= {alias.asname or alias.name: (inner.module, alias.name)
                         for alias in inner.names}
        elif isinstance(inner, ast.Import):
            imported |= {alias.asname or alias.name: (alias.name, "") for alias in inner.names}
    return _Module(path, text.split("\n"), defined, imported)
