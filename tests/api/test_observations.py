"""Observations: filters, pages, and the two formats."""

import csv
import io
import itertools

import pytest

from tests.tables import in_full, rounded

COLUMNS = [
    "indicator", "region", "region_name", "region_label", "level", "period", "period_start", "period_end",
    "value", "status", "unit", "published_region",
]  # fmt: skip
IN_TABLES_ALONE = {"region_label", "level", "period_start", "period_end"}


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json


def rows(client, query):
    return get(client, f"/v1/observations?limit=10000&{query}")["data"]


def test_a_row_is_tidy(client):
    row = rows(client, "indicator=gva-sic-j-per-head&region=E12000005&period=2023")
    assert row == [
        {
            "indicator": "gva-sic-j-per-head", "region": "E12000005", "region_name": "West Midlands", "period": "2023",
            "value": 1103.6, "status": "A", "unit": "£ per head", "published_region": "E12000005",
        }
    ]  # fmt: skip


def test_csv_says_the_same_as_json(client):
    query = "indicator=gigabit-availability,5g-area-coverage&level=itl1,combined-authority"
    json_rows = rows(client, query)
    response = client.get(f"/v1/observations.csv?limit=10000&{query}")
    assert response.content_type.startswith("text/csv; charset=utf-8")
    lines = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert list(lines[0]) == COLUMNS
    assert list(json_rows[0]) == [name for name in COLUMNS if name not in IN_TABLES_ALONE]
    assert len(lines) == len(json_rows) > 200
    for line, row in zip(lines, json_rows, strict=True):
        own = {name: cell for name, cell in line.items() if name not in IN_TABLES_ALONE}
        decimals = 2 if row["indicator"] == "5g-area-coverage" else 1
        value = rounded(row["value"], decimals)
        assert own == {**row, "value": f"{value:.{decimals}f}", "period": in_full(row["period"])}


def test_a_missing_value_is_an_empty_cell(client):
    lines = list(csv.DictReader(io.StringIO(client.get("/v1/observations.csv?status=Q").text)))
    assert lines and all(line["value"] == "" for line in lines)


def test_accept_chooses_the_format(client):
    address = "/v1/observations?indicator=population&region=K02000001&limit=2"
    as_csv = client.get(address, headers={"Accept": "text/csv"})
    assert as_csv.mimetype == "text/csv" and "Accept" in as_csv.headers["Vary"]
    as_json = client.get(address, headers={"Accept": "application/json;q=0.9, text/csv;q=0.1"})
    assert as_json.mimetype == "application/json"
    browser = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.mimetype == "application/json"


def test_the_other_format_is_linked(client):
    links = client.get("/v1/observations?indicator=population&limit=1").headers.getlist("Link")
    assert any('rel="alternate"; type="text/csv"' in link and ".csv?indicator=population" in link for link in links)


@pytest.mark.parametrize("path", ["/v1/observations", "/v1/observations.csv"])
def test_a_further_page_is_linked_in_the_headers_too(client, path):
    response = client.get(f"{path}?limit=2")
    following = next(link for link in response.headers.getlist("Link") if 'rel="next"' in link)
    assert following.startswith(f"<{path}?limit=2&release=4&cursor=")


def test_filters_narrow_one_another(client):
    both = rows(client, "component=digital-infrastructure&region=E12000005&period=2026-01")
    assert {row["indicator"] for row in both} == {
        "gigabit-availability", "5g-area-coverage", "4g-area-coverage", "premises-below-30-mbps",
    }  # fmt: skip
    assert {row["period"] for row in both} == {"2026-01"}
    children = rows(client, "indicator=gigabit-availability&parent=E47000007&level=local-authority&period=2026-01")
    assert len(children) == 7
    assert {row["region"] for row in rows(client, "indicator=population&region=TLG,E12000005&period=2023")} == {
        "E12000005"
    }


