"""Quoting a claim in prose: the recomputed value, linked to its ledger entry.

In HTML a card beside the value shows what was printed, the verdict, the rule and the sources, on
hover, focus and tap and without a script; in print the value is a link and carries a mark.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
from IPython.display import Markdown

from review.audit import compare, registry, sources
from review.audit.answers import (
    Answer,
    NotRecomputable,
    Number,
    Reading,
    Refs,
    Several,
    Span,
    Truth,
)
from review.audit.registry import Entry
from review.audit.verdicts import LABELS, published
from review.dataset.load import Review
from review.dataset.problems import ReviewError
from review.markdown import escape
from review.wording import day, listed, plain, word

DIFFERS_MARK, PRINTED_MARK = "≠", "†"
# printed values of more characters than this stand in the ledger alone, not in a line of print
LONGEST_PRINTED = 40
MARKS = {
    DIFFERS_MARK: "differs from what is printed",
    PRINTED_MARK: "taken as printed, because nothing is published to recompute it from",
}
# a card is read in passing: the ledger entry that it links to names every place
CARD_PLACES = 3


class QuoteError(ReviewError):
    """A chapter quotes a claim, or a part of one, that does not exist."""


class Quotes:
    """Quotes statements of the article: q("AB-11"), q("AB-11", 0), q("AB-05", words="…").

    A statement and its verdict belong to the published edition, whatever edition a chapter is
    rendered for: nothing of a later edition is put into it.

    r: the edition the chapter is rendered for. base: way from the chapter's folder to that of
    the audit chapter ("" or "chapters/").
    """

    def __init__(self, r: Review, base: str = ""):
        self.review = r
        self.base = base

    def within(self, base: str) -> Quotes:
        """The same quotes for a chapter in another folder."""
        return Quotes(self.review, base)

    def __call__(self, claim_id: str, part: int | None = None, *, words: str | None = None,
                 unit: str = "") -> Markdown:
        """The claim as Markdown for inline use; see `markup`."""
        return Markdown(self.markup(claim_id, part, words=words, unit=unit))

    def markup(self, claim_id: str, part: int | None = None, *, words: str | None = None,
               unit: str = "", count: bool = False) -> str:
        """The claim as the text of its Markdown.

        part: place (from 0) of one value where the claim has several. words: link text in place
        of the value, for statements. unit: what follows the value before its mark, "%" or
        " months". count: a whole number is written as prose writes a count. A day is written out.
        Raises QuoteError for an unknown claim or part.
        """
        entry, tokens = self._entry(claim_id), self._tokens(claim_id)
        text = words if words is not None else _spoken(value(entry, part, tokens), count) + unit
        part = part if words is None else None
        printed = tokens[part] if part is not None and part < len(tokens) else entry.published
        return self._markup(entry, text, _mark(entry, part, tokens), printed)

    def number(self, claim_id: str, part: int | None = None, unit: str = "") -> Markdown:
        """A count as prose writes it, in words as far as `wording.word` goes: "six", "18"."""
        return Markdown(self.markup(claim_id, part, unit=unit, count=True))

    def studies(self, claim_id: str) -> Markdown:
        """The studies that the reference numbers of a claim belong to, by name: those recomputed,
        or those printed where nothing can be. QuoteError for a claim without such numbers."""
        entry, review = self._entry(claim_id), published(self.review)
        numbers = [atom for atom in shown(entry).atoms if isinstance(atom, frozenset)] or [
            compare.references(token) for token in self._tokens(claim_id)
            if token.startswith("refs:")]
        reports = review.reports[review.reports["ref"].isin(frozenset().union(*numbers))]
        if reports.empty:
            raise QuoteError(f"claim {claim_id} has no reference numbers of included reports")
        labels = review.studies.set_index("study_id")["label"]
        names = reports["study_id"].drop_duplicates().map(labels)
        return Markdown(self.markup(claim_id, words=listed(names.tolist(), limit=len(names))))

    def beside(self, claim_id: str, words: str) -> str:
        """Words about the edition rendered, with the card of the statement that the article makes
        of the same thing; without its mark, which speaks of what the article printed."""
        return self._markup(self._entry(claim_id), words, "")

    def _entry(self, claim_id: str) -> Entry:
        known = self.review.claims["claim_id"]
        if claim_id not in set(known):
            near = difflib.get_close_matches(claim_id, known.tolist(), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise QuoteError(f"there is no claim {claim_id!r}{hint}")
        return registry.entry(published(self.review), claim_id)

    def _tokens(self, claim_id: str) -> tuple[str, ...]:
        tokens = self.review.claims.set_index("claim_id").at[claim_id, "tokens"]
        return compare.tokens(None if pd.isna(tokens) else tokens)

    def _markup(self, entry: Entry, text: str, mark: str, printed: str = "") -> str:
        target = f"{self.base}{self.review.contents.audit_chapter}#claim-{entry.claim_id}"
        verdict = LABELS[entry.status]
        name = _attribute(f"{text}{' ' + mark if mark else ''}: "
                          f"printed {entry.published}, {verdict}")
        lines = [
            _span(html.escape(entry.claim), "claim-title"),
            _line("Printed", entry.published),
            _line("Recomputed", entry.recomputed or "nothing to recompute it from"),
            _span(f"{_span('Verdict', 'claim-key')} {_span(verdict, 'claim-verdict')}",
                  "claim-line"),
            *([_line("Because", entry.because)]
              if entry.because and entry.status != compare.REPRODUCES else []),
            _line("Rule", entry.rule),
            _line("Sources", _places(published(self.review), entry)),
        ]
        # the quoted words lead there too: one stop of the keyboard is enough
        to_ledger = _span(f'[Ledger entry {entry.claim_id}]({target}){{tabindex="-1"}}',
                          "claim-line")
        shown = escape(text) + _shown_mark(mark)
        link = f'[{shown}]({target}){{.claim-link aria-label="{name}"}}'
        card = _span(f"{_raw(' '.join(lines))} {to_ledger}", "claim-card content-visible",
                     'when-format="html"', 'role="note"')
        # words that are those of the article need not be told twice
        in_print = _in_print("" if printed == text else printed) if mark == DIFFERS_MARK else ""
        return _span(link + in_print + card, f"claim is-{entry.status.replace('_', '-')}",
                     'tabindex="-1"')


def _shown_mark(mark: str) -> str:
    """The mark behind a value. That of a difference is small on the page alone: in print the
    printed value follows it."""
    if mark == DIFFERS_MARK:
        return _span(f"^{mark}^", "content-visible", 'when-format="html"')
    return f"^{mark}^" if mark else ""


def _in_print(printed: str) -> str:
    """The mark of a difference with the printed value, in red, for the PDF alone."""
    told = f" printed {printed}" if printed and len(printed) <= LONGEST_PRINTED else ""
    text = f" {DIFFERS_MARK}{told}".replace("\\", "").replace('"', "'").replace("`", "'")
    return ('`#text(fill: rgb("#9c2320"), size: 0.86em, weight: "bold", '
            f'"{text.replace("|", "/")}");`{{=typst}}')


def legend() -> str:
    """What the look and marks of quoted values mean, as Markdown."""
    marks = "\n".join(f"- ^{mark}^ {meaning}." for mark, meaning in MARKS.items())
    return ("A number or phrase with a dotted underline, in print in the colour of a link, is a "
            "statement of the article, recomputed from the dataset. It links to its entry in the "
            "audit (see @sec-audit), and in the HTML edition it shows on hover, focus or tap what "
            "was printed, the verdict, the rule and the sources. A value without a mark agrees "
            "with print. The marks are:\n\n"
            f"{marks}\n\n"
            "In print, the value that the article printed follows a difference in red. "
            "Where a sentence speaks of this edition's rows, the card shows what the article "
            "printed of it.\n")


def value(entry: Entry, part: int | None, tokens: tuple[str, ...]) -> str:
    """The text of a claim or of one part: recomputed, or as printed where nothing can be.

    Computed numbers are rounded to the decimals of their token. Raises QuoteError for a part that
    the claim does not have.
    """
    answer = shown(entry)
    if isinstance(answer, NotRecomputable):
        if answer.beside is None or tokens:
            return _as_printed(entry, part, tokens)
        answer = answer.beside
    if part is None:
        return _whole(answer, iter(tokens))
    texts = list(_parts(answer, iter(tokens)))
    return _pick(entry, part, texts)


def _spoken(text: str, count: bool) -> str:
    """A value as prose writes it: a day written out, a count in words where one is asked for."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return day(date.fromisoformat(text))
    return word(int(text)) if count and text.isdecimal() else text


