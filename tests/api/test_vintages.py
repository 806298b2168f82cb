"""Early releases hold what had been published by then, and say so of what had not."""

from urllib.parse import quote

import pytest

from seed import check

DAYS = {1: "2025-10-10", 2: "2026-01-12", 3: "2026-01-14", 4: "2026-06-26"}
LATE = "active-businesses"
PENDING = "Active businesses: nothing had been published here by release 1 (2025-10-10)."
PLACES = ("K02000001", "E12000005", "E47000007", "E08000025", "UKG3", "TLG3")


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize("release", DAYS)
def test_the_files_that_a_release_names_are_those_that_its_figures_came_from(client, release):
    used, known = check.files_used()[str(release)], check.days_of_files()
    assert max(known[file] for file in used) <= DAYS[release]
    named = set()
    for source in get(client, f"/v1/sources?release={release}&limit=100")["data"]:
        files = get(client, f"/v1/sources/{source['id']}?release={release}")["data"]["files"]
        named |= {item["id"] for item in files}
        assert all(item["version_date"] is None or item["version_date"] <= DAYS[release] for item in files)
    assert named == used


@pytest.mark.parametrize("day", ["2025-10-10", "2026-01-11", "2026-01-20", "2026-06-25"])
def test_no_figure_of_a_day_comes_from_a_later_file(client, day):
    known, seen = check.days_of_files(), set()
    for indicator in get(client, "/v1/indicators?limit=100")["data"]:
        for place in PLACES:
            series = get(client, f"/v1/series/{indicator['id']}/{place}?as_of={day}")
            assert series["meta"]["published_at"][:10] <= day
            seen |= {item["source_file"] for item in series["data"]["observations"]}
    assert len(seen) > 10
    assert max(known[file] for file in seen) <= day


@pytest.mark.parametrize("release", [1, 2, 3])
@pytest.mark.parametrize(
    "address",
    [
        f"/v1/observations?indicator={LATE}&region=E12000005&",
        f"/v1/observations?indicator={LATE}&level=itl1&latest=true&",
        f"/v1/series?indicator={LATE}&",
        f"/v1/series/{LATE}/E12000005?",
        f"/v1/series/{LATE}/E12000005/projection?",
        f"/v1/comparisons?indicator={LATE}&region=E12000005&",
        f"/v1/rankings/{LATE}?",
        f"/v1/rankings/{LATE}?level=itl1&period=2023&",
        f"/v1/indicators/{LATE}/availability?",
    ],
)
def test_an_indicator_of_a_later_release_is_not_yet_published(client, address, release):
    answer = get(client, f"{address}release={release}")
    meta = answer["meta"]
    assert meta["reason"] == "not-yet-published"
    assert meta["detail"] == PENDING.replace("release 1 (2025-10-10)", f"release {release} ({DAYS[release]})")
    nearest = get(client, meta["nearest"])
    assert nearest["data"] and nearest["meta"]["release"] == release
    assert get(client, f"{address}release=4")["meta"].get("detail") != meta["detail"]


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "sdmx-csv", "xlsx", "parquet"])
def test_a_table_says_so_in_a_header(client, suffix):
    response = client.get(f"/v1/observations.{suffix}?indicator={LATE}&region=E12000005&release=1")
    assert response.status_code == 200
    said = [link for link in response.headers.getlist("Link") if 'rel="related"' in link]
    assert len(said) == 1 and f"not-yet-published: {PENDING}" in said[0]


def test_json_stat_says_so_in_itself(client):
    said = get(client, f"/v1/observations.json-stat?indicator={LATE}&region=E12000005&release=1")["extension"]
    assert (said["reason"], said["detail"]) == ("not-yet-published", PENDING)


def test_what_gaps_say_of_its_file_is_not_said_before_there_is_one(client):
    """Of Wales the file says "England only"; at release 1 there is no such file."""
    address = "/v1/observations?indicator=apprenticeship-starts-rate&region=W92000004&release="
    assert get(client, f"{address}1")["meta"]["reason"] == "not-yet-published"
    assert get(client, f"{address}4")["meta"]["detail"] == "England only."


def test_a_profile_and_peers_say_it_of_each_indicator(client):
    profile = get(client, "/v1/regions/E12000005/profile?release=1&component=finance-investment")
    assert profile["meta"]["reason"] == "not-yet-published"
    reasons = {item["reason"] for part in profile["data"]["components"] for item in part["indicators"]}
    assert reasons == {"not-yet-published"}
    peers = get(client, f"/v1/regions/E12000005/peers?release=1&indicators={LATE},gigabit-availability")
    assert peers["meta"]["reason"] == "not-yet-published" and PENDING in peers["meta"]["detail"]
    assert get(client, peers["meta"]["nearest"])["data"]["peers"]
    assert get(client, "/v1/regions/E12000005/peers?release=1")["data"]["peers"]


def test_an_index_says_what_is_missing(client):
    parts = get(client, "/v1/indices/local-digital-capital?release=1")["data"]["components"]
    finance = next(part for part in parts if part["component"] == "finance-investment")
    assert not finance["measured"]
    assert "Business birth rate: nothing had been published here by release 1 (2025-10-10)." in finance["reason"]
    assert {part["component"] for part in parts if part["measured"]} == {"digital-infrastructure", "trade-support"}
    scores = get(client, "/v1/indices/local-digital-capital/scores?release=1")["data"]
    assert len(scores["regions"]) == 12
    none = get(client, "/v1/indices/combined-authority-digital-capital/scores?release=1")
    assert none["data"] is None and "digital-infrastructure" in none["meta"]["detail"]


def test_an_index_of_ones_own_names_the_indicator_that_is_missing(client):
    definition = {
        "indicators": [{"id": "gigabit-availability"}, {"id": LATE, "period": "2023"}],
        "regions": {"level": "itl1"},
    }
    refused = client.post("/v1/calculations?release=1", json=definition)
    assert refused.status_code == 422
    [fault] = refused.json["errors"]
    assert (fault["code"], fault["path"]) == ("not-yet-published", "body/indicators/1/id")
    assert fault["message"] == f"{PENDING} Leave it out, or ask at a release that has it."
    assert client.post("/v1/calculations?release=4", json=definition).status_code == 200


def test_the_catalogue_lists_no_data_set_without_figures(client):
    def listed(release):
        found = get(client, f"/v1/catalog?release={release}")["dataset"]
        return {item["identifier"] for item in found}

    assert LATE not in listed(1) and "gigabit-availability" in listed(1)
    assert len(listed(1)) == 12 and len(listed(4)) == 32


def test_an_indicator_is_described_before_its_figures(client):
    indicator = get(client, f"/v1/indicators/{LATE}?release=1")["data"]
    assert indicator["last_updated"] is None
    assert get(client, f"/v1/indicators/{LATE}?release=4")["data"]["last_updated"] == "2026-06-26"
    found = get(client, "/v1/indicators?source=ons-business-demography&release=1")["data"]
    assert LATE in {item["id"] for item in found}


@pytest.mark.parametrize(("edition", "first"), [("LDI 2024", 1), ("LDI 2025", 2)])
def test_a_figure_is_quoted_from_the_release_after_its_publication_on(client, edition, first):
    for release in DAYS:
        found = get(client, f"/v1/published-figures?edition={quote(edition)}&release={release}")["data"]
        assert bool(found) == (release >= first)


def test_every_release_of_the_package_says_that_it_was_reconstructed(client):
    assert all(item["reconstructed"] for item in get(client, "/v1/releases")["data"])
    assert get(client, "/v1/observations?region=E12000005&as_of=2025-10-10&limit=1")["meta"]["reconstructed"]
