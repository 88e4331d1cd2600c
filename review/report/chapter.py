"""What a chapter needs: the review it is rendered for, and one call for each thing it shows.

A chapter starts with `from review.report.chapter import *`.
"""

from __future__ import annotations

import os
from datetime import date

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import Markdown

from review.audit import conclusions as _conclusions
from review.audit import displays as _displays
from review.audit import verdicts as _verdicts
from review.audit.displays import Display
from review.dataset import load as _load
from review.dataset.load import Review
from review.report import article_references as _article_references
from review.report import caveats as _caveats
from review.report import characteristics as _characteristics
from review.report import checklists as _checklists
from review.report import dictionary as _dictionary
from review.report import edition as _edition
from review.report import front as _front
from review.report import ledger as _ledger
from review.report import listing as _listing
from review.report import outcomes as _outcomes
from review.report import proposal as _proposal
from review.report import provenance as _provenance
from review.report import quote as _quote
from review.report import sentences as _sentences
from review.report import studies as _studies
from review.report import table_markup as _table_markup
from review.report import without as _without
from review.wording import word

__all__ = [
    "all_rows", "appraisal", "article_references", "audit_line", "buttons", "candidates", "cell",
    "characteristic", "checklist", "code_listings", "count_of", "dictionary", "figure", "front",
    "how_to_cite", "ledger", "legend", "not_published", "number", "other_rows", "outcome",
    "own_search", "printed", "provenance", "q", "r", "say", "show_rows", "status_line", "studies",
    "studies_of", "table", "tell", "warnings_shown", "what_changed", "without_studies",
]

r: Review = _load.load()
q = _quote.Quotes(r)


def _tables_as_markdown() -> None:
    """Has a table that ends a cell shown as Markdown alone, see `table_markup`.

    Its plain text is one word, since its own holds a memory address, which nbval would compare.
    """
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        formatters = shell.display_formatter.formatters
        for kind, form in {
            "text/html": lambda table: None,
            "text/markdown": _table_markup.markdown,
            "text/plain": lambda table, printer, cycle: printer.text("table"),
        }.items():
            formatters[kind].for_type_by_name("great_tables.gt", "GT", form)


_tables_as_markdown()


def figure(label: str, r: Review) -> Display:
    """The figure called `label`, drawn once a chapter."""
    return _displays.build(label, r)


def table(label: str, r: Review) -> Display:
    """The table called `label`, built once a chapter."""
    return _displays.build(label, r)


def provenance(label: str, r: Review) -> Markdown:
    """The line under a figure or table: its rows, its code and its sources."""
    return Markdown(_provenance.provenance(_displays.build(label, r), r))


def show_rows(label: str, r: Review) -> None:
    """Prints the rows behind a figure or table, in full, for the stored notebooks to compare."""
    _provenance.show_rows(_displays.build(label, r))


def all_rows(r: Review) -> Markdown:
    """The rows behind every figure and table, one section each."""
    return Markdown(_provenance.all_rows(r))


def code_listings(r: Review) -> Markdown:
    """The source of the builders of figures and tables and of what they call."""
    return Markdown(_listing.listings(r.contents))


def other_rows(r: Review) -> Markdown:
    """The rows that statements rest on and that belong to no study, with their statements."""
    return Markdown(_provenance.other_rows(r))


def studies(part: str, r: Review) -> Markdown:
    """A part of the chapter of studies: index or sections."""
    return Markdown({"index": _studies.index, "sections": _studies.sections}[part](r))


def front(part: str, r: Review) -> Markdown:
    """A part of the first page: rebuilds, edition, bar, downloads, or machine (for machines)."""
    return Markdown({
        "rebuilds": _front.rebuilds, "edition": _front.edition_line, "bar": _front.bar,
        "downloads": _front.downloads, "machine": _front.machine}[part](r))


def buttons(pdf: str, cite: str, r: Review) -> Markdown:
    """What can be taken away: the PDF, the data, the code, the notebooks, how to cite."""
    return Markdown(_front.buttons(r, pdf, cite))


def cell(key: str, column: str) -> str:
    """One cell of the dataset as text: cell("claims/AB-05", "published").

    A row that has no place in the edition any more, since it was corrected or retracted, is that of
    the published one: chapters quote cells where they say what the article has. KeyError for a row
    or column that is in neither.
    """
    name, _, row = key.partition("/")
    frame: pd.DataFrame = r.tables[name]
    if not (frame.iloc[:, 0] == row).any():
        frame = _verdicts.published(r).tables[name]
    value = frame.set_index(frame.columns[0]).at[row, column]
    return f"{value:g}" if isinstance(value, float) else str(value)


