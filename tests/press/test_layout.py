"""The package is built as it says: no cycle, no large module, no way to what it renders."""

import ast
import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import press

FOLDER = Path(press.__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*.py") if path.name != "__init__.py")
SCRIPTS = {"__main__", "fork_server"}
"""Modules that act, or change the import path, when they are imported."""


def imports(text):
    """The modules that a source imports; those of its own package as `.name`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from (f".{name}" for name in names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def cycle(graph):
    """A chain of modules that import each other in a circle; [] if there is none."""
    def search(name, chain):
        if name in chain:
            return [*chain[chain.index(name):], name]
        return next((circle for other in graph.get(name, ())
                     if (circle := search(other, [*chain, name]))), [])

    return next((circle for name in graph if (circle := search(name, []))), [])


def graph():
    return {path.stem: {name[1:] for name in imports(path.read_text("utf-8"))
                        if name.startswith(".")} for path in MODULES}


def test_no_module_imports_itself_by_way_of_others():
    assert cycle(graph()) == []
    assert cycle(graph() | {"errors": {"render"}}), "the search finds no cycle"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_knows_nothing_of_what_is_rendered(path):
    for name in imports(path.read_text("utf-8")):
        assert name.split(".")[0] not in ("review", "article"), name


def test_an_import_of_the_review_would_be_seen():
    assert list(imports("def f():\n    from review.claims import x\n")) == ["review.claims"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_is_large(path):
    assert len(path.read_text("utf-8").splitlines()) <= 350


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_others_may_use_has_a_docstring(path):
    tree = ast.parse(path.read_text("utf-8"))
    public = [tree]
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) \
                and not node.name.startswith("_"):
            public.append(node)
            if isinstance(node, ast.ClassDef):
                public += [inner for inner in node.body
                           if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
                           and not inner.name.startswith("_")]
    missing = [getattr(node, "name", path.stem) for node in public if not ast.get_docstring(node)]
    assert missing == []


def test_every_error_is_a_press_error():
    from press.errors import PressError

    raised = []
    for info in pkgutil.iter_modules([str(FOLDER)]):
        if info.name in SCRIPTS:
            continue
        module = import_module(f"press.{info.name}")
        raised += [one for _, one in inspect.getmembers(module, inspect.isclass)
                   if issubclass(one, BaseException) and one.__module__.startswith("press")]
    assert len(set(raised)) > 1
    assert all(issubclass(one, PressError) for one in raised)


def test_the_package_is_marked_as_typed():
    assert (FOLDER / "py.typed").is_file()
