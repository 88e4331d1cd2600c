"""The audit appendix as Markdown: counts, findings, what other sources say, and every entry."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pandas as pd

from review.audit import compare, sources, verdicts
from review.audit import row_checks as checks
from review.audit.registry import Entry
from review.audit.verdicts import CONSEQUENCES, HOW, LABELS
from review.dataset.load import Review
from review.markdown import escape, pipe_table
from review.wording import listed

# an entry in the ledger lists this many places of one document; the command line lists them all
PLACES = 6


def part(name: str, r: Review) -> str:
    """A part of the appendix: counts, findings, checks, external, filter or entries;
    KeyError else."""
    return PARTS[name](r)


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
    lines = [[escape(section), *map(str, table.loc[section]), str(table.loc[section].sum())]
             for section in dict.fromkeys(e.section for e in entries)]
    total = [f"**{n}**" for n in (*table.sum(), len(entries))]
    by_section = pipe_table(
        ["Section", *(LABELS[s].capitalize() for s in compare.STATUSES), "All"],
        [["**All statements**", *total], *lines], widths=[30, 14, 14, 14, 16, 8])
    return f"{by_section}\n\n{how_table(r)}"


def how_table(r: Review) -> str:
    """What the compared statements rest on, by verdict, as a table."""
    table = verdicts.how_counts(r)
    lines = [[escape(verdicts.HOW[kind].capitalize()), *map(str, table.loc[kind]),
              str(table.loc[kind].sum())] for kind in table.index]
    total = [f"**{n}**" for n in (*table.sum(), int(table.to_numpy().sum()))]
    return pipe_table(["The verdict rests on", *(LABELS[s].capitalize() for s in table), "All"],
                      [["**All compared statements**", *total], *lines],
                      widths=[40, 14, 14, 14, 8])


def findings(r: Review) -> str:
    """Every statement that does not match, by what it changes, the gravest first: print, rows,
    arithmetic, note, other sources."""
    review = verdicts.published(r)
    blocks = []
    differing = [e for e in verdicts.entries(r) if e.status == compare.DIFFERS]
    # in the register's order where the consequence is the same
    for e in sorted(differing, key=lambda e: list(CONSEQUENCES).index(e.consequence)):
        blocks.append("\n\n".join([
            "::: {.finding}",
            f"### [{e.claim_id}](#claim-{e.claim_id}) {escape(e.claim)} "
            f"{{#finding-{e.claim_id} .unnumbered .unlisted}}",
            f"{escape(e.section)}. {_values(e)} "
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
            f"{inputs}\n</fieldset>\n<script>\n{SEARCH}\n</script>\n```\n::::")


def entries(r: Review) -> str:
    """The whole ledger by section, one entry a claim, with the code of its rule in HTML."""
    review = verdicts.published(r)
    blocks = []
    for section, group in groupby(verdicts.entries(r), key=lambda e: e.section):
        anchor = re.sub(r"[^a-z0-9]+", "-", section.casefold()).strip("-")
        blocks.append(f"### {escape(section)} {{#ledger-{anchor} .unnumbered .unlisted}}")
        blocks += [_entry(review, e) for e in group]
    return "\n\n".join(blocks)


def _entry(r: Review, e: Entry) -> str:
    small = [f"*Rule.* {_sentence(e.rule)}"]
    if e.because and e.status != compare.NOT_RECOMPUTABLE:
        small.append(f"*Arithmetic.* {_sentence(e.because)}")
    if e.how:
        small.append(f"*Rests on.* {_sentence(HOW[e.how])}")
    if e.note:
        small.append(f"*Note.* {_sentence(e.note)}")
    small.append(f"*Sources.* {_sources(r, e)}")
    small += [_elsewhere(r, row) for row in verdicts.external(r, e.claim_id).itertuples()]
    return "\n\n".join([
        f"::::: {{.ledger-entry .is-{_slug(e.status)}}}",
        f"#### {e.claim_id} {escape(e.claim)} {{#claim-{e.claim_id} .unnumbered .unlisted}}",
        _values(e),
        "::: {.ledger-small .small}\n" + "\n\n".join(small) + "\n:::",
        ':::: {.content-visible when-format="html"}',
        f"```{{=html}}\n<details><summary>Code of the rule of {e.claim_id}</summary>\n```",
        f"```python\n{e.code.rstrip()}\n```",
        "```{=html}\n</details>\n```",
        "::::",
        ":::::",
    ])


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


def _sources(r: Review, e: Entry) -> str:
    sentences = []
    for source, locators in sources.grouped(sources.of_rows(r, e.rows)).items():
        more = len(locators) - PLACES
        where = "; ".join(map(escape, locators[:PLACES]))
        if more > 0:
            where += f"; and {more} more {'place' if more == 1 else 'places'}"
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
    "counts": counts, "findings": findings, "checks": row_checks, "external": external,
    "filter": filter_form,
    "entries": entries,
}

SEARCH = """\
// Adds a text search to the filter; the page is complete without it.
(() => {
  const box = document.createElement("input");
  const told = document.createElement("output");
  box.type = "search";
  box.placeholder = "Search the ledger";
  box.setAttribute("aria-label", "Search the ledger");
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    const entries = [...document.querySelectorAll(".ledger-entry")];
    entries.forEach((entry) => entry.classList.toggle(
      "is-not-found", !entry.textContent.toLowerCase().includes(wanted)));
    const left = entries.filter((entry) => !entry.classList.contains("is-not-found")).length;
    told.textContent = wanted ? `${left} of ${entries.length} entries hold this text` : "";
  });
  document.getElementById("ledger-filter").append(box, told);
})();"""
