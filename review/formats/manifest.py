"""The ledger as a neutral claims manifest: JSON that explains its own fields.

One entry a claim: what is printed, what the rows give, the verdict and what it rests on, and the
rows with their sources. The claims are those of the published edition, whatever edition is asked
for, as in the ledger.
"""

from __future__ import annotations

from typing import Any

from review.audit import compare, registry, sources, verdicts
from review.dataset.load import Review
from review.formats.described import cell, described, digest, fingerprints, json_text

FORMAT = "audited-claims"
FORMAT_VERSION = "1.0"
FIELDS = {
    "claim_id": "Key of the claim; the same in every edition. The report has it at #claim-KEY.",
    "section": "Where the article states it.",
    "statement": "What is stated, in the words of the audit.",
    "printed": "The value as the article prints it.",
    "tokens": "The printed values one by one, in the order in which the rule returns them.",
    "recomputed": "What the rows give; null where they give nothing.",
    "status": f"The verdict: one of {', '.join(compare.STATUSES)}.",
    "how": f"What the verdict rests on: one of {', '.join(verdicts.HOW)}; null where nothing is "
           "compared.",
    "consequence": f"What a mismatch changes: one of {', '.join(verdicts.CONSEQUENCES)}; null "
                   "where there is none.",
    "rule": "How the value is recomputed, in words.",
    "function": "The function that recomputes it, as module and name.",
    "because": "The arithmetic behind the recomputed value, or why there is none; null where "
               "neither is needed.",
    "finding": "What the audit found beside the verdict; null where nothing.",
    "rows": "The rows it rests on: row is TABLE/KEY, a table of the dataset and the value of its "
            "first column; source_id is a key of sources and locator the place in that document, "
            "both null where the row has no source of its own.",
}


def text(r: Review) -> str:
    """The manifest as JSON.

    Raises DataError where the register of claims and the functions do not fit together.
    """
    published = verdicts.published(r)
    told, hashes = described(r.data), fingerprints(r.data)
    claims = [_claim(published, entry) for entry in verdicts.entries(r)]
    named = dict.fromkeys(row["source_id"] for claim in claims for row in claim["rows"]
                          if row["source_id"])
    return json_text({
        "format": FORMAT, "format_version": FORMAT_VERSION, "fields": FIELDS,
        "dataset": {
            "name": told.name, "title": told.title, "version": told.version,
            "licence": told.licence, "edition": r.name, "edition_of_claims": published.name,
            "digest": f"sha256:{digest(hashes)}",
            "digest_of": "the lines that sha256sum prints for the files below, sorted by name",
            "files": hashes},
        "sources": {source_id: _source(published, source_id) for source_id in named},
        "claims": claims,
    })


def _claim(r: Review, entry: registry.Entry) -> dict[str, Any]:
    tokens = registry.register(r)[entry.claim_id]["tokens"]
    rule = entry.function
    return {
        "claim_id": entry.claim_id, "section": entry.section, "statement": entry.claim,
        "printed": entry.published, "tokens": list(compare.tokens(tokens)),
        "recomputed": entry.recomputed or None, "status": entry.status, "how": entry.how or None,
        "consequence": entry.consequence or None, "rule": entry.rule,
        "function": f"{rule.__module__}.{rule.__qualname__}",
        "because": entry.because or None, "finding": entry.note or None,
        "rows": [_row(r, row) for row in entry.rows],
    }


def _row(r: Review, row: str) -> dict[str, str | None]:
    places = sources.of_rows(r, [row])
    source_id, locator = (places[0].source_id, places[0].locator) if places else (None, None)
    return {"row": row, "source_id": source_id, "locator": locator}


def _source(r: Review, source_id: str) -> dict[str, Any]:
    row = sources.document(r, source_id)
    return {"type": str(row["type"]), "citation": sources.citation(r, source_id),
            "citekey": cell(row["citekey"]), "url": cell(row["url"])}
