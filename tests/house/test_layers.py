"""The house keeps its plan: imports run one way, in no circle, and no module grows too long."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("review", "article", "press", "reproduce")
LONGEST = 350  # lines of a module

# what a package of the four may import of the others
ALLOWED = {"review": set(), "article": {"review"}, "press": set(), "reproduce": set()}
# rooms of the engine from the ground up: a module imports from its own room and from those before
FLOORS = (
    ("review.markdown", "review.wording"),
    ("review.dataset.problems", "review.dataset.paths", "review.dataset.vocabulary"),
    ("review.contents",),
    ("review.dataset",),
    ("review.checks",),
    ("review.audit",),
    ("review.synthesis",),
    ("review.update",),
    ("review.formats",),
    ("review.report",),
    ("review.commands",),
    ("review.update_commands",),
    ("review.export_command",),
    ("review.cli",),
    ("review.__main__",),
)


def sources() -> dict[str, str]:
    """The text of every module of the four packages, by its full name."""
    return {module_name(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
            for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(modules: Mapping[str, str]) -> dict[str, set[str]]:
    """The modules of ours that each module imports, also inside functions."""
    packages = {name for name in modules if any(other.startswith(f"{name}.") for other in modules)}
    return {name: set(imported(name, text, modules, packages)) - {name}
            for name, text in modules.items()}


def imported(name: str, text: str, modules: Mapping[str, str],
             packages: set[str]) -> Iterable[str]:
    base = name.split(".") if name in packages else name.split(".")[:-1]
    for node in import_statements(text):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        else:
            start = base[:len(base) - (node.level - 1)] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{origin}.{alias.name}"
                if whole in modules:
                    yield whole
                elif origin in modules:
                    yield origin


@cache  # most tests change one module of several hundred
def import_statements(text: str) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.Import, ast.ImportFrom))]


def wrong_arrows(modules: Mapping[str, str]) -> list[str]:
    """Imports from one package of the four into another that it must not know."""
    return [f"{name} imports {other}" for name, others in imports(modules).items()
            for other in sorted(others)
            if (there := other.partition(".")[0]) != (here := name.partition(".")[0])
            and there not in ALLOWED[here]]


def floor(name: str) -> int:
    """The floor of a module of the engine; the most precise entry counts."""
    fits = [(len(room), number) for number, rooms in enumerate(FLOORS) for room in rooms
            if name == room or name.startswith(f"{room}.")]
    return max(fits)[1] if fits else -1


def upward_arrows(modules: Mapping[str, str]) -> list[str]:
    """Imports inside the engine from a floor to one above it."""
    return [f"{name} imports {other}" for name, others in imports(modules).items()
            if name.startswith("review.") for other in sorted(others)
            if other.startswith("review.") and floor(other) > floor(name)]


def circle(modules: Mapping[str, str]) -> list[str]:
    """Modules that import each other in a circle; empty where there is none."""
    arrows = imports(modules)
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name):], name]
        if name in done:
            return []
        for other in sorted(arrows[name]):
            if around := visit(other, [*way, name]):
                return around
        done.add(name)
        return []

    return next((around for name in arrows if (around := visit(name, []))), [])


def too_long(modules: Mapping[str, str]) -> list[str]:
    """Modules with more lines than a reader keeps in mind."""
    return [f"{name}: {lines} lines" for name, text in modules.items()
            if (lines := text.count("\n")) > LONGEST]


def test_the_packages_know_only_whom_they_may():
    assert wrong_arrows(sources()) == []


def test_the_rooms_of_the_engine_are_entered_from_above():
    modules = sources()
    assert [name for name in modules if name.startswith("review.") and floor(name) < 0] == []
    assert upward_arrows(modules) == []


def test_no_modules_import_each_other_in_a_circle():
    assert circle(sources()) == []


def test_no_module_is_too_long():
    assert too_long(sources()) == []


@pytest.mark.parametrize(("name", "text"), [
    ("review.audit.answers", "from article import quantities\n"),
    ("review.dataset.load", "def late():\n    import press.render\n"),
    ("press.config", "from review.dataset import load\n"),
    ("press.config", "import article.contents\n"),
    ("article.contents", "from press import render\n"),
    ("reproduce.hashes", "from review.dataset import paths\n"),
])
def test_an_arrow_the_wrong_way_is_seen(name, text):
    modules = sources()
    assert wrong_arrows({**modules, name: modules[name] + text})


@pytest.mark.parametrize(("name", "text"), [
    ("review.dataset.load", "from review.checks import validate\n"),
    ("review.audit.sources", "from ..report import quote\n"),
    ("review.update.merge", "from review import cli\n"),
])
def test_an_arrow_upwards_is_seen(name, text):
    modules = sources()
    assert upward_arrows({**modules, name: modules[name] + text})


def test_a_circle_is_seen():
    modules = {"review.a": "from . import b\n", "review.b": "from review.c import x\n",
               "review.c": "def f():\n    from . import a\n", "review": ""}
    assert circle(modules) == ["review.a", "review.b", "review.c", "review.a"]


def test_a_long_module_is_seen():
    assert too_long({"review.a": "\n" * (LONGEST + 1), "review.b": "\n" * LONGEST}) \
        == [f"review.a: {LONGEST + 1} lines"]
