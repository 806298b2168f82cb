"""Where answers lead: pinned ones to pinned ones, and empty ones never to themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest

from api.http.documentation import PATH_PARAMETERS
from api.pinned import same_question
from tests.contract_client import ContractClient, document

HERE = "http://127.0.0.1:8000"
PATHS = {name: example for name, (_, example) in PATH_PARAMETERS.items()} | {"indicator": "gva-sic-j"}
QUERIES = {
    "/v1/comparisons": "indicator=gva-sic-j&region=E12000005",
    "/v1/charts/series": "indicator=gva-sic-j-per-head&region=E12000005&with=uk",
    "/v1/charts/comparison": "indicator=gva-sic-j-per-head&level=itl1",
    "/v1/charts/change": "indicator=gva-sic-j-per-head&level=itl1",
    "/v1/charts/profile": "region=E12000005",
    "/v1/charts/map": "indicator=gva-sic-j-per-head&level=itl1",
    "/v1/charts/index": "index=local-digital-capital",
    "/v1/changes": "since=1&indicator=gva-sic-j&region=E12000005",
    "/v1/verify": "figure=1,103.6&indicator=gva-sic-j-per-head&region=E12000005",
    "/v1/observations": "indicator=gva-sic-j&region=E12000005",
    "/v1/observations.{format}": "indicator=gva-sic-j&region=E12000005",
}
WITHOUT_RELEASE = re.compile(r"/v1(/(config|methods|releases)\b.*)?")


def asks_for_a_release(operation: dict[str, Any]) -> bool:
    return any(item.get("$ref", "").endswith("/parameters/release") for item in operation["parameters"])


OF_RELEASES = [
    path
    for path, item in document()["paths"].items()
    # A calculation is asked for by a permalink, which is tested with calculations.
    if "get" in item and asks_for_a_release(item["get"]) and not path.endswith("/calculations")
]


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def own_addresses(text: str) -> Iterator[str]:
    """Paths and queries of this service in a text; a fragment names a part of a document and is no question."""
    for found in re.finditer(rf"(?<![\w/.:-])(?:{re.escape(HERE)})?(/v1(?:/[^\s\"<>();]*)?)", text):
        address = found[1].rstrip(".,:")
        if not WITHOUT_RELEASE.fullmatch(urlsplit(address).path):
            yield address


@pytest.mark.parametrize("pin", ["release=3", "as_of=2026-02-01"])
@pytest.mark.parametrize("path", OF_RELEASES)
def test_a_pinned_answer_leads_to_pinned_ones(client: ContractClient, path: str, pin: str) -> None:
    query = QUERIES.get(path) or QUERIES.get(path.removesuffix(".{format}"), "")
    parts = PATHS | ({"format": "json"} if "/charts/" in path else {})
    address = f"{path.format_map(parts)}?{query}{'&' if query else ''}{pin}"
    response = client.get(address)
    assert response.status_code == 200
    said = response.json if response.mimetype.endswith("json") else {}
    links = said.pop("links", {}) if path != "/v1/catalog" else {}
    asked = links.pop("self", address)
    assert same_question(asked, address)
    found = [item for text in texts([said, links, *response.headers.getlist("Link")]) for item in own_addresses(text)]
    # A catalogue names its parts, and things that are the same in every release, by addresses that are names.
    named = {*texts(_names(said))} if path == "/v1/catalog" else set()
    assert [item for item in found if "release=3" not in item and f"{HERE}{item}" not in named] == []


def _names(value: Any) -> Iterator[str] | list[str]:
    """What identifies things in a graph."""
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("@id", "inScheme") if isinstance(value.get(key), str)]
    served = value.get("servesDataset", [])
    return own + [*served, value.get("endpointURL", "")] + [name for item in value.values() for name in _names(item)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "/v1/series/gva-sic-j/E12000005?release=1",
            {"projection": "/v1/series/gva-sic-j/E12000005/projection?release=1"},
        ),
        (
            "/v1/series/gva-sic-j/E12000005/projection?as_of=2025-12-01",
            {"series": "/v1/series/gva-sic-j/E12000005?release=1"},
        ),
        ("/v1/series/gva-sic-j/E12000005", {"projection": "/v1/series/gva-sic-j/E12000005/projection"}),
    ],
)
def test_links_of_a_series(client: ContractClient, address: str, expected: dict[str, str]) -> None:
    links = client.get(address).json["links"]
    assert {name: links[name] for name in expected} == expected


def test_a_profile_leads_to_series_of_its_release(client: ContractClient) -> None:
    def addresses(question: str) -> set[str]:
        components = client.get(question).json["data"]["components"]
        series = (item["series"] for part in components for item in part["indicators"])
        return {item["address"] for item in series if item and item["address"]}

    pinned = addresses("/v1/regions/E12000005/profile?release=2")
    assert pinned
    assert all(item.endswith("?release=2") for item in pinned)
    # All that there are today and that this release has figures of.
    known = addresses("/v1/regions/E12000005/profile")
    held = {item for item in known if client.get(f"{item}?release=2").json["data"]["observations"]}
    assert {item.removesuffix("?release=2") for item in pinned} == held < known


def test_another_spelling_leads_to_the_same_release(client: ContractClient) -> None:
    response = client.get("/v1/regions/TLG/profile?release=2")
    assert (response.status_code, response.headers["Location"]) == (308, "/v1/regions/E12000005/profile?release=2")


@pytest.mark.parametrize("address", ["/v1/levels", "/v1/levels?release=1", "/v1/observations?region=E12000005&limit=1"])
def test_an_answer_says_whether_its_release_was_laid_out_afterwards(client: ContractClient, address: str) -> None:
    assert client.get(address).json["meta"]["reconstructed"] is True


PLACES = ("E06000053", "E12000005", "E47000001", "W92000004", "TLM6", "S12000009", "UKM6", "K02000001", "E08000016")
MEASURED = ("fe-ict-achievements", "level-3-qualifications", "gva-sic-j", "daily-internet-users", "ict-service-exports")
PERIODS = ("", "&period=2023", "&period=1950", "&period=2090")


def questions() -> Iterator[str]:
    """Questions on every resource that may have nothing to answer, of which many have not."""
    for indicator, region, period in product(MEASURED, PLACES, PERIODS):
        yield f"/v1/comparisons?indicator={indicator}&region={region}{period}"
    for indicator, region in product(MEASURED, PLACES):
        yield f"/v1/series/{indicator}/{region}"
        yield f"/v1/series/{indicator}/{region}?period_from=2090"
        yield f"/v1/series/{indicator}/{region}?history=linked&period_to=1950"
        yield f"/v1/series?indicator={indicator}&region={region}&period_from=2090"
        yield f"/v1/series/{indicator}/{region}/projection"
        yield f"/v1/observations?indicator={indicator}&region={region}&period=2090"
        yield f"/v1/observations?indicator={indicator}&region={region}&latest=true"
        yield f"/v1/observations?indicator={indicator}&region={region}&status=Q"
        yield f"/v1/observations?indicator={indicator}&parent={region}&level=itl3&latest=true"
        yield f"/v1/regions/{region}/peers?indicators={indicator},gva-sic-j"
    for region in PLACES:
        yield f"/v1/regions/{region}/profile?indicator=ict-service-exports"
        yield f"/v1/regions/{region}/peers"
        yield f"/v1/regions/{region}/children"
        yield f"/v1/regions?parent={region}&level=uk"
        yield f"/v1/published-figures?region={region}&q=nothing"
    for indicator in MEASURED:
        yield f"/v1/rankings/{indicator}?period=2090"
        yield f"/v1/rankings/{indicator}?level=uk"
        yield f"/v1/rankings/{indicator}?level=lep"
    yield "/v1/observations?component=data-ecosystems"
    yield "/v1/indicators?component=data-ecosystems"
    yield "/v1/indicators?q=nothing+of+the+kind"
    yield "/v1/indicators?source=ofcom-connected-nations&component=digital-skills"
    yield "/v1/regions?q=brimingham"
    yield "/v1/regions?q=zzzzzz"
    yield "/v1/regions?level=uk&parent=E12000005"
    yield "/v1/regions?level=combined-authority&valid_on=1950-01-01"
    for edition in range(2015, 2027):
        yield f"/v1/indices/combined-authority-digital-capital/scores?edition={edition}"
        yield f"/v1/indices/local-digital-capital/scores?edition={edition}"
    yield "/v1/indices/combined-authority-digital-capital/scores"
    yield "/v1/releases/1/diff/1"


def test_what_is_nearest_is_another_question_and_has_an_answer(client: ContractClient) -> None:
    """The address that is named is followed: it answers, it is not empty, and it is not the one that was asked."""
    empty: dict[str, str] = {}
    for address in questions():
        response = client.get(address)
        nearest = (response.json.get("meta") or {}).get("nearest") if response.status_code == 200 else None
        if nearest is not None:
            empty[address] = nearest
    assert len(empty) > 250
    itself = {address: near for address, near in empty.items() if same_question(address, near)}
    assert itself == {}
    followed = {near: client.get(near).json for near in set(empty.values())}
    nothing = [near for near, said in followed.items() if "reason" in said.get("meta", {}) or not said.get("data")]
    assert {address: near for address, near in empty.items() if near in nothing} == {}


def test_a_place_whose_figures_are_suppressed_leads_to_one_around_it(client: ContractClient) -> None:
    meta = client.get("/v1/comparisons?indicator=fe-ict-achievements&region=E06000053").json["meta"]
    assert meta["reason"] == "suppressed"
    assert meta["nearest"] == "/v1/comparisons?indicator=fe-ict-achievements&region=E92000001"
