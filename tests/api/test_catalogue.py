"""Components, sources and indicators."""

import csv

import pytest

from api.settings import SEED


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


EIGHT = (
    "digital-infrastructure", "digital-skills", "digital-adoption", "research-innovation", "finance-investment",
    "trade-support", "data-ecosystems", "collaboration-coordination",
)  # fmt: skip


def test_the_components(client):
    components = {item["id"]: item for item in get(client, "/v1/components")["data"]}
    assert tuple(components) == (*EIGHT, "digital-economy", "context")
    for item in components.values():
        assert item["measured"] is bool(item["indicators"])
        assert (item["reason"] is None) is item["measured"]
    assert not components["data-ecosystems"]["measured"]
    assert not components["collaboration-coordination"]["measured"]


def test_every_indicator_is_served(client):
    with (SEED / "indicators.csv").open(encoding="utf-8") as file:
        compiled = {row["indicator"] for row in csv.DictReader(file)}
    served = {item["id"] for item in get(client, "/v1/indicators")["data"]}
    assert served == compiled
    assert len(served) == 31


@pytest.mark.parametrize("indicator", ["gigabit-availability", "enterprises-sic-j", "population"])
def test_one_indicator(client, indicator):
    data = get(client, f"/v1/indicators/{indicator}")["data"]
    assert data["id"] == indicator
    assert data["latest_period"]
    assert data["source"]["publisher"]


def test_what_must_be_known_of_an_indicator(client):
    gva = get(client, "/v1/indicators/gva-sic-j")["data"]
    assert (gva["measure"], gva["denominator"]) == ("amount", "population")
    assert "stands in for" in gva["description"] + gva["caveats"]
    assert get(client, "/v1/indicators/premises-below-30-mbps")["data"]["polarity"] == "lower-is-better"
    assert "time series" in get(client, "/v1/indicators/employment-sic-j")["data"]["caveats"]
    assert get(client, "/v1/indicators/gva-sic-j-per-head")["data"]["derivation"]


def test_filters(client):
    def ids(query):
        return [item["id"] for item in get(client, f"/v1/indicators?{query}")["data"]]

    assert set(ids("component=digital-infrastructure")) == {
        "gigabit-availability", "5g-area-coverage", "4g-area-coverage", "premises-below-30-mbps",
    }  # fmt: skip
    assert ids("source=eurostat-daily-internet-users") == ["daily-internet-users"]
    assert "total-exports" in ids("level=itl3") and "gigabit-availability" not in ids("level=itl3")
    assert ids("q=gigabit")[0] == "gigabit-availability"
    # An indicator with two sources is found under both.
    assert "enterprises-sic-j" in ids("source=dfe-local-skills-business-counts")
    assert "enterprises-sic-j" in ids("source=ons-uk-business")


def test_an_unmeasured_component_says_so(client):
    meta = get(client, "/v1/indicators?component=data-ecosystems")["meta"]
    assert meta["reason"] == "not-measured"


def test_availability_agrees_with_the_observations(client):
    data = get(client, "/v1/indicators/gva-sic-j-per-head/availability")["data"]
    levels = {item["level"]: item["periods"] for item in data["levels"]}
    assert [item["period"] for item in levels["itl1"]] == [str(year) for year in range(2010, 2024)]
    assert {item["regions"] for item in levels["itl1"]} == {12}
    for level, periods in levels.items():
        for item in periods:
            address = f"/v1/observations?indicator=gva-sic-j-per-head&level={level}&period={item['period']}&limit=1000"
            rows = get(client, address)["data"]
            assert item["regions"] == sum(row["value"] is not None for row in rows)
            if item["period"] != "2023":
                break


def test_sources_carry_licence_and_files(client):
    sources = get(client, "/v1/sources")["data"]
    assert all(item["licence"] and item["licence_url"] and item["attribution"] for item in sources)
    source = get(client, "/v1/sources/ofcom-connected-nations")["data"]
    assert "gigabit-availability" in source["indicators"]
    files = {item["id"]: item for item in source["files"]}
    assert files["s4"]["version_date"] == "2026-01-14"
    assert "gigabit-capable-broadband" in files["s4"]["retrieved_from"]


UPDATED = {
    # What the publisher gave on a day that is known, as of each release.
    "gigabit-availability": ["2025-10-10", "2026-01-12", "2026-01-14", "2026-06-22"],
    "5g-area-coverage": ["2025-10-10", "2025-10-10", "2026-01-14", "2026-06-22"],
    "gva-sic-j": ["2025-04-17"] * 4,
    "ict-service-exports": ["2025-02-06"] * 4,
    # Not there before the file of June 2026.
    "level-3-qualifications": [None, None, None, "2026-06-26"],
    "gva-per-hour": [None, None, None, "2026-06-26"],
    # When its file was published is not known.
    "employment-sic-j": [None] * 4,
}


@pytest.mark.parametrize("slug", UPDATED)
def test_an_indicator_tells_the_day_of_its_publisher(client, slug):
    told = [get(client, f"/v1/indicators/{slug}?release={number}")["data"]["last_updated"] for number in range(1, 5)]
    assert told == UPDATED[slug]
    assert get(client, f"/v1/indicators/{slug}")["data"]["last_updated"] == told[-1]


def dated(value, key=""):
    """Every day that stands under a key that tells when something was published."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from dated(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from dated(item, key)
    elif key in {"last_updated", "version_date", "published_at", "issued", "modified"} and value is not None:
        yield value[:10]


@pytest.mark.parametrize(
    ("release", "day"), [(1, "2025-10-10"), (2, "2026-01-12"), (3, "2026-01-14"), (4, "2026-06-26")]
)
def test_no_answer_of_a_release_holds_a_day_after_it(client, release, day):
    sources = [f"/v1/sources/{item['id']}" for item in get(client, "/v1/sources")["data"]]
    found = [
        item
        for path in ("/v1/indicators", "/v1/catalog", *sources)
        for item in dated(client.get(f"{path}?release={release}").json)
    ]
    assert len(found) > 20
    assert max(found) == day


def test_a_source_names_the_files_that_its_release_had_read(client):
    def files(release):
        listed = get(client, f"/v1/sources/ofcom-connected-nations?release={release}")["data"]["files"]
        return {item["id"]: item["version_date"] for item in listed}

    assert files(2)["ofcom-gigabit-2026-01-12"] == "2026-01-12"
    assert "s4" not in files(2)
    assert files(3)["s4"] == files(4)["s4"] == "2026-01-14"
    assert "s5" not in files(3)
    assert files(4)["s5"] == "2026-06-22"


def test_the_root_names_every_resource(client):
    root = get(client, "/v1/")["data"]
    assert root["release"]["id"] == 4
    for address in root["resources"].values():
        assert client.get(address).status_code == 200


def test_every_limit_is_published(client):
    limits = {item["name"]: item["value"] for item in get(client, "/v1/config")["data"]["limits"]}
    assert limits["max_observations"] == 10_000
    assert client.get(f"/v1/observations?limit={limits['max_observations']}").status_code == 200
    assert client.get(f"/v1/observations?limit={limits['max_observations'] + 1}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/v1/components", "/v1/levels", "/v1/sources", "/v1/indicators", "/v1/published-figures"]
)
def test_every_list_has_pages(client, path):
    whole = get(client, path)["data"] if path != "/v1/published-figures" else get(client, f"{path}?limit=1000")["data"]
    address, seen = f"{path}?limit=4", []
    while address:
        page = get(client, address)
        assert 0 < len(page["data"]) <= 4
        seen += page["data"]
        address = page["links"]["next"]
    assert seen == whole
