"""Regions: finding places, telling them apart, following them through time."""

import pytest


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


def codes(client, address):
    return [item["code"] for item in get(client, address)["data"]]


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("TLG", "E12000005"),
        ("UKG", "E12000005"),
        ("tlg", "E12000005"),
        ("e12000005", "E12000005"),
        ("TLM", "S92000003"),
        ("UKX", "K99000002"),
        ("UK", "K02000001"),
    ],
)
def test_another_spelling_leads_to_the_code(client, alias, code):
    response = client.get(f"/v1/regions/{alias}")
    assert response.status_code == 308
    assert response.location == f"/v1/regions/{code}"
    assert get(client, response.location)["data"]["code"] == code


def test_a_redirect_keeps_the_question(client):
    response = client.get("/v1/regions/TLG/children?level=combined-authority&limit=5")
    assert response.location == "/v1/regions/E12000005/children?level=combined-authority&limit=5"


def test_the_two_west_midlands_are_told_apart(client):
    found = {item["code"]: item for item in get(client, "/v1/regions?q=west midlands")["data"]}
    assert found["E12000005"]["name"] == found["E47000007"]["name"] == "West Midlands"
    assert found["E12000005"]["label"] == "West Midlands (ITL 1 region)"
    assert found["E47000007"]["label"] == "West Midlands (Combined authority)"
    assert next(iter(found)) == "E12000005"


def test_three_combined_authorities_and_a_region_have_been_called_north_east(client):
    found = get(client, "/v1/regions?q=north east&valid_on=any&limit=1000")["data"]
    assert {item["code"] for item in found if item["name"] == "North East"} >= {
        "E12000001", "E47000005", "E47000010", "E47000014",
    }  # fmt: skip
    assert "E47000014" in codes(client, "/v1/regions?q=north east&level=combined-authority")
    assert "E47000010" in codes(client, "/v1/regions?q=north east&level=combined-authority&valid_on=2022-01-01")
    assert "E47000010" not in codes(client, "/v1/regions?q=north east&level=combined-authority")


def test_one_region_in_full(client):
    data = get(client, "/v1/regions/E12000005")["data"]
    assert data["levels"] == ["itl1"]
    assert [item["code"] for item in data["parents"]] == ["E92000001", "K02000001"]
    assert {"alias": "TLG", "scheme": "itl", "kind": None} in data["aliases"]
    assert data["population"] == {"value": 6085687, "period": "2023", "region": "E12000005"}
    assert data["centroid"]["method"] == "mean-of-members"
    assert 51 < data["centroid"]["latitude"] < 54
    assert data["hexagon"] == {"q": 5, "r": 1}


@pytest.mark.parametrize("code", ["S92000003", "W92000004", "N92000002"])
def test_three_nations_are_countries_and_regions(client, code):
    assert get(client, f"/v1/regions/{code}")["data"]["levels"] == ["country", "itl1"]
    assert code in codes(client, "/v1/regions?level=itl1")
    assert code in codes(client, "/v1/regions?level=country")


def test_there_are_twelve_regions_and_four_countries(client):
    assert len(codes(client, "/v1/regions?level=itl1")) == 12
    assert len(codes(client, "/v1/regions?level=country")) == 4
    assert len(codes(client, "/v1/regions?level=local-authority&limit=1000")) == 361


def test_an_ended_region_has_its_end_and_successors(client):
    data = get(client, "/v1/regions/E07000026")["data"]
    assert data["name"] == "Allerdale"
    assert data["valid_to"] == "2023-03-31"
    assert [(item["code"], item["kind"]) for item in data["successors"]] == [("E06000063", "reorganised")]
    data = get(client, "/v1/regions/E08000016")["data"]
    assert data["valid_to"].startswith("2024") or data["valid_to"] == "2025-03-31"
    assert [(item["code"], item["kind"]) for item in data["successors"]] == [("E08000038", "recoded")]
    assert get(client, "/v1/regions/E08000038")["data"]["predecessors"][0]["code"] == "E08000016"


def test_a_recoded_region_has_its_population_under_the_earlier_code(client):
    population = get(client, "/v1/regions/E08000038")["data"]["population"]
    assert population["region"] == "E08000016" and population["value"] > 200_000


def test_a_code_that_was_split_in_2025(client):
    successors = get(client, "/v1/regions/TLC1")["data"]["successors"]
    assert [item["code"] for item in successors] == ["TLC3", "TLC4"]


def test_children_at_a_level(client):
    children = codes(client, "/v1/regions/E47000007/children?level=local-authority")
    assert len(children) == 7
    assert "E08000025" in children  # Birmingham
    assert codes(client, "/v1/regions/E12000005/children?level=combined-authority") == ["E47000007"]


def test_validity_changes_what_is_listed(client):
    before = codes(client, "/v1/regions/E12000002/children?level=local-authority&valid_on=2022-06-30&limit=1000")
    after = codes(client, "/v1/regions/E12000002/children?level=local-authority&limit=1000")
    assert "E07000026" in before and "E07000026" not in after
    assert "E06000063" in after and "E06000063" not in before


def test_search_knows_councils_and_codes(client):
    assert codes(client, "/v1/regions?q=Birmingham City Council")[0] == "E08000025"
    assert codes(client, "/v1/regions?q=E08000025") == ["E08000025"]
    assert "E07000146" in codes(client, "/v1/regions?q=kings lynn")
    assert "W06000015" in codes(client, "/v1/regions?q=caerdydd")
    assert "W06000001" in codes(client, "/v1/regions?q=ynys mon")
    assert codes(client, "/v1/regions?q=herefordshire county of&level=local-authority") == ["E06000019"]


def test_levels(client):
    levels = [item["id"] for item in get(client, "/v1/levels")["data"]]
    assert levels == [
        "uk", "country", "itl1", "itl2", "itl3", "nuts2", "combined-authority", "city-region", "local-authority",
        "county", "other",
    ]  # fmt: skip


def test_all_pages_hold_every_region_once(client):
    address, seen = "/v1/regions?valid_on=any&limit=97", []
    while address:
        page = get(client, address)
        seen += [item["code"] for item in page["data"]]
        address = page["links"]["next"]
    assert len(seen) == len(set(seen)) == 836
    assert seen == sorted(seen)


def test_pages_of_a_search_go_on_in_its_order(client):
    whole = codes(client, "/v1/regions?q=north&limit=1000")
    address, seen = "/v1/regions?q=north&limit=3", []
    while address:
        page = get(client, address)
        seen += [item["code"] for item in page["data"]]
        address = page["links"]["next"]
    assert seen == whole
