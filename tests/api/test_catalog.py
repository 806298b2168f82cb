"""The catalogue, read by an RDF library that may ask nobody, and held against DCAT-AP's shapes."""

import socket
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDFS, SKOS

from api import create_app
from api.answers import dcat_terms as terms
from api.encoders import negotiate
from api.encoders.negotiate import XLSX

# rdflib's own readers use what rdflib calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")

SHAPES = Path(__file__).with_name("dcat_ap.ttl")
HERE = "http://127.0.0.1:8000"
CATALOG = URIRef(f"{HERE}/v1/catalog")
EVERYTHING = URIRef(f"{CATALOG}#figures")
GIGABIT = URIRef(f"{CATALOG}#indicator-gigabit-availability")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own is that of DCAT 2
EU = Namespace("http://publications.europa.eu/resource/authority/")
OGL = EU["licence/OGL_3_0"]
ARCHIVES = URIRef("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")


BY_TITLE = {terms.form_of(item).title: item for item in terms.FORMS}
FORMATS = {
    "application/json": ("file-type/JSON", "JSON", "application/json"),
    "application/x-ndjson": (None, "NDJSON", None),
    "text/csv": ("file-type/CSV", "CSV", "text/csv"),
    "application/vnd.json-stat+json": ("file-type/JSON", "JSON", "application/json"),
    "application/vnd.sdmx.data+csv": ("file-type/CSV", "CSV", "text/csv"),
    XLSX.media_type: ("file-type/XLSX", "XLSX", XLSX.media_type),
    "application/vnd.apache.parquet": ("file-type/PARQUET", "Parquet", "application/vnd.apache.parquet"),
    "application/zip": ("file-type/ZIP", "ZIP", "application/zip"),
}
"""What each format is in the EU's list, what people read of it, and its media type where IANA has one."""


def read(client, address="/v1/catalog"):
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/ld+json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", None)
        return Graph().parse(data=response.data, format="json-ld")


@pytest.fixture
def graph(client):
    """The catalogue of the current release."""
    return read(client)


def violations(graph, **options):
    conforms, _, report = pyshacl.validate(graph, shacl_graph=str(SHAPES), **options)
    return "" if conforms else report


def asked(client, address):
    """What a HEAD of an address of the catalogue hears."""
    assert address.startswith(f"{HERE}/")
    return client.head(str(address).removeprefix(HERE))


def test_nothing_that_dcat_ap_demands_is_missing(graph):
    assert violations(graph, meta_shacl=True) == ""


@pytest.mark.parametrize(
    ("kind", "predicate"),
    [
        (DCAT.Catalog, DCTERMS.title),
        (DCAT.Catalog, DCTERMS.publisher),
        (DCAT.Dataset, DCTERMS.description),
        (DCAT.Distribution, DCAT.accessURL),
        (DCAT.DataService, DCAT.endpointURL),
        (FOAF.Agent, FOAF.name),
    ],
)
def test_the_shapes_miss_what_is_taken_out(graph, kind, predicate):
    one = min(graph.subjects(RDF.type, kind))
    graph.remove((one, predicate, None))
    assert str(one) in violations(graph)


@pytest.mark.parametrize("predicate", [DCAT.accessURL, DCAT.mediaType, DCTERMS.license])
def test_the_shapes_refuse_a_text_for_an_address(graph, predicate):
    one = URIRef(f"{EVERYTHING}.csv")
    graph.set((one, predicate, Literal(graph.value(one, predicate))))
    assert str(one) in violations(graph)


def test_a_data_set_of_everything_and_one_of_each_indicator(client, graph):
    listed = set(graph.objects(CATALOG, DCAT.dataset))
    slugs = [item["id"] for item in client.get("/v1/indicators?limit=1000").json["data"]]
    assert listed == {EVERYTHING, *(URIRef(f"{CATALOG}#indicator-{slug}") for slug in slugs)}
    # Sources are no data sets of ours: a portal that looks for the type alone finds the same.
    assert listed == set(graph.subjects(RDF.type, DCAT.Dataset))
    (service,) = graph.objects(CATALOG, DCAT.service)
    assert set(graph.objects(service, DCAT.servesDataset)) == listed
    assert asked(client, graph.value(service, DCAT.endpointURL)).status_code == 200
    assert asked(client, graph.value(service, DCAT.endpointDescription)).status_code == 200


