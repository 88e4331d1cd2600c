"""Where a figure or table comes from: its rows, its code and its sources, as Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from review.audit import sources
from review.audit.displays import (
    NAMES,
    Builder,
    Display,
    Figure,
    builder,
    code,
    labels,
)
from review.audit.displays import (
    rows as rows_of,
)
from review.audit.stored_rows import cell_text, fixed_width
from review.dataset.load import Review
from review.dataset.schema import ADDED, ROW, SUPERSEDED
from review.markdown import escape, filled_table, fitted, folded, pipe_table
from review.report import listing, row_links
from review.report.article_references import linked

SILENT = {"position", "table_position", "study_position", "source_id", "locator", "citekey",
          "lead", "note", "citation", ADDED, SUPERSEDED, "use", "checked_by",
          "printed", "setting"}
# what goes without saying
USUAL = {"status": {"value"}, "kind": {"reported"}, "statistic": {"count", "percent"}}


def provenance(display: Display, r: Review) -> str:
    """The line under a figure or table, as Markdown for a chapter in chapters/.

    The rows are a CSV to download in HTML and a table of the appendix in the PDF; the code is the
    builder's module, a file beside the page in HTML; the sources are citations.
    """
    module, name = code(r.contents, display.label)
    appendix = r.contents.rows_chapter
    cited = dict.fromkeys(sources.citekey(r, key) for key in display.sources
                          if not sources.calculated(r, key))
    end = f" Sources: [{'; '.join(f'@{key}' for key in cited)}]." if cited else ""
    rows = f"[rows]({appendix}#rows-{display.label})"
    csv = f"[rows as CSV](../data/rows/{display.label}.csv)"
    piece = listing.behind(r.contents, display.label)[0]
    source = f"Code: [`{name}`]({appendix}#{piece.anchor}) in [`{module}`](../{module}).{end}"
    named = f"Code: `{name}` in `{module}`.{end}"
    if isinstance(builder(r.contents, display.label), Figure):
        # a number that is drawn cannot be a link
        source, named = (f"{text}{_numbers(display, r)}" for text in (source, named))
    about = f"{_finding(display, r)}{_abbreviations(display, r)}"
    return (f"::: {{.content-visible when-format=\"html\"}}\n"
            f"{_narrow(display, r)}"
            f":::: {{.provenance}}\n{about}"
            f"Data: [rows in the appendix]({appendix}#rows-{display.label}), {csv}. {source}\n"
            f"::::\n:::\n\n"
            f"::: {{.content-visible unless-format=\"html\"}}\n"
            f":::: {{.provenance}}\n{about}Data: {rows}. {named}\n::::\n:::\n")


def _finding(display: Display, r: Review) -> str:
    """What a figure shows, in words made from its rows, as a paragraph; empty for others."""
    made = builder(r.contents, display.label)
    told = made.finding(display.rows) if isinstance(made, Figure) and made.finding else ""
    return f"[**{escape(told)}**]{{.figure-finding}}\n\n" if told else ""


def _abbreviations(display: Display, r: Review) -> str:
    """The abbreviations that stand in a figure or table, with their meaning, so that it can be
    read alone; empty where none does, and for a table that explains them itself."""
    known = r.tables.get("abbreviations")
    made = builder(r.contents, display.label)
    if known is None or "abbreviation" in display.rows:
        return ""
    rows = display.rows
    if isinstance(made, Figure) and made.placed:
        rows = made.placed(rows)
    shown = [key for key in _wanted(dict.fromkeys(rows), "", made) if key in rows]
    # a cell that is nothing but an abbreviation is drawn in words
    whole = set(known["abbreviation"]) if isinstance(made, Figure) else set()
    text = " ".join({cell for key in shown for cell in map(cell_text, rows[key])
                     if cell not in whole})
    told = [f"{escape(one.abbreviation)}, {escape(one.meaning)}" for one in known.itertuples()
            if any(re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", text)
                   for part in str(one.abbreviation).split(", "))]
    return f"{'; '.join(told)}.\n\n" if told else ""


def _narrow(display: Display, r: Review) -> str:
    """The figure as a phone shows it; empty where it has no form of its own for that."""
    made = builder(r.contents, display.label)
    markup = made.narrow(display.rows) if isinstance(made, Figure) and made.narrow else ""
    if not markup:
        return ""
    # the figure leads to rows by their ids; on a page of many, they stand in another chapter
    markup = markup.replace('href="#row-', f'href="{r.contents.studies_chapter}#row-')
    # named by the caption, or, where a renderer gives that another id, by the title
    return (f'```{{=html}}\n<div class="figure-narrow" role="group" '
            f'aria-labelledby="{display.label}-caption" aria-label="{html.escape(made.title)}">\n'
            f'{markup}\n</div>\n```\n\n')


def _numbers(display: Display, r: Review) -> str:
    """The studies of a figure with their numbers in the article's list, which lead there."""
    if not {"name", "ref"} <= set(display.rows.columns):
        return ""
    works = dict.fromkeys((number, escape(cell_text(row["name"])))
                          for row in display.rows.to_dict("records") if (number := _ref(row)))
    told = [f"{name} \\[{linked(number, r)}\\]"
            for number, name in sorted(works, key=lambda work: int(re.findall(r"\d+", work[0])[0]))]
    return f" In the article's list: {', '.join(told)}." if told else ""