def count_of(key: str, column: str) -> str:
    """One cell of the dataset as a count, in words as prose writes it; see `cell`."""
    return word(int(float(cell(key, column))))


def number(claim_id: str, part: int | None = None, unit: str = "") -> Markdown:
    """A count that the article states, recomputed, in words as prose writes it."""
    return q.number(claim_id, part, unit)


def studies_of(claim_id: str) -> Markdown:
    """The studies behind the reference numbers of a statement, by name."""
    return q.studies(claim_id)


def printed(claim_id: str, unit: str = "") -> str:
    """What the article prints of a claim, a range in words: "11% to 92%", "53.0 months"."""
    low, _, high = cell(f"claims/{claim_id}", "published").partition("–")
    return f"{low}{unit if unit == '%' else ''} to {high}{unit}" if high else f"{low}{unit}"


def say(conclusion: str, quotes: _quote.Quotes = q) -> Markdown:
    """The headline sentence of that name, as the rows of this edition support it.

    quotes: those of the chapter, where it lies in another folder than the audit.
    """

    return Markdown(_conclusions.say(conclusion, r, _link(quotes)))


def tell(sentence: str, quotes: _quote.Quotes = q) -> Markdown:
    """The article's sentence of that name, built for this edition."""
    return Markdown(_sentences.tell(sentence, r, _link(quotes)))


def outcome(code: str, setting: str, quotes: _quote.Quotes = q, **claims: str) -> Markdown:
    """What this edition's rows say of an outcome in a setting.

    claims: the statement of the article that a part restates (reported, sizes, low, high).
    """
    return Markdown(_outcomes.paragraph(r, code, setting, claims, _link(quotes)))


def characteristic(code: str, setting: str, claim: str | None = None) -> Markdown:
    """Range of a characteristic over the studies of a setting, in this edition's rows."""
    return Markdown(_characteristics.range_sentence(r, code, setting, claim, _link(q)))


def own_search(r: Review) -> Markdown:
    """What the search of an edition after the published one covered and gave."""
    return Markdown(_edition.own_search(r))


def _link(quotes: _quote.Quotes) -> _conclusions.Link:
    return quotes.beside


def status_line(r: Review) -> Markdown:
    """Edition, search dates, living status and what changed since the edition before.

    The status is told for the day of release, or for the day that REVIEW_AS_OF names.
    """
    as_of = os.environ.get("REVIEW_AS_OF")
    return Markdown(_edition.status_line(r, date.fromisoformat(as_of) if as_of else None))


def how_to_cite(r: Review) -> Markdown:
    """How to cite this edition and the article."""
    return Markdown(_edition.how_to_cite(r))


def what_changed(r: Review) -> Markdown:
    """Studies, reports, values, claims and conclusions against the edition before."""
    return Markdown(_edition.what_changed(r))


def candidates(r: Review) -> Markdown:
    """A dry run of every worked example in the dataset's candidates folder."""
    return Markdown(_proposal.candidates(r))


def audit_line(r: Review) -> Markdown:
    """How much of the article reproduces, in one line."""
    return Markdown(_ledger.summary(r))


def ledger(part: str, r: Review) -> Markdown:
    """A part of the audit appendix: counts, findings, checks, external, filter or entries."""
    return Markdown(_ledger.part(part, r))


def legend() -> Markdown:
    """What the marks beside quoted numbers mean."""
    return Markdown(_quote.legend())


def checklist(name: str, r: Review) -> Markdown:
    """The items of a reporting checklist, each linked to the place that meets it."""
    return Markdown(_checklists.checklist(r, name))


def appraisal(tool: str, r: Review) -> Markdown:
    """The items of an appraisal tool with what the documents show; the judgement is open."""
    return Markdown(_checklists.appraisal(r, tool))


def without_studies(r: Review) -> Markdown:
    """The part of the page in which a reader leaves out studies."""
    return Markdown(_without.widget(r))


def dictionary(r: Review) -> Markdown:
    """Every resource of the dataset with its fields."""
    return Markdown(_dictionary.markdown(r))


def not_published(r: Review) -> Markdown:
    """What the article holds only as an image or in its supplement."""
    return Markdown(_caveats.not_published(r))


def article_references(r: Review) -> Markdown:
    """The article's own list of references, with what is corrected in it."""
    return Markdown(_article_references.listing(r))


def warnings_shown(r: Review) -> Markdown:
    """Warnings of the validation of this dataset."""
    return Markdown(_caveats.warnings_shown(r))