def test_the_order_of_values_does_not_matter(client):
    one = client.get("/v1/observations?region=E12000005,E12000002&indicator=population")
    other = client.get("/v1/observations?indicator=population&region=E12000002,E12000005")
    assert one.json["data"] == other.json["data"]
    assert one.headers["ETag"] == other.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("indicator=fe-ict-achievements&region=E92000001&period=2023/24", "2023-08-01/P1Y"),
        ("indicator=public-rd-expenditure&region=E12000005&period=2020/21", "2020-04-01/P1Y"),
        ("indicator=employment-soc-21&region=E47000007&period=Apr 2021-Mar 2022", "2021-04-01/P1Y"),
        ("indicator=apprenticeship-starts-rate&region=E12000005&period=2019-08/P1Y", "2019-08-01/P1Y"),
        ("indicator=enterprises-sic-j&region=E12000005&period=March 2025", "2025-03"),
    ],
)
def test_usual_spellings_of_periods(client, query, label):
    assert [row["period"] for row in rows(client, query)] == [label]


@pytest.mark.parametrize("query", ["", "&indicator=fe-ict-achievements,employment-soc-21", "&component=digital-skills"])
def test_a_year_that_means_two_things_is_refused_with_both(client, query):
    response = client.get(f"/v1/observations?period=2023/24{query}")
    assert response.status_code == 422
    fault = response.json["errors"][0]
    assert fault["code"] == "ambiguous-period" and fault["path"] == "query/period"
    assert set(fault["allowed"]) == {"2023-04-01/P1Y", "2023-08-01/P1Y"}


def test_bounds_take_in_the_whole_of_a_period(client):
    periods = {row["period"] for row in rows(client, "indicator=gigabit-availability&period_from=2024&period_to=2025")}
    assert periods == {"2024-01", "2024-07", "2025-01", "2025-07"}
    population = rows(client, "indicator=population&region=E12000005&period_from=2022&period_to=2022")
    assert [row["period"] for row in population] == ["2022"]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_put_together_are_the_whole(client, limit):
    query = (
        "indicator=gigabit-availability&level=itl1&period_from=2025"
        if limit > 1
        else "indicator=population&region=E12000005"
    )
    whole = rows(client, query)
    address, seen = f"/v1/observations?limit={limit}&{query}", []
    while address:
        page = get(client, address)
        assert len(page["data"]) <= limit
        assert page["meta"]["returned"] == len(page["data"])
        seen += page["data"]
        address = page["links"]["next"]
    assert seen == whole


def test_every_figure_is_served_once(client):
    address, keys = "/v1/observations?history=own&limit=10000", []
    while address:
        page = get(client, address)
        keys += [(row["indicator"], row["region"], row["period"]) for row in page["data"]]
        address = page["links"]["next"]
    assert len(keys) == len(set(keys)) == 54_421


def test_rows_are_ordered_by_indicator_region_and_period(client):
    found = rows(client, "component=digital-infrastructure&level=itl1")
    groups = [key for key, _ in itertools.groupby((row["indicator"], row["region"]) for row in found)]
    assert len(groups) == len(set(groups))
    for _, group in itertools.groupby(found, key=lambda row: (row["indicator"], row["region"])):
        periods = [row["period"] for row in group]
        assert periods == sorted(periods)


def test_a_release_holds_only_what_was_true_then(client):
    # The file of 12 January 2026 said 89.2 for January 2025; the current release must not.
    found = rows(client, "indicator=gigabit-availability&region=E12000005&period=2025-01")
    assert [row["value"] for row in found] == [88.2]


def test_several_sources_are_all_attributed(client):
    meta = get(client, "/v1/observations?region=E12000005&latest=true")["meta"]
    assert {"ofcom-connected-nations", "eurostat-daily-internet-users"} <= {item["id"] for item in meta["source"]}
    assert "Eurostat" in meta["attribution"] and "Ofcom" in meta["attribution"]
    assert "Eurostat reuse policy" in meta["licence"]
