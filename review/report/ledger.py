"""The audit appendix as Markdown: counts, findings, what other sources say, and every entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pandas as pd

from review.audit import compare, registry, sources, verdicts
from review.audit.registry import Entry
from review.audit.verdicts import LABELS
from review.dataset.load import Review
from review.markdown import escape, pipe_table
from review.report import row_links

# an entry on the page lists this many places of one document, and the others among its rows, which
# unfold; in print it lists them all
PLACES = 6


def part(name: str, r: Review) -> str:
    """A part of the appendix: counts, findings, external, filter or entries; KeyError else."""
    return PARTS[name](r)


def summary(r: Review) -> str:
    """How much of the article reproduces, in one sentence for the first page."""
    n = verdicts.counts(r)
    reproduced, ruled, differing = (
        f"{n[status]} {verb if n[status] != 1 else one}" for status, one, verb in (
            (compare.REPRODUCES, "reproduces", "reproduce"),
            (compare.UNDER_RULE, "reproduces", "reproduce"),
            (compare.DIFFERS, "does", "do")))
    return (f"Of {n.sum()} checked statements of the article, {reproduced}, {ruled} under a rule "
            f"that the article does not state, {differing} not match, and "
            f"{n[compare.NOT_RECOMPUTABLE]} cannot be recomputed from what is published "
            "(see @sec-audit).")


def counts(r: Review) -> str:
    """How many statements have which verdict, in all and by section, as a table."""
    entries = verdicts.entries(r)
    table = pd.crosstab(pd.Series([e.section for e in entries]),
                        pd.Series([e.status for e in entries]))
    table = table.reindex(columns=list(compare.STATUSES), fill_value=0)
    shown = [*compare.STATUSES, "all"]
    lines = [[_ledger_link(escape(section), _anchor(section), "all"),
              *(_ledger_link(str(n), _anchor(section), status) if n else "0"
                for n, status in zip((*table.loc[section], table.loc[section].sum()), shown,
                                     strict=True))]
             for section in dict.fromkeys(e.section for e in entries)]
    total = [f"**{_ledger_link(str(n), 'sec-ledger', status)}**"
             for n, status in zip((*table.sum(), len(entries)), shown, strict=True)]
    head = ["Section", *(LABELS[s].capitalize() for s in compare.STATUSES), "All"]
    rows = [["**All statements**", *total], *lines]
    return pipe_table(head, rows, widths=[30, 14, 14, 14, 16, 8], right=range(1, len(head)))


def _ledger_link(words: str, target: str, status: str) -> str:
    """Words that lead to a part of the ledger, and on the page show statements of one verdict."""
    return f'[{words}](#{target}){{data-show="{_slug(status)}"}}'


def findings(r: Review) -> str:
    """Every statement that does not match: print, rows, arithmetic, note, other sources."""
    review = verdicts.published(r)
    blocks = []
    for e in verdicts.entries(r):
        if e.status != compare.DIFFERS:
            continue
        blocks.append("\n\n".join([
            "::: {.finding}",
            f"### [{e.claim_id}](#claim-{e.claim_id}) {escape(e.claim)} "
            f"{{#finding-{e.claim_id} .unnumbered .unlisted}}",
            f"{escape(e.section)}. {_values(e)}",
            *([_sentence(e.because)] if e.because else []),
            *([_sentence(e.note)] if e.note else []),
            *(_elsewhere(review, row)
              for row in verdicts.external(review, e.claim_id).itertuples()),
            ":::",
        ]))
    return "\n\n".join(blocks) or "Every statement that can be recomputed matches."


def external(r: Review) -> str:
    """What other sources say about numbers of the article, as a list."""
    review = verdicts.published(r)
    blocks = []
    for row in review.external.itertuples():
        bears = ", ".join(f"[{claim_id}](#claim-{claim_id})"
                          for claim_id in row.claim_ids.split(";"))
        blocks.append(f"- **{escape(row.place)}**, printed: {escape(row.printed)}. "
                      f"{_elsewhere(review, row)} Bears on {bears}.")
    return "\n".join(blocks)


def filter_form(r: Review) -> str:
    """Choice of verdict above the ledger, for HTML; works by style alone, text search by script."""
    n = verdicts.counts(r)
    choices = [("all", f"all ({n.sum()})"),
               *((_slug(s), f"{LABELS[s]} ({n[s]})") for s in compare.STATUSES)]
    inputs = "\n".join(
        f'<label><input type="radio" name="ledger-show" id="show-{slug}"'
        f'{" checked" if slug == "all" else ""}> {label}</label>' for slug, label in choices)
    return (':::: {.content-visible when-format="html"}\n```{=html}\n'
            '<fieldset class="ledger-filter" id="ledger-filter"><legend>Show statements</legend>\n'
            f"{inputs}\n</fieldset>\n```\n::::")


def entries(r: Review) -> str:
    """The whole ledger by section, one entry a claim, with the code of its rule in HTML."""
    review = verdicts.published(r)
    blocks = []
    for section, group in groupby(verdicts.entries(r), key=lambda e: e.section):
        blocks.append(f"### {escape(section)} {{#{_anchor(section)} .unnumbered .unlisted}}")
        blocks += [_entry(r, review, e) for e in group]
    return "\n\n".join(blocks)


def _anchor(section: str) -> str:
    return f"ledger-{re.sub(r'[^a-z0-9]+', '-', section.casefold()).strip('-')}"


def _entry(r: Review, audited: Review, e: Entry) -> str:
    """One claim. r: the edition rendered, whose rows it leads to; audited: the published one."""
    small = [f"*Rule.* {_sentence(e.rule)}"]
    if e.because and e.status != compare.NOT_RECOMPUTABLE:
        small.append(f"*Arithmetic.* {_sentence(e.because)}")
    if e.note:
        small.append(f"*Note.* {_sentence(e.note)}")
    small += [_elsewhere(audited, row)
              for row in verdicts.external(audited, e.claim_id).itertuples()]
    back = f'[]{{.backlinks data-to="claim-{e.claim_id}" data-of="claim-link"}}'
    small += [
        ':::: {.content-visible unless-format="html"}\n'
        f"*Sources.* {_sources(audited, e)}{_shown(r, e)}\n::::",
        ':::: {.content-visible when-format="html"}\n'
        f"*Sources.* {_sources(audited, e, PLACES)}{_shown(r, e)} {back}\n::::",
    ]
    return "\n\n".join([
        f"::::: {{.ledger-entry .is-{_slug(e.status)}}}",
        f"#### {e.claim_id} {escape(e.claim)} {{#claim-{e.claim_id} .unnumbered .unlisted}}",
        _values(e),
        "::: {.ledger-small .small}\n" + "\n\n".join(small) + "\n:::",
        ':::: {.content-visible when-format="html"}',
        *_folded_rows(r, audited, e),
        f"```{{=html}}\n<details><summary>Code of the rule of {e.claim_id}</summary>\n```",
        f"```python\n{e.code.rstrip()}\n```",
        "```{=html}\n</details>\n```",
        "::::",
        ":::::",
    ])


def _folded_rows(r: Review, audited: Review, e: Entry) -> list[str]:
    """Every row that an entry rests on, with its place, each leading to the row; folded."""
    if not e.rows:
        return []
    lines = []
    for row in e.rows:
        where = "; ".join(escape(place.locator) for place in sources.of_rows(audited, [row]))
        lines.append(f"- {row_links.link(r, row)}{': ' if where else ''}{where}")
    rows = "row" if len(e.rows) == 1 else "rows"
    return [f"```{{=html}}\n<details><summary>{len(e.rows)} {rows} behind {e.claim_id}</summary>\n"
            "```", "\n".join(lines), "```{=html}\n</details>\n```"]


def _shown(r: Review, e: Entry) -> str:
    """The figure or table that shows a claim in place of the prose, where one does."""
    label = registry.register(r).loc[e.claim_id].get("shown_reason")
    known = {*r.contents.figures, *r.contents.tables}
    return f" *Shown in* @{label}." if isinstance(label, str) and label in known else ""


def _values(e: Entry) -> str:
    """Print beside the recomputed value, and the verdict."""
    verdict = f"[{LABELS[e.status].capitalize()}]{{.ledger-status}}"
    printed = ("Nothing printed." if e.published.startswith("(not ") else
               f"Printed: **{escape(e.published)}**.")
    if e.status == compare.NOT_RECOMPUTABLE:
        beside = f" The rows give **{escape(e.recomputed)}**." if e.recomputed else ""
        return f"{printed}{beside} {verdict}. {_sentence(e.because)}"
    return f"{printed} Recomputed: **{escape(e.recomputed)}**. {verdict}."


def _elsewhere(r: Review, row: Any) -> str:
    """A row of external.csv: statement, source, certainty, note."""
    note = "" if pd.isna(row.note) else f"; {escape(row.note)}"
    return (f"*Elsewhere* ({row.certainty}). {_sentence(row.statement)} "
            f"Source: {escape(row.locator)} [@{sources.citekey(r, row.source_id)}]{note}.")


def _sources(r: Review, e: Entry, most: int | None = None) -> str:
    """The documents behind an entry with the places in them. most: places told of one document;
    the others are counted."""
    sentences = []
    for source, locators in sources.grouped(sources.of_rows(r, e.rows)).items():
        more = 0 if most is None else len(locators) - most
        where = "; ".join(map(escape, locators[:most]))
        if more > 0:
            where += f"; and {more} more {'place' if more == 1 else 'places'} with the rows below"
        if source == sources.article(r):
            sentences.append(f"The article: {where}.")
        else:
            sentences.append(f"{escape(sources.name(r, source))} "
                             f"[@{sources.citekey(r, source)}]: {where}.")
    return " ".join(sentences) or "The article."


def _sentence(text: str) -> str:
    """Text as a Markdown sentence: a capital first, a full stop last."""
    return escape(text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else "."))


def _slug(status: str) -> str:
    return status.replace("_", "-")


PARTS: dict[str, Callable[[Review], str]] = {
    "counts": counts, "findings": findings, "external": external, "filter": filter_form,
    "entries": entries,
}
