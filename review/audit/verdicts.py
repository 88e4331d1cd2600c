"""The audit as a whole: the ledger, its counts, what no longer has its reviewed verdict, errors.

The ledger always speaks of the published edition, whatever edition a page is rendered for.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from review.audit import compare, registry, sources
from review.dataset import freeze
from review.dataset.load import PUBLISHED, Review, load, read_text
from review.dataset.printed_numbers import Unreadable
from review.dataset.problems import DataError, Problem
from review.dataset.schema import line, read_schema
from review.dataset.views import Record, as_records

LABELS = {
    compare.REPRODUCES: "reproduces",
    compare.UNDER_RULE: "reproduces under a rule",
    compare.DIFFERS: "does not match",
    compare.NOT_RECOMPUTABLE: "cannot be recomputed",
}
# what a verdict rests on, in words that go on "rests on"
HOW = {
    "arithmetic": "arithmetic from other numbers",
    "printed twice": "the same thing printed at two places",
    "elimination": "what is left when the others are known",
    "extraction": "our own transcription alone",
}
# what a mismatch changes, the gravest first
CONSEQUENCES = {"headline": "a headline", "number": "a number", "reference": "a reference",
                "form": "form alone"}
COLUMNS = ["claim_id", "section", "claim", "published", "recomputed", "status", "rule", "note",
           "how", "consequence", "because", "sources"]


@lru_cache(maxsize=8)
def published(r: Review) -> Review:
    """The published edition of the dataset that `r` is an edition of."""
    return r if r.name == PUBLISHED else load(PUBLISHED, r.data, r.contents)


def entries(r: Review) -> list[registry.Entry]:
    """Every claim evaluated on the published edition, in the order of the register.

    Raises DataError when register and functions do not fit together: see `problems`.
    """
    mismatches = problems(r)
    if mismatches:
        raise DataError(mismatches)
    return registry.evaluate(published(r))


def ledger(r: Review) -> pd.DataFrame:
    """The ledger as a frame with COLUMNS, one row a claim; sources as one text a claim."""
    review = published(r)
    rows = [
        (e.claim_id, e.section, e.claim, e.published, e.recomputed, e.status, e.rule, e.note,
         e.how, e.consequence, e.because, _source_text(review, e))
        for e in entries(r)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype("string")


def counts(r: Review) -> pd.Series:
    """Number of claims by status, every status, in the order of compare.STATUSES."""
    tally = pd.Series([e.status for e in entries(r)]).value_counts()
    return tally.reindex(compare.STATUSES, fill_value=0).astype(int)


def how_counts(r: Review) -> pd.DataFrame:
    """Number of compared claims by what the verdict rests on (rows, in the order of HOW) and by
    verdict (columns, those of compare.STATUSES that compare). Every pair is there, 0 for none."""
    compared = [e for e in entries(r) if e.status != compare.NOT_RECOMPUTABLE]
    table = pd.crosstab(pd.Series([e.how for e in compared], dtype="object"),
                        pd.Series([e.status for e in compared], dtype="object"))
    columns = [status for status in compare.STATUSES if status != compare.NOT_RECOMPUTABLE]
    return table.reindex(index=list(HOW), columns=columns, fill_value=0).astype(int)


def changed(r: Review) -> list[Problem]:
    """Claims whose verdict is not the reviewed one, with old, new and the rows that moved."""
    reviewed = r.claims["status_reviewed"].astype("string").fillna("")
    return [
        Problem("claims.csv", line(index), "status_reviewed", old, "reviewed verdict",
                f"{e.claim_id} was {old or 'not reviewed'} and is now {e.status} "
                f"(printed {e.published}, recomputed {e.recomputed or 'nothing'}; "
                f"{_moved(r, e)})",
                "check these rows; if the new verdict is right, write it into the cell")
        for (index, old), e in zip(reviewed.items(), entries(r), strict=True)
        if old != e.status
    ]


def unjudged(r: Review, differing: Iterable[registry.Entry]) -> list[Problem]:
    """Claims that do not match of which nobody has said what follows and what it rests on."""
    lines = {claim_id: line(index) for index, claim_id in r.claims["claim_id"].items()}
    return [
        Problem("claims.csv", lines[e.claim_id], field, "", "finding not judged",
                f"{e.claim_id} does not match (printed {e.published}, recomputed {e.recomputed}), "
                f"and {field} is empty",
                f"check its rows with review claims; then write {field}, or mend the row")
        for e in differing for field in ("how", "consequence") if not getattr(e, field)
    ]


def problems(r: Review) -> list[Problem]:
    """Where the register, the functions and the reference list do not fit together."""
    register = registry.register(r)
    lines = {claim_id: line(i) for i, claim_id in enumerate(register)}
    try:
        rules = registry.rules(r.contents)
    except registry.TwoFunctions as twice:
        return [Problem(r.contents.claims.replace(".", "/"), 0, "", "", "two functions", str(twice),
                        "keep one of them")]
    mismatches = [
        Problem("claims.csv", lines[claim_id], "claim_id", claim_id, "claim without function",
                f"claim {claim_id} has no function",
                f'write one in {r.contents.claims}, marked @claim("{claim_id}")')
        for claim_id in register if claim_id not in rules
    ]
    for claim_id in sorted(set(rules) - set(register)):
        rule = rules[claim_id]
        mismatches.append(Problem(
            f"{rule.__module__.replace('.', '/')}.py", inspect.getsourcelines(rule)[1], "",
            claim_id, "function without claim",
            f"{rule.__name__} answers {claim_id}, which is not in claims.csv",
            "add the claim or correct the id"))
    known = set(r.references["ref"])
    for claim_id, row in register.items():
        try:
            fields = _cited(row)
        except Unreadable as error:
            mismatches.append(Problem("claims.csv", lines[claim_id], "tokens", str(row["tokens"]),
                                      "references", str(error), "correct it"))
            continue
        for field, cited in fields:
            if cited - known:
                unknown = ", ".join(map(str, sorted(cited - known)))
                mismatches.append(Problem(
                    "claims.csv", lines[claim_id], field, str(row[field]), "unknown reference",
                    f"claim {claim_id} cites reference {unknown}, which is not in references.csv",
                    "correct the number"))
    for index, row in zip(r.external.index, as_records(r.external), strict=True):
        for claim_id in row["claim_ids"].split(";"):
            if claim_id not in register:
                mismatches.append(Problem(
                    "external.csv", line(index), "claim_ids", claim_id, "unknown claim",
                    f"{row['external_id']} names {claim_id}, which is not in claims.csv",
                    "correct the id"))
    return mismatches


def external(r: Review, claim_id: str) -> pd.DataFrame:
    """What other sources say about a claim: its rows of external.csv."""
    return r.external.iloc[_bearing(r).get(claim_id, [])]


@lru_cache(maxsize=8)
def _bearing(r: Review) -> dict[str, list[int]]:
    """Places in external.csv of the rows that bear on a claim, by claim."""
    places: dict[str, list[int]] = {}
    for place, claim_ids in enumerate(r.external["claim_ids"]):
        for claim_id in dict.fromkeys(claim_ids.split(";")):
            places.setdefault(claim_id, []).append(place)
    return places


def _moved(r: Review, e: registry.Entry) -> str:
    """Which rows behind a claim are not as they were when the published edition was frozen."""
    then, now = freeze.read(r.data).get(PUBLISHED, {}), _digests(r)
    moved = [key for key in e.rows if then.get(key) != now.get(key)]
    tables = {key.split("/")[0] for key in e.rows}
    moved += [f"{key} (gone)" for key in then.keys() - now.keys() if key.split("/")[0] in tables]
    if moved:
        return f"rows that moved: {', '.join(moved)}"
    return "no frozen row behind it moved: look at its rule, at what is printed and at facts.csv"


@lru_cache(maxsize=8)
def _digests(r: Review) -> dict[str, str]:
    """Digests of the published rows as they are now, by "resource/key"."""
    resources = read_schema(r.data)
    tables = freeze.digests(resources, read_text(r.data, resources))
    return dict(pair for table in tables.values() for pair in table)


def _cited(row: Record) -> list[tuple[str, frozenset[int]]]:
    """Sets of references in a register row, with the field that holds them."""
    sets = []
    if (printed := row.get("refs_cited")) is not None:
        sets.append(("refs_cited", compare.references(printed)))
    sets += [("tokens", compare.references(token)) for token in compare.tokens(row["tokens"])
             if token.startswith("refs:")]
    return sets


def _source_text(r: Review, e: registry.Entry) -> str:
    places = sources.grouped(sources.of_rows(r, e.rows))
    return "; ".join(f"{sources.name(r, source)}: {', '.join(where)}"
                     for source, where in places.items())
