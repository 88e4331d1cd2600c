"""PROV-JSON, read by the library of the standard."""

import json

import pytest
from prov.model import (
    ProvActivity,
    ProvDerivation,
    ProvDocument,
    ProvEntity,
    ProvGeneration,
    ProvUsage,
)

from review.audit import quantities
from review.formats.prov import text

ENDS = {"used": ("activity", "entity"), "wasGeneratedBy": ("entity", "activity"),
        "wasDerivedFrom": ("generatedEntity", "usedEntity", "activity"),
        "wasAssociatedWith": ("activity", "agent"), "hadMember": ("collection", "entity")}


@pytest.fixture(scope="module")
def document(made):
    return ProvDocument.deserialize(content=made["prov"], format="json")


def test_the_library_reads_every_record_and_writes_the_same(document, made):
    told = json.loads(made["prov"])
    number = sum(len(records) for kind, records in told.items() if kind != "prefix")
    assert len(document.get_records()) == number
    assert ProvDocument.deserialize(content=document.serialize(format="json"), format="json") \
        == document


def test_every_end_of_a_relation_is_a_record(made):
    told = json.loads(made["prov"])
    known = {*told["entity"], *told["activity"], *told["agent"]}
    assert set(told) == {"prefix", "entity", "activity", "agent", *ENDS}
    for relation, ends in ENDS.items():
        for record in told[relation].values():
            told_ends = {name for name in record
                         if name.startswith("prov:") and name != "prov:type"}
            # a claim is derived from the article by nothing that this project did
            optional = {"prov:activity"} if record.get("prov:type") else set()
            assert {f"prov:{end}" for end in ends} - told_ends <= optional
            assert {record[name] for name in told_ends} <= known


def test_every_row_of_a_claim_was_read_from_a_document(document):
    generated = {str(one.args[0]) for one in document.get_records(ProvGeneration)}
    used = {str(one.args[0]) for one in document.get_records(ProvUsage)}
    activities = {str(one.identifier) for one in document.get_records(ProvActivity)}
    assert {name for name in activities if name.startswith("extraction:")} <= used
    made_of = {str(one.args[0]) for one in document.get_records(ProvDerivation)}
    rows = {str(one.identifier) for one in document.get_records(ProvEntity)
            if str(one.identifier).startswith("row:outcomes/")}
    assert rows and rows <= generated & made_of


def test_who_read_a_row_is_told_or_told_to_be_unknown(made):
    readings = [record for name, record in json.loads(made["prov"])["activity"].items()
                if name.startswith("extraction:")]
    assert readings
    assert all(record["review:extracted_by"] and record["review:checked_on"]
               for record in readings)


def test_the_quantities_are_those_of_the_edition(update):
    entities = json.loads(text(update))["entity"]
    numbers = quantities.evaluate(update)
    assert {name for name in entities if name.startswith("quantity:")} \
        == {f"quantity:{number.quantity_id}" for number in numbers}
    assert all(f"row:{row}" in entities for number in numbers for row in number.rows)
    assert any(name.startswith("row:outcomes/newcomer-2026") for name in entities)
