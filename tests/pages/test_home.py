"""The home page: what it says to people, and the data set that it describes to search engines."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from rdflib import RDF, Graph, Namespace

from api import create_app
from api.answers.dcat_terms import form_of

SCHEMA = Namespace("https://schema.org/")
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def described(response):
    """The data set in a page, as a search engine would take it out."""
    assert response.status_code == 200 and response.mimetype == "text/html"
    (block,) = BLOCK.findall(response.text)
    return json.loads(block)


def test_the_page_names_the_release_and_what_is_in_it(client):
    page = client.get("/")
    said = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", BLOCK.sub("", page.text))))
    release = client.get("/v1/").json["data"]["release"]
    assert f"Release {release['id']} " in said
    assert "26 June 2026" in said and release["reason"] in said
    regions = client.get("/v1/regions?limit=1000").json["meta"]["returned"]
    assert "31 open indicators" in said and f"for {regions} places" in said
    assert page.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"


def test_every_address_on_the_page_leads_somewhere(client):
    addresses = [unescape(link) for link in re.findall(r'href="(/[^"]*)"', client.get("/").text)]
    assert {"/docs", "/openapi.json", "/v1/catalog", "/releases"} <= set(addresses)
    assert sum(address.startswith(("/v1/series/", "/v1/regions?", "/v1/observations")) for address in addresses) == 4
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_the_data_set_has_what_searches_ask_for(client):
    dataset = described(client.get("/"))
    assert dataset["@type"] == "Dataset"
    assert 50 <= len(dataset["description"]) <= 5_000
    assert dataset["name"] and dataset["url"] == "http://127.0.0.1:8000/"
    assert "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/" in dataset["license"]
    assert {"@type": "Organization", "name": "Ofcom"} in dataset["creator"]
    assert dataset["temporalCoverage"] == "1998-01-01/2026-01-31"
    assert dataset["spatialCoverage"]["name"] == "United Kingdom"
    assert dataset["isAccessibleForFree"] is True
    assert len(dataset["variableMeasured"]) == 31
    assert all(item["contentUrl"] and item["encodingFormat"] for item in dataset["distribution"])


def test_it_says_the_same_as_the_catalogue(client):
    dataset = described(client.get("/"))
    catalogue = client.get("/v1/catalog").json
    (everything,) = [item for item in catalogue["dataset"] if item["identifier"] == "figures"]
    assert (dataset["@id"], dataset["version"], dataset["dateModified"], dataset["description"]) == tuple(
        everything[name] for name in ("@id", "version", "modified", "description")
    )
    # Here each format goes by the media type that it is served as, there by the nearest one that is registered.
    assert [
        (item["contentUrl"], form_of(item["encodingFormat"]).registered or item["encodingFormat"])
        for item in dataset["distribution"]
    ] == [
        (item["downloadURL"], item["format"]["value"]) for item in everything["distribution"] if "downloadURL" in item
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib's reader uses what rdflib calls deprecated
def test_the_data_set_is_rdf_without_another_host(client):
    graph = Graph().parse(data=json.dumps(described(client.get("/"))), format="json-ld")
    (dataset,) = graph.subjects(RDF.type, SCHEMA.Dataset)
    assert str(graph.value(dataset, SCHEMA.version)) == "4"
    assert len(set(graph.objects(dataset, SCHEMA.variableMeasured))) == 31


def test_nothing_in_the_data_can_end_its_script(settings):
    """Whatever stands in titles or settings: what would close the element is written as JSON escapes."""
    hostile = 'http://x.example/</script><script>alert("&")</script><!--'
    app = create_app(replace(settings, public_url=hostile))
    page = app.test_client().get("/")
    assert described(page)["url"] == f"{hostile}/"
    assert page.text.count("<script") == page.text.count("</script") == 2
    assert "<!--" not in page.text
    app.extensions["database"].engine.dispose()
