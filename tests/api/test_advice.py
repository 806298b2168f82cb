"""Advice goes by meaning before spelling, names no place of another kind, and works at once."""

import pytest

from api import synonyms
from tests.contract_client import document

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def faults(client, address, status=422, **options):
    response = client.get(address, **options)
    assert response.status_code == status, response.text
    return response.json["errors"]


@pytest.mark.parametrize(
    ("name", "value", "meant", "written"),
    [
        ("startPeriod", "2020", ["period_from"], "period_from=2020"),
        ("from", "2020", ["period_from"], "period_from=2020"),
        ("since", "2020-01", ["period_from"], "period_from=2020-01"),
        ("date_from", "2020", ["period_from"], "period_from=2020"),
        ("endPeriod", "2021", ["period_to"], "period_to=2021"),
        ("to", "2021", ["period_to"], "period_to=2021"),
        ("until", "2021", ["period_to"], "period_to=2021"),
        ("date", "2021", ["period"], "period=2021"),
        ("year", "2021", ["period"], "period=2021"),
        ("time_period", "2021-22", ["period"], "period=2021-22"),
        ("TIME", "2021", ["period"], "period=2021"),
        ("mrv", "1", ["latest"], "latest=true"),
        ("lastNObservations", "1", ["latest"], "latest=true"),
        ("mrv", "3", ["latest"], None),
        ("area", "E12000005", ["region"], "region=E12000005"),
        ("type", "itl1", ["level"], "level=itl1"),
        ("geography", "region", ["level"], "level=itl1"),
        ("type", "csv", ["format"], "format=csv"),
        ("geo", "UKG", ["region"], "region=UKG"),
        ("area_code", "E12000005", ["region"], "region=E12000005"),
        ("gss", "E12000005", ["region"], "region=E12000005"),
        ("measure", "gdp", ["indicator"], None),
        ("dataset", "cpih", ["indicator"], None),
        ("geographicLevel", "Regional", ["level"], None),
        ("geographyLevel", "utla", ["level"], "level=county,local-authority"),
        ("AreaTypeId", "102", ["level"], None),
        ("per_page", "5", ["limit"], "limit=5"),
        ("$top", "5", ["limit"], "limit=5"),
        ("rows", "5", ["limit"], "limit=5"),
        ("offset", "10", ["cursor"], None),
        ("page", "2", ["cursor"], None),
        ("output", "excel", ["format"], "format=xlsx"),
        ("$format", "json", ["format"], "format=json"),
        ("theme", "skills", ["component"], None),
        ("obs_status", "A", ["status"], None),
        ("periodFrom", "2020", ["period_from"], "period_from=2020"),
        ("Indicator", "population", ["indicator"], "indicator=population"),
        ("amp;level", "itl1", ["level"], "level=itl1"),
        ("indicatr", "population", ["indicator"], "indicator=population"),
    ],
)
def test_a_parameter_of_another_service(client, name, value, meant, written):
    (fault,) = faults(client, "/v1/observations", query_string={name: value})
    assert (fault["code"], fault["path"], fault["allowed"]) == ("unknown-parameter", f"query/{name}", meant)
    assert f"Did you mean {meant[0]}?" in fault["message"]
    if written is None:
        assert "Write" not in fault["message"]
    else:
        assert f"Write {written}." in fault["message"]
        other = "" if written.startswith("limit") else "&indicator=apprenticeship-starts-rate&limit=1"
        if not written.startswith("indicator"):
            assert client.get(f"/v1/observations?{written}{other}").status_code == 200


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/v1/regions?date=2024-01-01", ["valid_on"]),
        ("/v1/regions?name=leeds", ["q"]),
        ("/v1/regions?region=E12000005", None),
        ("/v1/indicators?search=broadband", ["q"]),
        ("/v1/series/gva-per-hour/E12000005?year=2020", ["period_from", "period_to"]),
        ("/v1/indices/local-digital-capital/scores?year=2023", ["edition"]),
        ("/v1/comparisons?indicator=gva-sic-j&region=E12000005&compare=uk", ["with"]),
        ("/v1/comparisons?region=E12000005&measure=gva-sic-j", ["indicator"]),
        ("/v1/regions/E12000005/peers?limit=3", None),
        ("/v1/regions/E12000005/peers?n=3", ["k"]),
        ("/v1/releases?page=2", ["cursor"]),
        ("/v1/levels?date=2024-01-01", ["as_of"]),
        ("/v1/rankings/gva-per-hour?geography=itl1", ["level"]),
        ("/v1/regions?search=city", ["q"]),
        ("/v1/observations?sort=total", []),
        (f"/v1/observations?mrv={'9' * 5_000}", ["latest"]),
    ],
)
def test_what_is_meant_is_a_parameter_of_the_operation(client, address, meant):
    (fault,) = faults(client, address)
    assert fault["code"] == "unknown-parameter"
    if meant:
        assert fault["allowed"] == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("api_key", "needs no key"),
        ("key", "needs no key"),
        ("callback", "CORS"),
        ("lang", "English"),
        ("sort", "order is fixed"),
        ("fields", "all its columns"),
        ("search", "/v1/regions?q="),
    ],
)
def test_what_there_is_no_parameter_for_is_told_in_a_sentence(client, name, said):
    (fault,) = faults(client, f"/v1/observations?{name}=x")
    assert said in fault["message"] and fault["allowed"] == []