def shown(entry: Entry) -> Answer:
    """The answer that counts: the ruled one where the claim only follows under its rule."""
    answer = entry.answer
    if isinstance(answer, Reading):
        return answer.ruled if entry.status == compare.UNDER_RULE else answer.plain
    return answer


def _mark(entry: Entry, part: int | None, tokens: tuple[str, ...]) -> str:
    answer = shown(entry)
    if isinstance(answer, NotRecomputable):
        return PRINTED_MARK if tokens or answer.beside is None else ""
    if entry.status != compare.DIFFERS:
        return ""
    if part is not None and compare.agrees(answer.atoms[part], tokens[part]):
        return ""
    return DIFFERS_MARK


def _as_printed(entry: Entry, part: int | None, tokens: tuple[str, ...]) -> str:
    spoken = [_references(token) for token in tokens]
    if part is not None:
        return _pick(entry, part, spoken)
    return spoken[0] if len(spoken) == 1 else entry.published


def _references(token: str) -> str:
    if token.startswith("refs:"):
        return Refs(compare.references(token)).text
    return token


def _pick(entry: Entry, part: int, texts: list[str]) -> str:
    if not 0 <= part < len(texts):
        raise QuoteError(f"claim {entry.claim_id} has {len(texts)} parts, there is no part {part}")
    return texts[part]


