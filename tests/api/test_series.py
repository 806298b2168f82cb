"""Time series: the figures that people ask for first, and the ones that are easily got wrong."""

import pytest


def get(client, address):
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.json


def values(client, address):
    return {item["period"]: item["value"] for item in get(client, address)["data"]["observations"]}


def test_gigabit_of_the_two_west_midlands(client):
    assert values(client, "/v1/series/gigabit-availability/E47000007") == {
        "2024-01": 92.3, "2024-07": 93.3, "2025-01": 94.9, "2025-07": 95.7, "2026-01": 95.9,
    }  # fmt: skip
    region = values(client, "/v1/series/gigabit-availability/E12000005")
    assert list(region.items())[-1] == ("2026-01", 90.2)
    assert region["2025-01"] == 88.2


def test_an_alias_is_another_spelling(client):
    assert values(client, "/v1/series/gva-sic-j-per-head/TLG") == values(
        client, "/v1/series/gva-sic-j-per-head/E12000005"
    )


def test_output_per_head(client):
    data = get(client, "/v1/series/gva-sic-j-per-head/E12000005")["data"]
    last = data["observations"][-1]
    assert (last["period"], last["value"], last["start"], last["instant"]) == ("2023", 1103.6, "2023-01-01", False)
    assert "Derived" in last["note"]
    assert data["unit"].startswith("£")


def test_what_a_series_says_of_itself(client):
    answer = get(client, "/v1/series/gigabit-availability/E47000007")
    data, meta = answer["data"], answer["meta"]
    assert (data["indicator"], data["region"], data["frequency"]) == (
        "gigabit-availability",
        "E47000007",
        "half-yearly",
    )
    assert all(item["instant"] for item in data["observations"])
    assert meta["release"] == 4
    assert [item["id"] for item in meta["source"]] == ["ofcom-connected-nations"]
    assert "Open Government Licence" in meta["licence"]
    assert "Ofcom" in meta["attribution"]
    assert meta["citation"].endswith("/v1/series/gigabit-availability/E47000007?release=4")


def test_bounds_of_a_series(client):
    assert list(values(client, "/v1/series/gva-sic-j-per-head/E12000005?period_from=2021&period_to=2022")) == [
        "2021",
        "2022",
    ]
    assert list(values(client, "/v1/series/gigabit-availability/E47000007?period_from=2024-02&period_to=2025")) == [
        "2024-07", "2025-01", "2025-07",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "ends_with"),
    [("E12000002", "B"), ("K02000001", "B"), ("E47000001", "B"), ("E08000003", "A")],
)
def test_regional_mobile_coverage_breaks_in_january_2025(client, region, ends_with):
    observations = get(client, f"/v1/series/5g-area-coverage/{region}")["data"]["observations"]
    assert {item["period"]: item["status"] for item in observations}["2025-01"] == ends_with


def test_jobs_of_2024_are_provisional(client):
    observations = get(client, "/v1/series/employment-sic-j/E47000007")["data"]["observations"]
    assert {item["period"]: item["status"] for item in observations}["2024"] == "P"


def test_a_suppressed_count_is_missing_and_not_zero(client):
    rows = get(client, "/v1/observations?status=Q")["data"]
    assert rows and all(row["value"] is None for row in rows)


def test_a_recoded_place_is_one_series_with_a_break_at_the_seam(client):
    linked = get(client, "/v1/series/gigabit-availability/E08000038")["data"]
    own = get(client, "/v1/series/gigabit-availability/E08000038?history=own")["data"]
    assert (linked["region"], linked["linked_regions"]) == ("E08000038", ["E08000038", "E08000016"])
    assert linked == get(client, "/v1/series/gigabit-availability/E08000016")["data"]
    assert own["linked_regions"] == ["E08000038"]
    assert [item["period"] for item in own["observations"]] == ["2025-01", "2025-07", "2026-01"]
    seam = [(item["period"], item["region"], item["status"]) for item in linked["observations"]][-4:]
    assert seam == [
        ("2024-07", "E08000016", "A"), ("2025-01", "E08000038", "B"),
        ("2025-07", "E08000038", "A"), ("2026-01", "E08000038", "A"),
    ]  # fmt: skip
    periods = [item["period"] for item in linked["observations"]]
    assert len(periods) == len(set(periods)) == 9


def test_a_code_without_figures_of_its_own_says_where_they_are(client):
    answer = get(client, "/v1/series/gva-sic-j/E08000039?history=own")
    assert answer["data"]["observations"] == []
    assert answer["meta"]["reason"] == "geography-not-covered" and "history=linked" in answer["meta"]["detail"]
    assert answer["meta"]["nearest"] == "/v1/series/gva-sic-j/E08000039"
    assert len(values(client, "/v1/series/gva-sic-j/E08000039")) == 14


def test_a_merged_region_is_not_spliced(client):
    linked = get(client, "/v1/series/gigabit-availability/E06000063")["data"]
    assert linked["linked_regions"] == ["E06000063"]


def test_an_ended_region_keeps_its_own_figures(client):
    assert "2024-01" in values(client, "/v1/series/gigabit-availability/E07000026")
    assert "2023-09" in values(client, "/v1/series/gigabit-availability/E07000026")


def test_series_are_listed_with_their_observations(client):
    answer = get(client, "/v1/series?indicator=gva-sic-j-per-head&region=E12000005,E12000002&period_from=2022")
    assert [(item["region"], [point["period"] for point in item["observations"]]) for item in answer["data"]] == [
        ("E12000002", ["2022", "2023"]), ("E12000005", ["2022", "2023"]),
    ]  # fmt: skip
    assert answer["links"]["next"] is None
    assert not any(item["continues"] for item in answer["data"])


def test_pages_of_series_put_together_are_the_whole(client):
    query = "/v1/series?indicator=gigabit-availability,gva-sic-j-per-head&level=itl1"
    whole = {}
    for item in get(client, f"{query}&limit=10000")["data"]:
        whole[item["indicator"], item["region"]] = item["observations"]
    pieces, address, cut = {}, f"{query}&limit=17", 0
    while address:
        page = get(client, address)
        assert sum(len(item["observations"]) for item in page["data"]) <= 17
        for item in page["data"]:
            pieces.setdefault((item["indicator"], item["region"]), []).extend(item["observations"])
            cut += item["continues"]
        address = page["links"]["next"]
    assert pieces == whole
    assert cut > 0


def test_latest_is_the_latest_that_has_a_value(client):
    answer = get(client, "/v1/series?region=E12000005&latest=true")
    assert all(len(item["observations"]) == 1 for item in answer["data"])
    latest = {item["indicator"]: item["observations"][0]["period"] for item in answer["data"]}
    assert latest["gigabit-availability"] == "2026-01"
    assert latest["daily-internet-users"] == "2019"
    assert len(latest) == len({item["indicator"] for item in get(client, "/v1/series?region=E12000005")["data"]})


def test_latest_within_bounds(client):
    answer = get(client, "/v1/series?indicator=gigabit-availability&region=E12000005&latest=true&period_to=2024")
    assert answer["data"][0]["observations"][0]["period"] == "2024-07"