def test_a_word_with_a_meaning_is_never_answered_by_its_letters(client):
    """`from` is near `format` by letters, `to` near `q` by none: where an operation has no such thing, it says so."""
    (fault,) = faults(client, "/v1/regions?from=2020")
    assert "Did you mean" not in fault["message"] and "Known here" in fault["message"]


def test_a_year_means_no_release(client):
    (fault,) = faults(client, "/v1/regions/E12000005/profile?year=2022")
    assert "/v1/series" in fault["message"] and fault["allowed"] == []


def test_synonyms_mean_parameters_that_there_are():
    shared = document()["components"]["parameters"].values()
    known = {part["name"] for part in shared} | {
        part["name"]
        for item in document()["paths"].values()
        for operation in item.values()
        for part in operation.get("parameters", [])
        if "name" in part
    }
    for word, meaning in synonyms.PARAMETERS.items():
        assert {name for names in meaning.words for name in names} <= known, word
        assert meaning.words or meaning.otherwise, word
        for sentence in filter(None, (meaning.note, meaning.otherwise)):
            assert sentence.endswith("."), sentence


def test_synonyms_mean_levels_that_there_are(client):
    known = {item["id"] for item in client.get("/v1/levels").json["data"]}
    for word, meaning in synonyms.LEVELS.items():
        assert meaning.among(known), word
        assert word not in {synonyms.fold(level) for level in known}, word


@pytest.mark.parametrize(
    ("word", "allowed", "said"),
    [
        ("utla", ["county", "local-authority"], "level=county,local-authority"),
        ("ltla", ["local-authority"], ""),
        ("LAD", ["local-authority"], ""),
        ("la", ["local-authority"], ""),
        ("Local Authority", ["local-authority"], ""),
        ("region", ["itl1"], "ITL 1 regions"),
        ("regions", ["itl1"], ""),
        ("rgn", ["itl1"], ""),
        ("gor", ["itl1"], ""),
        ("nuts1", ["itl1"], ""),
        ("itl 1", ["itl1"], ""),
        ("ITL-2", ["itl2"], ""),
        ("nuts3", ["itl3"], "NUTS 3 is not served"),
        ("ctry", ["country"], ""),
        ("cauth", ["combined-authority"], ""),
        ("mca", ["combined-authority"], ""),
        ("combined_authority", ["combined-authority"], ""),
        ("LEP", ["combined-authority"], "not served"),
        ("msoa", ["local-authority"], "is not served"),
        ("lsoa", ["local-authority"], "is not served"),
        ("ward", ["local-authority"], "is not served"),
        ("pcon", ["local-authority"], "is not served"),
        ("england", ["country"], "region=E92000001"),
        ("Northern Ireland", ["country"], "parent=N92000002"),
        ("conuty", ["county", "country"], ""),
    ],
)
def test_a_level_of_another_service(client, word, allowed, said):
    (fault,) = faults(client, "/v1/observations", 404, query_string={"level": word})
    assert (fault["code"], fault["allowed"]) == ("unknown-id", allowed)
    assert said in fault["message"]
    assert client.get(f"/v1/regions?level={','.join(fault['allowed'])}&limit=1").status_code == 200


