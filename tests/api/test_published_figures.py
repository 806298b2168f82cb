"""Quoted figures: what the documents behind this project print can be found, as printed."""

import pytest


def find(client, query):
    response = client.get(f"/v1/published-figures?limit=1000&{query}")
    assert response.status_code == 200
    return response.json["data"]


def test_everything_is_listed(client):
    assert len(find(client, "")) == 152


@pytest.mark.parametrize(
    ("query", "figure"),
    [
        ("region=E47000007&q=gigabit", (">88", None, ">", 88)),
        ("region=E47000007&q=5g", (">95", None, ">", 95)),
        ("region=E12000005&q=struggling", ("35", 35, None, None)),
    ],
)
def test_a_bound_is_not_a_value(client, query, figure):
    found = find(client, query)
    assert [tuple(item[name] for name in ("printed", "value", "bound", "bound_value")) for item in found] == [figure]
    assert found[0]["edition"] and found[0]["source_url"].startswith("https://")


def test_the_tech_sector_of_the_west_midlands(client):
    figures = find(client, "region=E12000005&q=tech sector")
    assert [(item["printed"], item["unit"]) for item in figures if item["printed"] == "15"] == [("15", "£ billion")]


@pytest.mark.parametrize("query", ["q=£15bn", "q=15bn", "q=15 billion"])
def test_an_amount_as_people_write_it(client, query):
    assert "15" in {item["printed"] for item in find(client, f"region=E12000005&{query}")}


def test_techuk_puts_the_west_midlands_higher_than_section_j_does(client):
    found = find(client, "region=E12000005&q=digital per person")
    assert {item["value"] for item in found} == {2055}
    measured = client.get("/v1/series/gva-sic-j-per-head/E12000005").json["data"]["observations"][-1]["value"]
    assert measured == 1103.6


def test_words_that_are_not_numbers_are_kept(client):
    found = find(client, "q=top three")
    assert {item["printed"] for item in found} == {"top three"}
    assert {item["value"] for item in found} == {None}


def test_editions(client):
    editions = {item["edition"] for item in find(client, "")}
    some = min(editions)
    assert {item["edition"] for item in find(client, f"edition={some}")} == {some}


def test_a_group_without_a_code(client):
    assert any(item["region"] is None and "North" in item["region_name"] for item in find(client, ""))
