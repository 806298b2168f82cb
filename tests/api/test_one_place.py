"""A place is one place: under whichever of its codes it is asked for, and once in a cross-section of its level."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.settings import SEED

SHARED = ("4g-area-coverage", "5g-area-coverage", "gigabit-availability", "premises-below-30-mbps")
BARNSLEY = ("E08000016", "E08000038")


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


def read(name):
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def successions(kind):
    found = {}
    for row in read("region_successions"):
        if row["kind"] == kind:
            found.setdefault(row["predecessor"], []).append(row["successor"])
    return found


RECODED = {old: new for old, (new,) in successions("recoded").items()}


def place_of(code):
    while code in RECODED:
        code = RECODED[code]
    return code


def rows(client, query, path="observations"):
    address, found = f"/v1/{path}?limit=10000&{query}", []
    while address:
        page = get(client, address)
        found += page["data"]
        address = page["links"]["next"]
    return found


def current(client, level):
    address, found = f"/v1/regions?limit=500&level={level}", set()
    while address:
        page = get(client, address)
        found |= {item["code"] for item in page["data"]}
        address = page["links"]["next"]
    return found


# One place under all its codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["observations", "series"])
@pytest.mark.parametrize("old", ["E08000016", "E08000020", "S12000043", "S12000046", "TLC11", "UKD1"])
def test_a_list_is_the_same_under_either_code(client, path, old):
    found = [rows(client, f"region={code}", path) for code in (old, place_of(old), f"{old},{place_of(old)}")]
    assert found[0] == found[1] == found[2] != []
    assert {item["region"] for item in found[0]} == {place_of(old)}


def test_there_is_one_latest_value(client):
    for indicator in SHARED:
        [row] = rows(client, f"indicator={indicator}&region={','.join(BARNSLEY)}&latest=true")
        assert (row["region"], row["published_region"], row["period"]) == ("E08000038", "E08000038", "2026-01")
    [row] = rows(client, f"indicator={SHARED[0]}&region=E08000038&latest=true&period_to=2024")
    assert (row["published_region"], row["period"]) == ("E08000016", "2024-09")
    [row] = rows(client, f"indicator={SHARED[0]}&region=E08000016&latest=true&period=2024-09,2025-01,2025-07")
    assert (row["published_region"], row["period"]) == ("E08000038", "2025-07")


def test_of_a_period_that_two_codes_have_the_newer_ones_is_taken(client):
    for place in (BARNSLEY, ("E08000019", "E08000039")):
        for indicator in SHARED:
            found = rows(client, f"indicator={indicator}&region={place[0]}&period=2025-01,2025-07")
            assert [(row["period"], row["published_region"]) for row in found] == [
                ("2025-01", place[1]), ("2025-07", place[1]),
            ]  # fmt: skip
            own = rows(client, f"indicator={indicator}&region={','.join(place)}&period=2025-01,2025-07&history=own")
            assert [row["region"] for row in own] == [place[0], place[0], place[1], place[1]]


def test_linked_holds_every_figure_once_and_own_every_code(client):
    own, linked = rows(client, "history=own"), rows(client, "")
    assert all(row["region"] == row["published_region"] for row in own)
    keys = [(row["indicator"], row["region"], row["period"]) for row in linked]
    assert len(set(keys)) == len(keys) == 54_405
    by_code = {(row["indicator"], row["published_region"], row["period"]): row for row in own}
    assert len(by_code) == len(own) == 54_421
    for row in linked:
        published = by_code.pop((row["indicator"], row["published_region"], row["period"]))
        assert (published["value"], published["status"]) == (row["value"], row["status"])
        assert place_of(row["published_region"]) == row["region"]
    assert {(key[0], key[1]) for key in by_code} == {
        (slug, code) for slug in SHARED for code in ("E08000016", "E08000019")
    }
    assert {key[2] for key in by_code} == {"2025-01", "2025-07"}


def test_a_places_rows_stand_together_in_the_order_of_time(client):
    found = rows(client, "component=digital-infrastructure&level=local-authority")
    seen, before = set(), None
    for row in found:
        key = (row["indicator"], row["region"])
        if before is not None and before[0] == key:
            assert row["period"] > before[1]
        else:
            assert key not in seen
            seen.add(key)
        before = (key, row["period"])


def test_a_list_of_series_has_one_item_a_place(client):
    data = get(client, "/v1/series?indicator=total-exports&level=itl3&limit=10000")["data"]
    codes = [item["region"] for item in data]
    assert len(codes) == len(set(codes)) and "TLC14" not in codes
    durham = next(item for item in data if item["region"] == "TLC41")
    assert {point["region"] for point in durham["observations"]} == {"TLC14", "TLC41"}
    periods = [point["period"] for point in durham["observations"]]
    assert periods == sorted(set(periods))


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    limit=st.integers(1, 40),
    query=st.sampled_from(
        [
            "indicator=gigabit-availability&region=E08000016,E08000019,E12000005",
            "indicator=gigabit-availability,4g-area-coverage&parent=E47000002",
            "indicator=gigabit-availability&region=E08000038&history=own",
            "region=TLC41&indicator=total-exports,ict-service-exports,inward-fdi-stock",
            "indicator=gigabit-availability&parent=E12000003&level=local-authority&latest=true",
            "indicator=active-businesses&parent=E12000002&level=local-authority&latest=true",
        ]
    ),
)
@pytest.mark.parametrize("path", ["observations", "series"])
def test_pages_through_places_put_together_are_the_whole(client, path, limit, query):
    whole = get(client, f"/v1/{path}?limit=10000&{query}")["data"]
    address, found, continues = f"/v1/{path}?limit={limit}&{query}", [], False
    while address:
        page = get(client, address)
        explained = get(client, f"{address}&explain=true")["data"] if not found else None
        for place, item in enumerate(page["data"]):
            if place == 0 and continues and found[-1]["region"] == item["region"]:
                found[-1]["observations"] += item["observations"]
                found[-1]["continues"] = item["continues"]
            else:
                found.append(item)
        continues = path == "series" and page["data"][-1]["continues"]
        address = page["links"]["next"]
        if explained is not None:
            assert explained["rows"] == sum(len(item.get("observations", [0])) for item in whole)
    assert len(found) == len(whole)
    for one, other in zip(found, whole, strict=True):
        assert {**one, "continues": None} == {**other, "continues": None}


def test_children_of_a_place_are_found_under_all_their_codes(client):
    found = rows(client, "indicator=gva-per-hour&parent=E47000002&latest=true")
    assert ("E08000038", "E08000016") in {(row["region"], row["published_region"]) for row in found}


def test_the_differences_of_releases_are_told_of_every_code(client):
    found = [get(client, f"/v1/releases/1/diff/4?indicator=gigabit-availability&region={code}") for code in BARNSLEY]
    assert found[0]["data"] == found[1]["data"]
    assert {row["region"] for row in found[0]["data"]} == set(BARNSLEY)


def test_coverage_counts_places(client):
    covered = get(client, "/v1/indicators/gigabit-availability/availability")["data"]
    [councils] = [item["periods"] for item in covered["levels"] if item["level"] == "local-authority"]
    counts = {item["period"]: item["regions"] for item in councils}
    assert counts["2025-01"] == len(rows(client, "indicator=gigabit-availability&level=local-authority&period=2025-01"))


def test_a_region_and_the_other_area_of_the_same_land_know_each_other(client):
    assert get(client, "/v1/regions/E08000027")["data"]["same_area"][0]["code"] == "TLG36"
    assert get(client, "/v1/regions/TLG36")["data"]["same_area"][0]["levels"] == ["local-authority"]
    assert get(client, "/v1/regions/E12000005")["data"]["same_area"] == []
    answer = get(client, "/v1/observations?indicator=total-exports&region=E08000027")
    assert "the same land, TLG36" in answer["meta"]["detail"]
    assert get(client, answer["meta"]["nearest"])["data"]


@pytest.mark.parametrize(("old", "new"), [("TLC11", "TLC31"), ("TLC12", "TLC32")])
def test_what_lies_within_a_place_lies_within_it_under_either_code(client, old, new):
    within = [get(client, f"/v1/regions/{code}/children")["data"] for code in (old, new)]
    assert within[0] == within[1] != []
    assert get(client, f"/v1/regions?parent={old}")["data"] == get(client, f"/v1/regions?parent={new}")["data"]


# Cross-sections ------------------------------------------------------------------------------------------------------


def test_broadband_of_councils_is_of_councils_of_today(client):
    answer = get(client, "/v1/observations?indicator=gigabit-availability&level=local-authority&latest=true")
    codes = [row["region"] for row in answer["data"]]
    assert len(codes) == len(set(codes)) == 361 and set(codes) == current(client, "local-authority")
    lowest = min(answer["data"], key=lambda row: row["value"])
    assert lowest["region_name"] != "Copeland" and lowest["region"] in current(client, "local-authority")
    left = {item["region"]: item for item in answer["meta"]["left_out"]}
    assert len(left) == answer["meta"]["left_out_count"] == 17
    assert (left["E07000029"]["region_name"], left["E07000029"]["successors"]) == ("Copeland", ["E06000063"])
    assert "E06000063 (Cumberland)" in left["E07000029"]["detail"]
    everything = rows(client, "indicator=gigabit-availability&level=local-authority&latest=true&valid_on=any")
    assert len(everything) == 361 + 17
    assert (
        len(rows(client, "indicator=gigabit-availability&level=local-authority&latest=true&valid_on=any&history=own"))
        == 380
    )


def test_parts_sum_to_the_whole(client):
    whole = rows(client, "indicator=active-businesses&region=K02000001&latest=true")[0]["value"]
    parts = rows(client, "indicator=active-businesses&level=local-authority&latest=true")
    assert len(parts) == 361 and sum(row["value"] for row in parts) == whole == 2_859_535


def test_exports_of_areas_are_of_areas_of_today(client):
    found = rows(client, "indicator=total-exports&level=itl3&latest=true")
    codes = {row["region"] for row in found}
    # Five areas of Scotland are left out though TLM20, which came after them, has no figure; four of today have none.
    assert codes <= current(client, "itl3")
    answer = get(client, "/v1/observations?indicator=total-exports&level=itl3&latest=true")
    left = {item["region"]: item for item in answer["meta"]["left_out"]}
    assert {"TLM61", "TLM62", "TLM64", "TLM65", "TLM66"} <= left.keys()
    assert (left["TLM61"]["reason"], left["TLM61"]["successors"]) == ("ended", [])
    assert current(client, "itl3") - codes == {"TLE33", "TLH61", "TLM20", "TLN0C"}
    assert len(found) == len(codes) == 178


@pytest.mark.parametrize("level", ["local-authority", "county", "combined-authority", "itl2", "itl3", "nuts2"])
def test_no_code_stands_beside_one_that_came_after_it(client, level):
    after = {code: [*codes] for code, codes in successions("reorganised").items()}
    for old, new in RECODED.items():
        after.setdefault(old, []).append(new)

    def later(code):
        found, waiting = set(), [code]
        while waiting:
            for item in after.get(waiting.pop(), ()):
                if item not in found:
                    found.add(item)
                    waiting.append(item)
        return found

    found = rows(client, f"level={level}&latest=true")
    having = {}
    for row in rows(client, "latest=true"):
        having.setdefault(row["indicator"], set()).add(row["published_region"])
    assert found or level == "combined-authority"
    for row in found:
        own = {code for code in later(row["published_region"]) if place_of(code) == row["region"]}
        assert not (later(row["published_region"]) - own) & having[row["indicator"]], row
    keys = [(row["indicator"], row["region"]) for row in found]
    assert len(keys) == len(set(keys))


def test_of_one_period_too_those_are_left_out_that_others_replaced_in_it(client):
    for spelt in ("period=2024-01", "period_from=2024-01&period_to=2024-01"):
        found = rows(client, f"indicator=gigabit-availability&level=local-authority&{spelt}")
        codes = {row["region"] for row in found}
        assert "E06000063" in codes and not {"E07000026", "E07000028", "E07000029"} & codes
    # Before Cumberland, its districts stand for it; latest values are those of the places of today.
    survival = "/v1/observations?indicator=three-year-survival&level=local-authority&limit=10000"
    period = get(client, "/v1/indicators/three-year-survival")["data"]["latest_period"]
    districts = {"E07000026", "E07000028", "E07000029"}
    codes = {row["region"] for row in get(client, f"{survival}&period={period}")["data"]}
    assert districts <= codes and "E06000063" not in codes
    assert not districts & {row["region"] for row in get(client, f"{survival}&latest=true")["data"]}
    # Several periods are no cross-section.
    several = rows(client, "indicator=gigabit-availability&level=local-authority&period=2023-09,2026-01")
    assert "E07000026" in {row["region"] for row in several}


def test_several_indicators_are_narrowed_each_by_itself(client):
    answer = get(
        client,
        "/v1/series?indicator=three-year-survival,gigabit-availability&level=local-authority&latest=true&limit=10000",
    )
    allerdale = [item["indicator"] for item in answer["data"] if item["region"] == "E07000026"]
    assert allerdale == []
    left = {item["region"]: item["indicators"] for item in answer["meta"]["left_out"]}
    assert left["E07000026"] == ["gigabit-availability", "three-year-survival"]


def test_codes_of_a_day(client):
    query = "indicator=gigabit-availability&level=local-authority&latest=true"
    before = {row["region"] for row in rows(client, f"{query}&valid_on=2022-12-31")}
    assert "E07000026" in before and "E06000063" not in before and "E08000038" in before
    own = {row["region"] for row in rows(client, f"{query}&valid_on=2022-12-31&history=own")}
    assert "E08000016" in own and "E08000038" not in own
    nothing = get(client, "/v1/observations?region=E06000063&valid_on=2000-01-01")
    assert nothing["data"] == [] and "valid_on" in nothing["meta"]["detail"]
    assert get(client, nothing["meta"]["nearest"])["data"]


def test_who_is_named_is_answered(client):
    found = rows(client, "indicator=gigabit-availability&region=E07000029&level=local-authority&latest=true")
    assert [row["region_name"] for row in found] == ["Copeland"]


def test_tables_hold_the_same_places_as_rankings(client):
    ranking = get(client, "/v1/rankings/gigabit-availability?level=local-authority&period=2023-09")["data"]
    table = rows(client, "indicator=gigabit-availability&level=local-authority&period=2023-09")
    assert {row["region"] for row in ranking["regions"]} == {row["region"] for row in table}
    barnsley = next(row for row in ranking["regions"] if row["region"] == "E08000038")
    assert barnsley["published_region"] == "E08000016"


def test_a_level_has_what_its_regions_had_under_codes_of_another(client):
    table = rows(client, "indicator=ukri-funding&level=itl2&latest=true")
    assert {row["published_region"][:2] for row in table} == {"UK"} and {row["region"][:2] for row in table} == {"TL"}
    meta = get(client, "/v1/rankings/ukri-funding?level=itl2")["meta"]
    assert meta["reason"] == "not-comparable"


# Maps ----------------------------------------------------------------------------------------------------------------


def test_a_map_has_the_value_of_every_place(client):
    answer = client.get("/v1/regions.geojson?level=local-authority&indicator=gva-per-hour").json
    found = {item["id"]: item["properties"] for item in answer["features"]}
    for new, old in (("E08000038", "E08000016"), ("E08000039", "E08000019")):
        own = rows(client, f"indicator=gva-per-hour&region={old}&history=own&latest=true")[0]
        assert (found[new]["value"], found[new]["period"]) == (own["value"], own["period"])
        assert found[new]["published_region"] == old
    assert found["E08000025"]["published_region"] == "E08000025"


def test_a_list_of_regions_names_who_is_no_more(client):
    meta = get(client, "/v1/regions?level=local-authority&indicator=gigabit-availability&limit=1")["meta"]
    left = {item["region"]: item for item in meta["left_out"]}
    assert left["E07000029"]["successors"] == ["E06000063"] and meta["left_out_count"] == len(left) == 17
    assert not set(BARNSLEY) & left.keys()
    every = get(client, "/v1/regions?level=local-authority&indicator=gigabit-availability&limit=1&valid_on=any")["meta"]
    assert "left_out" not in every


def test_a_map_and_a_workbook_name_who_is_no_more(client):
    question = "level=local-authority&indicator=gigabit-availability"
    answer = client.get(f"/v1/regions.geojson?{question}").json
    assert answer["left_out_count"] == len(answer["left_out"]) == 17
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/observations.xlsx?{question}&latest=true").data))
    assert any("Copeland (E07000029)" in str(cell.value) for cell in book["Cover"]["A"])


def test_what_others_printed_is_found_under_either_code(client):
    found = [get(client, f"/v1/published-figures?region={code}")["data"] for code in BARNSLEY]
    assert found[0] == found[1]


def test_a_table_without_meta_names_them_in_a_link(client):
    query = "indicator=gigabit-availability&level=local-authority&latest=true"
    response = client.get(f"/v1/observations.csv?{query}")
    [link] = [link for link in response.headers.getlist("Link") if "left out" in link]
    assert "17 regions" in link and "valid_on=any" in link
    address = link.split("<")[1].split(">")[0]
    assert len(list(csv.DictReader(io.StringIO(client.get(address).text)))) == 361 + 17
