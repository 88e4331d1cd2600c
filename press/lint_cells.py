"""Options of cells, by the table in ``options.py``, and their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .options import options_of
from .qmd import OPTION, Unit

LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NUMBERED_ELSEWHERE = ("sec", "eq", "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr")
MISPLACED = re.compile(r"#\s*\|\s*[a-z][\w-]*:(?:\s|$)")


def faults(unit: Unit) -> Iterator[tuple[int, str]]:
    """What is wrong with a cell, each with its line."""
    if unit.fault:
        yield unit.line, unit.fault
    yield from _options(unit)
    at_top = True
    for number, line in enumerate(unit.source.split("\n"), unit.line + 1):
        at_top = at_top and bool(OPTION.match(line))
        if not at_top and MISPLACED.match(line):
            yield number, ("an option has no effect here; the options of a cell are its first "
                           "lines")
    if unit.code.rstrip().endswith(";"):
        yield (unit.line + len(unit.source.rstrip().split("\n")),
               "a `;` at the end of a cell does not hide its value everywhere; assign the value "
               "to `_`")
    yield from _label(unit)


def _options(unit: Unit) -> Iterator[tuple[int, str]]:
    known = options_of("cell")
    for key, value in unit.options.items():
        if key not in known:
            yield unit.line_of(key), (f"cell option `{key}` is not supported; supported are "
                                      f"{', '.join(sorted(known))}")
        elif fault := known[key].fault("cell", value):
            yield unit.line_of(key), f"cell option {fault}"
        if "{python}" in str(value):
            yield unit.line_of(key), (f"inline code in `{key}` is not run; use a div with a "
                                      "caption (`::: {#fig-x}` … caption … `:::`)")


def _label(unit: Unit) -> Iterator[tuple[int, str]]:
    label, line = unit.label, unit.line_of("label")
    kind = label.split("-")[0]
    for of in ("fig", "tbl"):
        if of != kind and unit.option(f"{of}-cap") and unit.option("include"):
            yield unit.line_of(f"{of}-cap"), (f"`{of}-cap` is not shown without a label `{of}-…`; "
                                              "give one")
    if not label:
        return
    if not LABEL.fullmatch(label):
        yield line, f"label `{label}`: small letters, digits and single hyphens only"
    elif kind in NUMBERED_ELSEWHERE:
        yield line, (f"label `{label}`: `{kind}-` is not for cells; use fig-, tbl- or a plain "
                     "name")
    elif kind in ("fig", "tbl") and unit.runs and unit.option("include"):
        if not unit.option(f"{kind}-cap"):
            yield line, f"cell `{label}` has no `{kind}-cap`"
        if kind == "fig" and not str(unit.option("fig-alt") or "").strip():
            yield line, f"figure `{label}` has no `fig-alt`: say in words what it shows"
