"""Answers that grow with the number of places: each has pages, or names so many and says how many there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import create_app
from tests.contract_client import ContractClient

DISTRICTS = "/v1/rankings/gigabit-availability?level=local-authority&period=2026-01"
FEW = 3


def pages_of(client, address):
    """The answers of a list from an address on, each led to by the one before."""
    while address is not None:
        response = client.get(address)
        assert response.status_code == 200, response.json
        yield response.json
        address = response.json["links"]["next"]


@pytest.fixture
def bounded(settings):
    """An application that reads few observations at a time, and names few regions."""
    few = {"max_observations": 20, "max_observations_in_one_piece": 20, "max_named": FEW, "default_ranked": 50}
    app = create_app(replace(settings, limits=replace(settings.limits, **few)))
    app.test_client_class = ContractClient
    yield app.test_client()
    app.extensions["database"].engine.dispose()


def test_pages_of_a_ranking_are_cuts_of_the_whole(client):
    [whole] = pages_of(client, DISTRICTS)
    pages = list(pages_of(client, f"{DISTRICTS}&limit=100"))
    assert [page["meta"]["returned"] for page in pages] == [100, 100, 100, 61]
    assert [line for page in pages for line in page["data"]["regions"]] == whole["data"]["regions"]
    for page in pages:
        assert {**page["data"], "regions": None} == {**whole["data"], "regions": None}
    assert pages[1]["data"]["regions"][0]["rank"] > 90
    assert client.get(f"{DISTRICTS}&limit=100").headers["Explain-Limit"] == "paged; limit=100"


def test_a_ranking_has_as_many_lines_as_a_page_may_hold_unless_asked(client):
    limits = {item["name"]: item["value"] for item in client.get("/v1/config").json["data"]["limits"]}
    assert limits["default_ranked"] == limits["max_items"]
    assert client.get(f"{DISTRICTS}&limit={limits['max_items'] + 1}").status_code == 422


def test_a_table_of_a_ranking_is_whole_unless_a_page_is_asked_for(client):
    whole = client.get(f"{DISTRICTS}&format=csv").text.splitlines()
    page = client.get(f"{DISTRICTS}&format=csv&limit=100")
    assert (len(whole), page.text.splitlines()) == (362, whole[:101])
    [following] = [link for link in page.headers.getlist("Link") if link.endswith('; rel="next"')]
    assert client.get(following[1:].partition(">")[0]).text.splitlines() == [whole[0], *whole[101:201]]


def test_a_cursor_belongs_to_its_ranking(client):
    cursor = client.get(f"{DISTRICTS}&limit=5").json["links"]["next"].partition("cursor=")[2].partition("&")[0]
    other = client.get(f"/v1/rankings/gigabit-availability?level=itl1&cursor={cursor}")
    assert (other.status_code, other.json["errors"][0]["code"]) == (422, "bad-cursor")


def test_regions_of_one_value_go_on_on_the_next_page(client):
    address = "/v1/rankings/premises-below-30-mbps?level=local-authority&period=2026-01"
    [whole] = pages_of(client, address)
    lines = [line for page in pages_of(client, f"{address}&limit=7") for line in page["data"]["regions"]]
    assert lines == whole["data"]["regions"]
    assert len({line["rank"] for line in lines}) < len(lines)


def test_however_many_regions_are_read_the_group_is_whole(client, bounded):
    for indicator in ("gigabit-availability", "gva-sic-j"):
        address = f"/v1/rankings/{indicator}?level=local-authority"
        [whole] = pages_of(client, address)
        pages = list(pages_of(bounded, address))
        assert len(pages) > 5
        assert [line for page in pages for line in page["data"]["regions"]] == whole["data"]["regions"]
        assert pages[0]["data"]["group"]["n"] == whole["data"]["group"]["n"] > 300


def test_more_regions_than_a_statement_lists_are_compared_all_the_same(client, settings, monkeypatch):
    monkeypatch.setattr("api.queries.observations.LONG", 5)
    app = create_app(replace(settings, caches=""))
    for address in ("/v1/rankings/gva-sic-j?level=local-authority", "/v1/rankings/gva-sic-j?level=itl2&period=2015"):
        assert app.test_client().get(address).json["data"] == client.get(address).json["data"]
    app.extensions["database"].engine.dispose()


def test_what_a_page_of_a_ranking_would_be(bounded):
    told = bounded.get(f"{DISTRICTS}&explain=true").json["data"]
    assert (told["rows"], told["rows_in_answer"], told["pages"], told["effect"]) == (361, 50, 8, "paged")
    assert told["limit"] == {"name": "default_ranked", "value": 50}
    assert told["bytes"] == pytest.approx(len(bounded.get(DISTRICTS).data), rel=0.05)


def test_a_group_names_so_many_and_counts_all(client, bounded):
    for address, group_in in {
        "/v1/rankings/apprenticeship-starts-rate?level=local-authority": lambda data: data["group"],
        "/v1/comparisons?indicator=apprenticeship-starts-rate&region=E08000025": lambda data: data["group"],
        "/v1/rankings/gva-per-hour?level=local-authority&period=2019": lambda data: data["group"],
    }.items():
        whole, short = (group_in(asked.get(address).json["data"]) for asked in (client, bounded))
        for name, count in {"regions": "n", "left_out": "left_out_count", "missing": "missing_count"}.items():
            assert short[count] == whole[count] == len(whole[name])
            assert short[name] == whole[name][:FEW]
    assert whole["n"] > FEW


def test_benchmarks_name_so_many_and_count_all(client, bounded):
    address = "/v1/comparisons?indicator=gigabit-availability&region=E08000025&with=median"
    whole, short = (asked.get(address).json["data"]["benchmarks"][0] for asked in (client, bounded))
    assert short == {**whole, "regions": whole["regions"][:FEW]}
    assert short["n"] == len(whole["regions"]) > FEW


def test_a_profile_names_so_many_and_counts_all(client, bounded):
    whole, short = (asked.get("/v1/regions/E08000025/profile").json["data"] for asked in (client, bounded))
    groups = [
        (one["group"], other["group"])
        for one, other in zip(*(of_indicators(data) for data in (whole, short)), strict=True)
        if one["group"] is not None
    ]
    cut = 0
    for one, other in groups:
        assert one["missing"] == other["missing"] == sum(item["count"] for item in one["missing_regions"])
        assert other["left_out"] == one["left_out"][:FEW]
        assert other["left_out_count"] == len(one["left_out"])
        for long, less in zip(one["missing_regions"][:FEW], other["missing_regions"], strict=True):
            assert less == {**long, "regions": long["regions"][:FEW]}
            assert less["count"] == len(long["regions"])
            cut += less["count"] > FEW
    assert cut > 0


def of_indicators(profile):
    return [item for component in profile["components"] for item in component["indicators"]]


def test_peers_name_so_many_and_count_all(client, bounded):
    address = "/v1/regions/E08000025/peers?indicators=gigabit-availability,apprenticeship-starts-rate"
    whole, short = (asked.get(address).json["data"] for asked in (client, bounded))
    assert short["peers"] == whole["peers"]
    assert short["group"] == {**whole["group"], "missing_regions": whole["group"]["missing_regions"][:FEW]}
    assert short["group"]["missing"] == len(whole["group"]["missing_regions"]) > FEW
    for long, less in zip(whole["indicators"], short["indicators"], strict=True):
        assert (less["left_out"], less["left_out_count"]) == (long["left_out"][:FEW], len(long["left_out"]))


def test_an_index_names_so_many_and_counts_all(client, bounded):
    address = "/v1/indices/local-digital-capital"
    whole, short = (asked.get(address).json["data"] for asked in (client, bounded))
    assert (short["regions"], short["regions_count"]) == (whole["regions"][:FEW], len(whole["regions"]))
    for long, less in zip(whole["components"], short["components"], strict=True):
        for one, other in zip(long["indicators"], less["indicators"], strict=True):
            assert other == {**one, "missing": one["missing"][:FEW]}
            assert one["missing_count"] == len(one["missing"])


def test_a_calculation_of_a_level_has_no_more_regions_than_one_of_codes(settings):
    app = create_app(replace(settings, limits=replace(settings.limits, max_calculation_regions=11)))
    app.test_client_class = ContractClient
    client = app.test_client()
    body = {"indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}]}
    answer = client.post("/v1/calculations", json={**body, "regions": {"level": "itl1"}})
    assert answer.status_code == 422
    [fault] = answer.json["errors"]
    assert (fault["code"], fault["path"]) == ("too-many-regions", "body/regions/level")
    assert "12 regions are of this level, and a calculation has up to 11" in fault["message"]
    app.extensions["database"].engine.dispose()