@pytest.mark.parametrize("dataset", [EVERYTHING, GIGABIT])
def test_every_file_of_observations_is_what_it_says(client, graph, dataset):
    seen = {}
    for one in graph.objects(dataset, DCAT.distribution):
        stated = BY_TITLE[str(graph.value(one, DCTERMS.title)).partition(", release")[0]]
        for address in chain(graph.objects(one, DCAT.accessURL), graph.objects(one, DCAT.downloadURL)):
            response = asked(client, address)
            assert (response.status_code, response.mimetype) == (200, stated), address
            if "/v1/releases/" in address:
                continue
            assert ("Content-Location" in response.headers) is ("release=" not in address)
            seen.setdefault(stated, []).append(str(address))
    everything = dataset == EVERYTHING
    formats = [item for item in negotiate.OBSERVATIONS if not item.describes and not (everything and item.cube)]
    assert seen.keys() == {item.media_type for item in formats}
    # Pages are no download of the whole.
    for item in formats:
        downloaded = item.whole and not (everything and item.in_one_piece)
        assert len(seen[item.media_type]) == (2 if downloaded else 1), item.name
    assert len(seen["application/json"]) == 1


def test_every_format_is_one_that_harvesters_know(graph):
    """None is an address of ours: that would be shown to people as the name of the format."""
    told = set()
    for one in graph.subjects(RDF.type, DCAT.Distribution):
        form = graph.value(one, DCTERMS.format)
        served = BY_TITLE[str(graph.value(one, DCTERMS.title)).partition(", release")[0]]
        code, label, registered = FORMATS[served]
        assert form == EU[code] if code else isinstance(form, BNode)
        # ckanext-dcat takes the first kind, and the label of this one alone.
        assert next(graph.objects(form, RDF.type)) == DCTERMS.IMT
        assert [str(item) for item in graph.objects(form, RDFS.label)] == [label]
        assert [str(item) for item in graph.objects(form, RDF.value)] == [registered or served]
        stated = graph.value(one, DCAT.mediaType)
        assert stated == (registered and URIRef(f"https://www.iana.org/assignments/media-types/{registered}"))
        told.add(served)
    assert told == FORMATS.keys()


def test_everything_has_days_a_contact_and_its_access(graph):
    catalog, service = [CATALOG], list(graph.objects(CATALOG, DCAT.service))
    datasets, files = list(graph.subjects(RDF.type, DCAT.Dataset)), list(graph.subjects(RDF.type, DCAT.Distribution))
    assert (len(datasets), len(service)) == (32, 1)
    for one in (*catalog, *service, *datasets, *files):
        days = [graph.value(one, predicate) for predicate in (DCTERMS.issued, DCTERMS.modified)]
        assert days == sorted(days)
        assert {day.datatype for day in days} == {XSD.dateTime}
    for one in (*catalog, *service, *datasets):
        assert graph.value(one, DCTERMS.accessRights) == EU["access-right/PUBLIC"]
        contact = graph.value(one, DCAT.contactPoint)
        assert graph.value(contact, RDF.type) == VCARD.Organization
        assert str(graph.value(contact, VCARD.fn)) == "UK Regional Digital Capital API"
        assert graph.value(contact, VCARD.hasURL) == URIRef(f"{HERE}/docs")
        assert graph.value(contact, VCARD.hasEmail) is None


def test_days_are_those_on_which_the_figures_came_and_changed(client, graph):
    def days(of, address="/v1/catalog"):
        found = graph if address == "/v1/catalog" else read(client, address)
        return [str(found.value(of, predicate))[:10] for predicate in (DCTERMS.issued, DCTERMS.modified)]

    assert days(GIGABIT) == ["2025-10-10", "2026-06-26"]
    assert days(GIGABIT, "/v1/catalog?release=2") == ["2025-10-10", "2026-01-12"]
    assert days(URIRef(f"{CATALOG}#indicator-gva-sic-j")) == ["2025-10-10", "2025-10-10"]
    assert days(EVERYTHING, "/v1/catalog?release=3") == ["2025-10-10", "2026-01-14"]
    assert days(URIRef(f"{GIGABIT}.csv")) == days(GIGABIT)
    assert days(URIRef(f"{EVERYTHING}.release-csv")) == ["2026-06-26", "2026-06-26"]


def test_whom_to_ask_is_a_setting(settings):
    somebody = replace(
        settings, contact_name="Data team", contact_email="data@example.org", contact_url="https://example.org/data"
    )
    app = create_app(somebody)
    graph = Graph().parse(data=app.test_client().get("/v1/catalog").data, format="json-ld")
    app.extensions["database"].engine.dispose()
    contact = graph.value(GIGABIT, DCAT.contactPoint)
    assert str(graph.value(contact, VCARD.fn)) == "Data team"
    assert graph.value(contact, VCARD.hasEmail) == URIRef("mailto:data@example.org")
    assert graph.value(contact, VCARD.hasURL) == URIRef("https://example.org/data")
    assert violations(graph) == ""