@pytest.mark.parametrize("word", ["uk", "UK", "Country", "NUTS2", "County"])
def test_a_level_in_any_case(client, word):
    assert client.get(f"/v1/regions?level={word}&valid_on=any&limit=1").status_code == 200


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("E1200005", ["E12000005"]),
        ("E120000005", ["E12000005"]),
        ("E21000005", []),
        ("E06000099", []),
        ("E07009999", []),
        ("E08000052", ["E08000025"]),
        ("E08000099", []),
        ("S99999999", []),
        ("UKX99", []),
        ("TLZ", []),
    ],
)
def test_a_code_is_near_none_of_another_kind(client, code, allowed):
    for address, path in ((f"/v1/regions/{code}", "path"), (f"/v1/observations?region={code}", "query")):
        (fault,) = faults(client, address, 404)
        assert (fault["path"], fault["allowed"]) == (f"{path}/region", allowed)
        if not allowed:
            assert "/v1/regions?valid_on=any" in fault["message"] and "q=" in fault["message"]


@pytest.mark.parametrize(
    ("name", "code"), [("Leeds", "E08000035"), ("Birmigham", "E08000025"), ("west midlands", "E12000005")]
)
def test_a_name_in_place_of_a_code_names_the_places_called_so(client, name, code):
    (fault,) = faults(client, f"/v1/observations?region={name}", 404)
    assert code in fault["allowed"]
    assert f"{code} (" in fault["message"]


def test_an_indicator_goes_by_its_words_before_its_letters(client):
    (fault,) = faults(client, "/v1/observations?indicator=broadband", 404)
    assert "gigabit-availability" in fault["allowed"]
    (fault,) = faults(client, "/v1/observations?indicator=4g", 404)
    assert fault["allowed"][0] == "4g-area-coverage"
    (fault,) = faults(client, "/v1/observations?indicator=gigabit-availabilty", 404)
    assert fault["allowed"][0] == "gigabit-availability"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("region=all", 404, "For all of them, leave it out."),
        ("indicator=*", 404, "For all of them, leave it out."),
        ("level=all", 404, "For all of them, leave it out."),
        ("component=any", 404, "For all of them, leave it out."),
        ("period=all", 422, "for all of them, leave it out"),
        ("period=latest", 422, "latest=true"),
        ("period=2020:2023", 422, "period_from=2020&period_to=2023"),
        ("period=2020-2023", 422, "period_from=2020&period_to=2023"),
        ("period=2020-Q1..2021-Q4", 422, "period_from=2020-Q1&period_to=2021-Q4"),
        ('indicator=["gva-sic-j","population"]', 422, "gva-sic-j,population"),
        ("indicator=gva-sic-j|population", 422, "gva-sic-j,population"),
        ("region=E12000005;E12000002", 422, "E12000005,E12000002"),
        ("region=E12000005%2BE12000002", 422, "E12000005,E12000002"),
    ],
)
def test_values_of_another_service(client, query, status, said):
    (fault,) = faults(client, f"/v1/observations?{query}", status)
    assert said in fault["message"] and fault["allowed"] == []


def test_a_word_that_many_begin_with_leads_to_all_of_them(client):
    (fault,) = faults(client, "/v1/indicators?source=ons", 404)
    assert len(fault["allowed"]) > 5 and all(item.startswith("ons-") for item in fault["allowed"])


def test_a_level_is_compared_with_as_a_parent(client):
    address = "/v1/comparisons?indicator=gva-sic-j&region=E08000025&with="
    (fault,) = faults(client, f"{address}itl1")
    assert fault["allowed"] == ["parent:itl1"]
    assert client.get(f"{address}{fault['allowed'][0]}").status_code == 200


OF_PLACE = "/v1/observations.xlsx?region=E12000005&latest=true"


