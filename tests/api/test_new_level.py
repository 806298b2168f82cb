"""A level that a release brings is a row: everything that depends on what a level is works with it at once."""

import csv
import io

import pytest

from api import create_app
from api.settings import Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

WARDS = {f"E0500000{number}": name for number, name in enumerate(("Abbey", "Bridge", "Castle", "Dock", "East", "Ford"))}
FIRST = "E05000000"
DISTRICT = "E08000025"
VALUES = dict(zip(WARDS, (91.5, 62.0, 77.5, 62.0, 98.5, 45.0), strict=True))
TABLES = {
    "levels": "level,title,description,position,rank_order,words\n"
    'ward,Ward,Electoral wards.,9,0,"ward, wards, electoral ward, division"\n',
    "regions": "region,name,latitude,longitude\n"
    + "".join(f"{code},{name},52.{number},-1.{number}\n" for number, (code, name) in enumerate(WARDS.items())),
    "region_levels": "region,level,position\n" + "".join(f"{code},ward,1\n" for code in WARDS),
    "region_parents": "region,parent\n"
    + "".join(f"{code},{parent}\n" for code in WARDS for parent in (DISTRICT, "E12000005", "E92000001")),
    "figures": "indicator,region,period,value,status,source_file\n"
    + "".join(f"gigabit-availability,{code},2026-01,{value},A,s1\n" for code, value in VALUES.items())
    + "".join(f"level-3-qualifications,{code},2024,{value / 2},A,s1\n" for code, value in VALUES.items()),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def asked(request, tmp_path_factory):
    """A client of a service with a release that brings wards, and what publishing it said."""
    folder = tmp_path_factory.mktemp("wards")
    url = own_database(request, folder, "wards")
    app = create_app(Settings(database_url=url, downloads_path=str(folder / "downloads"), release_check_seconds=0))
    app.test_client_class = ContractClient
    for name, table in TABLES.items():
        (folder / f"{name}.csv").write_text(table, encoding="utf-8")
    given = [str(folder / f"{name}.csv") for name in TABLES]
    done = app.test_cli_runner().invoke(args=["data", "publish", *given, "--note", "Wards.", "--no-files"])
    assert done.exit_code == 0, done.output
    yield app.test_client()
    assert app.test_cli_runner().invoke(args=["data", "verify"]).exit_code == 0
    app.extensions["database"].engine.dispose()


def data_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.json
    return response.json["data"]


def test_it_is_ranked_where_its_row_says_so(asked):
    ranking = data_of(asked, "/v1/rankings/gigabit-availability")
    assert ranking["group"]["level"] == "ward"
    assert [(line["region"], line["rank"]) for line in ranking["regions"]] == [
        ("E05000004", 1), ("E05000000", 2), ("E05000002", 3), ("E05000001", 4), ("E05000003", 4), ("E05000005", 6),
    ]  # fmt: skip
    assert ranking["median"]["title"] == "median of the 6 wards"
    # Before there were wards, and where there are no figures of theirs, as ever.
    assert data_of(asked, "/v1/rankings/gigabit-availability?release=4")["group"]["level"] == "itl1"
    assert data_of(asked, "/v1/rankings/gva-per-hour")["group"]["level"] == "itl1"
    [page] = list(csv.DictReader(io.StringIO(asked.get("/v1/rankings/gigabit-availability?format=csv&limit=1").text)))
    assert (page["region_label"], page["level"]) == ("East (Ward)", "ward")


def test_it_is_compared_within_itself_and_with_what_is_around(asked):
    names = "median,uk-median,uk,parent,parent:local-authority"
    comparison = data_of(asked, f"/v1/comparisons?indicator=gigabit-availability&region={FIRST}&with={names}")
    assert (comparison["level"], comparison["rank"]["rank"], comparison["group"]["n"]) == ("ward", 2, 6)
    of = {item["id"]: item for item in comparison["benchmarks"]}
    assert of["median"]["value"] == pytest.approx((62.0 + 77.5) / 2)
    assert of["uk-median"]["n"] == 12
    assert of["parent"]["region"] == "E12000005"
    assert of["parent:local-authority"]["region"] == DISTRICT
    assert "It is the 2nd highest of the 6 wards." in comparison["statement"]


def test_a_ward_around_something_is_no_main_region(asked):
    comparison = data_of(asked, f"/v1/comparisons?indicator=gigabit-availability&region={DISTRICT}&with=parent:ward")
    assert comparison["benchmarks"][0]["reason"].endswith("lies in none of this level (Ward).")


def test_it_has_profiles_and_peers(asked):
    profile = data_of(asked, f"/v1/regions/{FIRST}/profile")
    entries = {item["indicator"]: item for part in profile["components"] for item in part["indicators"]}
    assert entries["gigabit-availability"]["group"]["level"] == "ward"
    assert entries["gigabit-availability"]["rank"]["n"] == 6
    assert profile["same_area"] is None
    peers = data_of(asked, f"/v1/regions/{FIRST}/peers?k=2")
    assert peers["group"]["level"] == "ward"
    assert [item["region"] for item in peers["peers"]] == ["E05000004", "E05000002"]


@pytest.mark.parametrize("text", ["Abbey ward", "abbey electoral ward", "Abbey Division"])
def test_it_is_found_by_what_people_call_it(asked, text):
    [first, *_] = data_of(asked, f"/v1/regions?q={text}")
    assert (first["code"], first["label"], first["match"]["kind"]) == (FIRST, "Abbey (Ward)", "name")


def test_all_of_it_is_found_by_its_words_alone(asked):
    assert {item["code"] for item in data_of(asked, "/v1/regions?q=wards")} == set(WARDS)


@pytest.mark.parametrize("word", ["wards", "Electoral-Ward", "wd"])
def test_another_word_for_it_is_told_the_one_here(asked, word):
    answer = asked.get(f"/v1/rankings/gigabit-availability?level={word}")
    assert answer.status_code == 404
    [fault] = answer.json["errors"]
    if word == "wd":  # what other services call wards, of which nobody said that it is one here
        assert "local-authority" in fault["allowed"]
    else:
        assert fault["allowed"] == ["ward"]


def test_it_is_listed_and_drawn(asked):
    [level] = [item for item in data_of(asked, "/v1/levels") if item["id"] == "ward"]
    assert (level["title"], level["regions"]) == ("Ward", 6)
    table = asked.get("/v1/regions.csv?level=ward&indicator=gigabit-availability").text
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(table))}
    assert {code: float(row["value"]) for code, row in rows.items()} == VALUES
    drawn = asked.get(f"/v1/regions.geojson?parent={DISTRICT}&level=ward&indicator=gigabit-availability").json
    assert {item["id"] for item in drawn["features"]} == set(WARDS)


def test_an_index_is_made_of_it(asked):
    body = {"indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}]}
    answer = asked.post("/v1/calculations", json={**body, "regions": {"level": "ward"}})
    assert answer.status_code == 200, answer.json
    best = min(answer.json["data"]["regions"], key=lambda item: item["rank"])
    assert best["id"] == "E05000004"
