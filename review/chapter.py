"""What a chapter needs: the review it is rendered for, and one call for each thing it shows.

A chapter starts with `from review.chapter import *`. Heavy parts (figures, tables, audit) are
imported when first called, so that a chapter pays for what it shows and no more.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
from IPython import get_ipython
from IPython.display import Markdown

from . import data as _data
from .built import Built
from .data import Review
from .quote import Quotes

__all__ = [
    "all_rows", "audit_line", "candidates", "cell", "corrections", "dictionary", "fact", "figure",
    "how_to_cite", "ledger", "legend", "not_published", "provenance", "q", "r", "say",
    "show_rows", "status_line", "supported", "table", "warnings_shown", "what_changed",
]

r: Review = _data.load()
q = Quotes(r)


def _steady_text() -> None:
    """Gives tables a plain-text form without memory addresses, which nbval would compare.

    What a table shows is compared through its HTML and its printed rows.
    """
    shell = get_ipython()
    if shell is not None:
        shell.display_formatter.formatters["text/plain"].for_type_by_name(
            "great_tables.gt", "GT", lambda table, printer, cycle: printer.text("table"))


_steady_text()


@lru_cache
def figure(label: str, r: Review) -> Built:
    """The figure called `label`, drawn once a chapter."""
    from .figures import figure as build

    return build(label, r)


@lru_cache
def table(label: str, r: Review) -> Built:
    """The table called `label`, built once a chapter."""
    from .tables import table as build

    return build(label, r)


def provenance(label: str, r: Review) -> Markdown:
    """The line under a figure or table: its rows, its code and its sources."""
    from .provenance import provenance as line

    return Markdown(line(_built(label, r), r))


def show_rows(label: str, r: Review) -> None:
    """Prints the rows behind a figure or table, in full, for the stored notebooks to compare."""
    from .provenance import show_rows as show

    show(_built(label, r))


def all_rows(r: Review) -> Markdown:
    """The rows behind every figure and table, one section each."""
    from .provenance import all_rows as every

    return Markdown(every(r))


def cell(key: str, column: str) -> str:
    """One cell of the dataset as text: cell("eligibility/retreated-share", "threshold").

    KeyError for a row or column that is not there.
    """
    name, _, row = key.partition("/")
    frame: pd.DataFrame = getattr(r, name)
    value = frame.set_index(frame.columns[0]).at[row, column]
    return f"{value:g}" if isinstance(value, float) else str(value)


def fact(key: str) -> str:
    """A quoted fact as printed in its source; KeyError for an unknown one."""
    return cell(f"facts/{key}", "printed")


def say(conclusion: str, quotes: Quotes = q) -> Markdown:
    """The headline sentence of that name, as the rows of this edition support it.

    quotes: those of the chapter, where it lies in another folder than the audit.
    """
    from .conclusions import say as sentence

    return Markdown(sentence(
        conclusion, r, link=lambda claim, words: quotes(claim, words=words, now=False).data))


def supported(conclusion: str, words: str) -> Markdown:
    """A sentence of the chapter's own that rests on a conclusion; stops the render once that
    conclusion no longer holds."""
    from .conclusions import supported as guarded

    return Markdown(guarded(conclusion, words, r))


def status_line(r: Review) -> Markdown:
    """Edition, search dates, living status and what changed since the edition before."""
    from .editions import status_line as line

    return Markdown(line(r))


def how_to_cite(r: Review) -> Markdown:
    """How to cite this edition and the article."""
    from .editions import how_to_cite as text

    return Markdown(text(r))


def what_changed(r: Review) -> Markdown:
    """Studies, reports, values, claims and conclusions against the edition before."""
    from .editions import what_changed as text

    return Markdown(text(r))


def candidates(r: Review) -> Markdown:
    """A dry run of every worked example in the dataset's candidates folder."""
    from .whatif import candidates as text

    return Markdown(text(r))


def audit_line(r: Review) -> Markdown:
    """How much of the article reproduces, in one line."""
    from .audit import summary

    return Markdown(summary(r))


def ledger(part: str, r: Review) -> Markdown:
    """A part of the audit appendix: counts, findings, external, filter or entries."""
    from .ledger import part as text

    return Markdown(text(part, r))


def legend() -> Markdown:
    """What the marks beside quoted numbers mean."""
    from .quote import legend as text

    return Markdown(text())


def dictionary(r: Review) -> Markdown:
    """Every resource of the dataset with its fields."""
    from .dictionary import markdown

    return Markdown(markdown(r))


def not_published(r: Review) -> Markdown:
    """What the article holds only as an image or in its supplement."""
    from .gaps import not_published as text

    return Markdown(text(r))


def corrections(r: Review) -> Markdown:
    """Entries of the printed reference list that are corrected here."""
    from .gaps import corrections as text

    return Markdown(text(r))


def warnings_shown(r: Review) -> Markdown:
    """Warnings of the validation of this dataset."""
    from .gaps import warnings_shown as text

    return Markdown(text(r))


def _built(label: str, r: Review) -> Built:
    return table(label, r) if label.startswith("tbl-") else figure(label, r)
