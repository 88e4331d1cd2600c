"""Where each number comes from, as W3C PROV (PROV-JSON).

A document was used by a reading, which generated rows; rows were used by an audit, which generated
what a claim is recomputed as, or by a summary, which generated a quantity of the edition:

    source <- extraction <- row <- audit <- recomputed -> claim -> source of the article
                            row <- summary <- quantity

so that every claim and quantity can be followed to documents and places in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from review.audit import quantities, registry, sources, verdicts
from review.dataset.load import Review
from review.dataset.schema import ROW
from review.formats.described import Described, cell, described, digest, fingerprints, json_text

KINDS = ("source", "extraction", "row", "claim", "audit", "recomputed", "quantity", "summary")
SOFTWARE = "review:engine"
# cells that a row is known by, where its table has them
TOLD = ("status", "kind", "value", "value_high", "unit", "printed", "text", "bound_low",
        "bound_high", "locator")
READ_BY = ("extracted_by", "extracted_on", "checked_by", "checked_on")
NOT_RECORDED = "not recorded"


class _Document:
    """A PROV document while it is made: records by kind, each said once."""

    def __init__(self, told: Described) -> None:
        self.records: dict[str, Any] = {
            "prefix": {"review": told.base + "terms#"}
            | {kind: f"{told.base}{kind}/" for kind in KINDS}}

    def add(self, kind: str, key: str, /, **attributes: Any) -> str:
        """An entity, activity or agent under its key; the first saying counts. Attributes whose
        names carry no prefix are this project's; what is None is left out."""
        self.records.setdefault(kind, {}).setdefault(key, _named(attributes))
        return key

    def relate(self, relation: str, attributes: Mapping[str, Any] | None = None,
               **ends: str) -> None:
        """A relation between records; its ends carry the names that PROV gives them."""
        relations = self.records.setdefault(relation, {})
        relations[f"_:{relation}{len(relations) + 1}"] = {
            **{f"prov:{end}": key for end, key in ends.items()}, **_named(attributes or {})}


def text(r: Review) -> str:
    """The chain of an edition as PROV-JSON: its quantities, and every claim of the article.

    Raises DataError where the register of claims and the functions do not fit together.
    """
    published = verdicts.published(r)
    entries, numbers = verdicts.entries(r), quantities.evaluate(r)
    told = described(r.data)
    made = _Document(told)
    made.add("agent", SOFTWARE, **{"prov:type": _type("prov:SoftwareAgent"),
                                   "prov:label": "review, the engine of this living review"})
    made.add("entity", "review:dataset", **{
        "prov:type": _type("prov:Collection"), "prov:label": told.title,
        "version": told.version, "edition": r.name,
        "digest": f"sha256:{digest(fingerprints(r.data))}"})
    _rows(made, published, (row for entry in entries for row in entry.rows))
    _rows(made, r, (row for number in numbers for row in number.rows))
    for entry in entries:
        _claim(made, published, entry)
    for number in numbers:
        _quantity(made, number)
    return json_text(made.records)


def _rows(made: _Document, r: Review, wanted: Iterable[str]) -> None:
    """The rows with the documents they were read from, each once."""
    left = set(wanted) - {key.removeprefix("row:") for key in made.records["entity"]}
    for table in r.tables.values():
        for row in table[table[ROW].isin(left)].to_dict("records"):
            _row(made, r, row)


def _row(made: _Document, r: Review, row: Mapping[str, Any]) -> None:
    key = f"row:{row[ROW]}"
    if key in made.records["entity"]:
        return
    made.add("entity", key, **{"prov:type": _type("review:Row"), "prov:label": row[ROW]},
             **{name: cell(row[name]) for name in TOLD if name in row})
    made.relate("hadMember", collection="review:dataset", entity=key)
    places = sources.of_rows(r, [str(row[ROW])])
    for place in places:
        source = _source(made, r, place.source_id)
        read = {name: cell(row.get(name)) for name in READ_BY}
        extraction = f"extraction:{row[ROW]}"
        made.add("activity", extraction, **{
            "prov:type": _type("review:Extraction"), "locator": place.locator,
            **{name: value or NOT_RECORDED for name, value in read.items()}})
        made.relate("used", activity=extraction, entity=source)
        made.relate("wasGeneratedBy", entity=key, activity=extraction)
        made.relate("wasDerivedFrom", {"locator": place.locator}, generatedEntity=key,
                    usedEntity=source, activity=extraction)


def _source(made: _Document, r: Review, source_id: str) -> str:
    row = sources.document(r, source_id)
    return made.add("entity", f"source:{source_id}", **{
        "prov:type": _type("review:Source"), "prov:label": sources.citation(r, source_id),
        "prov:location": cell(row["url"]), "citekey": cell(row["citekey"])})


def _claim(made: _Document, r: Review, entry: registry.Entry) -> None:
    """A claim as the article prints it, and what the audit makes of it."""
    claim = made.add("entity", f"claim:{entry.claim_id}", **{
        "prov:type": _type("review:Claim"), "prov:label": entry.claim, "prov:value":
        entry.published, "section": entry.section})
    article = _source(made, r, sources.article(r))
    made.relate("wasDerivedFrom", {"prov:type": _type("prov:Quotation")}, generatedEntity=claim,
                usedEntity=article)
    rule = entry.function
    audit = made.add("activity", f"audit:{entry.claim_id}", **{
        "prov:type": _type("review:Audit"), "rule": entry.rule,
        "function": f"{rule.__module__}.{rule.__qualname__}"})
    recomputed = made.add("entity", f"recomputed:{entry.claim_id}", **{
        "prov:type": _type("review:Recomputed"), "prov:value": entry.recomputed or None,
        "verdict": entry.status, "how": entry.how or None,
        "consequence": entry.consequence or None, "because": entry.because or None})
    made.relate("used", activity=audit, entity=claim)
    _made_of(made, recomputed, audit, entry.rows)


def _quantity(made: _Document, number: quantities.Quantity) -> None:
    quantity = made.add("entity", f"quantity:{number.quantity_id}", **{
        "prov:type": _type("review:Quantity"), "prov:label": number.what,
        "prov:value": number.text})
    summary = made.add("activity", f"summary:{number.quantity_id}",
                       **{"prov:type": _type("review:Summary")})
    _made_of(made, quantity, summary, number.rows)


def _made_of(made: _Document, result: str, activity: str, rows: Iterable[str]) -> None:
    made.relate("wasAssociatedWith", activity=activity, agent=SOFTWARE)
    made.relate("wasGeneratedBy", entity=result, activity=activity)
    for row in rows:
        made.relate("used", activity=activity, entity=f"row:{row}")
        made.relate("wasDerivedFrom", generatedEntity=result, usedEntity=f"row:{row}",
                    activity=activity)


def _type(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name if ":" in name else f"review:{name}": value
            for name, value in attributes.items() if value is not None and value != ""}
