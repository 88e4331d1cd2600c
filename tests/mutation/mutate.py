"""Changes the code in small ways and sees whether the tests notice.

    make mutate ARGS="--sample 200"              a sample of review and article
    make mutate ARGS="review/audit/compare.py"   every mutant of a module

Each mutant is run by the tests of its module alone (`TESTS`), in a process that is forked from one
that has imported pandas and its like, so that a mutant costs what its tests cost. No file is
changed: the mutant's code is what the import finds. Mutants that no test notices are printed; look
at each, and write a test, or say in explained.csv why it changes nothing.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from mutants import Mutant, mutants, tree

ROOT = Path(__file__).parents[2]
SEED = 14
# the tests that have to notice, where they are fewer than those of the folder
KNOWLEDGE, WITHOUT = "tests/synthesis/test_knowledge.py", "tests/synthesis/test_without.py"
RULES = "tests/checks/test_rules.py"
TESTS = {
    "review/synthesis/binomial_normal.py": ["tests/synthesis/test_binomial_normal.py"],
    "review/synthesis/logit_reml.py": ["tests/synthesis/test_binomial_normal.py"],
    "review/synthesis/difference.py": [KNOWLEDGE],
    "review/synthesis/identified.py": [KNOWLEDGE],
    "review/synthesis/knowledge.py": [KNOWLEDGE],
    "review/synthesis/gate.py": [KNOWLEDGE],
    "review/synthesis/ranges.py": [WITHOUT, KNOWLEDGE],
    "review/synthesis/selection.py": [WITHOUT],
    "review/audit/compare.py": ["tests/audit/test_compare.py", "tests/audit/test_verdicts.py",
                                "tests/article/claims"],
    "review/audit/intervals.py": ["tests/audit/test_intervals.py"],
    "review/audit/whole_counts.py": ["tests/audit/test_whole_counts.py"],
    "review/audit/outcomes.py": ["tests/audit/test_outcomes.py", KNOWLEDGE],
    "review/audit/witnesses.py": ["tests/audit/test_slips.py"],
    "review/audit/slips.py": ["tests/audit/test_slips.py"],
    "review/dataset/printed_numbers.py": ["tests/dataset/test_printed_numbers.py",
                                          "tests/dataset/test_printed.py"],
    "review/dataset/printed.py": ["tests/dataset/test_printed.py", "tests/checks"],
    "review/dataset/characters.py": ["tests/dataset/test_schema.py", "tests/hostile"],
    "review/dataset/states.py": ["tests/audit/test_outcomes.py", KNOWLEDGE],
    "review/dataset/schema.py": ["tests/dataset/test_schema.py",
                                 "tests/dataset/test_broken_dataset.py"],
    "review/checks/numbers.py": ["tests/checks/test_as_printed.py", RULES],
    "review/checks/outcomes.py": [RULES, "tests/checks/test_as_printed.py"],
    "review/checks/contradictions.py": [RULES, "tests/checks/test_consistency.py"],
    "review/checks/characteristics.py": [RULES, "tests/checks/test_consistency.py"],
    "article/quantities.py": ["tests/audit/test_outcomes.py",
                              "tests/article/claims/test_front_to_characteristics.py"],
    "article/conclusions/limits.py": ["tests/article/conclusions"],
    "article/conclusions/ceilings.py": ["tests/article/conclusions"],
    "article/conclusions/refractoriness.py": ["tests/article/conclusions"],
    "article/row_checks.py": ["tests/article/test_row_checks.py"],
}
# of modules that are not named above: the longest folder or file that begins their path
FOLDERS = {
    "review/audit": ["tests/audit", "tests/article/claims", "tests/article/conclusions"],
    "review/audit/checks_of_": ["tests/article/test_row_checks.py", "tests/audit"],
    "review/checks": ["tests/checks"],
    "review/checks/editions": ["tests/checks", "tests/dataset", "tests/update/test_accept.py"],
    "review/checks/flow": ["tests/checks", "tests/update/test_flow_csv.py"],
    "review/dataset": ["tests/dataset"],
    "review/dataset/bib": ["tests/dataset/test_references.py", "tests/update/test_citations.py"],
    "review/dataset/paths": ["tests/dataset", "tests/cli"],
    "review/dataset/views": ["tests/audit", "tests/synthesis", "tests/report"],
    "review/formats": ["tests/formats"],
    "review/markdown": ["tests/test_markdown.py", "tests/article/test_markup.py"],
    "review/report": ["tests/report", "tests/chapters"],
    "review/synthesis": ["tests/synthesis"],
    "review/update": ["tests/update"],
    "review/update/changes": ["tests/update/test_changes.py", "tests/update/test_dry_run.py"],
    "review/update/extractions": ["tests/update/test_extractions.py"],
    "review/update/moves": ["tests/update/test_changes.py", "tests/update/test_dry_run.py"],
    "review/update/prisma_csv": ["tests/update/test_flow_csv.py"],
    "review/update/sheet_marks": ["tests/update/test_sheet_marks.py"],
    "review/update/spreadsheet": ["tests/update/test_spreadsheet.py",
                                  "tests/update/test_workbook.py"],
    "review/update/workbook": ["tests/update/test_workbook.py"],
    "review/wording": ["tests/test_wording.py", "tests/report"],
    "review/": ["tests/cli"],
    "article/claims": ["tests/article/claims"],
    "article/conclusions": ["tests/article/conclusions"],
    "article/figures": ["tests/article/figures"],
    "article/synthesis": ["tests/synthesis"],
    "article/tables": ["tests/article/test_tables.py", "tests/article/test_later_rows.py"],
    "article/checks": ["tests/checks"],
    "article/eligibility": ["tests/checks", "tests/article/claims"],
    "article/": ["tests/article", "tests/report", "tests/sweep"],
}
# imported once, before any mutant
LIBRARIES = ("pandas", "numpy", "scipy.optimize", "scipy.stats", "scipy.special", "great_tables",
             "matplotlib.pyplot", "openpyxl", "pybtex.database")
LONGER = 5  # times what the tests take without a mutant, after which one counts as noticed
KILLED, SURVIVED, TOO_LONG = "noticed", "not noticed", "too long"
EXPLAINED = Path(__file__).with_name("explained.csv")


def import_as(mutant: Mutant) -> None:
    """From now on the import of the mutant's module finds the mutant."""
    loader = importlib.machinery.SourceFileLoader
    as_it_is = loader.get_code

    def get_code(self, fullname):
        if Path(self.path) == ROOT / mutant.path:
            return compile(tree(mutant), self.path, "exec", dont_inherit=True)
        return as_it_is(self, fullname)

    loader.get_code = get_code


