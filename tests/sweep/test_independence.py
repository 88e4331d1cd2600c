"""The checker shares no code with what it checks: it has the standard library and itself."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OWN = {"words", "reading", "outcome_text", "other_text", "conclusion_text", "refractory_text",
       "front_text", "figure_rows", "figure_finding", "tables_and_flow", "synthesis",
       "synthesis_parts", "study_text", "history_text", "check"}


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_checker_imports_nothing_under_test(name):
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name.partition(".")[0] for node in ast.walk(tree)
                if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree)
                 if isinstance(node, ast.ImportFrom)}
    assert imported <= OWN | set(sys.stdlib_module_names)
