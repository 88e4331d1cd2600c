"""The checker: every text, figure row and table cell of a page against the CSV files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import conclusion_text
import figure_finding
import figure_rows
import front_text
import history_text
import other_text
import outcome_text
import study_text
import synthesis
import tables_and_flow
from reading import Edition
from words import Differs

TEXTS = {**outcome_text.CHECKS, **other_text.CHECKS, **conclusion_text.CHECKS,
         **front_text.CHECKS, **synthesis.TEXTS}
PARTS = ("texts", "figures", "alts", "findings", "tables", "studies", "history")
FLOW = "fig-prisma"
FIGURES = (FLOW, *figure_rows.EXPECTED)


def differences(page: dict[str, Any], folder: Path, edition: str) -> list[str]:
    """What a page says otherwise than the rows, and what could not be made at all."""
    e = Edition(folder, edition)
    found = [f"{name}: {error}" for name, error in page["failed"].items()]
    done = set()
    for part, name, check in checks(e, page):
        done.add((part, name))
        if name in page[part]:
            try:
                check(page[part][name])
            except Differs as difference:
                found.append(f"{name}: {difference}")
        elif f"{part} {name}" not in page["failed"]:
            found.append(f"{part} {name}: not on the page")
    found += [f"{part} {name}: nothing checks it"
              for part in PARTS
              for name in page[part] if (part, name) not in done]
    return found


def checks(e: Edition, page: dict[str, Any]) -> Iterator[tuple[str, str, Callable[[Any], None]]]:
    """Part of the page, name and check of everything that a page shows."""
    for name, check in TEXTS.items():
        yield "texts", name, partial(_second, check, e)
    yield "studies", "index", partial(_second, study_text.index, e)
    yield "studies", "sections", partial(_second, study_text.sections, e)
    said = {name: text for name, text in page["texts"].items() if name.startswith("say ")}
    yield "history", "what changed", lambda text: history_text.changed(text, e, said)
    for label in figure_rows.EXPECTED:
        yield "figures", label, partial(_figure, e, label, page)
        yield "alts", label, partial(_alternative, e, label)
    for label in (*figure_rows.PANELS, "fig-image", "fig-naive"):
        yield "findings", label, lambda text, label=label: figure_finding.finding(
            text, page["figures"][label], label)
    for label in figure_finding.OTHERS:
        yield "findings", label, lambda text, label=label: figure_finding.other(
            text, page["figures"][label], label)
    yield "figures", FLOW, partial(_second, tables_and_flow.flow, e)
    yield "alts", FLOW, lambda text: tables_and_flow.flow_words(text, e, page["figures"][FLOW])
    for label in tables_and_flow.EXPECTED:
        yield "tables", label, partial(_table, e, label)
    for label, check in synthesis.FIGURES.items():
        yield "figures", label, partial(_second, check, e)
        yield "alts", label, lambda text, label=label: synthesis.alternative(
            text, e, label, page["figures"][label])
    for label in synthesis.TABLES:
        yield "tables", label, lambda html, label=label: synthesis.table(
            tables_and_flow.Cells(html).lines, e, label)
    yield "tables", "tbl-leave-one-out", lambda html: synthesis.left_out(
        tables_and_flow.Cells(html).lines, e)


def _second(check: Callable[[Any, Edition], None], e: Edition, shown: Any) -> None:
    check(shown, e)


def _figure(e: Edition, label: str, page: dict[str, Any], rows: Any) -> None:
    figure_rows.figure(rows, e, label)
    drawn = page["drawings"].get(label)
    missing = [row["text"] for row in rows if drawn is not None
               and row["text"] and row["text"] not in drawn]
    if missing:
        raise Differs(f"{label}: the drawing does not show {missing}")


def _alternative(e: Edition, label: str, text: str) -> None:
    figure_rows.alternative(text, e, label)


def _table(e: Edition, label: str, html: str) -> None:
    tables_and_flow.table(html, e, label)
