"""The mutants themselves: each compiles, differs in one place, and words are left alone."""

import ast
from pathlib import Path

import mutate
import pytest
from mutants import mutants, tree

ROOT = Path(__file__).parents[2]
CODE = '''"""Words 1 < 2."""
LIMIT = 3


def within(value: int | None, low: float, high: float) -> bool:
    """Words 1 < 2."""
    if value is None or not low <= value < high:
        raise ValueError(f"{value + 1} is none")
    return min(low, high) + 2 * value > 0
'''
CHANGES = {
    "value is None -> value is not None", "low <= value < high -> low < value < high",
    "low <= value < high -> low <= value <= high",
    "value is None or not low <= value < high -> value is None and (not low <= value < high)",
    "not low <= value < high -> low <= value < high", "min -> max", "2 -> 3", "0 -> 1",
    "2 * value -> 2 / value", "min(low, high) + 2 * value -> min(low, high) - 2 * value",
    "min(low, high) + 2 * value > 0 -> min(low, high) + 2 * value >= 0",
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "within.py"
    path.write_text(CODE, "utf-8")
    return path


def test_every_change_of_a_function_is_made_once(path):
    made = mutants(path)
    assert {mutant.change for mutant in made} == CHANGES and len(made) == len(CHANGES)


def test_a_mutant_differs_in_one_line_and_compiles(path):
    plain = ast.unparse(ast.parse(CODE)).splitlines()
    for mutant in mutants(path):
        made = tree(mutant)
        compile(made, str(path), "exec")
        lines = ast.unparse(made).splitlines()
        assert sum(a != b for a, b in zip(plain, lines, strict=True)) == 1, mutant
        assert mutant.code == CODE.splitlines()[mutant.line - 1].strip()


def test_modules_and_their_tests_are_there():
    for module, tests in mutate.TESTS.items():
        assert (ROOT / module).is_file() and tests
        assert all((ROOT / test).exists() for test in tests)
    for package in ("review", "article"):
        for path in (ROOT / package).rglob("*.py"):
            tests = mutate.tests_of(str(path.relative_to(ROOT)))
            assert all((ROOT / test).exists() for test in tests), path


@pytest.mark.nightly
def test_what_is_explained_is_a_mutant_that_there_is(monkeypatch):
    monkeypatch.chdir(ROOT)
    for module, code, change in mutate.explained():
        assert (code, change) in {(one.code, one.change) for one in mutants(Path(module))}