def _ref(row: Mapping[str, Any]) -> str:
    """The number of a row in the article's list, or the numbers it may have; "" for none."""
    return cell_text(row.get("ref_options")) or cell_text(row.get("ref"))


def show_rows(display: Display) -> None:
    """Prints every row and column in full, the same text on every machine."""
    print(fixed_width(display.rows))


def all_rows(r: Review) -> str:
    """The appendix: the rows behind every figure and table, a section each, as Markdown."""
    return "\n\n".join(section(label, r) for label in labels(r.contents))


def section(label: str, r: Review) -> str:
    """The rows of one figure or table under a heading that the line under it links to.

    A figure is also told in words, in full, for readers who cannot see it. One line a row: what
    it is, what is shown of it, and the place in its source.
    """
    made = builder(r.contents, label)
    frame = rows_of(label, r)
    words = f" In words: {escape(made.describe(frame))}" if isinstance(made, Figure) else ""
    head = (f"## {made.title} {{#rows-{label} .unnumbered .unlisted}}\n\n"
            f"Rows of @{label}.{words}\n\n"
            f"{listing.links(r.contents, label)}\n\n")
    columns = ["Row", "What is shown", "Source"][:3 if "locator" in frame else 2]
    lines = [_line(row, made, r, f"row-{label}-{number}")[:len(columns)]
             for number, row in enumerate(frame.to_dict("records"), start=1)]
    widths = fitted(columns, lines, [30, 58, 36][:len(columns)])
    return head + folded(f"{len(lines)} rows", pipe_table(columns, lines, widths))


def other_rows(r: Review) -> str:
    """The rows that statements rest on and that belong to no study, by table: what each says, its
    place, and the statements."""
    parts = []
    for name, frame in row_links.others(r).items():
        lines = []
        for row in frame.to_dict("records"):
            told = "; ".join(f"{field.replace('_', ' ')}: {cell_text(value)}"
                             for field, value in row.items()
                             if field not in {ROW, *SILENT} and cell_text(value))
            entries = row_links.resting(r)[row[ROW]]
            lines.append([f"[{_plain(row_links.key(row[ROW]))}]{{#{row_links.anchor(row[ROW])}}}",
                          _plain(told), _source(r, row),
                          row_links.claim_links(r, (e.claim_id for e in entries))])
        table = filled_table(["Row", "What it says", "Source", "Statements"], lines,
                             most=[18, 60, 24, 20])
        title = name.replace("_", " ").capitalize()
        parts.append(f"### {title} {{#rows-of-{name} .unnumbered .unlisted}}\n\n"
                     + folded(f"{len(lines)} rows", table))
    return "\n\n".join(parts)


def _line(row: dict[str, Any], made: Builder, r: Review, anchor: str) -> list[str]:
    name = next((key for key in NAMES if key in row and cell_text(row[key])), next(iter(row)))
    title = cell_text(row[name])
    label = r.contents.vocabulary.outcome_label
    shown = "; ".join(f"{words}{label(cell_text(row[key]))}"
                      for key, words in _wanted(row, name, made).items()
                      if key in row and cell_text(row[key]) not in {"", *USUAL.get(key, ())})
    ref = _ref(row)
    number = f" \\[{linked(ref, r)}\\]" if ref else ""
    return [f"[{_dataset_row(r, row, title)}]{{#{anchor}}}{number}",
            _plain(re.sub("; +(?= )", "", shown).replace("_", " ")), _source(r, row)]


def _dataset_row(r: Review, row: dict[str, Any], title: str) -> str:
    """The name of a row, leading to its row in the dataset, else to its study, where it is one of
    these."""
    for table, field in (("outcomes", "outcome_id"), ("reports", "report_id"),
                         ("studies", "study_id")):
        if cell_text(row.get(field)) in set(r.tables[table][field]):
            return row_links.link(r, f"{table}/{row[field]}", " ".join(title.split()))
    return _plain(title)


def _source(r: Review, row: dict[str, Any]) -> str:
    if not cell_text(row.get("source_id")):
        return ""
    if sources.calculated(r, row["source_id"]):
        return _plain(row["locator"])
    return f"[@{sources.citekey(r, row['source_id'])}] {_plain(row['locator'])}".strip()


def _wanted(row: dict[str, Any], name: str, made: Builder) -> Mapping[str, str]:
    """The columns to show of a row, with the words before each."""
    return made.columns or {
        key: f"{key.replace('_', ' ')}: " for key in row
        if key not in SILENT and key != name and not key.endswith("_id")}


def _plain(value: object) -> str:
    return escape(" ".join(cell_text(value).split()))
