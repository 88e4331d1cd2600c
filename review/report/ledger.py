"""The audit appendix as Markdown: counts, findings, what other sources say, and every entry."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from review.audit import compare, registry, sources, verdicts
from review.audit import row_checks as checks
from review.audit.registry import Entry
from review.audit.verdicts import CONSEQUENCES, HOW, LABELS
from review.dataset.load import Review
from review.dataset.problems import DataError
from review.markdown import escape, pipe_table
from review.report import row_links, slips
from review.report.article_references import announced, in_sets
from review.wording import listed


def part(name: str, r: Review) -> str:
    """A part of the appendix: counts, findings, checks, external, slips, filter or entries;
    KeyError else.

    Numbers of the article's references lead to their entries.
    """
    return announced(PARTS[name](r), r)


def summary(r: Review) -> str:
    """How much of the article reproduces, in one sentence for the first page."""
    n = verdicts.counts(r)
    reproduced, ruled, differing = (
        f"{n[status]} {verb if n[status] != 1 else one}" for status, one, verb in (
            (compare.REPRODUCES, "reproduces", "reproduce"),
            (compare.UNDER_RULE, "reproduces", "reproduce"),
            (compare.DIFFERS, "does", "do")))
    kinds = verdicts.how_counts(r)[[compare.REPRODUCES, compare.UNDER_RULE]].sum(axis=1)
    rests = [f"{kinds[kind]} on {words}" for kind, words in verdicts.HOW.items() if kinds[kind]]
    return (f"Of {n.sum()} checked statements of the article, {reproduced}, {ruled} under a rule "
            f"that the article does not state, {differing} not match, and "
            f"{n[compare.NOT_RECOMPUTABLE]} cannot be recomputed from what is published. "
            f"Of those that reproduce, {listed(rests).replace(' on ', ' rest on ', 1)} "
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
    by_section = pipe_table(head, [["**All statements**", *total], *lines],
                            widths=[30, 14, 14, 14, 16, 8], right=range(1, len(head)))
    return f"{by_section}\n\n{how_table(r)}"


def how_table(r: Review) -> str:
    """What the compared statements rest on, by verdict, as a table."""
    table = verdicts.how_counts(r)
    lines = [[escape(verdicts.HOW[kind].capitalize()), *map(str, table.loc[kind]),
              str(table.loc[kind].sum())] for kind in table.index]
    total = [f"**{n}**" for n in (*table.sum(), int(table.to_numpy().sum()))]
    head = ["The verdict rests on", *(LABELS[s].capitalize() for s in table), "All"]
    return pipe_table(head, [["**All compared statements**", *total], *lines],
                      widths=[40, 14, 14, 14, 8], right=range(1, len(head)))


def _ledger_link(words: str, target: str, status: str) -> str:
    """Words that lead to a part of the ledger, and on the page show statements of one verdict."""
    return f'[{words}](#{target}){{data-show="{_slug(status)}"}}'


def findings(r: Review) -> str:
    """Every statement that does not match, by what it changes, the gravest first: print, rows,
    arithmetic, note, other sources."""
    review = verdicts.published(r)
    blocks = []
    differing = [e for e in verdicts.entries(r) if e.status == compare.DIFFERS]
    if unjudged := verdicts.unjudged(r, differing):
        raise DataError(unjudged)
    # in the register's order where the consequence is the same
    for e in sorted(differing, key=lambda e: list(CONSEQUENCES).index(e.consequence)):
        blocks.append("\n\n".join([
            "::: {.finding}",
            f"### [{e.claim_id}](#claim-{e.claim_id}) {escape(e.claim)} "
            f"{{#finding-{e.claim_id} .unnumbered .unlisted}}",
            f"{escape(e.section)}. {_values(review, e)} "
            f"It changes {CONSEQUENCES[e.consequence]}, and rests on {HOW[e.how]}.",
            *([_sentence(e.because)] if e.because else []),
            *([_sentence(e.note)] if e.note else []),
            *(_elsewhere(review, row)
              for row in verdicts.external(review, e.claim_id).itertuples()),
            ":::",
        ]))
    return "\n\n".join(blocks) or "Every statement that can be recomputed matches."


def row_checks(r: Review) -> str:
    """What the checks over all rows of this edition find, one list a check, and the checks that
    find nothing."""
    blocks, silent = [], []
    for check_id, found in checks.evaluate(r).items():
        check = checks.register(r.contents)[check_id]
        if not found:
            silent.append(check.about[:1].lower() + check.about[1:])
            continue
        lines = "\n".join(f"- {_sentence(find.text)}" for find in found)
        what = _sentence(" ".join((inspect.getdoc(check.function) or "").split()))
        blocks.append(f"### {escape(check.about)} {{#rows-{check_id} .unnumbered .unlisted}}\n\n"
                      f"{what}\n\n{lines}")
    if silent:
        blocks.append(f"Nothing was found of: {'; '.join(map(escape, silent))}.")
    return "\n\n".join(blocks)


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
    if e.how:
        small.append(f"*Rests on.* {_sentence(HOW[e.how])}")
    if e.note:
        small.append(f"*Note.* {_sentence(e.note)}")
    small += [_elsewhere(audited, row)
              for row in verdicts.external(audited, e.claim_id).itertuples()]
    back = f'[]{{.backlinks data-to="claim-{e.claim_id}" data-of="claim-link"}}'
    small += [
        f"*Sources.* {_sources(audited, e)}{_shown(r, e)} {back}",
    ]
    return "\n\n".join([
        f"::::: {{.ledger-entry .is-{_slug(e.status)}}}",
        f"#### {e.claim_id} {escape(e.claim)} {{#claim-{e.claim_id} .unnumbered .unlisted}}",
        _values(r, e),
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
    label = registry.register(r)[e.claim_id].get("shown_reason")
    known = {*r.contents.figures, *r.contents.tables}
    return f" *Shown in* @{label}." if isinstance(label, str) and label in known else ""


def _values(r: Review, e: Entry) -> str:
    """Print beside the recomputed value, and the verdict."""
    verdict = f"[{LABELS[e.status].capitalize()}]{{.ledger-status}}"
    printed = ("Nothing printed." if e.published.startswith("(not ") else
               f"Printed: **{escape(e.published)}**.")
    recomputed = in_sets(escape(e.recomputed), e.answer, r)
    if e.status == compare.NOT_RECOMPUTABLE:
        beside = f" The rows give **{recomputed}**." if e.recomputed else ""
        return f"{printed}{beside} {verdict}. {_sentence(e.because)}"
    return f"{printed} Recomputed: **{recomputed}**. {verdict}."


def _elsewhere(r: Review, row: Any) -> str:
    """A row of external.csv: statement, source, certainty, note."""
    note = "" if pd.isna(row.note) else f"; {escape(row.note)}"
    return (f"*Elsewhere* ({row.certainty}). {_sentence(row.statement)} "
            f"Source: {escape(row.locator)} [@{sources.citekey(r, row.source_id)}]{note}.")


def _sources(r: Review, e: Entry) -> str:
    """The documents behind an entry with the places in them."""
    sentences = []
    for source, locators in sources.grouped(sources.of_rows(r, e.rows)).items():
        where = "; ".join(map(escape, places(locators)))
        if source == sources.article(r):
            sentences.append(f"The article: {where}.")
        else:
            sentences.append(f"{escape(sources.name(r, source))} "
                             f"[@{sources.citekey(r, source)}]: {where}.")
    return " ".join(sentences) or "The article."


def places(locators: Sequence[str]) -> list[str]:
    """Each place once, and those within one part of the document together: "Table 1 (Smith row;
    Lee row)"."""
    within: dict[str, dict[str, None]] = {}
    for place in (one for locator in locators for one in locator.split("; ")):
        part, _, rest = place.partition(", ")
        within.setdefault(part, {})[rest] = None
    told = []
    for part, ways in within.items():
        inner = [one for one in ways if one]
        if "" in ways or len(inner) == 1:
            told += [part] * ("" in ways) + [f"{part}, {one}" for one in inner]
        else:
            told.append(f"{part} ({'; '.join(inner)})")
    return told


def _sentence(text: str) -> str:
    """Text as a Markdown sentence: a capital first, a full stop last."""
    return escape(text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else "."))


def _slug(status: str) -> str:
    return status.replace("_", "-")


PARTS: dict[str, Callable[[Review], str]] = {
    "counts": counts, "findings": findings, "checks": row_checks, "external": external,
    "slips": slips.listing, "filter": filter_form, "entries": entries,
}
