"""One claim followed through every format: the median OS of clinical trials, in the abstract."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from prov.model import ProvDerivation, ProvDocument
from rdflib import RDF, Graph, Namespace, URIRef

from review.audit import registry
from review.formats.names import CRATE
from review.report.front import machine

CLAIM = "AB-18"


@pytest.fixture(scope="module")
def cells(published):
    """The cells of the rows behind the claim, read from the CSV file itself."""
    with (published.data / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        lines = {f"outcomes/{line['outcome_id']}": line for line in csv.DictReader(file)}
    return {row: lines[row] for row in registry.entry(published, CLAIM).rows}


@pytest.fixture(scope="module")
def printed(published):
    row = published.claims.set_index("claim_id").loc[CLAIM]
    assert len(str(row["tokens"]).split(";")) == 2
    return row["published"], str(row["tokens"]).split(";")


def test_in_the_manifest(made, cells, printed):
    told = json.loads(made["claims"])
    (one,) = [one for one in told["claims"] if one["claim_id"] == CLAIM]
    assert (one["printed"], one["tokens"]) == printed
    assert one["recomputed"] == printed[0] and one["status"] == "reproduces"
    assert {row["row"]: (row["source_id"], row["locator"]) for row in one["rows"]} \
        == {row: (cell["source_id"], cell["locator"]) for row, cell in cells.items()}
    assert all(told["sources"][cell["source_id"]]["citation"] for cell in cells.values())


def test_in_prov_from_the_document_to_the_claim(made, cells, printed):
    document = ProvDocument.deserialize(content=made["prov"], format="json")
    ways = {}
    for one in document.get_records(ProvDerivation):
        ways.setdefault(str(one.args[0]), set()).add(str(one.args[1]))
    assert ways[f"recomputed:{CLAIM}"] == {f"row:{row}" for row in cells}
    for row, cell in cells.items():
        assert ways[f"row:{row}"] == {f"source:{cell['source_id']}"}
        (entity,) = document.get_record(f"row:{row}")
        told = {str(name): value for name, value in entity.attributes}
        assert (str(told["review:value"]), told["review:locator"]) \
            == (cell["value"], cell["locator"])
    (claim,) = document.get_record(f"claim:{CLAIM}")
    assert printed[0] in claim.value
    assert ways[f"claim:{CLAIM}"] == {"source:gay2025"}


def test_in_the_file_for_r_its_ends_are_estimates(made, cells, printed):
    rows = {row["row"]: row for row in csv.DictReader(io.StringIO(made["metafor"]))}
    assert sorted(rows[row]["est"] for row in cells) == sorted(printed[1])
    for row, cell in cells.items():
        assert rows[row]["outcome"] == "os" and rows[row]["setting"] == "clinical"
        assert (rows[row]["source"], rows[row]["locator"]) == (cell["source_id"], cell["locator"])


def test_in_the_bibliography_its_documents_are_cited(made, cells, published):
    keys = published.sources.set_index("source_id")["citekey"]
    cited = {one["id"]: one for one in json.loads(made["csl-json"])}
    for cell in cells.values():
        assert cited[keys[cell["source_id"]]]["title"]


def test_in_the_crate_lie_the_files_that_hold_it(project, cells):
    graph = {one["@id"]: one for one in json.loads((project / CRATE).read_text("utf-8"))["@graph"]}
    (holding,) = {f"data/{row.partition('/')[0]}.csv" for row in cells}
    for name in (holding, "data/claims.csv", "downloads/claims.json"):
        assert {"@id": name} in graph["./"]["hasPart"] and graph[name]["@type"] == "File"
    keys = {row.partition("/")[2] for row in cells}
    text = (project / holding).read_text("utf-8")
    assert all(f"\n{key}," in text for key in keys)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # it warns of itself
def test_in_the_page_for_machines_it_is_a_reviewed_claim_of_the_article(published, printed):
    schema, page = Namespace("https://schema.org/"), "https://example.org/report"
    script = BeautifulSoup(machine(published), "html.parser").find("script").string
    told = json.loads(script)
    assert told["@context"] == "https://schema.org"
    # the context of schema.org lies on the network; as to what is used here, it is this
    told["@context"] = {"@vocab": str(schema), "url": {"@type": "@id"}}
    graph = Graph().parse(data=json.dumps(told), format="json-ld", publicID=page)
    (review,) = graph.subjects(schema.url, URIRef(f"{page}#claim-{CLAIM}"))
    assert (review, RDF.type, schema.ClaimReview) in graph
    assert printed[0] in graph.value(review, schema.claimReviewed)
    rating = graph.value(review, schema.reviewRating)
    assert str(graph.value(rating, schema.alternateName)) == "reproduces"
    article = graph.value(graph.value(review, schema.itemReviewed), schema.appearance)
    assert (article, RDF.type, schema.ScholarlyArticle) in graph
    assert "10.3389/fonc.2025.1550644" in str(article)
