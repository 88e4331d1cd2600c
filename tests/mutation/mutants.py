"""Small changes of a module's code, as somebody might make by mistake: one a mutant."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.FloorDiv: ast.Mult}
EXCHANGED = {"min": "max", "max": "min", "any": "all", "all": "any", "first": "last",
             "isna": "notna", "notna": "isna", "ceil": "floor", "floor": "ceil",
             "idxmax": "idxmin", "idxmin": "idxmax", "head": "tail", "lower": "upper"}


@dataclass(frozen=True)
class Mutant:
    """path: the module. line, code: of the change. change: before and after. place: the number of
    the change among those of the module."""

    path: Path
    line: int
    code: str
    change: str
    place: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}"


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a module."""
    lines = path.read_text("utf-8").splitlines()
    return [Mutant(path, line, lines[line - 1].strip(), change, place)
            for place, (line, change, _) in enumerate(_changed(path))]


def tree(mutant: Mutant) -> ast.Module:
    """The code of a mutant."""
    return next(made for place, (_, _, made) in enumerate(_changed(mutant.path))
                if place == mutant.place)


def _changed(path: Path) -> Iterator[tuple[int, str, ast.Module]]:
    whole = ast.parse(path.read_text("utf-8"))
    told = _not_computed(whole)
    for number, node in enumerate(_sites(whole)):
        if id(node) in told:
            continue
        for after in _others(node):
            made = copy.deepcopy(whole)
            # the same walk of the copy meets the same node at the same place
            twin = _sites(made)[number]
            ast.copy_location(after, node)
            _Replace(twin, after).visit(made)
            yield (node.lineno, f"{ast.unparse(node)[:60]} -> {ast.unparse(after)[:60]}",
                   ast.fix_missing_locations(made))


def _sites(whole: ast.Module) -> list[ast.AST]:
    """Every node of functions and classes, but for their docstrings."""
    return [node for function in whole.body if isinstance(function, ast.FunctionDef | ast.ClassDef)
            for part in function.body if not _docstring(part) for node in ast.walk(part)]


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


def _docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _not_computed(whole: ast.Module) -> set[int]:
    """Nodes that only make words or types: f-strings, annotations, decorators."""
    outside: set[int] = set()
    for node in ast.walk(whole):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.JoinedStr):
            parts = [node]
        elif isinstance(node, ast.FunctionDef):
            parts = [*node.decorator_list, node.returns,
                     *(one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg))]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        outside |= {id(one) for part in parts if part for one in ast.walk(part)}
    return outside


def _others(node: ast.AST) -> Iterator[ast.expr]:
    """What may stand in the place of an expression."""
    if isinstance(node, ast.Compare):
        for place, one in enumerate(node.ops):
            ops = [*node.ops[:place], COMPARED[type(one)](), *node.ops[place + 1:]]
            yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Attribute) and node.attr in EXCHANGED:
        yield ast.Attribute(node.value, EXCHANGED[node.attr], node.ctx)
    elif isinstance(node, ast.Name) and node.id in EXCHANGED:
        yield ast.Name(EXCHANGED[node.id], node.ctx)
