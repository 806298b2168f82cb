"""Names of files, and the mark that Excel needs in front of CSV."""

import re
from dataclasses import replace

import pytest

from api.catalogue import Region
from api.http.filenames import name_of

NAMES = {
    "/v1/observations.xlsx?region=E08000027": "dudley-E08000027.xlsx",
    "/v1/observations.xlsx?indicator=gigabit-availability&level=itl1&latest=true": (
        "gigabit-availability-itl1-latest.xlsx"
    ),
    "/v1/observations.csv?region=E12000005&component=digital-skills&period_from=2020&period_to=2024": (
        "west-midlands-E12000005-digital-skills-2020-2024.csv"
    ),
    "/v1/observations.csv?indicator=population,gva-per-hour,gva-sic-j&level=local-authority": (
        "3-indicators-local-authority.csv"
    ),
    "/v1/observations.csv?indicator=population&level=itl1&release=3": "population-itl1-release-3.csv",
    "/v1/observations.csv?indicator=population&level=itl1&as_of=2026-03-01": "population-itl1-release-3.csv",
    "/v1/observations.csv?limit=5": "first-5.csv",
    "/v1/observations.parquet?period=2023-08-01/P1Y": "2023-08-01-P1Y.parquet",
    "/v1/observations?format=sdmx-csv&indicator=population&region=tlg": "west-midlands-E12000005-population.sdmx-csv",
    "/v1/observations.ndjson?region=W06000001,W06000002&period=2022,2021,2020": "2-regions-3-periods.ndjson",
    "/v1/observations.csv?parent=E12000005&indicator=fe-ict-achievements&period=2023/24&level=local-authority": (
        "in-west-midlands-E12000005-fe-ict-achievements-local-authority-2023-24.csv"
    ),
    "/v1/series.csv?indicator=population&level=uk": "population-uk.csv",
    "/v1/series/gva-per-hour/E12000005?format=xlsx": "west-midlands-E12000005-gva-per-hour.xlsx",
    "/v1/series/gva-per-hour/E12000005/projection.csv": "west-midlands-E12000005-gva-per-hour-projection.csv",
    "/v1/regions.csv?level=local-authority": "regions-local-authority.csv",
    "/v1/regions.geojson?level=itl1&indicator=population": "regions-population-itl1.geojson",
    "/v1/regions.csv?q=Ynys Môn&valid_on=any": "regions-ynys-mon-valid-on-any.csv",
    "/v1/indicators.xlsx?component=digital-skills": "indicators-digital-skills.xlsx",
    "/v1/rankings/gigabit-availability?format=csv&level=itl1": "gigabit-availability-ranking-itl1.csv",
    "/v1/indices/local-digital-capital/scores?format=csv&edition=2025": "local-digital-capital-scores-2025.csv",
    "/v1/releases/2/diff/3?format=csv&change=changed": "changes-release-2-to-3-changed.csv",
}


@pytest.mark.parametrize("address", NAMES)
def test_a_file_is_named_by_what_is_in_it(client, address):
    response = client.get(address)
    assert response.status_code == 200
    shown, name = re.fullmatch(
        r'(inline|attachment); filename="([^"]+)"', response.headers["Content-Disposition"]
    ).groups()
    assert name == NAMES[address]
    assert shown == ("attachment" if name.endswith((".xlsx", ".parquet")) else "inline")


@pytest.mark.parametrize(
    "address", ["/v1/observations?limit=1", "/v1/observations.csv-metadata.json", "/v1/catalog", "/v1/levels"]
)
def test_what_is_no_file_to_keep_has_no_name(client, address):
    assert "Content-Disposition" not in client.get(address).headers


def test_a_name_is_short_ascii_and_always_says_its_release(app):
    catalogue = app.extensions["releases"].current()
    question = type("Question", (), {"q": "Łódź / ../../etc " * 40, "component": ("a" * 300, "b" * 300)})()
    region = replace(catalogue.region("E12000005"), name="Bournemouth, Christchurch & Poole " * 9)
    assert isinstance(region, Region)
    name = name_of(
        path="/v1/regions", question=question, found={"region": region}, catalogue=catalogue, pinned=True, ending="csv"
    )
    assert re.fullmatch(r"[A-Za-z0-9-]{20,121}-release-4\.csv", name), name


def test_excel_reads_pounds_with_the_mark_alone(client):
    plain = client.get("/v1/observations.csv?indicator=gva-sic-j-per-head&limit=5")
    marked = client.get("/v1/observations.csv?indicator=gva-sic-j-per-head&limit=5&bom=true")
    assert marked.data == b"\xef\xbb\xbf" + plain.data and not plain.data.startswith(b"\xef")
    assert "£" in marked.data.decode("utf-8-sig") and "Â£" in plain.data.decode("cp1252")
    assert marked.headers["ETag"] != plain.headers["ETag"] and marked.content_type == plain.content_type
    assert client.get("/v1/observations.csv?limit=5&bom=false").data == client.get("/v1/observations.csv?limit=5").data
    by_name = client.get("/v1/observations?format=csv&indicator=gva-sic-j-per-head&limit=5&bom=true")
    asked = "/v1/observations?indicator=gva-sic-j-per-head&limit=5&bom=true"
    assert by_name.data == client.get(asked, headers={"Accept": "text/csv"}).data == marked.data


@pytest.mark.parametrize(
    "address",
    [
        "/v1/regions.csv?level=itl1",
        "/v1/indicators.csv",
        "/v1/observations.csv",
        "/v1/rankings/gigabit-availability?format=csv",
    ],
)
def test_every_csv_may_be_marked(client, address):
    marked = client.get(f"{address}{'&' if '?' in address else '?'}bom=true").data
    assert marked == b"\xef\xbb\xbf" + client.get(address).data


def test_links_to_other_formats_go_without_the_mark_and_the_next_page_with_it(client):
    links = client.get("/v1/observations.csv?indicator=population&limit=5&bom=true").headers.getlist("Link")
    following = [link for link in links if 'rel="next"' in link]
    assert len(following) == 1 and "bom=true" in following[0]
    others = [link for link in links if link not in following]
    assert len(others) == 7 and not any("bom" in link for link in others)
    for link in others:
        assert client.get(link.split(">")[0].removeprefix("<")).status_code == 200


@pytest.mark.parametrize(
    "address", ["/v1/observations", "/v1/observations.xlsx", "/v1/observations.ndjson", "/v1/regions.geojson"]
)
def test_what_is_not_csv_has_no_mark(client, address):
    refused = client.get(f"{address}?bom=true")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["path"] == "query/bom" and "Leave bom out" in refused.json["detail"]
