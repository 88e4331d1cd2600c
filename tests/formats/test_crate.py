"""The RO-Crate, checked by the validator of the standard and read by its Python library.

The validator fetches the JSON-LD context of RO-Crate from its address. Here it is given the one
that the library `rocrate` brings along, which defines the terms of 1.1 and later ones, so that the
test needs no network.
"""

import json
from importlib.resources import files

import pytest
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.utils.http import HttpRequester

from review.formats import crate
from review.formats.names import CRATE

# its RDF library warns of its own plans
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib",
                                        "ignore::DeprecationWarning:pyshacl",
                                        "ignore::DeprecationWarning:rocrate_validator")


class Bundled:
    """The answer of a server that has the context."""

    status_code, ok, from_cache = 200, True, True
    headers = {"Content-Type": "application/ld+json"}
    text = (files("rocrate") / "data" / "ro-crate.jsonld").read_text("utf-8")
    content = text.encode()

    def json(self):
        return json.loads(self.text)

    def raise_for_status(self):
        pass


@pytest.fixture
def issues(monkeypatch):
    """issues(folder): what the validator finds wrong with the crate in it."""
    asked = []

    def get(self, url, **_):
        asked.append(url)
        assert url == crate.CONTEXT
        return Bundled()

    monkeypatch.setattr(HttpRequester, "get", get, raising=False)

    def found(folder):
        result = services.validate({
            "rocrate_uri": str(folder), "profile_identifier": "ro-crate-1.1",
            "requirement_severity": "REQUIRED", "offline": True})
        assert asked
        return [issue.message for issue in result.get_issues()]

    return found


@pytest.fixture
def graph(project):
    return {one["@id"]: one for one in json.loads((project / CRATE).read_text("utf-8"))["@graph"]}


def test_the_validator_finds_nothing_that_is_required(issues, project):
    assert issues(project) == []


@pytest.mark.nightly
def test_the_validator_sees_a_missing_file_and_a_missing_licence(issues, project, tmp_path, graph):
    """What the test above could not see, it would not check."""
    import shutil

    spoilt = shutil.copytree(project, tmp_path / "spoilt")
    (spoilt / "data" / "outcomes.csv").unlink()
    del graph["./"]["license"]
    (spoilt / CRATE).write_text(json.dumps({"@context": crate.CONTEXT,
                                            "@graph": list(graph.values())}), "utf-8")
    told = " ".join(issues(spoilt))
    assert "outcomes.csv" in told and "license" in told


def test_the_library_reads_it(project):
    read = ROCrate(str(project))
    assert {one.id for one in read.data_entities} >= {"index.html", "data/outcomes.csv"}
    assert read.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert read.root_dataset["isBasedOn"]["name"].startswith("Clinical outcomes")
    (action,) = [one for one in read.contextual_entities if one.type == "CreateAction"]
    assert {one.id for one in action["result"]} == {"index.html", "anti-cd38-retreatment.pdf"}
    assert read.dereference("data/outcomes.csv") in action["object"]


def test_it_describes_the_whole_folder(project, graph):
    there = {path.relative_to(project).as_posix() for path in project.rglob("*")
             if path.is_file()} - {"_quarto.yml", CRATE}
    parts = {one["@id"] for one in graph["./"]["hasPart"]}
    assert parts == there
    for name in parts:
        if size := graph[name].get("contentSize"):
            assert int(size) == (project / name).stat().st_size
        assert graph[name]["name"] and graph[name]["encodingFormat"] != crate.OTHER_FORMAT


def test_every_reference_is_described_or_a_file(graph):
    def references(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if set(value) == {"@id"} else []
            value = list(value.values())
        for one in value if isinstance(value, list) else []:
            yield from references(one)

    named = set(references(list(graph.values())))
    assert named - set(graph) == {crate.PROFILE}


def test_the_authors_are_those_of_the_article_in_their_order(graph, published):
    article = graph["https://doi.org/10.3389/fonc.2025.1550644"]
    names = [graph[one["@id"]]["name"] for one in article["author"]]
    assert names == list(published.authors.sort_values("position")["name"])


def test_a_review_without_creators_and_resources_has_a_crate_too(second):
    made = json.loads(crate.text(second.load(), second.root))
    whole = next(one for one in made["@graph"] if one["@id"] == "./")
    assert "author" not in whole and whole["isBasedOn"] == {"@id": "#hazel2020"}
    assert {one["@id"] for one in whole["hasPart"]} >= {"index.html", "data/rows/tbl-studies.csv"}