def _whole(answer: Answer, tokens: Iterator[str]) -> str:
    if isinstance(answer, Several):
        return "; ".join(_whole(part, tokens) for part in answer.parts)
    if isinstance(answer, Span):
        return "–".join(_parts(answer, tokens))
    if len(answer.atoms) == 1:
        return next(_parts(answer, tokens))
    for _ in answer.atoms:
        next(tokens, None)
    return answer.text


def _parts(answer: Answer, tokens: Iterator[str]) -> Iterator[str]:
    """The text of each value of an answer, beside the token it is compared with."""
    if isinstance(answer, Several):
        for part in answer.parts:
            yield from _parts(part, tokens)
    elif isinstance(answer, Span):
        yield from _parts(answer.low, tokens)
        yield from _parts(answer.high, tokens)
    else:
        for atom in answer.atoms:
            yield _text(answer, atom, next(tokens, ""))


def _text(answer: Answer, atom: Any, token: str) -> str:
    if isinstance(answer, Truth):
        return "yes" if atom else "no"
    if isinstance(answer, Number) and answer.printed:
        return answer.printed
    if isinstance(atom, float):
        decimals = len(token.partition(".")[2]) if compare.rounding_interval(token) else None
        return plain(atom) if decimals is None else f"{atom:.{decimals}f}"
    return answer.text if len(answer.atoms) == 1 else str(atom)


def _places(r: Review, entry: Entry) -> str:
    places = sources.of_rows(r, entry.rows)
    if not places:
        return "the article"
    text = "; ".join(f"{sources.name(r, source)}, {', '.join(where)}"
                     for source, where in sources.grouped(places[:CARD_PLACES]).items())
    more = len(places) - CARD_PLACES
    return f"{text}; and {more} more" if more > 0 else text


def _span(content: str, classes: str, *attributes: str) -> str:
    # brackets would do too, but Pandoc tries every reading of nested ones, which takes it seconds
    opening = " ".join(["<span", f'class="{classes}"', *attributes])
    return f"{opening}>{content}</span>"


def _line(key: str, text: str) -> str:
    return _span(f"{_span(key, 'claim-key')} {html.escape(text)}", "claim-line")


def _raw(text: str) -> str:
    """HTML as it is: the card holds no Markdown, and Pandoc need not look for any. Without the
    signs that would end it, or a cell of a table."""
    steady = text.replace("`", "&#96;").replace("|", "&#124;").replace("\n", " ")
    return f"`{steady}`{{=html}}"


def _attribute(text: str) -> str:
    """Text inside a quoted attribute, in a table cell too: no quotes, bars or brackets."""
    return text.translate(str.maketrans('"|`[]{}\n', "'/'()() ", "\\"))