def test_the_files_of_the_release_are_named(graph):
    files = {str(one) for one in graph.objects(None, DCAT.downloadURL) if "/v1/releases/" in one}
    assert files == {f"{HERE}/v1/releases/4/download.{name}" for name in negotiate.DOWNLOADS}


def test_what_is_said_of_an_indicator(graph):
    assert str(graph.value(GIGABIT, DCTERMS.identifier)) == "gigabit-availability"
    assert str(graph.value(graph.value(GIGABIT, DCTERMS.publisher), FOAF.name)) == "Ofcom"
    assert graph.value(GIGABIT, DCTERMS.accrualPeriodicity) == EU["frequency/ANNUAL_2"]
    assert graph.value(GIGABIT, DCTERMS.spatial) == EU["country/GBR"]
    assert graph.value(GIGABIT, DCTERMS.license) == OGL
    assert graph.value(GIGABIT, DCAT.theme) == URIRef(f"{HERE}/v1/components/digital-infrastructure")
    assert str(graph.value(GIGABIT, DCAT.version)) == "4"


@pytest.mark.parametrize(
    ("slug", "first", "last"),
    [
        ("gigabit-availability", ("2022-09", XSD.gYearMonth), ("2026-01", XSD.gYearMonth)),
        ("population", ("1998", XSD.gYear), ("2023", XSD.gYear)),
        ("apprenticeship-starts-rate", ("2019-08-01", XSD.date), ("2025-07-31", XSD.date)),
    ],
)
def test_periods_are_of_their_own_kind(graph, slug, first, last):
    period = graph.value(URIRef(f"{CATALOG}#indicator-{slug}"), DCTERMS.temporal)
    for predicate, (text, kind) in ((DCAT.startDate, first), (DCAT.endDate, last)):
        found = graph.value(period, predicate)
        assert (str(found), found.datatype) == (text, kind)


def test_other_licences_are_told_as_they_were_given(client, graph):
    titles = {}
    for item in graph.objects(CATALOG, DCAT.dataset):
        licence = graph.value(item, DCTERMS.license)
        assert {graph.value(one, DCTERMS.license) for one in graph.objects(item, DCAT.distribution)} == {licence}
        if licence != OGL:
            titles[str(graph.value(item, DCTERMS.identifier))] = str(graph.value(licence, DCTERMS.title))
    assert titles.keys() == {"figures", "daily-internet-users", "innovate-uk-funding", "ukri-funding"}
    assert titles["daily-internet-users"] == "Eurostat reuse policy (attribution)"
    sources = client.get("/v1/sources").json["data"]
    given = {
        item["licence"] for item in sources if item["id"] != "open-innovations-hexagons"
    }  # of maps, not of figures
    assert set(titles["figures"].replace("; source", ", source").split("; ")) == {
        text.replace("; source", ", source") for text in given
    }


def test_our_own_licence_is_where_the_sources_say(client):
    sources = client.get("/v1/sources").json["data"]
    assert {item["licence_url"] for item in sources if item["licence"] == "Open Government Licence v3.0"} == {
        str(ARCHIVES)
    }


def test_our_own_licence_is_the_same_in_both_vocabularies(graph):
    assert graph.value(OGL, SKOS.exactMatch) == ARCHIVES
    assert str(graph.value(OGL, DCTERMS.title)) == "Open Government Licence v3.0"


def test_a_catalogue_of_a_release(client):
    pinned = read(client, "/v1/catalog?release=1")
    assert violations(pinned) == ""
    assert {str(one) for one in pinned.objects(None, DCAT.version)} == {"1"}
    assert str(pinned.value(CATALOG, DCTERMS.modified)) == "2025-10-10T00:00:00+00:00"
    assert str(pinned.value(pinned.value(GIGABIT, DCTERMS.temporal), DCAT.endDate)) == "2025-01"
    downloads = [str(one) for one in pinned.objects(None, DCAT.downloadURL)]
    assert all("release=1" in one or "/v1/releases/1/" in one for one in downloads)


def test_it_is_asked_like_everything_else(client):
    first = client.get("/v1/catalog")
    assert first.headers["Content-Location"] == "/v1/catalog?release=4"
    again = client.get("/v1/catalog", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/v1/catalog?release=99").status_code == 404
    assert client.get("/v1/catalog", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/v1/catalog", headers={"Accept": "application/json"}).mimetype == "application/ld+json"