def run(tests: list[str], mutant: Mutant | None, limit: float) -> tuple[str, float]:
    """What the tests say of a mutant, and how many seconds they took."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_tested(tests, mutant))
    while time.monotonic() - start < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            if code not in (0, 1, 2, 3):
                raise SystemExit(f"pytest ended with {code} for {tests}: no verdict")
            return (SURVIVED if code == 0 else KILLED), time.monotonic() - start
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TOO_LONG, limit


def _tested(tests: list[str], mutant: Mutant | None) -> int:
    """In the child: pytest, which stops at the first test that fails."""
    os.setpgid(0, 0)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if mutant:
        import_as(mutant)
    return int(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider"]))


def tests_of(module: str) -> list[str]:
    """The tests that have to notice a change of a module."""
    beginnings = [part for part in FOLDERS if module.startswith(part)]
    return TESTS.get(module) or FOLDERS[max(beginnings, key=len)]


def chosen(names: list[str], sample: int) -> list[Mutant]:
    """All mutants of the modules named, or a sample, the same at each run, drawn from all."""
    paths = [Path(name) for name in names] or [
        path for package in ("review", "article") for path in sorted(Path(package).rglob("*.py"))]
    if unknown := [str(path) for path in paths if not path.is_file()]:
        raise SystemExit(f"there is no module {', '.join(unknown)}")
    every = [mutant for path in paths for mutant in mutants(path)]
    picked = random.Random(SEED).sample(every, min(sample, len(every))) if sample else every
    return sorted(picked, key=lambda one: (str(one.path), one.place))


def explained() -> set[tuple[str, str, str]]:
    """Mutants that change nothing: module, line of code, change."""
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["code"], row["change"]) for row in csv.DictReader(file)}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("modules", nargs="*", help="modules (default: of review and article)")
    arguments.add_argument("--sample", type=int, default=0, help="how many mutants (default: all)")
    args = arguments.parse_args()
    os.chdir(ROOT)
    # of a mutant no byte code may stay behind
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in LIBRARIES:
        importlib.import_module(name)
    takes: dict[str, float] = {}
    count: Counter[str] = Counter()
    left: list[Mutant] = []
    known = explained()
    for mutant in chosen(args.modules, args.sample):
        name = str(mutant.path)
        if name not in takes:
            said, takes[name] = run(tests_of(name), None, 3600)
            if said != SURVIVED:
                raise SystemExit(f"{' '.join(tests_of(name))} fail without a mutant")
        said, _ = run(tests_of(name), mutant, LONGER * takes[name] + 10)
        count[said] += 1
        if said == SURVIVED and (name, mutant.code, mutant.change) not in known:
            left.append(mutant)
            print(f"{SURVIVED}: {mutant} in: {mutant.code}", flush=True)
    noticed, all_ = count[KILLED] + count[TOO_LONG], sum(count.values())
    print(f"{noticed} of {all_} mutants noticed ({noticed / max(1, all_):.0%}), "
          f"{count[TOO_LONG]} of them by time; {count[SURVIVED] - len(left)} are explained")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