@pytest.mark.parametrize(
    ("address", "status", "working"),
    [
        ("/v1/regions/E12000005/profile.xlsx", 404, OF_PLACE),
        ("/v1/regions/E12000005/profile?format=xlsx", 422, OF_PLACE),
        ("/v1/regions/E12000005/profile?output=excel", 422, OF_PLACE),
        ("/v1/regions/E12000005/profile.xlsx?release=3", 404, f"{OF_PLACE}&release=3"),
        ("/v1/regions/E12000005/peers.csv", 404, "/v1/observations.csv?region=E12000005&latest=true"),
        ("/v1/regions/E12000005.csv", 404, "/v1/regions.csv?q=E12000005&valid_on=any"),
        ("/v1/regions/E12000005/children?format=geojson", 422, "/v1/regions.geojson?parent=E12000005"),
        (
            "/v1/comparisons.csv?indicator=gva-sic-j&region=E12000005",
            404,
            "/v1/observations.csv?indicator=gva-sic-j&region=E12000005",
        ),
        ("/v1/series/gva-per-hour/E12000005.csv", 404, "/v1/series/gva-per-hour/E12000005?format=csv"),
        (
            "/v1/series/gva-per-hour/E12000005.xlsx?period_from=2020",
            404,
            "/v1/series/gva-per-hour/E12000005?period_from=2020&format=xlsx",
        ),
        ("/v1/indices/local-digital-capital.csv", 404, "/v1/indices/local-digital-capital/scores?format=csv"),
        ("/v1/indices/local-digital-capital/scores.csv", 404, "/v1/indices/local-digital-capital/scores?format=csv"),
        ("/v1/rankings/gva-per-hour.csv?level=itl1", 404, "/v1/rankings/gva-per-hour?level=itl1&format=csv"),
        ("/v1/rankings/gva-per-hour.json-stat", 404, "/v1/observations.json-stat?indicator=gva-per-hour&latest=true"),
        ("/v1/releases/2/diff/3.csv", 404, "/v1/releases/2/diff/3?format=csv"),
        ("/v1/releases/3.csv", 404, "/v1/releases/3/download.csv"),
        ("/v1/releases/latest/download.xlsx", 404, "/v1/releases/latest/download.csv"),
        ("/v1/indicators/gva-per-hour.csv", 404, "/v1/indicators.csv?q=gva-per-hour"),
        ("/v1/components/digital-skills.csv", 404, "/v1/indicators.csv?component=digital-skills"),
        ("/v1/levels.csv", 404, "/v1/regions.csv"),
        ("/v1/config?format=json", 422, "/v1/config"),
        ("/v1/regions/E12000005/profile.html", 404, "/v1/regions/E12000005/profile"),
        ("/v1/catalog.ttl", 404, "/v1/catalog"),
        ("/v1/observations.xls?level=itl1", 404, "/v1/observations.xlsx?level=itl1"),
        ("/v1/observations.CSV?level=itl1", 404, "/v1/observations.csv?level=itl1"),
        ("/v1/observations.csv?format=json&level=itl1&limit=1", 422, "/v1/observations.json?level=itl1&limit=1"),
    ],
)
def test_a_format_that_is_not_here_is_had_at_an_address_that_works(client, address, status, working):
    (fault,) = faults(client, address, status)
    assert fault["allowed"][0] == working
    assert working in fault["message"]
    assert client.get(working).status_code == 200


@pytest.mark.parametrize(
    ("address", "accept", "working"),
    [
        ("/v1/regions/E12000005/profile", WORKBOOK, OF_PLACE),
        ("/v1/regions/E12000005/profile", "application/vnd.ms-excel", OF_PLACE),
        ("/v1/regions/E12000005", "text/csv", "/v1/regions.csv?q=E12000005&valid_on=any"),
        ("/v1/rankings/gva-per-hour", "application/geo+json", None),
        ("/v1/levels", "image/png", None),
    ],
)
def test_so_is_one_that_accept_asks_for(client, address, accept, working):
    found = faults(client, address, 406, headers={"Accept": accept})
    assert found[0]["code"] == "not-acceptable" and "application/json" in found[0]["allowed"]
    if working:
        assert (found[1]["code"], found[1]["path"], found[1]["allowed"]) == (
            "served-elsewhere",
            "header/Accept",
            [working],
        )
        assert client.get(working).status_code == 200


def test_so_is_one_that_an_operation_with_formats_does_not_have(client):
    wrong, elsewhere = faults(client, "/v1/rankings/gva-per-hour?format=json-stat&level=itl1")
    assert wrong["allowed"] == ["json", "csv", "csvw", "xlsx", "parquet"]
    assert elsewhere["allowed"] == ["/v1/observations.json-stat?indicator=gva-per-hour&latest=true&level=itl1"]
    wrong, elsewhere = faults(client, "/v1/observations?format=excel&level=itl1")
    assert "Did you mean xlsx?" in wrong["message"]
    assert elsewhere["allowed"] == ["/v1/observations.xlsx?level=itl1"]


def test_a_computation_has_one_format(client):
    response = client.post("/v1/calculations?format=csv", json={})
    assert response.status_code == 422
    assert "JSON" in response.json["detail"]


def test_where_no_table_holds_it_the_formats_that_there_are_are_named(client):
    (fault,) = faults(client, "/v1/published-figures.csv?region=E47000007", 404)
    assert fault["allowed"] == ["/v1/published-figures?region=E47000007"]
    assert "served as json" in fault["message"]
